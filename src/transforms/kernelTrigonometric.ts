import type { CompiledKernel } from './compileKernel.js';
import { type Trigonometric, type TrigonometricTransform2D, trigonometricPeriod } from './transforms.js';
import { COLUMNS, type Job, NO_JOB, needLength, PASS, ROWS, Workspace } from './workspace.js';

const FORWARD_TYPE = { cosine1: 0, sine1: 1, cosine2: 2, sine2: 3 };
const INVERSE_TYPE = { cosine1: 0, sine1: 1, cosine2: 4, sine2: 5 };

/** Sine and cosine transforms by the kernel; see {@link TrigonometricTransform2D}. */
export function kernelTrigonometricTransform(
  kernel: CompiledKernel,
  ny: number,
  nx: number,
  alongY: Trigonometric,
  alongX: Trigonometric,
  batch: number,
): TrigonometricTransform2D {
  /** The complex transform behind a line: of the whole period for type I, of the folded line for type II. */
  const inner = (kind: Trigonometric, n: number) => (kind.endsWith('1') ? trigonometricPeriod(kind, n) : n);
  const innerY = inner(alongY, ny);
  const innerX = inner(alongX, nx);
  const length = ny * nx * batch;
  const space = new Workspace(kernel, [...new Set([innerY, innerX])], 8 * length, 1);
  const { f64 } = space;
  const tableY = alongY.endsWith('2') ? space.quarterTurn(ny) : 0;
  const tableX = alongX.endsWith('2') ? space.quarterTurn(nx) : 0;
  const job: Job = { ...NO_JOB, kind: PASS.trigonometric };

  const transform = (data: Float64Array, types: Record<Trigonometric, number>, scaleY: number, scaleX: number) => {
    needLength(data, length);
    const place = space.address(data);
    const source = place < 0 ? space.workArray(0) : place;
    if (place < 0) f64.set(data.length === length ? data : data.subarray(0, length), source / 8);
    Object.assign(job, { plan: space.plan(innerX), source, table: tableX, outputs: types[alongX], inputs: nx });
    Object.assign(job, { lines: ny * batch, stride: 8, lane: 8 * nx, next: 0, scale: scaleX, width: ROWS });
    space.pass(job, 1, ROWS, innerX);
    Object.assign(job, { plan: space.plan(innerY), source, table: tableY, outputs: types[alongY], inputs: ny });
    Object.assign(job, { lines: nx, stride: 8 * nx, lane: 8, next: 8 * nx * ny, scale: scaleY, width: COLUMNS });
    space.pass(job, batch, COLUMNS, innerY);
    if (place < 0) data.set(f64.subarray(source / 8, source / 8 + length));
  };

  const inverseY = 1 / trigonometricPeriod(alongY, ny);
  const inverseX = 1 / trigonometricPeriod(alongX, nx);
  return {
    ny,
    nx,
    batch,
    alongY,
    alongX,
    allocate: length => space.allocate(length),
    free: () => space.free(),
    forward: data => transform(data, FORWARD_TYPE, 1, 1),
    inverse: data => transform(data, INVERSE_TYPE, inverseY, inverseX),
  };
}
