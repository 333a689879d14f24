import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FieldScan } from '../../src/fieldScan.js';
import { loadResult, loadScan, saveScan } from '../../src/formats/node.js';
import { fieldScan } from '../comparison/support.js';
import { emptyFolder, frameCsv, savart } from './support.js';

const folder = emptyFolder();
const path = (name: string) => join(folder, name);
const noise = 5e-8;
const withCurrent = (scan: FieldScan, amperes: number): FieldScan => ({
  ...scan,
  current: new Float64Array(scan.count).fill(amperes),
});
const background = { bx: 2e-5, bz: -1e-5 };
await saveScan(path('plus.csv'), withCurrent(fieldScan({ current: 2, noise, seed: 1, background }), 2));
await saveScan(path('minus.h5'), withCurrent(fieldScan({ current: -2, noise, seed: 2, background }), -2));
await saveScan(path('off.csv'), fieldScan({ current: 0, noise, seed: 3, background }));
await saveScan(path('far.csv'), fieldScan({ origin: [0.5, 0.5] }));
await saveScan(path('high.csv'), fieldScan({ z: 20e-3 }));
writeFileSync(path('frame.csv'), frameCsv());
writeFileSync(
  path('volts.csv'),
  frameCsv(([, ...rows]) => ['x_mm,y_mm,z_mm,bz_V', ...rows]),
);
savart(['invert', 'frame.csv', '-o', 'frame.h5'], folder);
savart(['invert', 'frame.csv', '--order', '1', '-o', 'other.h5'], folder);

const json = (args: string[]) => JSON.parse(savart(['compare', ...args, '--json'], folder).stdout);

describe('savart compare', () => {
  it('two results: the fields that scripts rely on, table, figure, report and difference', async () => {
    const args = ['-o', 'd.h5', '--figure', 'd.png', '--report', 'd.html'];
    const { status, stdout, stderr } = savart(['compare', 'frame.h5', 'other.h5', '--json', ...args], folder);
    expect(status).toBe(0);
    const printed = JSON.parse(stdout);
    expect(printed).toMatchObject({
      kind: 'results',
      relativeError: expect.any(Number),
      rmse: expect.any(Number),
      correlation: expect.any(Number),
      maxAbs: expect.any(Number),
      unit: 'A/m',
      ssim: expect.any(Number),
      where_mm: { x: expect.any(Number), y: expect.any(Number), z: 0 },
      registration: { applied: false, shift_mm: { x: expect.any(Number) }, shiftErrors_mm: { x: expect.any(Number) } },
      chi2: expect.any(Number),
      overlap: 1,
      out: 'd.h5',
    });
    const [a, b, d] = [
      await loadResult(path('frame.h5')),
      await loadResult(path('other.h5')),
      await loadResult(path('d.h5')),
    ];
    const [first, second] = [a.sheets[0], b.sheets[0]];
    let [difference, norm] = [0, 0];
    for (let p = 0; p < first.kx.length; p++) {
      difference += (first.kx[p] - second.kx[p]) ** 2 + (first.ky[p] - second.ky[p]) ** 2;
      norm += second.kx[p] ** 2 + second.ky[p] ** 2;
    }
    expect(printed.relativeError).toBeCloseTo(Math.sqrt(difference / norm), 12);
    expect(d.sheets[0].kx[100]).toBeCloseTo(first.kx[100] - second.kx[100], 12);
    expect(d.process.inputs.map(input => input.name)).toEqual(['frame.h5', 'other.h5']);
    expect(readFileSync(path('d.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(readFileSync(path('d.html'), 'utf8')).toContain('What this comparison could and could not have seen');
    for (const text of ['Relative error', 'Shift of B along x', 'Wrote d.h5']) expect(stderr).toContain(text);
  });

  it('a result or scan with itself is equal', () => {
    expect(json(['frame.h5', 'frame.h5'])).toMatchObject({ relativeError: 0, correlation: 1, ssim: 1, chi2: 0 });
    expect(json(['plus.csv', 'plus.csv'])).toMatchObject({ relativeError: 0, rmse: 0, maxAbs: 0, by: 'samples' });
    expect(savart(['compare', 'frame.h5', 'frame.h5'], folder).stdout).toContain('A and B are equal');
  });

  it('scans at +I and -I: odd and even part, antisymmetry, linearity', async () => {
    const printed = json(['plus.csv', 'minus.h5', '--odd', 'odd.csv', '--even', 'even.h5', '--figure', 'f.svg']);
    expect(printed).toMatchObject({ kind: 'scans', by: 'samples', unit: 'T', reversed: true, currentRatio: -1 });
    expect(Math.abs(printed.linearity - 1)).toBeLessThan(4 * printed.linearityError);
    const [odd, even] = [await loadScan(path('odd.csv')), await loadScan(path('even.h5'))];
    const pure = fieldScan({ current: 2 });
    const rms = (values: Float64Array, of: (i: number) => number) =>
      Math.sqrt(values.reduce((sum, v, i) => sum + (v - of(i)) ** 2, 0) / values.length);
    expect(rms(odd.components.bz!.values, i => pure.components.bz!.values[i])).toBeLessThan(noise);
    expect(rms(even.components.bx!.values, () => background.bx)).toBeLessThan(noise);
    expect(odd.components.bz!.sigma![0]).toBeCloseTo(noise / Math.SQRT2, 12);
    expect(readFileSync(path('f.svg'), 'utf8')).toContain('Even part');
    const without = json(['plus.csv', 'minus.h5', '--reference', 'off.csv']);
    expect(without.antisymmetry).toBeLessThan(printed.antisymmetry / 10);
  });

  it('is applied where it was asked for: --register', () => {
    const shifted = savart(['compare', 'plus.csv', 'plus.csv', '--register', 'rigid', '--json'], folder);
    expect(JSON.parse(shifted.stdout).registration.applied).toBe(false);
    expect(shifted.stderr).toContain('not significant');
  });
});

describe('what cannot be compared ends with one sentence', () => {
  const table: [string, string[], number, RegExp][] = [
    ['a scan against a result', ['plus.csv', 'frame.h5'], 1, /plus\.csv: is a scan, but frame\.h5 is a result; /],
    ['a result against a scan', ['frame.h5', 'plus.csv'], 1, /plus\.csv: is a scan, but frame\.h5 is a result; /],
    ['no overlap', ['plus.csv', 'far.csv'], 1, /do not overlap.*; /],
    ['different heights', ['plus.csv', 'high.csv'], 1, /z = 8 mm, B at 20 mm; /],
    ['different units', ['frame.csv', 'volts.csv'], 1, /volts\.csv.*; /],
    ['a missing file', ['plus.csv', 'nowhere.csv'], 1, /nowhere\.csv: there is no such file; /],
    ['a reference for results', ['frame.h5', 'other.h5', '--reference', 'off.csv'], 1, /only scans.*; /],
    ['odd part of results', ['frame.h5', 'other.h5', '--odd', 'never.csv'], 2, /--odd and --even are for scans; /],
    ['the background of results', ['frame.h5', 'other.h5', '--background', 'fit'], 2, /--background is for scans; /],
    ['one argument', ['plus.csv'], 2, /missing required argument/],
    ['a registration of another kind', ['plus.csv', 'plus.csv', '--register', 'affine'], 2, /shift, rigid, similarity/],
    ['an output that is an input', ['plus.csv', 'minus.h5', '-o', 'minus.h5'], 2, /is an input/],
    ['the difference of results as a picture', ['frame.h5', 'other.h5', '-o', 'never.csv'], 2, /end its name in/],
  ];
  it.each(table)('%s', (_, args, code, sentence) => {
    const { status, stdout, stderr } = savart(['compare', ...args, '--json'], folder);
    expect(status).toBe(code);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('    at ');
    expect(JSON.parse(stdout).error.message.length).toBeGreaterThan(5);
    expect(existsSync(path('never.csv'))).toBe(false);
  });
});
