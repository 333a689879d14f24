/** A value that others are told about when it changes. */
export interface Store<T extends object> {
  get(): T;
  /** Replaces the given keys; who watches is told once, in the next turn of the event loop's microtasks. */
  set(change: Partial<T>): void;
  /**
   * Calls `react` now and whenever one of `keys` holds another value than before.
   * @returns a function that ends this
   */
  watch(keys: readonly (keyof T)[], react: (value: T) => void): () => void;
}

/** A store with its first value. Values are compared by identity: replace, do not alter. */
export function createStore<T extends object>(first: T): Store<T> {
  let value = first;
  let told = first;
  let waiting = false;
  const watchers = new Set<{ readonly keys: readonly (keyof T)[]; readonly react: (value: T) => void }>();

  const tell = () => {
    waiting = false;
    const before = told;
    told = value;
    for (const { keys, react } of [...watchers]) if (keys.some(key => before[key] !== told[key])) react(told);
  };

  return {
    get: () => value,
    set(change) {
      const keys = Object.keys(change) as (keyof T)[];
      if (keys.every(key => change[key] === value[key])) return;
      value = { ...value, ...change };
      if (waiting) return;
      waiting = true;
      queueMicrotask(tell);
    },
    watch(keys, react) {
      const watcher = { keys, react };
      watchers.add(watcher);
      react(value);
      return () => watchers.delete(watcher);
    },
  };
}
