import { InputError } from '../errors.js';
import { COMPONENTS, type ComponentName, type FieldScan, measuredComponents } from '../fieldScan.js';
import { nearestSamples } from '../samplePairs.js';
import { scanSubset } from '../scanSubset.js';
import type { Overlap } from './comparison.js';

/** Samples further apart than this, or than a tenth of their spacing, are not the same place, m. */
const SAME_PLACE = 0.2e-3;
const SAME_PLACE_SPACING = 0.1;
/** Samples are compared one by one where at least this part of the smaller scan has a partner. */
const ENOUGH_PAIRS = 0.5;
/** Partners further apart than this are worth a note, m. */
const BESIDE = 10e-6;
/** Places of both scans with the readings of each: two scans of the same samples, in the same order. */
export interface Matched {
  readonly by: 'samples' | 'grid';
  readonly a: FieldScan;
  readonly b: FieldScan;
  readonly overlap: Overlap;
}

/**
 * The components that both scans hold.
 * @throws {InputError} where there is none
 */
export function commonComponents(a: FieldScan, b: FieldScan, notes: string[]): ComponentName[] {
  const [first, second] = [measuredComponents(a), measuredComponents(b)];
  const common = COMPONENTS.filter(name => first.includes(name) && second.includes(name));
  if (common.length === 0) {
    throw new InputError(`A holds ${first.join(', ')}, B ${second.join(', ')}: no component was measured in both`, {
      advice: 'compare scans of the same components',
    });
  }
  const left = [...new Set([...first, ...second])].filter(name => !common.includes(name));
  if (left.length > 0) notes.push(`Only one of the two holds ${left.join(', ')}, which was left out.`);
  return common;
}

/** @throws {InputError} where the units differ */
export function commonFieldUnit(a: FieldScan, b: FieldScan): string {
  const unit = ({ relativeUnit }: FieldScan) => relativeUnit ?? 'T';
  if (unit(a) === unit(b)) return unit(a);
  throw new InputError(`A is in ${unit(a)}, B in ${unit(b)}`, { advice: 'give both in the same unit' });
}

/** The samples that both scans have; undefined where they are too few. */
export function matchSamples(
  a: FieldScan,
  b: FieldScan,
  names: readonly ComponentName[],
  notes: string[],
): Matched | undefined {
  const reach = Math.min(SAME_PLACE, SAME_PLACE_SPACING * Math.min(spacing(a), spacing(b)));
  const partner = nearestSamples(a, b, reach);
  const mine = Array.from(partner.keys()).filter(s => partner[s] >= 0);
  if (mine.length === 0 || mine.length < ENOUGH_PAIRS * Math.min(a.count, b.count)) return undefined;
  const theirs = mine.map(s => partner[s]);
  const used = new Set(theirs).size;
  const first = scanSubset(a, mine, names);
  const second = scanSubset(b, theirs, names);
  let beside = 0;
  for (let i = 0; i < first.count; i++) {
    beside = Math.max(beside, Math.hypot(first.x[i] - second.x[i], first.y[i] - second.y[i], first.z[i] - second.z[i]));
  }
  if (beside > BESIDE) {
    notes.push(`Samples that were compared lie up to ${Number((1e3 * beside).toPrecision(2))} mm apart.`);
  }
  return {
    by: 'samples',
    a: first,
    b: second,
    overlap: {
      whole: mine.length / (a.count + b.count - used),
      ofA: mine.length / a.count,
      ofB: used / b.count,
    },
  };
}

/** Mean distance of neighbouring samples, m: of the area that they span, or of its longer side for a line. */
function spacing({ x, y, count }: FieldScan): number {
  const [width, height] = [x, y].map(values => {
    let [low, high] = [Infinity, -Infinity];
    for (const v of values) [low, high] = [Math.min(low, v), Math.max(high, v)];
    return high - low;
  });
  const area = Math.max(width * height, 0);
  const mean = Math.max(Math.sqrt(area / count), Math.max(width, height) / count);
  return mean > 0 ? mean : Number.POSITIVE_INFINITY;
}
