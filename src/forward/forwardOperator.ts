import { realTransform2D } from '../transforms/index.js';
import { convolutionOperator } from './convolutionOperator.js';
import { type ConvolutionPlan, convolutionPlan, type ForwardOptions, type Sheet } from './convolutionPlan.js';
import { denseMatrix } from './denseMatrix.js';
import { latticeSize } from './lattice.js';
import type { LinearOperator } from './linearOperator.js';
import { planeCount } from './planes.js';
import { POINT_SENSOR, type Readings } from './readings.js';

/** What an operator takes: floating-point operations before the first use and per application, bytes that it holds. */
export interface OperatorCost {
  readonly setupFlops: number;
  readonly applyFlops: number;
  readonly bytes: number;
}

/** Operations per node and reading to evaluate a kernel (square root and division included). */
const KERNEL_FLOPS = 40;
/**
 * A transform of N real numbers takes as long as this times N log2 N operations of a matrix product, measured with
 * fft.js; the matrix product, which reads 4 bytes per operation, is the slower per operation.
 */
const TRANSFORM_FLOPS = 1.7;
/** The kernels' spline filter, along both axes, over a quarter of the array. */
const FILTER_FLOPS = 2 * 12;
/** Above this a matrix is not held, whatever it would save. */
const MOST_DENSE_BYTES = 256 * 2 ** 20;

/** Cost of `denseMatrix`. */
export function denseCost(sheet: Sheet, readings: Readings, options: ForwardOptions = {}): OperatorCost {
  const entries = readings.x.length * latticeSize(sheet.lattice);
  const { footprint = POINT_SENSOR } = options;
  return {
    setupFlops: KERNEL_FLOPS * footprint.weight.length * entries,
    applyFlops: 2 * entries,
    bytes: 8 * entries,
  };
}

/** Cost of `convolutionOperator`. */
export function convolutionCost(plan: ConvolutionPlan): OperatorCost {
  const { windows, points, components } = plan;
  const nodes = windows.x.length * windows.y.length;
  const planes = planeCount(points.groups);
  const fields = planes * components.length;
  const transform = TRANSFORM_FLOPS * nodes * Math.log2(nodes);
  const interpolated = points.groups.reduce((sum, g) => sum + g.count * g.planes.length, 0) * components.length;
  return {
    setupFlops: planes * (nodes / 4) * KERNEL_FLOPS + fields * ((nodes / 4) * FILTER_FLOPS + transform),
    applyFlops: (planes + fields) * transform + 144 * interpolated,
    bytes: 8 * nodes * (0.5 * fields + 1 + components.length) + 8 * 17 * points.site.length,
  };
}

/**
 * The operator psi (A, on the nodes of a sheet) -> readings (T), in the way that is cheaper for the given number of
 * applications: a matrix for few readings or nodes, else convolution.
 * @param applications how often the operator and its transpose will be used together; default 200, an iterative solution
 * @param realTransform where its transform comes from
 * @throws {InputError} for a lattice or readings that are not usable.
 */
export function forwardOperator(
  sheet: Sheet,
  readings: Readings,
  options: ForwardOptions = {},
  applications = 200,
  realTransform = realTransform2D,
): LinearOperator {
  const dense = denseCost(sheet, readings, options);
  const total = (cost: OperatorCost) => cost.setupFlops + applications * cost.applyFlops;
  const plan = convolutionPlan(sheet, readings, options);
  if (dense.bytes <= MOST_DENSE_BYTES && total(dense) <= total(convolutionCost(plan))) {
    return denseMatrix(sheet, readings, options);
  }
  return convolutionOperator(sheet, readings, options, plan, realTransform);
}
