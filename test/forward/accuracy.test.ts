import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxFootprint, discFootprint } from '../../src/forward/index.js';
import { random } from '../../src/random.js';
import {
  both,
  bumps,
  centred,
  difference,
  interpolationError,
  largest,
  normals,
  scattered,
  vectorReadings,
} from './support.js';

const PITCH = 1e-3;
const RUNS = { seed: 20_240_229, numRuns: 15 };

describe('error against the sum over the nodes, as a fraction of the largest field', () => {
  const sheet = { lattice: centred(41, 37, PITCH), z0: 0 };
  const at = (standoff: number, seed: number, n = 60) =>
    vectorReadings(scattered(n, 0.024, 0.021, standoff * PITCH, standoff * PITCH, random(seed)));

  it.each([3, 3.5, 4, 5, 7, 10])('smooth psi at %s pitches, no refinement: 1e-5', standoff => {
    for (let seed = 0; seed < 3; seed++) {
      const psi = bumps(sheet.lattice, random(seed));
      expect(interpolationError(sheet, at(standoff, seed), psi, { refine: 1 })).toBeLessThan(1e-5);
    }
  });

  it.each([
    [3, 1, 1e-2],
    [4, 1, 1e-3],
    [5, 1, 1e-4],
    [6, 1, 1e-5],
    [8, 1, 1e-6],
    [3, 2, 1e-5],
    [4, 2, 1e-6],
  ])('rough psi (one node; noise) at %s pitches refined %s times: %s', (standoff, refine, bound) => {
    const node = new Float64Array(41 * 37);
    node[18 * 41 + 20] = 1;
    for (const psi of [node, normals(41 * 37, random(1))]) {
      expect(interpolationError(sheet, at(standoff, 2, 150), psi, { refine })).toBeLessThan(bound);
    }
  });

  it('by default 1e-4 for any psi and any standoff, tiles close to the sheet included', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 12, noNaN: true }), fc.nat(1e6), (standoff, seed) => {
        const small = { lattice: centred(14, 17, PITCH), z0: -1e-3 };
        const h = standoff * PITCH;
        const points = scattered(30, 0.01, 0.01, h - 1e-3, h - 1e-3, random(seed));
        expect(interpolationError(small, vectorReadings(points), normals(238, random(seed)))).toBeLessThan(1e-4);
      }),
      RUNS,
    );
  });
});

describe('the same error holds for', () => {
  const sheet = { lattice: centred(33, 33, PITCH), z0: 0 };
  const psi = bumps(sheet.lattice, random(20));

  it.each([
    [5, 5.001],
    [5, 5.5],
    [5, 8],
    [6, 18],
  ])('heights from %s to %s pitches', (lowest, highest) => {
    const points = scattered(60, 0.02, 0.02, lowest * PITCH, highest * PITCH, random(21));
    expect(interpolationError(sheet, vectorReadings(points), psi)).toBeLessThan(1e-5);
  });

  it('two planes far apart, one above, one below, some samples tilted', () => {
    const rng = random(22);
    const points = [...scattered(30, 0.02, 0.02, 5e-3, 5e-3, rng), ...scattered(30, 0.02, 0.02, -0.05, -0.049, rng)];
    expect(interpolationError(sheet, vectorReadings(points), psi)).toBeLessThan(1e-5);
  });

  it('readings far outside the lattice', () => {
    const points = scattered(60, 0.15, 0.01, 5e-3, 5e-3, random(23)).map(
      ([x, y, z]) => [x + 0.1, y - 0.02, z] as const,
    );
    const readings = vectorReadings(points);
    const { fast, direct } = both(sheet, readings, psi);
    expect(largest(difference(fast, direct)) / largest(direct)).toBeLessThan(1e-5);
    // No periodic image: where the field is faint it is right too.
    points.forEach(([x], i) => {
      if (x < 0.05) return;
      for (const j of [3 * i, 3 * i + 1, 3 * i + 2]) {
        expect(Math.abs(fast[j] - direct[j])).toBeLessThan(
          1e-5 * Math.hypot(...direct.slice(3 * i, 3 * i + 3)) + 1e-9 * largest(direct),
        );
      }
    });
  });

  it.each([
    ['box', boxFootprint(1.5e-3, 1e-3, 0.5e-3)],
    ['disc', discFootprint(1e-3)],
    [
      'asymmetric',
      {
        dx: Float64Array.of(0, 1e-3),
        dy: Float64Array.of(0, 2e-3),
        dz: Float64Array.of(0, 1e-3),
        weight: Float64Array.of(1, -1),
      },
    ],
  ])('a footprint: %s', (_, footprint) => {
    const points = scattered(50, 0.02, 0.02, 5.3e-3, 5.3e-3, random(24));
    expect(interpolationError(sheet, vectorReadings(points), psi, { footprint })).toBeLessThan(1e-5);
  });

  it('general directions of any length, several at one place', () => {
    const rng = random(25);
    const places = vectorReadings(scattered(50, 0.02, 0.02, 5e-3, 6e-3, rng));
    const n = places.x.length;
    const readings = { ...places, nx: normals(n, rng), ny: normals(n, rng), nz: normals(n, rng) };
    expect(interpolationError(sheet, readings, psi)).toBeLessThan(1e-5);
  });

  it('one component only', () => {
    const places = vectorReadings(scattered(50, 0.02, 0.02, 5e-3, 5e-3, random(26)));
    const zero = new Float64Array(places.x.length);
    for (const c of ['nx', 'ny', 'nz']) {
      const readings = { ...places, nx: zero, ny: zero, nz: zero, [c]: zero.map(() => 1) };
      expect(interpolationError(sheet, readings, psi)).toBeLessThan(1e-5);
    }
  });
});
