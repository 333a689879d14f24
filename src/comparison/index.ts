/** Two results or two scans against each other. */
export type { Agreement, LargestDeviation } from './agreement.js';
export { compareResults } from './compareResults.js';
export { compareScans } from './compareScans.js';
export type { ComparedLayer, CompareOptions, Comparison, Overlap, ScanRelation } from './comparison.js';
export { type Histogram, histogram } from './histogram.js';
export type { Proportion } from './linearity.js';
export type { Motion } from './motion.js';
export { type OddEven, oddEven } from './oddEven.js';
export type { PairedValues } from './pairedValues.js';
export {
  estimateRegistration,
  type Registration,
  type RegistrationModel,
  type RegistrationOptions,
} from './registration.js';
export { type ComparisonStatements, comparisonRows, comparisonStatements } from './statements.js';
export { structuralSimilarity } from './structuralSimilarity.js';
export { currentVectors, fieldVectors, type VectorMap } from './vectorMap.js';
