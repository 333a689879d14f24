import type { CompiledKernel } from './compileKernel.js';
import { checkedLength } from './lengths.js';
import type { ComplexTransform2D } from './transforms.js';
import { COLUMNS, type Job, NO_JOB, needLength, PASS, ROWS, Workspace } from './workspace.js';

/** Complex transforms by the kernel; see {@link ComplexTransform2D}. */
export function kernelComplexTransform(
  kernel: CompiledKernel,
  ny: number,
  nx: number,
  batch: number,
): ComplexTransform2D {
  checkedLength(ny);
  checkedLength(nx);
  const length = 2 * ny * nx * batch;
  const space = new Workspace(kernel, [...new Set([nx, ny])], 8 * length, 1);
  const { f64 } = space;
  const row = 16 * nx;
  const job: Job = { ...NO_JOB };

  const transform = (data: Float64Array, out: Float64Array, reverse: number, scale: number) => {
    needLength(data, length);
    needLength(out, length);
    const stage = space.workArray(0);
    const place = space.address(out);
    const target = place < 0 ? stage : place;
    let source = space.address(data);
    if (source < 0 || (nx === 1 && source !== target)) {
      f64.set(data.length === length ? data : data.subarray(0, length), target / 8);
      source = target;
    }
    if (nx > 1) {
      Object.assign(job, { kind: PASS.complexLines, plan: space.plan(nx), source, target, reverse, scale });
      Object.assign(job, { lines: ny * batch, stride: 16, lane: row, targetStride: 16, targetLane: row, width: ROWS });
      space.pass(job, 1, ROWS, nx);
    }
    if (ny > 1) {
      Object.assign(job, {
        kind: PASS.complexLines,
        plan: space.plan(ny),
        source: target,
        target,
        reverse,
        width: COLUMNS,
      });
      Object.assign(job, {
        lines: nx,
        stride: row,
        lane: 16,
        targetStride: row,
        targetLane: 16,
        next: ny * row,
        targetNext: ny * row,
      });
      job.scale = nx > 1 ? 1 : scale;
      space.pass(job, batch, COLUMNS, ny);
    }
    if (place < 0) out.set(f64.subarray(stage / 8, stage / 8 + length));
  };

  return {
    ny,
    nx,
    batch,
    allocate: length => space.allocate(length),
    free: () => space.free(),
    forward: (data, out = data) => transform(data, out, 0, 1),
    inverse: (data, out = data) => transform(data, out, 1, 1 / (nx * ny)),
  };
}
