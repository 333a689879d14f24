/** What the controller says that it is doing. */
export const GRBL_STATES = ['Idle', 'Run', 'Hold', 'Jog', 'Alarm', 'Door', 'Check', 'Home', 'Sleep'] as const;
export type GrblState = (typeof GRBL_STATES)[number];

/** `<State|...>`, in the units of the controller (mm, or inch with `$13=1`). Fields that it left out are absent. */
export interface GrblStatus {
  readonly kind: 'status';
  readonly state: GrblState;
  readonly sub?: number;
  /** Machine position; absent: it reports {@link wpos}. */
  readonly mpos?: readonly number[];
  /** Work position = machine position - work offset. */
  readonly wpos?: readonly number[];
  /** Work offset; sent now and then, to be kept. */
  readonly wco?: readonly number[];
  /** Free blocks of the planner and free bytes of the input. */
  readonly free?: readonly [blocks: number, bytes: number];
  readonly line?: number;
  /** mm/min. */
  readonly feed?: number;
  readonly spindle?: number;
  /** Letters of the pins that are triggered. */
  readonly pins?: string;
  /** Feed, rapids, spindle, %. */
  readonly overrides?: readonly number[];
  readonly accessories?: string;
  /** Fields of other families, such as `H:1`, as they are. */
  readonly other?: readonly string[];
}

/** `ok` and `error` answer the oldest unanswered line; everything else comes on its own. */
export type GrblMessage =
  | { readonly kind: 'ok' }
  | { readonly kind: 'error'; readonly code: number }
  | GrblStatus
  | { readonly kind: 'alarm'; readonly code: number }
  /** After power up or a reset: everything before it is void. */
  | { readonly kind: 'banner'; readonly text: string }
  /** `$100=250.000` */
  | { readonly kind: 'setting'; readonly number: number; readonly value: number }
  /** `[tag:text]`, such as MSG, VER, OPT, G54. */
  | { readonly kind: 'feedback'; readonly tag: string; readonly text: string }
  /** `>G54G20:ok`: a start-up line was run; answers nothing. */
  | { readonly kind: 'startup'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

/** Bytes that are acted on at once and answered by no `ok`. */
export const GRBL_REALTIME = {
  reset: 0x18,
  status: 0x3f,
  start: 0x7e,
  hold: 0x21,
  door: 0x84,
  jogCancel: 0x85,
  feed100: 0x90,
  feedUp10: 0x91,
  feedDown10: 0x92,
  feedUp1: 0x93,
  feedDown1: 0x94,
  rapid100: 0x95,
  rapid50: 0x96,
  rapid25: 0x97,
} as const;
export type GrblRealtime = keyof typeof GRBL_REALTIME;

export type GrblCommand =
  /** One line of G-code or one `$` command, without its end. */
  { readonly kind: 'line'; readonly text: string } | { readonly kind: 'realtime'; readonly name: GrblRealtime };
