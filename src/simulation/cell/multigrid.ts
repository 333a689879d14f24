import { coarsen, prolong, restrictResidual, type Transfer } from './coarsening.js';
import { denseSolver } from './denseSolve.js';
import { type PairLevel, relax, relaxFromZero, vectorLength } from './pairLevel.js';

/** Pixels of the coarsest level, which is solved at once. */
const COARSEST = 36;

/** z = M^-1 r, symmetric and positive; `r` is left as it is. Vectors as in {@link PairLevel}. */
export type Preconditioner = (r: Float64Array, z: Float64Array) => void;

interface Step {
  readonly fine: PairLevel;
  readonly transfer: Transfer;
  readonly coarseNx: number;
  /** Right-hand side and solution of the level below. */
  readonly b: Float64Array;
  readonly x: Float64Array;
}

/**
 * One V-cycle of geometric multigrid on pixels: before the correction the red pixels are relaxed and then the black ones,
 * behind it the black and then the red, both foils of a pixel at once. The order makes the cycle symmetric, so that it
 * serves conjugate gradients; its cost is proportional to the number of pixels.
 * Sources: Brandt 1977; Wesseling 1988 (centres of cells).
 */
export function multigrid(finest: PairLevel): Preconditioner {
  const steps: Step[] = [];
  let level = finest;
  while (level.nx * level.ny > COARSEST) {
    const coarse = coarsen(level);
    const length = vectorLength(coarse.level);
    steps.push({
      fine: level,
      transfer: coarse.transfer,
      coarseNx: coarse.level.nx,
      b: new Float64Array(length),
      x: new Float64Array(length),
    });
    level = coarse.level;
  }
  const solveCoarsest = denseSolver(level);
  const cycle = (depth: number, b: Float64Array, x: Float64Array) => {
    if (depth === steps.length) {
      solveCoarsest(b, x);
      return;
    }
    const { fine, transfer, coarseNx, b: coarseB, x: coarseX } = steps[depth];
    relaxFromZero(fine, 0, b, x);
    relax(fine, 1, b, x);
    restrictResidual(fine, 0, b, x, transfer, coarseNx, coarseB);
    cycle(depth + 1, coarseB, coarseX);
    prolong(fine, x, transfer, coarseNx, coarseX);
    relax(fine, 1, b, x);
    relax(fine, 0, b, x);
  };
  return (r, z) => cycle(0, r, z);
}
