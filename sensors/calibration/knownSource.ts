import { positionsOf, zeroField } from '../../src/biotSavart/buffers.js';
import { circularLoopField } from '../../src/biotSavart/circularLoop.js';
import { polylineField } from '../../src/biotSavart/wire.js';
import { InputError } from '../../src/errors.js';
import type { Vector3 } from '../../src/model/rig.js';
import { rotation } from './apply.js';
import { gaussNewton } from './gaussNewton.js';
import { studentFactor } from './student.js';

/** A conductor whose place is known: a wire along a path, or a coil. */
export type KnownSource =
  | { readonly kind: 'wire'; readonly path: readonly Vector3[] }
  | {
      readonly kind: 'coil';
      readonly centre: Vector3;
      readonly axis: Vector3;
      readonly radius: number;
      readonly turns: number;
    };

/** Readings of one element over a known source. */
export interface SourceReadings {
  readonly source: KnownSource;
  /** Where the element stands as far as is known, m. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Its readings along the rig's axes as far as is known, T; `[reading][3]`. */
  readonly field: Float64Array;
  /** A. */
  readonly current: Float64Array;
}

/** Rotation, place and scale of one element against a known source. */
export interface SourceFit {
  /** Rotation vector from the element's axes to the rig's, degrees. */
  readonly turn: Vector3;
  readonly turnErrors: Vector3;
  /** Its place less the one that was assumed, m. */
  readonly shift: Vector3;
  readonly shiftErrors: Vector3;
  /** True field over reading. */
  readonly scale: number;
  readonly scaleError: number;
  /** Root mean square of what is left, T. */
  readonly residual: number;
  readonly readings: number;
  readonly left: Float64Array;
}

/** What is known before, one standard deviation: degrees, m, relative. What the source does not show keeps it as error. */
const PRIOR = { turn: 15, shift: 3e-3, scale: 0.03 } as const;
const RADIAN = 180 / Math.PI;

/** The field of a source per ampere. */
export function sourceField(source: KnownSource, x: Float64Array, y: Float64Array, z: Float64Array) {
  const out = zeroField(x.length);
  if (source.kind === 'wire') polylineField({ x, y, z }, positionsOf(source.path), 1, out);
  else {
    const { centre, axis, radius, turns } = source;
    circularLoopField({ x, y, z }, { centre, axis, radius_m: radius }, turns, out);
  }
  return out;
}

/**
 * Fits rotation, place and scale of an element, and a constant background per source, to its readings over one or more
 * known sources: scale R v = I b(p + shift) + background. A straight wire does not show the place along itself, nor a coil
 * a turn of the place about its axis: there the error stays that of what was known before (3 mm, 15 degrees).
 * @throws {InputError} for too few readings, or a source that was not seen
 */
export function sourceFit(sets: readonly SourceReadings[]): SourceFit {
  const counts = sets.map(({ x }) => x.length);
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n < 6)
    throw new InputError(`${n} readings do not fix rotation and place`, { advice: 'scan a plane over the source' });
  const size = Math.sqrt(sets.reduce((sum, { field }) => sum + field.reduce((s, b) => s + b * b, 0), 0) / (3 * n));
  const residuals = (p: Float64Array, out: Float64Array) => {
    const turned = rotation([p[0] * RADIAN, p[1] * RADIAN, p[2] * RADIAN]);
    let at = 0;
    sets.forEach(({ source, x, y, z, field, current }, k) => {
      const b = sourceField(
        source,
        x.map(v => v + p[3]),
        y.map(v => v + p[4]),
        z.map(v => v + p[5]),
      );
      const parts = [b.bx, b.by, b.bz];
      for (let i = 0; i < x.length; i++) {
        for (let c = 0; c < 3; c++) {
          const row = turned[c];
          const read = row[0] * field[3 * i] + row[1] * field[3 * i + 1] + row[2] * field[3 * i + 2];
          out[at++] = p[6] * read - current[i] * parts[c][i] - size * p[7 + 3 * k + c];
        }
      }
    });
  };
  const constants = sets.flatMap(() => [0, 0, 0]);
  const [turn, shift] = [PRIOR.turn / RADIAN, PRIOR.shift];
  const held = [turn, turn, turn, shift, shift, shift, PRIOR.scale];
  const fit = gaussNewton(3 * n, residuals, {
    start: [0, 0, 0, 0, 0, 0, 1, ...constants],
    scale: [1e-4, 1e-4, 1e-4, 1e-6, 1e-6, 1e-6, 1e-4, ...constants.map(() => 1e-4)],
    prior: [...held, ...constants.map(() => Infinity)],
  });
  if (fit === undefined || !(fit.residual < 0.5 * size)) {
    throw new InputError('the readings do not look like the field of the known source', {
      advice: 'check its path, the sign of the current and the axes of the rig',
    });
  }
  const { values: v } = fit;
  // What the readings tell and not the prior costs a degree of freedom each.
  const told = held.reduce((sum, prior, k) => sum + Math.max(0, 1 - (fit.errors[k] / prior) ** 2), 0);
  const degrees = Math.max(1, fit.degrees - told);
  const factor = Math.sqrt(fit.degrees / degrees) * studentFactor(degrees);
  // What the readings do not tell stays as uncertain as it was.
  const e = fit.errors.map((error, k) => (k < held.length ? Math.min(held[k], error * factor) : error * factor));
  const left = new Float64Array(3 * n);
  residuals(v, left);
  return {
    turn: [v[0] * RADIAN, v[1] * RADIAN, v[2] * RADIAN],
    turnErrors: [e[0] * RADIAN, e[1] * RADIAN, e[2] * RADIAN],
    shift: [v[3], v[4], v[5]],
    shiftErrors: [e[3], e[4], e[5]],
    scale: v[6],
    scaleError: e[6],
    residual: fit.residual,
    readings: n,
    left,
  };
}
