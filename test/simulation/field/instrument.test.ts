import { describe, expect, it } from 'vitest';
import { zeroField } from '../../../src/biotSavart/index.js';
import { InputError } from '../../../src/errors.js';
import { rectangleOutline } from '../../../src/model/outline.js';
import { SENSORS, sensorNamed } from '../../../src/sensorPresets.js';
import { gaussLegendre } from '../../../src/simulation/field/gauss.js';
import { readField } from '../../../src/simulation/field/readField.js';
import { planAlong, planLike, rasterPlan } from '../../../src/simulation/field/samplePlan.js';

const outline = rectangleOutline(0.1, 0.05);
const plan = rasterPlan([outline], { heights: [5e-3, -4e-3], pitch: 10e-3, margin: 10e-3 });
const n = plan.x.length;

/** A field that is 1, 2 and 3 uT everywhere. */
function uniform() {
  const field = zeroField(n);
  field.bx.fill(1e-6);
  field.by.fill(2e-6);
  field.bz.fill(3e-6);
  return field;
}

describe('a raster', () => {
  it('covers the outline and its margin, plane by plane, y ascending', () => {
    expect(n).toBe(2 * 13 * 8);
    expect([plan.x[0], plan.x[12], plan.y[0], plan.y[13 * 7]]).toEqual([-0.01, 0.11, -0.01, 0.06]);
    expect([plan.z[0], plan.z[n - 1]]).toEqual([5e-3, -4e-3]);
    expect(plan.x[13]).toBe(plan.x[0]);
  });

  it('is refused where it would have no end', () => {
    expect(() => rasterPlan([outline], { heights: [1], pitch: 1e-7, margin: 0 })).toThrow(InputError);
  });
});

describe('readings', () => {
  it('without noise are the field', () => {
    const { scan, outOfRange } = readField(uniform(), plan, { current: 3 });
    expect(outOfRange).toBe(0);
    expect(scan.components.by?.values).toEqual(uniform().by);
    expect(scan.sigma).toBeUndefined();
    expect(scan.current?.[5]).toBe(3);
  });

  it('have the noise that is stated, the same for the same seed', () => {
    const read = (seed: number) => readField(uniform(), plan, { noise: 1e-7, seed }).scan;
    expect(read(4)).toEqual(read(4));
    expect(read(5).components.bx?.values[0]).not.toBe(read(4).components.bx?.values[0]);
    const off = (['bx', 'by', 'bz'] as const).flatMap((c, k) =>
      Array.from(read(4).components[c]!.values, v => v - (k + 1) * 1e-6),
    );
    const rms = Math.sqrt(off.reduce((sum, v) => sum + v * v, 0) / off.length);
    expect(rms / 1e-7).toBeGreaterThan(0.93);
    expect(rms / 1e-7).toBeLessThan(1.07);
    expect(read(4).sigma).toBe(1e-7);
  });

  it('are rounded to the steps of the sensor, which count as noise', () => {
    const step = 0.7e-6;
    const { scan } = readField(uniform(), plan, { step });
    expect(scan.components.bz?.values[3]).toBeCloseTo(4 * step, 15);
    expect(scan.sigma).toBeCloseTo(step / Math.sqrt(12), 15);
  });

  it('beyond the range are not there', () => {
    const field = uniform();
    field.bz[7] = -1e-3;
    const { scan, outOfRange } = readField(field, plan, { range: 1e-4 });
    expect([scan.count, outOfRange]).toEqual([n - 1, 1]);
    expect(scan.x[7]).toBe(plan.x[8]);
    expect(() => readField(uniform(), plan, { range: 1e-9 })).toThrow(InputError);
  });

  it('like those of another scan have its places, columns and components', () => {
    const { scan } = readField(uniform(), { ...plan, axes: ['bz'] }, { noise: 1e-8 });
    const like = planLike({ ...scan, line: new Float64Array(n).fill(2), time: scan.x.slice() });
    const again = readField(uniform(), like).scan;
    expect(Object.keys(again.components)).toEqual(['bz']);
    expect([again.line?.[0], again.time]).toEqual([2, scan.x]);
    expect(like.sigma).toBe(1e-8);
    expect(like.x).toBe(scan.x);
  });

  it('of the total field lie along the ambient field', () => {
    const { scan } = readField(uniform(), planAlong(plan, [0, 0, 2]));
    expect(Object.keys(scan.components)).toEqual(['b']);
    expect(scan.components.b?.values[0]).toBe(3e-6);
  });
});

describe('sensors', () => {
  it('are found by name and say where their figures come from', () => {
    for (const sensor of SENSORS) {
      expect(sensorNamed(sensor.name.toLowerCase())).toBe(sensor);
      expect(sensor.source.length).toBeGreaterThan(30);
      expect(sensor.range).toBeGreaterThan(sensor.noise);
    }
    expect(() => sensorNamed('compass')).toThrow(InputError);
  });
});

describe('Gauss-Legendre rules', () => {
  it.each([1, 2, 3, 6, 8])('with %s points integrate polynomials of degree 2 n - 1', points => {
    const { nodes, weights } = gaussLegendre(points);
    for (let degree = 0; degree < 2 * points; degree++) {
      const sum = nodes.reduce((total, x, k) => total + weights[k] * x ** degree, 0);
      expect(sum).toBeCloseTo(degree % 2 === 0 ? 2 / (degree + 1) : 0, 13);
    }
  });
});
