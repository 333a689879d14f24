import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { random } from '../../src/random.js';
import type { DepartureForm } from '../bounded/departureForm.js';

/** What all hypotheses, errors and ensembles take from one form; its arrays in the workspace are made once. */
export interface FormRoom {
  readonly dense: DenseWorkspace;
  /** The form, n x n, where the workspace can reach it. */
  readonly matrix: Float64Array;
  /** Realisations of what the readings' noise does to the gradient of the form: normal numbers with the form as covariance. */
  readonly noise: readonly Float64Array[];
}

/** Of the largest diagonal element: the rounding of a form that was summed up in single precision. */
const RIDGE = 1e-6;

/** @param count realisations of the noise @param seed of them */
export function formRoom(
  { n, form }: Pick<DepartureForm, 'n' | 'form'>,
  dense: DenseWorkspace,
  count: number,
  seed = 1,
): FormRoom {
  const matrix = dense.allocate(n * n);
  matrix.set(form);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, matrix[i * n + i]);
  for (let i = 0; i < n; i++) matrix[i * n + i] += RIDGE * largest;
  dense.cholesky(matrix, n);
  for (let i = 0; i < n; i++) matrix.fill(0, i * n + i + 1, (i + 1) * n);
  const rng = random(seed);
  const white = new Float64Array(n);
  const noise = Array.from({ length: count }, () => {
    for (let i = 0; i < n; i++) white[i] = rng.normal();
    const out = new Float64Array(n);
    dense.times(matrix, n, n, white, out);
    return out;
  });
  matrix.set(form);
  return { dense, matrix, noise };
}
