import type { FieldScan } from '../src/fieldScan.js';
import {
  type InversionFigureOptions,
  inversionReport,
  type ReportRow,
  type SimulationPictures,
  simulationFigure,
  simulationFigures,
} from '../src/figures/index.js';
import { embedFonts, fontFaceCss, renderPng } from '../src/figures/node.js';
import { formatResult } from '../src/formats/nexusResult.js';
import { writeFileSafely } from '../src/formats/node.js';
import { formatScan, requireFormat } from '../src/formats/scanFile.js';
import type { InversionResult, ProcessRecord } from '../src/result.js';
import { bold, say } from './run.js';
import type { SimulateOptions } from './simulateOptions.js';
import { withMaps } from './viewReport.js';

/** What a simulation writes and tells. */
export interface SimulationOutput {
  readonly title: string;
  readonly scan: FieldScan;
  readonly truth?: InversionResult;
  readonly pictures: SimulationPictures;
  readonly drawing: InversionFigureOptions;
  readonly verdict: readonly string[];
  readonly warnings: readonly string[];
  readonly rows: readonly ReportRow[];
  readonly process: ProcessRecord;
}

/** Writes scan, truth, figure and report as far as they were asked for; everything is made before anything is written. */
export async function writeSimulation(options: SimulateOptions, told: SimulationOutput): Promise<void> {
  const files: [string, Uint8Array][] = [[options.out, await formatScan(told.scan, requireFormat(options.out))]];
  if (options.truth !== undefined && told.truth !== undefined)
    files.push([options.truth, await formatResult(told.truth)]);
  if (options.figure !== undefined) {
    const svg = simulationFigure(told.pictures, told.drawing);
    const png = options.figure.toLowerCase().endsWith('.png');
    files.push([options.figure, png ? renderPng(svg) : new TextEncoder().encode(embedFonts(svg))]);
  }
  if (options.report !== undefined) files.push([options.report, new TextEncoder().encode(reportHtml(told))]);
  for (const [name, content] of files) await writeFileSafely(name, content);
  say(options, bold(options, told.verdict[0]));
  for (const line of told.verdict.slice(1)) say(options, line);
  for (const line of told.warnings) process.stderr.write(`warning: ${line}\n`);
  for (const [name] of files) say(options, `Wrote ${name}`);
}

function reportHtml({
  title,
  scan,
  truth,
  verdict,
  warnings,
  pictures,
  drawing,
  rows,
  process,
}: SimulationOutput): string {
  return inversionReport({
    title,
    verdict,
    warnings,
    figures: simulationFigures(pictures, drawing),
    table: rows,
    sightHeading: 'What this simulation leaves out',
    canSee: [
      'Steel, offsets, drift, errors of position and gain, and leads other than those described are not in the scan.',
    ],
    process,
    fontCss: fontFaceCss(),
    ...withMaps({
      kind: 'simulation',
      name: title,
      cells: drawing.cells ?? [],
      scan,
      ...(truth === undefined ? {} : { truth }),
    }),
  });
}
