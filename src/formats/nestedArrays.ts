import { InputError } from '../errors.js';
import { COMPONENTS } from '../fieldScan.js';
import { interpretColumn, isColumn } from './columns.js';

/**
 * Which arrays of a file with groups (MATLAB's structures, HDF5's groups) make up its scan. Arrays are columns by the last part
 * of their path; those of one scan may stand in several groups of it (`run.place.x_mm`, `run.field.bz_uT`).
 *
 * @param paths one list of names per array, from the outermost group
 * @param declared a relative unit declared by the user
 * @returns indices of the arrays of the scan, all at the top where these are a scan; empty where there is none
 * @throws {InputError} where several groups hold a scan each
 */
export function scanAmong(paths: readonly (readonly string[])[], declared?: string): number[] {
  const columns = paths.map(path => columnName(path.at(-1)!, declared));
  const all = paths.map((_, i) => i);
  const isScan = (members: readonly number[]) => {
    const names = members.map(i => columns[i]);
    return names.includes('x') && names.includes('y') && COMPONENTS.some(name => names.includes(name));
  };
  const under = (prefix: readonly string[]) => all.filter(i => prefix.every((part, k) => paths[i][k] === part));
  const top = all.filter(i => paths[i].length === 1);
  if (isScan(top)) return top;
  const scans = (prefix: readonly string[]): string[][] => {
    const members = under(prefix).filter(i => paths[i].length > prefix.length);
    if (!isScan(members)) return [];
    const named = members.map(i => columns[i]).filter(name => name !== undefined);
    if (new Set(named).size === named.length) return [[...prefix]];
    const next = new Set(members.flatMap(i => (paths[i].length > prefix.length + 1 ? [paths[i][prefix.length]] : [])));
    const inside = [...next].flatMap(part => scans([...prefix, part]));
    return inside.length === 0 ? [[...prefix]] : inside;
  };
  const found = scans([]);
  if (found.length > 1) {
    const names = found.slice(0, 4).map(prefix => `'${prefix.join('.')}'`);
    throw new InputError(
      `holds ${found.length} scans: ${names.join(', ')}${found.length > names.length ? ', ...' : ''}`,
      { column: found[1].join('.'), advice: 'save one of them by itself, or one file for each' },
    );
  }
  return found.length === 0 ? [] : under(found[0]);
}

function columnName(name: string, declared: string | undefined): string | undefined {
  if (!isColumn(name, declared)) return undefined;
  try {
    return interpretColumn(name, {}, declared).name;
  } catch {
    // A column without its unit: what is wrong with it is said when it is read.
    return name.split('_')[0];
  }
}
