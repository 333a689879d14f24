import { MU0 } from '../../src/constants.js';
import { type Footprint, POINT_SENSOR, type Readings } from '../../src/forward/index.js';
import { type DenseWorkspace, hatValues, type Numbers, plainAlgebra } from '../../src/linearAlgebra/index.js';

/**
 * Functions of an unknown sheet current, each a sum of point sources in one plane. The stream function psi at a node of a
 * lattice is a dipole psi dx dy along z (trapezoid rule; its error is exp(-2 pi h / pitch) for a smooth psi at height h).
 * `phi` sources are those of a current that springs from somewhere, K = grad phi: its field is that of psi turned by a
 * right angle, (Bx, By, Bz) = (-By, Bx, 0) of psi = phi.
 */
export interface PointSources {
  readonly kind: 'psi' | 'phi';
  /** Height of the plane, m. */
  readonly z: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Area that each source stands for, times whatever damps it, m^2. */
  readonly area: Float64Array;
  /** Number of functions. */
  readonly count: number;
  /**
   * The sources of functions that are hats: 9 each, row by row, `x.length` where there is none. Their weights are 1, 1/2
   * beside the middle and 1/4 in the corners. Without it every function is one source.
   */
  readonly hats?: Int32Array;
}

/** Functions that are one source each. */
export function singleSources(z: number, x: Float64Array, y: Float64Array, area: number): PointSources {
  return { kind: 'psi', z, x, y, area: new Float64Array(x.length).fill(area), count: x.length };
}

const SCALE = MU0 / (4 * Math.PI);

/** The coefficient of every source, and a 0, from those of the functions: the adjoint of {@link hatValues}. */
function sourceCoefficients({ x, hats }: PointSources, coefficients: Float64Array): Float64Array {
  const out = new Float64Array(x.length + 1);
  if (hats === undefined) out.set(coefficients);
  else for (let e = 0; e < hats.length; e++) out[hats[e]] += HAT[e % 9] * coefficients[Math.floor(e / 9)];
  out[x.length] = 0;
  return out;
}

const HAT = [0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25];

/**
 * Rows of the matrix from functions to readings, times a weight per reading. Readings at one place that follow each other
 * share the fields there.
 * @param which readings, one per row
 * @param out row-major, `stride` numbers per row; the columns of `sources` start at `column`
 * @param footprint over which every sensor averages
 * @param algebra in whose memory `out` stands
 */
export function sourceRows(
  { kind, x, y, z, area, hats }: PointSources,
  readings: Readings,
  weights: Float64Array,
  which: Int32Array,
  out: Numbers,
  stride: number,
  column: number,
  footprint: Footprint = POINT_SENSOR,
  algebra: DipoleAlgebra = plainAlgebra,
): void {
  const { dx, dy, dz, weight } = footprint;
  const perPlace = weight.length;
  const rows = which.length;
  const first = new Int32Array(rows + 1);
  let places = 0;
  for (let k = 0; k < rows; k++) if (k === 0 || !samePlace(readings, which[k], which[k - 1])) first[places++] = k;
  first[places] = rows;
  const points = new Float64Array(3 * perPlace * places);
  const looks = new Float64Array(3 * perPlace * rows);
  for (let k = 0, place = -1, at = 0; k < rows; k++) {
    const r = which[k];
    if (first[place + 1] === k) place++;
    const [cx, cy, cz] = [readings.nx[r], readings.ny[r], readings.nz[r]];
    for (let q = 0; q < perPlace; q++, at += 3) {
      const height = readings.z[r] + dz[q] - z;
      const point = 3 * (place * perPlace + q);
      points[point] = readings.x[r] + dx[q];
      points[point + 1] = readings.y[r] + dy[q];
      points[point + 2] = height * height;
      const factor = SCALE * weight[q] * weights[r];
      const level = 3 * height * factor;
      // 3 z x, 3 z y, 3 z^2 - r^2; those of phi are (-By, Bx, 0).
      looks[at] = level * (kind === 'psi' ? cx : cy);
      looks[at + 1] = level * (kind === 'psi' ? cy : -cx);
      looks[at + 2] = kind === 'psi' ? factor * cz : 0;
    }
  }
  algebra.dipoleRows(
    { x, y, area, hats, points, perPlace, first: first.subarray(0, places + 1), looks },
    out.subarray(column),
    stride,
  );
}

/** What makes the rows. */
export type DipoleAlgebra = Pick<DenseWorkspace, 'dipoleRows'>;

function samePlace({ x, y, z }: Readings, a: number, b: number): boolean {
  return x[a] === x[b] && y[a] === y[b] && z[a] === z[b];
}

/** Derivatives of readings with respect to the position of their sensor, T/m. */
export interface Gradient {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

/**
 * out += field along every reading's direction, T, of the functions with the given coefficients (A).
 * @param gradient += its derivatives
 */
export function addSourceField(
  sources: PointSources,
  coefficients: Float64Array,
  readings: Readings,
  out: Float64Array,
  gradient?: Gradient,
  footprint: Footprint = POINT_SENSOR,
): void {
  const { dx, dy, dz, weight } = footprint;
  const { area } = sources;
  const strength = sourceCoefficients(sources, coefficients);
  for (let i = 0; i < area.length; i++) strength[i] *= SCALE * area[i];
  const field = new Float64Array(3);
  const slopes = new Float64Array(9);
  for (let r = 0; r < out.length; r++) {
    if (r === 0 || !samePlace(readings, r, r - 1)) {
      field.fill(0);
      slopes.fill(0);
      for (let q = 0; q < weight.length; q++) {
        const [px, py, pz] = [readings.x[r] + dx[q], readings.y[r] + dy[q], readings.z[r] + dz[q]];
        addTotalField(sources, strength, px, py, pz, weight[q], field, slopes);
      }
    }
    const [nx, ny, nz] = [readings.nx[r], readings.ny[r], readings.nz[r]];
    out[r] += nx * field[0] + ny * field[1] + nz * field[2];
    if (gradient === undefined) continue;
    gradient.x[r] += nx * slopes[0] + ny * slopes[1] + nz * slopes[2];
    gradient.y[r] += nx * slopes[3] + ny * slopes[4] + nz * slopes[5];
    gradient.z[r] += nx * slopes[6] + ny * slopes[7] + nz * slopes[8];
  }
}

/**
 * Adds the field, T, at one place of sources of the given strengths, T m^3, times a weight, and its derivatives: those of Bx,
 * By, Bz with respect to x, then y, then z. Without sources at the place, the matrix is symmetric and has no trace.
 */
function addTotalField(
  { kind, x, y, z }: PointSources,
  strength: Float64Array,
  px: number,
  py: number,
  pz: number,
  weight: number,
  field: Float64Array,
  slopes: Float64Array,
): void {
  const rz = pz - z;
  const z2 = rz * rz;
  // Sums of r^-3; of r^-5 times 1, x and y; of r^-7 times the same and xx, xy, yy.
  let s3 = 0;
  let [s5, s5x, s5y] = [0, 0, 0];
  let [s7, s7x, s7y, s7xx, s7xy, s7yy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const rx = px - x[i];
    const ry = py - y[i];
    const inverse = 1 / (rx * rx + ry * ry + z2);
    const f3 = strength[i] * inverse * Math.sqrt(inverse);
    const f5 = f3 * inverse;
    const f7 = f5 * inverse;
    const f7x = f7 * rx;
    const f7y = f7 * ry;
    s3 += f3;
    s5 += f5;
    s5x += f5 * rx;
    s5y += f5 * ry;
    s7 += f7;
    s7x += f7x;
    s7y += f7y;
    s7xx += f7x * rx;
    s7xy += f7x * ry;
    s7yy += f7y * ry;
  }
  const [bx, by] = [3 * rz * s5x, 3 * rz * s5y];
  const [xx, xy, yy] = [3 * rz * (s5 - 5 * s7xx), -15 * rz * s7xy, 3 * rz * (s5 - 5 * s7yy)];
  const [xz, yz] = [3 * s5x - 15 * z2 * s7x, 3 * s5y - 15 * z2 * s7y];
  const add = (to: Float64Array, values: readonly number[]) => {
    for (let i = 0; i < values.length; i++) to[i] += weight * values[i];
  };
  if (kind === 'psi') {
    add(field, [bx, by, 3 * z2 * s5 - s3]);
    add(slopes, [xx, xy, xz, xy, yy, yz, xz, yz, rz * (9 * s5 - 15 * z2 * s7)]);
  } else {
    add(field, [-by, bx, 0]);
    add(slopes, [-xy, xx, 0, -yy, xy, 0, -yz, xz, 0]);
  }
}

/**
 * The adjoint of {@link addSourceField} for several patterns at once: what each, times the fields of a function, adds up to
 * over the readings; functions x patterns, 1/A.
 * @param patterns one number per reading each
 */
export function sourceProducts(
  { kind, z, x, y, area, count, hats }: PointSources,
  patterns: readonly Float64Array[],
  readings: Readings,
  footprint: Footprint = POINT_SENSOR,
): Float64Array {
  const n = x.length;
  const k = patterns.length;
  const rows = readings.x.length;
  const total = patterns.map(() => new Float64Array(n + 1));
  /** Moments of the readings at one place. */
  const [mx, my, mz] = [new Float64Array(k), new Float64Array(k), new Float64Array(k)];
  const power = new Float64Array(n);
  const { dx, dy, dz, weight } = footprint;
  for (let r = 0; r < rows; ) {
    const first = r;
    for (const moments of [mx, my, mz]) moments.fill(0);
    for (; r < rows && samePlace(readings, r, first); r++) {
      for (let p = 0; p < k; p++) {
        mx[p] += patterns[p][r] * readings.nx[r];
        my[p] += patterns[p][r] * readings.ny[r];
        mz[p] += patterns[p][r] * readings.nz[r];
      }
    }
    for (let q = 0; q < weight.length; q++) {
      const [px, py, rz] = [readings.x[first] + dx[q], readings.y[first] + dy[q], readings.z[first] + dz[q] - z];
      const z2 = rz * rz;
      for (let i = 0; i < n; i++) {
        const rx = px - x[i];
        const ry = py - y[i];
        const inverse = 1 / (rx * rx + ry * ry + z2);
        power[i] = weight[q] * inverse * inverse * Math.sqrt(inverse);
      }
      for (let p = 0; p < k; p++) {
        // Moments times (3 z x, 3 z y, 3 z^2 - r^2), or times (-3 z y, 3 z x, 0).
        const a = 3 * rz * (kind === 'psi' ? mx[p] : my[p]);
        const b = 3 * rz * (kind === 'psi' ? my[p] : -mx[p]);
        const d = kind === 'psi' ? mz[p] : 0;
        const c = 3 * z2 * d;
        const to = total[p];
        for (let i = 0; i < n; i++) {
          const rx = px - x[i];
          const ry = py - y[i];
          to[i] += power[i] * (a * rx + b * ry + c - d * (rx * rx + ry * ry + z2));
        }
      }
    }
  }
  const out = new Float64Array(count * k);
  const products = new Float64Array(count);
  total.forEach((sums, p) => {
    for (let i = 0; i < n; i++) sums[i] *= SCALE * area[i];
    if (hats === undefined) products.set(sums.subarray(0, count));
    else hatValues(hats, sums, products);
    for (let f = 0; f < count; f++) out[f * k + p] = products[f];
  });
  return out;
}
