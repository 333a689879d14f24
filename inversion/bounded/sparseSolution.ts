import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Outline } from '../../src/model/outline.js';
import { COARSE, coarseForm } from './coarseForm.js';
import type { KeptSolution } from './departurePrior.js';
import type { ReducedForm } from './elimination.js';
import type { BoundedModel } from './model.js';
import { solveSparse } from './sparsePrior.js';
import { solveUniform } from './uniformSolution.js';

/** Rounds on the coarse lattice, and on the fine one. */
const ROUNDS = { coarse: 2, fine: 1 };

/**
 * The solution under the sparse prior (`solveSparse`). Where the departure is, the first rounds tell on a lattice twice as wide, at a
 * sixtieth of the work; the last one begins with what they found. With the prior variances of that one.
 */
export function sparseSolution(
  model: BoundedModel,
  reduced: ReducedForm,
  outline: Outline,
  density: number,
  dense: DenseWorkspace,
  onRound: (part: number) => void,
): { solution: KeptSolution; variance: Float64Array[] } {
  const coarse = coarseForm(model, reduced, outline, COARSE, dense);
  const uniform = solveUniform(coarse.model, coarse.reduced, density, dense, false);
  const rough = solveSparse(coarse.model, coarse.reduced, density, uniform, dense, { rounds: ROUNDS.coarse }).solution;
  const start = { x: coarse.prolonged(rough.x) };
  return solveSparse(model, reduced, density, start, dense, { rounds: ROUNDS.fine, onRound });
}
