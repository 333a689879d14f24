import type { NodePoints, RealTransform2D } from '../transforms/index.js';
import type { SamplePoints } from './samplePoints.js';
import { SPLINE_SUPPORT as S } from './splineInterpolation.js';
import type { Windows } from './window.js';

/** What interpolation needs of the points of a group, see `SamplePoints`, and room for a value of each. */
interface GroupTable extends NodePoints {
  readonly site: Int32Array;
  readonly side: Float64Array;
  readonly planes: number;
  readonly weightsZ: Float64Array;
  readonly values: Float64Array;
}

/** Points at which the field of a transform's size is interpolated. */
export interface InterpolationTable {
  readonly transform: RealTransform2D;
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
  const groups = points.groups.map(({ first, count, planes, weightsZ }): GroupTable => {
    const { buffer, byteOffset } = transform.allocate(Math.ceil(count / 2));
    const base = new Int32Array(buffer, byteOffset, count);
    for (let k = 0, p = first; k < count; k++, p++) {
      base[k] = (points.firstY[p] + y.psiOffset) * x.length + points.firstX[p] + x.psiOffset;
    }
    const weights = (all: Float64Array) => placed(all.subarray(S * first, S * (first + count)));
    return {
      base,
      weightsX: weights(points.weightsX),
      weightsY: weights(points.weightsY),
      site: points.site.subarray(first, first + count),
      side: points.side.subarray(first, first + count),
      planes: planes.length,
      weightsZ,
      values: transform.allocate(count),
    };
  });
  return { transform, groups };
}

/**
 * Adds what one plane contributes to one component of the field at the sites: out[site] += weightZ * spline(field).
 * @param odd whether the component changes sign below the sheet (Bx, By)
 * @param out one value per site, T
 */
export function gather(
  { transform, groups }: InterpolationTable,
  group: number,
  plane: number,
  odd: boolean,
  field: Float64Array,
  out: Float64Array,
): void {
  const { site, side, planes, weightsZ, values } = groups[group];
  transform.sample(field, groups[group], values);
  for (let k = 0, w = plane; k < site.length; k++, w += planes) {
    out[site[k]] += (odd ? side[k] * weightsZ[w] : weightsZ[w]) * values[k];
  }
}

/** The transpose of {@link gather}: adds to the nodes of the field what the sites hold. */
export function scatter(
  { transform, groups }: InterpolationTable,
  group: number,
  plane: number,
  odd: boolean,
  atSites: Float64Array,
  field: Float64Array,
): void {
  const { site, side, planes, weightsZ, values } = groups[group];
  for (let k = 0, w = plane; k < site.length; k++, w += planes) {
    values[k] = (odd ? side[k] * weightsZ[w] : weightsZ[w]) * atSites[site[k]];
  }
  transform.spread(values, groups[group], field);
}
