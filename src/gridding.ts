import { InputError } from './errors.js';
import { AXES, type AxisName, type FieldMap } from './fieldMap.js';
import type { FieldComponent, FieldScan } from './fieldScan.js';
import { type Grid, gridSize } from './grid.js';
import { type AxisNodes, movingLeastSquares, scatteredGrid } from './movingLeastSquares.js';

export interface GriddingOptions {
  /** z of the sheet of current, m: the distance to it says which differences in height matter. Default 0. */
  readonly sheetZ?: number;
}

export interface GriddedField {
  readonly map: FieldMap;
  /** Whether values were interpolated between samples; false where every sample stands on a node of the grid. */
  readonly regridded: boolean;
  /** The pixel `iy * nx + ix` of every sample, or -1 where the nearest pixel holds no value. */
  readonly pixelOf: Int32Array;
  /** Sentences for the user: what was assumed, what it costs. */
  readonly notes: readonly string[];
}

/** With fewer samples there is no 8 x 8 map. */
const FEWEST_SAMPLES = 64;
const ENOUGH = 'scan at least 8 lines of 8 points';
/** A sample may stand this far beside its node (coordinates printed with few digits), in pitches. */
const TOLERANCE = 0.02;
/** Beyond this deviation, in pitches, the user is told. */
const EXACT = 1e-3;
/** Deviations below this, in pitches, are rounding errors of floating point. */
const ROUNDING = 1e-9;
/** A lattice with more nodes per sample is a coincidence (coordinates that were rounded). */
const MOST_NODES = 8;
/** This share of the nodes taken, or more, has a taken node on its right, and one above: in a rotated raster none has. */
const PAIRED = 0.25;
/**
 * The grid of scattered samples is coarsened, in steps of sqrt(2), until this share of them has a pixel and one step
 * more would cover less than this many times the area.
 */
const ENOUGH_USED = 0.75;
const HARDLY_MORE = 1.2;
const COARSENINGS = 8;
/** Relative differences in height above the sheet that are worth a note, and that no longer make one plane. */
const UNEVEN = 0.02;
const NO_PLANE = 0.2;
/** Relative rms variation of the current that is worth a note. */
const DRIFT = 0.01;
/** The same of the noise: largest over smallest standard deviation. */
const UNEVEN_NOISE = 2;

/**
 * Brings a scan to the regular grid that the Fourier method needs.
 *
 * A regular raster is recognised whatever the order of its samples: all positions lie within 2 % of a pitch of the nodes
 * (x0 + ix dx, y0 + iy dy). Nodes without a sample are NaN, several samples on one node are averaged. Everything else,
 * a rotated raster too, is interpolated by {@link movingLeastSquares} to a grid over the bounding box with as many
 * pixels as there are samples in the area they cover; lines that run along x or y stay rows or columns. What no samples
 * surround is NaN.
 *
 * The map's z is the median of the samples'. A reading `b` along +-x, +-y or +-z becomes that component. Quadratures are
 * left out. The map's sigma is the samples' (their rms where they differ) over the root of the number of samples per
 * pixel. After interpolation that keeps the noise per area, hence its spectrum at long waves; neighbouring pixels are
 * then correlated, and the error of the interpolation comes on top.
 *
 * @param scan n samples; T (or relative unit, which is passed on) and m
 * @throws {InputError} with column and advice for fewer than 64 samples, samples on one line or at one place, heights
 * that differ by more than 20 % of the distance to the sheet or lie on both sides of it (column `z`), and for readings
 * `b` along an oblique direction, along several, or along a component that is there too (column `b`).
 */
export function toFieldMap(scan: FieldScan, options: GriddingOptions = {}): GriddedField {
  const notes: string[] = [];
  checkExtent(scan);
  const z = onePlane(scan.z, options.sheetZ ?? 0, notes);
  const readings = cartesianReadings(scan, notes);
  const sigma = rmsSigma(scan, readings, notes);
  noteDrift(scan, notes);

  const xLattice = findLattice(scan.x);
  const yLattice = findLattice(scan.y);
  const raster = xLattice && yLattice && findRaster(scan, xLattice, yLattice);
  const fields = readings.map(reading => reading.values);
  const gridded =
    raster === undefined ? interpolate(scan, xLattice, yLattice, fields) : average(raster.grid, raster.pixelOf, fields);
  const { grid, pixelOf, values } = gridded;

  if (raster === undefined) {
    notes.push(
      `The samples do not lie on a regular grid; they were interpolated to one of ${mm(grid.dx)} x ${mm(grid.dy)} mm ` +
        'pitch, which costs accuracy. The bounded method (with --cell) takes samples as they are.',
    );
  } else if (raster.beside > EXACT * Math.min(grid.dx, grid.dy)) {
    notes.push(
      `The samples lie up to ${mm(raster.beside)} mm beside the nodes of their grid and were taken as on them.`,
    );
  }
  const components: Partial<Record<AxisName, Float64Array>> = {};
  readings.forEach(({ axis, sign }, c) => {
    components[axis] = sign < 0 ? values[c].map(b => -b) : values[c];
  });
  const map: FieldMap = {
    grid,
    z,
    components,
    ...(sigma === undefined ? {} : { sigma: sigma * gridded.noiseFactor }),
    ...(scan.relativeUnit === undefined ? {} : { relativeUnit: scan.relativeUnit }),
  };
  return { map, regridded: raster === undefined, pixelOf, notes };
}

interface Gridded {
  readonly grid: Grid;
  readonly pixelOf: Int32Array;
  readonly values: readonly Float64Array[];
  /** Standard deviation of a pixel over that of a sample. */
  readonly noiseFactor: number;
}

/** The mean of the samples on each node. */
function average(grid: Grid, pixelOf: Int32Array, fields: readonly Float64Array[]): Gridded {
  const repeats = new Int32Array(gridSize(grid));
  for (const pixel of pixelOf) repeats[pixel]++;
  const values = fields.map(field => {
    const sum = new Float64Array(repeats.length);
    for (let i = 0; i < field.length; i++) sum[pixelOf[i]] += field[i];
    return sum.map((total, pixel) => (repeats[pixel] === 0 ? Number.NaN : total / repeats[pixel]));
  });
  let variance = 0;
  let measured = 0;
  for (const m of repeats) {
    if (m === 0) continue;
    variance += 1 / m;
    measured++;
  }
  return { grid, pixelOf, values, noiseFactor: Math.sqrt(variance / measured) };
}

/**
 * Moving least squares on a grid as dense as the samples, or coarser: where they crowd on lines or at repeated places,
 * only a coarser one lets the interpolation reach from crowd to crowd. It is coarse enough when most samples' own pixels
 * hold a value and the next coarser grid covers hardly more area.
 */
function interpolate(
  { x, y, count }: FieldScan,
  xLattice: Lattice | undefined,
  yLattice: Lattice | undefined,
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

function nearestPixels({ nx, ny, x0, y0, dx, dy }: Grid, x: Float64Array, y: Float64Array): Int32Array {
  const nearest = (position: number, n: number) => Math.min(n - 1, Math.max(0, Math.round(position)));
  return Int32Array.from(x, (xi, i) => nearest((y[i] - y0) / dy, ny) * nx + nearest((xi - x0) / dx, nx));
}

/** The raster on whose nodes all samples lie, and how far beside them, m; undefined where there is none. */
function findRaster(
  { x, y, count }: FieldScan,
  columns: Lattice,
  rows: Lattice,
): { grid: Grid; pixelOf: Int32Array; beside: number } | undefined {
  const grid: Grid = { nx: columns.n, ny: rows.n, x0: columns.start, y0: rows.start, dx: columns.step, dy: rows.step };
  const { nx, ny } = grid;
  if (nx * ny > MOST_NODES * count) return undefined;
  const taken = new Uint8Array(nx * ny);
  const pixelOf = nearestPixels(grid, x, y);
  for (const pixel of pixelOf) taken[pixel] = 1;
  let nodes = 0;
  let besideX = 0;
  let besideY = 0;
  for (let p = 0; p < taken.length; p++) {
    if (taken[p] === 0) continue;
    nodes++;
    if (p % nx < nx - 1) besideX += taken[p + 1];
    if (p < taken.length - nx) besideY += taken[p + nx];
  }
  if (Math.min(besideX, besideY) < PAIRED * nodes) return undefined;
  return { grid, pixelOf, beside: Math.max(columns.beside * columns.step, rows.beside * rows.step) };
}

/** Nodes of a raster along one axis. */
interface Lattice extends AxisNodes {
  /** How far the samples lie beside the nodes at most, in steps. */
  readonly beside: number;
}

/**
 * The lattice start + i step on which all values lie. Gaps between sorted values are of two kinds, those within a node
 * (rounding) and those between nodes, at least (1 - 2 TOLERANCE) / (2 TOLERANCE) = 24 times as wide; so every empty
 * stretch in the distribution of their sizes is a candidate for the border between the two, the widest gaps first.
 */
function findLattice(values: Float64Array): Lattice | undefined {
  const sorted = values.slice().sort();
  const least = (sorted[sorted.length - 1] - sorted[0]) / (MOST_NODES * values.length);
  // Sizes count in octaves: three empty ones are sure to lie in a factor of 24.
  const OFFSET = 1080;
  const octaves = new Uint8Array(2 * OFFSET);
  for (let i = 1; i < sorted.length; i++) {
    const gap = sorted[i] - sorted[i - 1];
    if (gap > 0) octaves[Math.floor(Math.log2(gap)) + OFFSET] = 1;
  }
  for (let k = octaves.length - 1; k > 3; k--) {
    if (octaves[k] === 0 || octaves[k - 1] + octaves[k - 2] + octaves[k - 3] > 0) continue;
    const border = 2 ** (k - OFFSET - 1);
    if (4 * border < least) return undefined;
    const lattice = fitLattice(sorted, border);
    if (lattice !== undefined) return lattice;
  }
  return undefined;
}

/** Fits a lattice by least squares to the groups of sorted values that gaps wider than `border` separate. */
function fitLattice(sorted: Float64Array, border: number): Lattice | undefined {
  const first = [0];
  for (let i = 1; i < sorted.length; i++) if (sorted[i] - sorted[i - 1] > border) first.push(i);
  const groups = first.length;
  const low = Float64Array.from(first, i => sorted[i]);
  const high = Float64Array.from(first, (_, g) => sorted[(g + 1 < groups ? first[g + 1] : sorted.length) - 1]);
  const centre = low.map((value, g) => (value + high[g]) / 2);
  const gaps = centre.subarray(1).map((value, g) => value - centre[g]);
  // Rows may be missing: only the narrowest gaps are one pitch.
  const smallest = gaps.reduce((least, gap) => Math.min(least, gap), Infinity);
  const single = gaps.filter(gap => gap < 1.5 * smallest);
  const pitch = single.reduce((sum, gap) => sum + gap, 0) / single.length;
  const index = new Float64Array(groups);
  for (let g = 1; g < groups; g++) index[g] = index[g - 1] + Math.round(gaps[g - 1] / pitch);

  const mean = (array: Float64Array) => array.reduce((sum, value) => sum + value, 0) / array.length;
  const meanIndex = mean(index);
  const meanCentre = mean(centre);
  let above = 0;
  let below = 0;
  for (let g = 0; g < groups; g++) {
    above += (index[g] - meanIndex) * (centre[g] - meanCentre);
    below += (index[g] - meanIndex) ** 2;
  }
  const step = above / below;
  const start = meanCentre - step * meanIndex;
  let beside = 0;
  for (let g = 0; g < groups; g++) {
    const node = start + index[g] * step;
    beside = Math.max(beside, (high[g] - node) / step, (node - low[g]) / step);
  }
  if (beside > TOLERANCE) return undefined;
  const last = index[groups - 1];
  const n = last + 1;
  // Where there is nothing to fit, the ends are free of the sums' rounding errors: -0.02 stays -0.02.
  if (beside < ROUNDING) return { start: sorted[0], step: (sorted[sorted.length - 1] - sorted[0]) / last, n, beside };
  return { start, step, n, beside };
}

/** @throws {InputError} for samples that span no area. */
function checkExtent({ x, y, count }: FieldScan): void {
  const fail = (column: string, message: string) => new InputError(message, { column, advice: ENOUGH });
  if (count < FEWEST_SAMPLES) throw fail('x, y', `holds ${count} samples, too few for a map`);
  const [xLow, xHigh] = extent(x);
  const [yLow, yHigh] = extent(y);
  const width = xHigh - xLow;
  const height = yHigh - yLow;
  if (width === 0 && height === 0) throw fail('x, y', 'all samples stand at one place');
  // Rounding, not a scan, makes a strip as narrow as this.
  if (height < 1e-6 * width) throw fail('y', `all samples lie on one line, y = ${mm(yLow)} mm`);
  if (width < 1e-6 * height) throw fail('x', `all samples lie on one line, x = ${mm(xLow)} mm`);
}

/** The height of the plane. @throws {InputError} where the samples do not stand in one. */
function onePlane(z: Float64Array, sheetZ: number, notes: string[]): number {
  const sorted = z.slice().sort();
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const n = sorted.length;
  const median = n % 2 === 1 ? sorted[(n - 1) / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  const distance = Math.abs(median - sheetZ);
  const advice = 'split the file by height, or give --cell: the bounded method takes samples at any height';
  if (low < sheetZ && high > sheetZ) {
    const range = `z = ${mm(low)} to ${mm(high)} mm, the sheet at ${mm(sheetZ)} mm`;
    throw new InputError(`the samples lie on both sides of the sheet (${range})`, { column: 'z', advice });
  }
  if (high - low > NO_PLANE * distance) {
    const range = `differ by ${mm(high - low)} mm at ${mm(distance)} mm from the sheet`;
    throw new InputError(`the heights ${range}, but the Fourier method needs one plane`, { column: 'z', advice });
  }
  if (high - low > UNEVEN * distance) {
    notes.push(
      `The heights of the samples differ by ${mm(high - low)} mm at ${mm(distance)} mm from the sheet; all were taken ` +
        `as at z = ${mm(median)} mm, their median.`,
    );
  }
  return median;
}

/** Readings along one axis of the map; `sign` -1 where they were taken against it. */
interface Reading extends FieldComponent {
  readonly axis: AxisName;
  readonly sign: 1 | -1;
}

/** The readings as Cartesian components, in the order of {@link AXES}. */
function cartesianReadings(scan: FieldScan, notes: string[]): Reading[] {
  const readings: Reading[] = [];
  const { b, ...cartesian } = scan.components;
  for (const axis of AXES) {
    const component = cartesian[axis];
    if (component !== undefined) readings.push({ ...component, axis, sign: 1 });
  }
  if (b !== undefined) {
    const { axis, sign } = axisOf(scan.direction!);
    if (cartesian[axis] !== undefined) {
      throw new InputError(`was read along the same axis as ${axis}`, {
        column: 'b',
        advice: `delete b or ${axis}, or give --cell: the bounded method uses both`,
      });
    }
    readings.push({ ...b, axis, sign });
    readings.sort((p, q) => AXES.indexOf(p.axis) - AXES.indexOf(q.axis));
  }
  if (readings.some(reading => reading.quadrature !== undefined)) {
    notes.push('The quadrature readings were left out; the map is that of the field in phase.');
  }
  return readings;
}

/** The axis along which, or against which, all samples were read. */
function axisOf(direction: NonNullable<FieldScan['direction']>): { axis: AxisName; sign: 1 | -1 } {
  const { x, y, z } = direction;
  for (const [axis, along, p, q] of [
    ['bx', x, y, z],
    ['by', y, z, x],
    ['bz', z, x, y],
  ] as const) {
    const sign = along[0] < 0 ? -1 : 1;
    if (along.every((a, i) => sign * a > 0 && Math.abs(p[i]) <= 1e-6 && Math.abs(q[i]) <= 1e-6)) return { axis, sign };
  }
  const same = [x, y, z].every(values => values.every(value => Math.abs(value - values[0]) <= 1e-6));
  const first = [x, y, z].map(values => Number(values[0].toPrecision(3))).join(', ');
  throw new InputError(
    same
      ? `was read along (${first}), but the Fourier method needs x, y or z`
      : 'was read along several directions, but the Fourier method needs one of x, y and z',
    { column: 'b', advice: 'give --cell: the bounded method takes readings along any direction' },
  );
}

/** Root mean square of the standard deviations of all readings that have one. */
function rmsSigma(scan: FieldScan, readings: readonly Reading[], notes: string[]): number | undefined {
  let squares = 0;
  let count = 0;
  let least = Infinity;
  let most = 0;
  for (const { sigma } of readings) {
    if (sigma === undefined && scan.sigma === undefined) continue;
    for (let i = 0; i < scan.count; i++) {
      const s = sigma === undefined ? scan.sigma! : sigma[i];
      squares += s * s;
      least = Math.min(least, s);
      most = Math.max(most, s);
    }
    count += scan.count;
  }
  if (count === 0) return undefined;
  if (most > UNEVEN_NOISE * least) {
    notes.push(
      `The noise differs from reading to reading by a factor of ${Number((most / least).toPrecision(2))}; the Fourier ` +
        'method takes one value, the root mean square. The bounded method (with --cell) weighs each reading by its own.',
    );
  }
  // Not the root of a mean of squares where one value holds for all: it is handed on as it was given.
  return most === least ? most : Math.sqrt(squares / count);
}

function noteDrift({ current }: FieldScan, notes: string[]): void {
  if (current === undefined) return;
  const mean = current.reduce((sum, value) => sum + value, 0) / current.length;
  const rms = Math.sqrt(current.reduce((sum, value) => sum + (value - mean) ** 2, 0) / current.length);
  if (!(rms > DRIFT * Math.abs(mean))) return;
  notes.push(
    `The current varied by ${Number(rms.toPrecision(2))} A (rms) around ${Number(mean.toPrecision(4))} A during the ` +
      'scan; the readings were not corrected for it.',
  );
}

function extent(values: Float64Array): [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Metres as millimetres with three digits, for sentences. */
function mm(metres: number): number {
  return Number((1e3 * metres).toPrecision(3));
}
