import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analogue, analogueField, analogueSettings } from '../../sensors/codecs/analogue.js';
import type { Codec } from '../../sensors/codecs/codec.js';
import { HMR2300_T_PER_COUNT, hmr2300 } from '../../sensors/codecs/hmr2300.js';
import { lakeshore425, lakeshoreF71 } from '../../sensors/codecs/lakeshore.js';
import { MAGELEMENT_DEAD_ZONE, MAGELEMENT_T_PER_COUNT, magelement } from '../../sensors/codecs/magelement.js';
import { marlin } from '../../sensors/codecs/marlin.js';
import { qtfmGen1, qtfmGen1Field, qtfmGen2 } from '../../sensors/codecs/qtfm.js';
import { type QzfmMessage, qzfm, qzfmField, qzfmParameter } from '../../sensors/codecs/qzfm.js';
import { scpi, scpiDialect } from '../../sensors/codecs/scpi.js';
import { textLine, textLineChannels } from '../../sensors/codecs/textLine.js';
import { textLineSettings } from '../../sensors/codecs/textLineSettings.js';
import { twinleafSerial, twinleafTcp } from '../../sensors/codecs/twinleaf/codec.js';
import { parseMetadataReply } from '../../sensors/codecs/twinleaf/metadata.js';
import type { TwinleafMessage } from '../../sensors/codecs/twinleaf/packet.js';
import { TWINLEAF_TYPES, TwinleafStreams } from '../../sensors/codecs/twinleaf/streams.js';
import { FLAGS } from '../../sensors/samples.js';
import { FaultyLine } from '../../sensors/virtual/faultyLine.js';
import { servePty, serveTcp } from '../../sensors/virtual/serve.js';
import { VirtualAnalogue } from '../../sensors/virtual/virtualAnalogue.js';
import type { SensorModel, VirtualDevice } from '../../sensors/virtual/virtualDevice.js';
import { VirtualGrbl } from '../../sensors/virtual/virtualGrbl.js';
import { VirtualHmr2300 } from '../../sensors/virtual/virtualHmr2300.js';
import { VirtualLakeshore } from '../../sensors/virtual/virtualLakeshore.js';
import { VirtualMagElement } from '../../sensors/virtual/virtualMagElement.js';
import { VirtualMarlin } from '../../sensors/virtual/virtualMarlin.js';
import { VirtualQtfm } from '../../sensors/virtual/virtualQtfm.js';
import { VirtualQzfm } from '../../sensors/virtual/virtualQzfm.js';
import { VirtualScpiSource } from '../../sensors/virtual/virtualScpiSource.js';
import { VirtualTextLine } from '../../sensors/virtual/virtualTextLine.js';
import { VirtualTwinleaf } from '../../sensors/virtual/virtualTwinleaf.js';
import { bytes } from './codecs/support.js';

/** A field that grows with time, T/s. */
const SLOPE = [1e-6, -2e-6, 3e-6];
function ramp(channels: number, offset = 20e-6, flags = 0): SensorModel {
  return {
    channels,
    read(time, out) {
      for (let i = 0; i < channels; i++) out[i] = offset + SLOPE[i % 3] * time;
      return flags;
    },
  };
}
const fieldAt = (time: number, axis: number, offset = 20e-6) => offset + SLOPE[axis] * time;

/** Speaks to a device and hears it for a while, from a time on. */
function talk<Message, Command>(device: VirtualDevice, codec: Codec<Message, Command>, from = 0) {
  const decoder = codec.decoder();
  let time = from;
  const hear = (seconds: number): Message[] => {
    const out: Message[] = [];
    for (const end = time + seconds; ; time = Math.min(end, time + 0.0037)) {
      decoder.push(device.poll(time), out);
      if (time >= end) return out;
    }
  };
  const tell = (command: Command, seconds = 0) => {
    device.receive(codec.encode(command), time);
    return hear(seconds);
  };
  return { hear, tell, now: () => time };
}

describe('what a simulated sensor says is the field of its model', () => {
  it('lines of text: scale of the chip, counter, clock that wraps', () => {
    const settings = textLineSettings.parse({
      columns: ['bx', 'by', 'bz'].map((column, axis) => ({ column, axis })),
      preset: 'MMC5983MA',
      time: { column: 'us', unit: 'us' },
      sequence: { column: 'n', wrap: 256 },
      checksum: 'xor',
    });
    const elements = [
      {
        name: 'a',
        offset: [0, 0, 0],
        axes: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
        delay: 0,
      },
    ] as const;
    const clockStart = 2 ** 32 * 1e-6 - 0.5;
    const device = new VirtualTextLine({ settings, elements, model: ramp(3), rate: 100, clockStart });
    const samples = talk(device, textLine(settings))
      .hear(3)
      .flatMap(m => (m.kind === 'sample' ? [m] : []));
    const channels = textLineChannels(settings, ['a']);
    expect(samples.length).toBe(300);
    samples.forEach((sample, k) => {
      expect(sample.sequence).toBe(k % 256);
      sample.values.forEach((raw, i) => {
        const { scale, offset } = channels[i];
        expect(Math.abs((raw - offset) * scale - fieldAt((k + 1) / 100, i))).toBeLessThanOrEqual(scale / 2 + 1e-15);
      });
    });
    expect(samples[0].time!).toBeGreaterThan(4e9);
    expect(samples[299].time!).toBeLessThan(3e6);
  });

  it('HMR2300: write enable before each change, both formats, continuous and single', () => {
    const device = new VirtualHmr2300(ramp(3));
    const ascii = talk(device, hmr2300('ascii'));
    const command = (text: string) => ({ kind: 'command', device: 99, text }) as const;
    expect(ascii.tell(command('R=50'))).toEqual([{ kind: 'reply', text: 'WE OFF' }]);
    ascii.tell(command('WE'));
    expect(ascii.tell(command('R=50'))).toEqual([{ kind: 'reply', text: 'OK' }]);
    expect(ascii.tell(command('XX'))).toEqual([{ kind: 'reply', text: 'Re-enter' }]);
    const [single] = ascii.tell(command('P'));
    expect(single.kind === 'sample' && single.counts[0] * HMR2300_T_PER_COUNT).toBeCloseTo(20e-6, 8);
    ascii.tell(command('WE'));
    expect(ascii.tell(command('B'))).toEqual([{ kind: 'reply', text: 'BINARY ON' }]);
    const binary = talk(device, hmr2300('binary'));
    const samples = binary.tell(command('C'), 2.15);
    expect(samples.length).toBe(100);
    samples.forEach((sample, k) => {
      const time = (k + 8) / 50;
      const field = sample.kind === 'sample' ? sample.counts.map(count => count * HMR2300_T_PER_COUNT) : [];
      for (let i = 0; i < 3; i++) expect(Math.abs(field[i] - fieldAt(time, i))).toBeLessThan(HMR2300_T_PER_COUNT);
    });
    expect(binary.tell({ kind: 'stop' }, 1)).toEqual([]);
  });

  it('QZFM: start, zero, calibrate, print', () => {
    const device = new VirtualQzfm(
      {
        channels: 3,
        read(_time, out) {
          out.set([3e-9, -5e-9, 1e-9]);
          return 0;
        },
      },
      { warmUp: 1 },
    );
    const { tell, hear } = talk(device, qzfm);
    hear(0.1);
    const on = (messages: QzfmMessage[]) => messages.flatMap(m => (m.kind === 'led' && m.on ? [m.led] : []));
    expect(on(tell({ kind: 'autoStart' }, 1.1))).toEqual(['laser', 'cellTemperature', 'laserLock']);
    expect(on(tell({ kind: 'zeroOn' }, 5))).toEqual(['fieldZeroed']);
    const coil = tell({ kind: 'zeroOff' }, 1).findLast(m => m.kind === 'parameter' && m.number === 8);
    expect(coil?.kind === 'parameter' && qzfmParameter(8, coil.value)).toBeCloseTo(-5e-9, 11);
    expect(tell({ kind: 'calibrate' }, 1.1).some(m => m.kind === 'text' && m.text.includes('Calib'))).toBe(true);
    tell({ kind: 'coilsOff' });
    tell({ kind: 'axisY' });
    const data = tell({ kind: 'print' }, 1).flatMap(m => (m.kind === 'data' ? [qzfmField(m.value)] : []));
    expect(data.length).toBe(200);
    for (const value of data) expect(value).toBeCloseTo(-5e-9, 13);
    expect(tell({ kind: 'noPrint' }, 0.3).some(m => m.kind === 'parameter')).toBe(true);
  });

  it('QTFM: both generations', () => {
    const one = talk(new VirtualQtfm(1, ramp(1, 50e-6), 200), qtfmGen1).hear(1);
    expect(one.length).toBe(200);
    expect(one[99].kind === 'data' && qtfmGen1Field(one[99].mag)).toBeCloseTo(fieldAt(0.5, 0, 50e-6), 12);
    const two = talk(new VirtualQtfm(2, ramp(4, 50e-6, FLAGS.deadZone)), qtfmGen2).hear(1);
    expect(two[3]).toMatchObject({ scalarValid: false, vector: { axis: 'X', valid: false }, counter: 6, time: 16 });
    expect(two[124].kind === 'data' && two[124].scalar * 1e-9).toBeCloseTo(fieldAt(0.5, 0, 50e-6), 11);
  });

  it('Lake Shore: answers in the unit that was set; overload', () => {
    const f71 = talk(new VirtualLakeshore('f71', ramp(3)), lakeshoreF71);
    const none = [{ code: 0, text: 'No error' }];
    expect(f71.tell({ kind: 'fetch', all: true })).toEqual([
      { kind: 'numbers', values: [2e-5, 2e-5, 2e-5], errors: none },
    ]);
    expect(f71.tell({ kind: 'unit', unit: 'GAUSS' })).toEqual([{ kind: 'errors', errors: none }]);
    expect(f71.tell({ kind: 'fetch', all: false })).toEqual([{ kind: 'numbers', values: [0.2], errors: none }]);
    expect(f71.tell({ kind: 'raw', text: 'FOO' })).toMatchObject([{ kind: 'errors', errors: [{ code: -113 }] }]);
    const meter = talk(new VirtualLakeshore('425', ramp(1, 1, FLAGS.overrange)), lakeshore425);
    expect(meter.tell({ kind: 'unit', unit: 2 })).toEqual([]);
    expect(meter.tell({ kind: 'askUnit' })).toEqual([{ kind: 'numbers', values: [2] }]);
    expect(meter.tell({ kind: 'field' })).toEqual([{ kind: 'numbers', values: [Number.NaN] }]);
  });

  it('MagElement: blocks, decimated records, heartbeats, dead zone', () => {
    const messages = talk(new VirtualMagElement(ramp(2, 50e-6, FLAGS.deadZone)), magelement).hear(2);
    const blocks = messages.flatMap(m => (m.kind === 'block' ? [m] : []));
    expect([blocks.length, messages.length - blocks.length]).toEqual([50, 2]);
    expect(blocks[1].index).toBe(40);
    const frame = blocks[1].frames[9];
    expect(frame.mag1 * MAGELEMENT_T_PER_COUNT).toBeCloseTo(fieldAt(0.05, 0, 50e-6), 12);
    expect(frame.mag1Status & MAGELEMENT_DEAD_ZONE).toBeTruthy();
    const slow = talk(new VirtualMagElement(ramp(1, 50e-6), 10), magelement).hear(1);
    expect(slow.filter(m => m.kind === 'decimated').length).toBe(10);
  });

  it('volts, by themselves and asked for', () => {
    const channels = [0, 1, 2].map(axis => ({ column: axis, axis, volts_per_tesla: 143_000, limit_V: 2.5 }));
    const lines = analogueSettings.parse({ channels });
    const heard = talk(new VirtualAnalogue(lines, ramp(3, 17.5e-6), 100), analogue(lines)).hear(1);
    expect(heard.length).toBe(100);
    const last = heard[99].kind === 'volts' ? heard[99].volts : [];
    expect(analogueField(lines.channels[1], last[1])).toBeCloseTo(fieldAt(1, 1, 17.5e-6), 12);
    expect(last[2]).toBe(2.5);
    const asked = analogueSettings.parse({ over: 'scpi', channels });
    const meter = talk(new VirtualAnalogue(asked, ramp(3, 0), 100), analogue(asked));
    expect(meter.hear(1)).toEqual([]);
    expect(meter.tell({ kind: 'read' })).toMatchObject([{ kind: 'volts' }]);
  });
});

describe('a simulated Twinleaf', () => {
  const poke = { kind: 'heartbeat', path: [] } as const;
  const request = (method: string, args = new Uint8Array(0)) =>
    ({ kind: 'request', path: [], id: 9, method, args }) as const;
  const samplesOf = (messages: TwinleafMessage[]) => {
    const streams = new TwinleafStreams();
    const out: { time: number; counter: number; x: number; z: number; boundary: boolean }[] = [];
    for (const message of messages) {
      if (message.kind === 'metadata') streams.metadata(message);
      const samples = message.kind === 'samples' ? streams.samples(message) : undefined;
      for (let i = 0; i < (samples?.count ?? 0); i++) {
        const [x, z] = [samples!.values[3 * i], samples!.values[3 * i + 2]];
        const boundary = samples!.boundary && i === 0;
        out.push({ time: samples!.time[i], counter: samples!.counter[i], x: x * 1e-9, z: z * 1e-9, boundary });
      }
    }
    return out;
  };

  it('speaks text until it is spoken to, answers RPC, and streams 20 000 samples a second without a gap', () => {
    const device = new VirtualTwinleaf({ model: ramp(3), transport: 'serial', rate: 20_000 });
    const { hear, tell } = talk(device, twinleafSerial);
    expect(hear(1.5)).toEqual([
      { kind: 'text', text: 'Twinleaf VMR R5' },
      { kind: 'text', text: 'Twinleaf VMR R5' },
    ]);
    const samples = samplesOf(tell(poke, 1));
    expect(samples.length).toBeGreaterThan(19_900);
    samples.forEach((sample, k) => {
      if (sample.counter !== k || sample.boundary) throw new Error(`sample ${k} does not follow`);
    });
    expect(samples[999].time - samples[0].time).toBeCloseTo(999 / 20_000, 6);
    expect(samples[0].x).toBeCloseTo(fieldAt(1.5, 0), 8);
    const reply = tell(request('dev.metadata'), 0.001).find(m => m.kind === 'reply');
    const records = parseMetadataReply(reply?.kind === 'reply' ? reply.payload : new Uint8Array(0));
    expect(records.map(r => r.record)).toEqual(['device', 'stream', 'segment', 'column', 'column', 'column']);
    expect(tell(request('no.such')).some(m => m.kind === 'refusal' && m.code === 2)).toBe(true);
  });

  it('segments roll without a boundary; skipped samples and a restart are boundaries', () => {
    const options = { model: ramp(3), rate: 100, segmentLength: 200, type: TWINLEAF_TYPES.i24 } as const;
    const device = new VirtualTwinleaf({ ...options, transport: 'tcp' });
    const { hear, now } = talk(device, twinleafTcp);
    const first = hear(5);
    const rolled = samplesOf(first);
    expect(rolled.length).toBe(500);
    rolled.forEach((sample, k) => {
      expect(sample.time).toBeCloseTo(1_700_000_000 + k / 100, 6);
    });
    expect(rolled.some(sample => sample.boundary)).toBe(false);
    expect(rolled[499].z).toBeCloseTo(fieldAt(5, 2), 9);
    device.skip(7);
    const second = hear(1);
    device.restart(now());
    const all = samplesOf([...first, ...second, ...hear(1)]);
    expect(all.flatMap((sample, k) => (sample.boundary ? [k] : []))).toEqual([500, 600]);
    expect(all[500].counter - all[499].counter).toBe(8);
  });

  it('a damaged frame is a gap, not a wrong reading', () => {
    const device = new VirtualTwinleaf({ model: ramp(3), transport: 'serial', rate: 1000 });
    const { tell } = talk(new FaultyLine(device, { flip: 2e-4, seed: 3 }), twinleafSerial);
    const messages = tell(poke, 5);
    expect(messages.some(m => m.kind === 'damaged')).toBe(true);
    const samples = samplesOf(messages);
    expect(samples.length).toBeGreaterThan(3000);
    expect(samples.some(sample => sample.boundary)).toBe(true);
    for (const { x, counter } of samples) expect(Math.abs(x - fieldAt((counter + 1) / 1000, 0))).toBeLessThan(2e-9);
  });

  it('gives another rate when asked', () => {
    const device = new VirtualTwinleaf({ model: ramp(3), transport: 'tcp', rate: 1000 });
    const { hear, tell } = talk(device, twinleafTcp);
    hear(1);
    const rate = new Uint8Array(4);
    new DataView(rate.buffer).setFloat32(0, 100, true);
    const messages = tell(request('data.rate', rate), 1);
    expect(messages.find(m => m.kind === 'reply')).toMatchObject({ payload: rate });
    expect(messages.filter(m => m.kind === 'samples').length).toBe(100);
  });
});

describe('simulated supplies and loads', () => {
  it('the current flows as told, charging or discharging; errors are queued', () => {
    for (const kind of ['supply', 'load'] as const) {
      const dialect = scpiDialect(kind, {});
      const source = new VirtualScpiSource(dialect, 5);
      const { tell, hear, now } = talk(source, scpi);
      const command = (text: string) => tell({ kind: 'command', text }, 0.2);
      for (const line of dialect.prepare) command(line);
      command('SOUR:CURR 2.5');
      expect(source.current(now())).toBe(0);
      command(dialect.on);
      expect(source.current(now())).toBeCloseTo(kind === 'supply' ? 2.5 : -2.5, 6);
      expect(tell({ kind: 'query', text: 'MEAS:CURR?' })).toEqual([
        { kind: 'numbers', values: [expect.closeTo(2.5, 6)] },
      ]);
      command('SOUR:CURR 50');
      command('NONSENSE');
      const errors = () => tell({ kind: 'query', text: 'SYST:ERR?' });
      expect(errors()).toMatchObject([{ errors: [{ code: -222 }] }]);
      expect(errors()).toMatchObject([{ errors: [{ code: -113 }] }]);
      expect(errors()).toMatchObject([{ errors: [{ code: 0 }] }]);
      const before = now();
      command(dialect.off);
      expect(Math.abs(source.current(before))).toBeCloseTo(2.5, 6);
      expect(source.current(now())).toBeCloseTo(0, 6);
      expect(hear(1)).toEqual([]);
    }
  });
});

describe('a simulated Marlin', () => {
  it('homes, moves, waits, says where it is; lines out of order are asked for again', () => {
    const device = new VirtualMarlin({ travel: { x: [0, 0.2], y: [0, 0.2] } });
    const { tell, hear, now } = talk(device, marlin);
    expect(hear(0)[0]).toEqual({ kind: 'start' });
    let line = 0;
    const say = (text: string, seconds = 0) => tell({ kind: 'numbered', line: line++, text }, seconds);
    expect(say('M110 N0')).toEqual([{ kind: 'ok' }]);
    expect(say('G28 X Y', 10).map(m => m.kind)).toEqual(['busy', 'busy', 'ok']);
    expect(Math.hypot(...device.position(now()).slice(0, 2))).toBeLessThan(1e-12);
    expect(say('G1 X10 Y20 F3000')).toEqual([{ kind: 'ok' }]);
    // Planned, not there yet.
    expect(say('M114')[0]).toEqual({ kind: 'position', position: [10, 20, 0], extruder: 0, counts: [800, 1600, 0] });
    expect(device.position(now())[0]).toBeLessThan(0.01);
    expect(say('M400')).toEqual([]);
    expect(hear(1)).toEqual([{ kind: 'ok' }]);
    expect(device.position(now())[0]).toBeCloseTo(0.01, 9);
    // Soft end-stops clip without a word.
    say('G1 X500');
    expect(say('M114')[0]).toMatchObject({ position: [200, 20, 0] });
    expect(tell({ kind: 'numbered', line: 40, text: 'M114' })).toEqual([
      { kind: 'error', text: `Line Number is not Last Line Number+1, Last Line: ${line - 1}` },
      { kind: 'resend', line },
      { kind: 'ok' },
    ]);
    expect(tell({ kind: 'corrupt', line, text: 'M114', checksum: 1 })[1]).toEqual({ kind: 'resend', line });
    say('G4 P500');
    expect(hear(10).map(m => m.kind)).toContain('ok');
    say('M112');
    expect(say('M114', 1)).toEqual([]);
  });
});

describe('the faults of a line', () => {
  const echo = (): VirtualDevice => {
    let said: Uint8Array = new Uint8Array(0);
    return { receive: data => (said = data), poll: () => [said, (said = new Uint8Array(0))][0] };
  };
  it('drops and doubles what it is told to, stalls, is unplugged; the same for the same seed', () => {
    const line = new FaultyLine(echo());
    const pass = (text: string, time: number) => {
      line.receive(bytes(text), time);
      return String.fromCharCode(...line.poll(time));
    };
    line.drop('ok\r\n');
    line.double('error:9\r\n');
    expect([pass('ok\r\n', 0), pass('ok\r\n', 0), pass('error:9\r\n', 0)]).toEqual([
      '',
      'ok\r\n',
      'error:9\r\nerror:9\r\n',
    ]);
    line.stall(1, 2);
    expect([pass('a', 1), pass('b', 2)]).toEqual(['', 'b']);
    line.unplug(3);
    expect([pass('c', 3), line.unplugged(3)]).toEqual(['', true]);
    const noisy = () => {
      const faulty = new FaultyLine(echo(), { seed: 5, flip: 0.1, cut: 0.1, garbage: 0.3 });
      return Array.from({ length: 20 }, (_, i) => {
        faulty.receive(bytes('hello'), i);
        return [...faulty.poll(i)];
      });
    };
    expect(noisy()).toEqual(noisy());
    expect(noisy().some(part => String.fromCharCode(...part) !== 'hello')).toBe(true);
  });
});

const SOCAT = spawnSync('socat', ['-V']).status === 0;

describe('a simulated device behind a pseudo-terminal', () => {
  it.skipIf(!SOCAT)('is opened like a serial port, and goes when it is unplugged (needs socat)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'savart-'));
    const served = await servePty(new VirtualGrbl({ travel: { x: [-0.2, 0], y: [-0.2, 0] } }), join(folder, 'tty'));
    const port = await open(served.address, 'r+');
    await port.write('$I\n');
    const chunk = Buffer.alloc(4096);
    let heard = '';
    while (!heard.includes('[OPT:')) heard += chunk.toString('latin1', 0, (await port.read(chunk)).bytesRead);
    expect(heard).toContain('[VER:1.1h.20190825:]');
    served.unplug();
    const last = async () => {
      for (;;) if ((await port.read(chunk)).bytesRead === 0) return 'end';
    };
    // What is left is heard, then an end or a fault.
    expect(await last().catch((error: NodeJS.ErrnoException) => error.code)).toMatch(/end|EIO/);
    await port.close();
    await served.close();
    rmSync(folder, { recursive: true });
  });
});

describe('a simulated device behind TCP', () => {
  it('is heard and spoken to by one host at a time, until it is unplugged', async () => {
    const served = await serveTcp(new VirtualLakeshore('425', ramp(1)));
    const [host, port] = served.address.split(':');
    const socket = connect(Number(port), host);
    const heard = new Promise<string>(resolve => socket.once('data', data => resolve(data.toString('latin1'))));
    socket.write('*IDN?\n');
    expect(await heard).toBe('LSCI,MODEL425,4251234,1.0\r\n');
    const gone = new Promise<void>(resolve => socket.once('close', () => resolve()));
    served.unplug();
    await gone;
    await served.close();
  });
});
