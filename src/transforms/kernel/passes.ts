import { Job } from './job';
import { complexLines, length } from './lines';
import { realRows, realRowsBack } from './realRows';
import { emptyTile, fillTile } from './tile';

export const COMPLEX_LINES = 0;
export const REAL_ROWS = 1;
export const REAL_ROWS_BACK = 2;

/** Copies `lines` lines of n elements of `bytes` bytes, between places with strides of their own. */
function copyLines(
  n: i32,
  lines: i32,
  bytes: usize,
  source: usize,
  stride: usize,
  lane: usize,
  target: usize,
  targetStride: usize,
  targetLane: usize,
): void {
  for (let l = 0; l < lines; l++, source += lane, target += targetLane) {
    let s = source;
    let t = target;
    for (let i = 0; i < n; i++, s += stride, t += targetStride) {
      store<f64>(t, load<f64>(s));
      if (bytes == 16) store<f64>(t, load<f64>(s, 8), 8);
    }
  }
}

/** Blocks of `width` columns of complex numbers, through a tile. */
export function columnPass(job: Job, scratch: usize, from: i32, to: i32): void {
  const plan = job.plan;
  const n = length(plan);
  const tile = scratch + 64 * <usize>n;
  const group = 64 * <usize>n;
  const width = job.width;
  for (let b = from; b < to; b++) {
    const array = b / job.blocks;
    const block = b - array * job.blocks;
    const at = <usize>(block * width) * 16;
    const columns = min(width, job.lines - width * block);
    fillTile(n, columns, job.source + <usize>array * job.next + at, job.stride, tile);
    for (let g = 0; g < columns; g += 4) {
      const lines = tile + <usize>(g >> 2) * group;
      complexLines(plan, scratch, lines, lines, 64, 16, 64, 16, job.reverse, job.scale);
    }
    emptyTile(n, columns, tile, job.target + <usize>array * job.targetNext + at, job.targetStride);
  }
}

/**
 * Blocks `from` to `to` of a pass. `scratch` is this thread's: 64 n bytes for the line buffers and 128 n + 128 of spare
 * room, where a last block of fewer than four lines is filled up.
 */
export function linePass(job: Job, scratch: usize, from: i32, to: i32): void {
  const plan = job.plan;
  const n = length(plan);
  const spare = scratch + 64 * <usize>n;
  const half = (n >> 1) + 1;
  for (let b = from; b < to; b++) {
    const array = b / job.blocks;
    const block = b - array * job.blocks;
    const source = job.source + <usize>array * job.next + 4 * <usize>block * job.lane;
    const target = job.target + <usize>array * job.targetNext + 4 * <usize>block * job.targetLane;
    const count = min(4, job.lines - 4 * block);
    if (job.kind == COMPLEX_LINES) {
      if (count == 4) {
        complexLines(
          plan, scratch, source, target, job.stride, job.lane, job.targetStride, job.targetLane, job.reverse, job.scale,
        );
      } else {
        copyLines(n, count, 16, source, job.stride, job.lane, spare, 64, 16);
        complexLines(plan, scratch, spare, spare, 64, 16, 64, 16, job.reverse, job.scale);
        copyLines(n, count, 16, spare, 64, 16, target, job.targetStride, job.targetLane);
      }
    } else if (job.kind == REAL_ROWS) {
      if (count == 4) {
        realRows(plan, scratch, source, job.lane, target, job.targetLane);
      } else {
        const row = 8 * <usize>n;
        memory.fill(spare, 0, 4 * row);
        copyLines(n, count, 8, source, 8, job.lane, spare, 8, row);
        const out = spare + 4 * row;
        realRows(plan, scratch, spare, row, out, 16 * <usize>half);
        copyLines(half, count, 16, out, 16, 16 * <usize>half, target, 16, job.targetLane);
      }
    } else {
      if (count == 4) {
        realRowsBack(plan, scratch, spare, source, job.lane, target, job.targetLane, job.scale);
      } else {
        const row = 16 * <usize>half;
        const rows = spare + 32 * <usize>n;
        memory.fill(rows, 0, 4 * row);
        copyLines(half, count, 16, source, 16, job.lane, rows, 16, row);
        // The rows' room is free again once the line is put together, so the real rows go over it.
        realRowsBack(plan, scratch, spare, rows, row, rows, 8 * <usize>n, job.scale);
        copyLines(n, count, 8, rows, 8, 8 * <usize>n, target, 8, job.targetLane);
      }
    }
  }
}
