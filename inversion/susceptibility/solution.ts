import type { Vector3 } from '../../src/biotSavart/index.js';
import type { Footprint } from '../../src/forward/index.js';
import type { Outline } from '../../src/model/outline.js';
import type { Residual } from '../../src/result.js';
import type { SusceptibilityMap } from '../../src/susceptibilityMap.js';
import type { LambdaCandidates, LambdaCurve } from '../regularisation/chooseLambda.js';
import type { DriftModel, SensorOffset } from './drift.js';
import type { SlabForm } from './slabForm.js';
import type { SlabLattice } from './slabLattice.js';

/** A field, T: the same everywhere, or as a function of x and y in the middle plane, m. */
export type AppliedField = Vector3 | ((x: number, y: number) => Vector3);

/** What is magnetised: a slab of uniform thickness about z = 0. Lengths in m, fields in T. */
export interface Slab {
  readonly outline: Outline;
  readonly thickness: number;
  readonly field: AppliedField;
}

/** Every choice that is left out is made from the data. */
export interface SusceptibilityOptions {
  /** Smooth: integral of |grad chi|^2; variation: total variation. Default: the one that predicts left-out readings better. */
  readonly prior?: 'smooth' | 'variation';
  /** Weight of the prior given by `prior` (of the smooth one by default): no search. */
  readonly lambda?: number;
  /** m; default a third of the sensors' distance from the face, or what 1600 pixels allow. */
  readonly pitch?: number;
  /** Default: linear where the scan has times, by line where the residual shows that; else constant. */
  readonly drift?: DriftModel;
  readonly footprint?: Footprint;
  /** Parts of the view whose samples are left out. */
  readonly masked?: readonly Outline[];
  /** Fields of known shape that may be in the readings, T per unit in the order of the readings; their sizes are fitted along. */
  readonly nuisances?: readonly Float64Array[];
  /** Parts of the cell whose mean is wanted. */
  readonly regions?: readonly Outline[];
  /** Whether errors and resolution are computed. Default true. */
  readonly errors?: boolean;
  readonly onProgress?: (part: number, next: string) => void;
  /**
   * Called with the normal equations while they stand: for tests of patterns straight on the readings. With the variance of a
   * weighted reading and the median distance of the sensors from the middle plane, m.
   */
  readonly onForm?: (form: SlabForm, lattice: SlabLattice, variance: number, distance: number) => void;
}

export interface SusceptibilitySolution {
  readonly map: SusceptibilityMap;
  /** Mean over the outline's area. */
  readonly mean: number;
  readonly meanError: number;
  /** Mean and error over each of the regions that were asked for; NaN where one holds no pixel. */
  readonly regions: readonly { readonly mean: number; readonly error: number }[];
  readonly offsets: readonly SensorOffset[];
  readonly drift: DriftModel;
  readonly driftWhy: string;
  readonly prior: 'smooth' | 'variation';
  readonly priorWhy: string;
  readonly lambda: number;
  readonly lambdaBy: 'gcv' | 'given';
  readonly candidates: LambdaCandidates;
  readonly curve: LambdaCurve;
  /** Squared residual over degrees of freedom, in units of the stated noise (1 by definition where none is stated). */
  readonly chi2: number;
  /** T: stated, else estimated. */
  readonly sigma: number;
  readonly sigmaStated: boolean;
  readonly degrees: number;
  /** Scalar readings that were used, and those that were rejected. */
  readonly samples: number;
  readonly rejected: number;
  /** Median full width at half maximum of the point spread, m; NaN without errors. */
  readonly resolution: number;
  readonly residual: Residual;
  /** The map as it was solved for: a value for every tile, those that the outline cuts included. */
  readonly tiles: { readonly lattice: SlabLattice; readonly chi: Float64Array };
  /** The applied field's mean over the slab, T. */
  readonly field: Vector3;
}
