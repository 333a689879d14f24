import { COMPONENTS, type ComponentName } from '../fieldScan.js';
import type { Residual } from '../result.js';
import type { Hdf5Reader } from './hdf5.js';
import type { Hdf5Writer } from './hdf5Write.js';
import { bad, numbers } from './nexusData.js';

/** What a model leaves unexplained (`/entry/residual`, NXdata): per sample and component in sigma, rejected samples marked. */

export function writeResidual(file: Hdf5Writer, residual: Residual): void {
  const path = '/entry/residual';
  const components = COMPONENTS.filter(name => residual.components[name] !== undefined);
  file.group(path, { NX_class: 'NXdata', signal: components[0], axes: ['x', 'y'] });
  for (const name of ['x', 'y', 'z'] as const) file.dataset(`${path}/${name}`, residual[name], { units: 'm' });
  for (const name of components) {
    file.dataset(`${path}/${name}`, residual.components[name]!, {
      units: '',
      long_name: `residual of ${name} in sigma`,
    });
  }
  file.dataset(`${path}/rejected`, residual.rejected, { units: '' });
}

/** @throws {InputError} when a column is missing or has another length than the others. */
export function readResidual(file: Hdf5Reader): Residual | undefined {
  const path = '/entry/residual';
  if (file.kind(path) !== 'group') return undefined;
  const count = numbers(file, `${path}/x`)?.length ?? 0;
  const column = (name: string) => {
    const values = numbers(file, `${path}/${name}`);
    if (values !== undefined && values.length !== count)
      throw bad(`${path}/${name}`, `has ${values.length} values for ${count} samples`);
    return values;
  };
  const components: Partial<Record<ComponentName, Float64Array>> = {};
  for (const name of COMPONENTS) {
    const values = column(name);
    if (values !== undefined) components[name] = values;
  }
  const [x, y, z, rejected] = [column('x'), column('y'), column('z'), column('rejected')];
  if (x === undefined || y === undefined || z === undefined || rejected === undefined)
    throw bad(path, 'a data set is missing');
  return { x, y, z, components, rejected: Uint8Array.from(rejected) };
}
