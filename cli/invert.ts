import type { FourierOptions } from '../inversion/fourier/fourierInversion.js';
import { type Inversion, invertScan, processRecord } from '../inversion/invertScan.js';
import { type Statements, statements } from '../inversion/statements.js';
import { InputError, NumericalError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import {
  formatQuantity,
  inversionFigure,
  inversionFigures,
  inversionReport,
  type ReportRow,
} from '../src/figures/index.js';
import { embedFonts, fontFaceCss, renderPng } from '../src/figures/node.js';
import { formatResult } from '../src/formats/nexusResult.js';
import { describeInput, readFileBytes, writeFileSafely } from '../src/formats/node.js';
import { readImage } from '../src/formats/npzScan.js';
import { parseScan } from '../src/formats/scanFile.js';
import type { InversionResult } from '../src/result.js';
import { millimetres, numberOption, requireExtension, requireSeparate } from './options.js';
import { progressLine } from './progress.js';
import { bold, type CommonOptions, printJson, say } from './run.js';

export interface InvertOptions extends CommonOptions {
  readonly out?: string;
  readonly report?: string;
  readonly figure?: string;
  readonly standoffMm?: string;
  readonly sigmaUT?: string;
  readonly relative?: string;
  readonly sensorDiscMm?: string;
  readonly sensorSquareMm?: string;
  readonly psf?: string;
  readonly psfKind?: 'dipole' | 'area';
  readonly psfStandoffMm?: string;
  readonly order?: string;
  readonly lambda?: string;
  readonly exterior?: string;
  readonly background?: 'auto' | 'fit' | 'none';
}

/** `savart invert SCAN`. */
export default async function invert(args: string[], options: InvertOptions, version: string): Promise<void> {
  const [path] = args;
  requireExtension('-o', options.out, ['.h5', '.hdf5', '.nxs']);
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireSeparate([path, options.psf], [options.out, options.report, options.figure]);
  const overrides = overridesOf(options);
  const fourier = await fourierOptions(options);
  const bytes = await readFileBytes(path);
  const input = describeInput(path, bytes);
  const psf = options.psf === undefined ? undefined : describeInput(options.psf, await readFileBytes(options.psf));
  const read = await parseScan(bytes, {
    file: path,
    ...(options.relative === undefined ? {} : { relativeUnit: options.relative }),
  });
  const scan = withOverrides(read, overrides);

  const start = performance.now();
  const inversion = located(path, () => invertScan(scan, { ...fourier, onProgress: progressLine('inverting') }));
  const seconds = (performance.now() - start) / 1000;
  const said = statements(inversion);
  const result: InversionResult = {
    sheets: [inversion.sheet],
    residual: inversion.residual,
    field: inversion.field,
    fitted: inversion.fitted,
    process: processRecord(
      inversion,
      { version, date: new Date().toISOString(), given: givenOf(options) },
      psf === undefined ? [input] : [input, psf],
    ),
  };
  // Everything is made before anything is written, so that a failure leaves no half of it.
  const outputs: [string, Uint8Array][] = [];
  if (options.out !== undefined) outputs.push([options.out, await formatResult(result)]);
  if (options.figure !== undefined) outputs.push([options.figure, figureBytes(options.figure, result, inversion)]);
  if (options.report !== undefined) {
    outputs.push([options.report, new TextEncoder().encode(reportHtml(path, result, inversion, said))]);
  }
  for (const [name, content] of outputs) await writeFileSafely(name, content);
  const summary = summaryOf(inversion, seconds, options.out);
  print(options, said, inversion, seconds);
  if (options.json) printJson(summary);
}

async function fourierOptions(options: InvertOptions): Promise<FourierOptions> {
  const lambda = numberOption('--lambda', options.lambda, { above: 0 });
  const order = numberOption('--order', options.order, { least: 1, most: 3, whole: true });
  const exterior =
    options.exterior === undefined || options.exterior === 'closed'
      ? options.exterior
      : numberOption('--exterior', options.exterior, { least: 0.05, most: 4 });
  const disc = millimetres('--sensor-disc-mm', options.sensorDiscMm, 0);
  const square = millimetres('--sensor-square-mm', options.sensorSquareMm, 0);
  const sensor =
    options.psf !== undefined
      ? await measuredSensor(options.psf, options)
      : disc !== undefined
        ? ({ kind: 'disc', radius: disc / 2 } as const)
        : square !== undefined
          ? ({ kind: 'square', side: square } as const)
          : undefined;
  return {
    ...(lambda === undefined ? {} : { lambda }),
    ...(order === undefined ? {} : { order }),
    ...(exterior === undefined ? {} : { exterior }),
    ...(sensor === undefined ? {} : { sensor }),
    ...(options.background === undefined || options.background === 'auto'
      ? {}
      : { background: options.background === 'fit' }),
  };
}

async function measuredSensor(path: string, options: InvertOptions): Promise<NonNullable<FourierOptions['sensor']>> {
  const image = readImage(await readFileBytes(path), { file: path });
  if (options.psfKind === 'area') return { kind: 'area', image };
  const height = millimetres('--psf-standoff-mm', options.psfStandoffMm, 0) ?? image.standoff;
  if (height === undefined || !(height > 0)) {
    throw new InputError('does not say how high above the dipole the image was taken', {
      file: path,
      advice: 'give --psf-standoff-mm, or --psf-kind area if it is a sensitivity',
    });
  }
  return { kind: 'dipole', image, height };
}

/** The options that shape the result, as they were given. */
function givenOf({ json, debug, out, report, figure, ...given }: InvertOptions): Record<string, unknown> {
  return given;
}

interface Overrides {
  /** m */
  readonly standoff: number | undefined;
  readonly sigma_uT: number | undefined;
}

function overridesOf(options: InvertOptions): Overrides {
  return {
    standoff: millimetres('--standoff-mm', options.standoffMm),
    sigma_uT: numberOption('--sigma-uT', options.sigmaUT, { above: 0 }),
  };
}

/** The standoff and the noise as the command line has them; the noise of a relative scan is in its own unit. */
function withOverrides(scan: FieldScan, { standoff, sigma_uT }: Overrides): FieldScan {
  return {
    ...scan,
    ...(standoff === undefined ? {} : { z: new Float64Array(scan.count).fill(standoff) }),
    ...(sigma_uT === undefined ? {} : withSigma(scan, scan.relativeUnit === undefined ? sigma_uT * 1e-6 : sigma_uT)),
  };
}

/** One noise for all readings, in place of what the file says of each. */
function withSigma(scan: FieldScan, sigma: number): Pick<FieldScan, 'sigma' | 'components'> {
  const components = Object.entries(scan.components).map(([name, { values, quadrature }]) => [
    name,
    { values, ...(quadrature === undefined ? {} : { quadrature }) },
  ]);
  return { sigma, components: Object.fromEntries(components) };
}

/** Adds the file to errors that come from its content. */
function located<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InputError || error instanceof NumericalError ? error.at({ file }) : error;
  }
}

function summaryOf(inversion: Inversion, seconds: number, out: string | undefined) {
  const { solution, samples, rejected, sheet } = inversion;
  const { bx, by, bz } = solution.background;
  return {
    method: 'fourier',
    target: 'current',
    lambda: solution.lambda,
    lambdaBy: solution.lambdaBy,
    lambdaWhy: solution.lambdaBy === 'given' ? null : solution.choice.why,
    candidates: solution.choice.candidates,
    order: solution.order,
    exterior: solution.exterior,
    chi2: solution.chi2 ?? null,
    sigma_T: solution.sigma,
    resolution_mm: 1e3 * Math.sqrt(solution.resolution.x * solution.resolution.y),
    samples,
    rejected,
    background_T: { x: bx ?? null, y: by ?? null, z: bz ?? null },
    rimShare: solution.rim,
    sheets_m: [sheet.z],
    share: [1],
    totalCurrent_A: null,
    relativeUnit: sheet.relativeUnit ?? null,
    seconds,
    out: out ?? null,
  };
}

function curveOf({ solution }: Inversion) {
  const { choice, lambda, lambdaBy } = solution;
  return { ...choice.curve, chosen: { rule: lambdaBy, lambda }, candidates: choice.candidates };
}

function figureBytes(name: string, result: InversionResult, inversion: Inversion): Uint8Array {
  const svg = inversionFigure(result, { curve: curveOf(inversion) });
  return name.toLowerCase().endsWith('.png') ? renderPng(svg) : new TextEncoder().encode(embedFonts(svg));
}

function rows({ solution, samples, rejected, sheet }: Inversion): ReportRow[] {
  const unit = sheet.relativeUnit ?? 'T';
  const { bx, by, bz } = solution.background;
  const background = Object.entries({ bx, by, bz }).filter(([, value]) => value !== undefined);
  return [
    { label: 'Readings used', value: samples, digits: 9 },
    { label: 'Readings rejected', value: rejected, digits: 9 },
    { label: 'Height of the sensors above the sheet', value: solution.height, unit: 'm' },
    {
      label: 'Noise of a reading',
      value: solution.sigma,
      unit,
      note: solution.chi2 === undefined ? 'estimated' : 'stated',
    },
    { label: 'Reduced chi-squared', value: solution.chi2 ?? '-', note: '1 where model and stated noise agree' },
    { label: 'Resolution along x', value: solution.resolution.x, unit: 'm', note: 'full width at half maximum' },
    { label: 'Resolution along y', value: solution.resolution.y, unit: 'm' },
    ...background.map(([name, value]) => ({ label: `Background ${name}`, value: value as number, unit })),
    { label: 'Order of the penalty', value: solution.order },
    {
      label: 'Lambda',
      value: solution.lambda.toExponential(3),
      note: solution.lambdaBy === 'given' ? 'given' : solution.choice.why,
    },
    { label: 'Degrees of freedom of the map', value: Math.round(solution.degrees), digits: 9 },
    { label: 'Field at the rim', value: `${Math.round(100 * solution.rim)} %`, note: 'rms, of that in the window' },
  ];
}

function reportHtml(path: string, result: InversionResult, inversion: Inversion, said: Statements): string {
  return inversionReport({
    title: `Current map of ${path.split(/[\\/]/).at(-1)}`,
    verdict: said.verdict,
    warnings: said.warnings,
    canSee: said.canSee,
    figures: inversionFigures(result, { curve: curveOf(inversion) }),
    table: rows(inversion),
    process: result.process,
    fontCss: fontFaceCss(),
  });
}

function print(options: InvertOptions, said: Statements, { solution }: Inversion, seconds: number): void {
  say(options, bold(options, said.verdict[0]));
  for (const line of said.verdict.slice(1)) say(options, line);
  for (const line of said.warnings) process.stderr.write(`warning: ${line}\n`);
  const { x, y } = solution.resolution;
  say(options, `Resolution ${formatQuantity(x, 'm')} x ${formatQuantity(y, 'm')}, ${seconds.toFixed(2)} s.`);
  for (const name of [options.out, options.report, options.figure])
    if (name !== undefined) say(options, `Wrote ${name}`);
}
