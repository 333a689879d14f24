import { InputError } from '../errors.js';
import { COMPRESSED, inflate, MATRIX, readElement } from './matElements.js';
import { collectMatrix, type MatContent, type MatVariable } from './matVariables.js';

export type { MatContent, MatVariable } from './matVariables.js';

/**
 * MATLAB files of version 5 to 7 (`save -v6`, `-v7`), after MathWorks' published description of the format: numeric,
 * logical and character arrays, alone or in structures and cell arrays, compressed or not, of either byte order. Objects and
 * sparse or complex arrays are noticed and passed over. Version 7.3 is HDF5.
 */

const HEADER = 128;

export function isMat(bytes: Uint8Array): boolean {
  const order = String.fromCharCode(bytes[126], bytes[127]);
  const version = order === 'IM' ? bytes[125] : bytes[124];
  return bytes.length >= HEADER && (order === 'IM' || order === 'MI') && version === 1;
}

/**
 * Reads the variables of a file.
 * @throws {InputError} when it is no such file, truncated or damaged. What is allocated is bounded by the file's size (and
 * by what its compression can expand to).
 */
export function readMat(bytes: Uint8Array): MatContent {
  if (!isMat(bytes)) {
    throw new InputError('is not a MATLAB file of version 5 to 7', {
      advice: 'write it with save -v7 (or -v7.3, which is HDF5)',
    });
  }
  const little = bytes[126] === 0x49;
  const variables: MatVariable[] = [];
  const skipped: { name: string; className: string }[] = [];
  for (let at = HEADER; at < bytes.length; ) {
    const element = readElement(bytes, at, little);
    at = element.next;
    const matrix = element.type === COMPRESSED ? readElement(inflate(element.data, little), 0, little) : element;
    if (matrix.type === MATRIX) collectMatrix(matrix.data, little, { variables, skipped });
  }
  return { variables, skipped };
}
