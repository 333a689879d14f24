import { Job } from './job';
import { complexLines } from './lines';
import { length } from './plan';

/** What a kernel holds per point of the half spectrum: a real number, one that stands for i times itself, or both parts. */
export const REAL = 0;
export const IMAGINARY = 1;

// @ts-ignore: decorator
@inline
export function times(kind: i32, sign: f64, k: usize, x: v128): v128 {
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
  kind: i32, sign: f64, more: bool, n: i32, columns: i32,
  kernel: usize, row: usize, x: usize, xRow: usize, y: usize, yRow: usize,
): void {
  const size: usize = kind == REAL || kind == IMAGINARY ? 8 : 16;
  for (let i = 0; i < n; i++, kernel += row, x += xRow, y += yRow) {
    let k = kernel;
    let from = x;
    let to = y;
    for (let c = 0; c < columns; c++, k += size, from += 16, to += 16) {
      let value = times(kind, sign, k, v128.load(from));
      if (more) value = f64x2.add(value, v128.load(to));
      v128.store(to, value);
    }
  }
}

/** y = k x, or y + k x where there is `more`; with sign -1, the conjugate of k. n x columns numbers, their rows so far apart. */
function multiply(
  kind: i32, sign: f64, more: bool, n: i32, columns: i32,
  kernel: usize, row: usize, x: usize, xRow: usize, y: usize, yRow: usize,
): void {
  if (kind == REAL) multiplyRows(REAL, sign, more, n, columns, kernel, row, x, xRow, y, yRow);
  else if (kind == IMAGINARY) multiplyRows(IMAGINARY, sign, more, n, columns, kernel, row, x, xRow, y, yRow);
  else multiplyRows(2, sign, more, n, columns, kernel, row, x, xRow, y, yRow);
}

/** Entry i of a table of arrays: where columns from `at` bytes on begin, and whether it is a spectrum already. */
// @ts-ignore: decorator
@inline
function arrayAt(table: usize, i: usize, at: usize): usize {
  return load<usize>(table + 8 * i) + at;
}

// @ts-ignore: decorator
@inline
function isSpectrum(table: usize, i: usize): bool {
  return load<i32>(table + 8 * i, 4) != 0;
}

/**
 * The columns' half of a convolution in one visit: forward transform of every input into a tile, the sum of its products
 * with the kernels for every output, and back; spectra are read and written where they stand. `kernels` is a table of address
 * and kind, [output][input]. `scratch` holds the line buffers of a block, then a tile of 16 n bytes for every column, for each
 * input and for one output.
 */
export function convolvePass(job: Job, scratch: usize, from: i32, to: i32): void {
  const plan = job.plan;
  const n = length(plan);
  const width = job.width;
  const size = 16 * <usize>n * <usize>(width + (width & 1));
  const tiles = scratch + size + 96 * <usize>width;
  const out = tiles + <usize>job.inputs * size;
  for (let b = from; b < to; b++) {
    const column = b * width;
    const columns = min(width, job.lines - column);
    const at = <usize>column * 16;
    const line = 16 * <usize>columns;
    for (let i: usize = 0; i < <usize>job.inputs; i++) {
      if (isSpectrum(job.sources, i)) continue;
      const source = arrayAt(job.sources, i, at);
      complexLines(plan, scratch, columns, source, job.stride, 16, tiles + i * size, line, 16, 0, 1);
    }
    for (let o: usize = 0; o < <usize>job.outputs; o++) {
      const target = arrayAt(job.targets, o, at);
      const direct = isSpectrum(job.targets, o);
      for (let i: usize = 0; i < <usize>job.inputs; i++) {
        const entry = job.kernels + 8 * (o * <usize>job.inputs + i);
        const kind = load<i32>(entry, 4);
        const bytes: usize = kind == REAL || kind == IMAGINARY ? 8 : 16;
        const given = isSpectrum(job.sources, i);
        multiply(
          kind, job.reverse ? -1 : 1, i > 0, n, columns,
          load<usize>(entry) + <usize>column * bytes, <usize>job.lines * bytes,
          given ? arrayAt(job.sources, i, at) : tiles + i * size, given ? job.stride : line,
          direct ? target : out, direct ? job.stride : line,
        );
      }
      if (!direct) complexLines(plan, scratch, columns, out, line, 16, target, job.stride, 16, 1, job.scale);
    }
  }
}
