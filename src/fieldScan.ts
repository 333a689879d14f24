import { InputError } from './errors.js';

/**
 * Names of the components of a reading: three Cartesian ones, and `b`, one reading along a direction of its own (also
 * the total field, along the ambient field's direction).
 */
export const COMPONENTS = ['bx', 'by', 'bz', 'b'] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** One component of the field at every sample of a scan. */
export interface FieldComponent {
  /** In phase, T (or in {@link FieldScan.relativeUnit}). */
  readonly values: Float64Array;
  /** Out of phase (lock-in quadrature), same unit. */
  readonly quadrature?: Float64Array;
  /** Standard deviation of each reading, same unit; wins over {@link FieldScan.sigma}. */
  readonly sigma?: Float64Array;
}

/**
 * A scan: samples at their own positions. Every array has one entry per sample, in the order in which they were taken.
 * Positions in m, right-handed axes, z out of the cell's face towards the upper sensor. All values are finite: a reading
 * that was not taken is a sample that is not there.
 */
export interface FieldScan {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** The components that were measured; at least one. */
  readonly components: Readonly<Partial<Record<ComponentName, FieldComponent>>>;
  /** Unit vectors along which `b` was read; present exactly when `b` is. */
  readonly direction?: { readonly x: Float64Array; readonly y: Float64Array; readonly z: Float64Array };
  /** Noise (one standard deviation) of every reading, T or relative unit. */
  readonly sigma?: number;
  /** Which sensor took the sample, as index into `sensorNames`. */
  readonly sensor?: Int32Array;
  readonly sensorNames?: readonly string[];
  /** Time, s. */
  readonly time?: Float64Array;
  /** Number of the scan line. */
  readonly line?: Float64Array;
  /** Current through the cell, A. */
  readonly current?: Float64Array;
  /** State of charge, 0..1. */
  readonly soc?: Float64Array;
  /** Temperature, degC. */
  readonly temperature?: Float64Array;
  /** Set when the readings are not in tesla but in a unit whose scale is unknown (`Phi0/A`, `V`): results are relative. */
  readonly relativeUnit?: string;
}

/** The measured components in the order of {@link COMPONENTS}. */
export function measuredComponents(scan: FieldScan): ComponentName[] {
  return COMPONENTS.filter(name => scan.components[name] !== undefined);
}

/**
 * Checks the invariants of a scan (lengths, finite numbers, at least one sample and one component, unit directions).
 * @throws {InputError} naming the column that breaks them.
 */
export function checkScan(scan: FieldScan): FieldScan {
  const n = scan.count;
  if (n === 0) throw new InputError('the scan holds no samples', { advice: 'check that the file has data rows' });
  if (measuredComponents(scan).length === 0) {
    throw new InputError('the scan holds no field component', {
      advice: 'name a column like bz_uT, or bx_nT, or b_uT with nx, ny, nz',
    });
  }
  const check = (name: string, values: Float64Array | undefined) => {
    if (values === undefined) return;
    if (values.length !== n) {
      throw new InputError(`has ${values.length} values for ${n} samples`, { column: name });
    }
    for (let i = 0; i < n; i++) {
      if (!Number.isFinite(values[i])) {
        throw new InputError(`sample ${i + 1} is not a finite number`, {
          column: name,
          advice: 'leave samples without a reading out of the file; gaps are allowed, invented values are not',
        });
      }
    }
  };
  for (const name of ['x', 'y', 'z', 'time', 'line', 'current', 'soc', 'temperature'] as const) check(name, scan[name]);
  for (const name of measuredComponents(scan)) {
    const component = scan.components[name]!;
    check(name, component.values);
    check(`${name} quadrature`, component.quadrature);
    check(`${name} sigma`, component.sigma);
    if (component.sigma?.some(s => s <= 0)) {
      throw new InputError('holds a standard deviation that is not positive', { column: `${name} sigma` });
    }
  }
  if (scan.sigma !== undefined && !(scan.sigma > 0)) {
    throw new InputError(`the noise of the readings must be positive, not ${scan.sigma}`, { column: 'sigma' });
  }
  if ((scan.components.b === undefined) !== (scan.direction === undefined)) {
    throw new InputError('a reading along a direction needs that direction', {
      column: 'b',
      advice: 'add the columns nx, ny, nz',
    });
  }
  if (scan.direction !== undefined) {
    const { x, y, z } = scan.direction;
    for (const [name, values] of [
      ['nx', x],
      ['ny', y],
      ['nz', z],
    ] as const)
      check(name, values);
    for (let i = 0; i < n; i++) {
      if (Math.abs(Math.hypot(x[i], y[i], z[i]) - 1) > 1e-3) {
        throw new InputError(`the direction of sample ${i + 1} is not a unit vector`, { column: 'nx, ny, nz' });
      }
    }
  }
  return scan;
}
