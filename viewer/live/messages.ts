import type { LiveField } from '../state/document.js';

/** What the page asks of the worker that inverts. */
export type LiveRequest =
  | { readonly type: 'start'; readonly field: LiveField }
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
      readonly lambda: number;
      readonly height: number;
      readonly order: number;
      readonly choice: LiveChoice;
    }
  | {
      readonly type: 'map';
      readonly kx: Float64Array;
      readonly ky: Float64Array;
      readonly psi: Float64Array;
      readonly size: Float64Array;
    }
  | { readonly type: 'choice'; readonly choice: LiveChoice }
  | { readonly type: 'error'; readonly text: string };
