import { describe, expect, it } from 'vitest';
import { oddEven } from '../../src/comparison/oddEven.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { normals } from '../numbers.js';
import { fieldScan } from './support.js';

const rms = (values: Float64Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
const background = { bx: 20e-6, bz: -3e-6 };
const withCurrent = (scan: FieldScan, amperes: number): FieldScan => ({
  ...scan,
  current: new Float64Array(scan.count).fill(amperes),
});

describe('odd and even part of two scans at +I and -I', () => {
  const plus = fieldScan({ current: 2, background });
  const minus = fieldScan({ current: -2, background });

  it('add up to A, and their difference is -B', () => {
    const { odd, even } = oddEven(plus, minus);
    for (const name of ['bx', 'by', 'bz'] as const) {
      odd.components[name]!.values.forEach((v, i) => {
        expect(v + even.components[name]!.values[i]).toBeCloseTo(plus.components[name]!.values[i], 18);
        expect(even.components[name]!.values[i] - v).toBeCloseTo(minus.components[name]!.values[i], 18);
      });
    }
  });

  it('are the field of the current and the background', () => {
    const { odd, even } = oddEven(plus, minus);
    const pure = fieldScan({ current: 2 });
    odd.components.bz!.values.forEach((v, i) => {
      expect(v).toBeCloseTo(pure.components.bz!.values[i], 17);
      expect(even.components.bx!.values[i]).toBeCloseTo(20e-6, 17);
    });
  });

  it('are separated exactly where the two currents are not equally large, if the scans say how large', () => {
    const weak = withCurrent(fieldScan({ current: -0.7, background }), -0.7);
    const { odd, even } = oddEven(withCurrent(plus, 2), weak);
    const pure = fieldScan({ current: 2 });
    odd.components.bx!.values.forEach((v, i) => {
      expect(v).toBeCloseTo(pure.components.bx!.values[i], 17);
      expect(even.components.bz!.values[i]).toBeCloseTo(-3e-6, 17);
    });
  });

  it('antisymmetry is 0 where all reverses, 1 where nothing does, and between for a mixture', () => {
    const scan = fieldScan({ current: 1 });
    expect(oddEven(scan, fieldScan({ current: -1 })).antisymmetry).toBe(0);
    expect(oddEven(scan, scan).antisymmetry).toBe(1);
    const { antisymmetry, antisymmetryOf } = oddEven(plus, minus);
    expect(antisymmetry).toBeGreaterThan(0.05);
    expect(antisymmetry).toBeLessThan(0.95);
    const i = 77;
    const [a, b] = [plus, minus].map(s => s.components.bx!.values[i]);
    expect(antisymmetryOf.bx![i]).toBeCloseTo(Math.abs(a + b) / (Math.abs(a) + Math.abs(b)), 12);
  });

  it('the noise of both parts is what they state', () => {
    const noisy = (seed: number): FieldScan => {
      const scan = fieldScan({ current: 0 });
      const values = normals(scan.count, seed).map(v => 3e-7 * v);
      return { ...scan, components: { bz: { values } }, sigma: 3e-7 };
    };
    const { odd, even, sigma } = oddEven(noisy(1), noisy(2));
    expect(sigma).toBeCloseTo(3e-7 / Math.SQRT2, 15);
    for (const part of [odd, even]) {
      expect(rms(part.components.bz!.values) / part.components.bz!.sigma![0]).toBeGreaterThan(0.94);
      expect(rms(part.components.bz!.values) / part.components.bz!.sigma![0]).toBeLessThan(1.06);
    }
    expect(odd.sigma).toBeUndefined();
  });
});
