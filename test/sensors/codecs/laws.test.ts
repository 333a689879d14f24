import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analogue, analogueSettings } from '../../../sensors/codecs/analogue.js';
import { GRBL_REALTIME, GRBL_STATES, type GrblMessage, type GrblRealtime, grbl } from '../../../sensors/codecs/grbl.js';
import { type Hmr2300Message, hmr2300 } from '../../../sensors/codecs/hmr2300.js';
import { lakeshore425, lakeshoreF71 } from '../../../sensors/codecs/lakeshore.js';
import { type MagElementMessage, magelement } from '../../../sensors/codecs/magelement.js';
import { type MarlinMessage, marlin } from '../../../sensors/codecs/marlin.js';
import { type QtfmGen1Message, type QtfmGen2Message, qtfmGen1, qtfmGen2 } from '../../../sensors/codecs/qtfm.js';
import { QZFM_COMMANDS, QZFM_LEDS, type QzfmCommand, qzfm } from '../../../sensors/codecs/qzfm.js';
import { type ScpiMessage, scpi } from '../../../sensors/codecs/scpi.js';
import { textLine } from '../../../sensors/codecs/textLine.js';
import { textLineSettings } from '../../../sensors/codecs/textLineSettings.js';
import { twinleafSerial, twinleafTcp } from '../../../sensors/codecs/twinleaf/codec.js';
import type { TwinleafPacket } from '../../../sensors/codecs/twinleaf/packet.js';
import { bytes, decoded, pieces, roundTrips, survivesGarbage } from './support.js';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0);
const thousandths = fc.integer({ min: -1e7, max: 1e7 }).map(value => value / 1000 + 0);
const small = fc.nat({ max: 9999 });
const byte = fc.nat({ max: 255 });
const word = fc.nat({ max: 0xffff });
const long = fc.nat({ max: 0xffffffff });
/** Letters and digits, as names have them. */
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,9}$/);
/** Words that no protocol takes for anything else. */
const phrase = fc.stringMatching(/^w[ a-z0-9]{0,20}z$/);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** A record without the entries that are undefined. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc
    .record(model)
    .map(value => Object.fromEntries(Object.entries(value as object).filter(e => e[1] !== undefined)) as T);
const kind = <K extends string>(value: K) => fc.constant(value);
const numbers = (least: number, most: number, of: fc.Arbitrary<number> = thousandths) =>
  fc.array(of, { minLength: least, maxLength: most });
const line = record({ kind: kind('line'), text: phrase });

const grblMessage = fc.oneof(
  record({ kind: kind('ok') }),
  record({ kind: kind('error'), code: small }),
  record({ kind: kind('alarm'), code: small }),
  record({ kind: kind('banner'), text: phrase.map(text => `${text.replace(/ /g, '')} 1.1h ['$' for help]`) }),
  record({ kind: kind('setting'), number: small, value: finite }),
  record({ kind: kind('feedback'), tag: name.filter(tag => tag.length > 1), text: phrase }),
  record({ kind: kind('startup'), text: phrase }),
  record({ kind: kind('text'), text: phrase }),
  record({
    kind: kind('status'),
    state: fc.constantFrom(...GRBL_STATES),
    sub: maybe(fc.nat({ max: 3 })),
    mpos: maybe(numbers(2, 6)),
    wpos: maybe(numbers(2, 6)),
    free: maybe(fc.tuple(small, small)),
    line: maybe(small),
    feed: small,
    spindle: maybe(small),
    pins: maybe(fc.constantFrom('X', 'XYZ', 'PDHRS')),
    wco: maybe(numbers(2, 6)),
    overrides: maybe(numbers(3, 3, small)),
    accessories: maybe(fc.constantFrom('S', 'SFM')),
    other: maybe(fc.array(fc.constantFrom('H:1', 'TLR:0'), { minLength: 1, maxLength: 2 })),
  }),
) as fc.Arbitrary<GrblMessage>;
const grblCommand = fc.oneof(
  line,
  record({ kind: kind('realtime'), name: fc.constantFrom(...(Object.keys(GRBL_REALTIME) as GrblRealtime[])) }),
);

const marlinMessage = fc.oneof(
  record({ kind: kind('ok') }),
  record({ kind: kind('ok'), line: maybe(small), planner: small, buffer: small }),
  record({ kind: kind('ok'), text: phrase }),
  record({ kind: kind('error'), text: phrase }),
  record({ kind: kind('resend'), line: small }),
  record({ kind: kind('busy'), reason: phrase }),
  record({ kind: fc.constantFrom('wait' as const, 'start' as const) }),
  record({
    kind: kind('position'),
    position: fc.tuple(thousandths, thousandths, thousandths),
    extruder: maybe(thousandths),
    counts: maybe(numbers(3, 3, small)),
  }),
  record({ kind: kind('firmware'), text: phrase }),
  record({ kind: kind('capability'), name: fc.constantFrom('EMERGENCY_PARSER', 'AUTOREPORT_POS'), on: fc.boolean() }),
  record({ kind: fc.constantFrom('echo' as const, 'action' as const, 'text' as const), text: phrase }),
) as fc.Arbitrary<MarlinMessage>;
const marlinCommand = fc.oneof(
  line,
  record({ kind: kind('numbered'), line: small, text: phrase }),
  record({ kind: kind('corrupt'), line: small, text: phrase, checksum: fc.constantFrom(null, 256) }),
);

const count = fc.integer({ min: -30_000, max: 30_000 });
const sample = record({ kind: kind('sample'), counts: fc.tuple(count, count, count) });
const reply = record({
  kind: kind('reply'),
  text: fc.constantFrom('OK', 'ASCII ON', 'BINARY ON', 'Re-enter', 'SER# 12'),
});
const hmrCommand = fc.oneof(
  record({
    kind: kind('command'),
    device: fc.nat({ max: 99 }),
    text: fc.constantFrom('WE', 'A', 'B', 'R=154', 'P', '#'),
  }),
  record({ kind: kind('stop') }),
);

const error = record({ code: fc.integer({ min: -999, max: 999 }).map(value => value + 0), text: phrase });
const errors = fc.array(error, { minLength: 1, maxLength: 3 });
const scpiMessage = fc.oneof(
  record({ kind: kind('numbers'), values: numbers(1, 4, finite), errors: maybe(errors) }),
  record({ kind: kind('errors'), errors }),
  record({ kind: kind('text'), text: phrase, errors: maybe(errors) }),
) as fc.Arbitrary<ScpiMessage>;

const data = (most: number) => fc.uint8Array({ maxLength: most });
const path = fc.array(byte, { maxLength: 8 });
const metadata = fc.oneof(
  record({ record: kind('device'), streams: byte, session: long, name, serial: name, firmware: name }),
  record({
    record: kind('stream'),
    stream: byte,
    columns: byte,
    segments: byte,
    sampleSize: word,
    bufferedSamples: word,
    name,
  }),
  record({
    record: kind('segment'),
    stream: byte,
    segment: byte,
    state: byte,
    epoch: byte,
    session: long,
    startTime: long,
    rate: long,
    decimation: long,
    cutoff: fc.float({ noNaN: true }),
    filter: byte,
    serial: name,
  }),
  record({
    record: kind('column'),
    stream: byte,
    column: byte,
    type: byte,
    name,
    units: fc.constantFrom('nT', 'µT'),
    description: phrase,
  }),
);
const packet = fc.oneof(
  record({ kind: kind('log'), path, data: long, level: byte, text: phrase }),
  record({ kind: kind('request'), path, id: word, method: fc.oneof(name, fc.nat({ max: 0x7fff })), args: data(200) }),
  record({ kind: kind('reply'), path, id: word, payload: data(400) }),
  record({ kind: kind('refusal'), path, id: word, code: word, detail: data(20) }),
  record({ kind: kind('heartbeat'), path, session: maybe(long) }),
  record({ kind: kind('metadata'), path, flags: byte, metadata }),
  record({ kind: kind('setting'), path, flags: byte, name, value: data(40) }),
  record({ kind: kind('proxy'), path, status: byte }),
  record({
    kind: kind('samples'),
    path,
    stream: fc.integer({ min: 1, max: 127 }),
    first: fc.nat({ max: 0xffffff }),
    segment: byte,
    payload: data(490),
  }),
  record({ kind: kind('raw'), path, type: fc.constantFrom(6, 7, 8, 65, 128), payload: data(100) }),
) as unknown as fc.Arbitrary<TwinleafPacket>;

const shorts = numbers(4, 4, word);
const frame = record({
  frameId: word,
  systemStatus: word,
  mag1: long,
  mag1Status: word,
  mag2Status: word,
  mag2: long,
  aux: shorts,
  adc: shorts,
});
const floats = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 });
const magMessage = fc.oneof(
  record({
    kind: kind('block'),
    index: fc.maxSafeNat(),
    frames: fc.tuple(frame, frame).map(([a, b]) => Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? a : b))),
  }),
  record({
    kind: kind('decimated'),
    index: fc.maxSafeNat(),
    field: finite,
    strength: fc.float({ noNaN: true, noDefaultInfinity: true }),
    valid: long,
    compass: floats,
    acceleration: floats,
    gyro: floats,
    temperature: fc.float({ noNaN: true, noDefaultInfinity: true }),
  }),
  record({ kind: kind('heartbeat'), payload: fc.uint8Array({ minLength: 100, maxLength: 100 }) }),
) as fc.Arbitrary<MagElementMessage>;

const gen1 = fc.oneof(
  record({ kind: kind('data'), mag: fc.integer({ min: -1e9, max: 1e9 }), strength: small, counter: maybe(small) }),
  record({ kind: fc.constantFrom('state' as const, 'text' as const, 'other' as const), text: phrase }),
) as fc.Arbitrary<QtfmGen1Message>;
const nanotesla = fc.integer({ min: -1e8, max: 1e8 }).map(value => value / 1000 + 0);
const gen2 = fc.oneof(
  record({
    kind: kind('data'),
    scalar: nanotesla,
    scalarValid: maybe(fc.boolean()),
    vector: maybe(
      record({
        axis: fc.constantFrom('X' as const, 'Y' as const, 'Z' as const),
        value: nanotesla,
        valid: maybe(fc.boolean()),
      }),
    ),
    counter: maybe(small),
    time: maybe(fc.nat({ max: 1e9 })),
    scalarSensitivity: maybe(small),
    vectorSensitivity: maybe(small),
  }),
  record({ kind: fc.constantFrom('text' as const, 'other' as const), text: phrase }),
) as fc.Arbitrary<QtfmGen2Message>;
const character = record({
  kind: kind('character'),
  character: fc.integer({ min: 1, max: 127 }).map(c => String.fromCharCode(c)),
});
const qzfmMessage = fc.oneof(
  record({ kind: fc.constantFrom('text' as const, 'other' as const), text: phrase }),
  record({ kind: kind('led'), led: fc.constantFrom(...QZFM_LEDS), on: fc.boolean() }),
  record({
    kind: kind('parameter'),
    number: fc.nat({ max: 99 }),
    value: fc.nat({ max: 1e7 }).map(value => value / 100),
  }),
  record({ kind: kind('data'), value: fc.nat({ max: 9_999_999 }) }),
);
const qzfmCommand = fc.constantFrom(...(Object.keys(QZFM_COMMANDS) as QzfmCommand['kind'][])).map(kind => ({ kind }));

const f71Command = fc.oneof(
  record({ kind: fc.constantFrom('identify' as const, 'temperature' as const, 'tare' as const, 'probe' as const) }),
  record({ kind: kind('fetch'), all: fc.boolean() }),
  record({ kind: kind('mode'), mode: fc.constantFrom('DC' as const, 'AC' as const, 'HIFR' as const) }),
  record({ kind: kind('autoRange'), on: fc.boolean() }),
  record({ kind: kind('range'), value: finite }),
  record({ kind: kind('average'), count: small }),
  record({ kind: kind('unit'), unit: fc.constantFrom('TESLA' as const, 'GAUSS' as const) }),
  record({ kind: kind('raw'), text: phrase }),
);
const m425Command = fc.oneof(
  record({ kind: fc.constantFrom('identify' as const, 'field' as const, 'askUnit' as const) }),
  record({ kind: kind('unit'), unit: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const) }),
  record({ kind: kind('range'), range: fc.nat({ max: 9 }) }),
  record({ kind: kind('autoRange'), on: fc.boolean() }),
  record({ kind: kind('raw'), text: phrase }),
);

const named = (column: string, axis: number) => ({ column, axis });
const TEXT_FORMS = {
  csv: textLineSettings.parse({ time: { column: 0 } }),
  'csv with names': textLineSettings.parse({
    columns: [named('bx', 0), named('by', 1), named('bz', 2)],
    header: ['t', 'bx', 'by', 'bz', 'n'],
    time: { column: 't' },
    sequence: { column: 'n' },
    checksum: 'xor',
    separator: ';',
  }),
  json: textLineSettings.parse({
    format: 'json',
    columns: [named('bx', 0), named('mag.y', 1), named('bz', 2)],
    element_column: 'id',
    checksum: 'nmea',
  }),
  words: textLineSettings.parse({ format: 'words', columns: [named('X', 0), named('Y', 1), named('Z', 2)] }),
  teleplot: textLineSettings.parse({
    format: 'teleplot',
    columns: [named('bx', 0), named('by', 1), named('bz', 2)],
    time: { column: 'ts' },
  }),
} as const;
const textMessage = (settings: (typeof TEXT_FORMS)[keyof typeof TEXT_FORMS]) =>
  record({
    kind: kind('sample'),
    values: numbers(3, 3, finite),
    element: settings.element_column === undefined ? fc.constant(undefined) : maybe(name).map(text => text ?? 'a'),
    time: settings.time === undefined ? fc.constant(undefined) : small,
    sequence: settings.sequence === undefined ? fc.constant(undefined) : small,
  });

const VOLTS = analogueSettings.parse({
  over: 'scpi',
  channels: [0, 2].map((column, axis) => ({ column, axis, volts_per_tesla: 143_000 })),
});
const volts = record({ kind: kind('volts'), volts: numbers(2, 2, finite) });

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
