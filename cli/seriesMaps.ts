import { InputError, UsageError } from '../src/errors.js';
import { formatQuantity, inversionReport, mapStackFigure, mapStackFigures, stateName } from '../src/figures/index.js';
import { fontFaceCss } from '../src/figures/node.js';
import { formatMapStack } from '../src/formats/nexusMapStack.js';
import { type MapStack, mapStack, mapsOfResult, mapsOfScan } from '../src/series/mapStack.js';
import type { SeriesAxis } from '../src/series/stack.js';
import { readScanOrResult } from './compareInput.js';
import { located } from './invertInput.js';
import { givenOf } from './invertOptions.js';
import { printOutcome, writeAll } from './invertOutput.js';
import { numberOption } from './options.js';
import { printJson } from './run.js';
import type { SeriesOptions } from './series.js';
import { checkStates, nearestState, stateOf, statesGiven } from './seriesStates.js';

/** `savart series` without a cell: scans on a regular grid, or results of `savart invert`, and how they change. */
export async function seriesOfMaps(
  paths: readonly string[],
  options: SeriesOptions,
  by: SeriesAxis,
  version: string,
): Promise<void> {
  const foreign = OF_SUSCEPTIBILITY.find(([, name]) => options[name] !== undefined);
  if (foreign !== undefined) {
    throw new UsageError(`${foreign[0]} is an option of maps of the susceptibility`, {
      advice: 'give --cell cell.yaml, or leave it out',
    });
  }
  const given = statesGiven(options.at, paths.length);
  const read = [];
  for (const path of paths) read.push({ path, ...(await readScanOrResult(path, options.relative)) });
  const states = read.map(({ path, content }, i) =>
    located(path, () => {
      if (content.kind === 'scan') {
        const { scan } = content;
        return { name: path, at: given?.[i] ?? stateOf(path, scan, by), maps: mapsOfScan(scan) };
      }
      if (given === undefined) {
        throw new InputError(`a result does not say its ${by}`, {
          file: path,
          advice: 'give --at, one value per file',
        });
      }
      return { name: path, at: given[i], maps: mapsOfResult(content.result) };
    }),
  );
  checkStates(states, by);
  const reference = nearestState(states, numberOption('--reference-at', options.referenceAt));
  const stack = mapStack(states, reference, by, {
    program: 'savart',
    version,
    date: new Date().toISOString(),
    inputs: read.map(r => r.input),
    parameters: { method: 'differences', target: 'maps', by, given: givenOf(options) },
  });
  const said = { verdict: verdictOf(stack), warnings: warningsOf(stack), canSee: CAN_SEE };
  await writeAll(options, {
    result: () => formatMapStack(stack),
    figure: () => mapStackFigure(stack),
    report: () =>
      inversionReport({
        title: `Maps of ${stack.names.length} states`,
        ...said,
        figures: mapStackFigures(stack),
        table: stack.names.map((name, k) => ({
          label: name,
          value: stack.change[k],
          unit: stack.unit,
          note: `rms change, ${stateName(stack, k)}`,
        })),
        process: stack.process,
        fontCss: fontFaceCss(),
      }),
  });
  printOutcome(options, said, []);
  if (options.json) printJson(summaryOf(stack, said.warnings, options.out));
}

const OF_SUSCEPTIBILITY = [
  ['--pitch-mm', 'pitchMm'],
  ['--sigma-uT', 'sigmaUT'],
  ['--field-uT', 'fieldUT'],
  ['--applied-field', 'appliedField'],
  ['--prior', 'prior'],
  ['--drift', 'drift'],
] as const;

const CAN_SEE = [
  'Differences of maps at the same pixels: a cell that lies elsewhere, or another lead, changes them as well.',
  'Nothing was fitted: give --cell for the susceptibility, or the results of savart invert for the current.',
];

function verdictOf(stack: MapStack): string[] {
  const { change, noise, unit, reference } = stack;
  const largest = change.reduce((best, v, k) => (v > change[best] ? k : best), reference);
  const expected = noise[largest] > 0 ? ` (noise alone: ${formatQuantity(noise[largest], unit)})` : '';
  return [
    `From ${stateName(stack, reference)} to ${stateName(stack, largest)} the map of ${stack.layers.map(l => l.name).join(', ')} changes by ` +
      `${formatQuantity(change[largest], unit)} rms${expected}.`,
  ];
}

/** More than this over the noise is a change. */
const CLEAR = 1.2;

function warningsOf({ change, noise, reference, names }: MapStack): string[] {
  const alike = names.filter((_, k) => k !== reference && noise[k] > 0 && change[k] < CLEAR * noise[k]);
  if (Number.isNaN(noise[reference]))
    return ['The noise of the maps is not known, so no change was tested against it.'];
  return alike.length === 0 ? [] : [`No change beyond the noise: ${alike.join(', ')}.`];
}

function summaryOf(stack: MapStack, warnings: readonly string[], out: string | undefined) {
  const finite = (v: number) => (Number.isFinite(v) ? v : null);
  return {
    by: stack.by,
    reference: stack.names[stack.reference],
    unit: stack.unit,
    layers: stack.layers.map(layer => layer.name),
    states: stack.names.map((scan, k) => ({
      scan,
      at: stack.at[k],
      rmsChange: stack.change[k],
      rmsNoise: finite(stack.noise[k]),
    })),
    warnings,
    out: out ?? null,
  };
}
