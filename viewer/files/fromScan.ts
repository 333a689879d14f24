import { InputError, NumericalError } from '../../src/errors.js';
import { type FieldScan, measuredComponents } from '../../src/fieldScan.js';
import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { formatQuantity } from '../../src/figures/format.js';
import type { ReportRow } from '../../src/figures/report.js';
import { type GriddedField, onRaster, toFieldMap } from '../../src/gridding/toFieldMap.js';
import type { Layer, Note, ViewerDocument } from '../state/document.js';
import { fieldLayers, readingLayers } from './fieldLayers.js';
import { largestOf, placeOf } from './layer.js';

/** The page of a scan: as a map where the samples stand on a raster, else at their own positions. */
export function scanDocument(
  id: string,
  name: string,
  scan: FieldScan,
  cells: readonly CellDrawing[] = [],
): ViewerDocument {
  const gridded = griddedOf(scan);
  const layers =
    gridded !== undefined
      ? [...fieldLayers(gridded.map, 'field', 'Measured field'), ...quadratures(scan)]
      : readingLayers(scan, 'readings', 'Readings');
  const notes: Note[] = (gridded?.notes ?? []).map(text => ({ text, warning: false }));
  return {
    id,
    name,
    kind: 'scan',
    headline: headlineOf(scan, layers),
    notes,
    layers,
    shown: ['field.bz', 'field.bx', 'field.by', 'readings.0.bz', 'readings.0.bx'].filter(one =>
      layers.some(layer => layer.id === one),
    ),
    currents: [],
    samples: { x: scan.x, y: scan.y },
    cells,
    facts: factsOf(scan, gridded),
    record: [],
    ...(gridded === undefined ? {} : { field: { map: gridded.map, sheetZ: 0 } }),
  };
}

/** The scan as a map; undefined where its samples stand on no raster, or in several planes. */
export function griddedOf(scan: FieldScan): GriddedField | undefined {
  try {
    return onRaster(scan) ? toFieldMap(scan) : undefined;
  } catch (error) {
    if (error instanceof InputError || error instanceof NumericalError) return undefined;
    throw error;
  }
}

function quadratures(scan: FieldScan): Layer[] {
  if (!measuredComponents(scan).some(name => scan.components[name]!.quadrature !== undefined)) return [];
  return readingLayers(scan, 'readings', 'Readings').filter(layer => layer.id.endsWith('q'));
}

function headlineOf(scan: FieldScan, layers: readonly Layer[]): string {
  let best = { text: `${scan.count} samples.`, size: 0 };
  for (const { values, shape, unit, name } of layers) {
    const { value, index } = largestOf(values.map(Math.abs));
    if (!(value > best.size)) continue;
    best = {
      size: value,
      text: `The field is strongest at ${placeOf(shape, index)}: ${name} = ${formatQuantity(values[index], unit)}.`,
    };
  }
  return best.text;
}

function factsOf(scan: FieldScan, gridded: GriddedField | undefined): ReportRow[] {
  const unit = scan.relativeUnit ?? 'T';
  const mm = (values: Float64Array) => {
    const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    const text = (v: number) => String(Number((1e3 * v).toFixed(2))).replace('-', '−');
    return least === most ? text(least) : `${text(least)} to ${text(most)}`;
  };
  const rows: ReportRow[] = [
    { label: 'Samples', value: scan.count },
    { label: 'Components', value: measuredComponents(scan).join(', ') },
    { label: 'x', value: mm(scan.x), unit: 'mm' },
    { label: 'y', value: mm(scan.y), unit: 'mm' },
    { label: 'z', value: mm(scan.z), unit: 'mm' },
  ];
  if (gridded !== undefined) {
    const { nx, ny, dx } = gridded.map.grid;
    rows.push({ label: 'Raster', value: `${nx} × ${ny}` }, { label: 'Pitch', value: dx, unit: 'm' });
  }
  if (scan.sigma !== undefined) rows.push({ label: 'Stated noise of a reading', value: scan.sigma, unit });
  for (const name of measuredComponents(scan)) {
    const { values } = scan.components[name]!;
    rows.push({ label: `Largest |${name}|`, value: largestOf(values.map(Math.abs)).value, unit });
    rows.push({
      label: `Root mean square of ${name}`,
      value: Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length),
      unit,
    });
  }
  if (scan.current !== undefined && scan.count > 0) {
    const mean = scan.current.reduce((sum, v) => sum + v, 0) / scan.count;
    rows.push({ label: 'Mean current', value: mean, unit: 'A' });
  }
  return rows;
}
