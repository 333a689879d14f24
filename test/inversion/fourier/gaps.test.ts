import { describe, expect, it } from 'vitest';
import { centredGrid, currentError, frame, measured } from '../../../bench/analyticCases.js';
import { fourierInversion } from '../../../inversion/fourier/fourierInversion.js';
import type { FieldMap } from '../../../src/fieldMap.js';
import { random } from '../../../src/random.js';
import { expectBelow, mapComponents } from './support.js';

const truth = frame(4e-3);
const { nx } = truth.grid;
const map = measured(truth, ['bz'], 0.01, 1);
const whole = fourierInversion(map);

function without(missing: (i: number) => boolean): FieldMap {
  return { ...map, components: mapComponents(map, v => v.map((b, i) => (missing(i) ? Number.NaN : b))) };
}

/** A square hole of half-width `half` pixels. */
function holeAt(ix: number, iy: number, half: number): (i: number) => boolean {
  return i => Math.abs((i % nx) - ix) <= half && Math.abs(Math.floor(i / nx) - iy) <= half;
}

/** Error of K over the pixels that are asked for. */
function errorOver(where: (i: number) => boolean, { kx, ky }: { kx: Float64Array; ky: Float64Array }): number {
  const only = (values: Float64Array) => values.map((v, i) => (where(i) ? v : 0));
  return currentError({ ...truth, kx: only(truth.kx), ky: only(truth.ky) }, only(kx), only(ky));
}

describe('readings that are missing cost little', () => {
  it('every tenth one, here and there: the error of K changes by less than 10 %', () => {
    const rng = random(7);
    const gone = Uint8Array.from({ length: nx * nx }, () => (rng.uniform() < 0.1 ? 1 : 0));
    const solution = fourierInversion(without(i => gone[i] === 1));
    const share = 1 - solution.readings / (nx * nx);
    expectBelow(Math.abs(share - 0.1), 0.01);
    const everywhere = () => true;
    expectBelow(Math.abs(errorOver(everywhere, solution.current) / errorOver(everywhere, whole.current) - 1), 0.1);
    expect(solution.current.kx.every(Number.isFinite)).toBe(true);
  });

  for (const [place, ix, iy] of [
    ['on a limb of the frame', 196, 128],
    ['in the middle of the frame', 128, 128],
  ] as const) {
    it(`a hole of 21 x 21 ${place}: outside it the error of K changes by less than 10 %`, () => {
      const inHole = holeAt(ix, iy, 10);
      const outside = (i: number) => !inHole(i);
      const solution = fourierInversion(without(inHole));
      expect(nx * nx - solution.readings).toBe(21 * 21);
      expectBelow(Math.abs(errorOver(outside, solution.current) / errorOver(outside, whole.current) - 1), 0.1);
      expectBelow(Math.abs(solution.sigma / whole.sigma - 1), 0.02);
    });
  }

  it('what stands in the other components at such pixels counts for nothing', () => {
    const rng = random(8);
    const both = measured(frame(8e-3, 0, centredGrid(64, 4e-3)), ['bx', 'bz'], 0.01, 2);
    const gone = Uint8Array.from({ length: 64 * 64 }, () => (rng.uniform() < 0.05 ? 1 : 0));
    const variants = [Number.NaN, 1, -1e6].map(instead => {
      const bx = both.components.bx!.map((v, i) => (gone[i] === 1 ? instead : v));
      const bz = both.components.bz!.map((v, i) => (gone[i] === 1 ? Number.NaN : v));
      return fourierInversion({ ...both, components: { bx, bz } }, { exterior: 'closed', background: true }).current.kx;
    });
    expect(variants[1]).toEqual(variants[0]);
    expect(variants[2]).toEqual(variants[0]);
  });
});
