/**
 * Things made once and kept for the next time, by name; the least used ones are forgotten where there are too many. What
 * could not be made is not tried again.
 */
export class Memo {
  private readonly entries = new Map<string, { readonly value: unknown } | { readonly error: unknown }>();

  /** @param most how many are kept; 0: none */
  constructor(private readonly most = Number.POSITIVE_INFINITY) {}

  /** Whether anything is kept. */
  get keeps(): boolean {
    return this.most > 0;
  }

  /** What `make` makes, or made when this name was first asked for. @throws what it threw then */
  once<T>(name: string, make: () => T): T {
    if (this.most === 0) return make();
    const known = this.entries.get(name);
    this.entries.delete(name);
    const entry = known ?? attempted(make);
    this.entries.set(name, entry);
    if (this.entries.size > this.most) this.entries.delete(this.entries.keys().next().value!);
    if ('error' in entry) throw entry.error;
    return entry.value as T;
  }
}

function attempted(make: () => unknown): { readonly value: unknown } | { readonly error: unknown } {
  try {
    return { value: make() };
  } catch (error) {
    return { error };
  }
}
