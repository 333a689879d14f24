import type { NodePoints, RealTransform2D } from '../transforms/index.js';
import type { SamplePoints } from './samplePoints.js';
import { SPLINE_SUPPORT as S } from './splineInterpolation.js';
import type { Windows } from './window.js';

/** What interpolation needs of the points of a group, and room for a value of each. */
interface GroupTable extends NodePoints {
  readonly values: Float64Array;
}

/** Points at which the field of a transform's size is interpolated. */
export interface InterpolationTable {
  readonly transform: RealTransform2D;
  readonly points: SamplePoints;
  readonly groups: readonly GroupTable[];
}

/** Puts what interpolation needs where the transform works. */
export function interpolationTable(
  transform: RealTransform2D,
  points: SamplePoints,
  { x, y }: Windows,
): InterpolationTable {
  const placed = (values: Float64Array) => {
    const own = transform.allocate(values.length);
    own.set(values);
    return own;
  };
  const groups = points.groups.map(({ first, count }): GroupTable => {
    const { buffer, byteOffset } = transform.allocate(Math.ceil(count / 2));
    const base = new Int32Array(buffer, byteOffset, count);
    for (let k = 0, p = first; k < count; k++, p++) {
      base[k] = (points.firstY[p] + y.psiOffset) * x.length + points.firstX[p] + x.psiOffset;
    }
    const weights = (all: Float64Array) => placed(all.subarray(S * first, S * (first + count)));
    const [weightsX, weightsY] = [weights(points.weightsX), weights(points.weightsY)];
    return { base, weightsX, weightsY, values: transform.allocate(count) };
  });
  return { transform, points, groups };
}

/**
 * Adds what one plane contributes to one component of the field at the sites: out[site] += weightZ * spline(field).
 * @param odd whether the component changes sign below the sheet (Bx, By)
 * @param out one value per site, T
 */
export function gather(
  { transform, points, groups }: InterpolationTable,
  group: number,
  plane: number,
  odd: boolean,
  field: Float64Array,
  out: Float64Array,
): void {
  const { site, side } = points;
  const { planes, first, count, weightsZ } = points.groups[group];
  const { values } = groups[group];
  transform.sample(field, groups[group], values);
  for (let k = 0, point = first, w = plane; k < count; k++, point++, w += planes.length) {
    out[site[point]] += (odd ? side[point] * weightsZ[w] : weightsZ[w]) * values[k];
  }
}

/** The transpose of {@link gather}: adds to the nodes of the field what the sites hold. */
export function scatter(
  { transform, points, groups }: InterpolationTable,
  group: number,
  plane: number,
  odd: boolean,
  atSites: Float64Array,
  field: Float64Array,
): void {
  const { site, side } = points;
  const { planes, first, count, weightsZ } = points.groups[group];
  const { values } = groups[group];
  for (let k = 0, point = first, w = plane; k < count; k++, point++, w += planes.length) {
    values[k] = (odd ? side[point] * weightsZ[w] : weightsZ[w]) * atSites[site[point]];
  }
  transform.spread(values, groups[group], field);
}
