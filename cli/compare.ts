import { basename } from 'node:path';
import { comparisonHistograms } from '../src/comparison/deviations.js';
import { type Comparison, compareResults, compareScans, type Registration } from '../src/comparison/index.js';
import { comparisonRows, comparisonStatements } from '../src/comparison/statements.js';
import { UsageError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import {
  comparisonFigure,
  comparisonFigures,
  formatQuantity,
  inversionReport,
  type ReportRow,
} from '../src/figures/index.js';
import { embedFonts, fontFaceCss, renderPng } from '../src/figures/node.js';
import { formatResult } from '../src/formats/nexusResult.js';
import { writeFileSafely } from '../src/formats/node.js';
import { formatScan, requireFormat } from '../src/formats/scanFile.js';
import type { ProcessRecord } from '../src/result.js';
import { cellOf, drawingsOf } from '../viewer/files/cells.js';
import { readCompared } from './compareInput.js';
import { located } from './invertInput.js';
import { requireExtension, requireSeparate } from './options.js';
import { bold, type CommonOptions, printJson, say } from './run.js';
import { withMaps } from './viewReport.js';

export interface CompareCommandOptions extends CommonOptions {
  readonly out?: string;
  readonly odd?: string;
  readonly even?: string;
  readonly figure?: string;
  readonly report?: string;
  readonly register: 'none' | 'shift' | 'rigid' | 'similarity';
  readonly background: 'keep' | 'fit';
  readonly reference?: string;
  readonly relative?: string;
}

/** `savart compare A B`: two results or two scans. */
export default async function compare(
  [pathA, pathB]: string[],
  options: CompareCommandOptions,
  version: string,
): Promise<void> {
  const { out, odd, even, figure, report } = options;
  requireExtension('--figure', figure, ['.png', '.svg']);
  requireExtension('--report', report, ['.html', '.htm']);
  for (const name of [out, odd, even]) if (name !== undefined) requireFormat(name);
  requireSeparate([pathA, pathB, options.reference], [out, odd, even, figure, report]);
  const { a, b, files } = await readCompared(pathA, pathB, options);
  const { register, background } = options;
  if (a.kind === 'result' && background === 'fit') {
    throw new UsageError('--background is for scans', { advice: 'leave it out for results' });
  }
  const comparison =
    a.kind === 'result' && b.kind === 'result'
      ? compareResults(a.result, b.result, { register })
      : a.kind === 'scan' && b.kind === 'scan'
        ? located(`${pathA} and ${pathB}`, () => compareScans(a.scan, b.scan, { register, background }))
        : undefined;
  if (comparison === undefined) throw new Error('a scan against a result');
  // The cell of A is drawn over the maps; where B was made with another one, that says its own file.
  const drawn = a.kind === 'result' ? a.result.process.cell : undefined;
  const process: ProcessRecord = {
    program: 'savart',
    version,
    date: new Date().toISOString(),
    inputs: files,
    ...(drawn === undefined ? {} : { cell: drawn }),
    parameters: { command: 'compare', register, background, ...summaryOf(comparison) },
  };
  await writeOutputs(comparison, options, process, [basename(pathA), basename(pathB)]);

  const said = comparisonStatements(comparison);
  say(options, bold(options, said.verdict[0]));
  for (const line of said.verdict.slice(1)) say(options, line);
  say(options, '');
  for (const line of table(comparisonRows(comparison))) say(options, line);
  for (const line of said.warnings) globalThis.process.stderr.write(`warning: ${line}\n`);
  for (const name of [out, odd, even, report, figure]) if (name !== undefined) say(options, `Wrote ${name}`);
  if (options.json) printJson({ ...summaryOf(comparison), histograms: histogramsOf(comparison), out: out ?? null });
}

/** Everything is made before anything is written. */
async function writeOutputs(
  comparison: Comparison,
  { out, odd, even, figure, report }: CompareCommandOptions,
  process: ProcessRecord,
  names: readonly [string, string],
): Promise<void> {
  const outputs: [string, Uint8Array][] = [];
  const text = (content: string) => new TextEncoder().encode(content);
  if (out !== undefined) {
    const { difference } = comparison;
    if ('result' in difference) {
      requireExtension('-o', out, ['.h5', '.hdf5', '.nxs']);
      outputs.push([out, await formatResult({ ...difference.result, process })]);
    } else outputs.push([out, await formatScan(difference.scan, requireFormat(out))]);
  }
  for (const [name, scan] of [
    [odd, comparison.relation?.oddEven?.odd],
    [even, comparison.relation?.oddEven?.even],
  ] as [string | undefined, FieldScan | undefined][]) {
    if (name === undefined) continue;
    if (scan === undefined)
      throw new UsageError('--odd and --even are for scans', { advice: 'leave them out for results' });
    outputs.push([name, await formatScan(scan, requireFormat(name))]);
  }
  if (figure !== undefined) {
    const svg = comparisonFigure(comparison, { names });
    outputs.push([figure, figure.toLowerCase().endsWith('.png') ? renderPng(svg) : text(embedFonts(svg))]);
  }
  if (report !== undefined) {
    const said = comparisonStatements(comparison);
    outputs.push([
      report,
      text(
        inversionReport({
          title: `${names[0]} against ${names[1]}`,
          ...said,
          sightHeading: 'What this comparison could and could not have seen',
          figures: comparisonFigures(comparison, { names }),
          table: comparisonRows(comparison),
          process,
          fontCss: fontFaceCss(),
          ...(comparison.layers.length === 0
            ? {}
            : withMaps({
                kind: 'comparison',
                name: `${names[0]} against ${names[1]}`,
                cells: drawingsOf(cellOf(process)),
                compared: { names, unit: comparison.unit, layers: comparison.layers },
              })),
        }),
      ),
    ]);
  }
  for (const [name, content] of outputs) await writeFileSafely(name, content);
}

/** Label, value and remark in columns. */
function table(rows: readonly ReportRow[]): string[] {
  const cells = rows.map(({ label, value, unit = '', note = '', digits }) => {
    const shown =
      typeof value === 'number' ? formatQuantity(value, unit, digits) : unit === '' ? value : `${value} ${unit}`;
    return [label, shown.replace(' °', '°'), note];
  });
  const [first, second] = [0, 1].map(c => Math.max(...cells.map(row => row[c].length)));
  return cells.map(([label, value, note]) => `  ${label.padEnd(first)}  ${value.padStart(second)}  ${note}`.trimEnd());
}

/** The numbers that scripts rely on. */
function summaryOf(comparison: Comparison) {
  const { agreement, layerAgreements, layers, unit, ssim, overlap, registration, registered, relation } = comparison;
  const { relativeError, rmse, correlation, largest, chi2, degrees, count, bias } = agreement;
  // Without the rounding of metres to millimetres.
  const mm = (metres: number) => Number((1e3 * metres).toPrecision(12));
  const place = { x: mm(largest.x), y: mm(largest.y), z: mm(largest.z) };
  return {
    kind: comparison.kind,
    by: comparison.by,
    relativeError,
    rmse,
    correlation,
    maxAbs: largest.size,
    unit,
    ssim: ssim ?? null,
    where_mm: place,
    largest: {
      component: largest.component ?? null,
      a: largest.a,
      b: largest.b,
      sigmas: largest.sigmas ?? null,
    },
    chi2: chi2 ?? null,
    readings: degrees,
    compared: count,
    bias: Object.fromEntries(comparison.pairs.names.map((name, c) => [name, bias[c]])),
    overlap: overlap.whole,
    overlapOfA: overlap.ofA,
    overlapOfB: overlap.ofB,
    registration: registration === undefined ? null : registrationOf(registration, registered),
    layers: layerAgreements.map((one, k) => ({
      z_mm: 1e3 * layers[k].z,
      relativeError: one.relativeError,
      rmse: one.rmse,
      correlation: one.correlation,
      maxAbs: one.largest.size,
      chi2: one.chi2 ?? null,
    })),
    ...(relation === undefined
      ? {}
      : {
          slope: relation.proportion?.slope ?? null,
          slopeError: relation.proportion?.slopeError ?? null,
          currentRatio: relation.currentRatio ?? null,
          linearity: relation.linearity ?? null,
          linearityError: relation.linearityError ?? null,
          background: comparison.background ?? null,
          reversed: relation.reversed,
          antisymmetry: relation.oddEven?.antisymmetry ?? null,
          oddRms: relation.oddEven?.oddRms ?? null,
          evenRms: relation.oddEven?.evenRms ?? null,
        }),
    notes: comparison.notes,
  };
}

function registrationOf(registration: Registration, applied: boolean) {
  const { motion, shiftErrors, angleError, scaleError, model, gain, gainError, chi2, degrees, significant } =
    registration;
  const degree = 180 / Math.PI;
  return {
    model,
    shift_mm: { x: 1e3 * motion.shift[0], y: 1e3 * motion.shift[1] },
    shiftErrors_mm: { x: 1e3 * shiftErrors[0], y: 1e3 * shiftErrors[1] },
    rotation_deg: degree * motion.angle,
    rotationError_deg: model === 'shift' ? null : degree * angleError,
    scale: motion.scale,
    scaleError: model === 'similarity' ? scaleError : null,
    centre_mm: { x: 1e3 * motion.centre[0], y: 1e3 * motion.centre[1] },
    gain,
    gainError,
    chi2,
    degrees,
    significant,
    explained: registration.explained,
    applied,
  };
}

function histogramsOf({ pairs }: Comparison) {
  const { values, difference } = comparisonHistograms(pairs);
  return {
    values: { edges: [...values.edges], a: [...values.counts[0]], b: [...values.counts[1]] },
    difference: {
      edges: [...difference.edges],
      counts: [...difference.counts[0]],
      inSigma: pairs.sigma !== undefined,
    },
  };
}
