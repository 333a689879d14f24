import { describe, expect, it } from 'vitest';
import { type AnalyticCase, buried, centredGrid, cut, measured, planePoints } from '../../bench/analyticCases.js';
import { type Inversion, invertScan } from '../../inversion/invertScan.js';
import { statements } from '../../inversion/statements.js';
import type { AxisName } from '../../src/fieldMap.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { random } from '../../src/random.js';

const grid = centredGrid(64, 4e-3);

/** A scan as a bench would record it: samples in serpentine order, some of them missing. */
function scanOf(truth: AnalyticCase, components: AxisName[], keep: (i: number) => boolean = () => true): FieldScan {
  const map = measured(truth, components, 0.01, 1);
  const points = planePoints(grid, truth.z);
  const order = Array.from({ length: 64 * 64 }, (_, k) => {
    const row = Math.floor(k / 64);
    return row * 64 + (row % 2 === 0 ? k % 64 : 63 - (k % 64));
  }).filter(keep);
  const take = (values: Float64Array) => Float64Array.from(order, i => values[i]);
  return {
    count: order.length,
    x: take(points.x),
    y: take(points.y),
    z: take(points.z),
    components: Object.fromEntries(components.map(name => [name, { values: take(map.components[name]!) }])),
  };
}

/** Rms of the residual of the samples that were kept, in sigma. */
function rmsResidual({ residual }: Inversion): number {
  const values = residual.components.bz!.filter((_, i) => residual.rejected[i] === 0);
  return Math.sqrt(values.reduce((sum, r) => sum + r * r, 0) / values.length);
}

describe('from a scan to a map', () => {
  const truth = buried(8e-3, grid);
  const whole = invertScan(scanOf(truth, ['bz']));

  it('leaves a residual of one sigma, less what the map spends: rms^2 = 1 - degrees / readings', () => {
    const expected = Math.sqrt(1 - whole.solution.degrees / whole.samples);
    expect(rmsResidual(whole) / expected).toBeGreaterThan(0.95);
    expect(rmsResidual(whole) / expected).toBeLessThan(1.05);
  });

  it('says nothing where nothing was measured, and the same elsewhere', () => {
    const hole = (i: number) => Math.hypot((i % 64) - 50, Math.floor(i / 64) - 50) > 8;
    const holed = invertScan(scanOf(truth, ['bz'], hole));
    expect(holed.sheet.kx[50 * 64 + 50]).toBeNaN();
    expect(holed.sheet.kxErrors![50 * 64 + 50]).toBeNaN();
    const at = 25 * 64 + 30;
    expect(Math.abs(holed.sheet.kx[at] - whole.sheet.kx[at])).toBeLessThan(whole.sheet.kxErrors![at]);
    expect(holed.samples).toBeLessThan(whole.samples);
  });

  it('rejects spikes, and nothing but spikes', () => {
    expect(whole.rejected).toBe(0);
    const spiked = scanOf(truth, ['bz']);
    const rng = random(3);
    const hit = new Set(Array.from({ length: 20 }, () => Math.floor(rng.uniform() * spiked.count)));
    const { values } = spiked.components.bz!;
    const most = values.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    for (const i of hit) values[i] += most;
    const found = invertScan(spiked);
    const flagged = Array.from(found.residual.rejected.keys()).filter(i => found.residual.rejected[i] === 1);
    expect(flagged.sort((a, b) => a - b)).toEqual([...hit].sort((a, b) => a - b));
    expect(found.solution.sigma / whole.solution.sigma).toBeCloseTo(1, 1);
  });
});

describe('what is said about a map', () => {
  const said = statements(invertScan(scanOf(buried(8e-3, grid), ['bz'])));

  it('the answer comes first, with its error and resolution', () => {
    expect(said.verdict[0]).toMatch(/A\/m.*standard error.*resolution of .*mm/);
    expect(said.warnings).toEqual([]);
  });

  it('names what one plane of Bz cannot tell', () => {
    expect(said.canSee.join(' ')).toMatch(/Only Bz was measured/);
    const all = statements(invertScan(scanOf(cut(8e-3, grid), ['bx', 'by', 'bz'])));
    expect(all.canSee.join(' ')).not.toMatch(/Only Bz was measured/);
  });

  it('warns where the window cuts the field off', () => {
    expect(statements(invertScan(scanOf(cut(8e-3, grid), ['bz']))).warnings.join(' ')).toMatch(/cuts the field off/);
  });

  it('warns where the residual is larger than the stated noise', () => {
    const scan = scanOf(buried(8e-3, grid), ['bz']);
    const sigma = invertScan(scan).solution.sigma;
    expect(statements(invertScan({ ...scan, sigma: sigma / 2 })).warnings.join(' ')).toMatch(/chi2/);
    expect(statements(invertScan({ ...scan, sigma })).warnings).toEqual([]);
  });
});
