import { type Judgement, judge, judgeEach } from './judgement.js';
import type { MapStack } from './mapStack.js';
import { type ControlLimits, type MonitoringModel, monitoringModel, newMapLimits } from './monitoring.js';
import { type Pca, type PcaOptions, principalComponents } from './pca.js';
import { type PixelStatistics, pixelMeans, pixelMedians } from './pixelStatistics.js';

/** All that a production line needs to judge one new map: components, laws of T2 and Q, and what is usual at each pixel. */
export interface ReferenceModel {
  readonly monitoring: MonitoringModel;
  readonly usual: PixelStatistics;
}

export interface ReferenceOptions extends PcaOptions {
  /** Median and median absolute deviation at each pixel in place of mean and standard deviation. Default false. */
  readonly robust?: boolean;
}

/**
 * Makes a reference from maps without fault.
 * @throws {InputError} for fewer than three maps.
 */
export function referenceModel(stack: MapStack, options: ReferenceOptions = {}): { model: ReferenceModel; pca: Pca } {
  const pca = principalComponents(stack, options);
  const usual = options.robust ? pixelMedians(stack) : pixelMeans(stack);
  return { pca, model: { monitoring: monitoringModel(pca), usual } };
}

/** Limits of 95 and 99 %, for maps that are not of the reference. */
export function modelLimits({ monitoring }: ReferenceModel): readonly [ControlLimits, ControlLimits] {
  return [newMapLimits(monitoring, 0.95), newMapLimits(monitoring, 0.99)];
}

/** Judges a new map. */
export function applyReference(model: ReferenceModel, map: Float64Array): Judgement {
  return judge(model.monitoring, map);
}

/** Judges the maps of the reference itself: see {@link judgeEach}. */
export function judgeReference(model: ReferenceModel, stack: MapStack, options: ReferenceOptions = {}): Judgement[] {
  return judgeEach(stack, model.monitoring, options);
}
