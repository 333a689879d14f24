import { UsageError } from '../errors.js';
import { convolveInParts } from './convolveInParts.js';
import { checkedLength } from './lengths.js';
import {
  type ComplexTransform2D,
  type ConvolveOptions,
  type Kernel,
  type RealTransform2D,
  type Trigonometric,
  type TrigonometricTransform2D,
  trigonometricPeriod,
} from './transforms.js';
import { type Job, NO_JOB, type transformKernel, WORK_ARRAYS, Workspace } from './workspace.js';

/** Kinds of passes, as kernel/index.ts and kernel/passes.ts number them. */
const COMPLEX_LINES = 0;
const REAL_ROWS = 1;
const REAL_ROWS_BACK = 2;
const CONVOLVE = 3;
const TRIGONOMETRIC = 4;

const FORWARD_TYPE = { cosine1: 0, sine1: 1, cosine2: 2, sine2: 3 };
const INVERSE_TYPE = { cosine1: 0, sine1: 1, cosine2: 4, sine2: 5 };
const KERNEL_KIND = { real: 0, imaginary: 1, complex: 2 };

/** Rows in a block, and columns: 256 bytes of a row at a visit. */
const ROWS = 4;
const COLUMNS = 16;

type Compiled = NonNullable<ReturnType<typeof transformKernel>>;

/** @throws {UsageError} if the array is shorter than what a transform reads or writes. */
export function needLength(array: Float64Array, length: number): void {
  if (array.length < length)
    throw new UsageError(`an array of ${array.length} numbers where a transform needs ${length}`);
}

/** Real transforms by the kernel; see {@link RealTransform2D}. */
export function kernelRealTransform(kernel: Compiled, ny: number, nx: number, batch: number): RealTransform2D {
  checkedLength(ny);
  checkedLength(nx);
  const columns = Math.floor(nx / 2) + 1;
  const spectrumLength = 2 * ny * columns * batch;
  const row = 16 * columns;
  const space = new Workspace(kernel, [...new Set([nx, ny])], 8 * spectrumLength, batch === 1 ? WORK_ARRAYS : 1);
  const { f64 } = space;
  const scale = 1 / (nx * ny);
  const job: Job = { ...NO_JOB };

  /** Real rows into the spectrum's rows at `target`; the rows that were not given become zero. */
  const rowsForward = (real: Float64Array, rows: number, target: number, stage: number) => {
    let source = space.address(real);
    let lane = 8 * nx;
    if (source < 0) {
      for (let a = 0; a < batch; a++) {
        for (let iy = 0; iy < rows; iy++) {
          const from = (a * ny + iy) * nx;
          f64.set(real.subarray(from, from + nx), (stage + (a * ny + iy) * row) / 8);
        }
      }
      source = stage;
      lane = row;
    }
    Object.assign(job, { kind: REAL_ROWS, plan: space.plan(nx), source, lane, target, targetLane: row });
    job.lines = rows;
    job.next = ny * lane;
    job.targetNext = ny * row;
    space.pass(job, batch, ROWS, nx);
    if (rows < ny) {
      for (let a = 0; a < batch; a++)
        f64.fill(0, (target + (a * ny + rows) * row) / 8, (target + (a + 1) * ny * row) / 8);
    }
  };

  /** The spectrum's rows at `source` to real rows; `source` may be overwritten. */
  const rowsBack = (source: number, real: Float64Array, rows: number, stage: number) => {
    const place = space.address(real);
    const lane = place < 0 ? row : 8 * nx;
    const target = place < 0 ? stage : place;
    Object.assign(job, {
      kind: REAL_ROWS_BACK,
      plan: space.plan(nx),
      source,
      lane: row,
      target,
      targetLane: lane,
      scale,
    });
    job.lines = rows;
    job.next = ny * row;
    job.targetNext = ny * lane;
    space.pass(job, batch, ROWS, nx);
    if (place >= 0) return;
    for (let a = 0; a < batch; a++) {
      for (let iy = 0; iy < rows; iy++) {
        const from = (stage + (a * ny + iy) * row) / 8;
        real.set(f64.subarray(from, from + nx), (a * ny + iy) * nx);
      }
    }
  };

  const columnPass = (source: number, target: number, reverse: number) => {
    Object.assign(job, {
      kind: COMPLEX_LINES,
      plan: space.plan(ny),
      source,
      target,
      reverse,
      scale: 1,
      width: COLUMNS,
    });
    job.lines = columns;
    job.stride = row;
    job.lane = 16;
    job.targetStride = row;
    job.targetLane = 16;
    job.next = ny * row;
    job.targetNext = ny * row;
    space.pass(job, batch, COLUMNS, ny);
  };

  const forward = (real: Float64Array, spectrum: Float64Array, rows = ny) => {
    needLength(real, ((batch - 1) * ny + rows) * nx);
    needLength(spectrum, spectrumLength);
    const stage = space.workArray(0);
    const place = space.address(spectrum);
    const target = place < 0 ? stage : place;
    rowsForward(real, rows, target, stage);
    if (ny > 1) columnPass(target, target, 0);
    if (place < 0) spectrum.set(f64.subarray(stage / 8, stage / 8 + spectrumLength));
  };

  const inverse = (spectrum: Float64Array, real: Float64Array, rows = ny, overwrite = false) => {
    needLength(spectrum, spectrumLength);
    needLength(real, ((batch - 1) * ny + rows) * nx);
    const stage = space.workArray(0);
    let source = space.address(spectrum);
    if (source < 0) {
      f64.set(spectrum.length === spectrumLength ? spectrum : spectrum.subarray(0, spectrumLength), stage / 8);
      source = stage;
    }
    if (ny > 1) {
      const target = overwrite ? source : stage;
      columnPass(source, target, 1);
      source = target;
    }
    rowsBack(source, real, rows, stage);
  };

  const convolve = (
    inputs: readonly Float64Array[],
    kernels: readonly (readonly Kernel[])[],
    outputs: readonly Float64Array[],
    options: ConvolveOptions = {},
  ) => {
    const placed = kernels.every(line => line.every(k => space.address(k.values) >= 0));
    if (!placed || batch > 1 || Math.max(inputs.length, outputs.length) > WORK_ARRAYS) {
      convolveInParts(transform, inputs, kernels, outputs, options);
      return;
    }
    const { rowsIn = ny, rowsOut = ny, conjugate = false } = options;
    inputs.forEach((input, i) => {
      needLength(input, rowsIn * nx);
      rowsForward(input, rowsIn, space.workArray(i), space.workArray(i));
    });
    space.setTables(
      inputs.map((_, i) => space.workArray(i)),
      outputs.map((_, o) => space.workArray(o)),
      kernels.flatMap(line => line.flatMap(k => [space.address(k.values), KERNEL_KIND[k.kind]])),
    );
    Object.assign(job, { kind: CONVOLVE, plan: space.plan(ny), reverse: conjugate ? 1 : 0, scale: 1, width: COLUMNS });
    job.lines = columns;
    job.stride = row;
    job.inputs = inputs.length;
    job.outputs = outputs.length;
    space.pass(job, 1, COLUMNS, ny * (inputs.length + outputs.length));
    outputs.forEach((output, o) => {
      needLength(output, rowsOut * nx);
      rowsBack(space.workArray(o), output, rowsOut, space.workArray(o));
    });
  };

  const allocate = (length: number) => space.allocate(length);
  const transform = { ny, nx, batch, columns, spectrumLength, allocate, forward, inverse, convolve };
  return transform;
}

/** Complex transforms by the kernel; see {@link ComplexTransform2D}. */
export function kernelComplexTransform(kernel: Compiled, ny: number, nx: number, batch: number): ComplexTransform2D {
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
      Object.assign(job, { kind: COMPLEX_LINES, plan: space.plan(nx), source, target, reverse, scale });
      Object.assign(job, { lines: ny * batch, stride: 16, lane: row, targetStride: 16, targetLane: row, width: ROWS });
      space.pass(job, 1, ROWS, nx);
    }
    if (ny > 1) {
      Object.assign(job, {
        kind: COMPLEX_LINES,
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
    forward: (data, out = data) => transform(data, out, 0, 1),
    inverse: (data, out = data) => transform(data, out, 1, 1 / (nx * ny)),
  };
}

/** Sine and cosine transforms by the kernel; see {@link TrigonometricTransform2D}. */
export function kernelTrigonometricTransform(
  kernel: Compiled,
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
  const job: Job = { ...NO_JOB, kind: TRIGONOMETRIC };

  const transform = (data: Float64Array, types: Record<Trigonometric, number>, scaleY: number, scaleX: number) => {
    needLength(data, length);
    const place = space.address(data);
    const source = place < 0 ? space.workArray(0) : place;
    if (place < 0) f64.set(data.length === length ? data : data.subarray(0, length), source / 8);
    Object.assign(job, { plan: space.plan(innerX), source, table: tableX, outputs: types[alongX], inputs: nx });
    Object.assign(job, { lines: ny * batch, stride: 8, lane: 8 * nx, next: 0, scale: scaleX });
    space.pass(job, 1, ROWS, innerX);
    Object.assign(job, { plan: space.plan(innerY), source, table: tableY, outputs: types[alongY], inputs: ny });
    Object.assign(job, { lines: nx, stride: 8 * nx, lane: 8, next: 8 * nx * ny, scale: scaleY });
    space.pass(job, batch, ROWS, innerY);
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
    forward: data => transform(data, FORWARD_TYPE, 1, 1),
    inverse: data => transform(data, INVERSE_TYPE, inverseY, inverseX),
  };
}
