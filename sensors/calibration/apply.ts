import type { SensorElement, Vector3 } from '../../src/model/rig.js';
import type { Calibration } from './calibration.js';

/** What turns the readings of an element's channels into the field in the rig's axes. */
export interface ElementResponse {
  /** The field for three channels: B = matrix (v - offset), rows x, y, z. Absent for fewer channels. */
  readonly matrix?: readonly Vector3[];
  /** Without a matrix: what a reading of each channel is multiplied with. */
  readonly gains: readonly number[];
  /** T, per channel. */
  readonly offset: readonly number[];
  /** Directions of the channels in the rig's axes. */
  readonly directions: readonly Vector3[];
  /** Place from the stage's point, m. */
  readonly place: Vector3;
}

/**
 * B = R_turn A^-1 M (v - o(T)), with the element's axes as the rows of A, M the gain matrix, o the offset at its
 * temperature; without a calibration M = 1 and o = 0. Elements of one or two channels have no M beyond its diagonal.
 * @param temperature degC; undefined: the offsets and gains of the reference temperature hold
 */
export function elementResponse(
  element: SensorElement,
  calibration: Calibration | undefined,
  temperature?: number,
): ElementResponse {
  const found = calibration?.elements.find(({ name }) => name === element.name);
  const axes = element.axes;
  const warmer =
    found?.reference_degC === undefined || temperature === undefined ? 0 : temperature - found.reference_degC;
  const offset = axes.map((_, c) =>
    found === undefined ? 0 : 1e-9 * (found.offset_nT[c] + found.offset_slope_nT_per_K[c] * warmer),
  );
  const scale = 1 / (1 + (found?.gain_slope_per_K ?? 0) * warmer);
  const turn = rotation(found?.turn_deg ?? [0, 0, 0]);
  const directions = axes.map(axis => times(turn, axis));
  const shift = found?.shift_mm ?? [0, 0, 0];
  const place: Vector3 = [
    element.offset[0] + 1e-3 * shift[0],
    element.offset[1] + 1e-3 * shift[1],
    element.offset[2] + 1e-3 * shift[2],
  ];
  const gains = axes.map((_, c) => scale * (found?.gain[c][c] ?? 1));
  const inverse = axes.length === 3 ? inverse3(axes) : undefined;
  if (inverse === undefined) return { gains, offset, directions, place };
  const gain = found?.gain ?? UNIT;
  const scaled = gain.map((row): Vector3 => [scale * row[0], scale * row[1], scale * row[2]]);
  return { matrix: product(turn, product(inverse, scaled)), gains, offset, directions, place };
}

/** The matrix that turns by a rotation vector, degrees (Rodrigues). */
export function rotation(vector_deg: readonly number[]): Vector3[] {
  const [x, y, z] = vector_deg.map(v => (v * Math.PI) / 180);
  const angle = Math.hypot(x, y, z);
  if (angle === 0) return UNIT;
  const [u, v, w] = [x / angle, y / angle, z / angle];
  const [s, c] = [Math.sin(angle), 1 - Math.cos(angle)];
  return [
    [1 - c * (v * v + w * w), c * u * v - s * w, c * u * w + s * v],
    [c * u * v + s * w, 1 - c * (u * u + w * w), c * v * w - s * u],
    [c * u * w - s * v, c * v * w + s * u, 1 - c * (u * u + v * v)],
  ];
}

export const UNIT: Vector3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

export function times(matrix: readonly Vector3[], v: readonly number[]): Vector3 {
  const of = (k: number) => matrix[k][0] * v[0] + matrix[k][1] * v[1] + matrix[k][2] * v[2];
  return [of(0), of(1), of(2)];
}

export function product(a: readonly Vector3[], b: readonly Vector3[]): Vector3[] {
  const column = (k: number) => times(a, [b[0][k], b[1][k], b[2][k]]);
  const [x, y, z] = [column(0), column(1), column(2)];
  return [0, 1, 2].map((k): Vector3 => [x[k], y[k], z[k]]);
}

/** undefined where the rows lie nearly in a plane. */
export function inverse3(m: readonly Vector3[]): Vector3[] | undefined {
  const [a, b, c] = m;
  const across = (p: Vector3, q: Vector3): Vector3 => [
    p[1] * q[2] - p[2] * q[1],
    p[2] * q[0] - p[0] * q[2],
    p[0] * q[1] - p[1] * q[0],
  ];
  const [bc, ca, ab] = [across(b, c), across(c, a), across(a, b)];
  const determinant = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2];
  const size = Math.hypot(...a) * Math.hypot(...b) * Math.hypot(...c);
  if (!(Math.abs(determinant) > 0.1 * size)) return undefined;
  return [0, 1, 2].map((k): Vector3 => [bc[k] / determinant, ca[k] / determinant, ab[k] / determinant]);
}
