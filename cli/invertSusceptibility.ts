import type { SensorOffset } from '../inversion/susceptibility/drift.js';
import { type SeparatedMagnetisation, separateRemanence } from '../inversion/susceptibility/remanence.js';
import type { Slab, SusceptibilitySolution } from '../inversion/susceptibility/solution.js';
import { susceptibilityInversion } from '../inversion/susceptibility/susceptibilityInversion.js';
import { susceptibilityStatements } from '../inversion/susceptibility/susceptibilityStatements.js';
import { UsageError } from '../src/errors.js';
import { formatNumber, formatQuantity, formatWithError } from '../src/figures/format.js';
import type { ReportRow } from '../src/figures/index.js';
import { formatSusceptibility } from '../src/formats/nexusSusceptibility.js';
import type { ProcessRecord } from '../src/result.js';
import type { SusceptibilityResult } from '../src/susceptibilityMap.js';
import { type InvertContext, located, readInput, readScan } from './invertInput.js';
import { givenOf, type InvertOptions } from './invertOptions.js';
import { type InvertOutcome, relativeError } from './invertOutput.js';
import {
  appliedField,
  checkSecond,
  microteslas,
  sigmaOf,
  susceptibilityOptions,
  vectorOption,
} from './susceptibilityOptions.js';

const PPM = 1e6;

/** `savart invert SCAN --cell CELL --target susceptibility`: chi of a slab in a known field. */
export default async function invertSusceptibility(
  path: string,
  options: InvertOptions,
  { version }: InvertContext,
): Promise<InvertOutcome> {
  const chosen = susceptibilityOptions(options);
  const secondField = vectorOption('--second-field-uT', options.secondFieldUT);
  const along = vectorOption('--remanence-along', options.remanenceAlong);
  checkSecond(options);
  const { scan, cell, files } = await readInput(path, options);
  if (cell === undefined) {
    throw new UsageError('the susceptibility needs outline, thickness and applied field of the cell', {
      advice: 'give --cell cell.yaml',
    });
  }
  const { model } = cell;
  const applied = await appliedField(options, model.appliedField, cell.path);
  const slab: Slab = { outline: model.outline, thickness: model.thickness, field: applied.field };
  const second = options.second === undefined ? undefined : await readScan(options.second, undefined, sigmaOf(options));
  const inputs = [...files, ...applied.files, ...(second === undefined ? [] : [second.input])];

  const start = performance.now();
  const masked = { ...chosen, masked: model.masked };
  const separated =
    second === undefined
      ? undefined
      : located(second.path, () =>
          separateRemanence(scan, second.scan, slab, microteslas(secondField!), masked, along),
        );
  const solution = separated?.susceptibility ?? located(path, () => susceptibilityInversion(scan, slab, masked));
  const seconds = (performance.now() - start) / 1000;
  const stated = susceptibilityStatements(solution, scan, slab, separated);
  const said = { ...stated, warnings: [...applied.warnings, ...stated.warnings] };
  const process: ProcessRecord = {
    program: 'savart',
    version,
    date: new Date().toISOString(),
    inputs,
    cell: cell.text,
    parameters: parametersOf(solution, separated, givenOf(options)),
  };
  const result: SusceptibilityResult = {
    map: solution.map,
    residual: solution.residual,
    process,
    ...(separated === undefined ? {} : { remanence: separated.remanence }),
  };
  const figures = {
    curve: {
      ...solution.curve,
      chosen: { rule: solution.lambdaBy, lambda: solution.lambda },
      candidates: solution.candidates,
    },
    scan,
  };
  const drawn = async () => {
    const loaded = await import('../src/figures/index.js');
    return { ...loaded, figures: { ...figures, cells: [loaded.cellDrawing(model)] } };
  };
  const summary = { ...parametersOf(solution, separated, undefined), warnings: said.warnings };
  return {
    said,
    last: [`${solution.tiles.lattice.count} pixels, ${seconds.toFixed(2)} s.`],
    summary: { ...summary, seconds, out: options.out ?? null },
    mapError: relativeError([{ values: solution.map.chi, errors: solution.map.chiErrors }]),
    finished: true,
    make: {
      result: () => formatSusceptibility(result),
      figure: async () => {
        const { susceptibilityFigure, figures } = await drawn();
        return susceptibilityFigure(result, figures);
      },
      report: async () => {
        const { inversionReport, susceptibilityFigures, figures } = await drawn();
        const { fontFaceCss } = await import('../src/figures/node.js');
        const { withMaps } = await import('./viewReport.js');
        return inversionReport({
          title: `Susceptibility map of ${path.split(/[\\/]/).at(-1)}`,
          verdict: said.verdict,
          warnings: said.warnings,
          canSee: said.canSee,
          figures: susceptibilityFigures(result, figures),
          table: rows(solution),
          process,
          fontCss: fontFaceCss(),
          ...withMaps({ kind: 'susceptibility', name: path.split(/[\\/]/).at(-1)!, result, cells: figures.cells }),
        });
      },
    },
  };
}

/** What was found, for `--json` and for the record. */
function parametersOf(
  solution: SusceptibilitySolution,
  separated: SeparatedMagnetisation | undefined,
  given: Record<string, unknown> | undefined,
): Record<string, unknown> {
  const finite = (v: number) => (Number.isFinite(v) ? v : null);
  const { grid } = solution.map;
  return {
    method: 'prisms',
    target: 'susceptibility',
    ...(given === undefined ? {} : { given }),
    mean: solution.mean,
    meanError: finite(solution.meanError),
    appliedField_T: solution.field,
    prior: solution.prior,
    priorWhy: solution.priorWhy,
    lambda: solution.lambda,
    lambdaBy: solution.lambdaBy,
    candidates: solution.candidates,
    chi2: solution.chi2,
    sigma_T: solution.sigma,
    sigmaStated: solution.sigmaStated,
    degrees: solution.degrees,
    drift: solution.drift,
    driftWhy: solution.driftWhy,
    offsets: solution.offsets.map(offsetRecord),
    resolution_mm: finite(1e3 * solution.resolution),
    pitch_mm: [1e3 * grid.dx, 1e3 * grid.dy],
    samples: solution.samples,
    rejected: solution.rejected,
    remanence:
      separated === undefined
        ? null
        : {
            direction: separated.remanence.direction,
            mean_A_per_m: separated.remanent.mean,
            meanError_A_per_m: finite(separated.remanent.meanError),
          },
  };
}

function offsetRecord({ sensor, component, line, offset, offsetError, drift, driftError, at_s }: SensorOffset) {
  const finite = (v: number | undefined) => (v !== undefined && Number.isFinite(v) ? v : null);
  return {
    sensor: sensor ?? null,
    component,
    ...(line === undefined ? {} : { line }),
    offset_T: offset,
    offsetError_T: finite(offsetError),
    ...(drift === undefined ? {} : { drift_T_per_s: drift, driftError_T_per_s: finite(driftError), at_s }),
  };
}

/** More offsets than this are not listed one by one. */
const MOST_LISTED = 24;

function rows(solution: SusceptibilitySolution): ReportRow[] {
  const { mean, meanError, offsets, resolution, field } = solution;
  const value = (v: number, error: number) => (Number.isFinite(error) ? formatWithError(v, error) : formatNumber(v, 4));
  const listed = offsets.length <= MOST_LISTED ? offsets : [];
  return [
    { label: 'Mean susceptibility', value: `${value(PPM * mean, PPM * meanError)} ppm` },
    { label: 'Applied field', value: `(${field.map(v => formatNumber(PPM * v)).join(', ')}) µT` },
    ...(Number.isFinite(resolution)
      ? [{ label: 'Resolution', value: resolution, unit: 'm', note: 'median full width at half maximum' }]
      : []),
    ...listed.map(({ sensor, component, offset, offsetError, drift, driftError }) => ({
      label: `Offset ${sensor === undefined ? '' : `${sensor} `}${component}`,
      value: `${value(offset * 1e12, offsetError * 1e12)} pT`,
      ...(drift === undefined
        ? {}
        : { note: `drift ${value(drift * 3.6e15, (driftError ?? Number.NaN) * 3.6e15)} pT/h` }),
    })),
    ...(offsets.length > MOST_LISTED ? [{ label: 'Offsets fitted along', value: offsets.length, digits: 9 }] : []),
    { label: 'Readings used', value: solution.samples, digits: 9 },
    { label: 'Readings rejected', value: solution.rejected, digits: 9 },
    {
      label: 'Noise of a reading',
      value: formatQuantity(solution.sigma, 'T'),
      note: solution.sigmaStated ? 'stated' : 'estimated',
    },
    { label: 'Reduced chi-squared', value: solution.chi2, note: '1 where model and stated noise agree' },
    { label: 'Degrees of freedom of the model', value: Math.round(solution.degrees), digits: 9 },
    {
      label: 'Lambda',
      value: solution.lambda.toExponential(3),
      note: solution.lambdaBy === 'given' ? 'given' : 'by GCV',
    },
  ];
}
