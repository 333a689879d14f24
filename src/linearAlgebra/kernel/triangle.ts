import { less } from '../../transforms/kernel/fused';
import { Job } from './job';
import { micro, STEP, WIDTH } from './micro';
import { packBlock, unpackBlock, VISIT } from './pack';

/**
 * Columns `first` to `last` of X in X L^T = B, where a panel of four rows of B is packed in x, and l holds the packed panels of
 * L. Substitution from left to right: what stands to the left comes off by `micro`, the rest within four columns.
 */
function substitute(x: usize, l: usize, panel: usize, first: i32, last: i32): void {
  for (let j0 = first; j0 < last; j0 += WIDTH, l += panel) {
    const tile = x + <usize>j0 * STEP;
    const diagonal = l + <usize>j0 * STEP;
    micro<f64>(l, x, j0, tile, STEP, -1);
    const width = <usize>min(WIDTH, last - j0);
    for (let a: usize = 0; a < width; a++) {
      let x0 = v128.load(tile + a * STEP);
      let x1 = v128.load(tile + a * STEP, 16);
      for (let b: usize = 0; b < a; b++) {
        const factor = v128.load64_splat(diagonal + b * STEP + 8 * a);
        x0 = less<f64>(x0, factor, v128.load(tile + b * STEP));
        x1 = less<f64>(x1, factor, v128.load(tile + b * STEP, 16));
      }
      const pivot = v128.load64_splat(diagonal + a * STEP + 8 * a);
      v128.store(tile + a * STEP, f64x2.div(x0, pivot));
      v128.store(tile + a * STEP, f64x2.div(x1, pivot), 16);
    }
  }
}

/** Block b, up to sixteen rows, of X L^T = B: packs B, solves, and writes X back; the panels stay for a product. */
export function solveBlock(job: Job, b: i32): void {
  packBlock(job, b);
  const first = b * VISIT;
  const last = min(first + VISIT, job.count);
  for (let i = first; i < last; i += WIDTH) {
    substitute(job.p + <usize>(i / WIDTH) * job.panel, job.q, job.panel, 0, job.depth);
  }
  unpackBlock(job, b);
}

/** Cholesky of the diagonal tile of four rows; returns the number of good pivots. */
function factorTile(job: Job, tile: usize, width: i32): i32 {
  for (let j = 0; j < width; j++) {
    const column = tile + <usize>j * STEP;
    const pivot = load<f64>(column + 8 * <usize>j);
    if (!(pivot > 0 && pivot < Infinity)) {
      job.pivot = pivot;
      return j;
    }
    const root = Math.sqrt(pivot);
    store<f64>(column + 8 * <usize>j, root);
    for (let i = j + 1; i < width; i++) store<f64>(column + 8 * <usize>i, load<f64>(column + 8 * <usize>i) / root);
    for (let m = j + 1; m < width; m++) {
      const factor = load<f64>(column + 8 * <usize>m);
      const other = tile + <usize>m * STEP;
      for (let i = m; i < width; i++) {
        const at = other + 8 * <usize>i;
        store<f64>(at, load<f64>(at) - factor * load<f64>(column + 8 * <usize>i));
      }
    }
  }
  return width;
}

/** L L^T = C of a diagonal block, whose rows are packed in p and stay there; the lower triangle is written back. */
export function factorBlock(job: Job): void {
  const n = job.depth;
  job.failed = -1;
  for (let b = 0; b * VISIT < n; b++) packBlock(job, b);
  for (let i = 0; i < n; i += WIDTH) {
    const x = job.p + <usize>(i / WIDTH) * job.panel;
    const tile = x + <usize>i * STEP;
    const width = min(WIDTH, n - i);
    substitute(x, job.p, job.panel, 0, i);
    micro<f64>(x, x, i, tile, STEP, -1);
    const good = factorTile(job, tile, width);
    if (good < width) {
      job.failed = i + good;
      return;
    }
    for (let r = i; r < i + width; r++) {
      for (let k = 0; k <= r; k++) {
        const at = job.source + <usize>r * job.along + <usize>k * job.deep;
        store<f64>(at, load<f64>(x + <usize>k * STEP + 8 * <usize>(r - i)));
      }
    }
  }
}

/** x at target becomes L^-1 x, or L^-T x where the sign is negative, for the rows x rows triangle at source. */
export function solveVector(job: Job): void {
  const n = job.rows;
  const back = job.sign < 0;
  for (let k = 0; k < n; k++) {
    const i = back ? n - 1 - k : k;
    const row = job.source + <usize>i * job.along;
    const own = job.target + 8 * <usize>i;
    const pivot = load<f64>(row + 8 * <usize>i);
    if (back) {
      const x = load<f64>(own) / pivot;
      store<f64>(own, x);
      for (let at = job.target, a = row; at < own; at += 8, a += 8) store<f64>(at, load<f64>(at) - load<f64>(a) * x);
    } else {
      let sum = load<f64>(own);
      for (let at = job.target, a = row; at < own; at += 8, a += 8) sum -= load<f64>(a) * load<f64>(at);
      store<f64>(own, sum / pivot);
    }
  }
}
