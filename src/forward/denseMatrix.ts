import { type ForwardOptions, resolveKernel, type Sheet } from './convolutionPlan.js';
import { checkLattice, latticeSize } from './lattice.js';
import { type LinearOperator, requireLength } from './linearOperator.js';
import { type NodeKernel, nodeField } from './nodeKernel.js';
import { checkReadings, type Footprint, POINT_SENSOR, type Readings } from './readings.js';

/** An operator that holds its matrix. */
export interface DenseOperator extends LinearOperator {
  /** rows x columns, `[reading][node]`, T per A. */
  readonly matrix: Float64Array;
}

/**
 * The operator of `convolutionOperator` without transform and interpolation: `nodeField` between every reading and every
 * node, averaged over the footprint. Exact; the reference for tests and the faster way for small problems.
 * @throws {InputError} for a lattice or readings that are not usable.
 */
export function denseMatrix(sheet: Sheet, readings: Readings, options: ForwardOptions = {}): DenseOperator {
  const { lattice } = sheet;
  checkLattice(lattice);
  const rows = checkReadings(readings);
  const columns = latticeSize(lattice);
  const { footprint = POINT_SENSOR } = options;
  const kernel = resolveKernel(sheet, readings, options);
  const matrix = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) addRow(sheet, readings, kernel, footprint, i, matrix, i * columns);
  return {
    rows,
    columns,
    matrix,
    apply(x, out) {
      requireLength(x, columns, 'the stream function');
      requireLength(out, rows, 'the output');
      for (let i = 0; i < rows; i++) out[i] = rowProduct(matrix, i * columns, x);
    },
    applyTranspose(y, out) {
      requireLength(y, rows, 'the residual');
      requireLength(out, columns, 'the output');
      out.fill(0);
      for (let i = 0, at = 0; i < rows; i++) {
        const value = y[i];
        for (let j = 0; j < columns; j++, at++) out[j] += value * matrix[at];
      }
    },
  };
}

/**
 * The readings (T) of one psi by direct summation, without holding the matrix: the reference at any size.
 * @param out one value per reading, overwritten
 */
export function directReadings(
  sheet: Sheet,
  readings: Readings,
  psi: Float64Array,
  out: Float64Array,
  options: ForwardOptions = {},
): void {
  const columns = latticeSize(sheet.lattice);
  requireLength(psi, columns, 'the stream function');
  requireLength(out, checkReadings(readings), 'the output');
  const { footprint = POINT_SENSOR } = options;
  const kernel = resolveKernel(sheet, readings, options);
  const row = new Float64Array(columns);
  for (let i = 0; i < out.length; i++) {
    row.fill(0);
    addRow(sheet, readings, kernel, footprint, i, row, 0);
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += row[j] * psi[j];
    out[i] = sum;
  }
}

/** Adds the weights of all nodes in reading i to `out[at ...]`. */
function addRow(
  { lattice, z0 }: Sheet,
  readings: Readings,
  kernel: NodeKernel,
  footprint: Footprint,
  i: number,
  out: Float64Array,
  at: number,
): void {
  const b = new Float64Array(3);
  for (let q = 0; q < footprint.weight.length; q++) {
    const weight = footprint.weight[q];
    const x = readings.x[i] + footprint.dx[q] - lattice.x0;
    const y = readings.y[i] + footprint.dy[q] - lattice.y0;
    const z = readings.z[i] + footprint.dz[q] - z0;
    for (let iy = 0, j = at; iy < lattice.ny; iy++) {
      for (let ix = 0; ix < lattice.nx; ix++, j++) {
        nodeField(kernel, lattice.pitch, x - ix * lattice.pitch, y - iy * lattice.pitch, z, b, 0);
        out[j] += weight * (readings.nx[i] * b[0] + readings.ny[i] * b[1] + readings.nz[i] * b[2]);
      }
    }
  }
}

/** The product of the row at `at` with x, in four sums, which run side by side. */
function rowProduct(matrix: Float64Array, at: number, x: Float64Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let j = 0;
  for (const end = x.length - 3; j < end; j += 4) {
    a += matrix[at + j] * x[j];
    b += matrix[at + j + 1] * x[j + 1];
    c += matrix[at + j + 2] * x[j + 2];
    d += matrix[at + j + 3] * x[j + 3];
  }
  for (; j < x.length; j++) a += matrix[at + j] * x[j];
  return a + b + (c + d);
}
