import { damaged, type Element, MATRIX, numbers, readElement, view } from './matElements.js';
import { fromFortran } from './npy.js';

/**
 * The variables of a MATLAB file of version 5 to 7. What stands in structures and cell arrays becomes variables of its own with a
 * path for a name: `data.bx_uT`, `runs(2).bx_uT`, `parts{3}`. A structure array or cell array whose elements are single numbers
 * or texts is one array of them.
 */

export interface MatVariable {
  /** Name, or path. */
  readonly name: string;
  /** As MATLAB's `size`; at least two dimensions. */
  readonly shape: readonly number[];
  /** Row-major numbers, or the rows of a character array. */
  readonly data: Float64Array | readonly string[];
}

export interface MatContent {
  readonly variables: readonly MatVariable[];
  /** Variables of classes that are not read, with the class. */
  readonly skipped: readonly { readonly name: string; readonly className: string }[];
}

interface Collected {
  readonly variables: MatVariable[];
  readonly skipped: { name: string; className: string }[];
}

const CLASSES = ['', 'cell array', 'structure', 'object', 'char', 'sparse matrix'];
const CELL_CLASS = 1;
const STRUCT_CLASS = 2;
const CHAR_CLASS = 4;
const FIRST_NUMERIC = 6;
const LAST_NUMERIC = 15;
/** Structures within structures. */
const DEEPEST = 16;

/** Adds what a matrix element holds. @param path name of what holds it; empty for a variable, which names itself */
export function collectMatrix(bytes: Uint8Array, little: boolean, out: Collected, path = '', depth = 0): void {
  // [] as the field of a structure may be an element without content.
  if (bytes.length === 0) return;
  if (depth > DEEPEST) throw damaged(`structures are nested more than ${DEEPEST} deep`);
  const flags = readElement(bytes, 0, little);
  const dimensions = readElement(bytes, flags.next, little);
  const label = readElement(bytes, dimensions.next, little);
  const name = path || new TextDecoder('latin1').decode(label.data);
  if (flags.data.length < 8) throw damaged('a variable has no class');
  const word = view(flags.data).getUint32(0, little);
  const classNumber = word & 0xff;
  const numeric = classNumber >= FIRST_NUMERIC && classNumber <= LAST_NUMERIC;
  if ((word & 0x0800) !== 0 && numeric) {
    out.skipped.push({ name, className: 'complex array' });
    return;
  }
  const nested = classNumber === STRUCT_CLASS || classNumber === CELL_CLASS;
  if (!numeric && !nested && classNumber !== CHAR_CLASS) {
    out.skipped.push({ name, className: CLASSES[classNumber] ?? 'object' });
    return;
  }
  const shape = [...numbers(dimensions, little)];
  const count = shape.reduce((product, n) => product * n, 1);
  if (shape.length < 2 || shape.length > 32 || !shape.every(n => Number.isInteger(n) && n >= 0))
    throw damaged(`'${name}' has no shape`);
  if (nested) {
    const inside = { bytes, little, shape, count, depth };
    if (classNumber === CELL_CLASS) collectCells(inside, label.next, name, out);
    else collectFields(inside, label.next, name, out);
    return;
  }
  const content = readElement(bytes, label.next, little);
  const values = numbers(content, little);
  if (classNumber === CHAR_CLASS) {
    out.variables.push({ name, shape, data: textRows(content, values, shape) });
    return;
  }
  if (values.length !== count)
    throw damaged(`'${name}' has ${values.length} values for the shape ${shape.join(' x ')}`);
  out.variables.push({ name, shape, data: fromFortran(values, [...shape]) });
}

interface Nested {
  readonly bytes: Uint8Array;
  readonly little: boolean;
  readonly shape: readonly number[];
  readonly count: number;
  readonly depth: number;
}

function collectCells(inside: Nested, at: number, name: string, out: Collected): void {
  const elements = elementsFrom(inside, at, inside.count, name);
  collectAlike(inside, elements, name, k => `${name}{${k + 1}}`, out);
}

function collectFields(inside: Nested, at: number, name: string, out: Collected): void {
  const { bytes, little, count } = inside;
  const width = readElement(bytes, at, little);
  const names = readElement(bytes, width.next, little);
  const [length = 0] = numbers(width, little);
  if (!(length > 0) || !Number.isInteger(length) || names.data.length % length !== 0)
    throw damaged(`the structure '${name}' has no names`);
  const fields = Array.from({ length: names.data.length / length }, (_, f) => {
    const own = names.data.subarray(f * length, (f + 1) * length);
    const end = own.indexOf(0);
    return new TextDecoder('latin1').decode(end < 0 ? own : own.subarray(0, end));
  });
  const elements = elementsFrom(inside, names.next, count * fields.length, name);
  fields.forEach((field, f) => {
    const own = Array.from({ length: count }, (_, k) => elements[k * fields.length + f]);
    const numbered = (k: number) => (count === 1 ? `${name}.${field}` : `${name}(${k + 1}).${field}`);
    collectAlike(inside, own, `${name}.${field}`, numbered, out);
  });
}

/** The matrices that follow each other in a structure or cell array. */
function elementsFrom({ bytes, little }: Nested, from: number, count: number, name: string): Element[] {
  // Every one takes a tag at least, so a forged count cannot grow.
  if (!(count * 8 <= bytes.length)) throw damaged(`'${name}' claims more parts than it has`);
  const elements: Element[] = [];
  let at = from;
  for (let k = 0; k < count; k++) {
    const element = readElement(bytes, at, little);
    if (element.type !== MATRIX) throw damaged(`a part of '${name}' is no array`);
    elements.push(element);
    at = element.next;
  }
  return elements;
}

/** Elements that are all single numbers, or all single texts, as one array; else each under its own name. */
function collectAlike(
  { little, shape, depth }: Nested,
  elements: readonly Element[],
  together: string,
  apart: (k: number) => string,
  out: Collected,
): void {
  const parts = elements.map((element, k) => {
    const part: Collected = { variables: [], skipped: [] };
    collectMatrix(element.data, little, part, apart(k), depth + 1);
    return part;
  });
  const single = parts.map(({ variables }, k) => {
    const [value] = variables;
    return variables.length === 1 && value.name === apart(k) && value.data.length === 1 ? value.data[0] : undefined;
  });
  const texts = single.every(v => typeof v === 'string');
  if (single.length > 1 && (texts || single.every(v => typeof v === 'number'))) {
    const data = texts ? (single as string[]) : fromFortran(Float64Array.from(single as number[]), [...shape]);
    out.variables.push({ name: together, shape, data });
    return;
  }
  for (const { variables, skipped } of parts) {
    for (const variable of variables) out.variables.push(variable);
    for (const other of skipped) out.skipped.push(other);
  }
}

/** A character array is a matrix of characters; its rows are the texts, filled up with blanks. */
function textRows({ type, data }: Element, codes: Float64Array, [rows, columns]: readonly number[]): string[] {
  const utf8 = type === 16 && rows === 1;
  if (utf8) return [new TextDecoder().decode(data)];
  if (rows * columns !== codes.length) throw damaged('a text has another length than it says');
  return Array.from({ length: rows }, (_, row) => {
    let text = '';
    for (let column = 0; column < columns; column++) text += String.fromCharCode(codes[column * rows + row]);
    return text.trimEnd();
  });
}
