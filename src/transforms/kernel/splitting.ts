import { IMAGINARY, REAL, times } from './convolve';
import { more } from './fused';
import { Job } from './job';

/**
 * Rows of block b of the spectra: the solution inverse sum_k conj(D_k) given_k, and given_k becomes D_k times that. D_k stand in a
 * table of address, kind and weight in the sum; `lines` rows of `outputs` numbers, `inputs` spectra `next` apart.
 */
export function projectPass(job: Job, scratch: usize, from: i32, to: i32): void {
  const columns = job.outputs;
  const row = 16 * <usize>columns;
  for (let r = from * job.width; r < min(to * job.width, job.lines); r++) {
    const given = job.source + <usize>r * row;
    memory.fill(scratch, 0, row);
    for (let k: usize = 0; k < <usize>job.inputs; k++) {
      const entry = job.kernels + 16 * k;
      addRow(load<i32>(entry, 4), load<f64>(entry, 8), columns, response(entry, r, columns), given + k * job.next, scratch);
    }
    const inverse = job.table + (row >> 1) * <usize>r;
    for (let m: usize = 0; m < <usize>columns; m++) {
      const at = scratch + 16 * m;
      v128.store(at, f64x2.mul(v128.load64_splat(inverse + 8 * m), v128.load(at)));
    }
    if (job.target) memory.copy(job.target + <usize>r * row, scratch, row);
    for (let k: usize = 0; k < <usize>job.inputs; k++) {
      const entry = job.kernels + 16 * k;
      applyRow(load<i32>(entry, 4), columns, response(entry, r, columns), scratch, given + k * job.next);
    }
  }
}

/** Row r of a response. */
// @ts-ignore: decorator
@inline
function response(entry: usize, r: i32, columns: i32): usize {
  const kind = load<i32>(entry, 4);
  const bytes: usize = kind == REAL || kind == IMAGINARY ? 8 : 16;
  return load<usize>(entry) + <usize>r * <usize>columns * bytes;
}

// @ts-ignore: decorator
@inline
function addKind(kind: i32, weight: f64, columns: i32, d: usize, x: usize, y: usize): void {
  const factor = f64x2.splat(weight);
  const size: usize = kind == REAL || kind == IMAGINARY ? 8 : 16;
  for (let m = 0; m < columns; m++, d += size, x += 16, y += 16) {
    v128.store(y, more<f64>(v128.load(y), factor, times(kind, -1, d, v128.load(x))));
  }
}

/** y += weight conj(d) x for a row. */
function addRow(kind: i32, weight: f64, columns: i32, d: usize, x: usize, y: usize): void {
  if (kind == REAL) addKind(REAL, weight, columns, d, x, y);
  else if (kind == IMAGINARY) addKind(IMAGINARY, weight, columns, d, x, y);
  else addKind(2, weight, columns, d, x, y);
}

// @ts-ignore: decorator
@inline
function applyKind(kind: i32, columns: i32, d: usize, x: usize, y: usize): void {
  const size: usize = kind == REAL || kind == IMAGINARY ? 8 : 16;
  for (let m = 0; m < columns; m++, d += size, x += 16, y += 16) v128.store(y, times(kind, 1, d, v128.load(x)));
}

/** y = d x for a row. */
function applyRow(kind: i32, columns: i32, d: usize, x: usize, y: usize): void {
  if (kind == REAL) applyKind(REAL, columns, d, x, y);
  else if (kind == IMAGINARY) applyKind(IMAGINARY, columns, d, x, y);
  else applyKind(2, columns, d, x, y);
}

/**
 * Rows of block b of real arrays, `inputs` of them `next` apart, their duals at the target `targetNext` apart: t = array + dual of a
 * point is a vector, which becomes shorter by `scale` or zero, p; dual = t - p, array = 2 p - t. `outputs` numbers in a row.
 */
export function shrinkPass(job: Job, scratch: usize, from: i32, to: i32): void {
  const row: usize = <usize>job.outputs * 8;
  const threshold = f64x2.splat(job.scale);
  const square = f64x2.mul(threshold, threshold);
  const one = f64x2.splat(1);
  for (let r = from * job.width; r < min(to * job.width, job.lines); r++) {
    const given = job.source + <usize>r * row;
    const duals = job.target + <usize>r * row;
    for (let at: usize = 0; at < row; at = at + 16) {
      const last = row - at < 16;
      let norm = f64x2.splat(0);
      for (let k: usize = 0; k < <usize>job.inputs; k++) {
        const t = f64x2.add(two(given + k * job.next + at, last), two(duals + k * job.targetNext + at, last));
        norm = more<f64>(norm, t, t);
      }
      const kept = f64x2.sub(one, f64x2.div(threshold, f64x2.sqrt(norm)));
      const keep = v128.and(kept, f64x2.gt(norm, square));
      const drop = f64x2.sub(one, keep);
      const back = f64x2.sub(keep, drop);
      for (let k: usize = 0; k < <usize>job.inputs; k++) {
        const array = given + k * job.next + at;
        const dual = duals + k * job.targetNext + at;
        const t = f64x2.add(two(array, last), two(dual, last));
        put(array, f64x2.mul(back, t), last);
        put(dual, f64x2.mul(drop, t), last);
      }
    }
  }
}

/** Two numbers, or the one that is left of a row. */
// @ts-ignore: decorator
@inline
function two(at: usize, last: bool): v128 {
  return last ? v128.load64_zero(at) : v128.load(at);
}

// @ts-ignore: decorator
@inline
function put(at: usize, value: v128, last: bool): void {
  if (last) v128.store64_lane(at, value, 0);
  else v128.store(at, value);
}
