import { formatNumber, formatQuantity, formatWithError } from '../figures/format.js';
import type { ReportRow } from '../figures/report.js';
import type { Comparison } from './comparison.js';
import type { Registration } from './registration.js';

/** What is said of a comparison. */
export interface ComparisonStatements {
  /** The answer first. */
  readonly verdict: readonly string[];
  readonly warnings: readonly string[];
  /** What the numbers can and cannot say. */
  readonly canSee: readonly string[];
}

/** Beyond this chi-squared per reading the two differ by more than their errors. */
const DIFFERENT = 1.2;
/** A largest deviation this much above what chance makes, in standard errors, is none. */
const BEYOND_CHANCE = 1.5;
/** A motion that explains less than this of the squared difference may be a difference that looks like a motion. */
const WORTH_TELLING = 0.05;
/** From this part of the squared difference on, a constant is worth a warning. */
const MOSTLY_CONSTANT = 0.5;
/** Where less than this part of A, and of B, is compared, that is worth a warning. */
const LITTLE_OVERLAP = 0.8;

export function comparisonStatements(comparison: Comparison): ComparisonStatements {
  const { agreement, kind, unit, overlap, registration, registered, relation, notes } = comparison;
  const { relativeError, correlation, largest, chi2 } = agreement;
  const what = kind === 'results' ? 'sheet current density' : 'field';
  const sigmas = largest.sigmas === undefined ? '' : ` (${formatNumber(largest.sigmas)} σ)`;
  const of = largest.component === undefined ? '' : ` of ${largest.component}`;
  const equal = agreement.rmse === 0;
  const verdict: string[] = [];
  if (relation?.reversed && relation.oddEven !== undefined) {
    const { oddRms, evenRms, antisymmetry } = relation.oddEven;
    verdict.push(
      `The currents of A and B are opposite: ${formatQuantity(oddRms, unit)} (rms) reverse with them, ` +
        `${formatQuantity(evenRms, unit)} do not; antisymmetry ${formatNumber(antisymmetry)}.`,
    );
  }
  verdict.push(
    equal
      ? `A and B are equal in the ${what} wherever both have values.`
      : `A and B differ by ${percent(relativeError)} of B in the ${what}, with a correlation of ${formatNumber(correlation, 4)}.`,
  );
  if (!equal)
    verdict.push(
      `The largest deviation${of}, ${formatQuantity(largest.size, unit)}${sigmas}, lies at ${place(comparison)}.`,
    );
  if (chi2 !== undefined && !equal) {
    const judged =
      chi2 > DIFFERENT
        ? 'the two differ by more than their errors'
        : chi2 < 1 / DIFFERENT
          ? 'the two agree better than their errors say'
          : 'the two agree within their errors';
    // The largest of n lengths of two normal numbers is about sqrt(2 ln n).
    const chance = Math.sqrt(2 * Math.log(Math.max(2, agreement.degrees)));
    const local = chi2 <= DIFFERENT && (largest.sigmas ?? 0) > BEYOND_CHANCE + chance;
    verdict.push(
      `Chi-squared per reading is ${formatNumber(chi2)}: ${judged}${local ? ' as a whole, but not where they differ most' : ''}.`,
    );
  }
  const moved = registration?.significant === true && registration.explained > WORTH_TELLING;
  if (moved) {
    verdict.push(
      `B lies ${motionText(registration)} against A; ${registered ? 'this was taken out' : 'this was left as it is'}.`,
    );
  }
  const warnings = [...notes];
  if (kind === 'scans' && comparison.background === undefined && !relation?.reversed) {
    const squares = agreement.bias.reduce((sum, v) => sum + v * v, 0) / agreement.bias.length;
    if (squares > MOSTLY_CONSTANT * agreement.rmse ** 2) {
      warnings.push(
        `${percent(squares / agreement.rmse ** 2)} of the squared difference are a constant per component, as of another ` +
          'background: --background fit takes it off.',
      );
    }
  }
  if (Math.max(overlap.ofA, overlap.ofB) < LITTLE_OVERLAP) {
    warnings.push(
      `Only ${percent(overlap.whole)} of what A and B cover together is common to both (${percent(overlap.ofA)} of A, ` +
        `${percent(overlap.ofB)} of B); every number is of that part.`,
    );
  }
  if (moved && !registered) {
    warnings.push(
      `${percent(registration.explained)} of the squared difference (beside a factor and constants) go when B is moved: ` +
        '--register shift, rigid or similarity does that. A true difference can look like a small motion.',
    );
  }
  return { verdict, warnings, canSee: canSee(comparison) };
}

function canSee({ kind, agreement, registration, by }: Comparison): string[] {
  return [
    ...(agreement.chi2 === undefined
      ? ['Neither of the two states its errors, so whether a difference is more than noise cannot be said.']
      : []),
    ...(registration === undefined
      ? ['The two do not determine how they lie against each other: too small, too flat, or not alike.']
      : [
          `A shift of B of less than ${formatQuantity(3 * Math.max(...registration.shiftErrors), 'm', 2)} would not have been seen.`,
        ]),
    'A true difference, one side of a current stronger than the other, can look like a small motion.',
    ...(kind === 'results'
      ? ['Two maps that agree may share an error: of the cell’s outline, of the height, of the method.']
      : ['A difference of the field does not say at which depth its source lies; invert the difference to see where.']),
    ...(by === 'grid'
      ? ['Structure finer than the coarser of the two grids is averaged out before anything is compared.']
      : []),
  ];
}

/** The table of numbers. */
export function comparisonRows(comparison: Comparison): ReportRow[] {
  const { agreement, layerAgreements, layers, pairs, unit, ssim, overlap, registration, registered, relation } =
    comparison;
  const { relativeError, rmse, correlation, largest, chi2, count, degrees, bias } = agreement;
  const rows: ReportRow[] = [
    { label: 'Relative error', value: percent(relativeError), note: 'norm of A − B over norm of B' },
    ...layerAgreements.map((one, k) => ({
      label: `Relative error at z = ${formatNumber(1e3 * layers[k].z)} mm`,
      value: percent(one.relativeError),
    })),
    {
      label: 'Root mean square difference',
      value: rmse,
      unit,
      note: pairs.vector ? 'length of the vector' : 'of a reading',
    },
    { label: 'Correlation', value: formatNumber(correlation, 4) },
    ...(ssim === undefined
      ? []
      : [
          { label: 'Structural similarity', value: formatNumber(ssim, 4), note: 'Wang et al. 2004, mean over the map' },
        ]),
    {
      label: 'Largest deviation',
      value: largest.size,
      unit,
      note: `${largest.component === undefined ? '' : `${largest.component} `}at ${place(comparison)}`,
    },
    ...(chi2 === undefined
      ? []
      : [
          {
            label: 'Chi-squared per reading',
            value: chi2,
            note: `${degrees} readings; 1 where only their errors differ`,
          },
        ]),
    ...pairs.names.map((name, c) => {
      const off = comparison.background?.[name];
      return off === undefined
        ? { label: `Mean of A − B, ${name}`, value: bias[c], unit }
        : { label: `Mean of A − B, ${name}`, value: off, unit, note: 'taken off A' };
    }),
    { label: comparison.by === 'samples' ? 'Samples compared' : 'Pixels compared', value: count, digits: 9 },
    {
      label: 'Overlap',
      value: percent(overlap.whole),
      note: `${percent(overlap.ofA)} of A, ${percent(overlap.ofB)} of B`,
    },
  ];
  if (registration !== undefined) rows.push(...registrationRows(registration, registered));
  if (relation?.proportion !== undefined) {
    const { slope, slopeError } = relation.proportion;
    rows.push({
      label: 'A over B',
      value: formatWithError(slope, slopeError),
      note: 'slope of the line through all readings',
    });
  }
  if (relation?.linearity !== undefined) {
    rows.push({
      label: 'Linearity',
      value: formatWithError(relation.linearity, relation.linearityError ?? 0),
      note: 'that slope over the ratio of the currents; 1 where the field follows the current',
    });
  }
  if (relation?.reversed && relation.oddEven !== undefined) {
    const { oddRms, evenRms, antisymmetry } = relation.oddEven;
    rows.push(
      { label: 'Odd part', value: oddRms, unit, note: 'root mean square; the field of the current' },
      { label: 'Even part', value: evenRms, unit, note: 'what does not reverse: magnets, background' },
      { label: 'Antisymmetry', value: antisymmetry, note: 'sum |A + B| over sum (|A| + |B|); 0 where all reverses' },
    );
  }
  return rows;
}

function registrationRows(registration: Registration, registered: boolean): ReportRow[] {
  const { motion, shiftErrors, angleError, scaleError, model, significant } = registration;
  const mm = (v: number, error: number) => formatWithError(1e3 * v, 1e3 * error);
  const degrees = 180 / Math.PI;
  return [
    { label: 'Shift of B along x', value: mm(motion.shift[0], shiftErrors[0]), unit: 'mm', note: 'that lays B over A' },
    { label: 'Shift of B along y', value: mm(motion.shift[1], shiftErrors[1]), unit: 'mm' },
    ...(model === 'shift'
      ? []
      : [
          {
            label: 'Rotation of B',
            value: formatWithError(degrees * motion.angle, degrees * angleError),
            unit: '°',
            note: 'anticlockwise',
          },
        ]),
    ...(model === 'similarity' ? [{ label: 'Scale of B', value: formatWithError(motion.scale, scaleError) }] : []),
    {
      label: 'Registration',
      value: significant ? 'significant' : 'not significant',
      note: `${registered ? 'applied to B' : 'not applied'}; it explains ${percent(registration.explained)} of the squared difference`,
    },
  ];
}

/** The parts of a motion that exceed twice their errors. */
function motionText({ motion, angleError, scaleError, shiftErrors }: Registration): string {
  const parts: string[] = [];
  const shift = Math.hypot(...motion.shift);
  if (shift > 2 * Math.hypot(...shiftErrors)) parts.push(`shifted by ${formatQuantity(shift, 'm')}`);
  if (Math.abs(motion.angle) > 2 * angleError && motion.angle !== 0)
    parts.push(`turned by ${formatNumber((180 / Math.PI) * motion.angle)}°`);
  if (Math.abs(motion.scale - 1) > 2 * scaleError && motion.scale !== 1)
    parts.push(`scaled by ${formatNumber(motion.scale, 5)}`);
  return parts.length === 0 ? 'moved' : parts.join(', ');
}

function place({ agreement: { largest }, layers, pairs }: Comparison): string {
  const mm = (v: number) => formatNumber(1e3 * v);
  const height = layers.length > 1 || !pairs.vector ? `, z = ${mm(largest.z)}` : '';
  return `x = ${mm(largest.x)}, y = ${mm(largest.y)}${height} mm`;
}

function percent(part: number): string {
  return `${formatNumber(100 * part)} %`;
}
