import { median } from '../inversion/median.js';
import type { SusceptibilitySeries } from '../inversion/series/susceptibilitySeries.js';
import type { Statements } from '../inversion/statements.js';
import { formatNumber, formatWithError, type ReportRow, stateName } from '../src/figures/index.js';
import type { SeriesStack } from '../src/series/stack.js';

const PPM = 1e6;

/** What a series tells. */
export function statementsOf(
  found: SusceptibilitySeries,
  stack: SeriesStack,
  fieldWarnings: readonly string[],
): Statements {
  const { states } = found;
  const [whole] = stack.regions;
  const farthest = whole.change.reduce((best, v, i) => (Math.abs(v) > Math.abs(whole.change[best]) ? i : best), 0);
  const ppm = (v: number, e: number) => `${formatWithError(PPM * v, PPM * e)} ppm`;
  const { slopes, kinks } = whole;
  const strongest = [...stack.hotSpots].sort((a, b) => b.sigmas - a.sigmas)[0];
  const smallest = states.flatMap(s => (s.hotSpots === undefined ? [] : [s.hotSpots]));
  const misfit = states.filter(s => s.change?.sigmaStated && s.change.chi2 > 1.2);
  return {
    verdict: [
      `From ${stateName(stack, found.reference)} to ${stateName(stack, farthest)} the mean susceptibility changes by ` +
        `${ppm(whole.change[farthest], whole.changeError[farthest])}.`,
      kinks.length === 0
        ? 'One straight line explains the change of the mean over the series: no kink is significant.'
        : `Its slope turns at ${kinks.map(k => formatWithError(k.at, k.error)).join(' and ')} (${slopes.map(s => formatNumber(PPM * s.slope)).join(' to ')} ppm per unit of ${stack.by}).`,
      strongest === undefined
        ? 'No part of the cell changed otherwise than its surroundings by a significant amount.'
        : `A spot at (${formatNumber(1e3 * strongest.x)}, ${formatNumber(1e3 * strongest.y)}) mm of radius ${formatNumber(1e3 * strongest.radius, 2)} mm changed by ` +
          `${ppm(strongest.excess, strongest.error)} beyond its surroundings at ${stateName(stack, strongest.state)} ` +
          `(${formatNumber(100 * strongest.relative, 2)} % of the change there, ${formatNumber(strongest.sigmas, 2)} standard errors).`,
    ],
    warnings: [
      ...fieldWarnings,
      ...found.notes,
      ...(misfit.length === 0
        ? []
        : [
            `The noise does not explain the difference to the reference in ${misfit.length} of ${states.length - 1} states (chi2 up to ` +
              `${formatNumber(Math.max(...misfit.map(s => s.change!.chi2)))} per degree of freedom): errors and significances are widened accordingly.`,
          ]),
    ],
    canSee: [
      ...(smallest.length === 0
        ? []
        : [
            `A disc of radius ${formatNumber(1e3 * smallest[0].smallestRadius, 2)} mm in the middle of the cell that changed by ` +
              `${formatNumber(PPM * median(Float64Array.from(smallest, s => s.smallest)), 2)} ppm beyond its surroundings would have been claimed.`,
          ]),
      'Changes only: what is the same in all scans (remanence, parts nearby, errors of the outline) takes no part in them.',
      'Hot spots are discs on a plane of slopes; unevenness on a larger scale is in the maps, not in the list.',
    ],
  };
}

export function rows(stack: SeriesStack): ReportRow[] {
  return [
    ...stack.regions.map(({ name, slopes, kinks }) => ({
      label: `Slope, ${name}`,
      value: slopes.map(s => `${formatWithError(PPM * s.slope, PPM * s.error)} ppm`).join('; '),
      note: kinks.length === 0 ? 'no kink' : `kinks at ${kinks.map(k => formatWithError(k.at, k.error)).join(', ')}`,
    })),
    ...stack.hotSpots.map(({ state, x, y, excess, error, sigmas }) => ({
      label: `Hot spot at ${stateName(stack, state)}`,
      value: `${formatWithError(PPM * excess, PPM * error)} ppm`,
      note: `(${formatNumber(1e3 * x)}, ${formatNumber(1e3 * y)}) mm, ${formatNumber(sigmas, 2)} standard errors`,
    })),
  ];
}

/** For `--json`. */
export function summaryOf(
  found: SusceptibilitySeries,
  stack: SeriesStack,
  said: Statements,
  seconds: number,
  out: string | undefined,
) {
  return {
    by: stack.by,
    reference: stack.names[stack.reference],
    states: found.states.map(({ at, solution, change, shift, hotSpots }, i) => ({
      scan: stack.names[i],
      at,
      mean: solution.mean,
      meanError: solution.meanError,
      change: change?.mean ?? 0,
      changeError: change?.meanError ?? 0,
      chi2: solution.chi2,
      chi2OfChange: change?.chi2 ?? null,
      shift_mm: shift === undefined ? null : [1e3 * shift.x, 1e3 * shift.y],
      shiftError_mm: shift === undefined ? null : [1e3 * shift.xError, 1e3 * shift.yError],
      smallestExcess: hotSpots?.smallest ?? null,
    })),
    regions: stack.regions.map(({ mean, error, change, changeError, ...rest }) => ({
      ...rest,
      mean: [...mean],
      meanErrors: [...error],
      change: [...change],
      changeErrors: [...changeError],
    })),
    hotSpots: stack.hotSpots.map(({ state, x, y, radius, ...rest }) => ({
      scan: stack.names[state],
      at: stack.at[state],
      x_mm: 1e3 * x,
      y_mm: 1e3 * y,
      radius_mm: 1e3 * radius,
      ...rest,
    })),
    warnings: said.warnings,
    seconds,
    out: out ?? null,
  };
}
