import type { CompiledKernel } from './compileKernel.js';
import { convolveInParts } from './convolveInParts.js';
import { checkedLength } from './lengths.js';
import { sampleInParts, spreadInParts } from './pointsInParts.js';
import { projectInParts, shrinkInParts } from './splitInParts.js';
import type { ConvolveOptions, Kernel, NodePoints, RealTransform2D, Signal } from './transforms.js';
import { COLUMNS, type Job, NO_JOB, needLength, PASS, ROWS, WORK_ARRAYS, Workspace } from './workspace.js';

const KERNEL_KIND = { real: 0, imaginary: 1, complex: 2 };

/** Columns in a block of a convolution, whose tiles stay in the second cache. */
const TILE = COLUMNS / 2;

/** Points in a block of an interpolation, and the nodes of each. */
const POINTS = 256;
const NODES = 64;

/** Responses of a projection that the table of a job has room for. */
const MOST_RESPONSES = 16;

/** Real transforms by the kernel; see {@link RealTransform2D}. */
export function kernelRealTransform(kernel: CompiledKernel, ny: number, nx: number, batch: number): RealTransform2D {
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
    Object.assign(job, { kind: PASS.realRows, plan: space.plan(nx), source, lane, target, targetLane: row });
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
      kind: PASS.realRowsBack,
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
      kind: PASS.complexLines,
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
    inputs: readonly Signal[],
    kernels: readonly (readonly Kernel[])[],
    outputs: readonly Signal[],
    options: ConvolveOptions = {},
  ) => {
    const spectra = [...inputs, ...outputs].flatMap(signal => ('spectrum' in signal ? [signal.spectrum] : []));
    const placed = [...spectra, ...kernels.flat().map(k => k.values)].every(array => space.address(array) >= 0);
    if (!placed || batch > 1 || Math.max(inputs.length, outputs.length) > WORK_ARRAYS) {
      convolveInParts(transform, inputs, kernels, outputs, options);
      return;
    }
    const { rowsIn = ny, rowsOut = ny, conjugate = false } = options;
    for (const spectrum of spectra) needLength(spectrum, spectrumLength);
    inputs.forEach((input, i) => {
      if ('spectrum' in input) return;
      needLength(input, rowsIn * nx);
      rowsForward(input, rowsIn, space.workArray(i), space.workArray(i));
    });
    const entry = (signal: Signal, i: number) =>
      'spectrum' in signal ? [space.address(signal.spectrum), 1] : [space.workArray(i), 0];
    space.setTables(
      inputs.flatMap(entry),
      outputs.flatMap(entry),
      kernels.flatMap(line => line.flatMap(k => [space.address(k.values), KERNEL_KIND[k.kind]])),
    );
    Object.assign(job, {
      kind: PASS.convolve,
      plan: space.plan(ny),
      reverse: conjugate ? 1 : 0,
      scale: 1,
      width: TILE,
    });
    job.lines = columns;
    job.stride = row;
    job.inputs = inputs.length;
    job.outputs = outputs.length;
    space.pass(job, 1, TILE, ny * (inputs.length + outputs.length));
    outputs.forEach((output, o) => {
      if ('spectrum' in output) return;
      needLength(output, rowsOut * nx);
      rowsBack(space.workArray(o), output, rowsOut, space.workArray(o));
    });
  };

  const project: RealTransform2D['project'] = (spectra, responses, inverse, psi) => {
    needLength(spectra, (responses.length * spectrumLength) / batch);
    needLength(inverse, ny * columns);
    if (psi) needLength(psi, 2 * ny * columns);
    const arrays = [spectra, inverse, ...(psi ? [psi] : []), ...responses.map(({ values }) => values)];
    if (responses.length > MOST_RESPONSES || arrays.some(array => space.address(array) < 0)) {
      projectInParts(transform, spectra, responses, inverse, psi);
      return;
    }
    space.setResponses(
      responses.map(({ kind, values, weight }) => ({
        address: space.address(values),
        kind: KERNEL_KIND[kind],
        weight,
      })),
    );
    Object.assign(job, { kind: PASS.project, source: space.address(spectra), target: psi ? space.address(psi) : 0 });
    Object.assign(job, { lines: ny, width: ROWS, inputs: responses.length, outputs: columns, next: ny * row });
    job.table = space.address(inverse);
    space.pass(job, 1, ROWS, columns * responses.length);
  };

  const shrink: RealTransform2D['shrink'] = (given, dual, count, threshold) => {
    needLength(given, count * ny * nx);
    needLength(dual, count * ny * nx);
    const [source, target] = [space.address(given), space.address(dual)];
    if (source < 0 || target < 0) {
      shrinkInParts(ny * nx, given, dual, count, threshold);
      return;
    }
    Object.assign(job, { kind: PASS.shrink, source, target, lines: ny, width: ROWS, inputs: count, outputs: nx });
    job.next = job.targetNext = 8 * ny * nx;
    job.scale = threshold;
    space.pass(job, 1, ROWS, nx * count);
  };

  /** Whether the kernel did it: where an array stands elsewhere it cannot. @param width points in a block */
  const overPoints = (
    kind: number,
    real: Float64Array,
    { base, weightsX, weightsY }: NodePoints,
    values: Float64Array,
    width: number,
  ): boolean => {
    const [source, target, next, table] = [real, values, weightsY, weightsX].map(array => space.address(array));
    const targetNext = space.address(base);
    if (Math.min(source, target, next, table, targetNext) < 0) return false;
    Object.assign(job, { kind, source, target, table, next, targetNext, lines: base.length, width, lane: 8 * nx });
    space.pass(job, 1, width, NODES);
    return true;
  };

  const sample: RealTransform2D['sample'] = (real, points, values) => {
    needLength(values, points.base.length);
    if (!overPoints(PASS.sample, real, points, values, POINTS)) sampleInParts(nx, real, points, values);
  };

  const spread: RealTransform2D['spread'] = (values, points, real) => {
    needLength(values, points.base.length);
    if (!overPoints(PASS.spread, real, points, values, Math.max(1, points.base.length))) {
      spreadInParts(nx, values, points, real);
    }
  };

  const allocate = (length: number) => space.allocate(length);
  const free = () => space.free();
  const transform = {
    ny,
    nx,
    batch,
    columns,
    spectrumLength,
    allocate,
    free,
    forward,
    inverse,
    convolve,
    project,
    shrink,
    sample,
    spread,
  };
  return transform;
}
