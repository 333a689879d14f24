import { magnitude } from '../../src/currentMap.js';
import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { heightText } from '../../src/figures/inversionPanel.js';
import { colourLimits } from '../../src/figures/limits.js';
import type { ReportRow } from '../../src/figures/report.js';
import type { Cell } from '../../src/model/cell.js';
import type { InversionResult } from '../../src/result.js';
import type { Layer, Note, ViewerDocument } from '../state/document.js';
import { currentLayers, departureLayers, phaseLayers, vectorsOf } from './currentLayers.js';
import { fieldLayers, residualLayers } from './fieldLayers.js';
import { largestOf, makeLayer, medianOf } from './layer.js';
import { liveOf } from './liveField.js';
import { parameter, recordOf } from './record.js';
import { headlineOf } from './resultHeadline.js';

/** Above this the model lacks something. */
const HIGH_CHI2 = 1.2;
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
    layers.push(...currentLayers(sheet, currents[k], `sheet${k}`, what, where(sheet.z)));
    if (quadrature?.[k] !== undefined)
      layers.push(...phaseLayers(sheet, quadrature[k], result.phase ?? 0, `sheet${k}`, where(sheet.z)));
    if (healthy?.[k] !== undefined) layers.push(...departureLayers(sheet, healthy[k], `sheet${k}`, where(sheet.z)));
  });
  if (sheets.length > 1) for (const suffix of ['.magnitude', '.departure']) onOneScale(layers, suffix);
  layers.push(...conductanceLayers);
  if (field !== undefined) layers.push(...fieldLayers(field, 'field', 'Measured field'));
  if (fitted !== undefined) layers.push(...fieldLayers(fitted, 'fitted', 'Modelled field'));
  if (residual !== undefined) layers.push(...residualLayers(residual));

  const current = parameter(process, 'totalCurrent_A') ?? totalCurrent;
  const live = liveOf(result, model);
  const { headline, spots } = headlineOf(result);
  const firstOf = (suffix: string) => layers.find(layer => layer.id.endsWith(suffix))?.id;
  const shown = [
    firstOf('.relative'),
    ...(sheets.length > 1 ? sheets.map((_, k) => `sheet${k}.magnitude`) : ['sheet0.magnitude']),
    ...(sheets.length > 1 && healthy !== undefined
      ? sheets.map((_, k) => `sheet${k}.departure`)
      : [firstOf('.departure')]),
    firstOf('.bz') ?? firstOf('.error'),
    firstOf('.significance'),
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
    ...(spots.length === 0 ? {} : { spots }),
    cells,
    ...(current === undefined ? {} : { totalCurrent: current }),
    facts: factsOf(result),
    record: recordOf(process),
    ...(live === undefined ? {} : { field: live }),
  };
}

/** The same quantity of all sheets in the same colours: a sheet where nothing happens looks like that. */
function onOneScale(layers: Layer[], suffix: string): void {
  const own = layers.filter(({ id }) => id.endsWith(suffix));
  const all = Float64Array.from(own.flatMap(({ values }) => [...values]));
  const limits = colourLimits(all, 'magnitude');
  own.forEach(layer => {
    layers[layers.indexOf(layer)] = { ...layer, limits };
  });
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
