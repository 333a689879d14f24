import { InputError } from '../../errors.js';
import type { Tab } from '../../model/cell.js';
import type { CellModel, TabInjection } from '../cell/cellModel.js';

/** Damage to the tabs of one electrode pair. Each function returns a changed model and leaves its own. */

/**
 * A tab that is welded over a part of its width only: its current comes through that part, evenly.
 * @param from and `to`: where the weld begins and ends along the tab, 0 to 1, anticlockwise along the outline
 */
export function partialWeld(model: CellModel, tab: Tab, from: number, to: number): CellModel {
  return {
    ...model,
    tabs: model.tabs.map(given => (given.name === tab.name ? welded(model, given, tab, from, to) : given)),
  };
}

function welded({ grid }: CellModel, given: TabInjection, { start, end }: Tab, from: number, to: number): TabInjection {
  const width = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const [ux, uy] = [(end[0] - start[0]) / width, (end[1] - start[1]) / width];
  const half = (Math.abs(ux) * grid.dx + Math.abs(uy) * grid.dy) / 2;
  const kept = given.part.map((part, j) => {
    const ix = given.pixels[j] % grid.nx;
    const iy = (given.pixels[j] - ix) / grid.nx;
    const at = (grid.x0 + ix * grid.dx - start[0]) * ux + (grid.y0 + iy * grid.dy - start[1]) * uy;
    const overlap = Math.min(at + half, to * width) - Math.max(at - half, from * width);
    return part * Math.min(1, Math.max(0, overlap / (2 * half)));
  });
  const total = kept.reduce((sum, v) => sum + v, 0);
  if (total === 0) {
    throw new InputError(`no pixel lies within the weld of the tab '${given.name}'`, {
      advice: 'make the weld longer, or the pixels finer',
    });
  }
  return { ...given, part: kept.map(v => v / total) };
}

/**
 * A tab that is torn off: the others of its polarity take its current over, in proportion to their shares.
 * @returns undefined where it is the last one of its polarity: the pair is open
 */
export function missingTab(model: CellModel, name: string): CellModel | undefined {
  const lost = model.tabs.find(tab => tab.name === name)!;
  const others = model.tabs.filter(tab => tab.polarity === lost.polarity && tab.name !== name);
  const left = others.reduce((sum, tab) => sum + tab.share, 0);
  if (Math.abs(left) < 1e-12) return undefined;
  const factor = (left + lost.share) / left;
  return {
    ...model,
    tabs: model.tabs
      .filter(tab => tab.name !== name)
      .map(tab => (tab.polarity === lost.polarity ? { ...tab, share: tab.share * factor } : tab)),
  };
}
