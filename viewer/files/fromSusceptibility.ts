import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { formatNumber } from '../../src/figures/format.js';
import type { ReportRow } from '../../src/figures/report.js';
import type { SusceptibilityResult } from '../../src/susceptibilityMap.js';
import type { Layer, ViewerDocument } from '../state/document.js';
import { residualLayers } from './fieldLayers.js';
import { largestOf, makeLayer, medianOf, placeOf } from './layer.js';
import { parameter, recordOf } from './record.js';

/** The page of a result of `savart invert --target susceptibility`. */
export function susceptibilityDocument(
  id: string,
  name: string,
  result: SusceptibilityResult,
  cells: readonly CellDrawing[],
): ViewerDocument {
  const { map, remanence, residual, process } = result;
  const shape = { type: 'grid', grid: map.grid } as const;
  const group = 'Susceptibility';
  const signed = map.chi.some(v => v < 0);
  const layers: Layer[] = [
    makeLayer({
      id: 'chi',
      group,
      name: 'χ',
      unit: '',
      kind: signed ? 'signed' : 'magnitude',
      shape,
      values: map.chi,
      errors: map.chiErrors,
    }),
  ];
  const mean = meanOf(map.chi);
  layers.push(
    makeLayer({
      id: 'chi.variation',
      group,
      name: 'χ − mean',
      unit: '',
      kind: 'signed',
      shape,
      values: map.chi.map(v => v - mean),
      errors: map.chiErrors,
    }),
  );
  if (map.chiErrors !== undefined) {
    layers.push(
      makeLayer({
        id: 'chi.error',
        group,
        name: 'Error of χ',
        unit: '',
        kind: 'magnitude',
        colours: 'magma',
        shape,
        values: map.chiErrors,
      }),
    );
  }
  if (map.resolution !== undefined) {
    layers.push(
      makeLayer({
        id: 'chi.resolution',
        group,
        name: 'Resolution',
        unit: 'm',
        kind: 'magnitude',
        colours: 'cividis',
        shape,
        values: map.resolution,
      }),
    );
  }
  if (remanence !== undefined) {
    layers.push(
      makeLayer({
        id: 'remanence',
        group: 'Remanence',
        name: 'Remanent magnetisation',
        unit: 'A/m',
        kind: 'signed',
        shape,
        values: remanence.magnetisation,
        errors: remanence.errors,
      }),
    );
  }
  if (residual !== undefined) layers.push(...residualLayers(residual));
  const deviations = largestOf(map.chi.map(v => Math.abs(v - mean)));
  const facts: ReportRow[] = [
    { label: 'Mean χ', value: mean },
    { label: 'Largest χ', value: largestOf(map.chi).value },
    { label: 'Smallest χ', value: -largestOf(map.chi.map(v => -v)).value },
    ...(map.chiErrors === undefined ? [] : [{ label: 'Median error of χ', value: medianOf(map.chiErrors) }]),
    ...(map.resolution === undefined
      ? []
      : [{ label: 'Median resolution', value: medianOf(map.resolution), unit: 'm' }]),
    { label: 'Faces of the slab', value: `${1e3 * map.bottom} to ${1e3 * map.top}`.replace('-', '−'), unit: 'mm' },
    ...(['chi2', 'lambda'] as const).flatMap(key => {
      const value = parameter(process, key);
      return value === undefined ? [] : [{ label: key === 'chi2' ? 'Reduced chi²' : 'Lambda', value }];
    }),
  ];
  return {
    id,
    name,
    kind: 'susceptibility',
    headline:
      deviations.index < 0
        ? 'This result holds no susceptibility.'
        : `Mean susceptibility ${formatNumber(mean)}; it departs most from that at ${placeOf(shape, deviations.index)}: χ = ${formatNumber(map.chi[deviations.index])}.`,
    notes: [],
    layers,
    shown: ['chi', 'chi.error'].filter(one => layers.some(layer => layer.id === one)),
    currents: [],
    ...(residual === undefined ? {} : { samples: { x: residual.x, y: residual.y, rejected: residual.rejected } }),
    cells,
    facts,
    record: recordOf(process),
  };
}

function meanOf(values: Float64Array): number {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((sum, v) => sum + v, 0) / finite.length;
}
