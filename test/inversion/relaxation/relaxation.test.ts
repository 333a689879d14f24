import { describe, expect, it } from 'vitest';
import { leastSquares } from '../../../inversion/leastSquares.js';
import { withNeighbours } from '../../../inversion/relaxation/neighbours.js';
import { relaxationFit } from '../../../inversion/relaxation/relaxationFit.js';
import { isRelaxation, relaxationScan } from '../../../inversion/relaxation/relaxationScan.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import { random } from '../../../src/random.js';

const TAU = 40;

/** A record of three components over 200 s at 1 Hz. */
function record(seed: number, noise: number, decays: readonly (readonly [tau: number, size: number])[] = [[TAU, 1]]) {
  const rng = random(seed);
  const time = Float64Array.from({ length: 200 }, (_, i) => 3 + i);
  const channels = [1, -0.6, 0.3].map(size =>
    time.map(
      t => 0.2 + decays.reduce((sum, [tau, a]) => sum + size * a * Math.exp(-(t - 3) / tau), 0) + noise * rng.normal(),
    ),
  );
  return { time, channels };
}

describe('relaxation after a load step', () => {
  it('is exact without noise, for one and for two exponentials', () => {
    const one = record(1, 0);
    const fit = relaxationFit(one.time, one.channels, undefined, 1)!;
    expect(fit.decays[0].tau).toBeCloseTo(TAU, 6);
    expect(fit.decays[0].amplitude[1]).toBeCloseTo(-0.6, 8);
    expect(fit.rest[0]).toBeCloseTo(0.2, 8);
    const two = record(1, 0, [
      [8, 1],
      [60, 0.5],
    ]);
    const { decays } = relaxationFit(two.time, two.channels, undefined, 2)!;
    expect(decays[0].tau).toBeCloseTo(8, 4);
    expect(decays[1].tau).toBeCloseTo(60, 4);
  });

  it('finds time constants within 5 % at a signal-to-noise of 20, and its errors cover', () => {
    let [square, within, near, relative, bias] = [0, 0, 0, 0, 0];
    const seeds = 100;
    for (let seed = 0; seed < seeds; seed++) {
      const { time, channels } = record(seed, 0.05);
      const fit = relaxationFit(time, channels)!;
      expect(fit.decays.length).toBe(1);
      const { tau, tauError } = fit.decays[0];
      if (Math.abs(tau / TAU - 1) < 0.05) near++;
      relative += (tau / TAU - 1) ** 2;
      square += ((tau - TAU) / tauError) ** 2;
      if (Math.abs(tau - TAU) < tauError) within++;
      bias += (fit.decays[0].amplitude[0] - 1) / fit.decays[0].amplitudeError[0] / seeds;
    }
    // What such a record holds: its errors cover, so no estimator without a prior does better.
    expect(Math.sqrt(relative / seeds)).toBeLessThan(0.03);
    expect(near / seeds).toBeGreaterThan(0.9);
    expect(square / seeds).toBeGreaterThan(0.6);
    expect(square / seeds).toBeLessThan(1.5);
    expect(within / seeds).toBeGreaterThan(0.55);
    expect(within / seeds).toBeLessThan(0.8);
    expect(Math.abs(bias)).toBeLessThan(0.35);
  });

  it('takes a second exponential only where the record needs it', () => {
    const { time, channels } = record(3, 0.02, [
      [8, 1],
      [80, 0.6],
    ]);
    const { decays } = relaxationFit(time, channels)!;
    expect(decays.length).toBe(2);
    for (const [k, tau] of [8, 80].entries())
      expect(Math.abs(decays[k].tau - tau)).toBeLessThan(4 * decays[k].tauError);
  });

  it('says so where a record does not determine its time constant, and states a larger error below that noise', () => {
    const short = record(4, 0.05);
    const fit = relaxationFit(
      short.time.slice(0, 9),
      short.channels.map(c => c.slice(0, 9)),
      0.05,
      1,
    )!;
    expect(fit.undetermined ?? '').toMatch(/does not determine/);
    const noisy = record(5, 0.5);
    const vague = relaxationFit(noisy.time, noisy.channels, 0.5, 1)!;
    expect(vague.decays[0].tauError / vague.decays[0].tau).toBeGreaterThan(0.05);
    expect(
      relaxationFit(
        short.time.slice(0, 4),
        short.channels.map(c => c.slice(0, 4)),
      ),
    ).toBeUndefined();
  });

  it('recognises a scan of records and turns it into one of amplitudes', () => {
    const places = 9;
    const per = 40;
    const rng = random(6);
    const at = (pick: (place: number, k: number) => number) =>
      Float64Array.from({ length: places * per }, (_, i) => pick(i % places, Math.floor(i / places)));
    const scan: FieldScan = {
      count: places * per,
      x: at(p => (p % 3) * 1e-2),
      y: at(p => Math.floor(p / 3) * 1e-2),
      z: at(() => 5e-3),
      time: at((p, k) => 5 * k + p),
      components: { bz: { values: at((p, k) => (1 + p) * 1e-9 * Math.exp(-(5 * k) / TAU) + 2e-11 * rng.normal()) } },
    };
    expect(isRelaxation(scan)).toBe(true);
    const { time, ...still } = scan;
    expect(isRelaxation(still)).toBe(false);
    const found = relaxationScan(scan);
    expect(found.amplitudes.count).toBe(places);
    expect(found.constants.length).toBe(1);
    const [{ tau, tauError, alone }] = found.constants;
    tau.forEach((t, p) => {
      expect(Math.abs(t - TAU)).toBeLessThan(4 * tauError[p]);
    });
    // The places are alike, and help each other.
    const worst = (values: Float64Array) => Math.max(...values.map(t => Math.abs(t / TAU - 1)));
    expect(worst(tau)).toBeLessThan(worst(alone.filter(t => !Number.isNaN(t))));
    expect(worst(tau)).toBeLessThan(0.05);
    const { values, sigma } = found.amplitudes.components.bz!;
    values.forEach((v, p) => {
      expect(Math.abs(v - (1 + p) * 1e-9)).toBeLessThan(5 * sigma![p]);
    });
    expect(isRelaxation(found.amplitudes)).toBe(false);
    // Readings repeated for their mean are no relaxation.
    const repeated = { ...scan, components: { bz: { values: at(p => p * 1e-9).map(v => v + 2e-11 * rng.normal()) } } };
    expect(isRelaxation(repeated)).toBe(false);
  });
});

describe('places that may be alike', () => {
  const side = 8;
  const rng = random(8);
  const x = Float64Array.from({ length: side ** 2 }, (_, i) => i % side);
  const y = x.map((_, i) => Math.floor(i / side));
  const error = x.map(() => 0.1);

  it('average what is the same everywhere, and leave what differs from place to place', () => {
    const alike = withNeighbours({ x, y, value: x.map(() => 2 + 0.1 * rng.normal()), error })!;
    alike.value.forEach((v, i) => {
      expect(Math.abs(v - 2)).toBeLessThan(0.07);
      expect(alike.error[i]).toBeLessThan(0.05);
    });
    const truth = x.map(() => 2 + 2 * rng.normal());
    const value = truth.map(v => v + 0.1 * rng.normal());
    const apart = withNeighbours({ x, y, value, error })!;
    apart.value.forEach((v, i) => {
      expect(Math.abs(v - value[i])).toBeLessThan(0.05);
    });
  });

  it('shift with their values, follow a slope, and fill in places that say nothing with a larger error', () => {
    const value = x.map(v => 0.3 * v + 0.1 * rng.normal());
    value[27] = Number.NaN;
    const found = withNeighbours({ x, y, value, error })!;
    const moved = withNeighbours({ x, y, value: value.map(v => v + 5), error })!;
    found.value.forEach((v, i) => {
      expect(moved.value[i] - 5).toBeCloseTo(v, 6);
      expect(Math.abs(v - 0.3 * x[i])).toBeLessThan(4 * found.error[i]);
    });
    expect(found.error[27]).toBeGreaterThan(found.error[28]);
    expect(withNeighbours({ x, y, value: x.map(() => Number.NaN), error })).toBeUndefined();
  });
});

describe('nonlinear least squares', () => {
  it('finds the minimum of a curved valley and the covariance of a linear problem', () => {
    const valley = leastSquares(
      (p, out) => {
        out[0] = 10 * (p[1] - p[0] ** 2);
        out[1] = 1 - p[0];
      },
      2,
      [-1.2, 1],
      [1, 1],
    );
    expect(valley.converged).toBe(true);
    expect(valley.parameters[0]).toBeCloseTo(1, 8);
    const line = leastSquares(
      (p, out) => {
        for (let i = 0; i < 5; i++) out[i] = p[0] + p[1] * i - 3 - 2 * i;
      },
      5,
      [0, 0],
      [1, 1],
    );
    // Inverse of [[5, 10], [10, 30]].
    [0.6, -0.2, -0.2, 0.1].forEach((v, i) => {
      expect(line.covariance![i]).toBeCloseTo(v, 6);
    });
  });
});
