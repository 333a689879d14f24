import { describe, expect, it } from 'vitest';
import { dischargeCase, dischargeSeries, SENSORS, SPOT } from '../../../bench/hotSpot.js';
import { scanReadings } from '../../../inversion/bounded/scanReadings.js';
import { type Disc, discPattern, fittedPatterns } from '../../../inversion/series/discs.js';
import { falseClaims } from '../../../inversion/series/falseClaims.js';
import { susceptibilitySeries } from '../../../inversion/series/susceptibilitySeries.js';
import { slabField } from '../../../inversion/susceptibility/slabField.js';
import { susceptibilityInversion } from '../../../inversion/susceptibility/susceptibilityInversion.js';
import { upperGamma } from '../../../src/diagnosis/specialFunctions.js';
import { COMPONENTS, measuredComponents } from '../../../src/fieldScan.js';
import { random } from '../../../src/random.js';
import { piecewiseLinear } from '../../../src/series/piecewiseLinear.js';

describe('straight pieces', () => {
  const x = Array.from({ length: 12 }, (_, i) => i / 11);
  const bent = x.map(v => 2 * v + (v > 0.53 ? 3 * (v - 0.53) : 0));
  const error = x.map(() => 0.01);

  it('find a kink with its error, and none in a straight line', () => {
    const rng = random(1);
    const noisy = (y: number[]) => y.map(v => v + 0.01 * rng.normal());
    const fit = piecewiseLinear(x, noisy(bent), error)!;
    expect(fit.kinks.length).toBe(1);
    expect(Math.abs(fit.kinks[0].at - 0.53)).toBeLessThan(4 * fit.kinks[0].error + 0.01);
    expect(fit.slopes.map(s => Math.round(s.slope))).toEqual([2, 5]);
    let kinks = 0;
    for (let k = 0; k < 50; k++) kinks += piecewiseLinear(x, noisy(x.map(v => 2 * v)), error)!.kinks.length;
    expect(kinks).toBeLessThanOrEqual(1);
  });

  it('do not depend on the order, and need two places', () => {
    const order = [3, 1, 7, 0, 5, 2, 11, 4, 9, 6, 10, 8];
    const pick = (v: number[]) => order.map(i => v[i]);
    expect(piecewiseLinear(pick(x), pick(bent), error)!.kinks[0].at).toBe(piecewiseLinear(x, bent, error)!.kinks[0].at);
    expect(piecewiseLinear([1, 1], [2, 3], [1, 1])).toBeUndefined();
  });
});

describe('false claims of a search', () => {
  /** Tiles that are seen independently of each other: H is the unit matrix. */
  const n = 60;
  const matrix = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  const tile = (u: number): Disc => ({ members: Int32Array.of(u), values: Float64Array.of(1), information: 1 });
  const tiles = Array.from({ length: n }, (_, u) => tile(u));

  it('are those of independent tests where tests are independent, and count a repeated test once', () => {
    const none = fittedPatterns([], { matrix, n });
    const single = (z: number) => upperGamma(0.5, z ** 2 / 2);
    for (const discs of [tiles, [...tiles, ...tiles, ...tiles]]) {
      const { probability, threshold } = falseClaims({ matrix, n }, none, discs);
      for (const z of [3, 4, 5]) {
        const exact = -Math.expm1(n * Math.log1p(-single(z)));
        expect(Math.abs(probability(z) / exact - 1)).toBeLessThan(0.05);
      }
      expect(probability(threshold(1e-3))).toBeCloseTo(1e-3, 6);
    }
  });

  it('take no part of what is fitted along', () => {
    const even = new Float64Array(n).fill(1);
    const fitted = fittedPatterns([even], { matrix, n });
    const { left, coefficients } = fitted.taken(even.map(v => 3 * v));
    expect(coefficients[0]).toBeCloseTo(3, 9);
    for (const v of left) expect(Math.abs(v)).toBeLessThan(1e-9);
    expect(fitted.information(tiles[0])).toBeCloseTo(1 - 1 / n, 9);
    expect(fitted.project(discPattern(tiles[0], n))[0]).toBeCloseTo(1 - 1 / n, 9);
  });
});

describe('a discharge with a hot spot of 10 % excess charge', () => {
  const options = { pitch: 4e-3 };

  it('is found within 4 mm in every state by an atomic magnetometer, with the kink', () => {
    const noise = SENSORS.opm;
    const { states, regions, notes } = susceptibilitySeries(
      dischargeSeries(noise, 1, 6e-3),
      dischargeCase(0, noise, 0),
      options,
      0,
    );
    expect(notes).toEqual([]);
    for (const { hotSpots, change } of states.slice(0, 5)) {
      const [spot] = hotSpots!.spots;
      expect(Math.hypot(spot.x - SPOT.x, spot.y - SPOT.y)).toBeLessThan(4e-3);
      expect(Math.sign(spot.excess)).toBe(Math.sign(change!.mean));
      // What limits such a sensor is how well the model is known, 1 % of the change.
      expect(hotSpots!.smallest).toBeLessThan(0.011 * Math.abs(change!.mean));
    }
    const { kinks } = regions[0].fit!;
    expect(kinks.length).toBe(1);
    expect(Math.abs(kinks[0].at - 0.5)).toBeLessThan(0.05);
  });

  it('is not claimed with a magnetoresistive sensor', () => {
    const noise = SENSORS.amr;
    const scans = [1, 2].flatMap(seed => dischargeSeries(noise, seed, 6e-3)).filter((_, k) => [0, 5, 11].includes(k));
    const apart = scans.map((s, k) => ({ ...s, name: `${k}`, at: s.at + 1e-3 * k }));
    const { states } = susceptibilitySeries(apart, dischargeCase(0, noise, 0), options, 0);
    for (const { hotSpots } of states) {
      if (hotSpots === undefined) continue;
      expect(hotSpots.spots).toEqual([]);
      expect(hotSpots.smallest).toBeGreaterThan(20e-6);
    }
  });

  it('takes a shift of the cell between scans out of the changes', () => {
    const noise = 1e-13;
    const [full, , , , , empty] = dischargeSeries(noise, 1, 5e-3);
    const slab = dischargeCase(0, noise, 0);
    // What the readings would change by if the cell lay 0.15 mm further to the right.
    const { scan } = empty;
    const { tiles } = susceptibilityInversion(scan, slab, options);
    const there = slabField({ ...scan, x: scan.x.map(v => v - 0.15e-3) }, slab, tiles);
    const here = slabField(scan, slab, tiles);
    const components = { ...scan.components };
    const { count, sample, component } = scanReadings(scan);
    for (const name of measuredComponents(scan)) {
      const values = scan.components[name]!.values.slice();
      for (let r = 0; r < count; r++) {
        if (COMPONENTS[component[r]] === name) values[sample[r]] += there[r] - here[r];
      }
      components[name] = { ...scan.components[name]!, values };
    }
    const shifted = { ...empty, scan: { ...scan, components } };
    const { states } = susceptibilitySeries([full, shifted], slab, options, 0);
    const { shift, change } = states.find(s => s.change !== undefined)!;
    expect(Math.abs(shift!.x - 0.15e-3)).toBeLessThan(0.05e-3);
    // The hot spot, which moves what the field looks like, counts as a little of it.
    expect(Math.abs(shift!.y)).toBeLessThan(0.06e-3);
    expect(Math.abs(shift!.x - 0.15e-3)).toBeLessThan(3 * shift!.xError);
    expect(Math.abs(shift!.y)).toBeLessThan(3 * shift!.yError);
    expect(Math.max(shift!.xError, shift!.yError)).toBeLessThan(0.1e-3);
    expect(Math.abs(change!.mean - 100.5e-6)).toBeLessThan(1.5e-6);
  });
});
