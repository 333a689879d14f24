import { solveSmall } from '../linearAlgebra/smallSystem.js';
import { type AlignmentModel, type MapPair, normalEquations, parameterCount } from './alignment.js';

const STEPS = 40;
/** Of the readings of A, at least this part must stay on B. */
const LEAST_OVERLAP = 0.25;

/** 1 - (sum of squares with the motion) / (sum of squares without), each with its own factor and constants. */
export function explainedBy(pairs: readonly MapPair[], model: AlignmentModel, p: Float64Array): number {
  const still = new Float64Array(p.length);
  still[model.motions] = 1;
  const without = normalEquations(pairs, model, linearFit(pairs, model, still, 1), 1).cost;
  const left = normalEquations(pairs, model, p, 1).cost;
  return without > 0 ? Math.max(0, 1 - left / without) : 0;
}

/** Gauss-Newton steps, damped until the cost falls, none longer than the width of the smoothing. */
export function alignedBy(
  pairs: readonly MapPair[],
  model: AlignmentModel,
  start: Float64Array,
  stride: number,
  width: number,
  small: number,
): Float64Array {
  const n = parameterCount(model);
  let p = linearFit(pairs, model, start, stride);
  let now = normalEquations(pairs, model, p, stride);
  const readings = now.count;
  let damping = 1e-3;
  for (let step = 0; step < STEPS && now.count > 0; step++) {
    const damped = now.matrix.map((v, i) => (i % (n + 1) === 0 ? v * (1 + damping) : v));
    const change = solveSmall(damped, n, now.right, 1);
    if (change === undefined) return p;
    const [shift, size] = [Math.hypot(change[0], change[1]), sizeOf(pairs)];
    const moves = Math.max(shift, ...[...change.slice(2, model.motions)].map(v => (Math.abs(v) * size) / 2));
    if (moves > width) for (let i = 0; i < n; i++) change[i] *= width / moves;
    const trial = p.map((v, i) => v + change[i]);
    const next = normalEquations(pairs, model, trial, stride);
    if (next.cost <= now.cost && next.count > LEAST_OVERLAP * readings) {
      p = trial;
      now = next;
      damping = Math.max(1e-9, damping / 10);
      if (moves < small) return p;
    } else {
      damping = Math.max(1e-6, damping * 10);
      if (damping > 1e6) return p;
    }
  }
  return p;
}

/** Factor and constants for a motion as it is: a first guess that also fits maps of opposite sign. */
function linearFit(pairs: readonly MapPair[], model: AlignmentModel, p: Float64Array, stride: number): Float64Array {
  const n = parameterCount(model);
  const { matrix, right } = normalEquations(pairs, model, p, stride);
  const linear = Array.from({ length: n - model.motions }, (_, i) => model.motions + i);
  const block = Float64Array.from(linear.flatMap(i => linear.map(j => matrix[i * n + j])));
  const change = solveSmall(
    block,
    linear.length,
    Float64Array.from(linear, i => right[i]),
    1,
  );
  if (change === undefined) return p;
  const out = p.slice();
  linear.forEach((i, k) => {
    out[i] += change[k];
  });
  return out;
}

const sizeOf = (pairs: readonly MapPair[]): number =>
  Math.max(...pairs.map(({ gridA }) => Math.max(gridA.nx * gridA.dx, gridA.ny * gridA.dy)));
