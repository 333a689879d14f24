import { type RealTransform2D, withRealTransforms } from '../../src/transforms/index.js';
import { embed, multiplyModes, projectOnData, type WindowData } from './missingData.js';
import { responseKernel } from './responseKernel.js';
import type { SheetModel } from './sheetModel.js';

/** See {@link solveClosed}. */
const ENOUGH = 1e-3;
const MOST_STEPS = 300;

/**
 * The normal operator of the closed exterior, A^T P A + lambda L, in units in which that of a field known everywhere is 1: with
 * psi = M y, M = (A^T A + lambda L)^(-1/2) and B = A M it is N = B^T P B + lambda M L M. All spectra stand in one transform's memory.
 */
export interface ClosedOperator {
  /** M per mode; zero where the field tells nothing. */
  readonly root: Float64Array;
  /** product = N y. */
  apply(y: Float64Array, product: Float64Array): void;
  /** out = B^T P b for the readings b. */
  adjointOfData(out: Float64Array): void;
}

/** @param inverse M^2, as `inverseOfSum` gives it @param transform of the size of the model's, whose memory it uses */
export function closedOperator(
  { domain, components, response, power }: SheetModel,
  data: WindowData,
  inverse: Float64Array,
  transform: RealTransform2D,
): ClosedOperator {
  const root = inverse.map(Math.sqrt);
  const forward = response.map(a => [responseKernel(transform, a, root)]);
  const fields = components.map(() => transform.allocate(domain.padX * domain.padY));
  // lambda L M^2 = 1 - |A|^2 M^2, read as the product of what is given and a kernel.
  const rest = transform.allocate(inverse.length);
  for (let m = 0; m < rest.length; m++) rest[m] = 1 - power[m] * inverse[m];
  const backward = forward.map(([kernel]) => kernel);
  const read = { rowsIn: domain.ny, conjugate: true };
  return {
    root,
    apply(y, product) {
      const spectrum = { spectrum: y };
      transform.convolve([spectrum], forward, fields, { rowsOut: domain.ny });
      for (const field of fields) projectOnData(domain, data, field);
      transform.convolve(
        [...fields, spectrum],
        [[...backward, { kind: 'real', values: rest }]],
        [{ spectrum: product }],
        read,
      );
    },
    adjointOfData(out) {
      for (const [c, field] of fields.entries()) {
        embed(domain, data.values[c], field);
        projectOnData(domain, data, field);
      }
      transform.convolve(fields, [backward], [{ spectrum: out }], read);
    },
  };
}

/**
 * The closed exterior: (A^T P A + lambda L) psi = A^T P b by conjugate gradients, preconditioned by the operator of a
 * field known everywhere, A^T A + lambda L. Most of the spectrum of the product is 1, so a few steps do. It starts from
 * zero: what the window hardly sees stays near zero when it stops.
 * @param inverse 1 / (|A|^2 + lambda L), as `inverseOfSum` gives it
 * @param sigma noise of a reading: it stops when what is left to gain is less than {@link ENOUGH} of the noise's own energy,
 * sigma^2 times the number of readings; quieter data need more steps
 * @returns psi~, the number of steps, and whether it got there
 */
export function solveClosed(
  model: SheetModel,
  data: WindowData,
  inverse: Float64Array,
  sigma: number,
  maxSteps = MOST_STEPS,
): { psi: Float64Array; steps: number; converged: boolean } {
  const { padX, padY } = model.domain;
  return withRealTransforms(realTransform => {
    const transform = realTransform(padY, padX);
    const operator = closedOperator(model, data, inverse, transform);
    const spectrum = () => transform.allocate(transform.spectrumLength);
    const [direction, product, r] = [spectrum(), spectrum(), spectrum()];
    operator.adjointOfData(direction);
    r.set(direction);
    const y = new Float64Array(r.length);
    const size = padX * padY;
    const row = 2 * transform.columns;
    let rr = products(r, r, row).square / size;
    // Rounding ends every iteration somewhere.
    const goal = Math.max(1e-20 * rr, ENOUGH * sigma * sigma * data.count * model.components.length);
    let steps = 0;
    while (rr > goal && steps < maxSteps) {
      operator.apply(direction, product);
      const { curvature, square } = products(direction, product, row);
      const alpha = (rr * size) / curvature;
      // What r . r will be, for r and N direction have the scalar product that direction and N direction have.
      const next = Math.max(0, (alpha * alpha * square) / size - rr);
      rr = step(alpha, next / rr, { y, r, direction, product }, row) / size;
      steps++;
    }
    multiplyModes(y, operator.root);
    return { psi: y, steps, converged: !(rr > goal) };
  });
}

interface Iterate {
  readonly y: Float64Array;
  /** What is left of the right side. */
  readonly r: Float64Array;
  readonly direction: Float64Array;
  /** N direction. */
  readonly product: Float64Array;
}

/**
 * Scalar products over the full spectrum of the direction with the product and of that with itself. Every column of the half spectrum
 * counts also for its mirror image, but for the first; the last one is zero in every spectrum of a sheet.
 */
function products(direction: Float64Array, product: Float64Array, row: number): { curvature: number; square: number } {
  let curvature = 0;
  let square = 0;
  let [onceCurvature, onceSquare] = [0, 0];
  for (let i = 0; i < product.length; i++) {
    const p = product[i];
    curvature += direction[i] * p;
    square += p * p;
  }
  for (let i = 0; i < product.length; i += row) {
    onceCurvature += direction[i] * product[i] + direction[i + 1] * product[i + 1];
    onceSquare += product[i] ** 2 + product[i + 1] ** 2;
  }
  return { curvature: 2 * curvature - onceCurvature, square: 2 * square - onceSquare };
}

/** y += alpha direction, r -= alpha product, direction = r + beta direction; r . r */
function step(alpha: number, beta: number, { y, r, direction, product }: Iterate, row: number): number {
  let sum = 0;
  let once = 0;
  for (let i = 0; i < r.length; i++) {
    const d = direction[i];
    y[i] += alpha * d;
    const left = r[i] - alpha * product[i];
    r[i] = left;
    direction[i] = left + beta * d;
    sum += left * left;
  }
  for (let i = 0; i < r.length; i += row) once += r[i] ** 2 + r[i + 1] ** 2;
  return 2 * sum - once;
}
