import { InputError } from '../errors.js';
import type { Lattice } from './lattice.js';
import { type PlaneGroup, planeGroups, planeWeights } from './planes.js';
import { type Footprint, findSites, type Readings, type Sites } from './readings.js';
import { firstSplineNode, SPLINE_SUPPORT, splineWeights } from './splineInterpolation.js';

/**
 * The points at which a field lattice is interpolated: every point of the footprint at every site, in the order of the
 * plane groups. Compact: per point one site, the first node, 8 + 8 weights and one weight per plane.
 */
export interface SamplePoints {
  readonly sites: Sites;
  readonly groups: readonly PointGroup[];
  /** Site of each point. */
  readonly site: Int32Array;
  /** +1 above the sheet, -1 below it, where Bx and By are the negative of what they are above. */
  readonly side: Float64Array;
  /** First node of each point, in pitches of the field lattice from the first node of psi. */
  readonly firstX: Int32Array;
  readonly firstY: Int32Array;
  /** Weights of the nodes, 8 per point. */
  readonly weightsX: Float64Array;
  readonly weightsY: Float64Array;
}

/** The points first ... first + count - 1, which share their planes. */
export interface PointGroup {
  readonly planes: Float64Array;
  readonly first: number;
  readonly count: number;
  /** Weights of the planes times that of the footprint, `[point - first][plane]`. */
  readonly weightsZ: Float64Array;
}

/** Smallest and largest distance of the readings from the sheet at z0, m. Either side counts alike. */
export function heightRange(readings: Readings, footprint: Footprint, z0: number): [lowest: number, highest: number] {
  let lowest = Infinity;
  let highest = 0;
  for (let i = 0; i < readings.z.length; i++) {
    for (let q = 0; q < footprint.dz.length; q++) {
      const h = Math.abs(readings.z[i] + footprint.dz[q] - z0);
      if (h < lowest) lowest = h;
      if (h > highest) highest = h;
    }
  }
  return [lowest, highest];
}

/**
 * Prepares the interpolation of all readings from a field lattice of the given pitch.
 * @param fieldPitch pitch of the field lattice, m, whose nodes include those of `lattice`
 * @throws {InputError} where a reading lies in the sheet.
 */
export function samplePoints(
  lattice: Lattice,
  z0: number,
  fieldPitch: number,
  readings: Readings,
  footprint: Footprint,
): SamplePoints {
  const sites = findSites(readings);
  const perSite = footprint.weight.length;
  const count = sites.count * perSite;
  const z = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    z[i] = readings.z[sites.example[Math.floor(i / perSite)]] + footprint.dz[i % perSite] - z0;
    if (z[i] === 0) throw new InputError(`a reading lies in the sheet at z = ${z0} m`);
  }
  const heights = z.map(Math.abs);
  const ranges = planeGroups(heights);
  const groupOf = Int32Array.from(heights, h => ranges.findIndex(range => h <= range.highest));
  const order = Int32Array.from(heights.keys()).sort((a, b) => groupOf[a] - groupOf[b] || a - b);

  const points = {
    sites,
    site: new Int32Array(count),
    side: new Float64Array(count),
    firstX: new Int32Array(count),
    firstY: new Int32Array(count),
    weightsX: new Float64Array(count * SPLINE_SUPPORT),
    weightsY: new Float64Array(count * SPLINE_SUPPORT),
  };
  const groups: PointGroup[] = [];
  for (let at = 0; at < count; ) {
    const range: PlaneGroup = ranges[groupOf[order[at]]];
    const first = at;
    while (at < count && groupOf[order[at]] === groupOf[order[first]]) at++;
    groups.push({
      planes: range.planes,
      first,
      count: at - first,
      weightsZ: new Float64Array((at - first) * range.planes.length),
    });
  }
  for (const { planes, first, count: members, weightsZ } of groups) {
    for (let k = 0; k < members; k++) {
      const point = first + k;
      const site = Math.floor(order[point] / perSite);
      const q = order[point] % perSite;
      points.site[point] = site;
      points.side[point] = Math.sign(z[order[point]]);
      const u = (readings.x[sites.example[site]] + footprint.dx[q] - lattice.x0) / fieldPitch;
      const v = (readings.y[sites.example[site]] + footprint.dy[q] - lattice.y0) / fieldPitch;
      points.firstX[point] = firstSplineNode(u);
      points.firstY[point] = firstSplineNode(v);
      splineWeights(u, points.weightsX, point * SPLINE_SUPPORT);
      splineWeights(v, points.weightsY, point * SPLINE_SUPPORT);
      planeWeights(planes, heights[order[point]], weightsZ, k * planes.length);
      for (let p = 0; p < planes.length; p++) weightsZ[k * planes.length + p] *= footprint.weight[q];
    }
  }
  return { ...points, groups };
}
