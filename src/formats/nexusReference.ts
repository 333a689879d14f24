import type { MonitoringModel } from '../diagnosis/monitoring.js';
import { newMapLimits } from '../diagnosis/monitoring.js';
import { toMap } from '../diagnosis/preparation.js';
import type { ReferenceModel } from '../diagnosis/referenceModel.js';
import { InputError } from '../errors.js';
import { gridSize } from '../grid.js';
import type { ProcessRecord } from '../result.js';
import { type Hdf5Reader, readHdf5 } from './hdf5.js';
import { type Hdf5Writer, writeHdf5 } from './hdf5Write.js';
import {
  bad,
  type MapLayer,
  numbers,
  ROOT_ATTRIBUTES,
  readLayer,
  readMapAxes,
  textAttribute,
  writeMapGroup,
} from './nexusData.js';
import { readProcess, writeProcess } from './nexusProcess.js';

/**
 * A reference model as NeXus/HDF5: `/entry/reference` with `mean` (the default plot), `sigma`, `centre`, `spread`,
 * `present` and `loading_1`, ...; of several channels one image each (`mean_bx`, `mean_by`, ...); and `/entry/components`
 * with the variances and the laws of T2 and Q. `NaN` on pixels that take no part.
 */

const MAPS = '/entry/reference';
const NUMBERS = '/entry/components';
/** Version of this part of the file; readers refuse a newer one. */
const MODEL_VERSION = 1;

/** The single numbers of a model, by the names of their data sets. */
const SINGLE = {
  total_variance: (m: MonitoringModel) => m.totalVariance,
  rest_sum: (m: MonitoringModel) => m.rest.sum,
  rest_trace: (m: MonitoringModel) => m.rest.trace,
  rest_square: (m: MonitoringModel) => m.rest.square,
  rest_degrees: (m: MonitoringModel) => m.rest.degrees,
  q_mean: (m: MonitoringModel) => m.q.mean,
  q_degrees: (m: MonitoringModel) => m.q.degrees,
  q_mean_degrees: (m: MonitoringModel) => m.q.meanDegrees,
  stretch: (m: MonitoringModel) => m.stretch,
} as const;

/** Writes a model. */
export function formatReference({ monitoring: m, usual }: ReferenceModel, process: ProcessRecord): Promise<Uint8Array> {
  const { layout, pixels } = m;
  const length = layout.channels.length * gridSize(layout.grid);
  const onMap = (row: Float64Array) => toMap(row, pixels, length);
  const layers: MapLayer[] = [
    { name: 'mean', values: onMap(m.mean), units: layout.unit },
    { name: 'sigma', values: onMap(m.sigma), units: layout.unit },
    { name: 'centre', values: usual.centre, units: layout.unit },
    { name: 'spread', values: usual.spread, units: layout.unit },
    { name: 'present', values: Float64Array.from(usual.present), units: '' },
    ...m.loadings.map((loading, j) => ({ name: `loading_${j + 1}`, values: onMap(loading), units: '' })),
  ];
  return writeHdf5(ROOT_ATTRIBUTES, file => {
    file.group('/entry', { NX_class: 'NXentry', default: 'reference' });
    writeMapGroup(file, MAPS, layout.grid, [0], perChannel(layers, layout.channels), {
      savart_reference_version: MODEL_VERSION,
      channels: layout.channels.join(','),
      unit: layout.unit,
      statistics: usual.kind,
    });
    writeNumbers(file, m);
    writeProcess(file, '/entry/process', process);
  });
}

/** Name of the data set of one channel. */
function nameOf(name: string, channel: string, channels: number): string {
  return channels === 1 ? name : `${name}_${channel}`;
}

function perChannel(layers: readonly MapLayer[], channels: readonly string[]): MapLayer[] {
  return layers.flatMap(({ name, values, units }) => {
    const size = values.length / channels.length;
    return channels.map((channel, c) => ({
      name: nameOf(name, channel, channels.length),
      values: values.slice(c * size, (c + 1) * size),
      units,
    }));
  });
}

function writeNumbers(file: Hdf5Writer, m: MonitoringModel): void {
  file.group(NUMBERS, { NX_class: 'NXcollection', why: m.choice.why, chosen_by: m.choice.by, q_from: m.qFrom });
  file.dataset(`${NUMBERS}/count`, m.count, { long_name: 'maps in the reference' });
  file.dataset(`${NUMBERS}/variances`, m.variances, { long_name: 'variance of the scores of the reference' });
  file.dataset(`${NUMBERS}/new_variances`, m.newVariances, { long_name: 'variance of the scores of new maps' });
  for (const [name, of] of Object.entries(SINGLE)) file.dataset(`${NUMBERS}/${name}`, of(m));
  const limits = [newMapLimits(m, 0.95), newMapLimits(m, 0.99)];
  const names = { long_name: 'of 95 and 99 %' };
  file.dataset(
    `${NUMBERS}/t2_limits`,
    Float64Array.from(limits, l => l.t2),
    names,
  );
  file.dataset(
    `${NUMBERS}/q_limits`,
    Float64Array.from(limits, l => l.q),
    names,
  );
}

/**
 * Reads a model.
 * @throws {InputError} when the bytes are none, or were written by a newer version.
 */
export async function parseReference(
  bytes: Uint8Array,
  options: { readonly file?: string } = {},
): Promise<{ model: ReferenceModel; process: ProcessRecord }> {
  try {
    return await readHdf5(bytes, readModel);
  } catch (error) {
    throw error instanceof InputError && options.file !== undefined ? error.at({ file: options.file }) : error;
  }
}

/** Whether an HDF5 file is a reference model. */
export function isReference(bytes: Uint8Array): Promise<boolean> {
  return readHdf5(bytes, file => file.kind(MAPS) === 'group' && file.kind(NUMBERS) === 'group');
}

function readModel(file: Hdf5Reader): { model: ReferenceModel; process: ProcessRecord } {
  const version = file.attribute(MAPS, 'savart_reference_version');
  if (typeof version !== 'number') {
    throw new InputError('is no reference model', { advice: 'make one with savart diagnose --save-reference' });
  }
  if (version > MODEL_VERSION) {
    throw new InputError(`is a reference model of version ${version}, which is newer than this program`, {
      advice: 'update Savart, or make the model again',
    });
  }
  const { grid } = readMapAxes(file, MAPS);
  const channels = (textAttribute(file, MAPS, 'channels') ?? '').split(',').filter(name => name !== '');
  if (channels.length === 0) throw bad(MAPS, 'does not say what its maps are');
  const layer = (name: string) => {
    const size = gridSize(grid);
    const out = new Float64Array(channels.length * size);
    channels.forEach((channel, c) => {
      const path = `${MAPS}/${nameOf(name, channel, channels.length)}`;
      const values = readLayer(file, path, grid, 1);
      if (values === undefined) throw bad(path, 'the data set is missing');
      out.set(values, c * size);
    });
    return out;
  };
  const list = (name: string) => {
    const values = numbers(file, `${NUMBERS}/${name}`);
    if (values === undefined || !values.every(Number.isFinite))
      throw bad(`${NUMBERS}/${name}`, 'is missing or no number');
    return values;
  };
  const single = (name: keyof typeof SINGLE | 'count') => {
    const values = list(name);
    if (values.length !== 1 || !(values[0] >= 0)) throw bad(`${NUMBERS}/${name}`, 'is no single number');
    return values[0];
  };
  const mean = layer('mean');
  const pixels = Int32Array.from(mean.keys()).filter(i => !Number.isNaN(mean[i]));
  const count = single('count');
  const variances = list('variances');
  const newVariances = list('new_variances');
  if (!(count >= 3) || newVariances.length !== variances.length || variances.length >= count || pixels.length === 0) {
    throw bad(NUMBERS, 'holds numbers that do not fit together');
  }
  const onPixels = (name: string) => {
    const values = layer(name);
    const out = Float64Array.from(pixels, i => values[i]);
    if (!out.every(Number.isFinite)) throw bad(`${MAPS}/${name}`, 'has pixels without a value');
    return out;
  };
  const text = (name: string) => textAttribute(file, NUMBERS, name) ?? '';
  const monitoring: MonitoringModel = {
    layout: { grid, channels, unit: textAttribute(file, MAPS, 'unit') ?? '' },
    count,
    pixels,
    mean: onPixels('mean'),
    sigma: onPixels('sigma'),
    loadings: Array.from(variances, (_, j) => onPixels(`loading_${j + 1}`)),
    variances,
    totalVariance: single('total_variance'),
    rest: {
      sum: single('rest_sum'),
      trace: single('rest_trace'),
      square: single('rest_square'),
      degrees: single('rest_degrees'),
    },
    choice: {
      components: variances.length,
      by: text('chosen_by') === 'given' ? 'given' : 'parallel analysis',
      why: text('why'),
      thresholds: [],
    },
    newVariances,
    q: { mean: single('q_mean'), degrees: single('q_degrees'), meanDegrees: single('q_mean_degrees') },
    stretch: single('stretch'),
    qFrom: text('q_from') === 'held out' ? 'held out' : 'eigenvalues',
  };
  const kind = textAttribute(file, MAPS, 'statistics') === 'median' ? 'median' : 'mean';
  const present = Int32Array.from(layer('present'));
  const usual = { kind, centre: layer('centre'), spread: layer('spread'), present } as const;
  return { model: { monitoring, usual }, process: readProcess(file, '/entry/process') };
}
