import { describe, expect, it } from 'vitest';
import { type Random, random } from '../../src/random.js';
import { correlation } from '../../src/registration/index.js';

const N = 32;

/** White noise averaged over squares of (2 reach + 1)². */
function smoothNoise(rng: Random, reach: number): Float64Array {
  const white = Float64Array.from({ length: N * N }, () => rng.normal());
  return white.map((_, i) => {
    let sum = 0;
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++)
        sum += white[((Math.floor(i / N) + dy + N) % N) * N + (((i % N) + dx + N) % N)];
    }
    return sum;
  });
}

describe('correlation of maps', () => {
  it('is 1 of a map with itself at any scale and offset, -1 with its negative, and symmetric', () => {
    const [a, b] = [smoothNoise(random(1), 1), smoothNoise(random(2), 2)];
    expect(
      correlation(
        a,
        a.map(v => 3 * v + 7),
        N,
        N,
      ).r,
    ).toBeCloseTo(1, 12);
    expect(
      correlation(
        a,
        a.map(v => -v),
        N,
        N,
      ).r,
    ).toBeCloseTo(-1, 12);
    const [ab, ba] = [correlation(a, b, N, N), correlation(b, a, N, N)];
    expect(ab.r).toBeCloseTo(ba.r, 12);
    expect(ab.effective).toBeCloseTo(ba.effective, 6);
  });

  it('counts pixels of white noise about one by one, and of smooth maps about one per patch', () => {
    const rng = random(3);
    const white = correlation(smoothNoise(rng, 0), smoothNoise(rng, 0), N, N);
    expect(white.samples).toBe(N * N);
    expect(white.effective).toBeGreaterThan(0.6 * N * N);
    const smooth = correlation(smoothNoise(rng, 2), smoothNoise(rng, 2), N, N);
    // A square of 5 x 5 with itself: the sum of the squared autocorrelation is (3.4)^2 pixels.
    expect(smooth.effective).toBeGreaterThan((0.5 * N * N) / 3.4 ** 2);
    expect(smooth.effective).toBeLessThan((2 * N * N) / 3.4 ** 2);
  });

  it('its interval of 95 % covers the truth about as often, for smooth maps too', () => {
    for (const [reach, truth] of [
      [0, 0],
      [2, 0],
      [2, 0.6],
    ]) {
      const rng = random(10 + reach);
      let covered = 0;
      for (let k = 0; k < 120; k++) {
        const [a, e] = [smoothNoise(rng, reach), smoothNoise(rng, reach)];
        const b = a.map((v, i) => truth * v + Math.sqrt(1 - truth ** 2) * e[i]);
        const { low, high } = correlation(a, b, N, N);
        if (low <= truth && truth <= high) covered++;
      }
      expect(covered / 120, `reach ${reach}, r ${truth}`).toBeGreaterThan(0.88);
    }
  });

  it('leaves out pixels without a value or not selected, and says where it cannot tell', () => {
    const [a, b] = [smoothNoise(random(5), 1), smoothNoise(random(6), 1)];
    const holes = a.map((v, i) => (i % 7 === 0 ? Number.NaN : v));
    expect(correlation(holes, b, N, N).samples).toBe(N * N - Math.ceil((N * N) / 7));
    const half = correlation(a, b, N, N, ix => ix < N / 2);
    expect(half.samples).toBe((N * N) / 2);
    const spoilt = b.map((v, i) => (i % N < N / 2 ? v : 1e9));
    expect(correlation(a, spoilt, N, N, ix => ix < N / 2)).toEqual(half);
    expect(correlation(a, b.fill(3), N, N).r).toBeNaN();
    expect(correlation(a, a, N, N, (ix, iy) => ix < 2 && iy < 1).r).toBeNaN();
    const ramp = a.map((_, i) => i);
    expect(correlation(ramp, ramp, N, N).effective).toBeLessThan(20);
  });
});
