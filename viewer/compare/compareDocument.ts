import { resample } from '../../src/comparison/resample.js';
import type { Limits } from '../../src/figures/colour.js';
import { formatNumber, formatQuantity } from '../../src/figures/format.js';
import type { ReportRow } from '../../src/figures/report.js';
import type { Grid } from '../../src/grid.js';
import { largestOf, makeLayer, medianOf, placeOf } from '../files/layer.js';
import { limitsOf } from '../map/draw.js';
import { type Layer, type ViewerDocument, valuesAt } from '../state/document.js';

/** Within four standard errors nothing is unusual. */
const SIGMA_LIMITS = { min: -4, max: 4, clippedLow: true, clippedHigh: true };
/** None that a user gave. */
const NO_LIMITS = { limits: {}, frame: 0 };
/** Chance alone makes differences up to this somewhere, in standard errors. */
const BY_CHANCE = 5;

/** The layers of both that show one quantity on a grid: same identity and unit. */
function common(a: ViewerDocument, b: ViewerDocument): [Layer, Layer][] {
  return a.layers.flatMap((own): [Layer, Layer][] => {
    const other = b.layers.find(({ id, unit, shape }) => id === own.id && unit === own.unit && shape.type === 'grid');
    return own.shape.type === 'grid' && other !== undefined ? [[own, other]] : [];
  });
}

/** Whether two documents have maps that can be compared. */
export function comparable(a: ViewerDocument, b: ViewerDocument): boolean {
  return a.kind !== 'comparison' && b.kind !== 'comparison' && a.id !== b.id && common(a, b).length > 0;
}

/**
 * Two documents map by map: A and B side by side at a boundary that is moved, A - B with B on A's grid, and that in standard
 * errors sqrt(sA^2 + sB^2) where both state errors. Nothing is moved or scaled to fit: `savart compare` does that.
 * @param frames of stacks, those that are compared
 */
export function compareDocuments(
  a: ViewerDocument,
  b: ViewerDocument,
  frames: readonly [number, number],
): ViewerDocument {
  const names = a.name === b.name ? (['A', 'B'] as const) : ([a.name, b.name] as const);
  const facts: ReportRow[] = [];
  let headline = 'No pixel has a value in both.';
  const layers = common(a, b).flatMap(([own, other], k) => {
    const { grid } = own.shape as { grid: Grid };
    const [left, right] = [valuesAt(own, frames[0]), onGrid(other, frames[1], grid)];
    const difference = left.values.map((v, i) => v - right.values[i]);
    const errors =
      left.errors === undefined || right.errors === undefined
        ? undefined
        : left.errors.map((s, i) => Math.hypot(s, right.errors![i]));
    if (k === 0) headline = headlineOf(own, difference, errors, names);
    facts.push(...factsOf(own, difference, errors));
    const group = own.group;
    const { frames: _, vectors, ...still } = own;
    const made = [
      {
        ...still,
        id: `${own.id}.swipe`,
        name: `${own.name}: A | B`,
        group,
        ...left,
        limits: bothLimits(limitsOf(own, NO_LIMITS), limitsOf(other, NO_LIMITS)),
        against: { ...right, names },
      },
      makeLayer({
        id: `${own.id}.difference`,
        group: `${group}, A − B`,
        name: `${own.name}: A − B`,
        unit: own.unit,
        kind: 'signed',
        shape: own.shape,
        values: difference,
        errors,
      }),
    ];
    if (errors === undefined) return made;
    return [
      ...made,
      makeLayer({
        id: `${own.id}.sigmas`,
        group: `${group}, A − B`,
        name: `${own.name}: A − B in σ`,
        unit: 'σ',
        kind: 'signed',
        shape: own.shape,
        values: difference.map((d, i) => (errors[i] > 0 ? d / errors[i] : Number.NaN)),
        limits: SIGMA_LIMITS,
      }),
    ];
  });
  const first = common(a, b)[0][0].id;
  const has = (id: string) => layers.some(layer => layer.id === id);
  return {
    id: `${a.id}-${b.id}`,
    name: `${names[0]} − ${names[1]}`,
    kind: 'comparison',
    compares: [a.id, b.id],
    headline,
    notes: [
      {
        text: `A is ${a.name}, B is ${b.name}, laid as they are on A’s grid; standard errors take the errors of both as independent.`,
        warning: false,
      },
    ],
    layers,
    shown: [
      `${first}.swipe`,
      has(`${first}.sigmas`) ? `${first}.sigmas` : `${first}.difference`,
      `${first}.difference`,
    ].filter((id, k, all) => has(id) && all.indexOf(id) === k),
    currents: [],
    cells: a.cells.length > 0 ? a.cells : b.cells,
    facts,
    record: [
      ['A', a.name],
      ['B', b.name],
    ],
  };
}

/** One scale for both. */
function bothLimits(a: Limits, b: Limits): Limits {
  return {
    ...a,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    clippedLow: a.clippedLow || b.clippedLow || false,
    clippedHigh: a.clippedHigh || b.clippedHigh || false,
  };
}

/** B's values and errors at the pixels of A. */
function onGrid(layer: Layer, frame: number, grid: Grid) {
  const { values, errors } = valuesAt(layer, frame);
  const map = {
    grid: (layer.shape as { grid: Grid }).grid,
    z: 0,
    names: [layer.name],
    values: [values],
    ...(errors === undefined ? {} : { sigma: [errors] }),
    independent: false,
  };
  const moved = resample(map, grid);
  return moved.sigma === undefined ? { values: moved.values[0] } : { values: moved.values[0], errors: moved.sigma[0] };
}

function headlineOf(
  layer: Layer,
  difference: Float64Array,
  errors: Float64Array | undefined,
  [a, b]: readonly [string, string],
): string {
  const sizes = difference.map((d, i) => (errors === undefined ? Math.abs(d) : Math.abs(d) / errors[i]));
  const { value, index } = largestOf(sizes.map(v => (Number.isFinite(v) ? v : Number.NaN)));
  if (index < 0) return 'No pixel has a value in both.';
  const at = `${a} and ${b} differ most at ${placeOf(layer.shape, index)}: ${layer.name} by ${formatQuantity(difference[index], layer.unit)}`;
  if (errors === undefined) return `${at}.`;
  return value > BY_CHANCE
    ? `${at}, ${formatNumber(value, 2)} standard errors.`
    : `${a} and ${b} differ nowhere by more than chance makes them (${layer.name}; largest: ${formatNumber(value, 2)} standard errors).`;
}

function factsOf({ name, unit }: Layer, difference: Float64Array, errors: Float64Array | undefined): ReportRow[] {
  const known = difference.filter(Number.isFinite);
  if (known.length === 0) return [];
  const mean = known.reduce((sum, d) => sum + d, 0) / known.length;
  const rms = Math.sqrt(known.reduce((sum, d) => sum + d * d, 0) / known.length);
  return [
    { label: `${name}: mean of A − B`, value: mean, unit },
    { label: `${name}: rms of A − B`, value: rms, unit },
    ...(errors === undefined ? [] : [{ label: `${name}: median error of A − B`, value: medianOf(errors), unit }]),
  ];
}
