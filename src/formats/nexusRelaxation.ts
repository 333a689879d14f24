import type { RelaxationRecord } from '../result.js';
import type { Hdf5Writer } from './hdf5Write.js';

/**
 * `/entry/relaxation`: `tau` and, of a slower decay, `tau_slow`, s, with errors, at the places of the records; `tau_alone` and
 * `tau_slow_alone` are those of each record by itself.
 */
export function writeRelaxation(file: Hdf5Writer, { x, y, z, ...record }: RelaxationRecord): void {
  const path = '/entry/relaxation';
  file.group(path, { NX_class: 'NXdata', signal: 'tau', axes: ['x', 'y'] });
  for (const [name, values] of Object.entries({ x, y, z })) file.dataset(`${path}/${name}`, values, { units: 'm' });
  ['tau', 'tau_slow'].forEach((name, k) => {
    file.dataset(`${path}/${name}`, record.tau[k], { units: 's' });
    file.dataset(`${path}/${name}_errors`, record.tauErrors[k], { units: 's' });
    file.dataset(`${path}/${name}_alone`, record.alone[k], { units: 's' });
    file.dataset(`${path}/${name}_alone_errors`, record.aloneErrors[k], { units: 's' });
  });
}
