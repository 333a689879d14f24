import type { LivePoint, ScanSnapshot, ScanState } from '../../src/liveScan.js';
import { median } from '../../src/median.js';
import type { ScanPlan } from './plan.js';
import type { ScanControl, ScanEvent } from './progress.js';

const MOST_MESSAGES = 200;
/** The noise is that of at least 20 of 21 places. */
const GROWTH = 0.05;

/**
 * Watches a scan and steers it: hears its events ({@link take}), keeps what a page or a terminal shows ({@link snapshot}), and
 * tells the engine to pause, go on or stop. The engine obeys between points; a stop it obeys at once, in order.
 */
export class ScanMonitor implements ScanControl {
  #state: ScanState = 'preparing';
  #doing = 'preparing';
  #done = 0;
  #remaining: number;
  readonly #points: LivePoint[] = [];
  /** Median standard error of so many points. */
  #median: { readonly of: number; readonly value: number | null } = { of: 0, value: null };
  readonly #messages: string[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  #held: { readonly resumed: Promise<void>; readonly resume: () => void } | undefined;

  constructor(private readonly plan: ScanPlan) {
    this.#remaining = plan.seconds;
  }

  /** Aborted by {@link stop}: the `signal` of the scan. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Called after every change. @returns what takes the listener back */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param from the first place that is wanted; those before it are known already */
  snapshot(from = 0): ScanSnapshot {
    const { columns, rows, pitch, heights, elements, steps } = this.plan;
    return {
      state: this.#state,
      doing: this.#doing,
      plan: {
        columns: [...columns],
        rows: [...rows],
        pitch,
        heights,
        elements: elements.map(({ name, axes }) => ({ name, axes })),
        steps: steps.length,
      },
      done: this.#done,
      remaining: this.#remaining,
      sigma: this.#noise(),
      points: this.#points.slice(from),
      read: this.#points.length,
      messages: [...this.#messages],
    };
  }

  /** What the engine tells: the `onEvent` of the scan. */
  take(event: ScanEvent): void {
    if (event.kind === 'note') this.#say(event.text);
    else if (event.kind === 'state') this.#doing = event.text;
    else {
      if (this.#state === 'preparing') this.#state = 'scanning';
      this.#done = event.done;
      this.#remaining = event.remaining;
      for (const { element, plane, at, values, sigma } of event.points) {
        this.#points.push({ element, plane, at, values: [...values], sigma: [...sigma] });
      }
    }
    this.#changed();
  }

  /** The scan is over. @param error why it ended before its end */
  end(error?: unknown): void {
    this.#state = 'ended';
    this.#doing = error === undefined ? 'complete' : error instanceof Error ? error.message : String(error);
    this.#changed();
  }

  /** Stands still after the point in progress, with the current as it is. */
  pause(): void {
    if (this.#held !== undefined || this.#state === 'ended') return;
    let resume = () => {};
    const resumed = new Promise<void>(resolve => {
      resume = resolve;
    });
    this.#held = { resumed, resume };
    this.#state = 'pausing';
    this.#changed();
  }

  resume(): void {
    if (this.#held === undefined) return;
    this.#held.resume();
    this.#held = undefined;
    if (this.#state !== 'ended') this.#state = 'scanning';
    this.#changed();
  }

  /** Ends the scan in order: motion stops, the current goes off, what was read is kept. */
  stop(): void {
    if (this.#stop.signal.aborted || this.#state === 'ended') return;
    this.#say('the scan is being stopped');
    this.#stop.abort();
    this.#changed();
  }

  held(): Promise<void> | undefined {
    if (this.#held === undefined) return undefined;
    this.#state = 'paused';
    this.#changed();
    return this.#held.resumed;
  }

  /** Found anew when the map has grown by a part only: with many places it takes a while. */
  #noise(): number | null {
    const { length } = this.#points;
    if (length > this.#median.of * (1 + GROWTH)) {
      const sigmas = this.#points.flatMap(({ sigma }) => sigma.filter(Number.isFinite));
      this.#median = { of: length, value: sigmas.length === 0 ? null : median(sigmas) };
    }
    return this.#median.value;
  }

  #say(text: string): void {
    this.#messages.push(text);
    if (this.#messages.length > MOST_MESSAGES) this.#messages.shift();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
