import { dipoleField } from '../../src/biotSavart/index.js';
import { AXES, type AxisName } from '../../src/fieldMap.js';
import { COMPONENTS } from '../../src/fieldScan.js';
import type { Cell } from '../../src/model/cell.js';
import type { ScanReadings } from './scanReadings.js';
import type { BoundedOptions } from './solution.js';
import type { TabColumns } from './tabColumns.js';
import type { TabFields } from './tabFields.js';

/** An unknown number with a known pattern: a mode of a tab, the share of a sheet, a background, the gain of a sensor. */
export interface PatternColumn {
  readonly name: string;
  /** Readings per unit, T. */
  readonly field: Float64Array;
  /** Prior standard deviation; the mean is zero. */
  readonly sd: number;
  /** Index into the tab columns and sheet, where the pattern is one of theirs. */
  readonly tab?: { readonly column: number; readonly sheet: number };
  /** The sheet that gains where another loses. */
  readonly shift?: number;
  /** Whether it is what the total current exceeds the stated one by, a part of it. */
  readonly current?: true;
  /** The axis of a constant background. */
  readonly background?: AxisName;
}

/** Prior standard deviations of a share, of a background (T), of its slopes (T/m). */
const SHARE_SD = 0.1;
const BACKGROUND_SD = 100e-6;
const SLOPE_SD = 100e-6;
/** Of the moment of a magnetic part, A m^2: a nickel tab of 1 cm^2 x 0.1 mm, saturated, has 5e-3. */
const MOMENT_SD = 5e-3;
/** Of the gain of one axis of one sensor, and of the angles by which it is turned, rad. */
const GAIN_SD = 5e-3;
const ROTATION_SD = 5e-3;

/** Which unknowns there are beside the map. */
export type PatternChoices = Pick<BoundedOptions, 'background' | 'currentError' | 'sensors'>;

/** All patterns of a scan, those of the tabs first. */
export function patternColumns(
  cell: Cell,
  readings: ScanReadings,
  fields: TabFields,
  tabs: TabColumns,
  choices: PatternChoices,
): PatternColumn[] {
  return [
    ...tabPatterns(fields, tabs),
    ...currentPatterns(fields, choices.currentError ?? 0),
    ...backgrounds(readings, choices.background ?? 'constant'),
    ...magneticParts(cell, readings),
    ...(choices.sensors === 'exact' ? [] : sensorErrors(readings)),
  ];
}

function tabPatterns({ columns, base }: TabFields, tabs: TabColumns): PatternColumn[] {
  return tabs.columns.flatMap(({ name, sd }, column) =>
    columns[column].map((field, sheet) => ({ name, field, sd: sd / base.length, tab: { column, sheet } })),
  );
}

/** The shares of several sheets, and the total where it is not known exactly. */
function currentPatterns({ base }: TabFields, currentError: number): PatternColumn[] {
  const last = base.length - 1;
  const shifts = base.slice(0, last).map((own, sheet) => ({
    name: `share of sheet ${sheet + 1}`,
    field: own.map((b, r) => b - base[last][r]),
    sd: SHARE_SD,
    shift: sheet,
  }));
  if (currentError === 0) return shifts;
  const field = base[0].map((_, r) => base.reduce((sum, own) => sum + own[r], 0) / base.length);
  return [...shifts, { name: 'total current', field, sd: currentError, current: true as const }];
}

/** A constant, and the five slopes that a field without sources can have: B = grad of a quadratic harmonic potential. */
export function backgrounds(readings: ScanReadings, kind: 'constant' | 'linear'): PatternColumn[] {
  const { x, y, z, nx, ny, nz } = readings;
  const unit = 1e-6;
  const directions = { bx: nx, by: ny, bz: nz };
  const constant = AXES.filter(axis => directions[axis].some(n => n !== 0)).map(axis => ({
    name: `background ${axis}, uT`,
    field: directions[axis].map(n => unit * n),
    sd: BACKGROUND_SD / unit,
    background: axis,
  }));
  if (kind === 'constant') return constant;
  const slopes: [string, (r: number) => number][] = [
    ['xy', r => nx[r] * y[r] + ny[r] * x[r]],
    ['xz', r => nx[r] * z[r] + nz[r] * x[r]],
    ['yz', r => ny[r] * z[r] + nz[r] * y[r]],
    ['xx - yy', r => nx[r] * x[r] - ny[r] * y[r]],
    ['zz - (xx + yy) / 2', r => nz[r] * z[r] - (nx[r] * x[r] + ny[r] * y[r]) / 2],
  ];
  return [
    ...constant,
    ...slopes.map(([name, at]) => ({
      name: `background slope ${name}, uT/m`,
      field: nx.map((_, r) => unit * at(r)),
      sd: SLOPE_SD / unit,
    })),
  ];
}

/** Steel or nickel parts near the cell, magnetised by its own current: a dipole of unknown moment each. */
export function magneticParts(cell: Cell, readings: ScanReadings): PatternColumn[] {
  const n = readings.count;
  return cell.magneticParts.flatMap(({ name, position }) =>
    [0, 1, 2].map(axis => {
      const out = { bx: new Float64Array(n), by: new Float64Array(n), bz: new Float64Array(n) };
      dipoleField(readings, position, [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0], out);
      const { nx, ny, nz } = readings;
      const field = nx.map((v, r) => v * out.bx[r] + ny[r] * out.by[r] + nz[r] * out.bz[r]);
      return { name: `moment ${'xyz'[axis]} of ${name}, A m^2`, field, sd: MOMENT_SD };
    }),
  );
}

/**
 * What the sensors of an array get wrong against one another: the gain of every axis, and, where all three are measured,
 * small turns of the sensor, dB = omega x B. The field that is turned and scaled is the measured one, whose noise is small
 * beside it.
 */
export function sensorErrors({
  count,
  raw,
  sensor,
  sensorNames,
  component,
  first,
  sample,
  axes,
}: ScanReadings): PatternColumn[] {
  if (sensor === undefined || sensorNames.length < 2) return [];
  const out: PatternColumn[] = [];
  /** Measured component of the sample of a reading. */
  const of = (r: number, axis: number) => raw[first[sample[r]] + axis];
  sensorNames.forEach((name, own) => {
    const pattern = (what: string, sd: number, field: (r: number) => number) => {
      const values = Float64Array.from({ length: count }, (_, r) => (sensor[r] === own ? field(r) : 0));
      if (values.some(v => v !== 0)) out.push({ name: `${what} of sensor ${name}`, field: values, sd });
    };
    COMPONENTS.forEach((axis, c) => {
      pattern(`gain ${axis}`, GAIN_SD, r => (component[r] === c ? raw[r] : 0));
    });
    if (axes.length < 3) return;
    for (let k = 0; k < 3; k++) {
      const [a, b] = [(k + 1) % 3, (k + 2) % 3];
      pattern(`turn about ${'xyz'[k]}, rad,`, ROTATION_SD, r =>
        component[r] === b ? of(r, a) : component[r] === a ? -of(r, b) : 0,
      );
    }
  });
  return out;
}
