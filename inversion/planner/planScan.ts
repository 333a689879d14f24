import { InputError } from '../../src/errors.js';
import { type DenseWorkspace, denseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell, Polarity } from '../../src/model/cell.js';
import { outlineArea } from '../../src/model/outline.js';
import type { Rig } from '../../src/model/rig.js';
import type { Defect } from '../../src/simulation/defects/defect.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { median } from '../median.js';
import { neededDetectability, placesSearched } from './detector.js';
import { expectedResolution } from './expectedResolution.js';
import { partLeft } from './filterErrors.js';
import { type HolePatterns, holePatterns } from './holePatterns.js';
import { nuisanceModel } from './nuisances.js';
import { type Observation, observe } from './observer.js';
import { type PlannedReadings, plannedReadings } from './plannedReadings.js';
import { type ScanCourse, scanCourse } from './scanCourse.js';
import { type DrivenCell, foilHeight, type SimulatedCell, signalOf, simulatedCell } from './simulatedCell.js';
import { type HoleMap, type HoleSensitivity, holeSensitivity, smallestHoleMap } from './smallestHole.js';
import { ELECTRODE_FAULTS } from './standardDefects.js';

/** A defect and how well the scan would see it. */
export interface PlannedDefect {
  /** As it is written for `--defect`. */
  readonly text: string;
  readonly kind: Defect['kind'];
  /** Largest change of a reading, T. */
  readonly peak: number;
  /** d' of the detector that knows its place and shape. */
  readonly detectability: number;
  /** d' if there were no nuisances, only the errors of the readings. */
  readonly withoutNuisances: number;
  /** Whether it is a fault of the electrodes, which the field hardly shows by its nature. */
  readonly electrodeFault: boolean;
}

/** What a scan would see, before it is made. */
export interface ScanPlan {
  readonly rig: Rig;
  readonly simulated: SimulatedCell;
  readonly course: ScanCourse;
  readonly defects: readonly PlannedDefect[];
  /** Smallest holes in the positive and in the negative foil; absent where they were left out. */
  readonly holes: readonly HoleMap[];
  readonly sensitivity?: HoleSensitivity;
  /** Places that a search distinguishes, and the d' that a defect needs where its place is searched for, and where it is known. */
  readonly places: number;
  readonly neededSearched: number;
  readonly neededKnown: number;
  /** Of the readings above the nearest sheet, m. */
  readonly standoff: number;
  /** Median noise of a reading after averaging, and with gain and position errors, T. */
  readonly sigma: number;
  readonly deviation: number;
  /** Expected width of a point in the map, m. */
  readonly resolution: number;
  readonly readings: number;
  /** Readings beyond a sensor's range, which count for nothing. */
  readonly beyondRange: number;
  readonly current: number;
}

export interface PlanOptions {
  /** With maps of the smallest hole; default true. */
  readonly maps?: boolean;
  readonly onProgress?: (part: number, next: string) => void;
  /** Pixels of the simulated cell along its longer side. */
  readonly pixels?: number;
  /** Functions of the sheets outside, at most; default 1500. */
  readonly mostOutside?: number;
  /** Simulates the cell, for callers that plan many scans of it; default: anew. */
  readonly simulate?: (cell: DrivenCell) => SimulatedCell;
}

/** Functions of the sheets outside, at most: the inversion's own pitch, or what that allows. */
const MOST_OUTSIDE = 1500;
const WORKSPACE = 2e9;
/** Places at which the maps are computed, nodes of psi, pixels of the maps. */
const PLACES = 180;
const NODES = 2000;
const MAP_PIXELS = 64;
/** See `attempt.ts`: from where the inversion starts. */
const DENSITY = 0.1;

/**
 * What a scan of a cell by a rig can detect. Nothing is random: the same plan gives the same answer.
 * @param defects with the text that names each
 * @throws {InputError} where the cell has no current or tabs, the rig cannot drive the current, a defect does not fit the cell
 */
export function planScan(
  given: Cell,
  rig: Rig,
  defects: readonly { readonly text: string; readonly defect: Defect }[],
  options: PlanOptions = {},
): ScanPlan {
  const report = options.onProgress ?? (() => {});
  const simulate = options.simulate ?? (cell => simulatedCell(cell, options.pixels));
  const simulated = simulate(drivenCell(given, rig));
  const course = scanCourse(rig, simulated.cell);
  report(0, 'the healthy cell');
  const planned = plannedReadings(rig, course, simulated);
  const { readings, standoff: h, deviation } = planned;
  const signals = defects.map(({ text, defect }, k) => {
    report(0.1 + (0.6 * k) / defects.length, text.split(':')[0].replaceAll('_', ' '));
    return signalOf(readings, points => simulated.change([defect], points));
  });
  report(0.7, 'holes all over the cell');
  const dense = denseWorkspace(WORKSPACE);
  const patterns = options.maps === false ? undefined : patternsOf(simulated, planned, dense);
  report(0.8, 'nuisances');
  const { products, detectability } = observed(
    rig,
    simulated,
    planned,
    [...signals, ...(patterns?.signals ?? [])],
    dense,
    { mostOutside: options.mostOutside, exact: signals.length },
  );
  report(0.95, 'maps');
  const k = signals.length + (patterns?.signals.length ?? 0);
  const sensitivity =
    patterns && holeSensitivity(patterns, products, k, signals.length, heightAbove(simulated, readings));
  const places = placesSearched(given.outline, h, rig.scan.pitch);
  const neededSearched = neededDetectability(places);
  const sigma = median(readings.sigma);
  const { current, outline } = simulated.cell;
  const typical = median(deviation);
  return {
    rig,
    simulated,
    course,
    defects: defects.map(({ text, defect: { kind } }, d) => ({
      text,
      kind,
      peak: signals[d].reduce((most, v) => Math.max(most, Math.abs(v)), 0),
      detectability: detectability[d],
      withoutNuisances: Math.sqrt(signals[d].reduce((sum, v, r) => sum + (v / deviation[r]) ** 2, 0)),
      electrodeFault: ELECTRODE_FAULTS.has(kind),
    })),
    holes:
      sensitivity === undefined
        ? []
        : (['positive', 'negative'] as Polarity[]).map(foil =>
            smallestHoleMap(simulated, foil, sensitivity, neededSearched, MAP_PIXELS),
          ),
    ...(sensitivity === undefined ? {} : { sensitivity }),
    places,
    neededSearched,
    neededKnown: neededDetectability(1),
    standoff: h,
    sigma,
    deviation: typical,
    resolution: expectedResolution({
      standoff: h,
      noiseDensity: typical * rig.scan.pitch * Math.sqrt((3 * course.x.length) / readings.count),
      pitch: rig.scan.pitch,
      density: (DENSITY * Math.abs(current)) / Math.sqrt(outlineArea(outline)),
    }),
    readings: readings.count,
    beyondRange: planned.beyondRange,
    current,
  };
}

/** The cell with the current that the rig drives through it. @throws {InputError} */
export function drivenCell(cell: Cell, rig: Rig): DrivenCell {
  const current = rig.scan.current ?? cell.current;
  if (current === undefined || current === 0) {
    throw new InputError('nothing says which current flows', {
      advice: 'give scan.current_A in the rig, or current_A in the cell',
    });
  }
  const limit = rig.current?.limit ?? Infinity;
  if (Math.abs(current) > limit) {
    throw new InputError(`the current of ${current} A is more than the ${limit} A that the rig may drive`, {
      advice: 'give a smaller scan.current_A in the rig, or a higher current.limit_A',
    });
  }
  if (cell.tabs.length === 0) {
    throw new InputError('the cell has no tabs, so no current flows through it', {
      column: 'tabs',
      advice: 'give its tabs',
    });
  }
  return { ...cell, current };
}

/** How many filters tell by how much less than stated a set of signals is seen. */
const SAMPLED = 12;

/**
 * The detector at work: see `observer.ts`, with d' as it is when the filter meets what its covariance leaves out
 * (`filterErrors.ts`): for each of the first `exact` signals; products of the others are scaled by the median of what a dozen of
 * them keep. The result lives in the workspace.
 */
export function observed(
  rig: Rig,
  simulated: SimulatedCell,
  { readings, healthy, likely, deviation }: PlannedReadings,
  signals: readonly Float64Array[],
  dense: DenseWorkspace,
  { mostOutside = MOST_OUTSIDE, exact = signals.length }: { mostOutside?: number | undefined; exact?: number } = {},
): Observation {
  const options = { gain: rig.gainError, place: rig.positionError, mostOutside };
  const nuisances = nuisanceModel(simulated.cell, readings, healthy, options, dense);
  const seen = observe(nuisances, signals, readings, deviation, dense);
  const scans = { readings, likely, healthy, deviation, gain: rig.gainError, position: rig.positionError };
  const left = (d: number) => partLeft(seen.filter(d), seen.detectability[d], scans);
  const k = signals.length;
  const own = Array.from({ length: exact }, (_, d) => left(d));
  const step = Math.max(1, Math.ceil((k - exact) / SAMPLED));
  const sampled = Array.from({ length: Math.ceil((k - exact) / step) }, (_, i) => left(exact + i * step));
  const others = sampled.length > 0 ? median(Float64Array.from(sampled)) : 1;
  const part = Array.from({ length: k }, (_, d) => own[d] ?? others);
  return {
    ...seen,
    products: seen.products.map((v, i) => v * part[Math.floor(i / k)] * part[i % k]),
    detectability: seen.detectability.map((v, d) => v * part[d]),
  };
}

function patternsOf(simulated: SimulatedCell, { readings }: PlannedReadings, dense: DenseWorkspace): HolePatterns {
  const z = foilHeight(simulated, 'positive');
  const above = heightAbove(simulated, readings);
  const size = { wanted: PLACES, mostNodes: NODES };
  return holePatterns(simulated.cell.outline, z, readings, above, size, dense);
}

function heightAbove(simulated: SimulatedCell, readings: ScanReadings): number {
  const z = foilHeight(simulated, 'positive');
  return median(readings.z.map(v => Math.abs(v - z)));
}
