import { InputError, NumericalError } from '../../src/errors.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { denseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Polarity } from '../../src/model/cell.js';
import { parseDefects } from '../../src/simulation/defects/parseDefects.js';
import { wantedSamples } from '../bounded/boundedInversion.js';
import { standoff } from '../bounded/model.js';
import { type ScanReadings, scanReadings } from '../bounded/scanReadings.js';
import type { BoundedSolution } from '../bounded/solution.js';
import { median } from '../median.js';
import { neededDetectability, placesSearched } from './detector.js';
import { holePatterns } from './holePatterns.js';
import { nuisanceModel } from './nuisances.js';
import { observe } from './observer.js';
import { type DrivenCell, foilHeight, signalOf, simulatedCell } from './simulatedCell.js';
import { type HoleMap, holeSensitivity, smallestHoleMap } from './smallestHole.js';
import { standardDefects } from './standardDefects.js';

/** What a scan that was made could have seen. */
export interface ScanSight {
  /** Smallest holes in the positive and in the negative foil of the uppermost electrode pair. */
  readonly holes: readonly HoleMap[];
  /** Electrode faults, and whether a search would have found them. */
  readonly faults: readonly {
    /** As it is written for `--defect`. */
    readonly text: string;
    /** Largest change of a reading, T. */
    readonly peak: number;
    readonly detectability: number;
    readonly seen: boolean;
  }[];
  /** Whether foils and electrodes were assumed, because the cell says nothing of them. */
  readonly assumed: boolean;
  /** Places that a search distinguishes, and the d' that a defect needs with that. */
  readonly places: number;
  readonly needed: number;
  readonly standoff: number;
  /** Median error of a reading, T. */
  readonly deviation: number;
  /** A */
  readonly current: number;
}

/** Coarser than a plan, to stay below a second; the sheets outside then explain some 10 % less of a hole's d'. */
const MOST_OUTSIDE = 400;
const TAB_PITCH = 1e-3;
const PIXELS = 64;
const MOST_SAMPLES = 700;
const HOLES = { wanted: 40, mostNodes: 600 };
/** Electrode faults that are simulated; others are of their kind. */
const FAULTS = ['dead_spot', 'short'];
const MAP_PIXELS = 32;
const WORKSPACE = 1e9;
/** Deviation of a reading that counts for nothing, T. */
const LOST = 1;

/**
 * Smallest detectable hole over the cell and the faults that could not have been seen, by the planner's observer with the scan's own
 * samples and the weights that the inversion gave them: stated or found noise, fitted gain and position errors, rejected
 * samples. Scans of more than 700 samples are thinned out, the rest counting for all.
 * @returns undefined where the cell's foils and tabs cannot be simulated
 */
export function scanSight(
  scan: FieldScan,
  cell: DrivenCell,
  solution: Pick<BoundedSolution, 'readingWeights'>,
): ScanSight | undefined {
  try {
    return sightOf(scan, cell, solution);
  } catch (error) {
    if (error instanceof InputError || error instanceof NumericalError) return undefined;
    throw error;
  }
}

function sightOf(
  scan: FieldScan,
  given: DrivenCell,
  { readingWeights }: Pick<BoundedSolution, 'readingWeights'>,
): ScanSight {
  const simulated = simulatedCell(given, PIXELS);
  const { cell, assumed } = simulated;
  const wanted = wantedSamples(scan, cell);
  const all = scanReadings(scan, wanted);
  const samples = wanted.reduce((sum, v) => sum + v, 0);
  const step = Math.max(1, samples / MOST_SAMPLES);
  const { readings, weights } = thinned(scan, all, readingWeights, wanted, step);
  const deviation = weights.map(w => (w > 0 ? 1 / (w * Math.sqrt(step)) : LOST));
  const texts = standardDefects(cell).filter(text => FAULTS.some(kind => text.startsWith(kind)));
  const faults = texts.map(text => ({
    text,
    field: signalOf(readings, points => simulated.change(parseDefects(text, text), points)),
  }));
  const z = foilHeight(simulated, 'positive');
  const above = median(readings.z.map(v => Math.abs(v - z)));
  const dense = denseWorkspace(WORKSPACE);
  const patterns = holePatterns(cell.outline, z, readings, above, HOLES, dense);
  const zero = new Float64Array(readings.count);
  const healthy = { value: readings.raw, dx: zero, dy: zero, dz: zero, turned: [zero, zero, zero] as const };
  // Place and total current are not among the unknowns of the inversion unless it is told so.
  const options = { gain: 0, place: 0, tabPitch: TAB_PITCH, mostOutside: MOST_OUTSIDE };
  const nuisances = nuisanceModel(cell, readings, healthy, options, dense);
  const signals = [...faults.map(({ field }) => field), ...patterns.signals];
  const { products, detectability } = observe(nuisances, signals, readings, deviation, dense);
  const h = standoff(cell, readings);
  const sensitivity = holeSensitivity(patterns, products, signals.length, faults.length, above);
  const places = placesSearched(cell.outline, h, h);
  const needed = neededDetectability(places);
  return {
    holes: (['positive', 'negative'] as Polarity[]).map(foil =>
      smallestHoleMap(simulated, foil, sensitivity, needed, MAP_PIXELS),
    ),
    faults: faults.map(({ text, field }, f) => ({
      text,
      peak: field.reduce((most, v) => Math.max(most, Math.abs(v)), 0),
      detectability: detectability[f],
      seen: detectability[f] >= needed,
    })),
    assumed,
    places,
    needed,
    standoff: h,
    deviation: median(weights.filter(w => w > 0).map(w => 1 / w)),
    current: cell.current,
  };
}

/** The readings of some of the samples, evenly along the scan. */
function thinned(
  scan: FieldScan,
  all: ScanReadings,
  weights: Float64Array,
  wanted: Uint8Array,
  step: number,
): { readings: ScanReadings; weights: Float64Array } {
  const kept = new Uint8Array(scan.count);
  let [seen, next] = [0, 0];
  for (let s = 0; s < scan.count; s++) {
    if (wanted[s] === 0) continue;
    if (seen++ < next) continue;
    kept[s] = 1;
    next += step;
  }
  const own = weights.filter((_, r) => kept[all.sample[r]] === 1);
  return { readings: scanReadings(scan, kept), weights: own };
}
