import { describe, expect, it } from 'vitest';
import { analogue, analogueField, analogueSettings } from '../../../sensors/codecs/analogue.js';
import { HMR2300_T_PER_COUNT, hmr2300 } from '../../../sensors/codecs/hmr2300.js';
import { lakeshore425, lakeshoreF71 } from '../../../sensors/codecs/lakeshore.js';
import { MAGELEMENT_DEAD_ZONE, MAGELEMENT_T_PER_COUNT, magelement } from '../../../sensors/codecs/magelement.js';
import { qtfmGen1, qtfmGen1Field, qtfmGen2 } from '../../../sensors/codecs/qtfm.js';
import { type QzfmMessage, qzfm, qzfmField, qzfmParameter } from '../../../sensors/codecs/qzfm.js';
import { textLine, textLineChannels } from '../../../sensors/codecs/textLine.js';
import { textLineSettings } from '../../../sensors/codecs/textLineSettings.js';
import { FLAGS } from '../../../sensors/samples.js';
import { VirtualAnalogue } from '../../../sensors/virtual/virtualAnalogue.js';
import { VirtualHmr2300 } from '../../../sensors/virtual/virtualHmr2300.js';
import { VirtualLakeshore } from '../../../sensors/virtual/virtualLakeshore.js';
import { VirtualMagElement } from '../../../sensors/virtual/virtualMagElement.js';
import { VirtualQtfm } from '../../../sensors/virtual/virtualQtfm.js';
import { VirtualQzfm } from '../../../sensors/virtual/virtualQzfm.js';
import { VirtualTextLine } from '../../../sensors/virtual/virtualTextLine.js';

import { fieldAt, ramp, talk } from './support.js';

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
