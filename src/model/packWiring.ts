import type { Pack } from './parsePack.js';

/** Branches of a pack that share a current: numbers of the cells in each, which are in series with one another. */
export interface ParallelSet {
  readonly branches: readonly (readonly number[])[];
}

/** How the cells of a pack share its current. */
export interface PackWiring {
  /** Sets of two branches or more; none where all cells are in series. */
  readonly sets: readonly ParallelSet[];
  /** How often the pack's current passes a cell: what the cells' currents add up to, over it. Undefined where that is not fixed. */
  readonly passes: number | undefined;
}

/**
 * In a parallel pack every cell is a branch, and so is every group (a string in series); in a series pack the cells of a group are in
 * parallel.
 */
export function packWiring({ topology, cells }: Pick<Pack, 'topology' | 'cells'>): PackWiring {
  const groups = new Map<string, number[]>();
  cells.forEach(({ group }, k) => {
    const key = group === undefined ? `cell ${k}` : `group ${group}`;
    groups.set(key, [...(groups.get(key) ?? []), k]);
  });
  const members = [...groups.values()];
  if (topology === 'parallel') {
    const lengths = new Set(members.map(own => own.length));
    return {
      sets: members.length < 2 ? [] : [{ branches: members }],
      passes: lengths.size === 1 ? members[0].length : undefined,
    };
  }
  const sets = members.filter(own => own.length > 1).map(own => ({ branches: own.map(k => [k]) }));
  return { sets, passes: members.length };
}
