import type { Statements } from '../inversion/statements.js';
import {
  type InversionFigureOptions,
  inversionFigure,
  inversionFigures,
  inversionReport,
  type ReportRow,
} from '../src/figures/index.js';
import { embedFonts, fontFaceCss, renderPng } from '../src/figures/node.js';
import { formatResult } from '../src/formats/nexusResult.js';
import { writeFileSafely } from '../src/formats/node.js';
import type { InversionResult } from '../src/result.js';
import { cellOf } from '../viewer/files/cells.js';
import { cellText } from '../viewer/report/content.js';
import type { InvertOptions } from './invertOptions.js';
import { bold, type CommonOptions, say } from './run.js';
import { withMaps } from './viewReport.js';

/** What both methods tell and write. */
export interface Told {
  readonly result: InversionResult;
  readonly said: Statements;
  readonly figures: InversionFigureOptions;
  readonly rows: readonly ReportRow[];
  /** Of the cell, A, where it is known. */
  readonly totalCurrent?: number;
  /** Name of the scan, for the report's title. */
  readonly path: string;
}

/** Writes result, figure and report, as far as they were asked for. Everything is made before anything is written. */
export function writeOutputs(options: InvertOptions, told: Told): Promise<void> {
  return writeAll(options, {
    result: () => formatResult(told.result),
    figure: () => inversionFigure(told.result, told.figures),
    report: () => reportHtml(told),
  });
}

/** Makes what the options ask for and writes it once all of it is made. */
export async function writeAll(
  options: Pick<InvertOptions, 'out' | 'figure' | 'report'>,
  make: { readonly result: () => Promise<Uint8Array>; readonly figure: () => string; readonly report: () => string },
): Promise<void> {
  const outputs: [string, Uint8Array][] = [];
  if (options.out !== undefined) outputs.push([options.out, await make.result()]);
  if (options.figure !== undefined) outputs.push([options.figure, figureBytes(options.figure, make.figure())]);
  if (options.report !== undefined) outputs.push([options.report, new TextEncoder().encode(make.report())]);
  for (const [name, content] of outputs) await writeFileSafely(name, content);
}

/** The verdict first, then the warnings, then a last line and the names of the files. */
export function printOutcome(
  options: CommonOptions & Pick<InvertOptions, 'out' | 'figure' | 'report'>,
  said: Statements,
  last: readonly string[],
): void {
  say(options, bold(options, said.verdict[0]));
  for (const line of said.verdict.slice(1)) say(options, line);
  for (const line of said.warnings) process.stderr.write(`warning: ${line}\n`);
  for (const line of last) say(options, line);
  for (const name of [options.out, options.report, options.figure])
    if (name !== undefined) say(options, `Wrote ${name}`);
}

function figureBytes(name: string, svg: string): Uint8Array {
  return name.toLowerCase().endsWith('.png') ? renderPng(svg) : new TextEncoder().encode(embedFonts(svg));
}

function reportHtml({ path, result, said, figures, rows, totalCurrent }: Told): string {
  const name = path.split(/[\\/]/).at(-1)!;
  const cell = cellOf(result.process);
  return inversionReport({
    title: `${result.conductance === undefined ? 'Current' : 'Conductance'} map of ${name}`,
    verdict: said.verdict,
    warnings: said.warnings,
    canSee: said.canSee,
    figures: inversionFigures(result, figures),
    table: rows,
    process: result.process,
    fontCss: fontFaceCss(),
    ...withMaps({
      kind: 'result',
      name,
      result,
      cells: figures.cells ?? [],
      ...(totalCurrent === undefined ? {} : { totalCurrent }),
      ...(cell === undefined ? {} : { cell: cellText(cell) }),
    }),
  });
}
