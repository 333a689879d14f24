import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { random } from '../../src/random.js';
import type { LinearModel } from './linearModel.js';
import { Memo } from './memo.js';
import { type NormalEquations, putAside } from './normalEquations.js';

/**
 * The data's quadratic form in the kept unknowns, the sheets outside eliminated with their prior:
 * min over outside of |A x - b|^2 + outside' P outside = energy - 2 gradient.x + x' form x.
 */
export interface ReducedForm {
  readonly n: number;
  /** n x n, lower triangle. */
  readonly form: Float64Array;
  readonly gradient: Float64Array;
  readonly energy: number;
  /** Whether it was summed in single precision: then solving it need not be more exact. */
  readonly single?: boolean | undefined;
  /** Effective degrees of freedom that the sheets outside spend. */
  readonly outsideDegrees: number;
  /** log det (N + P) - log det P of the sheets outside. */
  readonly outsideLog: number;
  /** The coefficients outside that go with the kept unknowns. */
  outsideOf(kept: Float64Array): Float64Array;
  /** What was made of the matrix, whatever the gradient. */
  readonly memo: Memo;
  /** The same for matrices of its size: only where further gradients are to come. */
  readonly large: Memo | undefined;
}

/** The part of a {@link ReducedForm} that does not depend on the values of the readings. */
export type ReducedMatrix = Omit<ReducedForm, 'gradient' | 'energy' | 'outsideOf'>;

/** So many factors of densities are kept, with or without the posterior: of three, a rough one and an exact one each. */
const FACTORS = 6;

/** Probes of the stochastic trace. */
const PROBES = 16;

/** Room that {@link eliminateOutside} works in, for use again and again; and the matrix of the normal equations, in part. */
export interface EliminationRoom {
  readonly normal: Float64Array;
  readonly gradient: Float64Array;
  readonly solved: Float64Array;
  readonly form: Float64Array;
}

export function eliminationRoom(
  equations: NormalEquations,
  model: LinearModel,
  dense: DenseWorkspace,
): EliminationRoom {
  const { unknowns: n, kept } = model;
  return {
    normal: equations.matrix,
    gradient: dense.allocate(n),
    solved: dense.allocate(n - kept),
    form: dense.allocate(kept * kept),
  };
}

/** Eliminates the sheets outside, each with its prior. The result stands in `room` and holds until the next call. */
export function eliminateOutside(
  equations: NormalEquations,
  model: LinearModel,
  room: EliminationRoom,
  dense: DenseWorkspace,
): ReducedForm {
  return reducedForm(eliminatedMatrix(equations, model, room, dense), equations, model, room, dense);
}

/**
 * The part of {@link eliminateOutside} that does not depend on the values of the readings.
 * @param shared whether more than one gradient will be reduced
 */
export function eliminatedMatrix(
  equations: NormalEquations,
  model: LinearModel,
  { normal, form }: EliminationRoom,
  dense: DenseWorkspace,
  shared = false,
): ReducedMatrix {
  const { unknowns: n, kept } = model;
  const outside = n - kept;
  putAside(equations, n, dense);
  const corner = normal.subarray(kept * n + kept);
  let at = 0;
  for (const { sources, precision } of model.outside) {
    const m = sources.count;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j <= i; j++) corner[(at + i) * n + at + j] += precision[i * m + j];
    }
    at += m;
  }
  // What is subtracted may be rounded as what it is subtracted from was.
  const { single } = equations.rows ?? {};
  dense.cholesky(corner, outside, n, single);
  const cross = normal.subarray(kept * n);
  dense.forwardSolve(corner, outside, cross, kept, { stride: n, strideB: n, single });
  dense.addGram(cross, outside, kept, normal, { sign: -1, stride: n, strideC: n, single });
  for (let i = 0; i < kept; i++) form.set(normal.subarray(i * n, i * n + i + 1), i * kept);
  return {
    n: kept,
    form,
    single,
    outsideDegrees: degreesOutside(model, dense, corner, outside, n),
    outsideLog: model.outside.reduce(
      (sum, sheet) => sum - sheet.logPrecision,
      dense.logDeterminant(corner, outside, n),
    ),
    memo: new Memo(),
    large: shared ? new Memo(FACTORS) : undefined,
  };
}

/** The whole form, of a matrix that stands in `room` and the gradient of the equations. */
export function reducedForm(
  matrix: ReducedMatrix,
  equations: Pick<NormalEquations, 'gradient' | 'energy'>,
  { unknowns: n, kept }: LinearModel,
  { normal, gradient, solved }: EliminationRoom,
  dense: DenseWorkspace,
): ReducedForm {
  const outside = n - kept;
  const corner = normal.subarray(kept * n + kept);
  const cross = normal.subarray(kept * n);
  gradient.set(equations.gradient);
  let { energy } = equations;
  solved.set(gradient.subarray(kept));
  dense.forwardSolve(corner, outside, solved, 1, { stride: n });
  const reduced = gradient.subarray(0, kept);
  dense.addCross(cross, outside, kept, solved, 1, reduced, { sign: -1, stride: n });
  for (const v of solved) energy -= v * v;
  return {
    ...matrix,
    gradient: reduced,
    energy,
    outsideOf(x) {
      // L^-T (L^-1 g - Y x)
      const product = new Float64Array(outside);
      dense.times(cross, outside, kept, x, product, n);
      const out = Float64Array.from(solved, (v, i) => v - product[i]);
      dense.backSolve(corner, outside, out, 1, { stride: n });
      return out;
    },
  };
}

/**
 * Trace of the influence of the sheets outside alone, n - tr(L^-1 P L^-T) with L L^T = N + P, by random probes (Hutchinson
 * 1990); in this symmetric form all eigenvalues are between 0 and 1, and few probes do.
 */
function degreesOutside(
  model: LinearModel,
  dense: DenseWorkspace,
  factor: Float64Array,
  n: number,
  stride: number,
): number {
  if (n === 0) return 0;
  const rng = random(1);
  const probes = new Float64Array(n * PROBES);
  for (let p = 0; p < PROBES; p++) for (let i = 0; i < n; i++) probes[i * PROBES + p] = rng.uniform() < 0.5 ? -1 : 1;
  dense.backSolve(factor, n, probes, PROBES, { stride });
  const products = new Float64Array(n * PROBES);
  let at = 0;
  for (const { sources, precision } of model.outside) {
    const own = probes.subarray(at * PROBES);
    dense.addCross(precision, sources.count, sources.count, own, PROBES, products.subarray(at * PROBES));
    at += sources.count;
  }
  let trace = 0;
  for (let i = 0; i < products.length; i++) trace += probes[i] * products[i];
  return Math.max(0, n - trace / PROBES);
}
