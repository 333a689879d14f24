import type { ConductanceMap } from './conductanceMap.js';
import type { CurrentMap } from './currentMap.js';
import type { FieldMap } from './fieldMap.js';
import type { ComponentName } from './fieldScan.js';

/** What the model leaves unexplained, per sample and component, in units of its standard deviation. */
export interface Residual {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly components: Readonly<Partial<Record<ComponentName, Float64Array>>>;
  /** 1 where the sample was rejected as an outlier. */
  readonly rejected: Uint8Array;
}

/** How the result came about (NXprocess): enough to make it again. */
export interface ProcessRecord {
  readonly program: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
  /** The text of cell.yaml as it was read. */
  readonly cell?: string;
  /** The text of rig.yaml as it was read, for a scan of a rig. */
  readonly rig?: string;
  /** The texts of the calibrations that were applied, by the name of the sensor. */
  readonly calibrations?: Readonly<Record<string, string>>;
  /** Everything that was chosen, by the user or by the program. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Time constants of a relaxation where it was recorded: m, s. */
export interface RelaxationRecord {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Of the faster decay, and of the slower where there are two (else NaN), with errors. */
  readonly tau: readonly [Float64Array, Float64Array];
  readonly tauErrors: readonly [Float64Array, Float64Array];
  /** Of the place's own record, without the help of its neighbours; NaN where that does not determine it. */
  readonly alone: readonly [Float64Array, Float64Array];
  readonly aloneErrors: readonly [Float64Array, Float64Array];
}

/** Everything that a result file holds. */
export interface InversionResult {
  /** One map per sheet, in the order of `sheets_mm`, on one grid. */
  readonly sheets: readonly CurrentMap[];
  /** Of an alternating current: the part in quadrature of every sheet, `sheets` being the part in phase, and the phase of all, rad. */
  readonly quadrature?: readonly CurrentMap[];
  readonly phase?: number;
  /** What a healthy cell would show with this current, one map per sheet on the same grid; where a cell was given. */
  readonly healthy?: readonly CurrentMap[];
  /** Relative conductance of the damaged foil, one map per sheet; where it was asked for. */
  readonly conductance?: readonly ConductanceMap[];
  /** Part of the cell's current in each sheet; adds up to 1. */
  readonly share?: readonly number[];
  readonly residual?: Residual;
  /** Where the current is the amplitude of a relaxation after a load step. */
  readonly relaxation?: RelaxationRecord;
  /** The measured field as the inversion saw it, and the field of the current map plus background. */
  readonly field?: FieldMap;
  readonly fitted?: FieldMap;
  readonly process: ProcessRecord;
}
