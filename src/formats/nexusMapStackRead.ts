import { InputError } from '../errors.js';
import type { MapStack, StackLayer } from '../series/mapStack.js';
import { type Hdf5Reader, readHdf5 } from './hdf5.js';
import { bad, numbers, textAttribute } from './nexusData.js';
import { readProcess } from './nexusProcess.js';
import { readStates } from './nexusStackRead.js';

const SERIES = '/entry/series';
const CHANGE = 'change_';

/** Whether the file holds a stack of measured or inverted maps: no other series has an `rms_change`. */
export function isMapStack(file: Hdf5Reader): boolean {
  return file.kind(SERIES) === 'group' && file.kind(`${SERIES}/rms_change`) === 'dataset';
}

/**
 * Reads a series that `formatMapStack` wrote.
 * @throws {InputError} when the bytes are no such file, naming the group or data set at fault.
 */
export async function parseMapStack(bytes: Uint8Array, options: { readonly file?: string } = {}): Promise<MapStack> {
  try {
    return await readHdf5(bytes, readMapStack);
  } catch (error) {
    throw error instanceof InputError && options.file !== undefined ? error.at({ file: options.file }) : error;
  }
}

function readMapStack(file: Hdf5Reader): MapStack {
  const { maps, ...states } = readStates(file);
  const has = (name: string) => file.kind(`${SERIES}/${name}`) === 'dataset';
  const names = file.names(SERIES).filter(name => !name.startsWith(CHANGE) && has(name) && has(CHANGE + name));
  if (names.length === 0) throw bad(SERIES, 'holds no map with its change');
  const perState = (name: string) => {
    const values = numbers(file, `${SERIES}/${name}`);
    if (values?.length !== states.at.length) throw bad(`${SERIES}/${name}`, 'does not have one value per state');
    return values;
  };
  return {
    ...states,
    unit: textAttribute(file, `${SERIES}/${names[0]}`, 'units') ?? '',
    layers: names.map((name): StackLayer => {
      const errors = `${CHANGE}${name}_errors`;
      return {
        name,
        values: maps(name),
        change: maps(CHANGE + name),
        ...(has(errors) ? { changeErrors: maps(errors) } : {}),
      };
    }),
    change: perState('rms_change'),
    noise: perState('rms_noise'),
    process: readProcess(file, '/entry/process'),
  };
}
