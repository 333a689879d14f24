import { InputError } from '../../errors.js';
import { gridSize } from '../../grid.js';
import type { Cell, Polarity, Tab } from '../../model/cell.js';
import { contains } from '../../model/outline.js';
import type { CellModel, TabInjection } from './cellModel.js';
import { pixelGrid } from './pixelGrid.js';
import { coverNeck, injection } from './tabPixels.js';

/** More pixels than this take minutes and gigabytes. */
const MOST_PIXELS = 2 ** 24;

/**
 * The healthy model of one electrode pair of a cell: foils and electrodes uniform, U = 0, no shorts.
 * @param options `pitch` in m; without it some 256 pixels along the longer side, see {@link pixelGrid}
 * @throws {InputError} where the cell has no `electrical` part, a tab has no polarity, a foil has no tab, the current in
 * through the positive tabs does not leave through the negative ones, the pitch does not suit the cell, or a tab is lost
 * between the pixels.
 */
export function cellModel(cell: Cell, options: { readonly pitch?: number } = {}): CellModel {
  const { electrical } = cell;
  if (electrical === undefined) {
    throw new InputError(`the cell '${cell.name}' says nothing of its foils and electrodes`, {
      column: 'electrical',
      advice: 'add electrical: {positive_foil, negative_foil, area_resistance_ohm_cm2} to the cell',
    });
  }
  const polarities = polaritiesOf(cell);
  checkPitch(options.pitch);
  const grid = pixelGrid(cell, options.pitch);
  const n = gridSize(grid);
  if (!(n <= MOST_PIXELS)) {
    const what = options.pitch === undefined ? 'the cell with its tabs' : `a pitch of ${options.pitch} m`;
    throw new InputError(`${what} makes ${n} pixels, more than ${MOST_PIXELS}`, {
      advice: options.pitch === undefined ? 'shorten the tabs or choose a pitch' : 'choose a larger pitch',
    });
  }
  const inside = new Uint8Array(n);
  for (let iy = 0, i = 0; iy < grid.ny; iy++) {
    for (let ix = 0; ix < grid.nx; ix++, i++) {
      inside[i] = contains(cell.outline, grid.x0 + ix * grid.dx, grid.y0 + iy * grid.dy) ? 1 : 0;
    }
  }
  const foils = { positive: new Float64Array(n), negative: new Float64Array(n) };
  const whole = {
    positive: electrical.positiveFoil.thickness * electrical.positiveFoil.conductivity,
    negative: electrical.negativeFoil.thickness * electrical.negativeFoil.conductivity,
  };
  const reaction = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (!inside[i]) continue;
    foils.positive[i] = whole.positive;
    foils.negative[i] = whole.negative;
    reaction[i] = 1 / electrical.areaResistance;
  }
  const tabs = cell.tabs.map((tab, k): TabInjection => {
    const polarity = polarities[k];
    const foil = foils[polarity];
    const carrier = tab.length ? new Uint8Array(n) : inside;
    coverNeck(grid, inside, tab, (i, part) => {
      carrier[i] = 1;
      foil[i] = Math.max(foil[i], part * whole[polarity]);
    });
    const entry = injection(grid, carrier, tab);
    if (entry !== undefined) return { name: tab.name, polarity, share: tab.share, ...entry };
    throw new InputError(`the tab '${tab.name}' falls between the pixels`, { advice: 'choose a smaller pitch' });
  });
  return {
    grid,
    inside,
    positive: foils.positive,
    negative: foils.negative,
    reaction,
    openCircuit: new Float64Array(n),
    short: new Float64Array(n),
    tabs,
  };
}

function checkPitch(pitch: number | undefined): void {
  if (pitch === undefined || (Number.isFinite(pitch) && pitch > 0)) return;
  throw new InputError(`the pitch must be a positive length, not ${pitch}`, { advice: 'give it in m, such as 1e-3' });
}

/** The foil of each tab, checked: both foils have one, and what enters one foil leaves the other. */
function polaritiesOf({ name, tabs }: Cell): Polarity[] {
  const total = { positive: 0, negative: 0 };
  const seen = new Set<Polarity>();
  const polarities = tabs.map((tab: Tab): Polarity => {
    if (tab.polarity === undefined) {
      throw new InputError(`nothing says which foil the tab '${tab.name}' belongs to`, {
        column: 'tabs',
        advice: 'give it polarity: positive or polarity: negative',
      });
    }
    seen.add(tab.polarity);
    total[tab.polarity] += tab.share;
    return tab.polarity;
  });
  if (seen.size < 2) {
    const missing = seen.has('positive') ? 'negative' : seen.has('negative') ? 'positive' : 'positive and no negative';
    throw new InputError(`the cell '${name}' has no ${missing} tab`, {
      column: 'tabs',
      advice: 'a simulation needs at least one tab of each polarity',
    });
  }
  return polarities;
}
