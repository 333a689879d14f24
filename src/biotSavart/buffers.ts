import { InputError } from '../errors.js';

/**
 * Where the field is wanted: n points in metres as three arrays of the same length, so that a scan, a grid or a part of
 * either can be handed over without copying. Right-handed axes.
 */
export interface Positions {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

/**
 * The field at n points, T, in the order of the {@link Positions}. Every source of this room *adds* to these buffers,
 * so that sources superpose without temporaries; start from {@link zeroField}.
 */
export interface FieldVectors {
  readonly bx: Float64Array;
  readonly by: Float64Array;
  readonly bz: Float64Array;
}

/** A point (m), a direction or a moment of a single source: x, y, z. */
export type Vector3 = readonly [x: number, y: number, z: number];

/** New buffers for the field at `count` points, all zero. */
export function zeroField(count: number): FieldVectors {
  return { bx: new Float64Array(count), by: new Float64Array(count), bz: new Float64Array(count) };
}

/** Copies points given one by one (m) into the layout of {@link Positions}. */
export function positionsOf(points: readonly Vector3[]): Positions {
  const n = points.length;
  const positions = { x: new Float64Array(n), y: new Float64Array(n), z: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    [positions.x[i], positions.y[i], positions.z[i]] = points[i];
  }
  return positions;
}

/**
 * Number of points, once all buffers agree about it. A short output buffer would otherwise lose field silently, because
 * writing beyond the end of a typed array is ignored.
 * @throws {InputError} if an array is longer or shorter than the others.
 */
export function pointCount(points: Positions, out: FieldVectors): number {
  const n = points.x.length;
  const arrays = { y: points.y, z: points.z, bx: out.bx, by: out.by, bz: out.bz };
  for (const [name, array] of Object.entries(arrays)) {
    if (array.length !== n) {
      throw new InputError(`${name} holds ${array.length} values for ${n} points`, {
        advice: 'give one value per point in every array',
      });
    }
  }
  return n;
}
