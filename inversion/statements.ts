import { formatQuantity } from '../src/figures/format.js';
import { smallestHole } from './bounded/departure.js';
import { OPEN_RIM } from './fourier/exterior.js';
import type { Inversion } from './invertScan.js';
import { median } from './median.js';

/** Sentences for the person who reads the report. */
export interface Statements {
  /** The answer first. */
  readonly verdict: readonly string[];
  /** What must be known before the pictures are believed. */
  readonly warnings: readonly string[];
  /** What this scan could and could not have seen. */
  readonly canSee: readonly string[];
}

/** What an inversion says in words; nothing that the data do not hold. */
export function statements(inversion: Inversion): Statements {
  const { solution, sheet, rejected, samples, notes } = inversion;
  const { choice, lambdaBy, exterior, rim, lineNoise, chi2, resolution } = solution;
  const relative = sheet.relativeUnit !== undefined;
  const largest = (values: Float64Array) => values.reduce((most, v) => (Number.isNaN(v) ? most : Math.max(v, most)), 0);
  const strongest = largest(sheet.kx.map((kx, i) => Math.hypot(kx, sheet.ky[i])));
  const error = median(sheet.kxErrors!.map((kx, i) => Math.hypot(kx, sheet.kyErrors![i])));
  const width = Math.sqrt(resolution.x * resolution.y);
  const quantity = (value: number, unit: string) => formatQuantity(value, relative ? '' : unit).trim();

  const verdict = [
    `The strongest sheet current is ${quantity(strongest, 'A/m')}${relative ? ' (relative)' : ''}, ` +
      `known to ${quantity(error, 'A/m')} (median standard error) at a resolution of ${formatQuantity(width, 'm')}.`,
    lambdaBy === 'given'
      ? 'The weight of the smoothness (lambda) was given.'
      : `Weight of the smoothness (lambda) by ${RULES[lambdaBy]}: ${choice.why}.`,
    exterior === 'closed'
      ? 'Outside the window the current is taken to be the least that explains the field.'
      : `Outside the window the field is taken to go on, fading over ${exterior === 1 ? 'one window' : `${exterior} windows`}` +
        `${solution.exteriorGiven ? '' : ', because the map then needs less current'}.`,
  ];

  const warnings: string[] = [...notes];
  if (rim > OPEN_RIM) {
    warnings.push(
      `The window cuts the field off: along its rim it is ${Math.round(100 * rim)} % (rms) of what it is inside. ` +
        'Currents outside act on the map, and no reading tells where they are; the error map holds what that is worth. ' +
        'Scan further out if you can.',
    );
  }
  if (lineNoise > 1) {
    warnings.push(
      `The noise is correlated along the scan lines (${Math.round(Math.sqrt(lineNoise))} times the noise between them), ` +
        'which generalised cross-validation would take for signal.',
    );
  }
  if (chi2 !== undefined && chi2 > 1.2) {
    warnings.push(
      `The residual is larger than the stated noise (chi2 = ${chi2.toFixed(2)} per degree of freedom): sources at another ` +
        'height, wires that rise above the plane, position errors, or a noise that was stated too small.',
    );
  }
  if (rejected > 0) warnings.push(`${rejected} of ${rejected + samples} readings were rejected as spikes.`);
  if (choice.held) {
    warnings.push(
      'No rule for lambda had an answer to trust: the readings look free of noise, or their noise is correlated. The map may ' +
        'hold structure that is not there; give the noise (--sigma-uT) or lambda.',
    );
  }
  if (!solution.converged) {
    warnings.push(
      'The solver was stopped before it explained the readings to within their noise; the map is too smooth.',
    );
  }
  const constants = Object.values(solution.background).filter(b => b !== 0);
  if (constants.length > 0) {
    warnings.push(
      `A constant background of ${constants.map(b => formatQuantity(b, sheet.relativeUnit ?? 'T')).join(', ')} was fitted ` +
        'along; a constant is hard to tell from currents far away, so subtract a scan without current if you have one.',
    );
  }

  const one = median(sheet.kxErrors!);
  const canSee = [
    `Structures wider than ${formatQuantity(width, 'm')}; finer ones are blurred into it.`,
    relative
      ? `Currents are relative: the readings are in ${sheet.relativeUnit}, whose scale is not known. Ratios hold.`
      : `A current of about ${quantity(3 * one * width, 'A')} in a strip as wide as the resolution (three standard errors).`,
    ...(relative ? [] : holeText(sheet, width)),
    `All current in one sheet at z = ${formatQuantity(sheet.z, 'm')}. One measuring plane cannot tell layers apart; that ` +
      'takes planes above and below.',
    'Only the net current of all layers. What flows through a cell between its foils cancels: a dead spot or a soft short ' +
      'changes the field by less than 1 nT per ampere and is not in this map.',
    'Neither the outline of the cell nor its tabs were used: leads, busbars and cell are one current.',
    ...blindTo(solution.background),
  ];
  return { verdict, warnings, canSee };
}

/** The hole that would show in the errors of the map, where it shows the most and where it shows the median current. */
function holeText(sheet: Inversion['sheet'], width: number): string[] {
  const sizes = sheet.kx.map((kx, i) => Math.hypot(kx, sheet.ky[i])).filter(v => !Number.isNaN(v));
  const diameter = (k: number) => {
    const uniform = { ...sheet, kx: sheet.kx.map(() => k), ky: sheet.ky.map(() => 0) };
    return smallestHole({ sheets: [sheet], healthy: [uniform], resolution: width }) ?? Number.POSITIVE_INFINITY;
  };
  const [most, typical] = [diameter(sizes.reduce((a, b) => Math.max(a, b), 0)), diameter(median(sizes))];
  if (!Number.isFinite(most))
    return ['No hole in a foil: the errors of the map are larger than the current that it would stop.'];
  const elsewhere = Number.isFinite(typical)
    ? `, ${formatQuantity(typical, 'm', 2)} where it shows the median`
    : ', none where it shows the median';
  return [
    `A hole across the whole current of about ${formatQuantity(most, 'm', 2)} where the map shows the strongest${elsewhere} (no chance departure as large in ` +
      '99 of 100 scans). In a foil that carries a part of the current it must be larger. Without a cell file nothing says what a healthy map looks like: compare with one.',
  ];
}

/** What the measured components cannot tell, of {@link FourierSolution.background}'s names. */
function blindTo(measured: Inversion['solution']['background']): string[] {
  const inPlane = measured.bx !== undefined || measured.by !== undefined;
  if (!inPlane) {
    return [
      'Only Bz was measured: a uniform sheet current makes no Bz and is not in the map, and wires above the measuring plane ' +
        'look like wires below it.',
    ];
  }
  if (measured.bz !== undefined)
    return ['All current is taken to lie below the measuring plane (or above, if z says so).'];
  return [
    'Only in-plane components were measured: a uniform sheet current and a constant field cannot be told apart, and wires ' +
      'beyond the measuring plane appear with reversed sign.',
  ];
}

/** What the rules are called in a sentence. */
export const RULES = {
  gcv: 'generalised cross-validation',
  lcurve: 'the corner of the L-curve',
  discrepancy: 'the discrepancy principle',
} as const;
