import { NumericalError } from '../../errors.js';
import type { Preconditioner } from './multigrid.js';
import { applyPair, type PairLevel } from './pairLevel.js';

/** Far more steps than any cell has needed. */
const MOST_STEPS = 2000;

/** How often the residual is computed afresh, when the one carried along has drifted. */
const MOST_RESTARTS = 4;

export interface Convergence {
  readonly steps: number;
  /** Largest current that a pixel of a foil fails to balance, A. */
  readonly imbalance: number;
}

/**
 * Solves A x = b by preconditioned conjugate gradients (Hestenes and Stiefel 1952). A is singular (the constant), b must
 * add up to zero over whatever is joined.
 * @param x first guess, becomes the solution
 * @param tolerance A; no pixel may miss its balance by more
 * @throws {NumericalError} where that is not reached
 */
export function conjugateGradients(
  level: PairLevel,
  precondition: Preconditioner,
  b: Float64Array,
  x: Float64Array,
  tolerance: number,
): Convergence {
  const r = new Float64Array(b.length);
  const z = new Float64Array(b.length);
  const d = new Float64Array(b.length);
  const q = new Float64Array(b.length);
  let steps = 0;
  let imbalance = Infinity;
  for (let restart = 0; restart <= MOST_RESTARTS; restart++) {
    applyPair(level, x, r);
    imbalance = 0;
    for (let i = 0; i < r.length; i++) {
      r[i] = b[i] - r[i];
      imbalance = Math.max(imbalance, Math.abs(r[i]));
    }
    if (imbalance <= tolerance) return { steps, imbalance };
    let rz = 0;
    for (let worst = imbalance; worst > 0.5 * tolerance && steps < MOST_STEPS; steps++) {
      precondition(r, z);
      const before = rz;
      rz = 0;
      for (let i = 0; i < r.length; i++) rz += r[i] * z[i];
      if (!(rz > 0)) break;
      const beta = before === 0 ? 0 : rz / before;
      for (let i = 0; i < d.length; i++) d[i] = z[i] + beta * d[i];
      const energy = applyPair(level, d, q);
      if (!(energy > 0)) break;
      const alpha = rz / energy;
      worst = 0;
      for (let i = 0; i < r.length; i++) {
        x[i] += alpha * d[i];
        r[i] -= alpha * q[i];
        const size = r[i] < 0 ? -r[i] : r[i];
        if (size > worst) worst = size;
      }
    }
    d.fill(0);
  }
  throw new NumericalError(
    `the potentials of the foils do not balance: ${imbalance.toExponential(1)} A are left in one pixel after ${steps} steps, ${tolerance.toExponential(1)} A were asked`,
    { advice: 'see whether every piece of foil that a tab feeds is joined to the other foil' },
  );
}
