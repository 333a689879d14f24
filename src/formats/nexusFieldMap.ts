import { AXES, type AxisName, type FieldMap } from '../fieldMap.js';
import { RELATIVE_UNIT_NAME } from './columns.js';
import type { Hdf5Reader } from './hdf5.js';
import type { Hdf5Writer } from './hdf5Write.js';
import { numbers, readLayer, readMapAxes, textAttribute, writeMapGroup } from './nexusData.js';

/** A gridded field in a result (NXdata): `bx`, `by`, `bz` in T or the relative unit, `sigma` beside them. */

export function writeField(file: Hdf5Writer, path: string, map: FieldMap): void {
  const units = map.relativeUnit ?? 'T';
  const layers = AXES.flatMap(name => {
    const values = map.components[name];
    return values === undefined ? [] : [{ name, values, units }];
  });
  writeMapGroup(file, path, map.grid, [map.z], layers, { [RELATIVE_UNIT_NAME]: map.relativeUnit });
  if (map.sigma !== undefined) file.dataset(`${path}/sigma`, map.sigma, { units });
}

/** @throws {InputError} when a component does not fit the axes. */
export function readField(file: Hdf5Reader, path: string): FieldMap | undefined {
  if (file.kind(path) !== 'group') return undefined;
  const { grid, z } = readMapAxes(file, path);
  const components: Partial<Record<AxisName, Float64Array>> = {};
  for (const name of AXES) {
    const values = readLayer(file, `${path}/${name}`, grid, 1);
    if (values !== undefined) components[name] = values;
  }
  const sigma = numbers(file, `${path}/sigma`)?.[0];
  const relativeUnit = textAttribute(file, path, RELATIVE_UNIT_NAME);
  return {
    grid,
    z: z[0],
    components,
    ...(sigma === undefined ? {} : { sigma }),
    ...(relativeUnit === undefined ? {} : { relativeUnit }),
  };
}
