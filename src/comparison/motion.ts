/**
 * A similarity of the plane that takes a place r of map B to the place where map A shows the same:
 *
 *     r' = c + s R (r - c) + t,    R = (cos a, -sin a; sin a, cos a).
 */
export interface Motion {
  /** t, m. */
  readonly shift: readonly [number, number];
  /** a, rad, anticlockwise. */
  readonly angle: number;
  /** s. */
  readonly scale: number;
  /** c, m: the point about which it turns and scales. */
  readonly centre: readonly [number, number];
}

export const NO_MOTION: Motion = { shift: [0, 0], angle: 0, scale: 1, centre: [0, 0] };

/** Where a place of B lies in A, m. */
export function moved({ shift, angle, scale, centre }: Motion, x: number, y: number): [number, number] {
  const [u, v] = [x - centre[0], y - centre[1]];
  const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [centre[0] + c * u - s * v + shift[0], centre[1] + s * u + c * v + shift[1]];
}

/** The motion back: where a place of A lies in B. */
export function inverseMotion({ shift, angle, scale, centre }: Motion): Motion {
  const [c, s] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  // r = c + R^-1 (r' - c) / s - R^-1 t / s
  return {
    shift: [-(c * shift[0] + s * shift[1]), s * shift[0] - c * shift[1]],
    angle: -angle,
    scale: 1 / scale,
    centre,
  };
}
