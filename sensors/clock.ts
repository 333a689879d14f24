/**
 * Time as devices and the scan see it. Nothing in `sensors/` asks the system for the time but {@link systemClock}, so
 * that a scan of hours runs in seconds on a {@link simulatedClock}.
 */
export interface Clock {
  /** Monotonic, s; only differences mean something. */
  now(): number;
  /** Calls once, `seconds` from now. @returns what takes it back */
  after(seconds: number, action: () => void): () => void;
  /** Waits for work that takes no simulated time, such as the disk. */
  outside<T>(work: Promise<T>): Promise<T>;
}

/** The time of this computer. */
export const systemClock: Clock = {
  now: () => performance.now() / 1000,
  after: (seconds, action) => {
    const timer = setTimeout(action, Math.max(0, seconds * 1000));
    return () => clearTimeout(timer);
  },
  outside: work => work,
};

interface Timer {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
}

/**
 * A clock that jumps to the next timer as soon as nothing else is left to do: promises settle first, one timer fires per
 * turn of the event loop, and timers of the same time fire in the order in which they were set.
 */
export class SimulatedClock implements Clock {
  #now: number;
  #order = 0;
  #held = 0;
  #turning = false;
  /** A binary heap by time and order. */
  readonly #timers: Timer[] = [];
  readonly #cancelled = new Set<number>();

  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(seconds: number, action: () => void): () => void {
    const order = this.#order++;
    this.#push({ time: this.#now + Math.max(0, seconds), order, action });
    this.#turn();
    return () => {
      if (this.#timers.some(timer => timer.order === order)) this.#cancelled.add(order);
    };
  }

  async outside<T>(work: Promise<T>): Promise<T> {
    this.#held++;
    try {
      return await work;
    } finally {
      this.#held--;
      this.#turn();
    }
  }

  #turn(): void {
    if (this.#turning || this.#held > 0 || this.#timers.length === 0) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      if (this.#held > 0) return;
      const timer = this.#pop();
      if (timer !== undefined && !this.#cancelled.delete(timer.order)) {
        this.#now = Math.max(this.#now, timer.time);
        timer.action();
      }
      this.#turn();
    });
  }

  #push(timer: Timer): void {
    const heap = this.#timers;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!before(heap[at], heap[above])) break;
      [heap[at], heap[above]] = [heap[above], heap[at]];
      at = above;
    }
  }

  #pop(): Timer | undefined {
    const heap = this.#timers;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      let next = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && before(heap[child], heap[next])) next = child;
      }
      if (next === at) return first;
      [heap[at], heap[next]] = [heap[next], heap[at]];
      at = next;
    }
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

/** Resolves after a time. @throws the signal's reason as soon as it is aborted. */
export function wait(clock: Clock, seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      cancel();
      reject(signal!.reason);
    };
    const cancel = clock.after(seconds, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The work, or a failure when it takes too long. @param late makes the error */
export function within<T>(clock: Clock, seconds: number, work: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(seconds, () => reject(late()));
    work.then(resolve, reject).finally(cancel);
  });
}

/** The work, or the signal's reason as soon as it is aborted. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
