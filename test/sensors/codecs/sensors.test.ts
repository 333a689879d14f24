import { describe, expect, it } from 'vitest';
import { chipScale, packRegisters, unpackRegisters } from '../../../sensors/codecs/chipCounts.js';
import { HMR2300_T_PER_COUNT, hmr2300 } from '../../../sensors/codecs/hmr2300.js';
import { lakeshore425, lakeshoreF71 } from '../../../sensors/codecs/lakeshore.js';
import { MAGELEMENT_FRAME, MAGELEMENT_T_PER_COUNT, magelement } from '../../../sensors/codecs/magelement.js';
import { qtfmGen1, qtfmGen1Field, qtfmGen2 } from '../../../sensors/codecs/qtfm.js';
import { qzfm, qzfmField, qzfmParameter } from '../../../sensors/codecs/qzfm.js';
import { concat, decoded, hex, text } from './support.js';

/** The dialogues and frames of public documents, drivers and captures, byte by byte. */

describe('HMR2300', () => {
  const FRAME = hex('75301d4ce2b40d');
  const SAMPLE = { kind: 'sample', counts: [30_000, 7500, -7500] } as const;

  it('binary: three good frames, then each at once', () => {
    expect(decoded(hmr2300('binary').decoder(), concat([FRAME, FRAME]))).toEqual([]);
    expect(decoded(hmr2300('binary').decoder(), concat([FRAME, FRAME, FRAME]))).toEqual([SAMPLE, SAMPLE, SAMPLE]);
    expect(SAMPLE.counts.map(count => +(count * HMR2300_T_PER_COUNT * 1e6).toFixed(9))).toEqual([200, 50, -50]);
  });

  it('binary: a carriage return in the data ends no frame, wherever the stream is entered', () => {
    const codec = hmr2300('binary');
    // x near 23 uT: its high byte is 0D in every frame; low bytes wander.
    const messages = Array.from({ length: 12 }, (_, i) => ({
      kind: 'sample' as const,
      counts: [0x0d40 + ((i * 5) % 13), 0x0d0d - i, -300 + ((i * 7) % 5)] as const,
    }));
    const stream = concat(messages.map(codec.encodeMessage));
    for (let from = 0; from < 7; from++) {
      const heard = decoded(codec.decoder(), stream.subarray(from), [3]);
      expect(heard).toEqual(messages.slice(from === 0 ? 0 : 1));
    }
  });

  it('binary: replies in words before the data', () => {
    expect(decoded(hmr2300('binary').decoder(), concat([hex('4f4b0d'), FRAME, FRAME, FRAME]))).toEqual([
      { kind: 'reply', text: 'OK' },
      SAMPLE,
      SAMPLE,
      SAMPLE,
    ]);
  });

  it('ASCII: 28 characters', () => {
    const line = ' 15,000  - 7,500    0,012  \r';
    const sample = { kind: 'sample', counts: [15_000, -7500, 12] } as const;
    expect(decoded(hmr2300('ascii').decoder(), line)).toEqual([sample]);
    expect(text(hmr2300('ascii').encodeMessage(sample))).toBe(line);
    // Leading digits and comma left blank.
    expect(decoded(hmr2300('ascii').decoder(), ' 15,000  - 7,500       12  \r')).toEqual([sample]);
    expect(decoded(hmr2300('ascii').decoder(), 'SER# 1234\rRe-enter\r')).toEqual([
      { kind: 'reply', text: 'SER# 1234' },
      { kind: 'reply', text: 'Re-enter' },
    ]);
  });

  it('commands', () => {
    const codec = hmr2300('ascii');
    expect(text(codec.encode({ kind: 'command', device: 99, text: 'R=20' }))).toBe('*99R=20\r');
    expect(codec.encode({ kind: 'stop' })).toEqual(Uint8Array.of(0x1b));
    expect(() => codec.encode({ kind: 'command', device: 100, text: 'WE' })).toThrow(/no number of a HMR2300/);
  });
});

describe('QuSpin', () => {
  it('QZFM: lamps, compensation, data', () => {
    expect(decoded(qzfm.decoder(), '|11\r\n|21\r\n|31\r\n|41\r\n').map(m => m.kind === 'led' && [m.led, m.on])).toEqual(
      [
        ['laser', true],
        ['cellTemperature', true],
        ['laserLock', true],
        ['fieldZeroed', true],
      ],
    );
    expect(decoded(qzfm.decoder(), '~0733582.50\r\n!8400953\r\n\0!8388608\r\n')).toEqual([
      { kind: 'parameter', number: 7, value: 33582.5 },
      { kind: 'data', value: 8_400_953 },
      { kind: 'data', value: 8_388_608 },
    ]);
    expect(qzfmParameter(7, 33582.5)).toBeCloseTo(814.5e-12, 20);
    expect(qzfmField(8_400_953)).toBeCloseTo(123.45e-12, 20);
    expect(qzfmField(8_388_608)).toBe(0);
    expect(decoded(qzfm.decoder(), '!84009\r\n')).toEqual([{ kind: 'other', text: '!84009' }]);
  });

  it('QTFM generation 1: @ is the strength', () => {
    expect(decoded(qtfmGen1.decoder(), '!300467107@120^17\r\n')).toEqual([
      { kind: 'data', mag: 300_467_107, strength: 120, counter: 17 },
    ]);
    expect(qtfmGen1Field(300_467_107) * 1e9).toBeCloseTo(49_999.99994, 4);
  });

  it('QTFM generation 2: @ is the counter', () => {
    expect(decoded(qtfmGen2.decoder(), '!52926.706_Y53998.412=@394>86341532s139v107\r\n')).toEqual([
      {
        kind: 'data',
        scalar: 52926.706,
        scalarValid: true,
        vector: { axis: 'Y', value: 53998.412, valid: true },
        counter: 394,
        time: 86_341_532,
        scalarSensitivity: 139,
        vectorSensitivity: 107,
      },
    ]);
  });
});

describe('Geometrics MagElement', () => {
  it('decimated record', () => {
    const record = hex(
      `2200010058000000393000000000000006f7039e6e7fe7400000803f01000000${'00'.repeat(12)}00000000000000000000803f${'00'.repeat(12)}0000c841${'00'.repeat(16)}`,
    );
    const [message] = decoded(magelement.decoder(), record, [7]);
    expect(message).toMatchObject({
      kind: 'decimated',
      index: 12_345,
      valid: 1,
      acceleration: [0, 0, 1],
      temperature: 25,
    });
    expect(message.kind === 'decimated' && message.field).toBeCloseTo(48_123.456789, 6);
    expect(magelement.encodeMessage(message)).toEqual(record);
  });

  it('block of 40', () => {
    const block = concat([
      hex('1f00010010050000e803000000000000'),
      hex('e8e30040007038390000000020be383900000000004000000000000000000000'),
      new Uint8Array(39 * 32),
    ]);
    const [message] = decoded(magelement.decoder(), concat([hex('1f000100ffff'), block]), [11]);
    if (message.kind !== 'block') throw new Error(message.kind);
    expect(message.index).toBe(1000);
    const [frame] = message.frames;
    expect(frame.mag1 * MAGELEMENT_T_PER_COUNT * 1e9).toBeCloseTo(48_000, 6);
    expect(frame.mag2 * MAGELEMENT_T_PER_COUNT * 1e9).toBeCloseTo(48_001, 6);
    expect(frame.frameId & MAGELEMENT_FRAME.mag1Valid).toBeTruthy();
    expect(magelement.encodeMessage(message)).toEqual(block);
  });
});

describe('chips', () => {
  it('MMC5983MA', () => {
    const registers = hex('80107FF08000D8');
    const counts = unpackRegisters('MMC5983MA', registers)!;
    expect(counts).toEqual([131_139, 131_009, 131_074]);
    expect(packRegisters('MMC5983MA', counts)).toEqual(registers);
    const { zero, scale } = chipScale('MMC5983MA');
    expect(counts.map((count, i) => +((count - zero) * scale[i] * 1e6).toFixed(4))).toEqual([0.4089, -0.3845, 0.0122]);
  });

  it('RM3100', () => {
    const counts = unpackRegisters('RM3100', hex('000ea1fffa26000000'))!;
    expect(counts).toEqual([3745, -1498, 0]);
    const { scale } = chipScale('RM3100');
    expect(counts.map((count, i) => +(count * scale[i] * 1e6).toFixed(2))).toEqual([49.99, -19.99, 0]);
    for (const [cycles, gain] of [
      ['50', 20],
      ['100', 38],
      ['200', 75],
      ['400', 148],
    ] as const) {
      expect(Math.round(1e-6 / chipScale('RM3100', cycles).scale[0])).toBe(gain);
    }
  });

  it('HMC5883L and QMC5883L', () => {
    expect(chipScale('HMC5883L').scale.map(scale => Math.round(1e-4 / scale))).toEqual([1100, 1100, 980]);
    expect(chipScale('HMC5883L', '8.1G').scale.map(scale => Math.round(1e-4 / scale))).toEqual([230, 230, 205]);
    expect(Math.round(1e-4 / chipScale('QMC5883L', '8G').scale[0])).toBe(3000);
    expect(unpackRegisters('HMC5883L', hex('000100020003'))).toEqual([1, 3, 2]);
    expect(unpackRegisters('QMC5883L', hex('0100feff0300'))).toEqual([1, -2, 3]);
    expect(() => chipScale('HMC5883L', 'toString')).toThrow(/no range 'toString'/);
  });
});

describe('Lake Shore', () => {
  it('F71: every question asks for errors too', () => {
    expect(text(lakeshoreF71.encode({ kind: 'fetch', all: true }))).toBe('FETCh:DC? ALL;:SYSTem:ERRor:ALL?\n');
    expect(decoded(lakeshoreF71.decoder(), '1.0000E-05,2.0E-06,-4.0E-05;0,"No error"\r\n')).toEqual([
      { kind: 'numbers', values: [1e-5, 2e-6, -4e-5], errors: [{ code: 0, text: 'No error' }] },
    ]);
    expect(decoded(lakeshoreF71.decoder(), '-113,"Undefined header",-222,"Data; out of range"\r\n')).toEqual([
      {
        kind: 'errors',
        errors: [
          { code: -113, text: 'Undefined header' },
          { code: -222, text: 'Data; out of range' },
        ],
      },
    ]);
  });

  it('425', () => {
    expect(text(lakeshore425.encode({ kind: 'unit', unit: 2 }))).toBe('UNIT 2\n');
    expect(decoded(lakeshore425.decoder(), '+1.2345E-03\r\nOL\r\n')).toEqual([
      { kind: 'numbers', values: [1.2345e-3] },
      { kind: 'numbers', values: [Number.NaN] },
    ]);
  });
});
