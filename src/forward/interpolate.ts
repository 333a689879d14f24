import type { SamplePoints } from './samplePoints.js';
import { SPLINE_SUPPORT as S } from './splineInterpolation.js';

/** What the two inner loops need of the points; the first node of each point is an index into the field. */
export interface InterpolationTable {
  readonly points: SamplePoints;
  /** Index of each point's first node in the array of the field. */
  readonly base: Int32Array;
  /** Length of the field's rows. */
  readonly rowLength: number;
}

/**
 * Adds what one plane contributes to one component of the field at the sites: out[site] += weightZ * spline(field).
 * @param odd whether the component changes sign below the sheet (Bx, By)
 * @param out one value per site, T
 */
export function gather(
  table: InterpolationTable,
  group: number,
  plane: number,
  odd: boolean,
  field: Float64Array,
  out: Float64Array,
): void {
  const { site, side, weightsX, weightsY } = table.points;
  const { planes, first, count, weightsZ } = table.points.groups[group];
  for (let k = 0; k < count; k++) {
    const point = first + k;
    const w = point * S;
    const wx0 = weightsX[w];
    const wx1 = weightsX[w + 1];
    const wx2 = weightsX[w + 2];
    const wx3 = weightsX[w + 3];
    const wx4 = weightsX[w + 4];
    const wx5 = weightsX[w + 5];
    const wx6 = weightsX[w + 6];
    const wx7 = weightsX[w + 7];
    let at = table.base[point];
    let sum = 0;
    for (let j = 0; j < S; j++, at += table.rowLength) {
      sum +=
        weightsY[w + j] *
        (wx0 * field[at] +
          wx1 * field[at + 1] +
          wx2 * field[at + 2] +
          wx3 * field[at + 3] +
          wx4 * field[at + 4] +
          wx5 * field[at + 5] +
          wx6 * field[at + 6] +
          wx7 * field[at + 7]);
    }
    const scale = weightsZ[k * planes.length + plane];
    out[site[point]] += (odd ? side[point] * scale : scale) * sum;
  }
}

/** The transpose of {@link gather}: adds to the nodes of the field what the sites hold. */
export function scatter(
  table: InterpolationTable,
  group: number,
  plane: number,
  odd: boolean,
  values: Float64Array,
  field: Float64Array,
): void {
  const { site, side, weightsX, weightsY } = table.points;
  const { planes, first, count, weightsZ } = table.points.groups[group];
  for (let k = 0; k < count; k++) {
    const point = first + k;
    const scale = weightsZ[k * planes.length + plane];
    const value = (odd ? side[point] * scale : scale) * values[site[point]];
    const w = point * S;
    const wx0 = weightsX[w];
    const wx1 = weightsX[w + 1];
    const wx2 = weightsX[w + 2];
    const wx3 = weightsX[w + 3];
    const wx4 = weightsX[w + 4];
    const wx5 = weightsX[w + 5];
    const wx6 = weightsX[w + 6];
    const wx7 = weightsX[w + 7];
    let at = table.base[point];
    for (let j = 0; j < S; j++, at += table.rowLength) {
      const row = value * weightsY[w + j];
      field[at] += row * wx0;
      field[at + 1] += row * wx1;
      field[at + 2] += row * wx2;
      field[at + 3] += row * wx3;
      field[at + 4] += row * wx4;
      field[at + 5] += row * wx5;
      field[at + 6] += row * wx6;
      field[at + 7] += row * wx7;
    }
  }
}
