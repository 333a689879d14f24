import { type SusceptibilitySeries, susceptibilitySeries } from '../inversion/series/susceptibilitySeries.js';
import { UsageError } from '../src/errors.js';
import { cellDrawing, inversionReport, seriesFigure, seriesFigures } from '../src/figures/index.js';
import { fontFaceCss } from '../src/figures/node.js';
import { formatStack } from '../src/formats/nexusStack.js';
import type { SeriesAxis, SeriesStack } from '../src/series/stack.js';
import { readCell, readScan } from './invertInput.js';
import { givenOf, type InvertOptions } from './invertOptions.js';
import { printOutcome, writeAll } from './invertOutput.js';
import { numberOption, requireExtension, requireSeparate } from './options.js';
import { progressLine } from './progress.js';
import { printJson } from './run.js';
import { seriesOfMaps } from './seriesMaps.js';
import { checkStates, nearestState, stateOf, statesGiven } from './seriesStates.js';
import { rows, statementsOf, summaryOf } from './seriesText.js';
import { appliedField, susceptibilityOptions } from './susceptibilityOptions.js';
import { withMaps } from './viewReport.js';

export interface SeriesOptions extends InvertOptions {
  readonly by?: SeriesAxis;
  readonly referenceAt?: string;
  readonly at?: string;
}

/**
 * `savart series SCAN... --by soc|t_s|temperature_C -o STACK`: susceptibility over charge, time or temperature where a cell is given;
 * else the measured maps, or the currents of results, as they are.
 */
export default async function series(paths: string[], options: SeriesOptions, version: string): Promise<void> {
  const { by } = options;
  if (by === undefined) {
    throw new UsageError('nothing says what the series runs over', { advice: 'give --by soc, t_s or temperature_C' });
  }
  requireExtension('-o', options.out, ['.h5', '.hdf5', '.nxs']);
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireSeparate([...paths, options.cell, options.appliedField], [options.out, options.report, options.figure]);
  if (options.cell === undefined) return seriesOfMaps(paths, options, by, version);
  const chosen = susceptibilityOptions({ ...options, errors: true });
  const sigma = numberOption('--sigma-uT', options.sigmaUT, { above: 0 });
  const wanted = numberOption('--reference-at', options.referenceAt);
  const { content: cell, input } = await readCell(options.cell);
  const applied = await appliedField(options, cell.model.appliedField, cell.path);
  const read = [];
  for (const path of paths) read.push(await readScan(path, undefined, sigma));
  const given = statesGiven(options.at, paths.length);
  const scans = read.map(({ path, scan }, i) => ({ name: path, at: given?.[i] ?? stateOf(path, scan, by), scan }));
  checkStates(scans, by);

  const start = performance.now();
  const reference = nearestState(scans, wanted);
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
