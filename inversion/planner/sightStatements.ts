import { formatNumber, formatQuantity } from '../../src/figures/format.js';
import { FALSE_ALARMS, FOUND } from './detector.js';
import type { ScanSight } from './scanSight.js';
import type { HoleMap } from './smallestHole.js';

/** A patch of foil, in standoffs of radius, that the smallest hole is compared with. */
const PATCH = 2;

/** What a scan could and could not have seen of defects, in sentences. */
export function sightStatements(sight: ScanSight): string[] {
  const { holes, faults, assumed, standoff, deviation, current } = sight;
  const unseen = faults.filter(fault => !fault.seen);
  const seen = faults.filter(fault => fault.seen);
  return [
    `Beyond what the map shows to the eye, a detector that knows the healthy cell: ${lower(holeSentences(holes))} ${detectorSentence(sight.places)}`,
    ...(assumed
      ? [
          'cell.yaml says nothing of the foils: one electrode pair of 10 um aluminium and 10 um copper was assumed. With n pairs, ' +
            'only the n-th part of the current flows in the damaged one, and the radii grow about as the square root of n.',
        ]
      : []),
    ...uniformity(holes, PATCH * standoff),
    ...(unseen.length > 0
      ? [
          `Not seen could have been: ${unseen.map(({ text, peak }) => `${faultName(text)} (changes the field by at most ${formatQuantity(peak, 'T', 2)})`).join('; ')}; ` +
            `a reading errs by ${formatQuantity(deviation, 'T', 2)}. With uniform foils what flows from foil to foil cancels outside: ` +
            `electrode faults change the field by nanoteslas, here at ${formatQuantity(Math.abs(current), 'A')}. Misaligned electrodes are of this kind, too.`,
        ]
      : []),
    ...(seen.length > 0
      ? [
          `A model that knew everything else would notice, but not place: ${seen.map(({ text, peak }) => `${faultName(text)} (at most ${formatQuantity(peak, 'T', 2)})`).join('; ')}. ` +
            'Do not count on it: so small a pattern is easily made by foils that are not quite uniform.',
        ]
      : []),
  ];
}

/** Of both foils: median, best and worst radius. */
export function holeSentences(holes: readonly HoleMap[]): string {
  return `Smallest hole in a foil of the uppermost electrode pair that would be found: ${holes.map(holeText).join('; ')}.`;
}

function holeText({ foil, median, best, worst, blind }: HoleMap): string {
  const place = ({ x, y }: { x: number; y: number }) => `(${formatNumber(1e3 * x)}, ${formatNumber(1e3 * y)})\u00a0mm`;
  if (!Number.isFinite(best.radius)) return `none in the ${foil} foil`;
  const middle = Number.isFinite(median) ? `radius ${length(median)} in the median` : 'none over most of the cell';
  const end =
    blind > 0
      ? `none over ${formatNumber(100 * blind, 2)}\u00a0% of the cell`
      : `${length(worst.radius)} at worst, at ${place(worst)}`;
  return `${foil} foil: ${middle}, ${length(best.radius)} at best, at ${place(best)}, ${end}`;
}

function detectorSentence(places: number): string {
  return (
    `(Found in ${Math.round(100 * FOUND)} of 100 scans, by a search over ${places} places that takes a healthy cell for a damaged one in ` +
    `${Math.round(100 * FALSE_ALARMS)} of 100, unknown leads, tab profiles and background fitted along.)`
  );
}

/** A foil that is thinner by a part e over a patch of radius R changes the field as a hole of radius R sqrt(e / 2). */
export function uniformity(holes: readonly HoleMap[], patch: number): string[] {
  const typical = Math.min(...holes.map(({ median }) => median));
  const part = 2 * (typical / patch) ** 2;
  if (!(part < 0.1)) return [];
  return [
    `That holds for foils as uniform as it asks for: a hole of ${length(typical)} looks like a patch of ${length(patch)} radius whose foil is ` +
      `${formatNumber(100 * part, 2)}\u00a0% thinner.`,
  ];
}

/** `dead_spot: {..., radius_mm: 5}` -> a dead spot of 5 mm radius. */
export function faultName(text: string): string {
  const kind = text.split(':')[0];
  const value = (key: string) => new RegExp(`${key}: ([^,}]+)`).exec(text)?.[1];
  switch (kind) {
    case 'dead_spot':
      return `a dead spot of ${value('radius_mm')}\u00a0mm radius`;
    case 'hot_spot':
      return `a hot spot of ${value('radius_mm')}\u00a0mm radius`;
    case 'short':
      return `a soft short of ${value('current_A')}\u00a0A`;
    case 'misalignment':
      return 'electrodes misaligned by 2\u00a0mm';
    default:
      return kind.replaceAll('_', ' ');
  }
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function length(metres: number): string {
  return formatQuantity(metres, 'm', 2);
}
