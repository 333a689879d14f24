/** Beginning a geometry costs a worker about as much as so many scans of one it knows. */
const JOINING = 6;

interface Group<T> {
  readonly waiting: T[];
  /** Lanes that have begun it. */
  readonly lanes: Set<number>;
  /** Scans that were given out. */
  taken: number;
}

/**
 * The scans that wait, those of one geometry together. A lane (a worker) goes on with its geometry; then it begins one that
 * nobody has begun, else it helps with the longest, where that pays or all are still beginning.
 */
export class BatchQueue<T> {
  private readonly groups = new Map<string, Group<T>>();

  /** @param items in the order of the user @param geometryOf equal for those of one geometry */
  constructor(items: readonly T[], geometryOf: (item: T) => string) {
    for (const item of items) {
      const key = geometryOf(item);
      const group = this.groups.get(key) ?? { waiting: [], lanes: new Set<number>(), taken: 0 };
      group.waiting.push(item);
      this.groups.set(key, group);
    }
  }

  /** What a lane should do next; undefined where nothing is left that it should. */
  next(lane: number): T | undefined {
    const waiting = [...this.groups.values()].filter(group => group.waiting.length > 0);
    const longest = (groups: Group<T>[]) =>
      groups.reduce<Group<T> | undefined>((a, b) => (a && a.waiting.length >= b.waiting.length ? a : b), undefined);
    const group =
      waiting.find(g => g.lanes.has(lane)) ??
      longest(waiting.filter(g => g.lanes.size === 0)) ??
      longest(waiting.filter(g => g.waiting.length > JOINING || g.taken === g.lanes.size));
    if (group === undefined) return undefined;
    group.lanes.add(lane);
    group.taken++;
    return group.waiting.shift();
  }
}
