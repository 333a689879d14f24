import { describe, expect, it } from 'vitest';
import { centredGrid, frame } from '../../../bench/analyticCases.js';
import { lineNoise } from '../../../inversion/fourier/lineNoise.js';
import { random } from '../../../src/random.js';
import { expectBelow, normals, transposed } from './support.js';

/** White noise plus an offset of its own for every line (row), of the given size in parts of the noise. */
function scan(ny: number, nx: number, offsets: number, seed: number): Float64Array {
  const rng = random(1000 + seed);
  const values = normals(ny * nx, seed);
  for (let iy = 0; iy < ny; iy++) {
    const offset = offsets * rng.normal();
    for (let ix = 0; ix < nx; ix++) values[iy * nx + ix] += offset;
  }
  return values;
}

const shapes = [
  [64, 64],
  [100, 70],
  [151, 201],
] as const;

describe('line noise', () => {
  it('is 1 for white noise', () => {
    for (const [ny, nx] of shapes) {
      for (let seed = 1; seed <= 5; seed++) expect(lineNoise(normals(ny * nx, seed), ny, nx)).toBe(1);
    }
  });

  it('is large where scan lines have offsets of their own, and grows with their square', () => {
    for (const [ny, nx] of [
      [256, 64],
      [256, 200],
    ]) {
      for (let seed = 1; seed <= 4; seed++) {
        const [weak, strong] = [2, 8].map(offsets => lineNoise(scan(ny, nx, offsets, seed), ny, nx));
        expect(weak, `${ny} x ${nx}, seed ${seed}`).toBeGreaterThan(10);
        expectBelow(Math.abs(strong / weak / 16 - 1), 0.2, `${ny} x ${nx}, seed ${seed}`);
      }
    }
  });

  it('is missed on few lines now and then, not on many', () => {
    const missed = (lines: number) => {
      let count = 0;
      for (let seed = 1; seed <= 20; seed++) if (lineNoise(scan(lines, 64, 10, seed), lines, 64) === 1) count++;
      return count / 20;
    };
    expectBelow(missed(64), 0.25);
    expectBelow(missed(256), 0.01);
  });

  it('is the same whichever axis the scan lines run along, and whatever the unit', () => {
    for (const [ny, nx] of shapes) {
      const values = scan(ny, nx, 2, 4);
      const ratio = lineNoise(values, ny, nx);
      expect(ratio).toBeGreaterThan(10);
      expectBelow(Math.abs(lineNoise(transposed(values, ny, nx), nx, ny) / ratio - 1), 1e-9);
      const inTesla = values.map(v => 1e-9 * v + 3e-5);
      expectBelow(Math.abs(lineNoise(inTesla, ny, nx) / ratio - 1), 1e-6);
    }
  });

  it('is 1 for the field of a current with white noise, at any height and level of noise', () => {
    const grid = centredGrid(128, 2e-3);
    for (const z of [4e-3, 8e-3, 16e-3]) {
      const { field } = frame(z, 0, grid);
      for (const name of ['bx', 'by', 'bz'] as const) {
        const values = field[name]!;
        const top = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
        for (const [seed, part] of [
          [1, 0.01],
          [2, 0.001],
          [3, 1e-4],
          [4, 0.1],
        ]) {
          const noise = normals(values.length, seed);
          const ratio = lineNoise(
            values.map((v, i) => v + part * top * noise[i]),
            128,
            128,
          );
          expect(ratio, `${name}, ${1e3 * z} mm, ${part}`).toBe(1);
        }
      }
    }
  });

  it('still shows beside the field of a current, along either axis', () => {
    const bz = frame(8e-3).field.bz!;
    const top = bz.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const noise = scan(256, 256, 2, 6);
    for (const lines of [noise, transposed(noise, 256, 256)]) {
      const values = bz.map((v, i) => v + 0.01 * top * lines[i]);
      expect(lineNoise(values, 256, 256)).toBeGreaterThan(10);
    }
  });

  it('is not looked for on fewer than 16 lines or points', () => {
    expect(lineNoise(scan(15, 64, 10, 1), 15, 64)).toBe(1);
    expect(lineNoise(scan(64, 15, 10, 1), 64, 15)).toBe(1);
  });
});
