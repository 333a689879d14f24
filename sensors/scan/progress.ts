import type { Vector3 } from '../../src/model/rig.js';

/** What one element read at one point, for whoever watches. */
export interface PointValue {
  /** Index in the elements of the plan. */
  readonly element: number;
  /** In the cell's axes, m. */
  readonly at: Vector3;
  readonly plane: number;
  /** Along the element's axes, T: the mean, or the part that follows the current. */
  readonly values: Float64Array;
  /** Standard errors, T. */
  readonly sigma: Float64Array;
}

/** What a scan tells while it runs. */
export type ScanEvent =
  | { readonly kind: 'state'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string }
  | {
      readonly kind: 'progress';
      readonly done: number;
      readonly total: number;
      /** Until the end, s. */
      readonly remaining: number;
      /** What the last step brought. */
      readonly points: readonly PointValue[];
    };

/** What steers a scan from outside, asked between its steps. */
export interface ScanControl {
  /** Resolves when the scan may go on; undefined: at once. */
  held(): Promise<void> | undefined;
}

/** What to do about a point that is beyond the range, or about points that do not repeat. */
export type Decision = 'again' | 'go_on' | 'stop';

/** The plan is believed as much as so much time of scanning, s: the first move is a long one. */
const BELIEF_SECONDS = 30;

/** The time that is left, from the planned times of the steps and the pace so far. */
export class Remaining {
  #planned = 0;
  #taken = 0;

  /** @param total planned time of all steps that are to be done, s */
  constructor(private readonly total: number) {}

  /** s. */
  get left(): number {
    const pace = (this.#taken + BELIEF_SECONDS) / (this.#planned + BELIEF_SECONDS);
    return Math.max(0, this.total - this.#planned) * pace;
  }

  /** A step that was planned to take some time took another. @returns {@link left} */
  add(planned: number, taken: number): number {
    this.#planned += planned;
    this.#taken += taken;
    return this.left;
  }
}
