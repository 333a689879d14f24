import type { Statements } from '../inversion/statements.js';
import type { CurrentMap } from '../src/currentMap.js';
import type { InversionFigureOptions, ReportRow } from '../src/figures/index.js';
import { formatResult } from '../src/formats/nexusResult.js';
import { writeFileSafely } from '../src/formats/node.js';
import type { Cell } from '../src/model/cell.js';
import type { InversionResult } from '../src/result.js';
import type { InvertOptions } from './invertOptions.js';
import { bold, type CommonOptions, printJson, say } from './run.js';

/** What an inversion tells, and what can be written of it. */
export interface InvertOutcome {
  readonly said: Statements;
  /** Further lines for people. */
  readonly last: readonly string[];
  /** What `--json` prints. */
  readonly summary: Readonly<Record<string, unknown>>;
  readonly make: OutputMakers;
  /** Root mean square of the map's standard errors over that of the map; undefined where errors were left out. */
  readonly mapError: number | undefined;
  /** False where it was interrupted: what there is to be written is the last iterate. */
  readonly finished: boolean;
}

/** Makes the content of each output, when it is asked for: pictures and reports take a while to load. */
export interface OutputMakers {
  readonly result: () => Promise<Uint8Array>;
  readonly figure: () => string | Promise<string>;
  readonly report: () => string | Promise<string>;
}

/** What both methods tell of a current. */
export interface Told {
  readonly result: InversionResult;
  readonly said: Statements;
  readonly figures: Omit<InversionFigureOptions, 'cells'>;
  /** The cell that is drawn over the maps. */
  readonly cell?: Cell;
  readonly rows: () => readonly ReportRow[];
  /** Of the cell, A, where it is known. */
  readonly totalCurrent?: number;
  /** Name of the scan, for the report's title. */
  readonly path: string;
}

/** What can be written of a current. */
export function currentOutputs(told: Told): OutputMakers {
  return {
    result: () => formatResult(told.result),
    figure: async () => {
      const { cellDrawing, inversionFigure } = await import('../src/figures/index.js');
      const cells = told.cell === undefined ? {} : { cells: [cellDrawing(told.cell)] };
      return inversionFigure(told.result, { ...told.figures, ...cells });
    },
    report: () => reportHtml(told),
  };
}

/** Of maps with standard errors: root mean square of the errors over that of the maps. */
export function relativeError(
  maps: readonly { readonly values: Float64Array; readonly errors: Float64Array | undefined }[],
): number | undefined {
  let [square, errorSquare] = [0, 0];
  for (const { values, errors } of maps) {
    if (errors === undefined) return undefined;
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i]) || Number.isNaN(errors[i])) continue;
      square += values[i] ** 2;
      errorSquare += errors[i] ** 2;
    }
  }
  return square > 0 ? Math.sqrt(errorSquare / square) : undefined;
}

/** {@link relativeError} of the current in all sheets. */
export function currentError(sheets: readonly CurrentMap[]): number | undefined {
  return relativeError(
    sheets.flatMap(({ kx, ky, kxErrors, kyErrors }) => [
      { values: kx, errors: kxErrors },
      { values: ky, errors: kyErrors },
    ]),
  );
}

/** Writes what the options ask for once all of it is made, and tells. */
export async function writeAndTell(
  options: CommonOptions & Pick<InvertOptions, 'out' | 'figure' | 'report'>,
  { make, said, last, summary }: InvertOutcome,
): Promise<void> {
  await writeAll(options, make);
  printOutcome(options, said, last);
  if (options.json) printJson(summary);
}

/** Makes what the options ask for and writes it once all of it is made. */
export async function writeAll(
  options: Pick<InvertOptions, 'out' | 'figure' | 'report'>,
  make: OutputMakers,
): Promise<void> {
  const outputs: [string, Uint8Array][] = [];
  if (options.out !== undefined) outputs.push([options.out, await make.result()]);
  if (options.figure !== undefined)
    outputs.push([options.figure, await figureBytes(options.figure, await make.figure())]);
  if (options.report !== undefined) outputs.push([options.report, new TextEncoder().encode(await make.report())]);
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

async function figureBytes(name: string, svg: string): Promise<Uint8Array> {
  const { embedFonts, renderPng } = await import('../src/figures/node.js');
  return name.toLowerCase().endsWith('.png') ? renderPng(svg) : new TextEncoder().encode(embedFonts(svg));
}

async function reportHtml({ path, result, said, figures, cell, rows, totalCurrent }: Told): Promise<string> {
  const [{ cellDrawing, inversionFigures, inversionReport }, { fontFaceCss }, { withMaps }, { cellOf }, { cellText }] =
    await Promise.all([
      import('../src/figures/index.js'),
      import('../src/figures/node.js'),
      import('./viewReport.js'),
      import('../viewer/files/cells.js'),
      import('../viewer/report/content.js'),
    ]);
  const name = path.split(/[\\/]/).at(-1)!;
  const cells = cell === undefined ? [] : [cellDrawing(cell)];
  const described = cellOf(result.process);
  return inversionReport({
    title: `${result.conductance === undefined ? 'Current' : 'Conductance'} map of ${name}`,
    verdict: said.verdict,
    warnings: said.warnings,
    canSee: said.canSee,
    figures: inversionFigures(result, { ...figures, ...(cell === undefined ? {} : { cells }) }),
    table: rows(),
    process: result.process,
    fontCss: fontFaceCss(),
    ...withMaps({
      kind: 'result',
      name,
      result,
      cells,
      ...(totalCurrent === undefined ? {} : { totalCurrent }),
      ...(described === undefined ? {} : { cell: cellText(described) }),
    }),
  });
}
