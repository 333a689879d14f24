import { describe, expect, it } from 'vitest';
import type { ScanReadings } from '../../../inversion/bounded/scanReadings.js';
import { partLeft } from '../../../inversion/planner/filterErrors.js';
import type { ReadField } from '../../../inversion/planner/nuisances.js';

/** Two samples of two readings each, with a noise of 1. */
const sigma = new Float64Array(4).fill(1);
const readings = { count: 4, first: Int32Array.of(0, 2, 4), sigma } as unknown as ScanReadings;
const none = new Float64Array(4);
const field = (value: readonly number[], dx: readonly number[] = [0, 0, 0, 0]): ReadField => ({
  value: Float64Array.from(value),
  dx: Float64Array.from(dx),
  dy: none,
  dz: none,
  turned: [none, none, none],
});
const healthy = field([0, 0, 0, 0]);
const scans = { readings, likely: [healthy], healthy, deviation: sigma, gain: 0, position: 0 };
/** The filter of a signal in white noise is the signal. */
const filter = Float64Array.of(1, 1, 1, 1);
const dprime = 2;

describe('what is left of d prime', () => {
  it('is all of it where the covariance counts everything', () => {
    expect(partLeft(filter, dprime, scans)).toBeCloseTo(1, 6);
  });

  it('is less where the readings of a sample err alike along the filter, more where they cancel', () => {
    const with_ = (slope: readonly number[]) => {
      const likely = [field([0, 0, 0, 0], slope)];
      const deviation = Float64Array.from(slope, v => Math.hypot(1, v));
      const own = Math.sqrt(filter.reduce((sum, f, r) => sum + (f * deviation[r]) ** 2, 0));
      return partLeft(filter, own, { ...scans, likely, deviation, position: 1 });
    };
    // Variances 4 + 2 and 4 where 4 + 1 + ... are counted: the part is the root of counted over true variance.
    expect(with_([0.5, 0.5, 0.5, 0.5])).toBeCloseTo(Math.sqrt(5 / 6), 6);
    expect(with_([0.5, -0.5, 0.5, -0.5])).toBeCloseTo(Math.sqrt(5 / 4), 6);
  });

  it('is less for wires that the filter lets through, whatever the size of the signal beyond what areas tell', () => {
    const likely = [-1, 1].map(v => field([v, v, v, v].map(w => 0.4 * w)));
    const left = partLeft(filter, dprime, { ...scans, likely });
    expect(left).toBeLessThan(0.95);
    expect(left).toBeGreaterThan(0.5);
    // Ten times the signal: ten times the filter and d'.
    const large = partLeft(
      filter.map(v => 10 * v),
      10 * dprime,
      { ...scans, likely },
    );
    const larger = partLeft(
      filter.map(v => 20 * v),
      20 * dprime,
      { ...scans, likely },
    );
    expect(larger).toBeCloseTo(large, 6);
  });
});
