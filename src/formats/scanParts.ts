import { type ErrorPlace, InputError } from '../errors.js';
import { COMPONENTS, type ComponentName, checkScan, type FieldComponent, type FieldScan } from '../fieldScan.js';
import { COLUMN_NAMES, type ColumnName, quadratureColumn, sigmaColumn } from './columns.js';

/**
 * Checks that the columns make a scan: x, y, z, a component, and nx, ny, nz with `b`.
 * @throws {InputError} naming the missing column.
 */
export function requireColumns(has: (name: ColumnName) => boolean, place: ErrorPlace = {}): void {
  for (const name of ['x', 'y', 'z'] as const) {
    if (has(name)) continue;
    const advice = `add it as '${name}_mm'${name === 'z' ? ', the height of the sensor above the middle plane of the stack' : ''}`;
    throw new InputError(`there is no position '${name}'`, { ...place, column: name, advice });
  }
  if (!COMPONENTS.some(has)) {
    const advice = 'name a column like bz_uT, or bx_nT, or b_uT with nx, ny, nz';
    throw new InputError('there is no field component', { ...place, advice });
  }
  for (const component of COMPONENTS) {
    for (const name of [quadratureColumn(component), sigmaColumn(component)]) {
      if (has(name) && !has(component)) {
        throw new InputError(`there is no '${component}' for it`, {
          ...place,
          column: name,
          advice: 'add it or delete this column',
        });
      }
    }
  }
  for (const name of ['nx', 'ny', 'nz'] as const) {
    if (has(name) === has('b')) continue;
    throw new InputError(
      has('b') ? 'a reading along a direction needs that direction' : 'a direction needs the reading along it',
      { ...place, column: has('b') ? name : 'b', advice: 'give b_uT together with nx, ny and nz' },
    );
  }
}

/** The parts of a scan as a file gives them, in SI (or the relative unit); arrays have one entry per sample. */
export interface ScanParts {
  readonly columns: ReadonlyMap<ColumnName, Float64Array>;
  readonly sensor?: Int32Array | undefined;
  readonly sensorNames?: readonly string[] | undefined;
  /** Noise of every reading. */
  readonly sigma?: number | undefined;
  readonly relativeUnit?: string | undefined;
}

/**
 * Builds and checks a scan. A column `sigma` is the noise of every component: one number where it is constant, else the
 * standard deviation of each component that has none of its own.
 * @throws {InputError} naming the column at fault.
 */
export function scanFromParts(parts: ScanParts): FieldScan {
  const { columns, sensor, sensorNames, relativeUnit } = parts;
  requireColumns(name => columns.has(name));
  const noise = columns.get('sigma');
  const constant = noise?.every(value => value === noise[0]) === true ? noise[0] : undefined;
  const sigma = parts.sigma ?? constant;
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  for (const name of COMPONENTS) {
    const values = columns.get(name);
    if (values === undefined) continue;
    components[name] = {
      values,
      ...optional('quadrature', columns.get(quadratureColumn(name))),
      ...optional('sigma', columns.get(sigmaColumn(name)) ?? (constant === undefined ? noise : undefined)),
    };
  }
  const direction = { x: columns.get('nx')!, y: columns.get('ny')!, z: columns.get('nz')! };
  return checkScan({
    count: columns.get('x')!.length,
    x: columns.get('x')!,
    y: columns.get('y')!,
    z: columns.get('z')!,
    components,
    ...optional('direction', columns.has('b') ? direction : undefined),
    ...optional('sigma', sigma),
    ...optional('sensor', sensor),
    ...optional('sensorNames', sensor === undefined ? undefined : sensorNames),
    ...optional('time', columns.get('t')),
    ...optional('line', columns.get('line')),
    ...optional('current', columns.get('current')),
    ...optional('soc', columns.get('soc')),
    ...optional('temperature', columns.get('temperature')),
    ...optional('relativeUnit', relativeUnit),
  });
}

/** The numeric columns of a scan in the order of {@link COLUMN_NAMES}, in SI; nothing is copied. */
export function columnsOfScan(scan: FieldScan): Map<ColumnName, Float64Array> {
  const all: Partial<Record<ColumnName, Float64Array | undefined>> = {
    x: scan.x,
    y: scan.y,
    z: scan.z,
    nx: scan.direction?.x,
    ny: scan.direction?.y,
    nz: scan.direction?.z,
    t: scan.time,
    line: scan.line,
    current: scan.current,
    soc: scan.soc,
    temperature: scan.temperature,
  };
  for (const name of COMPONENTS) {
    all[name] = scan.components[name]?.values;
    all[quadratureColumn(name)] = scan.components[name]?.quadrature;
    all[sigmaColumn(name)] = scan.components[name]?.sigma;
  }
  const out = new Map<ColumnName, Float64Array>();
  for (const name of COLUMN_NAMES) {
    const values = all[name];
    if (values !== undefined) out.set(name, values);
  }
  return out;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
