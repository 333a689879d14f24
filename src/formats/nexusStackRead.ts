import { InputError } from '../errors.js';
import { gridSize } from '../grid.js';
import type { SeriesAxis, SeriesStack, StackHotSpot, StackRegion } from '../series/stack.js';
import { type Hdf5Reader, readHdf5 } from './hdf5.js';
import { bad, numbers, readMapAxes } from './nexusData.js';
import { readProcess } from './nexusProcess.js';
import { STACK_AXES } from './nexusStack.js';

const SERIES = '/entry/series';
const REGIONS = '/entry/regions';
const SPOTS = '/entry/hot_spots';
const SPOT_COLUMNS = ['state', 'x', 'y', 'radius', 'excess', 'error', 'sigmas', 'relative'] as const;

/**
 * Reads a series that `formatStack` wrote. Kinks and slopes of the regions are not in the file.
 * @throws {InputError} when the bytes are no such file, naming the group or data set at fault.
 */
export async function parseStack(bytes: Uint8Array, options: { readonly file?: string } = {}): Promise<SeriesStack> {
  try {
    return await readHdf5(bytes, readStack);
  } catch (error) {
    throw error instanceof InputError && options.file !== undefined ? error.at({ file: options.file }) : error;
  }
}

function readStack(file: Hdf5Reader): SeriesStack {
  const { maps, ...states } = readStates(file);
  return {
    ...states,
    chi: maps('chi'),
    chiErrors: maps('chi_errors'),
    change: maps('change'),
    changeErrors: maps('change_errors'),
    regions: readRegions(file, states.at.length),
    hotSpots: readSpots(file),
    process: readProcess(file, '/entry/process'),
  };
}

/** What every series has: its grid, what orders its states, and maps by name, one per state. */
export function readStates(file: Hdf5Reader) {
  if (file.kind(SERIES) !== 'group') {
    throw new InputError('holds no series', { column: SERIES, advice: 'give a stack of savart series' });
  }
  const { grid } = readMapAxes(file, SERIES);
  const by = (Object.keys(STACK_AXES) as SeriesAxis[]).find(
    key => file.kind(`${SERIES}/${STACK_AXES[key][0]}`) === 'dataset',
  );
  if (by === undefined) throw bad(SERIES, 'does not say what orders its maps');
  const at = list(file, `${SERIES}/${STACK_AXES[by][0]}`, undefined);
  const maps = (name: string) => {
    const size = gridSize(grid);
    const values = list(file, `${SERIES}/${name}`, at.length * size);
    return Array.from(at, (_, k) => values.slice(k * size, (k + 1) * size));
  };
  const reference = list(file, `${SERIES}/reference`, 1)[0];
  if (!Number.isInteger(reference) || reference < 0 || reference >= at.length)
    throw bad(`${SERIES}/reference`, 'names no state');
  const names = texts(file, `${SERIES}/names`) ?? Array.from(at, String);
  return { grid, by, at, names, reference, maps };
}

function readRegions(file: Hdf5Reader, states: number): StackRegion[] {
  const names = texts(file, `${REGIONS}/names`) ?? [];
  const rows = (name: string) => {
    const values = list(file, `${REGIONS}/${name}`, names.length * states);
    return names.map((_, r) => values.slice(r * states, (r + 1) * states));
  };
  if (names.length === 0) return [];
  const [mean, error, change, changeError] = [rows('mean'), rows('mean_errors'), rows('change'), rows('change_errors')];
  return names.map((name, r) => ({
    name,
    mean: mean[r],
    error: error[r],
    change: change[r],
    changeError: changeError[r],
    kinks: [],
    slopes: [],
  }));
}

function readSpots(file: Hdf5Reader): StackHotSpot[] {
  if (file.kind(SPOTS) !== 'group') return [];
  const count = list(file, `${SPOTS}/state`, undefined).length;
  const columns = SPOT_COLUMNS.map(name => list(file, `${SPOTS}/${name}`, count));
  return Array.from(
    { length: count },
    (_, i) => Object.fromEntries(SPOT_COLUMNS.map((name, c) => [name, columns[c][i]])) as unknown as StackHotSpot,
  );
}

function list(file: Hdf5Reader, path: string, length: number | undefined): Float64Array {
  const values = numbers(file, path);
  if (values === undefined || values.length === 0) throw bad(path, 'the data set is missing');
  if (length !== undefined && values.length !== length)
    throw bad(path, `has ${values.length} values instead of ${length}`);
  return values;
}

function texts(file: Hdf5Reader, path: string): readonly string[] | undefined {
  const data = file.array(path)?.data;
  return data === undefined || data instanceof Float64Array ? undefined : (data as readonly string[]);
}
