import type { ConductanceMap } from '../conductanceMap.js';
import type { Hdf5Reader } from './hdf5.js';
import type { Hdf5Writer } from './hdf5Write.js';
import { bad, readLayer, readMapAxes, stackSheets, unstackSheets, writeMapGroup } from './nexusData.js';

/** Sheet conductances (`/entry/conductance`, NXdata): `relative` to the healthy part of the damaged foil, with `relative_errors`. */

const CONDUCTANCE = '/entry/conductance';

export function writeConductance(file: Hdf5Writer, maps: readonly ConductanceMap[]): void {
  const [{ grid }] = maps;
  const layers = [
    {
      name: 'relative',
      units: '',
      values: stackSheets(
        maps.map(map => map.relative),
        grid,
      ),
    },
    {
      name: 'relative_errors',
      units: '',
      values: stackSheets(
        maps.map(map => map.errors),
        grid,
      ),
    },
  ];
  writeMapGroup(
    file,
    CONDUCTANCE,
    grid,
    maps.map(map => map.z),
    layers,
  );
}

/** @throws {InputError} when a data set is missing or does not fit the axes. */
export function readConductance(file: Hdf5Reader): ConductanceMap[] | undefined {
  if (file.kind(CONDUCTANCE) !== 'group') return undefined;
  const { grid, z } = readMapAxes(file, CONDUCTANCE);
  const maps = (name: string) => {
    const values = unstackSheets(readLayer(file, `${CONDUCTANCE}/${name}`, grid, z.length), grid, z.length);
    if (values === undefined) throw bad(`${CONDUCTANCE}/${name}`, 'the data set is missing');
    return values;
  };
  const [relative, errors] = [maps('relative'), maps('relative_errors')];
  return Array.from(z, (height, k) => ({ grid, z: height, relative: relative[k], errors: errors[k] }));
}
