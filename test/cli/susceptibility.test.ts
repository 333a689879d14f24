import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dischargeCase, SENSORS } from '../../bench/hotSpot.js';
import { simulateSlab } from '../../bench/slabCases.js';
import { formatScan, parseSusceptibility } from '../../src/index.js';
import { emptyFolder, savart } from './support.js';

const folder = emptyFolder();
const path = (name: string) => join(folder, name);
const CELL = 'name: d\noutline_mm: {width: 40, height: 60}\nthickness_mm: 4\n';
writeFileSync(path('cell.yaml'), `${CELL}applied_field_uT: [0, 0, 100]\n`);
writeFileSync(path('dark.yaml'), CELL);
for (const soc of [0, 1]) {
  const { scan } = simulateSlab(dischargeCase(soc, SENSORS.opm, soc, 7e-3));
  const bytes = await formatScan({ ...scan, soc: new Float64Array(scan.count).fill(soc) }, 'csv');
  writeFileSync(path(`soc${soc}.csv`), bytes);
}
const invert = (...more: string[]) => savart(['invert', path('soc0.csv'), '--target', 'susceptibility', ...more]);

describe('savart invert --target susceptibility', () => {
  it('writes a result that reads back, a figure and a report, and tells the mean in JSON', async () => {
    const [out, report, figure] = ['chi.h5', 'chi.html', 'chi.png'].map(path);
    const more = ['--pitch-mm', '5', '-o', out, '--report', report, '--figure', figure, '--json'];
    const { status, stdout } = invert('--cell', path('cell.yaml'), ...more);
    expect(status).toBe(0);
    const said = JSON.parse(stdout);
    expect(said.target).toBe('susceptibility');
    expect(Math.abs(said.mean - 251e-6)).toBeLessThan(2e-6);
    expect(said.offsets.length).toBe(3);
    const { map, process } = await parseSusceptibility(readFileSync(out));
    expect(map.chi.length).toBe(8 * 12);
    expect(map.chiErrors!.every(v => v > 0)).toBe(true);
    expect(process.parameters.target).toBe('susceptibility');
    const html = readFileSync(report, 'utf8');
    for (const text of ['ppm', 'What this scan could and could not have seen']) expect(html).toContain(text);
    expect(readFileSync(figure).length).toBeGreaterThan(1e4);
  });

  it('says what is missing and what does not belong', () => {
    expect(invert('--cell', path('dark.yaml')).stderr).toMatch(/no applied field.*--field-uT/);
    expect(invert().stderr).toMatch(/needs outline, thickness and applied field.*--cell/);
    expect(invert('--cell', path('cell.yaml'), '--order', '2').stderr).toMatch(
      /--order is an option of maps of the current/,
    );
    expect(invert('--cell', path('cell.yaml'), '--field-uT=1,2').stderr).toMatch(/three numbers/);
    expect(savart(['invert', path('soc0.csv'), '--prior', 'smooth']).status).toBe(2);
  });
});

describe('savart series', () => {
  it('tells the change and the hot spot, and refuses scans without the column', () => {
    const scans = [path('soc1.csv'), path('soc0.csv')];
    const common = ['--cell', path('cell.yaml'), '--pitch-mm', '5', '-o', path('stack.h5')];
    const { status, stdout } = savart(['series', ...scans, '--by', 'soc', ...common, '--json']);
    expect(status).toBe(0);
    const said = JSON.parse(stdout);
    expect(said.reference).toBe('soc1.csv');
    expect(Math.abs(said.states[0].change - 100.6e-6)).toBeLessThan(2e-6);
    expect(Math.hypot(said.hotSpots[0].x_mm - 27, said.hotSpots[0].y_mm - 22)).toBeLessThan(4);
    expect(savart(['series', ...scans, '--by', 'temperature_C', ...common]).stderr).toMatch(
      /does not say its temperature_C/,
    );
    expect(savart(['series', scans[0], '--by', 'soc', ...common]).status).toBe(2);
  });

  it('stacks measured maps without a cell, and results with --at, with changes to the reference', async () => {
    const scans = [path('soc1.csv'), path('soc0.csv')];
    const files = ['-o', path('maps.h5'), '--report', path('maps.html'), '--figure', path('maps.png')];
    const { status, stdout } = savart(['series', ...scans, '--by', 'soc', ...files, '--json']);
    expect(status).toBe(0);
    const said = JSON.parse(stdout);
    expect(said.layers).toEqual(['bx', 'by', 'bz']);
    expect(said.states.map((s: { at: number }) => s.at)).toEqual([0, 1]);
    expect(said.states[1].rmsChange).toBe(0);
    const [a, b] = [1, 0].map(soc => simulateSlab(dischargeCase(soc, SENSORS.opm, soc, 7e-3)).scan);
    const square = (['bx', 'by', 'bz'] as const).reduce((sum, name) => {
      const other = a.components[name]!.values;
      return sum + b.components[name]!.values.reduce((s, v, i) => s + (v - other[i]) ** 2, 0);
    }, 0);
    expect(said.states[0].rmsChange / Math.sqrt(square / a.count)).toBeCloseTo(1, 6);
    expect(readFileSync(path('maps.png')).length).toBeGreaterThan(1e4);
    for (const soc of [0, 1])
      savart(['invert', path(`soc${soc}.csv`), '--method', 'fourier', '-o', path(`k${soc}.h5`)]);
    const results = [path('k1.h5'), path('k0.h5')];
    expect(savart(['series', ...results, '--by', 't_s']).stderr).toMatch(/does not say its t_s.*--at/);
    const currents = savart(['series', ...results, '--by', 't_s', '--at', '0,60', '--json']);
    expect(JSON.parse(currents.stdout)).toMatchObject({ unit: 'A/m', layers: ['Kx', 'Ky'], reference: 'k1.h5' });
    expect(savart(['series', ...scans, '--by', 'soc', '--prior', 'smooth']).stderr).toMatch(/of the susceptibility/);
  });
});
