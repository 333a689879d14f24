import { Job } from './job';
import { complexLines } from './lines';
import { length } from './plan';
import { realRows, realRowsBack } from './realRows';

export const COMPLEX_LINES = 0;
export const REAL_ROWS = 1;
export const REAL_ROWS_BACK = 2;

/**
 * Blocks of `width` complex lines: rows, or columns. Of columns, a visit of a row serves a whole block: for long strides it
 * is the page tables that cost, not the bytes. `scratch` holds 16 n bytes for every line of a block.
 */
function complexPass(job: Job, scratch: usize, from: i32, to: i32): void {
  const width = job.width;
  for (let b = from; b < to; b++) {
    const array = b / job.blocks;
    const first = (b - array * job.blocks) * width;
    const source = job.source + <usize>array * job.next + <usize>first * job.lane;
    const target = job.target + <usize>array * job.targetNext + <usize>first * job.targetLane;
    complexLines(
      job.plan, scratch, min(width, job.lines - first),
      source, job.stride, job.lane, target, job.targetStride, job.targetLane, job.reverse, job.scale,
    );
  }
}

/** Copies lines of `bytes` bytes, a multiple of eight. */
function copyLines(lines: i32, bytes: usize, source: usize, lane: usize, target: usize, targetLane: usize): void {
  for (let l = 0; l < lines; l++, source += lane, target += targetLane) memory.copy(target, source, bytes);
}

/**
 * Blocks of four real rows. `scratch` holds 32 n bytes for the line buffer and 96 n + 128 of spare room, where a last
 * block of fewer rows is filled up.
 */
function realPass(job: Job, scratch: usize, from: i32, to: i32): void {
  const plan = job.plan;
  const n = <usize>length(plan);
  const row = 8 * n;
  const half = 16 * ((n >> 1) + 1);
  const spare = scratch + n * 32;
  for (let b = from; b < to; b++) {
    const array = b / job.blocks;
    const first = 4 * (b - array * job.blocks);
    const source = job.source + <usize>array * job.next + <usize>first * job.lane;
    const target = job.target + <usize>array * job.targetNext + <usize>first * job.targetLane;
    const count = job.lines - first;
    if (job.kind == REAL_ROWS) {
      if (count >= 4) {
        realRows(plan, scratch, source, job.lane, target, job.targetLane);
        continue;
      }
      const out = spare + 4 * row;
      memory.fill(spare, 0, 4 * row);
      copyLines(count, row, source, job.lane, spare, row);
      realRows(plan, scratch, spare, row, out, half);
      copyLines(count, half, out, half, target, job.targetLane);
    } else {
      if (count >= 4) {
        realRowsBack(plan, scratch, spare, source, job.lane, target, job.targetLane, job.scale);
        continue;
      }
      // Of the spare room, 32 n bytes are used to put the lines together; the rows in and out follow.
      const rows = spare + n * 32;
      memory.fill(rows, 0, 4 * half);
      copyLines(count, half, source, job.lane, rows, half);
      realRowsBack(plan, scratch, spare, rows, half, rows, row, job.scale);
      copyLines(count, row, rows, row, target, job.targetLane);
    }
  }
}

/** Blocks `from` to `to` of a pass over lines. */
export function linePass(job: Job, scratch: usize, from: i32, to: i32): void {
  if (job.kind == COMPLEX_LINES) complexPass(job, scratch, from, to);
  else realPass(job, scratch, from, to);
}
