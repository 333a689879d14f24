import { alternatingStatements } from '../inversion/alternating/alternatingStatements.js';
import { isAlternating, splitPhases, turnedBack } from '../inversion/alternating/phases.js';
import { bothByBounded } from '../inversion/alternating/quadrature.js';
import { boundedInversion } from '../inversion/bounded/boundedInversion.js';
import { boundedResult } from '../inversion/bounded/boundedRecord.js';
import { boundedStatements } from '../inversion/bounded/boundedStatements.js';
import type { BoundedOptions, Estimate } from '../inversion/bounded/solution.js';
import { isRelaxation } from '../inversion/relaxation/relaxationScan.js';
import { InputError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import { formatQuantity } from '../src/figures/format.js';
import type { Cell } from '../src/model/cell.js';
import { cellCurrent } from '../src/model/cellCurrent.js';
import type { InversionResult } from '../src/result.js';
import { rows, sightOf, summaryOf } from './invertBoundedText.js';
import { type InvertContext, located, readInput } from './invertInput.js';
import { footprintOf, givenOf, type InvertOptions } from './invertOptions.js';
import { currentError, currentOutputs, type InvertOutcome } from './invertOutput.js';
import { millimetres, numberOption } from './options.js';
import { progressLine } from './progress.js';

/** `savart invert SCAN --cell CELL`: the current within the known outline. */
export default async function invertBounded(
  path: string,
  options: InvertOptions,
  context: InvertContext,
): Promise<InvertOutcome> {
  const bounded = boundedOptions(options, context);
  const { scan, cell, files } = await readInput(path, options);
  if (cell === undefined) throw new Error('the bounded method without a cell');
  // After a load step no current flows through the tabs, which the bounded method stands on.
  if (isRelaxation(scan)) {
    const { default: invertFourier } = await import('./invertFourier.js');
    return invertFourier(path, { ...options, method: 'fourier' }, context);
  }
  const model = usableCell(path, scan, cell);

  const start = performance.now();
  const parts = isAlternating(scan) ? splitPhases(scan) : undefined;
  const solution = located(path, () => boundedInversion(parts?.inPhase ?? scan, model, bounded, context.geometry));
  const both = parts && located(path, () => bothByBounded(parts.inPhase, parts.quadrature, model, bounded, solution));
  const complex = parts && both?.inPhase.map((sheet, k) => turnedBack(sheet, both.quadrature[k], parts.phase));
  const seconds = (performance.now() - start) / 1000;
  // It takes as long as half the map: only where somebody will read it.
  const sight =
    options.report === undefined
      ? undefined
      : (await import('../inversion/planner/scanSight.js')).scanSight(scan, model, solution);
  const plain = boundedStatements(solution, scan, model, sight);
  const inPhase = complex?.map(c => c.inPhase) ?? [];
  const quadrature = complex?.map(c => c.quadrature) ?? [];
  const frequency = numberOption('--frequency-Hz', options.frequencyHz, { above: 0 });
  const said = parts ? alternatingStatements(plain, inPhase, quadrature, parts.phase, frequency, model) : plain;
  const found = boundedResult(solution, scan, {
    version: context.version,
    date: new Date().toISOString(),
    inputs: files,
    cell: cell.text,
    given: givenOf(options),
  });
  const result = parts ? { ...withoutHealthy(found), sheets: inPhase, quadrature, phase: parts.phase } : found;
  const phase_deg = parts === undefined ? {} : { phase_deg: (180 / Math.PI) * parts.phase };
  return {
    said,
    last: [
      `${Number.isNaN(solution.resolution) ? '' : `Resolution ${formatQuantity(solution.resolution, 'm')}, `}${seconds.toFixed(2)} s.`,
    ],
    summary: { ...summaryOf(solution, model, seconds, options.out), ...phase_deg, sight: sightOf(sight) },
    mapError: currentError(result.sheets),
    finished: true,
    make: currentOutputs({
      result,
      said,
      path,
      rows: () => rows(solution),
      cell: model,
      figures: {
        curve: {
          ...solution.curve,
          chosen: { rule: solution.lambdaBy, lambda: solution.lambda },
          candidates: solution.candidates,
        },
        scan,
        direction: 'arrows',
      },
    }),
  };
}

/** A turned phase has no healthy cell to compare with. */
function withoutHealthy({ healthy, ...rest }: InversionResult): InversionResult {
  return rest;
}

export function boundedOptions(options: InvertOptions, { quiet }: InvertContext): BoundedOptions {
  const lambda = numberOption('--lambda', options.lambda, { above: 0 });
  const pitch = millimetres('--pitch-mm', options.pitchMm, 0);
  const gain = numberOption('--gain-error-pct', options.gainErrorPct, { least: 0, most: 100 });
  const total = numberOption('--current-error-pct', options.currentErrorPct, { least: 0, most: 100 });
  const position = numberOption('--position-error-mm', options.positionErrorMm, { least: 0, most: 100 });
  const footprint = footprintOf(options);
  return {
    ...(footprint === undefined ? {} : { footprint }),
    ...(lambda === undefined ? {} : { lambda }),
    ...(pitch === undefined ? {} : { pitch }),
    ...(gain === undefined ? {} : { gainError: gain / 100 }),
    ...(position === undefined ? {} : { positionError: 1e-3 * position }),
    ...(total === undefined ? {} : { currentError: total / 100 }),
    ...(options.background === 'linear' ? { background: 'linear' as const } : {}),
    ...(options.errors === false ? { errors: false } : {}),
    ...(options.place === undefined ? {} : { place: options.place }),
    ...(options.swelling === undefined ? {} : { swelling: options.swelling }),
    ...(quiet
      ? {}
      : {
          onEstimate: ({ unknowns, megaBytes, seconds }: Estimate) => {
            process.stderr.write(`${unknowns} unknowns: about ${Math.ceil(seconds)} s and ${megaBytes} MB\n`);
          },
          onProgress: progressLine('inverting'),
        }),
  };
}

/**
 * The cell with the current that flowed.
 * @throws {InputError} for a scan in relative units, and for a cell without tabs, whose current has no way in.
 */
export function usableCell(
  path: string,
  scan: FieldScan,
  cell: { readonly path: string; readonly model: Cell },
): Cell & { readonly current: number } {
  if (scan.relativeUnit !== undefined) {
    throw new InputError(`the readings are in ${scan.relativeUnit}, but the current of the cell is known in amperes`, {
      file: path,
      advice: 'give them in tesla, or use --method fourier',
    });
  }
  const { tabs } = cell.model;
  if (tabs.length === 0) {
    throw new InputError('the cell has no tabs, so no current flows through it', {
      file: cell.path,
      column: 'tabs',
      advice: 'give its tabs, or use --method fourier',
    });
  }
  // What is missing is missing in the cell; a column at fault stands in the scan.
  return {
    ...cell.model,
    current: located(scan.current === undefined ? cell.path : path, () => cellCurrent(scan, cell.model)),
  };
}
