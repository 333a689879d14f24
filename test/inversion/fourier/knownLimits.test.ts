import { describe, expect, it } from 'vitest';
import { centredGrid, currentError, cut, frame, measured, planePoints } from '../../../bench/analyticCases.js';
import { fourierInversion } from '../../../inversion/fourier/fourierInversion.js';
import { lineNoise } from '../../../inversion/fourier/lineNoise.js';
import { solveClosed } from '../../../inversion/fourier/missingData.js';
import { currentOf, penalty, sheetModel } from '../../../inversion/fourier/sheetModel.js';
import { windowData } from '../../../inversion/fourier/windowData.js';
import { stripField, zeroField } from '../../../src/biotSavart/index.js';
import type { FieldMap } from '../../../src/fieldMap.js';
import { random } from '../../../src/random.js';
import { mapComponents, normals, relativeError } from './support.js';

/**
 * Laws that the Fourier inversion ought to keep and does not yet, with how far it is off. Each is expected to fail: the
 * run turns red when one is mended, and the test then moves to where it belongs, without `fails`.
 */
describe('laws that do not hold yet', () => {
  // Off by 250 %: the sharp steps of the nearest neighbour's value lead GCV to order 1 and far too little smoothing.
  it.fails('a hole of 21 x 21 pixels changes the error of K outside it by less than 10 %, all choices automatic', () => {
    const truth = frame(4e-3);
    const { nx } = truth.grid;
    const inHole = (i: number) => Math.abs((i % nx) - 196) <= 10 && Math.abs(Math.floor(i / nx) - 128) <= 10;
    const map = measured(truth, ['bz'], 0.01, 1);
    const holed = { ...map, components: mapComponents(map, v => v.map((b, i) => (inHole(i) ? Number.NaN : b))) };
    const outside = (values: Float64Array) => values.map((v, i) => (inHole(i) ? 0 : v));
    const [before, after] = [map, holed].map(m => {
      const { kx, ky } = fourierInversion(m).current;
      return currentError({ ...truth, kx: outside(truth.kx), ky: outside(truth.ky) }, outside(kx), outside(ky));
    });
    expect(Math.abs(after / before - 1)).toBeLessThan(0.1);
  });

  // 0.3: the iteration stops early (its tolerance of 1e-2 leaves chi2 at 1.1; at 1e-3 it is 1.00).
  it.fails('the closed map does not depend on where its iteration stops, to 5 %', () => {
    const map = measured(cut(4e-3, centredGrid(128, 2e-3)), ['bx', 'by'], 0.01, 1);
    const data = windowData(map, false);
    const model = sheetModel({ nx: 128, ny: 128, dx: 2e-3, dy: 2e-3, padX: 256, padY: 256 }, data.components, map.z);
    const { order, lambda } = fourierInversion(map);
    const weights = penalty(model, order);
    const early = currentOf(model, solveClosed(model, data, weights, lambda).psi);
    const late = currentOf(model, solveClosed(model, data, weights, lambda, 1e-4, 300).psi);
    expect(relativeError([...early.kx, ...early.ky], [...late.kx, ...late.ky])).toBeLessThan(0.05);
  });

  // 3.5: the map of the least current is that of a continuation which does not explain the readings near the rim.
  it.fails('with the noise stated, chi2 per degree of freedom is 1 where in-plane data are cut off', () => {
    const truth = cut(4e-3);
    const sigma = 0.01 * truth.field.bz!.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const { chi2 } = fourierInversion({ ...measured(truth, ['bx', 'by'], 0.01, 1), sigma });
    expect(Math.abs(chi2! - 1)).toBeLessThan(0.03);
  });

  // 9 % too little, with a chi2 of 49: the same choice, of the same kind.
  it.fails('Bx and By over a lead give its current to 3 %', () => {
    const [n, pitch, current] = [128, 2e-3, 5];
    const grid = centredGrid(n, pitch);
    const field = zeroField(n * n);
    stripField(
      planePoints(grid, 10e-3),
      { from: [-2, 0.02, 0], to: [2, 0.02, 0], width_m: 0.05, normal: [0, 0, 1] },
      current,
      field,
    );
    const top = field.bz.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const noisy = (values: Float64Array, seed: number) => {
      const noise = normals(n * n, seed);
      return values.map((v, i) => v + 0.01 * top * noise[i]);
    };
    const map: FieldMap = { grid, z: 10e-3, components: { bx: noisy(field.bx, 1), by: noisy(field.by, 2) } };
    const { kx } = fourierInversion(map).current;
    let total = 0;
    for (let iy = 0; iy < n; iy++) {
      if (Math.abs(grid.y0 + iy * pitch - 0.02) < 0.045) total += kx[iy * n + n / 2] * pitch;
    }
    expect(Math.abs(total / current - 1)).toBeLessThan(0.03);
  });

  // 30 % are missed on 64 lines, 14 % on 128, none on 256: with few lines the ridge is not flat to a factor of two.
  it.fails('line noise of ten times the white noise is found on 64 lines', () => {
    let missed = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const rng = random(seed);
      const values = new Float64Array(64 * 64);
      for (let iy = 0; iy < 64; iy++) {
        const offset = 10 * rng.normal();
        for (let ix = 0; ix < 64; ix++) values[iy * 64 + ix] = offset + rng.normal();
      }
      if (lineNoise(values, 64, 64) === 1) missed++;
    }
    expect(missed).toBeLessThan(3);
  });
});
