import { type ConductanceSolution, conductanceInversion } from '../inversion/conductance/conductanceInversion.js';
import { conductanceResult, defectsOf, hypothesesOf } from '../inversion/conductance/conductanceRecord.js';
import { conductanceStatements, withConductance } from '../inversion/conductance/conductanceStatements.js';
import { formatNumber, formatQuantity } from '../src/figures/format.js';
import type { ReportRow } from '../src/figures/index.js';
import { boundedOptions, usableCell } from './invertBounded.js';
import { rows, summaryOf } from './invertBoundedText.js';
import { type InvertContext, readInput } from './invertInput.js';
import { givenOf, type InvertOptions } from './invertOptions.js';
import { currentError, currentOutputs, type InvertOutcome } from './invertOutput.js';
import { numberOption } from './options.js';
import { progressLine } from './progress.js';
import { textTable } from './textTable.js';

/** `savart invert SCAN --cell CELL --target conductance`: which foil conducts how well where. */
export default async function invertConductance(
  path: string,
  options: InvertOptions,
  context: InvertContext,
): Promise<InvertOutcome> {
  const weight = numberOption('--variation-weight', options.variationWeight, { above: 0 });
  const ensemble = numberOption('--ensemble', options.ensemble, { least: 2, most: 1000, whole: true });
  const bounded = boundedOptions(options, context);
  const { scan, cell, files } = await readInput(path, options);
  if (cell === undefined) throw new Error('a conductance without a cell');
  const model = usableCell(path, scan, cell);
  const start = performance.now();
  const interruption = catchInterruption();
  const solution = await conductanceInversion(scan, model, {
    ...bounded,
    ...(weight === undefined ? {} : { variationWeight: weight }),
    ...(ensemble === undefined ? {} : { ensemble }),
    ...(context.quiet ? {} : { onProgress: progressLine('inverting') }),
    onStep: interruption.goOn,
  }).finally(interruption.release);
  const seconds = (performance.now() - start) / 1000;
  const sight =
    options.report === undefined
      ? undefined
      : (await import('../inversion/planner/scanSight.js')).scanSight(scan, model, solution.bounded);
  const said = conductanceStatements(solution, scan, model, sight);
  const merged = withConductance(solution);
  const result = conductanceResult(solution, scan, {
    version: context.version,
    date: new Date().toISOString(),
    inputs: files,
    cell: cell.text,
    given: givenOf(options),
  });
  return {
    said,
    last: [
      ...(solution.defects.length === 0 ? [] : [defectTable(solution.defects)]),
      `${solution.steps} steps, ${seconds.toFixed(2)} s.`,
    ],
    summary: {
      ...summaryOf(merged, model, seconds, options.out),
      target: 'conductance',
      foil: solution.foil ?? null,
      shown: solution.shown ?? null,
      hypotheses: hypothesesOf(solution),
      variationWeight: solution.variationWeight,
      defects: defectsOf(solution),
      finished: solution.finished,
      warnings: solution.warnings,
    },
    mapError: currentError(result.sheets),
    finished: solution.finished,
    make: currentOutputs({
      result,
      said,
      path,
      rows: () => [...defectRows(solution), ...rows(merged)],
      cell: model,
      figures: { scan, direction: 'arrows' },
    }),
  };
}

/** Ctrl-C ends the iteration, so that the last iterate is written; a second one ends the program. */
function catchInterruption() {
  let interrupted = false;
  const stop = () => {
    process.stderr.write('\ninterrupted: the last iterate is kept; press Ctrl-C again to leave without it\n');
    interrupted = true;
  };
  process.once('SIGINT', stop);
  return {
    goOn: async () => {
      await new Promise(resolve => setImmediate(resolve));
      return !interrupted;
    },
    release: () => {
      process.off('SIGINT', stop);
    },
  };
}

function defectTable(defects: ConductanceSolution['defects']): string {
  const mm = (v: number) => (1e3 * v).toFixed(1);
  return textTable(
    ['defect', 'x mm', 'y mm', 'z mm', 'area mm²', 'length mm', 'conductance', '90 % range', 'adds', 'confidence'],
    defects.map(defect =>
      defect.kind === 'weld'
        ? [
            `weld of ${defect.tab}, ${Math.round(100 * defect.from)}-${Math.round(100 * defect.to)} %`,
            ...defect.centre.map(mm),
            ...['', '', '', '', '', ''],
            confidenceText(defect.confidence),
          ]
        : [
            defect.foil === undefined ? 'a foil' : `${defect.foil} foil`,
            ...defect.centre.map(mm),
            mm(defect.z),
            (1e6 * defect.area).toFixed(0),
            mm(defect.length),
            defect.conductance.toPrecision(2),
            rangeText(defect.logRange),
            addedText(defect),
            confidenceText(defect.confidence),
          ],
    ),
  );
}

function defectRows({ defects }: ConductanceSolution): ReportRow[] {
  return defects.map((defect, k) => {
    const label = `Defect ${k + 1}`;
    if (defect.kind === 'weld') {
      return {
        label,
        value: `weld of tab ${defect.tab}`,
        note: `current flows between ${Math.round(100 * defect.from)} and ${Math.round(100 * defect.to)} % of its width; ${confidenceText(defect.confidence)} sure`,
      };
    }
    const { centre, area, z, foil, conductance, logRange } = defect;
    const [x, y] = centre.map(v => formatNumber(Number((1e3 * v).toFixed(1))));
    const range = logRange === undefined ? '' : ` (90 %: ${rangeText(logRange)})`;
    return {
      label,
      value: `${foil ?? 'a'} foil, conductance ${conductance.toPrecision(2)}${range}`,
      note: `at x = ${x}, y = ${y} mm, z = ${formatQuantity(z, 'm')}; ${Math.round(1e6 * area)} mm²; adds ${addedText(defect)} to the foil; ${confidenceText(defect.confidence)} sure`,
    };
  });
}

/** The range of a conductance; a dash where no ensemble told one. */
function rangeText(logRange: readonly [number, number] | undefined): string {
  return logRange === undefined ? '-' : logRange.map(v => Number(Math.exp(v).toPrecision(2))).join(' to ');
}

function addedText({ added, addedPart }: { readonly added: number | undefined; readonly addedPart: number }): string {
  const part = `${(100 * addedPart).toPrecision(2)} %`;
  return added === undefined ? part : `${formatQuantity(added, 'Ω', 2)} (${part})`;
}

function confidenceText(confidence: number): string {
  return confidence > 0.9999 ? '> 99.99 %' : `${(100 * confidence).toFixed(2)} %`;
}
