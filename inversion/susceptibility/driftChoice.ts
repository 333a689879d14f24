import { InputError } from '../../src/errors.js';
import type { FieldScan } from '../../src/fieldScan.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { type DriftModel, driftGroups } from './drift.js';

/** Lines are believed to have offsets of their own where the means of their residuals scatter so many deviations too much, */
const PLAIN = 8;
/** and by so much at least. */
const LEAST_EXCESS = 1.3;
/** Shorter lines cannot tell their offset from the field. */
const SHORTEST_LINE = 5;

/**
 * The model that was asked for, else linear where the scan has times.
 * @throws {InputError} where the scan lacks what the model needs
 */
export function chooseDrift(scan: FieldScan, asked: DriftModel | undefined): { model: DriftModel; why: string } {
  const [column, name] = asked === 'linear' ? (['time', 't_s'] as const) : (['line', 'line'] as const);
  if (asked !== undefined && asked !== 'constant' && scan[column] === undefined) {
    throw new InputError(`a drift ${asked === 'linear' ? 'in time' : 'by scan line'} needs the column ${name}`, {
      column: name,
      advice: 'add it, or say --drift constant',
    });
  }
  if (asked !== undefined) return { model: asked, why: 'given' };
  return scan.time === undefined
    ? { model: 'constant', why: 'the scan has no times' }
    : { model: 'linear', why: 'the scan has times' };
}

/**
 * Whether readings of one line, sensor and component err together: their residuals' means, which scatter with one over the
 * root of their number if readings err each by themselves.
 * @param residual T @param factor one over the standard deviation, 0 where rejected
 */
export function linesDrift(
  scan: FieldScan,
  readings: ScanReadings,
  residual: Float64Array,
  factor: Float64Array,
): boolean {
  if (scan.line === undefined) return false;
  const groups = driftGroups(scan, readings, 'line').filter(({ readings: r }) => r.length >= SHORTEST_LINE);
  let [between, within, free] = [0, 0, 0];
  for (const { readings: members } of groups) {
    let [sum, weight] = [0, 0];
    for (const r of members) {
      sum += factor[r] ** 2 * residual[r];
      weight += factor[r] ** 2;
    }
    if (weight === 0) continue;
    const mean = sum / weight;
    between += weight * mean * mean;
    for (const r of members) within += (factor[r] * (residual[r] - mean)) ** 2;
    free += members.length - 1;
  }
  if (groups.length < 4 || free <= 0) return false;
  const ratio = between / groups.length / (within / free);
  return ratio > LEAST_EXCESS && (ratio - 1) * Math.sqrt(groups.length / 2) > PLAIN;
}
