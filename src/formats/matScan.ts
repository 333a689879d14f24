import { InputError } from '../errors.js';
import type { FieldScan } from '../fieldScan.js';
import { isColumn } from './columns.js';
import { readMat } from './mat.js';
import { writeMat } from './matWrite.js';
import { arraysFromScan, type NamedArray, nameWithUnit, scanFromArrays } from './namedArrays.js';
import { scanAmong } from './nestedArrays.js';
import type { ScanReadOptions } from './scanReadOptions.js';

/**
 * Scans as MATLAB files: the arrays that `namedArrays.ts` describes as variables of the workspace. MATLAB knows no vectors:
 * a matrix with one row or one column counts as one. The arrays may stand in structures and cell arrays.
 */

/**
 * Reads a scan from a MATLAB file of version 5 to 7.
 * @throws {InputError} naming the variable at fault.
 */
export function parseScanMat(bytes: Uint8Array, options: ScanReadOptions = {}): FieldScan {
  try {
    const { variables, skipped } = readMat(bytes);
    const unreadable = skipped.find(({ name }) => isColumn(name.split('.').at(-1)!));
    if (unreadable !== undefined) {
      throw new InputError(`is a ${unreadable.className}, not a numeric array`, {
        column: unreadable.name,
        advice:
          unreadable.className === 'complex array'
            ? 'save its real and imaginary part as two variables, bz_uT and bz_q_uT'
            : 'save plain numeric arrays: x_mm, y_mm, z_mm, bz_uT',
      });
    }
    const paths = variables.map(({ name }) => name.split('.'));
    const nested = scanAmong(paths, options.relativeUnit);
    const chosen = nested.length > 0 ? nested.map(i => ({ ...variables[i], name: paths[i].at(-1)! })) : variables;
    if (variables.length === 0 && skipped.length > 0) {
      throw new InputError(`holds no numeric array, only a ${skipped[0].className}`, {
        column: skipped[0].name,
        advice: 'save its arrays as variables of their own: x_mm, y_mm, z_mm, bz_uT',
      });
    }
    return scanFromArrays(chosen.map(asVector), options.relativeUnit);
  } catch (error) {
    throw error instanceof InputError && options.file !== undefined ? error.at({ file: options.file }) : error;
  }
}

/** Writes a scan as a MATLAB file: column vectors `x_m`, `bz_T`, ...; see {@link arraysFromScan}. */
export function formatScanMat(scan: FieldScan): Uint8Array {
  return writeMat(
    arraysFromScan(scan).map(array => ({
      name: nameWithUnit(array, scan.relativeUnit),
      shape: [array.data.length, 1],
      data: array.data,
    })),
  );
}

function asVector(array: NamedArray): NamedArray {
  const long = array.shape.filter(n => n !== 1);
  return long.length < 2 ? { ...array, shape: long } : array;
}
