import type { ExteriorSheet } from './exteriorSheets.js';
import type { PatternColumn } from './patterns.js';
import type { PointSources } from './pointSources.js';

/**
 * A linear model of a scan: reading = base + sum over patterns + field of the departures inside, sheet by sheet, + field
 * of the sheets outside. The unknowns stand in this order: departures, patterns (together the `kept` ones), outside.
 */
export interface LinearModel {
  /** One per sheet of a cell; none where the inside is all patterns. */
  readonly departures: readonly PointSources[];
  readonly patterns: readonly PatternColumn[];
  readonly outside: readonly ExteriorSheet[];
  /** Readings that are expected without any of these, T. */
  readonly base: Float64Array;
  /** Median distance of the readings from the nearest sheet, m. */
  readonly standoff: number;
  readonly kept: number;
  readonly unknowns: number;
}
