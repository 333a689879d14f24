import { describe, expect, it } from 'vitest';
import { frame, measured } from '../../../bench/analyticCases.js';
import { fourierInversion } from '../../../inversion/fourier/fourierInversion.js';
import { liveInversion } from '../../../inversion/fourier/liveInversion.js';

const grid = { nx: 40, ny: 32, x0: -0.12, y0: -0.1, dx: 6e-3, dy: 6e-3 };
const truth = frame(0.01, 0, grid);
const field = (components: readonly ('bx' | 'by' | 'bz')[]) => measured(truth, [...components], 0.01, 1);

/** |a - b| / |b| over both components. */
function difference(a: { kx: Float64Array; ky: Float64Array }, b: { kx: Float64Array; ky: Float64Array }): number {
  let [square, norm] = [0, 0];
  for (const key of ['kx', 'ky'] as const) {
    b[key].forEach((v, i) => {
      square += (a[key][i] - v) ** 2;
      norm += v * v;
    });
  }
  return Math.sqrt(square / norm);
}

describe('the live inversion', () => {
  it.each([[['bz']], [['bx', 'by', 'bz']]] as const)('of %s starts at the map of the inversion', components => {
    const map = field(components);
    const whole = fourierInversion(map, { exterior: 'closed', background: true });
    const { order, lambda } = whole;
    const live = liveInversion(map, { exterior: 'closed', order, lambda });
    expect(live.lambda).toBe(lambda);
    expect(difference(live.at(lambda, live.height), whole.current)).toBeLessThan(0.01);
  });

  it('follows lambda, and the height, as the inversion does', () => {
    const map = field(['bz']);
    const live = liveInversion(map, { exterior: 'closed' });
    const { order } = live;
    for (const [lambda, height] of [
      [30 * live.lambda, 0.01],
      [live.lambda, 0.012],
      [live.lambda, 0.009],
    ]) {
      const there = fourierInversion(map, {
        exterior: 'closed',
        background: true,
        order,
        lambda,
        sheetZ: 0.01 - height,
      });
      const shown = live.at(lambda, height);
      // What it owes to the outside, which it holds, is far less than what changed.
      const changed = difference(live.at(live.lambda, live.height), there.current);
      expect(difference(shown, there.current)).toBeLessThan(0.35 * changed);
    }
  });

  it('gives K as the curl of its stream function, and more current for greater heights', () => {
    const live = liveInversion(field(['bz']), { exterior: 'closed' });
    const { kx, ky, psi } = live.at(live.lambda, 0.01);
    let [square, norm] = [0, 0];
    for (let iy = 3; iy < grid.ny - 3; iy++) {
      for (let ix = 3; ix < grid.nx - 3; ix++) {
        const i = iy * grid.nx + ix;
        square += (kx[i] - (psi[i + grid.nx] - psi[i - grid.nx]) / (2 * grid.dy)) ** 2;
        square += (ky[i] + (psi[i + 1] - psi[i - 1]) / (2 * grid.dx)) ** 2;
        norm += kx[i] ** 2 + ky[i] ** 2;
      }
    }
    expect(Math.sqrt(square / norm)).toBeLessThan(0.2);
    const size = (map: { kx: Float64Array; ky: Float64Array }) =>
      map.kx.reduce((s, v, i) => s + Math.hypot(v, map.ky[i]), 0);
    expect(size(live.at(live.lambda, 0.012))).toBeGreaterThan(size(live.at(live.lambda, 0.009)));
  });
});
