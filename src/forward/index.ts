/** The forward operators: a stream function on a lattice to readings of its field, with their transposes. */
export { convolutionOperator } from './convolutionOperator.js';
export { type ConvolutionPlan, convolutionPlan, type ForwardOptions, type Sheet } from './convolutionPlan.js';
export { type DenseOperator, denseMatrix, directReadings } from './denseMatrix.js';
export { convolutionCost, denseCost, forwardOperator, type OperatorCost } from './forwardOperator.js';
export { type Lattice, latticeSize } from './lattice.js';
export type { LinearOperator } from './linearOperator.js';
export { defaultNodeKernel, type NodeKernel, nodeField } from './nodeKernel.js';
export { boxFootprint, discFootprint, type Footprint, POINT_SENSOR, type Readings } from './readings.js';
