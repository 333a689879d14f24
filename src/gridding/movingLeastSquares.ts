import type { Grid } from '../grid.js';

/** Neighbours are looked for within this many pitches. */
const RADIUS = 2.5;
/** Weight of a neighbour r pitches away: exp(-SHARPNESS r^2), whose full width at half maximum is 1.2 pitches. */
const SHARPNESS = 2;
/** A pixel further than this from every sample lies in a gap, even where samples stand all around it. */
const NEAREST = 1.5;
const FEWEST_NEIGHBOURS = 4;
/** A sample this close to the pixel, in pitches, leaves nothing to extrapolate. */
const COINCIDENT = 0.05;
/** Cosine of the angle (175 degrees) from which two neighbours are opposite: samples on a line jitter a little. */
const OPPOSITE = -0.996;
/** Below this share of its largest value the determinant of the second moments says: neighbours on one line. */
const COLLINEAR = 1e-6;

/** The neighbours of one pixel: offsets in pitches, weights, indices of the samples. */
interface Neighbours {
  readonly du: Float64Array;
  readonly dv: Float64Array;
  readonly weight: Float64Array;
  readonly sample: Int32Array;
}

/**
 * Interpolates scattered samples to a grid by moving least squares (Lancaster and Salkauskas 1981) with polynomials of
 * first order: at every pixel the value a of the plane a + g . (r - r0) that minimises
 *
 *     sum over samples i within 2.5 pitches   exp(-2 |(r_i - r0) / pitch|^2)  (a + g . (r_i - r0) - f_i)^2.
 *
 * A field that is linear in x and y is reproduced exactly; curvature is smoothed by about exp(-(k pitch)^2 / 8) at wave
 * number k. Distances along x count in dx, along y in dy, so that grid and samples may be denser along one axis.
 *
 * Gaps stay gaps. A pixel is NaN where it has fewer than 4 neighbours, all of them on one line, none within 1.5 pitches,
 * or where they do not surround it (there is a half-plane through the pixel without any): nothing is extrapolated.
 *
 * @param grid pixels, m
 * @param x n positions, m
 * @param y n positions, m
 * @param fields any number of quantities, n values each, any unit
 * @returns the fields on the grid, row-major `[iy][ix]`, in the same units; the same pixels are NaN in all of them
 */
export function movingLeastSquares(
  grid: Grid,
  x: Float64Array,
  y: Float64Array,
  fields: readonly Float64Array[],
): Float64Array[] {
  const { nx, ny, dx, dy } = grid;
  const u = x.map(value => (value - grid.x0) / dx);
  const v = y.map(value => (value - grid.y0) / dy);
  const cells = cellList(u, v, nx, ny);
  const neighbours: Neighbours = {
    du: new Float64Array(cells.mostNeighbours),
    dv: new Float64Array(cells.mostNeighbours),
    weight: new Float64Array(cells.mostNeighbours),
    sample: new Int32Array(cells.mostNeighbours),
  };
  const out = fields.map(() => new Float64Array(nx * ny).fill(Number.NaN));
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      const count = gather(cells, u, v, ix, iy, neighbours);
      if (count < FEWEST_NEIGHBOURS || !surrounded(neighbours, count)) continue;
      if (!toCoefficients(neighbours, count)) continue;
      for (let f = 0; f < fields.length; f++) {
        let sum = 0;
        for (let k = 0; k < count; k++) sum += neighbours.weight[k] * fields[f][neighbours.sample[k]];
        out[f][iy * nx + ix] = sum;
      }
    }
  }
  return out;
}

/** Samples sorted into square cells as wide as the search radius: neighbours stand in a pixel's cell or beside it. */
interface CellList {
  readonly columns: number;
  readonly rows: number;
  /** Samples of cell c: order[start[c]] to order[start[c + 1] - 1]. */
  readonly start: Int32Array;
  readonly order: Int32Array;
  /** No 3 x 3 cells hold more samples than this. */
  readonly mostNeighbours: number;
}

function cellList(u: Float64Array, v: Float64Array, nx: number, ny: number): CellList {
  const columns = Math.ceil(nx / RADIUS);
  const rows = Math.ceil(ny / RADIUS);
  const start = new Int32Array(columns * rows + 1);
  const cellOf = Int32Array.from(u, (_, i) => cellAt(v[i], rows) * columns + cellAt(u[i], columns));
  for (const cell of cellOf) start[cell + 1]++;
  const largest = start.reduce((most, count) => Math.max(most, count), 0);
  for (let c = 1; c < start.length; c++) start[c] += start[c - 1];
  const next = start.slice();
  const order = new Int32Array(u.length);
  for (let i = 0; i < u.length; i++) order[next[cellOf[i]]++] = i;
  return { columns, rows, start, order, mostNeighbours: Math.min(u.length, 9 * largest) };
}

/** Cell along one axis; positions beyond the rim belong to the outermost cell, which is only nearer than they are. */
function cellAt(position: number, cells: number): number {
  return Math.min(cells - 1, Math.max(0, Math.floor((position + 0.5) / RADIUS)));
}

/** Collects the samples around a pixel; returns how many, 0 for a pixel in a gap. */
function gather(cells: CellList, u: Float64Array, v: Float64Array, ix: number, iy: number, to: Neighbours): number {
  const { columns, rows, start, order } = cells;
  const column = cellAt(ix, columns);
  const row = cellAt(iy, rows);
  let count = 0;
  let nearest = Infinity;
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
    const first = r * columns + Math.max(0, column - 1);
    const last = r * columns + Math.min(columns - 1, column + 1);
    for (let k = start[first]; k < start[last + 1]; k++) {
      const i = order[k];
      const du = u[i] - ix;
      const dv = v[i] - iy;
      const square = du * du + dv * dv;
      if (square > RADIUS * RADIUS) continue;
      if (square < nearest) nearest = square;
      to.du[count] = du;
      to.dv[count] = dv;
      to.weight[count] = Math.exp(-SHARPNESS * square);
      to.sample[count++] = i;
    }
  }
  return nearest <= NEAREST * NEAREST ? count : 0;
}

/**
 * Whether the pixel lies in the convex hull of its neighbours, that is, whether their directions do not all fit into an
 * angle below (nearly) 180 degrees. The angle from direction a anticlockwise to b holds all directions seen so far.
 */
function surrounded({ du, dv }: Neighbours, count: number): boolean {
  let ax = 0;
  let ay = 0;
  let bx = 0;
  let by = 0;
  for (let k = 0; k < count; k++) {
    const length = Math.sqrt(du[k] * du[k] + dv[k] * dv[k]);
    if (length < COINCIDENT) return true;
    const x = du[k] / length;
    const y = dv[k] / length;
    if (k === 0) {
      ax = bx = x;
      ay = by = y;
      continue;
    }
    if (ax * x + ay * y <= OPPOSITE || bx * x + by * y <= OPPOSITE) return true;
    const afterA = ax * y - ay * x >= 0;
    const beforeB = x * by - y * bx >= 0;
    if (!afterA && !beforeB) return true;
    if (!beforeB) {
      bx = x;
      by = y;
    } else if (!afterA) {
      ax = x;
      ay = y;
    }
  }
  return false;
}

/**
 * Turns the weights w into the coefficients that make the fitted plane's value at the pixel out of the samples' values:
 * with the weighted mean m of the offsets d and their second moments C about it, w_i (1 / W - (d_i - m) . C^-1 m).
 * @returns false where the neighbours stand on one line, whose plane is not determined
 */
function toCoefficients({ du, dv, weight }: Neighbours, count: number): boolean {
  let total = 0;
  let mu = 0;
  let mv = 0;
  for (let k = 0; k < count; k++) {
    total += weight[k];
    mu += weight[k] * du[k];
    mv += weight[k] * dv[k];
  }
  mu /= total;
  mv /= total;
  let uu = 0;
  let uv = 0;
  let vv = 0;
  for (let k = 0; k < count; k++) {
    const a = du[k] - mu;
    const b = dv[k] - mv;
    uu += weight[k] * a * a;
    uv += weight[k] * a * b;
    vv += weight[k] * b * b;
  }
  const determinant = uu * vv - uv * uv;
  if (!(determinant > (COLLINEAR * (uu + vv) ** 2) / 4)) return false;
  const gu = (vv * mu - uv * mv) / determinant;
  const gv = (uu * mv - uv * mu) / determinant;
  for (let k = 0; k < count; k++) weight[k] *= 1 / total - (du[k] - mu) * gu - (dv[k] - mv) * gv;
  return true;
}
