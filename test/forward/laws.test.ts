import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dipoleField,
  positionsOf,
  rectangleBetween,
  rectangleLoopField,
  zeroField,
} from '../../src/biotSavart/index.js';
import {
  convolutionOperator,
  directReadings,
  type ForwardOptions,
  type Readings,
  type Sheet,
} from '../../src/forward/index.js';
import { random } from '../../src/random.js';
import {
  bumps,
  centred,
  difference,
  largest,
  normals,
  type Point,
  SEEDED,
  scattered,
  vectorReadings,
} from './support.js';

const PITCH = 1e-3;

function readingsBy(sheet: Sheet, readings: Readings, psi: Float64Array, options: ForwardOptions = {}): Float64Array {
  const out = new Float64Array(readings.x.length);
  convolutionOperator(sheet, readings, options).apply(psi, out);
  return out;
}

/** Readings bx, by, bz of each point, of a closed form. */
function closedForm(
  points: readonly Point[],
  source: (p: ReturnType<typeof positionsOf>, out: ReturnType<typeof zeroField>) => void,
) {
  const out = zeroField(points.length);
  source(positionsOf(points), out);
  return Float64Array.from(points.flatMap((_, i) => [out.bx[i], out.by[i], out.bz[i]]));
}

const worst = (a: Float64Array, b: Float64Array) => largest(difference(a, b)) / largest(b);

describe('a box of psi is a current loop', () => {
  const [nx, ny] = [17, 11];
  const sheet = { lattice: centred(nx, ny, PITCH), z0: 2e-3 };
  const loop = rectangleBetween((-nx / 2) * PITCH, (-ny / 2) * PITCH, (nx / 2) * PITCH, (ny / 2) * PITCH, sheet.z0);
  const psi = new Float64Array(nx * ny).fill(1.7);

  it.each([0.5, 1, 2, 5, 20])('tiles at %s pitches, above and below', standoff => {
    for (const side of [1, -1]) {
      const h = standoff * PITCH;
      const points = scattered(60, 0.015, 0.012, h, h, random(3)).map(
        ([x, y, z]): Point => [x, y, sheet.z0 + side * z],
      );
      const expected = closedForm(points, (p, out) => rectangleLoopField(p, loop, 1.7, out));
      const readings = vectorReadings(points);
      const direct = new Float64Array(expected.length);
      directReadings(sheet, readings, psi, direct, { kernel: 'tile' });
      expect(worst(direct, expected)).toBeLessThan(1e-12);
      expect(worst(readingsBy(sheet, readings, psi, { kernel: 'tile' }), expected)).toBeLessThan(1e-5);
    }
  });

  it('dipoles agree up to (pitch / h)^2 / 4, the price of a psi that jumps', () => {
    for (const standoff of [3, 6, 12]) {
      const points = scattered(60, 0.015, 0.012, standoff * PITCH, standoff * PITCH, random(4));
      const shifted = points.map(([x, y, z]): Point => [x, y, z + sheet.z0]);
      const expected = closedForm(shifted, (p, out) => rectangleLoopField(p, loop, 1.7, out));
      expect(worst(readingsBy(sheet, vectorReadings(shifted), psi, { kernel: 'dipole' }), expected)).toBeLessThan(
        1 / (4 * standoff * standoff),
      );
    }
  });
});

describe('signs', () => {
  const sheet = { lattice: centred(15, 15, PITCH), z0: 0 };
  const psi = new Float64Array(225).fill(1);

  it('right-hand rule: psi > 0 inside has Bz > 0 above and below, and B points away from its axis above', () => {
    const readings = vectorReadings([
      [0, 0, 5e-3],
      [0, 0, -5e-3],
      [8e-3, 0, 5e-3],
      [0, 8e-3, 5e-3],
    ]);
    const b = readingsBy(sheet, readings, psi);
    expect(b[2]).toBeGreaterThan(0);
    expect(b[5]).toBeGreaterThan(0);
    expect(b[6]).toBeGreaterThan(0);
    expect(b[10]).toBeGreaterThan(0);
  });

  it('below the sheet Bx and By are opposite, Bz is the same', () => {
    const points = scattered(30, 9e-3, 9e-3, 4e-3, 7e-3, random(6));
    const above = readingsBy(sheet, vectorReadings(points), psi);
    const below = readingsBy(sheet, vectorReadings(points.map(([x, y, z]): Point => [x, y, -z])), psi);
    expect(
      worst(
        below,
        above.map((v, i) => (i % 3 === 2 ? v : -v)),
      ),
    ).toBeLessThan(1e-13);
  });
});

describe('smooth psi', () => {
  it('dipoles are exact: half the pitch gives the same field', () => {
    const coarse = centred(31, 29, 2e-3);
    const fine = centred(61, 57, 1e-3);
    const gauss = (lattice: typeof coarse) =>
      Float64Array.from({ length: lattice.nx * lattice.ny }, (_, i) => {
        const x = lattice.x0 + (i % lattice.nx) * lattice.pitch;
        const y = lattice.y0 + Math.floor(i / lattice.nx) * lattice.pitch;
        return Math.exp(-((x - 1e-3) ** 2 + y ** 2) / (2 * 4e-3 ** 2));
      });
    const readings = vectorReadings(scattered(50, 0.02, 0.02, 6e-3, 6e-3, random(8)));
    const a = readingsBy({ lattice: coarse, z0: 0 }, readings, gauss(coarse));
    const b = readingsBy({ lattice: fine, z0: 0 }, readings, gauss(fine));
    expect(worst(a, b)).toBeLessThan(1e-5);
  });

  it('far away it is a dipole with the moment of its integral', () => {
    const lattice = centred(25, 25, PITCH);
    const psi = bumps(lattice, random(9)).map(Math.abs);
    const moment = psi.reduce((sum, v) => sum + v, 0) * PITCH * PITCH;
    let [mx, my] = [0, 0];
    psi.forEach((v, i) => {
      mx += (v * (lattice.x0 + (i % 25) * PITCH) * PITCH * PITCH) / moment;
      my += (v * (lattice.y0 + Math.floor(i / 25) * PITCH) * PITCH * PITCH) / moment;
    });
    const points: Point[] = [
      [0.05, -0.03, 0.6],
      [-0.1, 0.1, 0.5],
      [0.02, 0.08, 0.7],
    ];
    const expected = closedForm(points, (p, out) => dipoleField(p, [mx, my, 0], [0, 0, moment], out));
    expect(worst(readingsBy({ lattice, z0: 0 }, vectorReadings(points), psi), expected)).toBeLessThan(1e-3);
  });
});

describe('linearity', () => {
  it('fields superpose', () => {
    const sheet = { lattice: centred(20, 14, PITCH), z0: 0 };
    const rng = random(10);
    const readings = vectorReadings(scattered(40, 0.02, 0.01, 3e-3, 5e-3, rng));
    const [a, b] = [normals(280, rng), normals(280, rng)];
    const sum = readingsBy(
      sheet,
      readings,
      a.map((v, i) => 2 * v - 3 * b[i]),
    );
    const [fa, fb] = [readingsBy(sheet, readings, a), readingsBy(sheet, readings, b)];
    expect(
      worst(
        sum,
        fa.map((v, i) => 2 * v - 3 * fb[i]),
      ),
    ).toBeLessThan(1e-12);
  });

  it('moving sheet and readings together changes nothing', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (seed, dx, dz) => {
          const rng = random(seed);
          const lattice = centred(13, 16, PITCH);
          const psi = normals(208, rng);
          const points = scattered(20, 0.01, 0.01, 5e-3, 6e-3, rng);
          const moved = { lattice: { ...lattice, x0: lattice.x0 + dx, y0: lattice.y0 - dx }, z0: dz };
          const b = readingsBy({ lattice, z0: 0 }, vectorReadings(points), psi);
          const bMoved = readingsBy(
            moved,
            vectorReadings(points.map(([x, y, z]): Point => [x + dx, y - dx, z + dz])),
            psi,
          );
          expect(worst(bMoved, b)).toBeLessThan(1e-9);
        },
      ),
      SEEDED,
    );
  });

  it('turning sheet and readings by a right angle turns the field', () => {
    const n = 12;
    const sheet = { lattice: centred(n, n, PITCH), z0: 0 };
    const rng = random(11);
    const psi = normals(n * n, rng);
    const turned = psi.map((_, i) => psi[(n - 1 - (i % n)) * n + Math.floor(i / n)]);
    const points = scattered(20, 0.01, 0.01, 5e-3, 5e-3, rng);
    const b = readingsBy(sheet, vectorReadings(points), psi);
    const bTurned = readingsBy(sheet, vectorReadings(points.map(([x, y, z]): Point => [-y, x, z])), turned);
    const expected = b.map((v, i) => (i % 3 === 0 ? -b[i + 1] : i % 3 === 1 ? b[i - 1] : v));
    expect(worst(bTurned, expected)).toBeLessThan(1e-11);
  });
});
