import { type CurrentMap, magnitude } from '../../src/currentMap.js';
import { formatNumber, formatQuantity, formatWithError } from '../../src/figures/format.js';
import { heightText } from '../../src/figures/inversionPanel.js';
import type { Grid } from '../../src/grid.js';
import type { InversionResult, ProcessRecord } from '../../src/result.js';
import type { Spot } from '../state/document.js';
import { largestOf, placeOf } from './layer.js';

/** What is most remarkable in a result, and where. */
export interface Headline {
  readonly headline: string;
  readonly spots: readonly Spot[];
}

/** Chance alone makes departures up to this somewhere, in standard errors. */
const BY_CHANCE = 5;

/** A damaged foil, a difference, a departure that chance does not explain, else the strongest current. */
export function headlineOf({ sheets, healthy, conductance, process }: InversionResult): Headline {
  if (conductance !== undefined) return defectHeadline(process) ?? lowestConductance(conductance);
  const strongest = sheets.map(sheet => largestOf(magnitude(sheet)));
  const k = largestOf(strongest.map(({ value }) => value)).index;
  if (k < 0) return { headline: 'This result holds no current.', spots: [] };
  const sheet = sheets[k];
  const unit = sheet.relativeUnit === undefined ? 'A/m' : '';
  if (process.parameters.command === 'compare') return differenceHeadline(sheet, strongest[k], unit, process);
  if (healthy !== undefined) return departureHeadline(sheets, healthy);
  const at = placeOf({ type: 'grid', grid: sheet.grid }, strongest[k].index);
  const size = formatQuantity(strongest[k].value, unit);
  return {
    headline: `The current is strongest at ${at}${inSheet(sheets, k)}: ${size}${unit === '' ? ' (relative)' : ''}.`,
    spots: [],
  };
}

/** ' in the sheet at z = 3 mm', where there are several. */
function inSheet(sheets: readonly CurrentMap[], k: number): string {
  return sheets.length > 1 ? ` in the sheet at z = ${heightText(sheets[k].z)}` : '';
}

/** The sheet that departs most, in standard errors where these are known. */
function departureHeadline(sheets: readonly CurrentMap[], healthy: readonly CurrentMap[]): Headline {
  const found = sheets.map(({ kx, ky, kxErrors, kyErrors }, k) => {
    const { value, index } = largestOf(kx.map((v, i) => Math.hypot(v - healthy[k].kx[i], ky[i] - healthy[k].ky[i])));
    const error =
      kxErrors === undefined || kyErrors === undefined
        ? undefined
        : Math.sqrt((kxErrors[index] ** 2 + kyErrors[index] ** 2) / 2);
    return { value, index, sigmas: error === undefined ? undefined : value / error };
  });
  const k = largestOf(found.map(({ value, sigmas }) => sigmas ?? value)).index;
  const { value, index, sigmas } = found[Math.max(0, k)];
  if (sigmas !== undefined && !(sigmas > BY_CHANCE)) {
    return {
      headline: `Nothing departs from a healthy cell by more than chance makes it (largest: ${formatNumber(sigmas, 2)} standard errors).`,
      spots: [],
    };
  }
  const { grid } = sheets[k];
  const usual = Math.hypot(healthy[k].kx[index], healthy[k].ky[index]);
  const text = `${formatQuantity(value, 'A/m')} at ${placeOf({ type: 'grid', grid }, index)}${inSheet(sheets, k)}, where a healthy cell carries ${formatQuantity(usual, 'A/m')}`;
  return {
    headline:
      sigmas === undefined
        ? `The current departs from a healthy cell’s by up to ${text}.`
        : `The current departs from a healthy cell’s by ${text}: ${formatNumber(sigmas, 2)} standard errors.`,
    spots: [spotAt(grid, index, 'largest departure')],
  };
}

/** What `savart invert --target conductance` says of the foils' defects; undefined where its record says nothing. */
function defectHeadline({ parameters: { defects, foil } }: ProcessRecord): Headline | undefined {
  if (!Array.isArray(defects)) return undefined;
  const told = defects.flatMap((defect: unknown) => foilDefect(defect) ?? []);
  if (told.length === 0) return undefined;
  const [{ text }] = told;
  const whose = foil === 'positive' || foil === 'negative' ? `the ${foil} foil` : 'a foil';
  return {
    headline: `${told.length === 1 ? `A defect of ${whose}` : `${told.length} defects of ${whose}; the first`}: ${text}.`,
    spots: told.map(({ x, y }) => ({ x, y, text: 'defect' })),
  };
}

function foilDefect(defect: unknown): { text: string; x: number; y: number } | undefined {
  if (typeof defect !== 'object' || defect === null || !('centre_mm' in defect)) return undefined;
  const { centre_mm: centre, area_mm2: area, conductance } = defect as Record<string, unknown>;
  if (!Array.isArray(centre) || !centre.every(v => typeof v === 'number') || typeof area !== 'number') return undefined;
  const [x, y] = centre as number[];
  const left =
    typeof conductance === 'number' ? `, with ${formatNumber(100 * conductance, 2)} % of the conductance` : '';
  return {
    text: `${formatNumber(area, 3)} mm² about x = ${formatNumber(x, 3)} mm, y = ${formatNumber(y, 3)} mm${left}`,
    x: 1e-3 * x,
    y: 1e-3 * y,
  };
}

function lowestConductance(conductance: NonNullable<InversionResult['conductance']>): Headline {
  const lowest = conductance.map(map => largestOf(map.relative.map(v => -v)));
  const k = lowest[1] !== undefined && lowest[1].value > lowest[0].value ? 1 : 0;
  const { grid, errors } = conductance[k];
  const { value, index } = lowest[k];
  return {
    headline: `The conductance of the foil is lowest at ${placeOf({ type: 'grid', grid }, index)}: ${formatWithError(-value, errors[index])} of its median.`,
    spots: [spotAt(grid, index, 'lowest conductance')],
  };
}

/** Of a difference that `savart compare` wrote. */
function differenceHeadline(
  { grid, kxErrors, kyErrors }: CurrentMap,
  { value, index }: { readonly value: number; readonly index: number },
  unit: string,
  { inputs }: ProcessRecord,
): Headline {
  const [a, b] = inputs.length === 2 ? inputs.map(({ name }) => name) : ['A', 'B'];
  const error =
    kxErrors === undefined || kyErrors === undefined
      ? ''
      : `, ${formatNumber(value / Math.sqrt((kxErrors[index] ** 2 + kyErrors[index] ** 2) / 2), 2)} standard errors`;
  return {
    headline: `The difference ${a} − ${b} is largest at ${placeOf({ type: 'grid', grid }, index)}: ${formatQuantity(value, unit)}${error}.`,
    spots: [spotAt(grid, index, 'largest difference')],
  };
}

function spotAt({ nx, x0, y0, dx, dy }: Grid, index: number, text: string): Spot {
  return { x: x0 + (index % nx) * dx, y: y0 + Math.floor(index / nx) * dy, text };
}
