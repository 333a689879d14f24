import { describe, expect, it } from 'vitest';
import { continueField } from '../../../inversion/fourier/continuation.js';
import { rimShare } from '../../../inversion/fourier/exterior.js';
import { crop, type Domain } from '../../../inversion/fourier/sheetModel.js';
import { fillGaps, windowData } from '../../../inversion/fourier/windowData.js';
import { NumericalError } from '../../../src/errors.js';
import type { FieldMap } from '../../../src/fieldMap.js';
import { expectBelow, normals, relativeError } from './support.js';

const domain: Domain = { nx: 12, ny: 9, dx: 1e-3, dy: 1e-3, padX: 64, padY: 32 };
const at = (values: Float64Array, ix: number, iy: number) => values[iy * domain.padX + ix];

describe('the field carried on beyond the rim', () => {
  const values = normals(12 * 9, 1);

  it('is the data in the window, and linear in them', () => {
    const other = normals(12 * 9, 2);
    const a = continueField(domain, values, 10, 6);
    const b = continueField(domain, other, 10, 6);
    const sum = continueField(
      domain,
      values.map((v, i) => 2 * v - 3 * other[i]),
      10,
      6,
    );
    expect(crop(domain, a)).toEqual(values);
    expectBelow(
      relativeError(
        sum,
        a.map((v, i) => 2 * v - 3 * b[i]),
      ),
      1e-15,
    );
  });

  it('goes on with the rim, fades without turning up again and is zero from the given distance on', () => {
    const out = continueField(domain, values, 10, 6);
    for (const [rim, first, step, length, along] of [
      [11, 12, 1, 10, 'x'],
      [0, 63, -1, 10, 'x'],
      [8, 9, 1, 6, 'y'],
      [0, 31, -1, 6, 'y'],
    ] as const) {
      for (let t = 0; t < (along === 'x' ? 9 : 12); t++) {
        const read = (i: number) => (along === 'x' ? at(out, i, t) : at(out, t, i));
        const edge = read(rim);
        let before = 1;
        for (let d = 0; d < length + 5; d++) {
          const part = read(first + step * d) / edge;
          if (d === 0) expectBelow(1 - part, 0.05);
          if (d > length) expect(Math.abs(part)).toBe(0);
          else expect(part).toBeLessThanOrEqual(before);
          before = part;
        }
      }
    }
  });

  it('looks the same from every side: mirrored data are continued to the mirrored field', () => {
    const mirrored = values.map((_, i) => values[i - (i % 12) + 11 - (i % 12)]);
    const [a, b] = [continueField(domain, values, 10, 6), continueField(domain, mirrored, 10, 6)];
    // The mirror x -> 11 - x of the periodic domain.
    const expected = a.map((_, i) => at(a, (11 - (i % 64) + 64) % 64, Math.floor(i / 64)));
    expect(b).toEqual(expected);
  });
});

describe('gaps', () => {
  /** Gaps of all kinds: single pixels, a hole, a cut-off corner and the first columns. */
  const [ny, nx] = [13, 17];
  const measured = Uint8Array.from({ length: ny * nx }, (_, i) => {
    const [ix, iy] = [i % nx, Math.floor(i / nx)];
    const hole = ix > 6 && ix < 11 && iy > 3 && iy < 8;
    return i % 11 === 5 || hole || ix < 2 || ix + iy > 25 ? 0 : 1;
  });
  const filled = (values: Float64Array) => {
    return fillGaps(
      values.map((v, i) => (measured[i] === 1 ? v : 0)),
      measured,
      ny,
      nx,
    );
  };

  it('are filled with the mean of their neighbours; measured pixels keep their values', () => {
    const values = normals(ny * nx, 3);
    const out = filled(values);
    for (let i = 0; i < out.length; i++) {
      if (measured[i] === 1) {
        expect(out[i]).toBe(values[i]);
        continue;
      }
      const [ix, iy] = [i % nx, Math.floor(i / nx)];
      const around = [
        [ix - 1, iy],
        [ix + 1, iy],
        [ix, iy - 1],
        [ix, iy + 1],
      ]
        .filter(([x, y]) => x >= 0 && y >= 0 && x < nx && y < ny)
        .map(([x, y]) => out[y * nx + x]);
      expectBelow(Math.abs(out[i] - around.reduce((sum, v) => sum + v) / around.length), 1e-9);
    }
  });

  it('follow a slope exactly where they lie inside, and leave a map without gaps as it is', () => {
    const slope = Float64Array.from({ length: ny * nx }, (_, i) => 3 + 0.5 * (i % nx) - 2 * Math.floor(i / nx));
    const out = filled(slope);
    for (const i of [5 * nx + 8, 6 * nx + 9, 4 * nx + 7]) {
      expect(measured[i]).toBe(0);
      expectBelow(Math.abs(out[i] - slope[i]), 1e-9);
    }
    expect(fillGaps(slope, new Uint8Array(ny * nx).fill(1), ny, nx)).toEqual(slope);
  });

  it('are the pixels where any component is NaN; the values there count for nothing', () => {
    const [bx, bz] = [normals(100, 4), normals(100, 5)];
    bx[7] = Number.NaN;
    bz[23] = Number.NaN;
    const map: FieldMap = { grid: { nx: 10, ny: 10, x0: 0, y0: 0, dx: 1, dy: 1 }, z: 1, components: { bz, bx } };
    const data = windowData(map, true);
    expect(data.components).toEqual(['bx', 'bz']);
    expect(data.count).toBe(98);
    expect([...data.measured].flatMap((v, i) => (v === 1 ? [] : [i]))).toEqual([7, 23]);
    for (const values of data.values) expect([values[7], values[23]]).toEqual([0, 0]);
    expect(data.values[1][8]).toBe(bz[8]);
    expect(map.components.bx![23]).toBe(bx[23]);
  });

  it('leave too little where a map has fewer than 8 lines, 8 columns or 64 readings', () => {
    const map = (nx: number, ny: number, measured = nx * ny): FieldMap => ({
      grid: { nx, ny, x0: 0, y0: 0, dx: 1, dy: 1 },
      z: 1,
      components: { bz: normals(nx * ny, 6).map((v, i) => (i < measured ? v : Number.NaN)) },
    });
    for (const small of [map(7, 100), map(100, 7), map(20, 20, 63)]) {
      expect(() => windowData(small, true)).toThrow(NumericalError);
    }
    for (const enough of [map(8, 8), map(20, 20, 64)]) expect(windowData(enough, true).count).toBe(64);
  });
});

describe('the share of the field at the rim', () => {
  it('is 1 for a field of constant size, 0 for one that vanishes at the rim, whatever the level', () => {
    const [ny, nx] = [9, 12];
    const all = new Uint8Array(ny * nx).fill(1);
    const inside = (i: number) => i % nx > 0 && i % nx < nx - 1 && i >= nx && i < nx * (ny - 1);
    const signs = Float64Array.from({ length: ny * nx }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const middle = signs.map((v, i) => (inside(i) ? v : 0));
    for (const level of [0, 5]) {
      expectBelow(
        Math.abs(
          rimShare(
            signs.map(v => v + level),
            level,
            all,
            ny,
            nx,
          ) - 1,
        ),
        1e-12,
      );
      expect(
        rimShare(
          middle.map(v => v + level),
          level,
          all,
          ny,
          nx,
        ),
      ).toBe(0);
    }
    // Pixels that were not measured do not count, whatever stands there.
    const measured = all.map((_, i) => (i === 3 ? 0 : 1));
    expect(
      rimShare(
        middle.map((v, i) => (i === 3 ? 100 : v)),
        0,
        measured,
        ny,
        nx,
      ),
    ).toBe(0);
  });
});
