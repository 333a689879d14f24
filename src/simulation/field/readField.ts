import type { FieldVectors } from '../../biotSavart/index.js';
import { InputError } from '../../errors.js';
import { AXES } from '../../fieldMap.js';
import { type ComponentName, checkScan, type FieldComponent, type FieldScan } from '../../fieldScan.js';
import { random } from '../../random.js';
import type { SamplePlan } from './samplePlan.js';

/** What stands between the field and the scan. */
export interface InstrumentOptions {
  /** White noise of every reading, one standard deviation, T; default 0. */
  readonly noise?: number;
  readonly seed?: number;
  /** Largest reading of either sign, T: samples beyond it are left out. */
  readonly range?: number;
  /** Step of the digital output, T. */
  readonly step?: number;
  /** Current through the cell, A, for the scan's own column. */
  readonly current?: number;
}

export interface ReadField {
  readonly scan: FieldScan;
  /** Samples that are not in the scan because a reading was beyond the range. */
  readonly outOfRange: number;
}

/**
 * A scan of a field: readings at the planned places with noise, rounded to the sensor's steps. The stated noise is that of
 * the readings, the rounding's step / sqrt(12) included. Readings are made in the order bx, by, bz, b of a sample, sample
 * after sample, so the same seed gives the same noise whatever the field.
 * @throws {InputError} where every sample is out of range
 */
export function readField(field: FieldVectors, plan: SamplePlan, options: InstrumentOptions = {}): ReadField {
  const { noise = 0, seed = 1, range = Infinity, step = 0, current } = options;
  const rng = random(seed);
  const n = plan.x.length;
  const names: ComponentName[] = [...AXES.filter(axis => plan.axes.includes(axis))];
  if (plan.direction !== undefined) names.push('b');
  const values = names.map(() => new Float64Array(n));
  const kept: number[] = [];
  let largest = 0;
  for (let i = 0; i < n; i++) {
    let within = true;
    names.forEach((name, c) => {
      const exact = name === 'b' ? along(field, plan, i) : field[name][i];
      const read = exact + noise * rng.normal();
      largest = Math.max(largest, Math.abs(read));
      within &&= Math.abs(read) <= range;
      values[c][i] = step > 0 ? step * Math.round(read / step) : read;
    });
    if (within) kept.push(i);
  }
  if (kept.length === 0) {
    throw new InputError(
      `every sample has a reading beyond the range of ${range} T, the largest ${largest.toPrecision(3)} T`,
      { advice: 'take another sensor, less current or a larger height' },
    );
  }
  const of = (all: Float64Array) => (kept.length === n ? all : Float64Array.from(kept, i => all[i]));
  const sigma = Math.hypot(noise, step / Math.sqrt(12));
  const { columns = {}, direction } = plan;
  const { sensor, sensorNames, ...series } = columns;
  const components = Object.fromEntries(
    names.map((name, c): [string, FieldComponent] => [name, { values: of(values[c]) }]),
  );
  const scan: FieldScan = {
    count: kept.length,
    x: of(plan.x),
    y: of(plan.y),
    z: of(plan.z),
    components,
    ...(direction === undefined ? {} : { direction: { x: of(direction.x), y: of(direction.y), z: of(direction.z) } }),
    ...(sigma > 0 ? { sigma } : {}),
    ...(sensor === undefined ? {} : { sensor: Int32Array.from(kept, i => sensor[i]) }),
    ...(sensorNames === undefined ? {} : { sensorNames }),
    ...Object.fromEntries(Object.entries(series).map(([key, column]) => [key, of(column as Float64Array)])),
    ...(current === undefined ? {} : { current: new Float64Array(kept.length).fill(current) }),
  };
  return { scan: checkScan(scan), outOfRange: n - kept.length };
}

function along({ bx, by, bz }: FieldVectors, { direction }: SamplePlan, i: number): number {
  const { x, y, z } = direction!;
  return bx[i] * x[i] + by[i] * y[i] + bz[i] * z[i];
}
