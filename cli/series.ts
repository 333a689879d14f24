import { median } from '../inversion/median.js';
import { type SusceptibilitySeries, susceptibilitySeries } from '../inversion/series/susceptibilitySeries.js';
import type { Statements } from '../inversion/statements.js';
import { InputError, UsageError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import {
  cellDrawing,
  formatNumber,
  formatWithError,
  inversionReport,
  type ReportRow,
  seriesFigure,
  seriesFigures,
  stateName,
} from '../src/figures/index.js';
import { fontFaceCss } from '../src/figures/node.js';
import { formatStack } from '../src/formats/nexusStack.js';
import type { SeriesAxis, SeriesStack } from '../src/series/stack.js';
import { readCell, readScan } from './invertInput.js';
import { givenOf, type InvertOptions } from './invertOptions.js';
import { printOutcome, writeAll } from './invertOutput.js';
import { appliedField, susceptibilityOptions } from './invertSusceptibility.js';
import { numberOption, requireExtension, requireSeparate } from './options.js';
import { progressLine } from './progress.js';
import { printJson } from './run.js';
import { withMaps } from './viewReport.js';

export interface SeriesOptions extends InvertOptions {
  readonly by?: SeriesAxis;
  readonly referenceAt?: string;
}

const PPM = 1e6;
const COLUMN = { soc: 'soc', t_s: 'time', temperature_C: 'temperature' } as const;

/** `savart series SCAN... --cell CELL --by soc|t_s|temperature_C -o STACK`: susceptibility over charge, time or temperature. */
export default async function series(paths: string[], options: SeriesOptions, version: string): Promise<void> {
  const { by } = options;
  if (by === undefined) {
    throw new UsageError('nothing says what the series runs over', { advice: 'give --by soc, t_s or temperature_C' });
  }
  if (options.cell === undefined) {
    throw new UsageError('a series of susceptibility maps needs outline, thickness and applied field of the cell', {
      advice: 'give --cell cell.yaml',
    });
  }
  requireExtension('-o', options.out, ['.h5', '.hdf5', '.nxs']);
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireSeparate([...paths, options.cell, options.appliedField], [options.out, options.report, options.figure]);
  const chosen = susceptibilityOptions({ ...options, errors: true });
  const sigma = numberOption('--sigma-uT', options.sigmaUT, { above: 0 });
  const wanted = numberOption('--reference-at', options.referenceAt);
  const { content: cell, input } = await readCell(options.cell);
  const applied = await appliedField(options, cell.model.appliedField, cell.path);
  const read = [];
  for (const path of paths) read.push(await readScan(path, undefined, sigma));
  const scans = read.map(({ path, scan }) => ({ name: path, at: stateOf(path, scan, by), scan }));
  checkStates(scans, by);

  const start = performance.now();
  const reference =
    wanted === undefined
      ? 0
      : nearestTo(
          scans.map(s => s.at),
          wanted,
        );
  const slab = { outline: cell.model.outline, thickness: cell.model.thickness, field: applied.field };
  const found = susceptibilitySeries(
    scans,
    slab,
    { ...chosen, masked: cell.model.masked, onProgress: progressLine('inverting the series') },
    reference,
  );
  const seconds = (performance.now() - start) / 1000;
  const stack = stackOf(found, by, {
    program: 'savart',
    version,
    date: new Date().toISOString(),
    inputs: [...read.map(r => r.input), input, ...applied.files],
    cell: cell.text,
    parameters: { method: 'prisms', target: 'susceptibility', by, given: givenOf(options) },
  });
  const said = statementsOf(found, stack, applied.warnings);
  const cells = [cellDrawing(cell.model)];
  await writeAll(options, {
    result: () => formatStack(stack),
    figure: () => seriesFigure(stack, cells),
    report: () =>
      inversionReport({
        title: `Susceptibility over ${scans.length} states`,
        verdict: said.verdict,
        warnings: said.warnings,
        canSee: said.canSee,
        figures: seriesFigures(stack, cells),
        table: rows(stack),
        process: stack.process,
        fontCss: fontFaceCss(),
        ...withMaps({ kind: 'series', name: `${scans.length} states`, stack, cells }),
      }),
  });
  printOutcome(options, said, [`${seconds.toFixed(2)} s.`]);
  if (options.json) printJson(summaryOf(found, stack, said, seconds, options.out));
}

/** The state of a scan: the mean of its column. */
function stateOf(path: string, scan: FieldScan, by: SeriesAxis): number {
  const values = scan[COLUMN[by]];
  if (values === undefined) {
    throw new InputError(`the scan does not say its ${by}`, { file: path, column: by, advice: `add the column ${by}` });
  }
  return values.every(v => v === values[0]) ? values[0] : values.reduce((sum, v) => sum + v, 0) / values.length;
}

function checkStates(scans: readonly { name: string; at: number }[], by: SeriesAxis): void {
  if (scans.length < 2) throw new UsageError('one scan is no series', { advice: 'give at least two scans' });
  scans.forEach(({ name, at }, i) => {
    const twin = scans.findIndex(other => other.at === at);
    if (twin === i) return;
    throw new InputError(`has the same ${by} as ${scans[twin].name}: ${at}`, {
      file: name,
      column: by,
      advice: 'give one scan per state',
    });
  });
}

function nearestTo(values: readonly number[], wanted: number): number {
  return values.reduce((best, v, i) => (Math.abs(v - wanted) < Math.abs(values[best] - wanted) ? i : best), 0);
}

function stackOf(found: SusceptibilitySeries, by: SeriesAxis, process: SeriesStack['process']): SeriesStack {
  const { states, reference, regions } = found;
  const [{ map }] = [states[reference].solution];
  const none = new Float64Array(map.chi.length).fill(Number.NaN);
  const zero = map.chi.map(v => (Number.isNaN(v) ? v : 0));
  return {
    grid: map.grid,
    by,
    at: Float64Array.from(states, s => s.at),
    names: states.map(s => s.name.split(/[\\/]/).at(-1)!),
    reference,
    chi: states.map(s => s.solution.map.chi),
    chiErrors: states.map(s => s.solution.map.chiErrors ?? none),
    change: states.map(s => s.change?.map.chi ?? zero),
    changeErrors: states.map(s => (s.change === undefined ? zero : (s.change.map.chiErrors ?? none))),
    regions: regions.map(({ name, mean, error, change, changeError, fit }) => ({
      name,
      mean,
      error,
      change,
      changeError,
      kinks: fit?.kinks ?? [],
      slopes: fit?.slopes ?? [],
    })),
    hotSpots: states.flatMap(({ hotSpots }, state) =>
      (hotSpots?.spots ?? []).map(({ x, y, radius, excess, error, sigmas, relative }) => ({
        state,
        x,
        y,
        radius,
        excess,
        error,
        sigmas,
        relative,
      })),
    ),
    process,
  };
}

function statementsOf(found: SusceptibilitySeries, stack: SeriesStack, fieldWarnings: readonly string[]): Statements {
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

function rows(stack: SeriesStack): ReportRow[] {
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

function summaryOf(
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
