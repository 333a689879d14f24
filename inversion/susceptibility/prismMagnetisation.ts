import { type Prism, prismKernel, type Vector3 } from '../../src/biotSavart/index.js';
import { MU0 } from '../../src/constants.js';
import { InputError, NumericalError } from '../../src/errors.js';
import { type Footprint, POINT_SENSOR, type Readings } from '../../src/forward/index.js';
import { checkReadings } from '../../src/forward/readings.js';
import { denseWorkspace } from '../../src/linearAlgebra/index.js';

export interface MagnetisationOptions {
  /** Over which every sensor averages. Default: a point. */
  readonly footprint?: Footprint;
  /** Number of the sensor or face of each reading, from 0: each has a constant of its own. Default: none is fitted. */
  readonly offsetOf?: Int32Array;
}

export interface PrismMagnetisations {
  /** One per prism, A/m. */
  readonly magnetisations: readonly Vector3[];
  /** Standard errors from the residual, for readings that err each by themselves. */
  readonly errors: readonly Vector3[];
  readonly offsets: Float64Array;
  /** Readings minus model, T. */
  readonly residual: Float64Array;
}

/**
 * The magnetisations of known prisms from the field around them, by least squares: three components each, all directions.
 * @param readings outside the prisms @param value T
 * @throws {NumericalError} where the readings do not determine them
 */
export function prismMagnetisations(
  readings: Readings,
  value: Float64Array,
  prisms: readonly Prism[],
  options: MagnetisationOptions = {},
): PrismMagnetisations {
  const count = checkReadings(readings);
  if (value.length !== count) throw new InputError(`${value.length} values for ${count} readings`);
  const { footprint = POINT_SENSOR, offsetOf } = options;
  const offsets = offsetOf === undefined ? 0 : offsetOf.reduce((most, k) => Math.max(most, k + 1), 0);
  const n = 3 * prisms.length + offsets;
  const matrix = magnetisationRows(readings, prisms, footprint, n);
  if (offsetOf !== undefined) for (let r = 0; r < count; r++) matrix[r * n + 3 * prisms.length + offsetOf[r]] = 1;
  // Columns of like size, for the conditioning.
  const scale = columnNorms(matrix, n);
  for (let r = 0; r < count; r++) for (let k = 0; k < n; k++) matrix[r * n + k] /= scale[k];

  const dense = denseWorkspace(8 * n * (n + 8) * 4);
  const form = new Float64Array(n * n);
  const solution = new Float64Array(n);
  dense.addGram(matrix, count, n, form);
  dense.timesTransposed(matrix, count, n, value, solution);
  try {
    dense.cholesky(form, n);
  } catch (cause) {
    throw new NumericalError('the readings do not determine the magnetisations', {
      advice: 'measure on more faces, or with more components',
      cause,
    });
  }
  dense.solveCholesky(form, n, solution, 1);
  const residual = new Float64Array(count);
  dense.times(matrix, count, n, solution, residual);
  for (let r = 0; r < count; r++) residual[r] = value[r] - residual[r];
  const variance = residual.reduce((sum, v) => sum + v * v, 0) / Math.max(1, count - n);
  const diagonal = dense.inverseDiagonal(form, n);
  const at = (k: number) => solution[k] / scale[k];
  const error = (k: number) => Math.sqrt(variance * diagonal[k]) / scale[k];
  return {
    magnetisations: prisms.map((_, p): Vector3 => [at(3 * p), at(3 * p + 1), at(3 * p + 2)]),
    errors: prisms.map((_, p): Vector3 => [error(3 * p), error(3 * p + 1), error(3 * p + 2)]),
    offsets: Float64Array.from({ length: offsets }, (_, k) => at(3 * prisms.length + k)),
    residual,
  };
}

/** Field of every component of every prism at the readings, T per A/m. */
function magnetisationRows(
  readings: Readings,
  prisms: readonly Prism[],
  footprint: Footprint,
  n: number,
): Float64Array {
  const { x, y, z, nx, ny, nz } = readings;
  const out = new Float64Array(x.length * n);
  const tensor = new Float64Array(6);
  for (let r = 0; r < x.length; r++) {
    for (let q = 0; q < footprint.weight.length; q++) {
      const weight = (MU0 / (4 * Math.PI)) * footprint.weight[q];
      prisms.forEach(({ centre, sides }, p) => {
        prismKernel(
          x[r] + footprint.dx[q] - centre[0],
          y[r] + footprint.dy[q] - centre[1],
          z[r] + footprint.dz[q] - centre[2],
          sides[0] / 2,
          sides[1] / 2,
          sides[2] / 2,
          tensor,
          0,
        );
        const [xx, yy, zz, xy, xz, yz] = tensor;
        const at = r * n + 3 * p;
        out[at] += weight * (xx * nx[r] + xy * ny[r] + xz * nz[r]);
        out[at + 1] += weight * (xy * nx[r] + yy * ny[r] + yz * nz[r]);
        out[at + 2] += weight * (xz * nx[r] + yz * ny[r] + zz * nz[r]);
      });
    }
  }
  return out;
}

function columnNorms(matrix: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < matrix.length; i++) out[i % n] += matrix[i] ** 2;
  return out.map(v => Math.sqrt(v) || 1);
}
