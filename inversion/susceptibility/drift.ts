import type { FieldScan } from '../../src/fieldScan.js';
import { COMPONENTS } from '../../src/fieldScan.js';
import { dot } from '../../src/linearAlgebra/vectors.js';
import type { ScanReadings } from '../bounded/scanReadings.js';

/** What every sensor and axis adds to its readings: one constant, a constant and a slope in time, one constant per scan line. */
export type DriftModel = 'constant' | 'linear' | 'line';

/** Readings that share an offset. */
export interface DriftGroup {
  readonly sensor: string | undefined;
  readonly component: (typeof COMPONENTS)[number];
  /** Number of the scan line, for `line`. */
  readonly line?: number;
  readonly readings: Int32Array;
}

/** Offset and drift of one group; errors are those of the joint fit with the map. */
export interface SensorOffset {
  readonly sensor?: string;
  readonly component: (typeof COMPONENTS)[number];
  readonly line?: number;
  /** T, at the time `at_s`. */
  readonly offset: number;
  readonly offsetError: number;
  /** T/s */
  readonly drift?: number;
  readonly driftError?: number;
  /** s */
  readonly at_s?: number;
}

/** The readings of each sensor and component, split by line where asked. */
export function driftGroups(scan: FieldScan, readings: ScanReadings, model: DriftModel): DriftGroup[] {
  const groups = new Map<string, { example: number; members: number[] }>();
  for (let r = 0; r < readings.count; r++) {
    const line = model === 'line' ? scan.line![readings.sample[r]] : 0;
    const key = `${readings.sensor?.[r] ?? 0} ${readings.component[r]} ${line}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { example: r, members: [r] });
    else known.members.push(r);
  }
  return [...groups.values()].map(({ example, members }) => ({
    sensor: readings.sensor && (readings.sensorNames[readings.sensor[example]] ?? String(readings.sensor[example])),
    component: COMPONENTS[readings.component[example]],
    ...(model === 'line' ? { line: scan.line![readings.sample[example]] } : {}),
    readings: Int32Array.from(members),
  }));
}

/**
 * Orthonormal columns that span the offsets in weighted readings, each within one group: what is left of the readings after
 * their projection knows nothing of offset and drift.
 */
export class DriftBasis {
  /** Per column: its group and the values at the group's readings. */
  readonly columns: readonly { readonly group: number; readonly values: Float64Array }[];
  /** Per group: upper triangle of the factor, weighted [1, t] = columns times factor. */
  readonly #factors: readonly { readonly norm: number; readonly along: number; readonly slope: number }[];
  readonly #first: readonly number[];
  readonly reference: number;

  /**
   * @param factor one over the standard deviation of each reading, 0 where it is left out
   * @param time of each reading, s, for a slope
   */
  constructor(
    readonly groups: readonly DriftGroup[],
    readonly factor: Float64Array,
    readonly time?: Float64Array,
  ) {
    this.reference = time === undefined ? 0 : referenceTime(time);
    const columns: { group: number; values: Float64Array }[] = [];
    const first: number[] = [];
    this.#factors = groups.map(({ readings }, group) => {
      first.push(columns.length);
      const constant = Float64Array.from(readings, r => factor[r]);
      const norm = Math.sqrt(dot(constant, constant));
      if (norm === 0) return { norm, along: 0, slope: 0 };
      for (let i = 0; i < constant.length; i++) constant[i] /= norm;
      columns.push({ group, values: constant });
      if (time === undefined) return { norm, along: 0, slope: 0 };
      const slope = Float64Array.from(readings, r => factor[r] * (time[r] - this.reference));
      const before = Math.sqrt(dot(slope, slope));
      const along = dot(slope, constant);
      for (let i = 0; i < slope.length; i++) slope[i] -= along * constant[i];
      const size = Math.sqrt(dot(slope, slope));
      // Readings of one moment have no slope.
      if (!(size > 1e-9 * before)) return { norm, along: 0, slope: 0 };
      for (let i = 0; i < slope.length; i++) slope[i] /= size;
      columns.push({ group, values: slope });
      return { norm, along, slope: size };
    });
    this.columns = columns;
    this.#first = first;
  }

  /** Q' v for a vector of weighted readings. */
  coefficients(v: Float64Array): Float64Array {
    return Float64Array.from(this.columns, ({ group, values }) => {
      const { readings } = this.groups[group];
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += values[i] * v[readings[i]];
      return sum;
    });
  }

  /** v - Q Q' v, in place. */
  project(v: Float64Array): void {
    const coefficients = this.coefficients(v);
    this.columns.forEach(({ group, values }, k) => {
      const { readings } = this.groups[group];
      for (let i = 0; i < values.length; i++) v[readings[i]] -= coefficients[k] * values[i];
    });
  }

  /** The offset and drift of every reading, T, also of those that are left out. @param coefficients of weighted readings */
  offsetsAt(coefficients: Float64Array): Float64Array {
    const found = this.offsets(coefficients, () => 0);
    const out = new Float64Array(this.factor.length);
    let next = 0;
    this.groups.forEach(({ readings }, g) => {
      if (this.#factors[g].norm === 0) return;
      const { offset, drift = 0 } = found[next++];
      for (const r of readings) out[r] = offset + (drift === 0 ? 0 : drift * (this.time![r] - this.reference));
    });
    return out;
  }

  /**
   * Offsets and slopes from their coefficients, with errors.
   * @param covariance of the coefficients k and l
   */
  offsets(coefficients: Float64Array, covariance: (k: number, l: number) => number): SensorOffset[] {
    return this.groups.flatMap(({ sensor, component, line }, g): SensorOffset[] => {
      const { norm, along, slope } = this.#factors[g];
      if (norm === 0) return [];
      const k = this.#first[g];
      const name = { ...(sensor === undefined ? {} : { sensor }), component, ...(line === undefined ? {} : { line }) };
      if (slope === 0) {
        return [{ ...name, offset: coefficients[k] / norm, offsetError: Math.sqrt(covariance(k, k)) / norm }];
      }
      // [offset, drift] = R^-1 c with R = [[norm, along], [0, slope]].
      const drift = coefficients[k + 1] / slope;
      const part = along / slope;
      const variance = covariance(k, k) - 2 * part * covariance(k, k + 1) + part * part * covariance(k + 1, k + 1);
      return [
        {
          ...name,
          offset: (coefficients[k] - along * drift) / norm,
          offsetError: Math.sqrt(Math.max(0, variance)) / norm,
          drift,
          driftError: Math.sqrt(covariance(k + 1, k + 1)) / slope,
          at_s: this.reference,
        },
      ];
    });
  }
}

/** Zero of the clock where the scan began about then, else the first reading: clocks may count from 1970. */
function referenceTime(time: Float64Array): number {
  let [first, last] = [Infinity, -Infinity];
  for (const t of time) {
    first = Math.min(first, t);
    last = Math.max(last, t);
  }
  return Math.abs(first) <= last - first ? 0 : first;
}
