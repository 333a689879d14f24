import { describe, expect, it } from 'vitest';
import { isAlternating, splitPhases, turnedBack } from '../../../inversion/alternating/phases.js';
import { bothByBounded, quadratureByFourier } from '../../../inversion/alternating/quadrature.js';
import { boundedInversion } from '../../../inversion/bounded/boundedInversion.js';
import { invertScan } from '../../../inversion/invertScan.js';
import { amplitudeAndPhase, skinDepth } from '../../../src/alternatingCurrent.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import { convolutionOperator } from '../../../src/forward/index.js';
import { parseCell } from '../../../src/model/parseCell.js';
import { random } from '../../../src/random.js';

const DEGREE = Math.PI / 180;
/** A vortex of 20 mm: psi of a Gaussian hill, A, whose phase differs from that of the whole at one side. */
const SHEET = { lattice: { x0: -60e-3, y0: -60e-3, pitch: 1.5e-3, nx: 81, ny: 81 }, z0: 0 };

/** Lock-in scan at 6 mm of psi e^(i phase), both per node; noise as a part of the largest reading. */
function lockIn(
  psi: (x: number, y: number) => number,
  phase: (x: number, y: number) => number,
  noise: number,
): FieldScan {
  const { lattice } = SHEET;
  const nodes = (pick: (x: number, y: number) => number) =>
    Float64Array.from({ length: lattice.nx * lattice.ny }, (_, i) =>
      pick(lattice.x0 + (i % lattice.nx) * lattice.pitch, lattice.y0 + Math.floor(i / lattice.nx) * lattice.pitch),
    );
  const n = 45;
  const at = (pick: (ix: number, iy: number) => number) =>
    Float64Array.from({ length: n * n }, (_, i) => pick(i % n, Math.floor(i / n)));
  const place = { x: at(ix => (ix - 22) * 3e-3), y: at((_, iy) => (iy - 22) * 3e-3), z: at(() => 6e-3) };
  const rng = random(5);
  const read = (values: Float64Array, axis: number) => {
    const out = new Float64Array(n * n);
    const along = (k: number) => at(() => (k === axis ? 1 : 0));
    convolutionOperator(SHEET, { ...place, nx: along(0), ny: along(1), nz: along(2) }).apply(values, out);
    return out;
  };
  const a = nodes((x, y) => psi(x, y) * Math.cos(phase(x, y)));
  const b = nodes((x, y) => psi(x, y) * Math.sin(phase(x, y)));
  const components = [0, 1, 2].map(axis => ({ values: read(a, axis), quadrature: read(b, axis) }));
  const largest = Math.max(...components.flatMap(c => [...c.values].map(Math.abs)));
  const sigma = noise * largest;
  for (const c of components) {
    for (let i = 0; i < n * n; i++) {
      c.values[i] += sigma * rng.normal();
      c.quadrature[i] += sigma * rng.normal();
    }
  }
  const [bx, by, bz] = components;
  return { count: n * n, ...place, components: { bx, by, bz }, ...(sigma > 0 ? { sigma } : {}) };
}

describe('an alternating current', () => {
  const hill = (x: number, y: number) => 0.5 * Math.exp(-0.5 * ((x / 14e-3) ** 2 + (y / 18e-3) ** 2));
  const uneven = (x: number) => (35 + 6 * Math.tanh(x / 12e-3)) * DEGREE;

  it('is told by its columns, and its phase is turned out and back', () => {
    const scan = lockIn(hill, () => 35 * DEGREE, 0);
    expect(isAlternating(scan)).toBe(true);
    const { phase, inPhase, quadrature } = splitPhases(scan);
    expect(phase).toBeCloseTo(35 * DEGREE, 10);
    const size = Math.max(...inPhase.components.bz!.values);
    expect(Math.max(...quadrature.components.bz!.values.map(Math.abs))).toBeLessThan(1e-12 * size);
    expect(isAlternating(inPhase)).toBe(false);
  });

  it('has its phase found within half a degree by the Fourier method', () => {
    const scan = lockIn(hill, uneven, 1e-3);
    const parts = splitPhases(scan);
    const inversion = invertScan(parts.inPhase);
    const map = turnedBack(inversion.sheet, quadratureByFourier(parts.quadrature, inversion, {}), parts.phase);
    // The true K from psi e^(i phase) by differences.
    const { grid } = map.inPhase;
    const h = 1e-6;
    const k = (part: (v: number) => number, x: number, y: number) => {
      const p = (u: number, v: number) => hill(u, v) * part(uneven(u));
      return [(p(x, y + h) - p(x, y - h)) / (2 * h), -(p(x + h, y) - p(x - h, y)) / (2 * h)];
    };
    const of = (part: (v: number) => number) => {
      const both = Array.from({ length: grid.nx * grid.ny }, (_, i) =>
        k(part, grid.x0 + (i % grid.nx) * grid.dx, grid.y0 + Math.floor(i / grid.nx) * grid.dy),
      );
      return { ...map.inPhase, kx: Float64Array.from(both, v => v[0]), ky: Float64Array.from(both, v => v[1]) };
    };
    const truth = amplitudeAndPhase(of(Math.cos), of(Math.sin), parts.phase);
    const found = amplitudeAndPhase(map.inPhase, map.quadrature, parts.phase);
    const most = Math.max(...truth.amplitude);
    let [square, worst, count] = [0, 0, 0];
    truth.phase.forEach((phase, i) => {
      if (!(truth.amplitude[i] > 0.3 * most)) return;
      const error = Math.abs(found.phase[i] - phase) / DEGREE;
      square += error ** 2;
      worst = Math.max(worst, error);
      count++;
    });
    expect(count).toBeGreaterThan(100);
    expect(Math.sqrt(square / count)).toBeLessThan(0.5);
    expect(worst).toBeLessThan(2);
  });

  it('has no quadrature in a cell whose current is in phase, with one lambda for both parts (bounded)', () => {
    const cell = parseCell(
      'name: c\noutline_mm: {width: 40, height: 60}\nthickness_mm: 4\ncurrent_A: 4\ntabs:\n' +
        '  - {name: positive, at_mm: [[0, 60], [40, 60]], share: 1}\n  - {name: negative, at_mm: [[0, 0], [40, 0]], share: -1}\n',
      'cell.yaml',
    );
    const rng = random(2);
    const n = 400;
    const at = (pick: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => pick(i));
    const x = at(i => (-8 + 3 * (i % 20)) * 1e-3);
    const y = at(i => (-10 + 4 * Math.floor(i / 20)) * 1e-3);
    const h = 7e-3;
    // Endless strip as wide as the cell that carries 4 A towards -y.
    const k = (-2e-7 * 4) / 0.04;
    const bx = x.map(v => k * (Math.atan(v / h) - Math.atan((v - 0.04) / h)));
    const bz = x.map(v => -k * Math.log(Math.hypot(v, h) / Math.hypot(v - 0.04, h)));
    const [c, s] = [Math.cos(0.5), Math.sin(0.5)];
    const noisy = (values: Float64Array, part: number) => values.map(v => part * v + 2e-8 * rng.normal());
    const component = (values: Float64Array) => ({ values: noisy(values, c), quadrature: noisy(values, s) });
    const zero = new Float64Array(n);
    const scan: FieldScan = {
      count: n,
      x,
      y,
      z: at(() => h),
      sigma: 2e-8,
      components: { bx: component(bx), by: component(zero), bz: component(bz) },
    };
    const parts = splitPhases(scan);
    expect(Math.abs(parts.phase - 0.5)).toBeLessThan(2e-3);
    const options = { pitch: 4e-3 };
    const solution = boundedInversion(parts.inPhase, cell, options);
    const both = bothByBounded(parts.inPhase, parts.quadrature, cell, options, solution);
    const rms = (values: Float64Array) => {
      const known = values.filter(v => !Number.isNaN(v));
      return Math.sqrt(known.reduce((sum, v) => sum + v * v, 0) / known.length);
    };
    expect(rms(both.quadrature[0].ky)).toBeLessThan(0.02 * rms(both.inPhase[0].ky));
    const back = turnedBack(both.inPhase[0], both.quadrature[0], parts.phase);
    const { phase } = amplitudeAndPhase(back.inPhase, back.quadrature, parts.phase);
    const errors = phase
      .filter(v => !Number.isNaN(v))
      .map(v => Math.abs(v - 0.5) / DEGREE)
      .sort();
    expect(errors[errors.length >> 1]).toBeLessThan(0.5);
  });

  it('knows the skin depth of copper and aluminium at 10 Hz: 21 and 26 mm', () => {
    expect(1e3 * skinDepth(10, 5.96e7)).toBeCloseTo(20.6, 1);
    expect(1e3 * skinDepth(10, 3.78e7)).toBeCloseTo(25.9, 1);
  });
});
