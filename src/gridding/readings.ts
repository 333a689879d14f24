import { InputError } from '../errors.js';
import { AXES, type AxisName } from '../fieldMap.js';
import type { FieldComponent, FieldScan } from '../fieldScan.js';

/** Relative rms variation of the current that is worth a note. */
const DRIFT = 0.01;
/** Largest over smallest standard deviation of the noise that is worth a note. */
const UNEVEN_NOISE = 2;

/** Readings along one axis of the map; `sign` -1 where they were taken against it. */
export interface Reading extends FieldComponent {
  readonly axis: AxisName;
  readonly sign: 1 | -1;
}

/** The readings as Cartesian components, in the order of {@link AXES}. */
export function cartesianReadings(scan: FieldScan, notes: string[]): Reading[] {
  const readings: Reading[] = [];
  const { b, ...cartesian } = scan.components;
  for (const axis of AXES) {
    const component = cartesian[axis];
    if (component !== undefined) readings.push({ ...component, axis, sign: 1 });
  }
  if (b !== undefined) {
    const { axis, sign } = axisOf(scan.direction!);
    if (cartesian[axis] !== undefined) {
      throw new InputError(`was read along the same axis as ${axis}`, {
        column: 'b',
        advice: `delete b or ${axis}`,
      });
    }
    readings.push({ ...b, axis, sign });
    readings.sort((p, q) => AXES.indexOf(p.axis) - AXES.indexOf(q.axis));
  }
  if (readings.some(reading => reading.quadrature !== undefined)) {
    notes.push('The quadrature readings were left out; the map is that of the field in phase.');
  }
  return readings;
}

/** The axis along which, or against which, all samples were read. */
function axisOf(direction: NonNullable<FieldScan['direction']>): { axis: AxisName; sign: 1 | -1 } {
  const { x, y, z } = direction;
  for (const [axis, along, p, q] of [
    ['bx', x, y, z],
    ['by', y, z, x],
    ['bz', z, x, y],
  ] as const) {
    const sign = along[0] < 0 ? -1 : 1;
    if (along.every((a, i) => sign * a > 0 && Math.abs(p[i]) <= 1e-6 && Math.abs(q[i]) <= 1e-6)) return { axis, sign };
  }
  const same = [x, y, z].every(values => values.every(value => Math.abs(value - values[0]) <= 1e-6));
  const first = [x, y, z].map(values => Number(values[0].toPrecision(3))).join(', ');
  throw new InputError(
    same
      ? `was read along (${first}), but the Fourier method needs x, y or z`
      : 'was read along several directions, but the Fourier method needs one of x, y and z',
    { column: 'b', advice: 'give readings along x, y or z' },
  );
}

/** Root mean square of the standard deviations of all readings that have one. */
export function rmsSigma(scan: FieldScan, readings: readonly Reading[], notes: string[]): number | undefined {
  let squares = 0;
  let count = 0;
  let least = Infinity;
  let most = 0;
  for (const { sigma } of readings) {
    if (sigma === undefined && scan.sigma === undefined) continue;
    for (let i = 0; i < scan.count; i++) {
      const s = sigma === undefined ? scan.sigma! : sigma[i];
      squares += s * s;
      least = Math.min(least, s);
      most = Math.max(most, s);
    }
    count += scan.count;
  }
  if (count === 0) return undefined;
  if (most > UNEVEN_NOISE * least) {
    notes.push(
      `The noise differs from reading to reading by a factor of ${Number((most / least).toPrecision(2))}; the Fourier ` +
        'method takes one value, the root mean square.',
    );
  }
  // Not the root of a mean of squares where one value holds for all: it is handed on as it was given.
  return most === least ? most : Math.sqrt(squares / count);
}

export function noteDrift({ current }: FieldScan, notes: string[]): void {
  if (current === undefined) return;
  const mean = current.reduce((sum, value) => sum + value, 0) / current.length;
  const rms = Math.sqrt(current.reduce((sum, value) => sum + (value - mean) ** 2, 0) / current.length);
  if (!(rms > DRIFT * Math.abs(mean))) return;
  notes.push(
    `The current varied by ${Number(rms.toPrecision(2))} A (rms) around ${Number(mean.toPrecision(4))} A during the ` +
      'scan; the readings were not corrected for it.',
  );
}
