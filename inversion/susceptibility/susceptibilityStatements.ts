import type { FieldScan } from '../../src/fieldScan.js';
import { formatNumber, formatQuantity, formatWithError } from '../../src/figures/format.js';
import { boundingBox, outlineArea } from '../../src/model/outline.js';
import { median } from '../median.js';
import type { Statements } from '../statements.js';
import type { SeparatedMagnetisation } from './remanence.js';
import type { Slab, SusceptibilitySolution } from './solution.js';

const PPM = 1e6;
/** Beyond this the pixels magnetise each other, which is left out. */
const SMALL_CHI = 0.01;

/** What a susceptibility inversion says in words; nothing that the data do not hold. */
export function susceptibilityStatements(
  solution: SusceptibilitySolution,
  scan: FieldScan,
  slab: Slab,
  separated?: SeparatedMagnetisation,
): Statements {
  const { map, mean, meanError, resolution, field } = solution;
  const ppm = (value: number) => `${formatNumber(PPM * value, 3)} ppm`;
  const error = map.chiErrors === undefined ? Number.NaN : median(map.chiErrors);
  const known = map.chi.filter(v => !Number.isNaN(v));
  const spread = Math.sqrt(known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / known.length);
  const withErrors = Number.isFinite(meanError);
  const meanText = withErrors ? formatWithError(PPM * mean, PPM * meanError) : formatNumber(PPM * mean, 4);
  const { warnings: fieldWarnings, above, below, margin } = surroundings(scan, slab);

  const verdict = [
    `The mean susceptibility is ${meanText} ppm and varies by ${ppm(spread)} (rms) over the cell` +
      `${withErrors ? `, known to ${ppm(error)} per pixel at a resolution of ${formatQuantity(resolution, 'm')}` : ''}.`,
    solution.priorWhy === 'given'
      ? `Prior as given: ${PRIORS[solution.prior]}.`
      : `Prior: ${PRIORS[solution.prior]}; ${solution.priorWhy}.`,
    solution.lambdaBy === 'given'
      ? 'The weight of the prior (lambda) was given.'
      : 'Weight of the prior (lambda) by generalised cross-validation: it predicts left-out readings best.',
    `${DRIFTS[solution.drift]} (${solution.driftWhy}).`,
  ];
  const significance = separated === undefined ? undefined : remanentSize(separated);
  if (separated !== undefined && significance !== undefined) {
    verdict.push(
      significance.sigmas > 3
        ? `Remanent magnetisation of ${formatQuantity(significance.rms, 'A/m')} (rms) was separated by the two applied fields.`
        : 'No remanent magnetisation was found beyond its error.',
    );
  }

  const warnings = [...fieldWarnings];
  if (solution.sigmaStated && solution.chi2 > 1.2) {
    warnings.push(
      `The residual is larger than the stated noise (chi2 = ${solution.chi2.toFixed(2)} per degree of freedom): magnetised parts ` +
        'beside the cell, another thickness or height, an applied field that is not what was said, or too small a noise.',
    );
  }
  if (solution.rejected > 0) {
    warnings.push(
      `${solution.rejected} of ${solution.rejected + solution.samples} readings were rejected as outliers.`,
    );
  }
  if (known.some(v => Math.abs(v) > SMALL_CHI)) {
    warnings.push('chi exceeds 1 %: the parts of the cell then magnetise each other, which this model leaves out.');
  }
  if (withErrors && Math.abs(mean) < 3 * meanError) {
    warnings.push('The mean is not significant: within three standard errors of zero.');
  }
  const cellSize = Math.sqrt(outlineArea(slab.outline));
  return {
    verdict,
    warnings,
    canSee: [
      `Structures wider than ${formatQuantity(resolution, 'm')}; finer ones are blurred into it.`,
      ...(withErrors
        ? [
            `Changes of ${ppm(3 * error)} over that width (three standard errors), and of the mean by ${ppm(3 * meanError)}.`,
          ]
        : []),
      `chi relative to the applied field of ${formatQuantity(Math.hypot(...field), 'T')}: an error of 1 % there is one of 1 % in chi.`,
      'The mean through the thickness: layers within the cell are not told apart.',
      margin < 0.1 * cellSize
        ? 'The mean is carried by the field over the edges, and the scan hardly reaches beyond them: its error says what that costs.'
        : 'The mean is carried by the field over the edges: a slab without edges and with uniform chi makes no field outside.',
      ...(above && below
        ? []
        : ['One side only: what lies at another depth within the cell is taken for another chi.']),
      separated === undefined
        ? 'Remanent magnetisation counts as chi: only a second applied field tells the two apart.'
        : 'The remanent magnetisation is taken along one direction; other directions would explain the same field as well.',
    ],
  };
}

const PRIORS = { smooth: 'smooth (slopes of chi)', variation: 'total variation (flat parts with edges)' } as const;
const DRIFTS = {
  constant: 'One offset per sensor and axis was fitted along',
  linear: 'Offset and linear drift per sensor and axis were fitted along',
  line: 'One offset per sensor, axis and scan line was fitted along',
} as const;

/** Root mean square of the remanence beyond its error, and how many errors that is. */
function remanentSize({ remanence }: SeparatedMagnetisation): { rms: number; sigmas: number } | undefined {
  const { magnetisation, errors } = remanence;
  if (errors === undefined) return undefined;
  let [square, noise, count] = [0, 0, 0];
  for (let p = 0; p < magnetisation.length; p++) {
    if (Number.isNaN(magnetisation[p])) continue;
    square += magnetisation[p] ** 2;
    noise += errors[p] ** 2;
    count++;
  }
  return { rms: Math.sqrt(square / count), sigmas: Math.sqrt(square / (noise || 1e-300)) };
}

/** Where the samples lie about the cell. */
function surroundings({ x, y, z }: FieldScan, { outline }: Slab) {
  const box = boundingBox(outline);
  let [left, right, lower, upper] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let s = 0; s < x.length; s++) {
    left = Math.min(left, x[s]);
    right = Math.max(right, x[s]);
    lower = Math.min(lower, y[s]);
    upper = Math.max(upper, y[s]);
  }
  const margin = Math.min(box.x0 - left, right - box.x1, box.y0 - lower, upper - box.y1);
  return {
    margin,
    above: z.some(v => v > 0),
    below: z.some(v => v < 0),
    warnings: margin < 0 ? ['The scan does not cover the whole cell: beyond it the map is the prior’s.'] : [],
  };
}
