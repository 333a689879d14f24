import { alternatingStatements } from '../inversion/alternating/alternatingStatements.js';
import { isAlternating, splitPhases, turnedBack } from '../inversion/alternating/phases.js';
import { quadratureByFourier } from '../inversion/alternating/quadrature.js';
import type { FourierOptions } from '../inversion/fourier/fourierInversion.js';
import { type Inversion, invertScan, processRecord } from '../inversion/invertScan.js';
import { isRelaxation, relaxationScan } from '../inversion/relaxation/relaxationScan.js';
import {
  relaxationRecord,
  relaxationStatements,
  relaxationSummary,
} from '../inversion/relaxation/relaxationStatements.js';
import { statements } from '../inversion/statements.js';
import { InputError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import { formatQuantity } from '../src/figures/format.js';
import type { ReportRow } from '../src/figures/index.js';
import { describeInput, readFileBytes } from '../src/formats/node.js';
import { readImage } from '../src/formats/npzScan.js';
import type { Cell } from '../src/model/cell.js';
import type { InversionResult } from '../src/result.js';
import { type InvertContext, located, readInput } from './invertInput.js';
import { givenOf, type InvertOptions } from './invertOptions.js';
import { currentError, currentOutputs, type InvertOutcome } from './invertOutput.js';
import { millimetres, numberOption } from './options.js';
import { progressLine } from './progress.js';

/** `savart invert SCAN` by the Fourier method. Of a cell it draws the outline and takes the height of a single sheet. */
export default async function invertFourier(
  path: string,
  options: InvertOptions,
  { version, quiet }: InvertContext,
): Promise<InvertOutcome> {
  const standoff = millimetres('--standoff-mm', options.standoffMm);
  const fourier = await fourierOptions(options);
  const { scan: read, cell, files } = await readInput(path, options);
  const psf = options.psf === undefined ? undefined : describeInput(options.psf, await readFileBytes(options.psf));
  const relaxation = isRelaxation(read) ? located(path, () => relaxationScan(read)) : undefined;
  const taken = relaxation?.amplitudes ?? read;
  const scan: FieldScan =
    standoff === undefined ? taken : { ...taken, z: new Float64Array(taken.count).fill(standoff) };
  const sheetZ = sheetOf(cell?.model, standoff);

  const start = performance.now();
  const parts = isAlternating(scan) ? splitPhases(scan) : undefined;
  const chosen = { ...fourier, ...sheetZ };
  const inversion = located(path, () =>
    invertScan(parts?.inPhase ?? scan, quiet ? chosen : { ...chosen, onProgress: progressLine('inverting') }),
  );
  const complex =
    parts &&
    located(path, () => {
      const quadrature = quadratureByFourier(parts.quadrature, inversion, chosen);
      return turnedBack(inversion.sheet, quadrature, parts.phase);
    });
  const seconds = (performance.now() - start) / 1000;
  const frequency = numberOption('--frequency-Hz', options.frequencyHz, { above: 0 });
  const plain = statements(inversion);
  const said = relaxation
    ? relaxationStatements(plain, relaxation)
    : complex
      ? alternatingStatements(plain, [complex.inPhase], [complex.quadrature], parts.phase, frequency, cell?.model)
      : plain;
  const result: InversionResult = {
    sheets: [complex?.inPhase ?? inversion.sheet],
    ...(complex ? { quadrature: [complex.quadrature], phase: parts.phase } : {}),
    residual: inversion.residual,
    ...(relaxation ? { relaxation: relaxationRecord(relaxation) } : {}),
    field: inversion.field,
    fitted: inversion.fitted,
    process: {
      ...processRecord(
        inversion,
        { version, date: new Date().toISOString(), given: givenOf(options) },
        psf === undefined ? files : [...files, psf],
      ),
      ...(cell === undefined ? {} : { cell: cell.text }),
    },
  };
  const { x, y } = inversion.solution.resolution;
  const phase_deg = parts === undefined ? {} : { phase_deg: (180 / Math.PI) * parts.phase };
  const times = relaxation === undefined ? {} : { relaxation: relaxationSummary(relaxation) };
  return {
    said,
    last: [`Resolution ${formatQuantity(x, 'm')} x ${formatQuantity(y, 'm')}, ${seconds.toFixed(2)} s.`],
    summary: { ...summaryOf(inversion, seconds, options.out), ...phase_deg, ...times },
    mapError: currentError(result.sheets),
    finished: true,
    make: currentOutputs({
      result,
      said,
      path,
      rows: () => rows(inversion),
      ...(cell?.model.current === undefined ? {} : { totalCurrent: cell.model.current }),
      ...(cell === undefined ? {} : { cell: cell.model }),
      figures: { curve: curveOf(inversion) },
    }),
  };
}

/** A standoff is the height above the current itself. */
function sheetOf(cell: Cell | undefined, standoff: number | undefined): { sheetZ?: number } {
  return cell === undefined || standoff !== undefined || cell.sheets.length > 1 ? {} : { sheetZ: cell.sheets[0] };
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
