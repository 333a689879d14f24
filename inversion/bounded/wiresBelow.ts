import type { HeightFit } from './heightFit.js';
import type { BoundedSolution } from './solution.js';

/** The outcome of one hypothesis about the currents that nobody described. */
export interface Settled {
  readonly solution: Omit<BoundedSolution, 'height'>;
  readonly height: HeightFit | undefined;
  readonly evidence: number;
  /** What was added to the height of the samples, m. */
  readonly applied: number;
  /** Depth of the assumed sheet below the cell, m; undefined without one. */
  readonly below: number | undefined;
}

/** The ordinary model is doubted above this chi2, or this departure from the healthy cell, or where it moved the samples. */
const POOR_FIT = 1.3;
const LARGE_DEPARTURE = 0.4;
/** Another model must be so much more probable, in log evidence. */
const BETTER = 20;

/** Whether the ordinary model fits so badly that another is worth the time. */
export function contradicted({ solution, applied }: Settled): boolean {
  const { chi2, sigmaStated, departure } = solution;
  return (sigmaStated && chi2 > POOR_FIT) || departure > LARGE_DEPARTURE || applied !== 0;
}

/**
 * The most probable of the ordinary model and those with a sheet of unknown currents below the cell: wires that run back
 * under it. From the deepest up, until the evidence falls.
 */
export function wiresBelow(plain: Settled, depths: readonly number[], settled: (below: number) => Settled): Settled {
  let best: Settled | undefined;
  for (const depth of depths) {
    const next = settled(depth);
    if (best !== undefined && next.evidence <= best.evidence) break;
    best = next;
  }
  return best !== undefined && best.evidence > plain.evidence + BETTER ? best : plain;
}

/** The solution with what the user must know of how it was found. */
export function told({ solution, height, applied, below }: Settled): BoundedSolution {
  const warnings = [...solution.warnings];
  const mm = (v: number) => (1e3 * v).toFixed(2);
  if (below !== undefined) {
    warnings.push(
      'The data contradict a cell with wires beside and above it only. They fit currents below the cell, such as wires or a ' +
        `plate that run back under it; an unknown sheet ${(1e3 * below).toFixed(1)} mm below was fitted for them. What is smooth in the map may belong ` +
        'to it. Describe the wires (leads) or lead them away.',
    );
  }
  if (applied !== 0) {
    const error = height === undefined ? '' : ` ± ${mm(height.error)}`;
    warnings.push(
      `The data contradict the height that the scan states: ${mm(applied)}${error} mm were added to it. Check the standoff.`,
    );
  }
  return {
    ...solution,
    warnings,
    height: height === undefined ? undefined : { applied, left: height.dz, error: height.error },
  };
}
