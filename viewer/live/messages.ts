import type { LambdaCurve } from '../../inversion/regularisation/chooseLambda.js';
import type { Grid } from '../../src/grid.js';
import type { LiveField } from '../state/document.js';

export type LiveMethod = 'Fourier' | 'bounded';

/** What the page asks of the worker that inverts. */
export type LiveRequest =
  /** @see {@link LiveField.bounded} for the method that is not the Fourier method */
  | { readonly type: 'start'; readonly field: LiveField; readonly method: LiveMethod }
  | { readonly type: 'map'; readonly lambda: number; readonly height: number; readonly factor: number }
  | { readonly type: 'choice'; readonly height: number };

/** The curves behind the choice of lambda at one height, in ascending order of lambda. */
export interface LiveChoice {
  readonly lambda: number;
  readonly by: string;
  readonly lambdas: Float64Array;
  readonly gcv: Float64Array;
  readonly residualNorm: Float64Array;
  readonly solutionNorm: Float64Array;
}

export type LiveAnswer =
  | {
      readonly type: 'ready';
      readonly method: LiveMethod;
      readonly lambda: number;
      /** Below it there is no map. */
      readonly least: number;
      /** m; 1 where it stays as it is. */
      readonly height: number;
      /** A sentence about what is held. */
      readonly note: string;
      readonly choice: LiveChoice;
    }
  /** Of the work before the first map. */
  | { readonly type: 'progress'; readonly part: number; readonly next: string }
  | {
      readonly type: 'map';
      readonly method: LiveMethod;
      readonly grid: Grid;
      readonly kx: Float64Array;
      readonly ky: Float64Array;
      readonly psi: Float64Array;
      readonly size: Float64Array;
      /** |K - K healthy|, where a healthy cell is known. */
      readonly departure?: Float64Array;
    }
  | { readonly type: 'choice'; readonly choice: LiveChoice }
  | { readonly type: 'error'; readonly text: string };

/** An inversion that is ready for any lambda, and any height where the method can. */
export interface LiveEngine {
  readonly ready: LiveAnswer & { readonly type: 'ready' };
  choiceAt(height: number): LiveChoice;
  /** The arrays are new each time. */
  at(
    lambda: number,
    height: number,
  ): {
    readonly grid: Grid;
    readonly kx: Float64Array;
    readonly ky: Float64Array;
    readonly psi: Float64Array;
    readonly departure?: Float64Array;
  };
}

/** The curves of a sweep, sorted. Copies, for what is sent is handed over and the inversion keeps its own. */
export function choiceOf(lambda: number, by: string, curve: LambdaCurve): LiveChoice {
  const order = [...curve.lambda.keys()].sort((a, b) => curve.lambda[a] - curve.lambda[b]);
  const sorted = (values: Float64Array) => Float64Array.from(order, i => values[i]);
  return {
    lambda,
    by,
    lambdas: sorted(curve.lambda),
    gcv: sorted(curve.gcv),
    residualNorm: sorted(curve.residualNorm),
    solutionNorm: sorted(curve.solutionNorm),
  };
}
