import { MU0 } from '../../src/constants.js';
import type { Readings } from '../../src/forward/index.js';

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
  /** Functions, each a sum of sources: those of function f are entries `start[f]` to `start[f + 1] - 1`. */
  readonly count: number;
  readonly start: Int32Array;
  readonly source: Int32Array;
  readonly weight: Float64Array;
}

/** Functions that are one source each. */
export function singleSources(z: number, x: Float64Array, y: Float64Array, area: number): PointSources {
  const count = x.length;
  return {
    kind: 'psi',
    z,
    x,
    y,
    area: new Float64Array(count).fill(area),
    count,
    start: Int32Array.from({ length: count + 1 }, (_, i) => i),
    source: Int32Array.from({ length: count }, (_, i) => i),
    weight: new Float64Array(count).fill(1),
  };
}

/** Fields of all point sources at one place: bx, by, bz get one entry per source, T/A. */
function sourceFields(
  { kind, z, x, y, area }: PointSources,
  px: number,
  py: number,
  pz: number,
  bx: Float64Array,
  by: Float64Array,
  bz: Float64Array,
): void {
  const rz = pz - z;
  const z2 = rz * rz;
  for (let i = 0; i < x.length; i++) {
    const rx = px - x[i];
    const ry = py - y[i];
    const r2 = rx * rx + ry * ry + z2;
    const inverse = 1 / r2;
    const f = (MU0 / (4 * Math.PI)) * area[i] * inverse * inverse * Math.sqrt(inverse);
    const along = 3 * rz * f;
    if (kind === 'psi') {
      bx[i] = along * rx;
      by[i] = along * ry;
      bz[i] = f * (3 * z2 - r2);
    } else {
      bx[i] = -along * ry;
      by[i] = along * rx;
      bz[i] = 0;
    }
  }
}

/**
 * Rows of the matrix from functions to readings, times a weight per reading.
 * @param which readings, one per row
 * @param out row-major, `stride` numbers per row; the columns of `sources` start at `column`
 */
export function sourceRows(
  sources: PointSources,
  readings: Readings,
  weights: Float64Array,
  which: Int32Array,
  out: Float64Array,
  stride: number,
  column: number,
): void {
  const n = sources.x.length;
  const bx = new Float64Array(n);
  const by = new Float64Array(n);
  const bz = new Float64Array(n);
  const { count, start, source, weight } = sources;
  let last = -1;
  for (let k = 0; k < which.length; k++) {
    const r = which[k];
    if (!samePlace(readings, r, last)) sourceFields(sources, readings.x[r], readings.y[r], readings.z[r], bx, by, bz);
    last = r;
    const cx = readings.nx[r] * weights[r];
    const cy = readings.ny[r] * weights[r];
    const cz = readings.nz[r] * weights[r];
    const row = k * stride + column;
    for (let f = 0; f < count; f++) {
      let sum = 0;
      for (let e = start[f]; e < start[f + 1]; e++) {
        const s = source[e];
        sum += weight[e] * (cx * bx[s] + cy * by[s] + cz * bz[s]);
      }
      out[row + f] = sum;
    }
  }
}

function samePlace({ x, y, z }: Readings, a: number, b: number): boolean {
  return b >= 0 && x[a] === x[b] && y[a] === y[b] && z[a] === z[b];
}

/** out += field along every reading's direction, T, of the functions with the given coefficients (A). */
export function addSourceField(
  sources: PointSources,
  coefficients: Float64Array,
  readings: Readings,
  out: Float64Array,
): void {
  const n = sources.x.length;
  const total = new Float64Array(n);
  for (let f = 0; f < sources.count; f++) {
    for (let e = sources.start[f]; e < sources.start[f + 1]; e++) {
      total[sources.source[e]] += sources.weight[e] * coefficients[f];
    }
  }
  const bx = new Float64Array(n);
  const by = new Float64Array(n);
  const bz = new Float64Array(n);
  let last = -1;
  let field = [0, 0, 0];
  for (let r = 0; r < out.length; r++) {
    if (!samePlace(readings, r, last)) {
      sourceFields(sources, readings.x[r], readings.y[r], readings.z[r], bx, by, bz);
      let [sx, sy, sz] = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        sx += total[i] * bx[i];
        sy += total[i] * by[i];
        sz += total[i] * bz[i];
      }
      field = [sx, sy, sz];
    }
    last = r;
    out[r] += readings.nx[r] * field[0] + readings.ny[r] * field[1] + readings.nz[r] * field[2];
  }
}
