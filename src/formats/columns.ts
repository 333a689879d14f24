import { type ErrorPlace, InputError } from '../errors.js';
import type { ComponentName } from '../fieldScan.js';
import { parseUnit, type Quantity, SI_SYMBOL, splitUnit, unitsOf } from '../units.js';

/**
 * The columns of a scan, which every format shares: their names, what they measure, and how a header or a data set's name
 * and unit are understood.
 */

/** Version of the layout of every file that Savart writes; readers refuse a newer one. */
export const FILE_VERSION = 1;
/** Name of the comment, array or attribute that holds {@link FILE_VERSION}. */
export const FILE_VERSION_NAME = 'savart_file_version';
/** Name of the comment, array or attribute that says in which unit of unknown scale the readings are. */
export const RELATIVE_UNIT_NAME = 'relative_unit';

const KINDS = {
  x: 'length',
  y: 'length',
  z: 'length',
  bx: 'field',
  by: 'field',
  bz: 'field',
  b: 'field',
  bx_q: 'field',
  by_q: 'field',
  bz_q: 'field',
  b_q: 'field',
  sigma_x: 'field',
  sigma_y: 'field',
  sigma_z: 'field',
  sigma_b: 'field',
  sigma: 'field',
  nx: 'number',
  ny: 'number',
  nz: 'number',
  sensor: 'text',
  t: 'time',
  line: 'number',
  current: 'current',
  soc: 'number',
  temperature: 'temperature',
} as const satisfies Record<string, Quantity | 'number' | 'text'>;

export type ColumnName = keyof typeof KINDS;

/** Every column in the order in which files are written. `sigma` is the noise of all components. */
export const COLUMN_NAMES = Object.keys(KINDS) as ColumnName[];

/** What a column holds. */
export function columnKind(name: ColumnName): Quantity | 'number' | 'text' {
  return KINDS[name];
}

/** A header that was understood. */
export interface Column {
  readonly name: ColumnName;
  /** Value in SI = value in the file x 10^exponent. */
  readonly exponent: number;
  /** The unit of a field column whose scale is unknown. */
  readonly relativeUnit: string | undefined;
}

/** Unit in which the text formats write a quantity. */
export const WRITTEN_UNIT: Readonly<Record<Quantity, string>> = {
  length: 'mm',
  field: 'uT',
  time: 's',
  current: 'A',
  temperature: 'C',
};

/**
 * Understands a header like `bx_q_uT`. Names may be in capitals (`Bz_nT`), units not.
 * @param header name with unit, or the bare name when `unit` is given.
 * @param place where the header stands, for the message.
 * @param declared a relative unit that the file declares for all field columns, whatever it is.
 * @param unit the unit, where the format keeps it apart from the name (HDF5 attributes).
 * @throws {InputError} for an unknown name, a missing or unsuitable unit.
 */
export function interpretColumn(header: string, place: ErrorPlace, declared?: string, unit?: string): Column {
  const fail = (message: string, advice: string) => new InputError(message, { ...place, column: header, advice });
  const { name, found, unitText } = separate(header, declared, unit);
  if (name === undefined) {
    throw fail('is not a column that Savart knows', suggestion(header) ?? `use ${listOfColumns}; delete other columns`);
  }
  const kind = KINDS[name];
  if (kind === 'number' || kind === 'text') {
    if (unitText !== undefined && unitText !== '' && unitText !== 'dimensionless' && unitText !== '1') {
      throw fail(`takes no unit, but has '${unitText}'`, `name it '${name}'`);
    }
    return { name, exponent: 0, relativeUnit: undefined };
  }
  if (kind === 'field' && declared !== undefined) {
    if (unitText === undefined || unitText === declared || found?.symbol === declared) {
      return { name, exponent: 0, relativeUnit: declared };
    }
    throw fail(`is in '${unitText}', but the file declares the relative unit '${declared}'`, 'use one unit for all');
  }
  if (found === undefined || found.quantity !== kind) {
    const known = unitsOf(kind) + (kind === 'field' ? ', or a relative one: Phi0/A, V, Hz' : '');
    const what = unitText === undefined ? 'has no unit' : `has the unit '${unitText}', which is no unit of ${kind}`;
    const declare = kind === 'field' ? ', or declare another unit with the comment "# relative_unit: ..."' : '';
    throw fail(what, `name it like '${name}_${WRITTEN_UNIT[kind]}' (${known})${declare}`);
  }
  return { name, exponent: found.exponent, relativeUnit: found.relative ? found.symbol : undefined };
}

/** Whether a header names a column of a scan, with whatever unit. */
export function isColumn(header: string, declared?: string): boolean {
  return separate(header, declared, undefined).name !== undefined;
}

function separate(header: string, declared: string | undefined, unit: string | undefined) {
  const bare = asName(header);
  if (bare !== undefined)
    return { name: bare, found: unit === undefined ? undefined : parseUnit(unit), unitText: unit };
  let name: ColumnName | undefined;
  if (declared !== undefined && header.endsWith(`_${declared}`)) {
    name = asName(header.slice(0, -declared.length - 1));
    if (name !== undefined) return { name, found: parseUnit(declared), unitText: declared };
  }
  const split = splitUnit(header);
  name = asName(split.name);
  if (name !== undefined) return { name, found: split.unit, unitText: header.slice(split.name.length + 1) };
  // A known name with a unit that is not known: the longest such name.
  for (let i = header.lastIndexOf('_'); i > 0; i = header.lastIndexOf('_', i - 1)) {
    name = asName(header.slice(0, i));
    if (name !== undefined) return { name, found: undefined, unitText: header.slice(i + 1) };
  }
  return { name: undefined, found: undefined, unitText: undefined };
}

function asName(text: string): ColumnName | undefined {
  const lower = text.trim().toLowerCase();
  return Object.hasOwn(KINDS, lower) ? (lower as ColumnName) : undefined;
}

const listOfColumns =
  'x_mm, y_mm, z_mm, bx_uT, by_uT, bz_uT, b_uT with nx, ny, nz, bx_q_uT, sigma_x_uT, sensor, t_s, line, current_A, soc or temperature_C';

/** `Bx (uT)` and `Bx [uT]` are common in other programs' files. */
function suggestion(header: string): string | undefined {
  const match = /^\s*(\w+)\s*[([]\s*([^)\]]+?)\s*[)\]]\s*$/.exec(header);
  const name = match === null ? undefined : asName(match[1]);
  return name === undefined ? undefined : `name it '${name}_${match![2]}'`;
}

/**
 * The relative unit that all field columns of a file share, or undefined when they are in tesla.
 * @throws {InputError} when they differ.
 */
export function sharedRelativeUnit(columns: readonly Column[], place: ErrorPlace = {}): string | undefined {
  const fields = columns.filter(column => KINDS[column.name] === 'field');
  const odd = fields.find(column => column.relativeUnit !== fields[0].relativeUnit);
  if (odd !== undefined) {
    throw new InputError(
      `is in ${odd.relativeUnit ?? 'tesla'}, but '${fields[0].name}' is in ${fields[0].relativeUnit ?? 'tesla'}`,
      { ...place, column: odd.name, advice: 'give all field and sigma columns in tesla, or all in one relative unit' },
    );
  }
  return fields[0]?.relativeUnit;
}

/** Name of a component's quadrature column: `bx_q`. */
export function quadratureColumn(component: ComponentName): ColumnName {
  return `${component}_q`;
}

/** Name of the column with a component's standard deviations: `sigma_x`, and `sigma_b` for a reading along a direction. */
export function sigmaColumn(component: ComponentName): ColumnName {
  return ({ bx: 'sigma_x', by: 'sigma_y', bz: 'sigma_z', b: 'sigma_b' } as const)[component];
}

/** SI symbol of a column; empty for plain numbers, the relative unit for relative readings. */
export function siUnit(name: ColumnName, relativeUnit: string | undefined): string {
  const kind = KINDS[name];
  if (kind === 'number' || kind === 'text') return '';
  return kind === 'field' ? (relativeUnit ?? SI_SYMBOL.field) : SI_SYMBOL[kind];
}

/** @throws {InputError} when a file says that a newer Savart wrote it. */
export function checkFileVersion(version: number, place: ErrorPlace = {}): void {
  if (version >= 0 && version <= FILE_VERSION) return;
  const message = version > FILE_VERSION ? `is ${version}; this Savart reads up to ${FILE_VERSION}` : 'is no version';
  throw new InputError(message, {
    ...place,
    column: FILE_VERSION_NAME,
    advice: 'update Savart, or write the file again with this version',
  });
}
