import type { CurrentMap } from '../../src/currentMap.js';
import type { AxisName } from '../../src/fieldMap.js';
import type { Footprint } from '../../src/forward/index.js';
import type { Residual } from '../../src/result.js';
import type { LambdaCandidates, LambdaCurve, LambdaRule } from '../regularisation/chooseLambda.js';
import type { DepartureForm } from './departureForm.js';
import type { Progress } from './onward.js';
import type { Motion } from './placement.js';
import type { Swelling } from './swelling.js';
import type { TabShare } from './tabShares.js';

/** What an inversion will take. */
export interface Estimate {
  readonly unknowns: number;
  readonly megaBytes: number;
  readonly seconds: number;
}

/** An unknown that was fitted beside the map: gain of a sensor, moment of a magnetic part, slope of the background. */
export interface Nuisance {
  /** With its unit, where it has one. */
  readonly name: string;
  readonly value: number;
  /** Standard error; absent where errors were left out. */
  readonly error?: number;
}

/** Every choice that is left out is made from the data. */
export interface BoundedOptions {
  /** Weight of the smoothness, m^2/A^2: lambda times the integral of (laplacian psi)^2 is added to the squared residual in sigmas. */
  readonly lambda?: number;
  /** Pitch of the map, m. Default 1 mm, or less for small cells. */
  readonly pitch?: number;
  /** 'given': the samples are where the scan says. Default: they are moved where the data plainly contradict that. */
  readonly place?: 'given' | 'fit';
  /** Whether a smooth rise of the current over the cell (it swells) is fitted with the place of the scan; it is reported, not undone. */
  readonly swelling?: boolean;
  /** Known standard deviations of the gain of a reading, a part of 1, and of its position along each axis, m. Default: fitted. */
  readonly gainError?: number;
  readonly positionError?: number;
  /** 'exact': the sensors of an array agree. Default: where there are several, their gains and turns are fitted. */
  readonly sensors?: 'exact' | 'fit';
  /** Standard deviation of the total current, a part of it. Default 0: it is what the cell or the scan says. */
  readonly currentError?: number;
  /** Over which every sensor averages. Default: a point. */
  readonly footprint?: Footprint;
  /** Default 'constant'. */
  readonly background?: 'constant' | 'linear';
  /** Whether standard errors and resolution are computed. Default true. */
  readonly errors?: boolean;
  /** Whether the solution keeps the quadratic form of the readings in the departures. Default false: it is large. */
  readonly keepForm?: boolean;
  /** Called once, before the long part of the work. */
  readonly onEstimate?: (estimate: Estimate) => void;
  /** Called with the part of the work done, 0..1, which never falls, and what comes next. */
  readonly onProgress?: Progress;
}

/** How a scan was moved against the outline, and how it might still be. */
export interface ScanPlace {
  /** What was done to the samples because the data contradict their place; zero where they do not. */
  readonly applied: Motion;
  /** What a last fit would still do. */
  readonly left: Motion;
  /** Standard errors of what the fit finds. */
  readonly error: Motion;
  /** The rise of the current over the cell, where it was asked for. */
  readonly swelling?: Swelling;
}

/** The inversion of a scan of a cell with known outline and tabs. */
export interface BoundedSolution {
  /** One map per sheet, in the order of the cell's sheets, on pixel centres; NaN outside the outline. */
  readonly sheets: readonly CurrentMap[];
  /** What a healthy cell would show with this current, one map per sheet on the same grid; no errors. */
  readonly healthy: readonly CurrentMap[];
  readonly residual: Residual;
  readonly lambda: number;
  readonly lambdaBy: LambdaRule | 'given';
  readonly lambdaWhy: string;
  readonly candidates: LambdaCandidates;
  /** The sweep behind the choice. */
  readonly curve: LambdaCurve;
  /** Squared residual of the readings that were used over their degrees of freedom. */
  readonly chi2: number;
  /** Standard deviation of a reading, T: as stated, else as found. */
  readonly sigma: number;
  /** Whether it was stated in the file. */
  readonly sigmaStated: boolean;
  /** Standard deviation of the gain of a reading, a part of 1, and of its position along each axis, m, as fitted; 0 where the noise alone explains the residual. */
  readonly gainError: number;
  readonly positionError: number;
  /** Whether one of these two was found in the readings rather than given. */
  readonly errorsFitted: boolean;
  /** Correlation of the residuals of samples taken one after the other: near zero where the model lacks nothing. */
  readonly residualCorrelation: number;
  /** Effective degrees of freedom that the model spends. */
  readonly degrees: number;
  /** Scalar readings that were used, and those rejected as outliers. */
  readonly samples: number;
  readonly rejected: number;
  /** Weight of each reading, in the order of the samples, 1/T: one over its standard deviation, times the trust in its sample; 0 where rejected. */
  readonly readingWeights: Float64Array;
  /** Constant field of each measured component, T. */
  readonly background: Readonly<Partial<Record<AxisName, number>>>;
  /** The other unknowns that were fitted along. */
  readonly nuisances: readonly Nuisance[];
  /** Parts of the current of tabs that have others of their sign beside them. */
  readonly tabShares: readonly TabShare[];
  /** Part of the current in each sheet; adds up to 1. */
  readonly share: readonly number[];
  readonly shareError: number;
  /** A */
  readonly totalCurrent: number;
  /** Median full width at half maximum of the point spread, m. */
  readonly resolution: number;
  /** Relative departure from the healthy cell: norm of K - K_healthy over norm of K_healthy. */
  readonly departure: number;
  /** Where the data say that the scan lies; undefined where its place, or lambda, was given. */
  readonly place: ScanPlace | undefined;
  /** Things that the user should know. */
  readonly warnings: readonly string[];
  /** What was estimated before the work started. */
  readonly estimate: Estimate;
  /** Only where it was asked for. */
  readonly form?: DepartureForm;
}
