import { NumericalError } from '../../src/errors.js';
import type { AxisName } from '../../src/fieldMap.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { denseWorkspace } from '../../src/linearAlgebra/index.js';
import { boundingBox, contains } from '../../src/model/outline.js';
import { onward } from '../bounded/onward.js';
import { type ScanReadings, scanReadings } from '../bounded/scanReadings.js';
import { shareGeometry } from './commonGeometry.js';
import { geometryClasses } from './geometryClasses.js';
import { type PackCell, type PlacedCell, placedCells } from './packCell.js';
import { allCellPatterns, type PackColumn, packStandoff, type Role } from './packModel.js';
import { type SolvedClass, solveClass } from './solveClass.js';

/** Every choice that is left out is made from the data. */
export interface CellCurrentsOptions {
  /** 'given': the cells stand where the pack says. Default: their places are fitted, within {@link PLACE_SD}. */
  readonly place?: 'given' | 'fit';
  /** Default 'constant'. */
  readonly background?: 'constant' | 'linear';
  /** 'exact': the sensors of an array agree. Default: where there are several, their gains and turns are fitted. */
  readonly sensors?: 'exact' | 'fit';
  /** Known standard deviations of gain, a part of 1, and position, m, of a reading. Default: fitted where the noise fails. */
  readonly gainError?: number;
  readonly positionError?: number;
  /**
   * The sum of the cells' currents in each scan, A, where it is known (undefined: it is not), and its standard deviation as
   * a part of it. Used for scans of one geometry where it is known of all.
   */
  readonly total?: { readonly values: readonly (number | undefined)[]; readonly error: number };
  /** Called with the part of the work done, 0..1, and what comes next. */
  readonly onProgress?: (part: number, next: string) => void;
}

/** Where a cell seems to stand against the pack's description. */
export interface CellPlace {
  /** Shift in the pack's axes, m, and anticlockwise turn, rad, with standard errors. */
  readonly shift: readonly [x: number, y: number];
  readonly shiftError: readonly [x: number, y: number];
  readonly turn: number;
  readonly turnError: number;
}

/** The cells of one scan. */
export interface ScanCurrents {
  /** A, in the order of the cells. */
  readonly current: Float64Array;
  /** Their covariance, A^2, cells x cells. */
  readonly covariance: Float64Array;
  /** Standard errors, A. */
  readonly error: Float64Array;
  /** The part of the covariance that other scans of the same places do not share; it is what differences err by. */
  readonly ownCovariance: Float64Array;
  /** Squared residual of the readings that were used over their degrees of freedom. */
  readonly chi2: number;
  /** Scalar readings that were used, and that were rejected as outliers. */
  readonly readings: number;
  readonly rejected: number;
  /** 1 for samples that were rejected. */
  readonly rejectedSamples: Uint8Array;
  /** Constant field of each measured component, T. */
  readonly background: Readonly<Partial<Record<AxisName, number>>>;
  /** Per cell; undefined where the places were given. */
  readonly places: readonly CellPlace[] | undefined;
  /** Standard deviation of the gain of a reading, a part of 1, and of its position along each axis, m, as fitted or given. */
  readonly gainError: number;
  readonly positionError: number;
  /** The largest departure of a tab's profile from what is likely, in prior standard deviations. */
  readonly strain: number;
  /** Part of the prior variance of wires and geometry that differs from the mean of all scans of the same places. */
  readonly own: number;
  /** Depth below the cells, m, of a sheet of unknown currents that the field asks for; undefined without one. */
  readonly below?: number;
}

export interface CellCurrents {
  readonly cells: readonly string[];
  /** In the order of the scans given. */
  readonly scans: readonly ScanCurrents[];
  /** How many different geometries (positions and components) there were. */
  readonly geometries: number;
  /** Part of the prior variance of the pack's geometry that seems to differ from scan to scan: 0 where nothing moved. */
  readonly varying: number;
}

const WORKSPACE = 3e9;
/** Standard deviations that a tab's profile may depart by; beyond, it stands for something else, and what all scans err by alike grows with the excess. */
const LIKELY = 3;
/** Readings per cell below which nothing can be said. */
const LEAST_READINGS = 20;

/**
 * The current that each cell of a pack carries, from scans of its field. The field is the sum over the cells of (healthy
 * harmonic pattern of outline and tabs, profiles of the tabs, place) times the current, of sheets of unknown current outside
 * the outlines, and of a constant background: weighted least squares with priors, `docs/pack-diagnosis.md`. Scans that
 * share positions share one factorisation.
 *
 * @throws {NumericalError} for cells without tabs, and scans that do not see the pack.
 */
export function cellCurrents(
  scans: readonly FieldScan[],
  cells: readonly PackCell[],
  options: CellCurrentsOptions = {},
): CellCurrents {
  const placed = placedCells(cells);
  const report = options.onProgress ?? (() => {});
  for (const { name, unit } of placed) {
    if (unit.tabs.length > 0) continue;
    throw new NumericalError(`the cell ${name} has no tabs`, { advice: "give tabs in the cell's file" });
  }
  const all = scans.map((scan, s) => {
    const readings = scanReadings(scan, wantedSamples(scan, placed));
    checkReadings(readings, placed, s);
    return readings;
  });
  const classes = geometryClasses(all);
  const out: SolvedClass[] = [];
  const at: [solved: number, index: number][] = new Array(scans.length);
  const dense = denseWorkspace(WORKSPACE);
  classes.forEach((members, c) => {
    // Where another model is tried the work starts again.
    const step = onward((part, next) => report((c + part) / classes.length, next));
    step(0, 'patterns of the cells');
    const readings = members.map(s => all[s]);
    const patterns = allCellPatterns(placed, readings[0]);
    const total = options.total && { ...options.total, values: members.map(s => options.total!.values[s]) };
    const solved = dense.temporarily(() =>
      solveClass({ cells: placed, patterns, readings, dense, options, total, step }),
    );
    out.push(solved);
    members.forEach((s, i) => {
      at[s] = [c, i];
    });
  });
  const { estimates, varying } = shareGeometry(out.map(({ geometry }) => geometry));
  report(1, 'done');
  return {
    cells: cells.map(({ name }) => name),
    scans: scans.map((_, s) => {
      const [c, i] = at[s];
      const { amount, difference, covariance: own, rest } = out[c].scans[i];
      const { current: mean, covariance: common, theta, thetaError } = estimates[c];
      const n = cells.length;
      const widened = amount ** 2 * Math.max(1, rest.strain - LIKELY) ** 2;
      const covariance = own.map((v, e) => v + widened * common[e]);
      return {
        ...rest,
        current: mean.map((v, k) => amount * v + difference[k]),
        covariance,
        ownCovariance: out.length > 1 || scans.length === 1 ? covariance : own,
        error: mean.map((_, k) => Math.sqrt(covariance[k * n + k])),
        places:
          options.place === 'given' ? undefined : cells.map((_, k) => placeOf(k, out[c].columns, theta, thetaError)),
      };
    }),
    geometries: classes.length,
    varying,
  };
}

function placeOf(cell: number, columns: readonly PackColumn[], theta: Float64Array, error: Float64Array): CellPlace {
  const of = (role: Role) => columns.findIndex(column => column.role === role && column.cell === cell);
  const [x, y, turn] = (['shift x', 'shift y', 'turn'] as const).map(of);
  return {
    shift: [theta[x], theta[y]],
    shiftError: [error[x], error[y]],
    turn: theta[turn],
    turnError: error[turn],
  };
}

/** 1 for samples outside the masked parts of the view. */
function wantedSamples(scan: FieldScan, cells: readonly PlacedCell[]): Uint8Array {
  const masked = cells.flatMap(({ placed }) => placed.masked);
  return Uint8Array.from({ length: scan.count }, (_, s) =>
    masked.some(part => contains(part, scan.x[s], scan.y[s], 0)) ? 0 : 1,
  );
}

function checkReadings(readings: ScanReadings, cells: readonly PlacedCell[], scan: number): void {
  const where = `scan ${scan + 1}`;
  const h = readings.count === 0 ? 0 : packStandoff(cells, readings);
  if (readings.count > 0 && !(h > 0)) {
    throw new NumericalError(`${where}: the samples lie in the plane of the current`, {
      advice: 'give the height of the sensors above the middle of the cells in the z column',
    });
  }
  for (const { name, placed } of cells) {
    const { x0, y0, x1, y1 } = boundingBox(placed.outline);
    let over = 0;
    for (let r = 0; r < readings.count; r++) {
      const [x, y] = [readings.x[r], readings.y[r]];
      if (x > x0 - h && x < x1 + h && y > y0 - h && y < y1 + h) over++;
    }
    if (over >= LEAST_READINGS) continue;
    throw new NumericalError(`${where} has ${over} readings over the cell ${name}: too few`, {
      advice: 'check that scan and pack file use the same origin and the same unit of length',
    });
  }
}
