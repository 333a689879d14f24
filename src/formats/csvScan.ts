import { joinBytes } from '../bytes.js';
import { InputError } from '../errors.js';
import type { FieldScan } from '../fieldScan.js';
import { parseUnit } from '../units.js';
import {
  type Column,
  type ColumnName,
  checkFileVersion,
  columnKind,
  FILE_VERSION,
  FILE_VERSION_NAME,
  interpretColumn,
  RELATIVE_UNIT_NAME,
  sharedRelativeUnit,
  WRITTEN_UNIT,
} from './columns.js';
import { COMMA } from './csvBytes.js';
import { type Comment, lineOfRow, readTableBody, readTableHead, type TableHead } from './csvTable.js';
import { DecimalReader, formatDecimal } from './decimal.js';
import { columnsOfScan, requireColumns, scanFromParts } from './scanParts.js';
import type { ScanReadOptions } from './scanReadOptions.js';

/**
 * Scans as CSV: `#` comments (`# sigma_uT: 0.05` is the noise of every reading, `# relative_unit: counts` declares a unit
 * that is not a magnetic one), a header like `x_mm,y_mm,z_mm,bx_uT`, one row per sample. Semicolons or tabs with decimal
 * commas, quotes, a byte-order mark and every line end are understood; anything doubtful is an error with its line.
 *
 * Units are powers of ten, so reading moves the decimal point and rounds once, and writing does the reverse: a scan comes
 * back from {@link formatScanCsv} bit for bit.
 */

/**
 * Reads a scan.
 * @param bytes the file.
 * @throws {InputError} with line, column and advice.
 */
export function parseScanCsv(bytes: Uint8Array, options: ScanReadOptions = {}): FieldScan {
  try {
    return parse(bytes, options);
  } catch (error) {
    throw error instanceof InputError && options.file !== undefined ? error.at({ file: options.file }) : error;
  }
}

function parse(bytes: Uint8Array, options: ScanReadOptions): FieldScan {
  const head = readTableHead(bytes);
  const place = { line: head.line };
  checkComments(head.comments);
  const declared = commentValue(head.comments, RELATIVE_UNIT_NAME)?.text ?? options.relativeUnit;
  const columns = interpretHeader(head, declared);
  requireColumns(name => columns.some(column => column.name === name), place);
  const relativeUnit = sharedRelativeUnit(columns, place);

  const body = readTableBody(
    bytes,
    head,
    columns.map(({ name, exponent }) => (columnKind(name) === 'text' ? { text: true } : { text: false, exponent })),
  );
  if (body.rows === 0) {
    throw new InputError('there is no row below the header', { ...place, advice: 'add one row per sample' });
  }
  const sigma = noiseComment([...head.comments, ...body.comments], head, relativeUnit);
  const values = new Map(columns.flatMap(({ name }, k) => (body.numbers[k] ? [[name, body.numbers[k]] as const] : [])));
  checkRows(columns, body.numbers, row => lineOfRow(bytes, head, row), head);
  const words = body.texts.find(text => text !== undefined);
  return scanFromParts({ columns: values, sensor: words?.index, sensorNames: words?.words, sigma, relativeUnit });
}

function interpretHeader(head: TableHead, declared: string | undefined): Column[] {
  const columns: Column[] = [];
  head.names.forEach((header, k) => {
    const place = { line: head.line, column: header };
    if (header === '') {
      throw new InputError(`column ${k + 1} has no name`, { line: head.line, advice: 'name it or delete it' });
    }
    if (k === 0 && /^[+-]?[\d.]/.test(header)) {
      const advice = 'start the file with a line like x_mm,y_mm,z_mm,bz_uT';
      throw new InputError('the table has no header', { ...place, advice });
    }
    const column = interpretColumn(header, place, declared);
    if (columns.some(other => other.name === column.name)) {
      throw new InputError(`'${column.name}' is there twice`, { ...place, advice: 'keep one of them' });
    }
    columns.push(column);
  });
  return columns;
}

/** What no scan may hold, with the line, which later checks no longer know. */
function checkRows(
  columns: readonly Column[],
  numbers: readonly (Float64Array | undefined)[],
  lineOf: (row: number) => number,
  head: TableHead,
): void {
  const values = (name: string) => numbers[columns.findIndex(column => column.name === name)];
  columns.forEach(({ name }, k) => {
    if (!name.startsWith('sigma')) return;
    const row = numbers[k]!.findIndex(sigma => !(sigma > 0));
    if (row < 0) return;
    throw new InputError('a standard deviation must be positive', {
      line: lineOf(row),
      column: head.names[k],
      advice: 'give the noise of the reading, or leave the column out',
    });
  });
  const [nx, ny, nz] = [values('nx'), values('ny'), values('nz')];
  if (nx === undefined || ny === undefined || nz === undefined) return;
  for (let i = 0; i < nx.length; i++) {
    if (Math.abs(Math.hypot(nx[i], ny[i], nz[i]) - 1) <= 1e-3) continue;
    throw new InputError('the direction is not a unit vector', {
      line: lineOf(i),
      column: 'nx',
      advice: 'divide nx, ny, nz by their length',
    });
  }
}

function commentValue(comments: readonly Comment[], key: string): { text: string; line: number } | undefined {
  for (const { line, text } of comments) {
    const match = /^([^\s:=]+)\s*[:=]\s*(.+)$/.exec(text);
    if (match?.[1] === key) return { text: match[2].trim(), line };
  }
  return undefined;
}

function checkComments(comments: readonly Comment[]): void {
  const version = commentValue(comments, FILE_VERSION_NAME);
  if (version !== undefined) checkFileVersion(Number(version.text), { line: version.line });
}

function noiseComment(
  comments: readonly Comment[],
  head: TableHead,
  relativeUnit: string | undefined,
): number | undefined {
  for (const { line, text } of comments) {
    const match = /^(sigma(?:_[^:=]*)?)\s*[:=]\s*(.*)$/i.exec(text);
    if (match === null) continue;
    const column = match[1].trim();
    const { exponent, relativeUnit: unit } = interpretColumn(column, { line }, relativeUnit);
    if (unit !== relativeUnit) {
      const advice = `give it in ${relativeUnit ?? 'a unit like uT'}`;
      throw new InputError('the noise is in another unit than the field', { line, column, advice });
    }
    const reader = new DecimalReader(new TextEncoder().encode(match[2].trim()), head.delimiter !== COMMA);
    const value = reader.read(exponent);
    if (reader.pos < reader.bytes.length || !(value > 0 && value < Number.POSITIVE_INFINITY)) {
      const advice = 'write it like "# sigma_uT: 0.05"';
      throw new InputError(`'${match[2].trim()}' is no standard deviation`, { line, column, advice });
    }
    return value;
  }
  return undefined;
}

/** Rows are made in pieces of this size, so that no string grows without bound. */
const ROWS_AT_ONCE = 4096;

/**
 * Writes a scan: millimetres, microtesla (or the relative unit), seconds, amperes; shortest decimals that read back to the
 * same doubles; commas and line feeds, so that spreadsheets open it.
 */
export function formatScanCsv(scan: FieldScan): Uint8Array {
  const relative = scan.relativeUnit?.replace(/\s+/g, ' ').trim();
  const columns = [...columnsOfScan(scan)].map(([name, values]) => ({ values, ...writtenHeader(name, relative) }));
  const headers = columns.map(column => column.header);
  const sensors = scan.sensor === undefined ? undefined : sensorCells(scan);
  if (sensors !== undefined) headers.push('sensor');
  const lines = [`# ${FILE_VERSION_NAME}: ${FILE_VERSION}`];
  if (relative !== undefined && parseUnit(relative)?.relative !== true)
    lines.push(`# ${RELATIVE_UNIT_NAME}: ${relative}`);
  if (scan.sigma !== undefined) {
    const { header, exponent } = writtenHeader('sigma', relative);
    lines.push(`# ${header}: ${formatDecimal(scan.sigma, exponent)}`);
  }
  lines.push(headers.join(','), '');
  const encoder = new TextEncoder();
  const pieces = [encoder.encode(lines.join('\n'))];
  for (let start = 0; start < scan.count; start += ROWS_AT_ONCE) {
    let text = '';
    const end = Math.min(start + ROWS_AT_ONCE, scan.count);
    for (let i = start; i < end; i++) {
      for (let k = 0; k < columns.length; k++) {
        if (k > 0) text += ',';
        text += formatDecimal(columns[k].values[i], columns[k].exponent);
      }
      text += sensors === undefined ? '\n' : `,${sensors[scan.sensor![i]]}\n`;
    }
    pieces.push(encoder.encode(text));
  }
  return joinBytes(pieces);
}

/** Header of a column, and the exponent that takes SI to its unit. A unit that would upset the table stays in a comment. */
function writtenHeader(name: ColumnName, relative: string | undefined): { header: string; exponent: number } {
  const kind = columnKind(name);
  if (kind === 'number' || kind === 'text') return { header: name, exponent: 0 };
  if (kind === 'field' && relative !== undefined) {
    return { header: /[",;:=#\t]/.test(relative) ? name : `${name}_${relative}`, exponent: 0 };
  }
  const header = `${name}_${WRITTEN_UNIT[kind]}`;
  return { header, exponent: -interpretColumn(header, {}).exponent };
}

/** The name of each sensor as a cell. */
function sensorCells(scan: FieldScan): string[] {
  const count = scan.sensor!.reduce((most, index) => Math.max(most, index + 1), 0);
  return Array.from({ length: count }, (_, i) => {
    const name = (scan.sensorNames?.[i] ?? '').replace(/\s+/g, ' ').trim() || String(i);
    return /[",;#]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
  });
}
