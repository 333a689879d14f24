export type MarlinMessage =
  /** Answers the oldest unanswered line. `line`, `planner`, `buffer`: with ADVANCED_OK only. */
  | {
      readonly kind: 'ok';
      readonly line?: number;
      readonly planner?: number;
      readonly buffer?: number;
      /** What else stood in the line, such as temperatures. */
      readonly text?: string;
    }
  /** `Error:...` */
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'resend'; readonly line: number }
  /** `echo:busy: ...`: alive; the wait for an answer begins anew. */
  | { readonly kind: 'busy'; readonly reason: string }
  | { readonly kind: 'wait' }
  /** The banner after power up or a reset: everything before it is void. */
  | { readonly kind: 'start' }
  /** `X:.. Y:.. Z:.. E:.. Count ...`, mm: the planned position. */
  | {
      readonly kind: 'position';
      readonly position: readonly [x: number, y: number, z: number];
      readonly extruder?: number;
      readonly counts?: readonly number[];
    }
  | { readonly kind: 'firmware'; readonly text: string }
  | { readonly kind: 'capability'; readonly name: string; readonly on: boolean }
  | { readonly kind: 'echo'; readonly text: string }
  | { readonly kind: 'action'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

export type MarlinCommand =
  | { readonly kind: 'line'; readonly text: string }
  /** With line number and checksum. */
  | { readonly kind: 'numbered'; readonly line: number; readonly text: string }
  /** As heard with a wrong checksum, or with none (null); for simulators and tests. */
  | { readonly kind: 'corrupt'; readonly line: number; readonly text: string; readonly checksum: number | null };
