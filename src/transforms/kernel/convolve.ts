import { Job } from './job';
import { complexLines, length } from './lines';
import { emptyTile, fillTile } from './tile';

/** What a kernel holds per point of the half spectrum: a real number, one that stands for i times itself, or both parts. */
export const REAL = 0;
export const IMAGINARY = 1;

// @ts-ignore: decorator
@inline
function times(kind: i32, sign: f64, k: usize, x: v128): v128 {
  if (kind == REAL) return f64x2.mul(v128.load64_splat(k), x);
  const turned = v128.shuffle<f64>(x, x, 1, 0);
  const signs = f64x2.replace_lane(f64x2.splat(sign), 0, -sign);
  if (kind == IMAGINARY) return f64x2.mul(f64x2.mul(v128.load64_splat(k), signs), turned);
  return f64x2.add(
    f64x2.mul(v128.load64_splat(k), x),
    f64x2.mul(f64x2.mul(v128.load64_splat(k, 8), signs), turned),
  );
}

// @ts-ignore: decorator
@inline
function multiplyRows(
  kind: i32,
  sign: f64,
  more: bool,
  n: i32,
  columns: i32,
  kernel: usize,
  row: usize,
  x: usize,
  y: usize,
): void {
  const size: usize = kind == REAL || kind == IMAGINARY ? 8 : 16;
  const group = 64 * <usize>n;
  for (let i = 0; i < n; i++, kernel += row, x += 64, y += 64) {
    let k = kernel;
    for (let c: i32 = 0; c < columns; c++, k += size) {
      const at = (<usize>(c >> 2)) * group + 16 * <usize>(c & 3);
      let value = times(kind, sign, k, v128.load(x + at));
      if (more) value = f64x2.add(value, v128.load(y + at));
      v128.store(y + at, value);
    }
  }
}

/** y = k x, or y + k x where there is `more`; with sign -1, the conjugate of k. Tiles as in tile.ts. */
function multiply(
  kind: i32,
  sign: f64,
  more: bool,
  n: i32,
  columns: i32,
  kernel: usize,
  row: usize,
  x: usize,
  y: usize,
): void {
  if (kind == REAL) multiplyRows(REAL, sign, more, n, columns, kernel, row, x, y);
  else if (kind == IMAGINARY) multiplyRows(IMAGINARY, sign, more, n, columns, kernel, row, x, y);
  else multiplyRows(2, sign, more, n, columns, kernel, row, x, y);
}

/**
 * The columns' half of a convolution in one visit: forward transform of every input, the sum of its products with the
 * kernels for every output, and back. `kernels` is a table of address and kind, [output][input].
 */
export function convolvePass(job: Job, scratch: usize, from: i32, to: i32): void {
  const plan = job.plan;
  const n = length(plan);
  const width = job.width;
  const group = 64 * <usize>n;
  const tiles = scratch + group;
  const tileSize = group * <usize>(width >> 2);
  const out = tiles + <usize>job.inputs * tileSize;
  for (let b = from; b < to; b++) {
    const column = b * width;
    const columns = min(width, job.lines - column);
    const at = <usize>column * 16;
    for (let i = 0; i < job.inputs; i++) {
      const tile = tiles + <usize>i * tileSize;
      fillTile(n, columns, load<usize>(job.sources + 4 * <usize>i) + at, job.stride, tile);
      for (let g = 0; g < columns; g += 4) {
        const lines = tile + <usize>(g >> 2) * group;
        complexLines(plan, scratch, lines, lines, 64, 16, 64, 16, 0, 1);
      }
    }
    for (let o = 0; o < job.outputs; o++) {
      for (let i = 0; i < job.inputs; i++) {
        const entry = job.kernels + 8 * <usize>(o * job.inputs + i);
        const kind = load<i32>(entry, 4);
        const size: usize = kind == REAL || kind == IMAGINARY ? 8 : 16;
        multiply(
          kind, job.reverse ? -1 : 1, i > 0, n, columns,
          load<usize>(entry) + <usize>column * size, <usize>job.lines * size,
          tiles + <usize>i * tileSize, out,
        );
      }
      for (let g = 0; g < columns; g += 4) {
        const lines = out + <usize>(g >> 2) * group;
        complexLines(plan, scratch, lines, lines, 64, 16, 64, 16, 1, job.scale);
      }
      emptyTile(n, columns, out, load<usize>(job.targets + 4 * <usize>o) + at, job.stride);
    }
  }
}
