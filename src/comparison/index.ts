/** Two results or two scans against each other. */
export { type Agreement, agreement, type LargestDeviation } from './agreement.js';
export { compareResults } from './compareResults.js';
export { compareScans } from './compareScans.js';
export type { ComparedLayer, CompareOptions, Comparison, Overlap, ScanRelation } from './comparison.js';
export { type Histogram, histogram } from './histogram.js';
export { type Proportion, proportion } from './linearity.js';
export type { Motion } from './motion.js';
export { type OddEven, oddEven } from './oddEven.js';
export { commonPlaces, differences, type PairedValues, pairMaps } from './pairedValues.js';
export {
  estimateRegistration,
  type Registration,
  type RegistrationModel,
  type RegistrationOptions,
} from './registration.js';
export { resample } from './resample.js';
export { structuralSimilarity } from './structuralSimilarity.js';
export { currentVectors, fieldVectors, type VectorMap } from './vectorMap.js';
