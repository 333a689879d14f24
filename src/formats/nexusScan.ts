import { InputError } from '../errors.js';
import { COMPONENTS, type FieldScan, measuredComponents } from '../fieldScan.js';
import type { ProcessRecord } from '../result.js';
import { FILE_VERSION_NAME, isColumn, RELATIVE_UNIT_NAME } from './columns.js';
import { type Hdf5Reader, readHdf5 } from './hdf5.js';
import { type Hdf5Writer, writeHdf5 } from './hdf5Write.js';
import { arraysFromScan, type NamedArray, scanFromArrays } from './namedArrays.js';
import { scanAmong } from './nestedArrays.js';
import { ROOT_ATTRIBUTES, textAttribute, writeMapGroup } from './nexusData.js';
import { writeProcess } from './nexusProcess.js';
import { fromFortran } from './npy.js';
import { findRegularGrid } from './regularGrid.js';
import type { ScanReadOptions } from './scanReadOptions.js';

/**
 * Scans as NeXus/HDF5: the columns as data sets of `/entry/scan` (NXdata) in SI, each with `units`. A scan that covers a
 * regular grid is stored a second time as a picture, `/entry/map`, which is then what plots by default; only
 * `/entry/scan` is read back. Files of other programs are read when their arrays are named like columns and stand in
 * `/entry/scan`, in the default plot, at the top (as in MATLAB 7.3 files) or in groups (as its structures).
 */

const GROUP = '/entry/scan';
/** Groups within groups that are followed. */
const DEEPEST = 4;
const MOST_GROUPS = 200;

/** What a scan file may hold besides the scan. */
export interface ScanExtras {
  /** How the scan was made: `/entry/process`. */
  readonly process?: ProcessRecord;
  /** What does not follow the current, at the same places: `/entry/even`. */
  readonly even?: FieldScan;
}

/** Writes a scan. */
export function formatScanHdf5(scan: FieldScan, { process, even }: ScanExtras = {}): Promise<Uint8Array> {
  return writeHdf5(ROOT_ATTRIBUTES, file => {
    const map = findRegularGrid(scan);
    const axes = COMPONENTS.filter(name => name !== 'b' && scan.components[name] !== undefined);
    const picture = map !== undefined && axes.length > 0;
    file.group('/entry', { NX_class: 'NXentry', default: picture ? 'map' : 'scan' });
    writeScanGroup(file, GROUP, scan);
    if (even !== undefined) writeScanGroup(file, '/entry/even', even);
    if (process !== undefined) writeProcess(file, '/entry/process', process);
    if (!picture) return;
    const units = scan.relativeUnit ?? 'T';
    const layers = axes.map(name => {
      const { values } = scan.components[name]!;
      return { name, values: Float64Array.from(map.sample, i => values[i]), units };
    });
    writeMapGroup(file, '/entry/map', map.grid, [map.z], layers, { [RELATIVE_UNIT_NAME]: scan.relativeUnit });
  });
}

function writeScanGroup(file: Hdf5Writer, path: string, scan: FieldScan): void {
  const components = measuredComponents(scan);
  // One signal over two coordinates of the same length: viewers plot it as a scatter.
  file.group(path, {
    NX_class: 'NXdata',
    signal: components[0],
    axes: ['x', 'y'],
    auxiliary_signals: components.length > 1 ? components.slice(1) : undefined,
    [RELATIVE_UNIT_NAME]: scan.relativeUnit,
  });
  for (const { name, shape, data, unit } of arraysFromScan(scan)) {
    if (name === RELATIVE_UNIT_NAME || name === FILE_VERSION_NAME) continue;
    file.dataset(
      `${path}/${name}`,
      name === 'sensor' ? scan.sensor! : data,
      unit === undefined ? {} : { units: unit },
      shape,
    );
  }
}

/**
 * Reads a scan.
 * @throws {InputError} when there is none, naming the data set at fault.
 */
export async function parseScanHdf5(bytes: Uint8Array, options: ScanReadOptions = {}): Promise<FieldScan> {
  try {
    return await readHdf5(bytes, file => {
      const { group, members } = findScan(file, options.relativeUnit);
      const arrays: NamedArray[] = [];
      for (const path of members) {
        const [name] = path.split('/').slice(-1);
        const array = readNamedArray(file, path, name);
        if (array !== undefined) arrays.push(array);
      }
      const relative = textAttribute(file, group, RELATIVE_UNIT_NAME);
      if (relative !== undefined) arrays.push({ name: RELATIVE_UNIT_NAME, shape: [], data: [relative] });
      return scanFromArrays(arrays, options.relativeUnit);
    });
  } catch (error) {
    throw error instanceof InputError && options.file !== undefined ? error.at({ file: options.file }) : error;
  }
}

/** The paths of the arrays of the scan, and the group that holds them. */
function findScan(file: Hdf5Reader, declared: string | undefined): { group: string; members: string[] } {
  const within = (group: string) => ({
    group,
    members: file.names(group).map(name => `${group === '/' ? '' : group}/${name}`),
  });
  if (file.kind(GROUP) === 'group') return within(GROUP);
  if (file.kind('/entry/current_density') === 'group') {
    throw new InputError('is a result, not a scan', { advice: 'give the scan that it was made from' });
  }
  let path = '';
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next = textAttribute(file, path || '/', 'default');
    if (next === undefined || file.kind(`${path}/${next}`) !== 'group') break;
    path = `${path}/${next}`;
  }
  for (const candidate of [path || '/', '/']) {
    if (file.names(candidate).some(name => isColumn(name) && file.kind(`${candidate}/${name}`) === 'dataset'))
      return within(candidate);
  }
  const all = nestedDatasets(file);
  const nested = scanAmong(
    all.map(p => p.slice(1).split('/')),
    declared,
  );
  if (nested.length > 0) return { group: '/', members: nested.map(i => all[i]) };
  throw new InputError('holds no scan', {
    column: GROUP,
    advice: 'write the group /entry/scan with x, y, z and a field like bz, each with the attribute units',
  });
}

/** Paths of the data sets in groups of groups, as MATLAB writes structures; not what its cell arrays refer to. */
function nestedDatasets(file: Hdf5Reader): string[] {
  const found: string[] = [];
  // Links may lead in circles.
  let left = MOST_GROUPS;
  const visit = (group: string, depth: number): void => {
    if (depth > DEEPEST || left-- <= 0) return;
    for (const name of file.names(group || '/')) {
      const path = `${group}/${name}`;
      const kind = name.startsWith('#') ? undefined : file.kind(path);
      if (kind === 'dataset') found.push(path);
      else if (kind === 'group') visit(path, depth + 1);
    }
  };
  visit('', 0);
  return found;
}

function readNamedArray(file: Hdf5Reader, path: string, name: string): NamedArray | undefined {
  const array = file.kind(path) === 'dataset' ? file.array(path) : undefined;
  const matlab = file.kind(path) === 'dataset' ? textAttribute(file, path, 'MATLAB_class') : undefined;
  if (array === undefined) {
    if (isColumn(name)) {
      throw new InputError(matlab === 'cell' ? 'is a cell array' : 'is no array of numbers or text', {
        column: path,
        advice: matlab === 'cell' ? 'save it as a numeric array, or with save -v7' : 'save it as float64',
      });
    }
    return undefined;
  }
  if (matlab !== undefined) return fromMatlab(name, array, matlab);
  const unit = textAttribute(file, path, 'units');
  return { name, ...array, ...(unit === undefined ? {} : { unit }) };
}

/** MATLAB stores its matrices column by column, so that HDF5 sees them transposed, and text as character codes. */
function fromMatlab(name: string, { shape, data }: Omit<NamedArray, 'name'>, matlab: string): NamedArray {
  if (!(data instanceof Float64Array)) return { name, shape, data };
  if (matlab === 'char') {
    return { name, shape: [], data: [String.fromCharCode(...data.subarray(0, 1024))] };
  }
  const size = [...shape].reverse();
  const long = size.filter(n => n !== 1);
  return { name, shape: long.length < 2 ? long : size, data: fromFortran(data, size) };
}
