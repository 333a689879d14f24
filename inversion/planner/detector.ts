import { limitOf, normalTails } from '../../src/diagnosis/distributions.js';
import { type Outline, outlineArea } from '../../src/model/outline.js';

/** How often a healthy cell may be called damaged, and how often a defect must be found. */
export const FALSE_ALARMS = 0.01;
export const FOUND = 0.9;

/** The z that a standard normal number exceeds with a probability below one half. */
export function normalLimit(probability: number): number {
  return limitOf(z => normalTails(z) / 2, probability, 1);
}

/** P(standard normal < z). */
export function normalBelow(z: number): number {
  return z > 0 ? 1 - normalTails(z) / 2 : normalTails(-z) / 2;
}

/** Area under the receiver operating curve of a known place and shape. */
export function areaUnderCurve(detectability: number): number {
  return normalBelow(detectability / Math.SQRT2);
}

/**
 * d' that a defect needs to be found in {@link FOUND} of the scans when a healthy scan gives {@link FALSE_ALARMS} alarms over
 * all `tests` together (Sidak: none of them correlated, which is on the safe side).
 */
export function neededDetectability(tests: number): number {
  return thresholdFor(tests) + normalLimit(1 - FOUND);
}

/** Threshold of t / d' with which all tests together give {@link FALSE_ALARMS}. */
export function thresholdFor(tests: number): number {
  return normalLimit(-Math.expm1(Math.log1p(-FALSE_ALARMS) / tests));
}

/** Places that a search over both foils distinguishes: spots as wide as the standoff, or the pitch where that is more. */
export function placesSearched(outline: Outline, standoff: number, pitch: number): number {
  return Math.max(1, Math.ceil((2 * outlineArea(outline)) / Math.max(standoff, pitch) ** 2));
}
