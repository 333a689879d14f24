import { basename, extname } from 'node:path';
import { type MapLayout, type MapStack, mapLength, sameGrid, stackOf, toGrid } from '../src/diagnosis/mapStack.js';
import { InputError } from '../src/errors.js';
import { AXES } from '../src/fieldMap.js';
import { isHdf5 } from '../src/formats/hdf5.js';
import { mapsFromArrays } from '../src/formats/mapSeries.js';
import { isReference } from '../src/formats/nexusReference.js';
import { parseResult } from '../src/formats/nexusResult.js';
import { describeInput, readFileBytes } from '../src/formats/node.js';
import { readNpz } from '../src/formats/npzScan.js';
import { parseScan } from '../src/formats/scanFile.js';
import { isZip } from '../src/formats/zip.js';
import { gridSize } from '../src/grid.js';
import { toFieldMap } from '../src/gridding/index.js';
import { joined } from '../src/linearAlgebra/vectors.js';
import type { ProcessRecord } from '../src/result.js';
import { located } from './invertInput.js';

/** A map with its name, where it came from, and on which grid it stands. */
export interface NamedMap {
  readonly name: string;
  readonly path: string;
  readonly layout: MapLayout;
  readonly values: Float64Array;
  /** Standard deviation of every value, where the file says it. */
  readonly sigma?: Float64Array;
  /** Height of a scan of the field, m. */
  readonly z?: number;
}

export interface ReadMaps {
  readonly maps: readonly NamedMap[];
  readonly input: ProcessRecord['inputs'][number];
}

/** The maps of a file: one of a scan or a result, several of a series (.npz with an array of three dimensions). */
export async function readMaps(path: string, relativeUnit?: string): Promise<ReadMaps> {
  const bytes = await readFileBytes(path);
  const name = basename(path, extname(path));
  const input = describeInput(path, bytes);
  const single = (map: Omit<NamedMap, 'name' | 'path'>) => ({ maps: [{ name, path, ...map }], input });
  if (isZip(bytes)) {
    const series = located(path, () => mapsFromArrays(readNpz(bytes)));
    if (series !== undefined) {
      const { layout, maps, names } = series;
      return {
        maps: maps.map((values, i) => ({ name: names?.[i] ?? `${name}-${i + 1}`, path, layout, values })),
        input,
      };
    }
  }
  if (isHdf5(bytes)) {
    if (await isReference(bytes)) {
      throw new InputError('is a reference model, not a scan', { file: path, advice: 'give it to --reference alone' });
    }
    const result = await parseResult(bytes, { file: path }).catch(() => undefined);
    if (result !== undefined) return single(currentMaps(result.sheets));
  }
  const scan = await parseScan(bytes, { file: path, ...(relativeUnit === undefined ? {} : { relativeUnit }) });
  const { map } = located(path, () => toFieldMap(scan));
  const channels = AXES.filter(axis => map.components[axis] !== undefined);
  const layout = { grid: map.grid, channels, unit: map.relativeUnit ?? 'T' };
  return single({ layout, values: joined(channels.map(axis => map.components[axis]!)), z: map.z });
}

function currentMaps(sheets: Awaited<ReturnType<typeof parseResult>>['sheets']): Omit<NamedMap, 'name' | 'path'> {
  const [{ grid, relativeUnit }] = sheets;
  const suffix = (k: number) => (sheets.length > 1 ? ` of sheet ${k + 1}` : '');
  const channels = sheets.flatMap((_, k) => [`Kx${suffix(k)}`, `Ky${suffix(k)}`]);
  const unit = relativeUnit === undefined ? 'A/m' : `A/m (${relativeUnit})/T`;
  const errors = sheets.flatMap(s => (s.kxErrors && s.kyErrors ? [s.kxErrors, s.kyErrors] : []));
  return {
    layout: { grid, channels, unit },
    values: joined(sheets.flatMap(s => [s.kx, s.ky])),
    ...(errors.length === channels.length ? { sigma: joined(errors) } : {}),
  };
}

/**
 * A map brought to a layout; what it lacks is NaN.
 * @throws {InputError} when it shows another quantity, or does not overlap.
 */
export function onLayout(map: NamedMap, layout: MapLayout): Float64Array {
  const { path: file, layout: own } = map;
  if (own.channels.join() !== layout.channels.join() || own.unit !== layout.unit) {
    const text = (l: MapLayout) => `${l.channels.join(', ')}${l.unit === '' ? '' : ` in ${l.unit}`}`;
    throw new InputError(`shows ${text(own)} where the reference shows ${text(layout)}`, {
      file,
      advice: 'compare maps of one kind',
    });
  }
  if (sameGrid(own.grid, layout.grid)) return map.values;
  const size = gridSize(own.grid);
  const values = joined(
    own.channels.map((_, c) => toGrid(own.grid, map.values.subarray(c * size, (c + 1) * size), layout.grid)),
  );
  if (!values.every(Number.isNaN)) return values;
  throw new InputError('lies beside the reference: no pixel in common', { file, advice: 'check its x and y' });
}

/** Maps on the grid of the first, and the noise of each pixel (rms over the maps) where all of them say it. */
export function stackMaps(maps: readonly NamedMap[]): { stack: MapStack; sigma?: Float64Array } {
  const [{ layout }] = maps;
  const stack = stackOf(
    layout,
    maps.map(map => onLayout(map, layout)),
  );
  const known = maps.flatMap(map =>
    map.sigma !== undefined && sameGrid(map.layout.grid, layout.grid) ? [map.sigma] : [],
  );
  if (known.length < maps.length) return { stack };
  const sigma = new Float64Array(mapLength(layout));
  for (const one of known) for (let i = 0; i < sigma.length; i++) sigma[i] += one[i] ** 2 / known.length;
  return { stack, sigma: sigma.map(Math.sqrt) };
}
