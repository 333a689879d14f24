/** In a cohort of like maps: which one differs, where, and how. */
export { type ContributionModel, type Contributions, contributionsOf } from './contributions.js';
export { falseDiscovery, holm } from './falseDiscovery.js';
export {
  type CellImbalance,
  type Imbalance,
  type ImbalanceOptions,
  imbalance,
} from './imbalance.js';
export type { PackCurrents } from './imbalanceModel.js';
export { type PackPca, packPca } from './imbalancePca.js';
export type { Trend } from './imbalanceTrend.js';
export { type Judgement, judge, judgeEach, judgeOwn } from './judgement.js';
export { type Labeller, labeller } from './labels/labeller.js';
export { type LabelCandidate, type LabelOptions, UNKNOWN } from './labels/labels.js';
export { type MapLayout, type MapStack, mapLength, stackOf, toGrid } from './mapStack.js';
export {
  type ControlLimits,
  type MonitoringModel,
  monitoringModel,
  newMapLimits,
  newMapProbabilities,
  ownMapLimits,
  ownMapProbabilities,
} from './monitoring.js';
export { type PackImbalanceOptions, packImbalance } from './packImbalance.js';
export type { ComponentChoice } from './parallelAnalysis.js';
export { loadingMap, type Pca, type PcaModel, type PcaOptions, principalComponents } from './pca.js';
export { pixelNoise } from './pixelNoise.js';
export { type PixelStatistics, pixelMeans, pixelMedians, type ZMap, zMap } from './pixelStatistics.js';
export {
  applyReference,
  judgeReference,
  modelLimits,
  type ReferenceModel,
  type ReferenceOptions,
  referenceModel,
} from './referenceModel.js';
export { whereDifferent, whereLargest } from './where.js';
