import type { FieldScan } from '../fieldScan.js';
import type { Grid } from '../grid.js';
import type { InversionResult } from '../result.js';
import type { Agreement } from './agreement.js';
import type { Proportion } from './linearity.js';
import type { OddEven } from './oddEven.js';
import type { PairedValues } from './pairedValues.js';
import type { Registration, RegistrationModel } from './registration.js';
import type { VectorMap } from './vectorMap.js';

export interface CompareOptions {
  /** Which motion is taken out of B if it is significant; `none` (the default) only reports a similarity. */
  readonly register?: 'none' | RegistrationModel;
  /** Scans: `fit` takes the mean of A - B of each component off A; default `keep`. */
  readonly background?: 'keep' | 'fit';
}

/** Two maps on one grid. */
export interface ComparedLayer {
  readonly grid: Grid;
  readonly z: number;
  readonly a: VectorMap;
  readonly b: VectorMap;
}

/** How much of the two is compared. */
export interface Overlap {
  /** Area (or number of samples) that both have, over what at least one of them has. */
  readonly whole: number;
  /** Over what A has, and over what B has. */
  readonly ofA: number;
  readonly ofB: number;
}

/** What two scans tell beside their difference. */
export interface ScanRelation {
  /** A = slope B + offset. */
  readonly proportion?: Proportion;
  /** I_a / I_b, where both scans carry their current. */
  readonly currentRatio?: number;
  /** slope / currentRatio: 1 where the field is proportional to the current (dB / (I g)). */
  readonly linearity?: number;
  readonly linearityError?: number;
  /** Where the scans were taken at the same places. */
  readonly oddEven?: OddEven;
  /** Whether the currents are opposite: as the scans say, else as the slope says. */
  readonly reversed: boolean;
}

/** Everything that is said of two results or two scans. */
export interface Comparison {
  readonly kind: 'results' | 'scans';
  /** Unit of the values: A/m or T, or the relative unit of both. */
  readonly unit: string;
  /** Whether samples were compared one by one, or maps on a common grid. */
  readonly by: 'samples' | 'grid';
  readonly pairs: PairedValues;
  /** The maps, where there are grids; those of samples compared one by one serve pictures and structure only. */
  readonly layers: readonly ComparedLayer[];
  readonly agreement: Agreement;
  /** The same for each layer where there are several. */
  readonly layerAgreements: readonly Agreement[];
  /** Mean structural similarity; undefined without a grid, or without contrast. */
  readonly ssim?: number;
  readonly overlap: Overlap;
  /** Undefined where the maps do not determine one. */
  readonly registration?: Registration;
  /** Whether the registration was applied to B before everything else. */
  readonly registered: boolean;
  readonly relation?: ScanRelation;
  /** What was taken off each component of A, where that was asked for. */
  readonly background?: Readonly<Record<string, number>>;
  /** A - B as a scan or as a result that can be written. */
  readonly difference: { readonly scan: FieldScan } | { readonly result: Omit<InversionResult, 'process'> };
  /** Sentences for the user: what was assumed, and what that costs. */
  readonly notes: readonly string[];
}
