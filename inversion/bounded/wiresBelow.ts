import type { Cell } from '../../src/model/cell.js';
import { careless } from './errorModel.js';
import type { PlaceFit } from './placeFit.js';
import type { Motion } from './placement.js';
import { placeWarnings, withFloor } from './placeVerdict.js';
import type { BoundedSolution } from './solution.js';

/** The outcome of one hypothesis about the currents that nobody described. */
export interface Settled {
  readonly solution: Omit<BoundedSolution, 'place'>;
  readonly place: PlaceFit | undefined;
  /** Log evidence; NaN where nothing asks for it. */
  readonly evidence: number;
  /** What was done to the samples. */
  readonly applied: Motion;
  /** Depth of the assumed sheet below the cell, m; undefined without one. */
  readonly below: number | undefined;
}

/** The ordinary model is doubted above this chi2, or this departure from the healthy cell. */
const POOR_FIT = 1.3;
const LARGE_DEPARTURE = 0.4;
/** Or where the scatter that was put down to gain and position is alike in successive samples. */
const ALIKE = 0.1;
/** Another model must be so much more probable, in log evidence. */
const BETTER = 20;

type Fit = Pick<
  BoundedSolution,
  'chi2' | 'sigmaStated' | 'departure' | 'gainError' | 'positionError' | 'errorsFitted' | 'residualCorrelation'
>;

/** Whether the readings hold what the model lacks: more than noise and the errors of a careful rig, or alike in neighbours. */
function unexplained(fit: Fit): boolean {
  const { chi2, sigmaStated, errorsFitted, residualCorrelation } = fit;
  // Errors of gain and position are each reading's own; what else they were fitted to is smooth.
  return (sigmaStated && chi2 > POOR_FIT) || (errorsFitted && (careless(fit) || residualCorrelation > ALIKE));
}

/**
 * Whether the ordinary model fits so badly that another is worth the time. A height that was changed is no reason: a sheet below
 * would explain a wrong height too.
 */
export function doubted(solution: Fit): boolean {
  return unexplained(solution) || solution.departure > LARGE_DEPARTURE;
}

/** The other model, where it is so much more probable that it is worth its unknowns. */
export function moreProbable<T extends { readonly evidence: number }>(plain: T, other: T): T {
  return other.evidence > plain.evidence + BETTER ? other : plain;
}

/**
 * The most probable of the ordinary model and those with a sheet of unknown currents below the cell: wires that run back
 * under it. From the deepest up, until the evidence falls.
 */
export function wiresBelow<T extends { readonly evidence: number }>(
  plain: T,
  depths: readonly number[],
  settled: (below: number) => T,
): T {
  let best: T | undefined;
  for (const depth of depths) {
    const next = settled(depth);
    if (best !== undefined && next.evidence <= best.evidence) break;
    best = next;
  }
  return best === undefined ? plain : moreProbable(plain, best);
}

/**
 * Where no model fits and the departure is implausibly large, the map is the healthy one. Its errors are those found, times
 * sqrt(chi2), and what the map would have departed by (rms of Kx and Ky over the sheet).
 */
function retreated(found: Settled): Settled {
  const { solution } = found;
  if (!(unexplained(solution) && solution.departure > LARGE_DEPARTURE)) return found;
  const sheets = solution.sheets.map((map, s) => {
    const healthy = solution.healthy[s];
    const square = (a: Float64Array, b: Float64Array) => {
      const inside = a.map((v, i) => (v - b[i]) ** 2).filter(v => !Number.isNaN(v));
      return inside.reduce((sum, v) => sum + v, 0) / inside.length;
    };
    const departed = (square(map.kx, healthy.kx) + square(map.ky, healthy.ky)) / 2;
    const widened = (errors: Float64Array) => errors.map(e => Math.sqrt(e * e * solution.chi2 + departed));
    const { kxErrors, kyErrors } = map;
    const errors = kxErrors && kyErrors ? { kxErrors: widened(kxErrors), kyErrors: widened(kyErrors) } : {};
    return { ...map, kx: healthy.kx, ky: healthy.ky, ...(healthy.psi ? { psi: healthy.psi } : {}), ...errors };
  });
  const warning =
    `No model of the currents outside explains the readings (chi2 = ${solution.chi2.toFixed(2)}), and the map that comes nearest ` +
    `would differ from the healthy cell by ${Math.round(100 * solution.departure)} %, which is not credible: the healthy map is ` +
    'given instead, with that difference as its error. Look for currents that the cell file does not describe.';
  return { ...found, solution: { ...solution, sheets, departure: 0, warnings: [...solution.warnings, warning] } };
}

/** The solution with what the user must know of how it was found. */
export function told(found: Settled, cell: Cell): BoundedSolution {
  const { solution, place: fit, applied, below } = retreated(found);
  const floored = fit && withFloor(fit, cell);
  const place = floored && {
    applied,
    left: floored.motion,
    error: floored.error,
    ...(floored.swelling && { swelling: floored.swelling }),
  };
  const warnings = [...solution.warnings];
  if (below !== undefined) {
    warnings.push(
      'The data contradict a cell with wires beside and above it only. They fit currents below the cell, such as wires or a ' +
        `plate that run back under it; an unknown sheet ${(1e3 * below).toFixed(1)} mm below was fitted for them. What is smooth in the map may belong ` +
        'to it. Describe the wires (leads) or lead them away.',
    );
  }
  if (place !== undefined) warnings.push(...placeWarnings(place, cell));
  return { ...solution, warnings, place };
}
