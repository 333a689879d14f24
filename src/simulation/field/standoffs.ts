import type { Grid } from '../../grid.js';
import type { SheetSource, ThroughSource } from './pixelField.js';

/** Sources at about one distance from the points, and the lattice that their field needs. */
export interface StandoffClass {
  /** Nodes of the field per pixel, along each axis. */
  readonly refine: number;
  /** Height of the source next to the points, m. */
  readonly z0: number;
  readonly sheets: readonly SheetSource[];
  readonly throughs: readonly ThroughSource[];
}

/** Standoff in pitches of the lattice on which the field is computed, for the error of its interpolation: 3e-5 at most. */
const STANDOFF = 5;
const REFINEMENTS = [1, 2, 3, 4, 6, 8, 12, 16, 24] as const;

/**
 * Parts the sources of a stack by their distance from the points, so that only the nearest foils are computed on a fine
 * lattice: the least of a few refinements that gives them a standoff of 5 pitches.
 * @param edge height of the point that is nearest to the foils, m
 */
export function byStandoff(
  { dx, dy }: Grid,
  sheets: readonly SheetSource[],
  throughs: readonly ThroughSource[],
  edge: number,
): StandoffClass[] {
  const refineOf = (z: number) => {
    const needed = (STANDOFF * Math.max(dx, dy)) / Math.abs(edge - z);
    // A standoff of 5 pitches that lost its last digit is one.
    return REFINEMENTS.find(refine => refine >= needed - 1e-6) ?? REFINEMENTS[REFINEMENTS.length - 1];
  };
  const nearer = (a: number, b: number) => (Math.abs(edge - a) < Math.abs(edge - b) ? a : b);
  const nearEnd = ({ from, to }: ThroughSource['spans'][number]) => nearer(from, to);
  const all = new Set<number>();
  for (const { heights } of sheets) for (const { z } of heights) all.add(refineOf(z));
  for (const { spans } of throughs) for (const span of spans) all.add(refineOf(nearEnd(span)));
  return [...all].map(refine => {
    const own = {
      sheets: sheets
        .map(sheet => ({ ...sheet, heights: sheet.heights.filter(({ z }) => refineOf(z) === refine) }))
        .filter(({ heights }) => heights.length > 0),
      throughs: throughs
        .map(({ current, spans }) => ({ current, spans: spans.filter(span => refineOf(nearEnd(span)) === refine) }))
        .filter(({ spans }) => spans.length > 0),
    };
    const heights = [
      ...own.sheets.flatMap(sheet => sheet.heights.map(({ z }) => z)),
      ...own.throughs.flatMap(({ spans }) => spans.map(nearEnd)),
    ];
    return { refine, z0: heights.reduce(nearer), ...own };
  });
}
