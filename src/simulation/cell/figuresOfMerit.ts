import type { Polarity } from '../../model/cell.js';
import { rimResistance } from './assemble.js';
import type { CellState, Faces } from './cellModel.js';
import { netSheetCurrent, type SheetCurrent, sheetCurrent } from './sheetCurrent.js';

/** How a quantity is spread over the pixels of the cell. */
export interface Spread {
  /** In the unit of the quantity. */
  readonly mean: number;
  readonly maxOverMean: number;
  readonly minOverMean: number;
  /** Standard deviation. */
  readonly stdOverMean: number;
}

/** Power turned into heat, W. */
export interface Losses {
  /** Foils with the necks of their tabs. */
  readonly positiveFoil: number;
  readonly negativeFoil: number;
  readonly electrodes: number;
  readonly shorts: number;
  readonly total: number;
}

/** What tells designs apart, for one electrode pair. */
export interface FiguresOfMerit {
  /** Of the current density through the electrodes, A/m^2; its extremes up to the outline, see {@link reactionSpread}. */
  readonly reaction: Spread;
  /** Of the magnitude of the sheet current densities, A/m. It grows slowly as pixels shrink where a tab ends. */
  readonly sheet: { readonly positive: Spread; readonly negative: Spread; readonly net: Spread };
  readonly losses: Losses;
  /** Losses over the square of the current, ohm: where U is uniform and nothing is shorted, (V - U) / I. */
  readonly resistance: number;
  /** What is left of it without the electrodes' own resistance at uniform current, 1 / (integral of Y dA), ohm. */
  readonly constriction: number;
  /** The place within the outline with the most heat per area. */
  readonly hottest: { readonly x: number; readonly y: number /** W/m^2 */; readonly dissipation: number };
}

/** Figures of merit of a state with current; without any, ratios and resistances are NaN. */
export function figuresOfMerit(state: CellState): FiguresOfMerit {
  const { model } = state;
  const { grid, inside, tabs } = model;
  const heat = new Float64Array(grid.nx * grid.ny);
  const positiveFoil = heatFoil(state, 'positive', heat);
  const negativeFoil = heatFoil(state, 'negative', heat);
  const { electrodes, shorts } = heatElectrodes(state, heat);
  const total = positiveFoil + negativeFoil + electrodes + shorts;
  const area = grid.dx * grid.dy;
  let [conductance, hottest] = [0, -1];
  for (let i = 0; i < heat.length; i++) {
    if (!inside[i]) continue;
    conductance += area * model.reaction[i];
    if (hottest < 0 || heat[i] > heat[hottest]) hottest = i;
  }
  let entering = 0;
  for (const tab of tabs) if (tab.polarity === 'positive') entering += tab.share * state.current;
  const resistance = total / entering ** 2;
  const row = Math.floor(hottest / grid.nx);
  return {
    reaction: reactionSpread(state),
    sheet: {
      positive: spreadOf(magnitudes(sheetCurrent(state, 'positive')), inside),
      negative: spreadOf(magnitudes(sheetCurrent(state, 'negative')), inside),
      net: spreadOf(magnitudes(netSheetCurrent(state)), inside),
    },
    losses: { positiveFoil, negativeFoil, electrodes, shorts, total },
    resistance,
    constriction: resistance - 1 / conductance,
    hottest: {
      x: grid.x0 + (hottest - row * grid.nx) * grid.dx,
      y: grid.y0 + row * grid.dy,
      dissipation: heat[hottest] / area,
    },
  };
}

/** Mean, extremes and standard deviation over the pixels where `inside` is 1, all of one area. */
export function spreadOf(values: Float64Array, inside: Uint8Array): Spread {
  let [sum, count, most, least] = [0, 0, -Infinity, Infinity];
  for (let i = 0; i < values.length; i++) {
    if (!inside[i]) continue;
    sum += values[i];
    count++;
    most = Math.max(most, values[i]);
    least = Math.min(least, values[i]);
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) if (inside[i]) squares += (values[i] - mean) ** 2;
  // A current that flows the other way has its largest amount where it is least.
  const [top, bottom] = mean < 0 ? [least, most] : [most, least];
  return {
    mean,
    maxOverMean: top / mean,
    minOverMean: bottom / mean,
    stdOverMean: Math.sqrt(squares / count) / Math.abs(mean),
  };
}

/**
 * The spread of the current density through the electrodes, its largest and least value taken on the outline, too: there
 * it is the straight continuation of the two outermost pixels. The outermost centres alone would be half a pixel short of
 * the extremes, an error of first order. No value is continued across a step of the electrodes' own conductance.
 */
export function reactionSpread({ model, reactionCurrent: j }: CellState): Spread {
  const { grid, inside, reaction } = model;
  const { nx, ny } = grid;
  const spread = spreadOf(j, inside);
  let [most, least] = [spread.maxOverMean, spread.minOverMean];
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      if (!inside[i]) continue;
      const left = ix > 0 && inside[i - 1];
      const right = ix + 1 < nx && inside[i + 1];
      const below = iy > 0 && inside[i - nx];
      const above = iy + 1 < ny && inside[i + nx];
      for (const inner of [
        right && !left && i + 1,
        left && !right && i - 1,
        above && !below && i + nx,
        below && !above && i - nx,
      ]) {
        if (!inner || reaction[inner] !== reaction[i]) continue;
        const rim = (1.5 * j[i] - 0.5 * j[inner]) / spread.mean;
        most = Math.max(most, rim);
        least = Math.min(least, rim);
      }
    }
  }
  return { ...spread, maxOverMean: most, minOverMean: least };
}

/** Adds the heat of a foil, W per pixel: half of each face to either side, and the rim where tabs enter. */
function heatFoil(state: CellState, polarity: Polarity, heat: Float64Array): number {
  const { model, current } = state;
  const { nx, ny } = model.grid;
  const [faces, potential]: [Faces, Float64Array] =
    polarity === 'positive'
      ? [state.positiveFaces, state.positivePotential]
      : [state.negativeFaces, state.negativePotential];
  let total = 0;
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      const alongX = faces.x[iy * (nx + 1) + ix + 1];
      const alongY = faces.y[i + nx];
      if (alongX !== 0) total += split(heat, i, i + 1, alongX * (potential[i] - potential[i + 1]));
      if (alongY !== 0) total += split(heat, i, i + nx, alongY * (potential[i] - potential[i + nx]));
    }
  }
  for (const tab of model.tabs) {
    if (tab.polarity !== polarity) continue;
    for (let j = 0; j < tab.pixels.length; j++) {
      if (tab.part[j] === 0) continue;
      const power = (current * tab.share * tab.part[j]) ** 2 * rimResistance(model, tab, j);
      heat[tab.pixels[j]] += power;
      total += power;
    }
  }
  return total;
}

function split(heat: Float64Array, i: number, j: number, power: number): number {
  heat[i] += power / 2;
  heat[j] += power / 2;
  return power;
}

function heatElectrodes(state: CellState, heat: Float64Array): { electrodes: number; shorts: number } {
  const { model, reactionCurrent, shortCurrent } = state;
  const area = model.grid.dx * model.grid.dy;
  let [electrodes, shorts] = [0, 0];
  for (let i = 0; i < heat.length; i++) {
    if (!model.inside[i]) continue;
    const ofReaction = model.reaction[i] > 0 ? (area * reactionCurrent[i] ** 2) / model.reaction[i] : 0;
    const ofShort = model.short[i] > 0 ? (area * shortCurrent[i] ** 2) / model.short[i] : 0;
    electrodes += ofReaction;
    shorts += ofShort;
    heat[i] += ofReaction + ofShort;
  }
  return { electrodes, shorts };
}

function magnitudes({ kx, ky }: SheetCurrent): Float64Array {
  return kx.map((value, i) => Math.hypot(value, ky[i]));
}
