import { InputError } from '../errors.js';
import type { ComponentName, FieldScan } from '../fieldScan.js';
import { gridSize } from '../grid.js';
import { toFieldMap } from '../gridding/index.js';
import { random } from '../random.js';
import { scanSubset } from '../scanSubset.js';
import { hasNoise, noiseOf } from './oddEven.js';
import { fieldVectors, type VectorMap } from './vectorMap.js';

/** Neighbouring heights further apart than this part of their distance from z = 0 belong to different planes. */
const NEXT_PLANE = 0.1;
/** Planes whose heights differ by this part are compared without a word, and by this part with one. */
const SAME_HEIGHT = 0.005;
const NEAR_HEIGHT = 0.05;
const NOISE_SEED = 20261121;

/** A scan as maps, one per measuring plane, lowest first. */
export function scanMaps(scan: FieldScan, names: readonly ComponentName[]): VectorMap[] {
  return planesOf(scan.z).map(samples => planeMap(scanSubset(scan, samples, names)));
}

/** The samples of each measuring plane, lowest first. */
export function planesOf(z: Float64Array): number[][] {
  const order = Array.from(z, (_, i) => i).sort((i, j) => z[i] - z[j]);
  const planes: number[][] = [];
  order.forEach((i, k) => {
    const before = k === 0 ? Number.NEGATIVE_INFINITY : z[order[k - 1]];
    const gap = NEXT_PLANE * Math.max(Math.abs(z[i]), Math.abs(before));
    if (k === 0 || z[i] - before > gap) planes.push([i]);
    else planes.at(-1)!.push(i);
  });
  return planes;
}

/**
 * Planes of two scans at the same height.
 * @param notes takes sentences about heights that differ a little and planes that have no partner
 * @throws {InputError} where no plane of B lies within 5 % of the height of one of A
 */
export function matchPlanes(
  a: readonly VectorMap[],
  b: readonly VectorMap[],
  notes: string[],
): { readonly a: VectorMap; readonly b: VectorMap }[] {
  const apart = (u: VectorMap, v: VectorMap) => Math.abs(u.z - v.z) / Math.max(Math.abs(u.z), Math.abs(v.z), 1e-12);
  const matched = a.flatMap(map => {
    const nearest = b.reduce((best, other) => (apart(map, other) < apart(map, best) ? other : best));
    return apart(map, nearest) <= NEAR_HEIGHT ? [{ a: map, b: nearest }] : [];
  });
  const heights = (maps: readonly VectorMap[]) => `${maps.map(map => mm(map.z)).join(' and ')} mm`;
  if (matched.length === 0) {
    throw new InputError(`A was measured at z = ${heights(a)}, B at ${heights(b)}`, {
      column: 'z',
      advice: 'compare scans of one height, or invert both and compare the results',
    });
  }
  for (const { a: first, b: second } of matched) {
    if (apart(first, second) > SAME_HEIGHT) {
      const percent = Number((100 * apart(first, second)).toPrecision(2));
      notes.push(
        `A was measured at z = ${mm(first.z)} mm, B at ${mm(second.z)} mm: ${percent} % in height make about as much in ` +
          'the field, which was not corrected.',
      );
    }
  }
  const left = a.length + b.length - 2 * matched.length;
  if (left > 0) notes.push(`${left} of the measuring planes have no partner at their height and were left out.`);
  return matched;
}

/**
 * One plane as a map with the standard deviation of every pixel: of readings on a raster their own, of interpolated ones
 * that of the same interpolation of noise.
 */
function planeMap(scan: FieldScan): VectorMap {
  const { map, regridded, pixelOf } = toFieldMap(scan);
  const { sigma: _, ...bare } = map;
  const vectors = fieldVectors(bare);
  const source = (name: string) => (scan.components[name as ComponentName] === undefined ? 'b' : name) as ComponentName;
  if (!vectors.names.every(name => hasNoise(scan, source(name)))) return vectors;
  const sigma = vectors.names.map(name => {
    const variance = new Float64Array(gridSize(map.grid));
    const repeats = new Float64Array(variance.length);
    let total = 0;
    for (let i = 0; i < scan.count; i++) {
      const square = noiseOf(scan, source(name), i) ** 2;
      total += square;
      if (pixelOf[i] < 0) continue;
      variance[pixelOf[i]] += square;
      repeats[pixelOf[i]]++;
    }
    const rms = Math.sqrt(total / scan.count);
    return regridded ? variance.fill(rms) : variance.map((v, p) => Math.sqrt(v) / repeats[p]);
  });
  const factor = regridded ? interpolatedNoise(scan) : 1;
  return { ...vectors, sigma: sigma.map(s => s.map(v => v * factor)) };
}

/** The rms of unit noise after the interpolation that the positions of these samples ask for. */
function interpolatedNoise(scan: FieldScan): number {
  const rng = random(NOISE_SEED);
  const noise = () => ({ values: Float64Array.from({ length: scan.count }, () => rng.normal()) });
  const { count, x, y, z } = scan;
  const { map } = toFieldMap({ count, x, y, z, components: { bx: noise(), by: noise(), bz: noise() } });
  let [sum, n] = [0, 0];
  for (const values of Object.values(map.components)) {
    for (const v of values) {
      if (Number.isNaN(v)) continue;
      sum += v * v;
      n++;
    }
  }
  return Math.sqrt(sum / n);
}

function mm(metres: number): number {
  return Number((1e3 * metres).toPrecision(4));
}
