import { InputError } from '../../src/errors.js';
import type { FieldMap } from '../../src/fieldMap.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { onRaster, toFieldMap } from '../../src/gridding/index.js';
import type { InversionResult, ProcessRecord } from '../../src/result.js';
import type { BoundedSolution } from './solution.js';

/** Who made a result, when, from what. */
export interface Origin {
  readonly version: string;
  readonly date: string;
  readonly inputs: ProcessRecord['inputs'];
  /** The text of cell.yaml. */
  readonly cell: string;
  /** The options that shape the result, as they were given. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** A bounded solution as a result with its record, for a file or a report. */
export function boundedResult(solution: BoundedSolution, scan: FieldScan, origin: Origin): InversionResult {
  const { sheets, healthy, share, residual } = solution;
  const field = measuredMap(scan);
  return {
    sheets,
    healthy,
    share,
    residual,
    ...(field === undefined ? {} : { field }),
    process: {
      program: 'savart',
      version: origin.version,
      date: origin.date,
      inputs: origin.inputs,
      cell: origin.cell,
      parameters: {
        method: 'bounded',
        target: 'current',
        given: origin.given,
        relativeUnit: scan.relativeUnit ?? null,
        totalCurrent_A: solution.totalCurrent,
        sheets_m: sheets.map(sheet => sheet.z),
        share,
        shareError: finite(solution.shareError),
        pitch_m: sheets[0].grid.dx,
        lambda: solution.lambda,
        lambdaBy: solution.lambdaBy,
        candidates: solution.candidates,
        background_T: solution.background,
        nuisances: solution.nuisances,
        tabShares: solution.tabShares,
        sigma_T: solution.sigma,
        sigmaStated: solution.sigmaStated,
        gainError: solution.gainError,
        positionError_m: solution.positionError,
        residualCorrelation: solution.residualCorrelation,
        degreesOfFreedom: solution.degrees,
        chi2: solution.chi2,
        resolution_m: finite(solution.resolution),
        departure: solution.departure,
        // Metres and radians.
        place: solution.place ?? null,
        samples: solution.samples,
        rejected: solution.rejected,
        estimate: solution.estimate,
      },
    },
  };
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The readings as a map where they stand on a raster in one plane; elsewhere they are no map. */
function measuredMap(scan: FieldScan): FieldMap | undefined {
  try {
    return onRaster(scan) ? toFieldMap(scan).map : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
