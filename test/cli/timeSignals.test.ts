import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FieldScan } from '../../src/fieldScan.js';
import { convolutionOperator } from '../../src/forward/index.js';
import { formatScan, parseResult } from '../../src/index.js';
import { random } from '../../src/random.js';
import { emptyFolder, savart } from './support.js';

const folder = emptyFolder();
const path = (name: string) => join(folder, name);
const SIDE = 15;
const LATTICE = { x0: -50e-3, y0: -50e-3, pitch: 2e-3, nx: 51, ny: 51 };
const rng = random(4);
const at = (pick: (ix: number, iy: number) => number) =>
  Float64Array.from({ length: SIDE ** 2 }, (_, i) => pick(i % SIDE, Math.floor(i / SIDE)));
const place = { x: at(ix => (ix - 7) * 6e-3), y: at((_, iy) => (iy - 7) * 6e-3), z: at(() => 7e-3) };

/** Bx, By, Bz of a vortex of 1 A about (x, 0). */
function vortex(x: number): Float64Array[] {
  const psi = Float64Array.from({ length: LATTICE.nx * LATTICE.ny }, (_, i) => {
    const [u, v] = [
      LATTICE.x0 + (i % LATTICE.nx) * LATTICE.pitch,
      LATTICE.y0 + Math.floor(i / LATTICE.nx) * LATTICE.pitch,
    ];
    return Math.exp(-0.5 * (((u - x) / 10e-3) ** 2 + (v / 12e-3) ** 2));
  });
  return [0, 1, 2].map(axis => {
    const along = (k: number) => at(() => (k === axis ? 1 : 0));
    const out = at(() => 0);
    const sheet = { lattice: LATTICE, z0: 0 };
    convolutionOperator(sheet, { ...place, nx: along(0), ny: along(1), nz: along(2) }).apply(psi, out);
    return out;
  });
}

const [left, right] = [vortex(-14e-3), vortex(14e-3)];
const components = (values: (c: number) => Float64Array, quadrature?: (c: number) => Float64Array) => {
  const of = (c: number) => ({ values: values(c), ...(quadrature ? { quadrature: quadrature(c) } : {}) });
  return { bx: of(0), by: of(1), bz: of(2) };
};
const noisy = (values: Float64Array, sigma: number) => values.map(v => v + sigma * rng.normal());

describe('savart invert of a lock-in scan', () => {
  it('is told by its columns, maps amplitude and phase, and warns of the skin depth', async () => {
    const turned = 40 * (Math.PI / 180);
    const scan: FieldScan = {
      count: SIDE ** 2,
      ...place,
      sigma: 5e-9,
      components: components(
        c =>
          noisy(
            left[c].map(v => Math.cos(turned) * v),
            5e-9,
          ),
        c =>
          noisy(
            left[c].map(v => Math.sin(turned) * v),
            5e-9,
          ),
      ),
    };
    writeFileSync(path('ac.csv'), await formatScan(scan, 'csv'));
    writeFileSync(path('cell.yaml'), 'name: c\noutline_mm: {width: 90, height: 90}\nthickness_mm: 12\n');
    const [out, figure, report] = ['ac.h5', 'ac.png', 'ac.html'].map(path);
    const files = ['-o', out, '--figure', figure, '--report', report];
    const more = ['--method', 'fourier', '--cell', path('cell.yaml'), '--frequency-Hz', '400', '--json'];
    const { status, stdout, stderr } = savart(['invert', path('ac.csv'), ...files, ...more]);
    expect(status).toBe(0);
    expect(Math.abs(JSON.parse(stdout).phase_deg - 40)).toBeLessThan(0.5);
    expect(stderr).toMatch(/not thin against the skin depth at 400 Hz/);
    const { quadrature, phase } = await parseResult(readFileSync(out));
    expect(quadrature!.length).toBe(1);
    expect(phase!).toBeCloseTo(turned, 2);
    expect(readFileSync(report, 'utf8')).toMatch(/Error of the phase/);
    expect(readFileSync(figure).length).toBeGreaterThan(1e4);
  });
});

describe('savart invert of records after a load step', () => {
  it('finds the time constant of each side, with errors that hold, and maps the current', async () => {
    const moments = 60;
    const largest = Math.max(...left.flatMap(v => [...v].map(Math.abs)));
    const sigma = largest / 20;
    const all = (pick: (p: number, t: number) => number) =>
      Float64Array.from({ length: moments * SIDE ** 2 }, (_, i) => pick(i % SIDE ** 2, 3 * Math.floor(i / SIDE ** 2)));
    const scan: FieldScan = {
      count: moments * SIDE ** 2,
      x: all(p => place.x[p]),
      y: all(p => place.y[p]),
      z: all(p => place.z[p]),
      time: all((_, t) => t),
      components: components(c =>
        all((p, t) => left[c][p] * Math.exp(-t / 25) - right[c][p] * Math.exp(-t / 40) + sigma * rng.normal()),
      ),
    };
    writeFileSync(path('relax.csv'), await formatScan(scan, 'csv'));
    const [out, report] = ['relax.h5', 'relax.html'].map(path);
    const { status, stdout } = savart(['invert', path('relax.csv'), '-o', out, '--report', report, '--json']);
    expect(status).toBe(0);
    const { relaxation } = JSON.parse(stdout);
    expect(relaxation.places).toBe(SIDE ** 2);
    for (const { x_mm, y_mm, tau_s, error_s } of relaxation.records) {
      if (Math.abs(y_mm) > 12 || Math.abs(Math.abs(x_mm) - 18) > 3) continue;
      const truth = x_mm < 0 ? 25 : 40;
      expect(Math.abs(tau_s[0] - truth)).toBeLessThan(Math.max(0.1 * truth, 4 * error_s[0]));
      expect(error_s[0] / truth).toBeLessThan(0.1);
    }
    expect(readFileSync(report, 'utf8')).toMatch(/Time constant of the relaxation/);
  });
});
