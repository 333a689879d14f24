import { InputError } from '../errors.js';
import type { FieldScan } from '../fieldScan.js';
import type { Grid } from '../grid.js';
import { ENOUGH, type Span, span } from './extent.js';
import type { AxisNodes } from './lattice.js';
import { movingLeastSquares } from './movingLeastSquares.js';
import { type Gridded, nearestPixels } from './raster.js';

/**
 * The grid of scattered samples is coarsened, in steps of sqrt(2), until this share of them has a pixel and one step
 * more would cover less than this many times the area.
 */
const ENOUGH_USED = 0.75;
const HARDLY_MORE = 1.2;
const COARSENINGS = 8;
/** No grid has more pixels per sample than this, however large the gaps between the samples are. */
const MOST_PIXELS = 16;

/**
 * Moving least squares on a grid as dense as the samples, or coarser: where they crowd on lines or at repeated places,
 * only a coarser one lets the interpolation reach from crowd to crowd. It is coarse enough when most samples' own pixels
 * hold a value and the next coarser grid covers hardly more area.
 *
 * @param xLattice the nodes on which all x lie, if there are such
 * @param yLattice the same of y
 * @param fields any number of quantities, one value per sample, any unit
 * @throws {InputError} where the samples surround no pixel
 */
export function interpolate(
  { x, y, count }: FieldScan,
  xLattice: AxisNodes | undefined,
  yLattice: AxisNodes | undefined,
  fields: readonly Float64Array[],
): Gridded {
  interface Attempt extends Gridded {
    readonly used: number;
    readonly area: number;
  }
  let best: Attempt | undefined;
  let finer: Attempt | undefined;
  for (let step = 0; step < COARSENINGS; step++) {
    const grid = scatteredGrid(x, y, 2 ** (step / 2), xLattice, yLattice);
    if (Math.min(grid.nx, grid.ny) < 2) break;
    const values = movingLeastSquares(grid, x, y, fields);
    const pixelOf = nearestPixels(grid, x, y).map(pixel => (Number.isNaN(values[0][pixel]) ? -1 : pixel));
    const used = pixelOf.reduce((sum, pixel) => (pixel < 0 ? sum : sum + 1), 0);
    const measured = values[0].reduce((sum, value) => (Number.isNaN(value) ? sum : sum + 1), 0);
    const area = measured * grid.dx * grid.dy;
    if (finer !== undefined && finer.used >= ENOUGH_USED * count && area <= HARDLY_MORE * finer.area) return finer;
    finer = { grid, pixelOf, values, noiseFactor: Math.sqrt(measured / Math.max(measured, used)), used, area };
    if (used > (best?.used ?? 0)) best = finer;
  }
  if (best !== undefined) return best;
  throw new InputError('the samples lie on one line, or so unevenly that they surround no point', {
    column: 'x, y',
    advice: ENOUGH,
  });
}

/**
 * A grid over the bounding box of scattered samples, with one pixel per sample in the area A that they cover (with
 * `coarsening` 1): the pitch is sqrt(A / n). The pixels tile the bounding box, so the outermost centres lie half a pitch
 * inside it.
 *
 * Scan lines that run along an axis, denser along it than across, keep their rows (or columns): the pitch across is
 * theirs, the pitch along is A / (n times that).
 *
 * @param x n positions, m
 * @param y n positions, m
 * @param coarsening factor of the pitch (of the pitch along the lines, where there are lines)
 * @param columns the nodes on which all x lie, if there are such
 * @param rows the same of y
 */
function scatteredGrid(
  x: Float64Array,
  y: Float64Array,
  coarsening: number,
  columns?: AxisNodes,
  rows?: AxisNodes,
): Grid {
  const n = x.length;
  // Lines, and not coordinates that were rounded, are at least about as far apart as the samples along them.
  const areLines = (lines: AxisNodes, along: Span) => along.width * lines.n <= 2 * lines.step * n;
  const byRows = rows !== undefined && areLines(rows, span(x));
  const byColumns = columns !== undefined && areLines(columns, span(y));
  const fixedX = byColumns && !byRows ? columns : undefined;
  const fixedY = byRows && !byColumns ? rows : undefined;

  const across = fixedX === undefined ? span(x) : strips(fixedX);
  const up = fixedY === undefined ? span(y) : strips(fixedY);
  const line = fixedX?.step ?? fixedY?.step;
  const pitchFor = (area: number) => (line === undefined ? Math.sqrt(area / n) : area / (n * line));
  const whole = across.width * up.width;
  // Cells twice as wide as the samples would be apart without gaps: hardly one is empty by chance.
  const cell = 2 * pitchFor(whole);
  const area = coveredArea(x, y, across, up, fixedX?.step ?? cell, fixedY?.step ?? cell);
  const pitch = coarsening * pitchFor(Math.max(area, whole / MOST_PIXELS));
  const u = fixedX ?? tiles(across, pitch);
  const v = fixedY ?? tiles(up, pitch);
  return { nx: u.n, ny: v.n, x0: u.start, y0: v.start, dx: u.step, dy: v.step };
}

/** What lines cover: each a strip as wide as their distance. */
function strips({ start, step, n }: AxisNodes): Span {
  return { low: start - step / 2, width: n * step };
}

/** Centres of the tiles, about `step` wide, that fill a span. */
function tiles({ low, width }: Span, step: number): AxisNodes {
  const n = Math.max(1, Math.round(width / step));
  return { start: low + width / n / 2, step: width / n, n };
}

/** Area of the cells with a sample in them, as far as they lie within the spans. */
function coveredArea(x: Float64Array, y: Float64Array, across: Span, up: Span, cellX: number, cellY: number): number {
  const columns = Math.max(1, Math.ceil(across.width / cellX));
  const rows = Math.max(1, Math.ceil(up.width / cellY));
  const taken = new Uint8Array(columns * rows);
  let area = 0;
  for (let i = 0; i < x.length; i++) {
    const column = Math.min(columns - 1, Math.floor((x[i] - across.low) / cellX));
    const row = Math.min(rows - 1, Math.floor((y[i] - up.low) / cellY));
    if (taken[row * columns + column] === 1) continue;
    taken[row * columns + column] = 1;
    const width = Math.min(cellX, across.width - column * cellX);
    area += width * Math.min(cellY, up.width - row * cellY);
  }
  return area;
}
