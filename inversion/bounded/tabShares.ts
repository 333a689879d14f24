import type { Cell } from '../../src/model/cell.js';
import type { BoundedModel } from './model.js';
import type { TabColumns } from './tabColumns.js';

/** What part of the cell's current comes through a tab that has others of its sign beside it. */
export interface TabShare {
  readonly tab: string;
  /** As the cell states it, + into its plane. */
  readonly stated: number;
  readonly found: number;
  readonly error?: number;
}

/** The tabs, by index, in groups of one sign that have at least two members: their current may divide otherwise than stated. */
export function likeTabs({ tabs }: Pick<Cell, 'tabs'>): number[][] {
  return [1, -1]
    .map(sign => [...tabs.keys()].filter(k => Math.sign(tabs[k].share) === sign))
    .filter(group => group.length > 1);
}

/** What every tab of a group gives, in parts of the current, where tab i gets one part more at the cost of its like. */
export function shareMoved(tabs: number, group: readonly number[], i: number): number[] {
  return Array.from({ length: tabs }, (_, k) => (k === i ? 1 : group.includes(k) ? -1 / (group.length - 1) : 0));
}

/**
 * Shares of the tabs with others beside them, all sheets together.
 * @param kept solution @param covariance of it, where errors are wanted
 */
export function tabShares(
  cell: Cell,
  model: BoundedModel,
  { columns }: TabColumns,
  kept: Float64Array,
  covariance?: Float64Array,
): TabShare[] {
  const first = model.departures.length * model.interior.count;
  const found = model.patterns.flatMap(({ tab }, p) => {
    const moved = tab && columns[tab.column].moved;
    return moved === undefined ? [] : [{ at: first + p, moved }];
  });
  return likeTabs(cell)
    .flat()
    .map(k => {
      const { name, share } = cell.tabs[k];
      const value = found.reduce((sum, { at, moved }) => sum + moved[k] * kept[at], share);
      if (covariance === undefined) return { tab: name, stated: share, found: value };
      let variance = 0;
      for (const a of found) {
        for (const b of found) variance += a.moved[k] * b.moved[k] * covariance[a.at * model.kept + b.at];
      }
      return { tab: name, stated: share, found: value, error: Math.sqrt(Math.max(0, variance)) };
    });
}
