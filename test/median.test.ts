import { describe, expect, it } from 'vitest';
import { median, upperMedian } from '../src/median.js';
import { random } from '../src/random.js';
import { normals } from './numbers.js';

/** Orders in which a selection may go wrong or slow: ties, ascending, descending, a few levels, one far off, an organ pipe. */
const ORDERS: Record<string, (n: number, k: number) => number> = {
  'all equal': () => 2.5,
  ascending: (_, k) => k,
  descending: (n, k) => n - k,
  'three levels': (_, k) => (k * 7919) % 3,
  'one far off': (n, k) => (k === n >> 1 ? 1e300 : k % 2),
  'organ pipe': (n, k) => Math.min(k, n - k),
};
const COUNTS = [1, 2, 3, 4, 16, 17, 18, 64, 101, 1000, 4097];

/** The same by the definition. */
function defined(values: readonly number[]): { mean: number; upper: number } {
  const sorted = values.filter(v => !Number.isNaN(v)).sort((a, b) => a - b);
  const n = sorted.length;
  return { mean: (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2, upper: sorted[n >> 1] };
}

/** An order that leaves the pivot of a median of three all but two of the values (D. R. Musser 1997). */
function killer(n: number): number[] {
  const k = n >> 1;
  return Array.from({ length: n }, (_, i) => (i >= k ? 2 * (i - k + 1) : i % 2 === 0 ? i + 1 : k + i));
}

describe('median', () => {
  it.each(Object.entries(ORDERS))('is the middle of the sorted values: %s', (_, value) => {
    for (const n of COUNTS) {
      const values = Array.from({ length: n }, (_, k) => value(n, k));
      expect(median(values), `${n}`).toBe(defined(values).mean);
      expect(upperMedian(values), `${n}`).toBe(defined(values).upper);
    }
  });

  it('so too for random values, with and without NaN and infinities, and for an order made against it', () => {
    const rng = random(5);
    for (const n of COUNTS) {
      const values = [...normals(n, n)];
      const holed = values.map(v => (rng.uniform() < 0.3 ? Number.NaN : rng.uniform() < 0.1 ? Infinity : v));
      for (const some of [values, [...holed, 1], killer(n)]) {
        expect(median(some)).toBe(defined(some).mean);
        expect(upperMedian(some)).toBe(defined(some).upper);
      }
    }
  });

  it('turns its sign with the values and follows scale and shift', () => {
    for (const n of COUNTS) {
      const values = normals(n, 7 * n);
      const middle = median(values);
      expect(median(values.map(v => -v))).toBe(-middle);
      expect(median(values.map(v => 4 * v))).toBe(4 * middle);
      expect(median(values.map(v => v + 3))).toBeCloseTo(middle + 3, 12);
    }
  });

  it('leaves its argument as it is', () => {
    const values = normals(500, 1);
    const before = values.slice();
    median(values);
    upperMedian(values);
    expect(values).toEqual(before);
  });

  it('is NaN of nothing, and of nothing but NaN', () => {
    for (const none of [[], [Number.NaN, Number.NaN]]) {
      expect(median(none)).toBeNaN();
      expect(upperMedian(none)).toBeNaN();
    }
  });
});
