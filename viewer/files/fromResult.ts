import { type CurrentMap, magnitude } from '../../src/currentMap.js';
import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { formatNumber, formatQuantity, formatWithError } from '../../src/figures/format.js';
import { heightText } from '../../src/figures/inversionPanel.js';
import type { ReportRow } from '../../src/figures/report.js';
import type { Grid } from '../../src/grid.js';
import type { Cell } from '../../src/model/cell.js';
import type { InversionResult, ProcessRecord } from '../../src/result.js';
import type { Layer, LiveCell, LiveField, Note, Spot, ViewerDocument } from '../state/document.js';
import { currentLayers, departureLayers, phaseLayers, vectorsOf } from './currentLayers.js';
import { fieldLayers, residualLayers } from './fieldLayers.js';
import { largestOf, makeLayer, medianOf, placeOf } from './layer.js';
import { parameter, recordOf } from './record.js';

/** Above this the model lacks something. */
const HIGH_CHI2 = 1.2;
/** Chance alone makes departures up to this somewhere, in standard errors. */
const BY_CHANCE = 5;

/** The page of a result of `savart invert`. @param cells its outline and tabs @param model the cell, for the bounded method */
export function resultDocument(
  id: string,
  name: string,
  result: InversionResult,
  cells: readonly CellDrawing[],
  totalCurrent: number | undefined,
  model?: Cell,
): ViewerDocument {
  const { sheets, healthy, quadrature, conductance, residual, field, fitted, process } = result;
  const where = (z: number) => (sheets.length > 1 ? `, z = ${heightText(z)}` : '');
  const what = process.parameters.command === 'compare' ? 'Difference A − B' : 'Current';
  const currents = sheets.map(sheet => vectorsOf(sheet, `${what.toLowerCase()}${where(sheet.z)}`));
  const layers: Layer[] = [];
  const conductanceLayers = (conductance ?? []).flatMap((map, k) => {
    const shape = { type: 'grid', grid: map.grid } as const;
    const common = { group: `Conductance${where(map.z)}`, unit: '', kind: 'magnitude', shape } as const;
    const top = Math.min(2, Math.max(1.25, largestOf(map.relative).value));
    return [
      makeLayer({
        ...common,
        id: `conductance${k}.relative`,
        name: 'Relative conductance',
        values: map.relative,
        errors: map.errors,
        limits: { min: 0, max: top },
        vectors: currents[k],
      }),
      makeLayer({
        ...common,
        id: `conductance${k}.error`,
        name: 'Error of the conductance',
        values: map.errors,
        colours: 'inferno',
      }),
    ];
  });
  sheets.forEach((sheet, k) => {
    layers.push(...currentLayers(sheet, currents[k], `sheet${k}`, `${what}${where(sheet.z)}`));
    if (quadrature?.[k] !== undefined)
      layers.push(...phaseLayers(sheet, quadrature[k], result.phase ?? 0, `sheet${k}`, where(sheet.z)));
    if (healthy?.[k] !== undefined) layers.push(...departureLayers(sheet, healthy[k], `sheet${k}`, where(sheet.z)));
  });
  layers.push(...conductanceLayers);
  if (field !== undefined) layers.push(...fieldLayers(field, 'field', 'Measured field'));
  if (fitted !== undefined) layers.push(...fieldLayers(fitted, 'fitted', 'Modelled field'));
  if (residual !== undefined) layers.push(...residualLayers(residual));

  const current = parameter(process, 'totalCurrent_A') ?? totalCurrent;
  const live = liveOf(result, model);
  const { headline, spot } = headlineOf(result);
  const firstOf = (suffix: string) => layers.find(layer => layer.id.endsWith(suffix))?.id;
  const shown = [
    firstOf('.relative'),
    'sheet0.magnitude',
    firstOf('.departure'),
    firstOf('.bz') ?? firstOf('.error'),
    sheets.length > 1 ? 'sheet1.magnitude' : firstOf('.significance'),
  ].filter(one => one !== undefined);
  return {
    id,
    name,
    kind: 'result',
    headline,
    notes: notesOf(result),
    layers,
    shown: [...new Set(shown)],
    currents,
    ...(residual === undefined ? {} : { samples: { x: residual.x, y: residual.y, rejected: residual.rejected } }),
    ...(spot === undefined ? {} : { spots: [spot] }),
    cells,
    ...(current === undefined ? {} : { totalCurrent: current }),
    facts: factsOf(result),
    record: recordOf(process),
    ...(live === undefined ? {} : { field: live }),
  };
}

/** What is most remarkable: a departure that chance does not explain, else the strongest current. */
function headlineOf({ sheets, healthy, conductance, process }: InversionResult): { headline: string; spot?: Spot } {
  if (conductance !== undefined) {
    const lowest = conductance.map(map => largestOf(map.relative.map(v => -v)));
    const k = lowest[1] !== undefined && lowest[1].value > lowest[0].value ? 1 : 0;
    const { grid, errors } = conductance[k];
    const { value, index } = lowest[k];
    return {
      headline: `The conductance of the foil is lowest at ${placeOf({ type: 'grid', grid }, index)}: ${formatWithError(-value, errors[index])} of its median.`,
      spot: spotAt(grid, index, 'lowest conductance'),
    };
  }
  const [sheet] = sheets;
  const relative = sheet.relativeUnit !== undefined;
  const unit = relative ? '' : 'A/m';
  const shape = { type: 'grid', grid: sheet.grid } as const;
  const size = magnitude(sheet);
  const strongest = largestOf(size);
  if (strongest.index < 0) return { headline: 'This result holds no current.' };
  if (process.parameters.command === 'compare') return differenceHeadline(sheet, strongest, unit, process);
  const plain = `The current is strongest at ${placeOf(shape, strongest.index)}: ${formatQuantity(strongest.value, unit)}${relative ? ' (relative)' : ''}.`;
  if (healthy === undefined) return { headline: plain };
  const { kxErrors, kyErrors } = sheet;
  const departure = sheet.kx.map((kx, i) => Math.hypot(kx - healthy[0].kx[i], sheet.ky[i] - healthy[0].ky[i]));
  const largest = largestOf(departure);
  const i = largest.index;
  const text = `${formatQuantity(largest.value, unit)} at ${placeOf(shape, i)}, where a healthy cell carries ${formatQuantity(Math.hypot(healthy[0].kx[i], healthy[0].ky[i]), unit)}`;
  const spot = spotAt(sheet.grid, i, 'largest departure');
  if (kxErrors === undefined || kyErrors === undefined)
    return { headline: `The current departs from a healthy cell’s by up to ${text}.`, spot };
  const sigmas = largest.value / Math.sqrt((kxErrors[i] ** 2 + kyErrors[i] ** 2) / 2);
  if (sigmas > BY_CHANCE) {
    return {
      headline: `The current departs from a healthy cell’s by ${text}: ${formatNumber(sigmas, 2)} standard errors.`,
      spot,
    };
  }
  return {
    headline: `Nothing departs from a healthy cell by more than chance makes it (largest: ${formatNumber(sigmas, 2)} standard errors).`,
  };
}

/** Of a difference that `savart compare` wrote. */
function differenceHeadline(
  { grid, kxErrors, kyErrors }: CurrentMap,
  { value, index }: { readonly value: number; readonly index: number },
  unit: string,
  { inputs }: ProcessRecord,
): { headline: string; spot: Spot } {
  const [a, b] = inputs.length === 2 ? inputs.map(({ name }) => name) : ['A', 'B'];
  const error =
    kxErrors === undefined || kyErrors === undefined
      ? ''
      : `, ${formatNumber(value / Math.sqrt((kxErrors[index] ** 2 + kyErrors[index] ** 2) / 2), 2)} standard errors`;
  return {
    headline: `The difference ${a} − ${b} is largest at ${placeOf({ type: 'grid', grid }, index)}: ${formatQuantity(value, unit)}${error}.`,
    spot: spotAt(grid, index, 'largest difference'),
  };
}

function spotAt({ nx, x0, y0, dx, dy }: Grid, index: number, text: string): Spot {
  return { x: x0 + (index % nx) * dx, y: y0 + Math.floor(index / nx) * dy, text };
}

function notesOf({ process, residual }: InversionResult): Note[] {
  const notes: Note[] = [];
  const chi2 = parameter(process, 'chi2');
  if (chi2 !== undefined && process.parameters.command === 'compare') {
    const more = chi2 > HIGH_CHI2 ? 'the two differ by more than their errors' : 'their errors explain the difference';
    notes.push({ warning: false, text: `chi² is ${chi2.toPrecision(3)} per reading: ${more}.` });
  } else if (chi2 !== undefined && chi2 > HIGH_CHI2) {
    notes.push({
      warning: true,
      text: `The residual is larger than the stated noise (chi² = ${chi2.toFixed(2)} per degree of freedom): the model lacks something.`,
    });
  }
  const rim = parameter(process, 'rimShare');
  if (rim !== undefined && rim > 0.25) {
    notes.push({
      warning: true,
      text: `The scan ends where the field is still ${Math.round(100 * rim)} % of what it is inside: currents outside act on this map.`,
    });
  }
  const rejected = residual?.rejected.reduce((sum, v) => sum + v, 0) ?? 0;
  if (rejected > 0)
    notes.push({ warning: false, text: `${rejected} of ${residual!.x.length} samples were rejected as outliers.` });
  return notes;
}

function factsOf({ sheets, healthy, share, process, residual }: InversionResult): ReportRow[] {
  const rows: ReportRow[] = [];
  const add = (label: string, value: number | string | undefined, unit = '', note = '') => {
    if (value !== undefined && !(typeof value === 'number' && Number.isNaN(value)))
      rows.push({ label, value, unit, note });
  };
  const text = (name: string) => {
    const value = process.parameters[name];
    return typeof value === 'string' ? value : undefined;
  };
  add('Method', text('method'));
  add('Current of the cell', parameter(process, 'totalCurrent_A'), 'A');
  sheets.forEach((sheet, k) => {
    const unit = sheet.relativeUnit === undefined ? 'A/m' : '';
    const where = sheets.length > 1 ? ` at z = ${heightText(sheet.z)}` : '';
    add(`Largest |K|${where}`, largestOf(magnitude(sheet)).value, unit);
    if (sheet.kxErrors !== undefined && sheet.kyErrors !== undefined) {
      const { kyErrors } = sheet;
      add(`Median error of K${where}`, medianOf(sheet.kxErrors.map((v, i) => Math.hypot(v, kyErrors[i]))), unit);
    }
    if (sheet.resolution !== undefined)
      add(`Median resolution${where}`, medianOf(sheet.resolution), 'm', 'full width at half maximum');
    if (share !== undefined && sheets.length > 1) add(`Share of the current${where}`, share[k]);
  });
  if (healthy !== undefined) {
    let [difference, norm] = [0, 0];
    sheets.forEach(({ kx, ky }, k) => {
      for (let i = 0; i < kx.length; i++) {
        if (Number.isNaN(kx[i])) continue;
        difference += (kx[i] - healthy[k].kx[i]) ** 2 + (ky[i] - healthy[k].ky[i]) ** 2;
        norm += healthy[k].kx[i] ** 2 + healthy[k].ky[i] ** 2;
      }
    });
    add(
      'Departure from the healthy cell',
      `${(100 * Math.sqrt(difference / norm)).toFixed(1)} %`,
      '',
      'rms over the cell',
    );
  }
  add('Noise of a reading', parameter(process, 'sigma_T'), sheets[0].relativeUnit ?? 'T');
  add('Reduced chi²', parameter(process, 'chi2'), '', '1 where model and noise agree');
  const lambda = parameter(process, 'lambda');
  add('Lambda', lambda, '', text('lambdaBy') ?? '');
  add('Height of the sensors', parameter(process, 'height_m'), 'm');
  if (residual !== undefined) {
    add('Samples', residual.x.length);
    add(
      'Rejected',
      residual.rejected.reduce((sum, v) => sum + v, 0),
    );
  }
  return rows;
}

/** The measured field, with the choices that were made where the Fourier method made them. */
function liveOf(
  { sheets, field, process, quadrature }: InversionResult,
  model: Cell | undefined,
): LiveField | undefined {
  if (field === undefined) return undefined;
  const start = { map: field, sheetZ: sheets[0].z };
  if (process.parameters.method === 'bounded' && sheets.length === 1 && quadrature === undefined) {
    const bounded = liveCell(process, model, sheets[0].grid.dx);
    return bounded === undefined ? start : { ...start, bounded };
  }
  if (process.parameters.method !== 'fourier') return start;
  const lambda = parameter(process, 'lambda');
  const order = parameter(process, 'order');
  const { exterior, background_T: background } = process.parameters;
  return {
    ...start,
    ...(lambda === undefined ? {} : { lambda }),
    ...(order === undefined ? {} : { order }),
    ...(exterior === 'closed' || typeof exterior === 'number' ? { exterior } : {}),
    ...(typeof background === 'object' && background !== null
      ? { background: Object.values(background).some(value => value !== 0) }
      : {}),
  };
}

/** Options of `savart invert` that a field on its raster does not carry: with them the bounded method is not made again. */
const BEYOND_FIELD = [
  'sensorDiscMm',
  'sensorSquareMm',
  'background',
  'swelling',
  'currentErrorPct',
  'reference',
  'sigmaUT',
];

/** What the bounded method needs to be made again; undefined where it had more than the field on its raster. */
function liveCell(process: ProcessRecord, model: Cell | undefined, pitch: number): LiveCell | undefined {
  const { given, nuisances, place, lambdaBy, target } = process.parameters;
  const current = parameter(process, 'totalCurrent_A');
  const [gainError, positionError] = ['gainError', 'positionError_m'].map(name => parameter(process, name));
  if (model === undefined || current === undefined || gainError === undefined || positionError === undefined)
    return undefined;
  if (target !== 'current' || (Array.isArray(nuisances) && nuisances.length > 0)) return undefined;
  if (typeof given === 'object' && given !== null && BEYOND_FIELD.some(name => name in given)) return undefined;
  const lambda = lambdaBy === 'given' ? parameter(process, 'lambda') : undefined;
  return {
    cell: { ...model, current },
    pitch,
    gainError,
    positionError,
    place: wasMoved(place) ? 'fit' : 'given',
    ...(lambda === undefined ? {} : { lambda }),
  };
}

/** Whether the record says that the samples were moved. */
function wasMoved(place: unknown): boolean {
  const applied = typeof place === 'object' && place !== null && 'applied' in place ? place.applied : undefined;
  return /[1-9]/.test(JSON.stringify(applied ?? null));
}
