import { describe, expect, it } from 'vitest';
import { buried, centredGrid, cut, frame, measured, planePoints } from '../../../bench/analyticCases.js';
import {
  type FourierOptions,
  type FourierSolution,
  fourierInversion,
} from '../../../inversion/fourier/fourierInversion.js';
import { type Strip, stripField, zeroField } from '../../../src/biotSavart/index.js';
import { NumericalError } from '../../../src/errors.js';
import { AXES, type AxisName, type FieldMap } from '../../../src/fieldMap.js';
import { dot, expectBelow, mapComponents, normals, relativeError, rms } from './support.js';

const grid = centredGrid(64, 4e-3);
const LEAD_CURRENT = 5;

/** A lead of 50 mm width that runs straight through the window along x and ends far away; 5 A. */
function lead(components: readonly AxisName[], seed: number): FieldMap {
  const points = planePoints(grid, 10e-3);
  const field = zeroField(points.x.length);
  const strip: Strip = { from: [-2, 0.02, 0], to: [2, 0.02, 0], width_m: 0.05, normal: [0, 0, 1] };
  stripField(points, strip, LEAD_CURRENT, field);
  return measured({ name: 'lead', grid, z: 10e-3, kx: field.bx, ky: field.by, field }, components, 0.01, seed);
}

const maps: readonly { name: string; map: FieldMap; closes: boolean }[] = [
  { name: 'frame, Bz', map: measured(frame(10e-3, 0, grid), ['bz'], 0.01, 1), closes: true },
  { name: 'cut, Bx and By', map: measured(cut(10e-3, grid), ['bx', 'by'], 0.01, 4), closes: true },
  { name: 'cut, all components', map: measured(cut(10e-3, grid), AXES, 0.01, 4), closes: true },
  { name: 'lead, Bz', map: lead(['bz'], 5), closes: false },
];

/** The current of b is that of a, both components together. */
function currentDifference(a: FourierSolution['current'], b: FourierSolution['current']): number {
  return relativeError([...a.kx, ...a.ky], [...b.kx, ...b.ky]);
}

function sameChoices(a: FourierSolution, b: FourierSolution): void {
  expect(a.order).toBe(b.order);
  expect(a.exterior).toBe(b.exterior);
  expect(a.choice.by).toBe(b.choice.by);
  expect(a.converged).toBe(true);
}

for (const { name, map, closes } of maps) {
  const { nx, ny, dx, dy, x0, y0 } = map.grid;
  const solution = fourierInversion(map);

  it(`${name}: the current ${closes ? 'closes beyond the rim' : 'goes on beyond the rim'}`, () => {
    expect(solution.exterior === 'closed').toBe(closes);
  });

  describe(`${name}: what must not matter does not`, () => {
    it('the scale of the field: K, psi, errors and background follow it, lambda and the choices stay', () => {
      for (const scale of [2 ** 20, 1e-9, -3]) {
        const scaled = fourierInversion({ ...map, components: mapComponents(map, v => v.map(b => scale * b)) });
        sameChoices(scaled, solution);
        expectBelow(Math.abs(scaled.lambda / solution.lambda - 1), 1e-6);
        expectBelow(
          relativeError(
            scaled.current.kx,
            solution.current.kx.map(v => scale * v),
          ),
          1e-6,
        );
        expectBelow(
          relativeError(
            scaled.psi,
            solution.psi.map(v => scale * v),
          ),
          1e-6,
        );
        expectBelow(
          relativeError(
            scaled.errors.kx,
            solution.errors.kx.map(v => Math.abs(scale) * v),
          ),
          1e-6,
        );
        expectBelow(Math.abs(scaled.sigma / Math.abs(scale) / solution.sigma - 1), 1e-6);
        expectBelow(Math.abs(scaled.resolution.x / solution.resolution.x - 1), 1e-6);
      }
    });

    it('the unit of length: K stays for the same field, psi and the resolution scale, lambda with length^(2p - 2)', () => {
      for (const scale of [2 ** -10, 1e-3, 7]) {
        const small = fourierInversion({
          ...map,
          z: scale * map.z,
          grid: { nx, ny, x0: scale * x0, y0: scale * y0, dx: scale * dx, dy: scale * dy },
        });
        sameChoices(small, solution);
        expectBelow(Math.abs(small.lambda / solution.lambda / scale ** (2 * solution.order - 2) - 1), 1e-6);
        expectBelow(currentDifference(small.current, solution.current), 1e-6);
        expectBelow(relativeError(small.errors.ky, solution.errors.ky), 1e-6);
        expectBelow(
          relativeError(
            small.psi,
            solution.psi.map(v => scale * v),
          ),
          1e-6,
        );
        expectBelow(Math.abs(small.resolution.y / solution.resolution.y / scale - 1), 1e-6);
      }
    });

    it('where the origin lies, and how sheet and sensors are moved together', () => {
      const moved = fourierInversion(
        { ...map, z: map.z - 0.25, grid: { ...map.grid, x0: x0 + 3, y0: -y0 } },
        { sheetZ: -0.25 },
      );
      expectBelow(currentDifference(moved.current, solution.current), 1e-9);
      expectBelow(Math.abs(moved.height / map.z - 1), 1e-12);
      expect(moved.grid.x0).toBe(x0 + 3);
    });

    it('a constant added to each component, where a background is fitted: it is found', () => {
      const constants = { bx: 3e-5, by: -2e-5, bz: 4e-5 };
      const plain = fourierInversion(map, { background: true });
      const shifted = fourierInversion(
        { ...map, components: mapComponents(map, (v, axis) => v.map(b => b + constants[axis])) },
        { background: true },
      );
      sameChoices(shifted, plain);
      expectBelow(currentDifference(shifted.current, plain.current), 1e-6);
      expectBelow(relativeError(shifted.errors.kx, plain.errors.kx), 1e-6);
      for (const axis of AXES) {
        if (map.components[axis] === undefined) continue;
        expectBelow(Math.abs(shifted.background[axis]! - plain.background[axis]! - constants[axis]), 1e-6 * 2e-5, axis);
      }
    });

    it('the side from which the sheet is measured: below it Bx and By have the other sign', () => {
      const below: FieldMap = {
        ...map,
        z: -map.z,
        components: mapComponents(map, (v, axis) => (axis === 'bz' ? v : v.map(b => -b))),
      };
      expectBelow(currentDifference(fourierInversion(below).current, solution.current), 1e-12);
    });

    it('the direction of x: K is a vector, B an axial one, so a mirror turns By, Bz and Kx over', () => {
      const mirrored = (v: Float64Array, sign: number) => v.map((_, i) => sign * v[i - (i % nx) + nx - 1 - (i % nx)]);
      const mirror = fourierInversion({
        ...map,
        components: mapComponents(map, (v, axis) => mirrored(v, axis === 'bx' ? 1 : -1)),
      });
      sameChoices(mirror, solution);
      const { kx, ky } = solution.current;
      expectBelow(currentDifference(mirror.current, { kx: mirrored(kx, -1), ky: mirrored(ky, 1) }), 1e-6);
      expectBelow(relativeError(mirror.psi, mirrored(solution.psi, -1)), 1e-6);
    });

    it('the direction from which one looks: a quarter turn of the map turns K', () => {
      // The point (x, y) goes to (-y, x): column nx - 1 - iy of row ix.
      const turned = (v: Float64Array, sign = 1) => {
        const out = new Float64Array(v.length);
        for (let i = 0; i < v.length; i++) out[(i % nx) * nx + nx - 1 - Math.floor(i / nx)] = sign * v[i];
        return out;
      };
      const { bx, by, bz } = map.components;
      const turn = fourierInversion({
        ...map,
        components: {
          ...(bx === undefined ? {} : { by: turned(bx) }),
          ...(by === undefined ? {} : { bx: turned(by, -1) }),
          ...(bz === undefined ? {} : { bz: turned(bz) }),
        },
      });
      sameChoices(turn, solution);
      const { kx, ky } = solution.current;
      expectBelow(currentDifference(turn.current, { kx: turned(ky, -1), ky: turned(kx) }), 1e-6);
      expectBelow(relativeError(turn.errors.kx, turned(solution.errors.ky)), 1e-6);
    });
  });

  describe(`${name}: the current is conserved`, () => {
    it('through any straight line passes the difference of psi between its ends', () => {
      const { kx, ky } = solution.current;
      const scale = solution.psi.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      for (const line of [2, 17, 40, 61]) {
        for (const [from, to] of [
          [3, 61],
          [10, 33],
        ]) {
          // Upwards through a row: Ky = -d psi/dx; rightwards through a column: Kx = d psi/dy.
          const up = integral(i => ky[line * nx + i], from, to, dx);
          const right = integral(i => kx[i * nx + line], from, to, dy);
          expectBelow(Math.abs(up + solution.psi[line * nx + to] - solution.psi[line * nx + from]) / scale, 5e-3);
          expectBelow(Math.abs(right - solution.psi[to * nx + line] + solution.psi[from * nx + line]) / scale, 5e-3);
        }
      }
    });

    it('nothing stays in any rectangle of pixels', () => {
      const { kx, ky } = solution.current;
      for (const [x1, x2, y1, y2] of [
        [5, 58, 7, 60],
        [20, 30, 10, 44],
        [31, 50, 2, 20],
        [1, 62, 1, 62],
      ]) {
        const right = (x: number) => integral(i => kx[i * nx + x], y1, y2, dy);
        const up = (y: number) => integral(i => ky[y * nx + i], x1, x2, dx);
        const through =
          integral(i => Math.abs(kx[i * nx + x1]) + Math.abs(kx[i * nx + x2]), y1, y2, dy) +
          integral(i => Math.abs(ky[y1 * nx + i]) + Math.abs(ky[y2 * nx + i]), x1, x2, dx);
        expectBelow(Math.abs(right(x2) - right(x1) + up(y2) - up(y1)) / through, 5e-3);
      }
    });
  });

  describe(`${name}: the report`, () => {
    it('fits the readings to their noise, and counts them', () => {
      for (const axis of AXES) {
        const values = map.components[axis];
        expect(solution.fitted[axis] === undefined).toBe(values === undefined);
        if (values === undefined) continue;
        const residual = values.map((v, i) => v - solution.fitted[axis]![i]);
        expectBelow(Math.sqrt(dot(residual, residual) / residual.length) / solution.sigma, 1.1, axis);
      }
      expect(solution.readings).toBe(Object.keys(map.components).length * nx * ny);
      expect(solution.degrees).toBeGreaterThan(20);
      expect(solution.degrees).toBeLessThan(solution.readings / 2);
      expect(solution.chi2).toBeUndefined();
    });

    it('tells how far it has got, from 0 to 1', () => {
      const parts: number[] = [];
      fourierInversion(map, { onProgress: part => parts.push(part) });
      expect(parts[0]).toBe(0);
      expect(parts.at(-1)).toBe(1);
      expect([...parts].sort((a, b) => a - b)).toEqual(parts);
    });
  });
}

/** Integral over the pixel centres from..to, by the trapezoidal rule with end corrections (Gregory), error h^4. */
function integral(f: (i: number) => number, from: number, to: number, step: number): number {
  let sum = 0;
  for (let i = from; i <= to; i++) sum += f(i);
  const end = (at: number, d: number) => (-5 / 8) * f(at) + (1 / 6) * f(at + d) - (1 / 24) * f(at + 2 * d);
  return step * (sum + end(from, 1) + end(to, -1));
}

describe('a lead that runs through the window', () => {
  for (const [components, bound] of [
    [['bz'], 0.05],
    [['bx', 'by'], 0.03],
    [AXES, 0.04],
  ] as const) {
    it(`carries the same current everywhere, nearly the true one, though its ends are out of sight: ${components.join(', ')}`, () => {
      const { current } = fourierInversion(lead(components, 6));
      const totals: number[] = [];
      // The rim itself is less sure.
      for (let ix = 4; ix < grid.nx - 4; ix++) {
        let total = 0;
        for (let iy = 0; iy < grid.ny; iy++) {
          if (Math.abs(grid.y0 + iy * grid.dy - 0.02) < 0.045) total += current.kx[iy * grid.nx + ix] * grid.dy;
        }
        totals.push(total);
      }
      const mean = totals.reduce((sum, v) => sum + v) / totals.length;
      expectBelow(rms(totals.map(v => v - mean)) / mean, 0.02);
      expectBelow(Math.abs(mean / LEAD_CURRENT - 1), bound);
    });
  }
});

describe('superposition', () => {
  it('with every choice made, the map is linear in the readings', () => {
    const options: FourierOptions = { order: 2, lambda: 1e-20, exterior: 0.5, background: false };
    const [a, b] = [frame(10e-3, 0, grid), buried(10e-3, grid)].map(c => measured(c, ['bz'], 0.01, 5));
    const both = { ...a, components: { bz: a.components.bz!.map((v, i) => 2 * v - 0.01 * b.components.bz![i]) } };
    const [ka, kb, kab] = [a, b, both].map(map => fourierInversion(map, options).current.kx);
    expectBelow(
      relativeError(
        kab,
        ka.map((v, i) => 2 * v - 0.01 * kb[i]),
      ),
      1e-10,
    );
  });
});

describe('maps without an answer', () => {
  const flat = (nx: number, ny: number, z: number): FieldMap => ({
    grid: { nx, ny, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 },
    z,
    components: { bz: normals(nx * ny, 1) },
  });

  it('samples in the plane of the sheet', () => {
    expect(() => fourierInversion(flat(16, 16, 0))).toThrow(NumericalError);
    expect(() => fourierInversion(flat(16, 16, 2e-3), { sheetZ: 2e-3 })).toThrow(NumericalError);
  });

  it('fewer than 8 lines, 8 columns or 64 readings', () => {
    for (const [nx, ny] of [
      [7, 40],
      [40, 7],
    ]) {
      expect(() => fourierInversion(flat(nx, ny, 1e-3))).toThrow(NumericalError);
    }
    const gone = flat(20, 20, 1e-3);
    const few = { ...gone, components: { bz: gone.components.bz!.map((v, i) => (i < 63 ? v : Number.NaN)) } };
    expect(() => fourierInversion(few)).toThrow(NumericalError);
  });

  it('no field at all: no current, and no NaN', () => {
    const { current, psi } = fourierInversion({ ...flat(16, 16, 1e-3), components: { bz: new Float64Array(256) } });
    for (const values of [current.kx, current.ky, psi]) expect(values.every(v => v === 0)).toBe(true);
  });
});
