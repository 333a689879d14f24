import type { FieldScan } from '../../src/fieldScan.js';
import type { ScanRecord } from './record.js';

/** A processed scan and how good it is. */
export interface ProcessedScan {
  /** With sigma per reading, sensor, line, time and current. */
  readonly scan: FieldScan;
  /** What does not follow the current, where the scheme tells: magnetised parts, earth's field, offsets. */
  readonly even?: FieldScan;
  readonly quality: ScanQuality;
  /** Sentences for people. */
  readonly warnings: readonly string[];
}

export interface ScanQuality {
  /** Samples recorded, left out as invalid (overrange, unlocked, ...), left out as outliers. */
  readonly samples: number;
  readonly invalid: number;
  readonly outliers: number;
  /** Points without any valid sample. */
  readonly lost: number;
  /** Median standard error of a reading, T. */
  readonly sigma: number;
  /** How much later than the stage the readings of moving lines come, s, and its standard error. */
  readonly lag?: { readonly value: number; readonly error: number };
  /** Root mean square of what was taken off as drift, T, per source. */
  readonly drift: { readonly reference?: number; readonly repeats?: number; readonly ties?: number };
  /** `reversed`, `on_off`: root mean square of the even part about its mean over that of the odd part. */
  readonly evenPart?: number;
  /** Root mean square of the current's ripple, A, where the current was measured. */
  readonly ripple?: number;
}

/** Processes what a scan recorded. @throws {InputError} where nothing valid was recorded. */
export function processScan(_record: ScanRecord): ProcessedScan {
  throw new Error('soon');
}
