import type { Cell } from '../../src/model/cell.js';
import type { InversionResult, ProcessRecord } from '../../src/result.js';
import type { LiveCell, LiveField } from '../state/document.js';
import { parameter } from './record.js';

/** The measured field, with the choices that were made where the Fourier method made them. */
export function liveOf(
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
