import type { FieldScan } from '../../src/fieldScan.js';
import { measuredComponents } from '../../src/fieldScan.js';
import { formatNumber, formatQuantity, formatWithError } from '../../src/figures/format.js';
import type { Cell } from '../../src/model/cell.js';
import type { ScanSight } from '../planner/scanSight.js';
import { sightStatements } from '../planner/sightStatements.js';
import { RULES, type Statements } from '../statements.js';
import { type Coverage, coverage } from './coverage.js';
import { type Departure, departures, smallestHole } from './departure.js';
import { careless } from './errorModel.js';
import type { BoundedSolution } from './solution.js';

/** Above this the model leaves more unexplained than the noise. */
const POOR_FIT = 1.2;
/** Below this the stated noise is too large. */
const SUSPICIOUS_FIT = 0.7;
const MANY_REJECTED = 0.02;
const MOSTLY_COVERED = 0.98;
/** A tab's share is called another than stated from so much on, and so many standard errors. */
const UNEVEN = { share: 0.02, errors: 4 };

/**
 * What a bounded inversion says in words: the answer, what to beware of, and what the scan could have seen.
 * @param sight by the planner's observer (`scanSight`); without it the errors of the map say how large a hole would show
 */
export function boundedStatements(
  solution: BoundedSolution,
  scan: FieldScan,
  cell: Cell,
  sight?: ScanSight,
): Statements {
  const seen = coverage(scan, cell);
  return {
    verdict: [...verdictOf(solution, cell), fitOf(solution), lambdaOf(solution)],
    warnings: [...solution.warnings, ...warningsOf(solution, seen)],
    canSee: canSee(solution, scan, cell, seen, sight),
  };
}

function verdictOf(solution: BoundedSolution, cell: Cell): string[] {
  const found = departures(solution, cell);
  const whole = `Over the whole cell the current differs from a healthy one's by ${percent(solution.departure)} (rms).`;
  if (found === undefined) return [whole];
  const { largest, significant, atTabs } = found;
  const place = placeOf(largest, solution);
  const size = sizeOf(largest);
  const first =
    significant === false
      ? `No departure from the healthy cell is significant; the largest is ${size}, at ${place}.`
      : `The largest departure from the healthy cell is ${size}, at ${place}${significant === undefined ? ' (without errors nothing can be said of its significance)' : ''}.`;
  return [
    first,
    ...atTabs.map(
      ({ tab, departure }) =>
        `Beside tab '${tab}' it is ${sizeOf(departure)}: the current does not pass the tab evenly, as it does where the tab is a short strip. ` +
        "Give the tab's length_mm if you know it.",
    ),
    whole,
  ];
}

/** 12.3 +- 0.4 A/m, where a healthy cell carries 40 A/m. */
function sizeOf({ size, error, healthy }: Departure): string {
  const value = error === undefined ? formatQuantity(size, 'A/m') : `${formatWithError(size, error)}\u00a0A/m`;
  return `${value} where a healthy cell carries ${formatQuantity(healthy, 'A/m')}`;
}

function placeOf({ x, y, sheet }: Departure, { sheets }: BoundedSolution): string {
  const mm = (v: number) => formatNumber(Number((1e3 * v).toFixed(1)));
  const height = sheets.length > 1 ? ` in the sheet at z = ${mm(sheets[sheet].z)}\u00a0mm` : '';
  return `x = ${mm(x)}\u00a0mm, y = ${mm(y)}\u00a0mm${height}`;
}

/** Errors of gain, a part of 1, and of position, m, below which nobody asks. */
const LEAST = { gain: 1e-6, position: 1e-8 };

function fitOf(solution: BoundedSolution): string {
  const { chi2, sigma, sigmaStated, degrees, samples, gainError, positionError, errorsFitted } = solution;
  const noise = formatQuantity(sigma, 'T');
  const spent = `The model spends ${Math.round(degrees)} degrees of freedom on ${samples} readings.`;
  // A fit may leave one of the two at next to nothing.
  const parts = [
    ...(gainError > LEAST.gain ? [`their gains differed by ${percent(gainError)}`] : []),
    ...(positionError > LEAST.position
      ? [`their positions differed by ${formatQuantity(positionError, 'm', 2)} along each axis`]
      : []),
  ];
  if (parts.length > 0)
    return (
      `Beside a noise of ${noise}, the readings scatter as if ${parts.join(' and ')} ` +
      `(${errorsFitted ? 'found in the readings' : 'given'}); with that chi2 = ${chi2.toFixed(2)} per degree of freedom. ${spent}`
    );
  if (!sigmaStated)
    return `The scan states no noise; the readings scatter by ${noise} about the model, so chi2 says nothing of the fit. ${spent}`;
  const text = `chi2 = ${chi2.toFixed(2)} per degree of freedom`;
  if (chi2 > POOR_FIT)
    return `${text}: outline, tabs and wires do not explain the readings within their noise of ${noise}. ${spent}`;
  if (chi2 < SUSPICIOUS_FIT)
    return `${text}: the readings scatter less than the stated noise of ${noise}; errors are too large rather than too small. ${spent}`;
  return `${text}: outline, tabs and wires explain the readings within their stated noise of ${noise}. ${spent}`;
}

function lambdaOf({ lambdaBy, lambdaWhy }: BoundedSolution): string {
  return lambdaBy === 'given'
    ? 'The weight of the smoothness (lambda) was given.'
    : `Weight of the smoothness (lambda) by ${RULES[lambdaBy]}: ${lambdaWhy}.`;
}

function warningsOf(solution: BoundedSolution, seen: Coverage): string[] {
  const { chi2, sigmaStated, samples, rejected, share, shareError, errorsFitted } = solution;
  const out: string[] = [];
  if (errorsFitted && careless(solution)) {
    out.push(
      'The readings scatter more than a careful rig would make them (see the fit): either calibration and positions are poor, ' +
        'or the model lacks something (a wire below the cell, a magnetic part). Look where the residual maps have a pattern.',
    );
  }
  if (sigmaStated && chi2 > POOR_FIT) {
    out.push(
      `The residual is larger than the stated noise (chi2 = ${chi2.toFixed(2)} per degree of freedom): a wrong height or outline, ` +
        'magnetic parts, position or gain errors, or a noise that was stated too small. Look where the residual maps have a pattern.',
    );
  }
  for (const { tab, stated, found, error } of solution.tabShares) {
    const off = found - stated;
    if (error === undefined || !(Math.abs(off) > UNEVEN.share && Math.abs(off) > UNEVEN.errors * error)) continue;
    out.push(
      `Tab '${tab}' carries ${percent(Math.abs(found))} of the current instead of the stated ${percent(Math.abs(stated))}: ` +
        'a bad weld, or shares that are not what cell.yaml says. The healthy map here is that of the shares found.',
    );
  }
  if (seen.missedTabs.length > 0) {
    const names = seen.missedTabs.map(name => `'${name}'`).join(', ');
    const [tabs, their] = seen.missedTabs.length === 1 ? ['tab', 'it'] : ['tabs', 'them'];
    out.push(
      `The scan does not reach ${tabs} ${names}: near ${their} the map is what the outline predicts. Scan past the tabs.`,
    );
  }
  if (seen.area < MOSTLY_COVERED) {
    out.push(
      `${percent(1 - seen.area)} of the cell has no reading within ${formatQuantity(seen.reach, 'm')}: there the map returns to the healthy cell.`,
    );
  }
  const all = samples + rejected;
  if (rejected > 0) {
    const many = rejected > MANY_REJECTED * all;
    out.push(
      `${rejected} of ${all} readings were rejected as outliers${many ? `, ${percent(rejected / all)}: more than a sensor's slips; look where they lie` : ''}.`,
    );
  }
  if (share.length > 1 && shareError > 0.1) {
    out.push(
      `How the current splits between the sheets is known to ${percent(shareError)} of it only${seen.above && seen.below ? '' : '; scan both sides of the cell'}.`,
    );
  }
  return out;
}

function canSee(
  solution: BoundedSolution,
  scan: FieldScan,
  cell: Cell,
  seen: Coverage,
  sight: ScanSight | undefined,
): string[] {
  const names = measuredComponents(scan);
  return [
    ...(Number.isNaN(solution.resolution)
      ? []
      : [`Structures wider than ${formatQuantity(solution.resolution, 'm')}; finer ones are blurred into it.`]),
    holeInMap(solution),
    ...(sight === undefined ? [NO_ELECTRODE_FAULT] : sightStatements(sight)),
    layers(cell, seen),
    'No charge distribution: that shows in the susceptibility, not in the current.',
    ...(cell.tabs.some(tab => tab.length === undefined)
      ? [
          'How the current spreads along a tab without length_mm was fitted; close to its ends the map is least certain.',
        ]
      : []),
    ...(names.length === 1 && names[0] === 'bz'
      ? ['Only Bz was measured: wires that rise above the sensors look like wires below them.']
      : []),
  ];
}

/** The hole that stands out of the errors of the map itself. */
function holeInMap(solution: BoundedSolution): string {
  const hole = smallestHole(solution);
  if (hole === undefined)
    return 'The smallest defect that would show in the map was not computed, as errors were left out.';
  if (!Number.isFinite(hole))
    return 'No hole in a foil: the errors of the map are larger than the current that it would stop.';
  return (
    `A hole, tear or bad weld in a foil of about ${formatQuantity(hole, 'm', 2)} or more, where it stops the cell's median current density. ` +
    'Where a foil carries less, it must be larger; a map of the net current does not say which foil it is in.'
  );
}

const NO_ELECTRODE_FAULT =
  'No dead spot and no soft short: with uniform foils they change the outside field by less than 1 nT per ampere, for what ' +
  'flows through the cell from foil to foil cancels.';

function layers(cell: Cell, { above, below }: Coverage): string {
  const both = above && below;
  if (cell.sheets.length > 1) {
    return both
      ? 'The sheets apart from one another, because the scan has samples above and below.'
      : 'The sheets hardly apart from one another: that takes samples above and below, and there are none on one side.';
  }
  return both
    ? 'The sum of all layers as one sheet; the scan has both sides and could tell two sheets apart (sheets_mm).'
    : 'Only the sum of all layers: layers are told apart only by measuring above and below.';
}

function percent(part: number): string {
  return `${Number((100 * part).toPrecision(2))}\u00a0%`;
}
