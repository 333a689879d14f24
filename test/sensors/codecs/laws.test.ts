import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analogue } from '../../../sensors/codecs/analogue.js';
import { grbl } from '../../../sensors/codecs/grbl.js';
import { type Hmr2300Message, hmr2300 } from '../../../sensors/codecs/hmr2300.js';
import { lakeshore425, lakeshoreF71 } from '../../../sensors/codecs/lakeshore.js';
import { magelement } from '../../../sensors/codecs/magelement.js';
import { marlin } from '../../../sensors/codecs/marlin.js';
import { qtfmGen1, qtfmGen2 } from '../../../sensors/codecs/qtfm.js';
import { qzfm } from '../../../sensors/codecs/qzfm.js';
import { scpi } from '../../../sensors/codecs/scpi.js';
import { textLine } from '../../../sensors/codecs/textLine.js';
import { twinleafSerial, twinleafTcp } from '../../../sensors/codecs/twinleaf/codec.js';
import {
  byte,
  character,
  count,
  errors,
  f71Command,
  gen1,
  gen2,
  grblCommand,
  grblMessage,
  hmrCommand,
  kind,
  line,
  m425Command,
  magMessage,
  marlinCommand,
  marlinMessage,
  packet,
  path,
  phrase,
  qzfmCommand,
  qzfmMessage,
  record,
  reply,
  sample,
  scpiMessage,
  TEXT_FORMS,
  textMessage,
  VOLTS,
  volts,
  word,
} from './messages.js';
import { bytes, decoded, pieces, roundTrips, survivesGarbage } from './support.js';

describe('what is said is what is heard, in chunks of any size', () => {
  const both = (laws: ReturnType<typeof roundTrips>) => {
    laws.messages();
    laws.commands();
  };
  it('GRBL', () => both(roundTrips(grbl, grblMessage, grblCommand)));
  it('Marlin', () => both(roundTrips(marlin, marlinMessage, marlinCommand)));
  it('HMR2300, ASCII', () => both(roundTrips(hmr2300('ascii'), fc.oneof(sample, reply), hmrCommand)));
  it('HMR2300, binary (three frames or more)', () => {
    // Slow fields: of other ones no reader can tell where a frame begins that has a carriage return in it.
    const slow = fc
      .tuple(count, count, count, fc.array(fc.tuple(byte, byte, byte), { minLength: 5, maxLength: 12 }))
      .map(([x, y, z, steps]): Hmr2300Message[] =>
        steps.map(([a, b, c]) => ({
          kind: 'sample',
          counts: [x, y, z].map((v, i) => Math.min(30_000, v + ([a, b, c][i] >> 5))) as [number, number, number],
        })),
      );
    const codec = hmr2300('binary');
    fc.assert(
      fc.property(slow, pieces, (messages, lengths) => {
        const stream = messages.flatMap(message => [...codec.encodeMessage(message)]);
        expect(decoded(codec.decoder(), Uint8Array.from(stream), lengths)).toEqual(messages);
      }),
      { numRuns: 300, seed: 8 },
    );
  });
  it('QZFM', () => both(roundTrips(qzfm, qzfmMessage, qzfmCommand)));
  it('QTFM, generation 1', () => both(roundTrips(qtfmGen1, gen1, character)));
  it('QTFM, generation 2', () => both(roundTrips(qtfmGen2, gen2, character)));
  it('SCPI', () => {
    const query = record({ kind: kind('query'), text: phrase.map(text => `${text}?`) });
    both(roundTrips(scpi, scpiMessage, fc.oneof(record({ kind: kind('command'), text: phrase }), query)));
  });
  it('Lake Shore', () => {
    const overload = record({ kind: kind('numbers'), values: fc.constant([Number.NaN, 1]), errors });
    both(roundTrips(lakeshoreF71, fc.oneof(scpiMessage, overload as never), f71Command));
    both(roundTrips(lakeshore425, scpiMessage, m425Command));
  });
  it('Twinleaf, serial and TCP', () => {
    both(roundTrips(twinleafSerial, packet, packet, 100));
    both(roundTrips(twinleafTcp, packet, packet, 100));
  });
  it('MagElement', () => roundTrips(magelement, magMessage, record({ kind: kind('none') }) as never).messages());
  it.each(Object.entries(TEXT_FORMS))('lines of text: %s', (_name, settings) => {
    both(roundTrips(textLine(settings), textMessage(settings) as never, line));
  });
  it('volts', () => both(roundTrips(analogue(VOLTS), volts, record({ kind: kind('read') }))));
});

describe('garbage is survived, and the messages after it are heard', () => {
  // Lines: at most the first is lost, glued to the garbage before it.
  it('GRBL', () => survivesGarbage(grbl, grblMessage, { lost: 1 }));
  it('Marlin', () => survivesGarbage(marlin, marlinMessage, { lost: 1 }));
  it('HMR2300, ASCII', () => survivesGarbage(hmr2300('ascii'), fc.oneof(sample, reply), { lost: 1 }));
  it('QZFM', () => survivesGarbage(qzfm, qzfmMessage, { lost: 1 }));
  it('QTFM', () => {
    survivesGarbage(qtfmGen1, gen1, { lost: 1 });
    survivesGarbage(qtfmGen2, gen2, { lost: 1 });
  });
  it('SCPI and Lake Shore', () => {
    survivesGarbage(scpi, scpiMessage, { lost: 1 });
    survivesGarbage(lakeshore425, scpiMessage, { lost: 1 });
  });
  it('lines of text', () => {
    for (const settings of Object.values(TEXT_FORMS)) {
      survivesGarbage(textLine(settings), textMessage(settings) as never, { lost: 1, runs: 60 });
    }
    survivesGarbage(analogue(VOLTS), volts, { lost: 1, runs: 60 });
  });
  // Every frame has its own opening END: none is lost.
  it('Twinleaf, serial', () => survivesGarbage(twinleafSerial, packet, { lost: 0 }));
  // A false header takes at most one packet's length with it.
  it('Twinleaf, TCP', () => {
    const short = packet.filter(p => twinleafTcp.encodeMessage(p).length < 40);
    const long = record({
      kind: kind('reply'),
      path,
      id: word,
      payload: fc.uint8Array({ minLength: 300, maxLength: 490 }),
    });
    survivesGarbage(twinleafTcp, short, { lost: 200, after: 230, runs: 40 });
    survivesGarbage(twinleafTcp, long as never, { lost: 6, after: 10, runs: 100 });
  });
  it('MagElement', () => survivesGarbage(magelement, magMessage, { lost: 16, after: 20, runs: 25 }));
  it('HMR2300, binary: six frames', () => {
    const still = count.chain(x =>
      fc.record({ kind: kind('sample'), counts: fc.constant([x & 0xf0, 1000, -1000] as [number, number, number]) }),
    );
    survivesGarbage(hmr2300('binary'), still, { lost: 6, after: 14 });
  });
});

describe('no input is kept, thrown or hung upon', () => {
  const all = {
    grbl: grbl.decoder(),
    grblCommands: grbl.commandDecoder(),
    marlin: marlin.decoder(),
    marlinCommands: marlin.commandDecoder(),
    hmrAscii: hmr2300('ascii').decoder(),
    hmrBinary: hmr2300('binary').decoder(),
    hmrCommands: hmr2300('ascii').commandDecoder(),
    qzfm: qzfm.decoder(),
    qtfm1: qtfmGen1.decoder(),
    qtfm2: qtfmGen2.decoder(),
    scpi: scpi.decoder(),
    f71: lakeshoreF71.decoder(),
    f71Commands: lakeshoreF71.commandDecoder(),
    m425: lakeshore425.decoder(),
    serial: twinleafSerial.decoder(),
    tcp: twinleafTcp.decoder(),
    magelement: magelement.decoder(),
    analogue: analogue(VOLTS).decoder(),
    ...Object.fromEntries(Object.entries(TEXT_FORMS).map(([form, settings]) => [form, textLine(settings).decoder()])),
  };
  it.each(Object.entries(all))('%s', (_name, decoder) => {
    const out: unknown[] = [];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), chunk => {
        out.length = 0;
        decoder.push(chunk, out as never);
        // A message takes at least a byte.
        expect(out.length).toBeLessThanOrEqual(chunk.length + 1);
      }),
      { numRuns: 60, seed: 8 },
    );
    // A line, frame or record that never ends: what is heard of it stays within a fixed length.
    for (const endless of ['a', '1', '<', '{"a":', '[', '!', '|', '\x1f', '\x02']) {
      for (let i = 0; i < 20; i++) {
        out.length = 0;
        decoder.push(bytes(endless.repeat(5000)), out as never);
      }
      out.length = 0;
      decoder.push(bytes('\r\n\xc0'), out as never);
      expect(JSON.stringify(out).length).toBeLessThan(20_000);
    }
  });
});
