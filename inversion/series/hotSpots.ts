import { upperGamma } from '../../src/diagnosis/specialFunctions.js';
import { plainAlgebra } from '../../src/linearAlgebra/index.js';
import { dot } from '../../src/linearAlgebra/vectors.js';
import type { SlabForm } from '../susceptibility/slabForm.js';
import type { SlabLattice } from '../susceptibility/slabLattice.js';

/** A disc that changed more, or less, than the plane through its surroundings. m. */
export interface HotSpot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** chi beyond the plane, uniform over the disc, and its standard error. */
  readonly excess: number;
  readonly error: number;
  /** The same as a part of the change of the plane there. */
  readonly relative: number;
  /** excess over error. */
  readonly sigmas: number;
  /** Probability that noise alone shows so much anywhere. */
  readonly probability: number;
  /** Standard error of the place along each axis, m. */
  readonly placeError: number;
}

export interface HotSpotSearch {
  readonly spots: readonly HotSpot[];
  /** Excess of the best resolved disc in the middle of the cell that would just be claimed. */
  readonly smallest: number;
  readonly smallestRadius: number;
  /** The change of the plane, mean over the cell. */
  readonly mean: number;
}

/** Radii that are tried, in distances of the sensors from the middle of the cell; at least a pixel and a half. */
const RADII = [0.35, 0.5, 0.75, 1, 1.5, 2];
/** Probability of any false claim. */
const FALSE_ALARM = 1e-3;
const MOST_SPOTS = 6;
/** A spot that stands out by less than this part of the first may be what its round shape leaves of the first. */
const REMAINS = 0.05;
/** Factors on the radius that are tried at the place that was found. */
const RADIUS_FACTORS = Array.from({ length: 13 }, (_, k) => 1.06 ** (k - 6));
/** Tests at places closer than the resolution are nearly the same; about so many places per square of the distance differ. */
const PLACES = 16;

/**
 * Tests every place and radius for a disc of other chi on top of a plane (mean and slopes), straight on the readings: with the
 * normal equations H and gradient g of the tiles, a pattern v and the patterns U of the plane, the excess is
 * (v'g - v'HU (U'HU)^-1 U'g) over its own information, and its square in sigmas is the gain in likelihood. No prior takes
 * part. The best disc is taken into the model and the search repeated until nothing significant is left.
 *
 * @param form of the difference of two scans, offsets eliminated @param variance of a weighted reading
 * @param distance of the sensors from the middle plane, m
 */
export function findHotSpots(form: SlabForm, lattice: SlabLattice, variance: number, distance: number): HotSpotSearch {
  const [mx, my] = [mean(lattice.x), mean(lattice.y)];
  const patterns = [
    lattice.x.map(() => 1),
    lattice.x.map(x => (x - mx) / distance),
    lattice.y.map(y => (y - my) / distance),
  ];
  const { dx, dy } = lattice.grid;
  const radii = [...new Set(RADII.map(r => Math.max(r * distance, 0.75 * Math.max(dx, dy))))];
  const candidates = radii.map(radius => ({ radius, discs: discsAbout(lattice, radius, form) }));
  const area = lattice.area.reduce((sum, a) => sum + a, 0);
  const tests = Math.max(1, (PLACES * area) / distance ** 2) * radii.length;
  const least = threshold(FALSE_ALARM / tests);
  const resolved = radii.reduce((best, r) => (Math.abs(r - distance) < Math.abs(best - distance) ? r : best));
  const spots: HotSpot[] = [];
  let [smallest, change] = [Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round <= MOST_SPOTS; round++) {
    const model = projection(patterns, form);
    if (round === 0) change = model.coefficients[0];
    let best: { sigmas: number; place: number; radius: number; discs: readonly Disc[] } | undefined;
    for (const { radius, discs } of candidates) {
      for (let place = 0; place < discs.length; place++) {
        const { excess, information } = model.test(discs[place]);
        const sigmas = Math.abs(excess) * Math.sqrt(information / variance);
        if (best === undefined || sigmas > best.sigmas) best = { sigmas, place, radius, discs };
      }
      if (round > 0 || radius !== resolved) continue;
      smallest = least * Math.sqrt(variance / model.test(discs[nearestTile(lattice, mx, my)]).information);
    }
    const probability = best === undefined ? 1 : Math.min(1, tests * twoSided(best.sigmas));
    if (best === undefined || probability > FALSE_ALARM || round === MOST_SPOTS) break;
    if (spots.length > 0 && best.sigmas < REMAINS * spots[0].sigmas) break;
    const { place, discs } = best;
    const sized = RADIUS_FACTORS.map(factor => {
      const radius = factor * best!.radius;
      const disc = discAbout(lattice, radius, form, place);
      const { excess, information } = model.test(disc);
      return { radius, disc, excess, information, sigmas: Math.abs(excess) * Math.sqrt(information / variance) };
    });
    const { radius, disc, excess, information, sigmas } = sized.reduce((a, b) => (b.sigmas > a.sigmas ? b : a));
    const gain = (u: number) => {
      const tested = model.test(discs[u]);
      return (tested.excess ** 2 * tested.information) / variance / 2;
    };
    const centre = refinedPlace(lattice, place, gain);
    const [c, sx, sy] = model.coefficients;
    const local = c + (sx * (centre.x - mx) + sy * (centre.y - my)) / distance;
    // Beside a spot that is told already, this is its shape.
    const own = spots.every(s => Math.hypot(s.x - centre.x, s.y - centre.y) > s.radius + radius + distance / 2);
    if (own)
      spots.push({
        ...centre,
        radius,
        excess,
        error: Math.sqrt(variance / information),
        relative: excess / local,
        sigmas,
        probability,
      });
    const pattern = new Float64Array(form.n);
    disc.members.forEach((u, i) => {
      pattern[u] = disc.values[i];
    });
    patterns.push(pattern);
  }
  return { spots, smallest, smallestRadius: resolved, mean: change };
}

interface Disc {
  readonly members: Int32Array;
  readonly values: Float64Array;
  /** v' H v */
  readonly information: number;
}

/** A disc about every tile; tiles on its rim take part in part. */
function discsAbout(lattice: SlabLattice, radius: number, form: SlabForm): Disc[] {
  return Array.from({ length: lattice.count }, (_, place) => discAbout(lattice, radius, form, place));
}

function discAbout({ x, y, count, grid }: SlabLattice, radius: number, { matrix, n }: SlabForm, c: number): Disc {
  const soft = Math.max(grid.dx, grid.dy);
  const members: number[] = [];
  const values: number[] = [];
  for (let u = 0; u < count; u++) {
    const part = Math.min(1, Math.max(0, 0.5 + (radius - Math.hypot(x[u] - x[c], y[u] - y[c])) / soft));
    if (part === 0) continue;
    members.push(u);
    values.push(part);
  }
  // Members ascend, so the lower triangle holds all pairs.
  let information = 0;
  for (let i = 0; i < members.length; i++) {
    const row = members[i] * n;
    let sum = 0;
    for (let j = 0; j < i; j++) sum += 2 * values[j] * matrix[row + members[j]];
    information += values[i] * (sum + values[i] * matrix[row + members[i]]);
  }
  return { members: Int32Array.from(members), values: Float64Array.from(values), information };
}

/** What is left of the gradient and of a disc's information once the patterns in the model are fitted. */
function projection(patterns: readonly Float64Array[], { matrix, gradient, n }: SlabForm) {
  const m = patterns.length;
  const products = patterns.map(v => symmetricProduct(matrix, n, v));
  const form = new Float64Array(m * m);
  const coefficients = Float64Array.from(patterns, v => dot(v, gradient));
  for (let a = 0; a < m; a++) for (let b = 0; b <= a; b++) form[a * m + b] = dot(patterns[a], products[b]);
  for (let a = 0; a < m; a++) form[a * m + a] *= 1 + 1e-12;
  plainAlgebra.cholesky(form, m);
  plainAlgebra.solveCholesky(form, m, coefficients, 1);
  const left = gradient.slice();
  products.forEach((hv, k) => {
    for (let u = 0; u < n; u++) left[u] -= coefficients[k] * hv[u];
  });
  const cross = new Float64Array(m);
  const test = ({ members, values, information: whole }: Disc) => {
    let along = 0;
    for (let i = 0; i < members.length; i++) along += values[i] * left[members[i]];
    for (let k = 0; k < m; k++) {
      cross[k] = 0;
      for (let i = 0; i < members.length; i++) cross[k] += values[i] * products[k][members[i]];
    }
    // |L^-1 cross|^2 is what the model takes of the disc.
    plainAlgebra.forwardSolve(form, m, cross, 1);
    // A disc that the model holds already has no information of its own.
    const information = Math.max(whole - dot(cross, cross), 1e-9 * whole);
    return { excess: along / information, information };
  };
  return { coefficients, test };
}

/** The place between tiles where the gain is largest, by parabolas along x and y, and its error from their curvature. */
function refinedPlace(
  { x, y, unknown, pixel, grid }: SlabLattice,
  place: number,
  gain: (u: number) => number,
): { x: number; y: number; placeError: number } {
  const p = pixel[place];
  const own = gain(place);
  const along = (inside: (step: -1 | 1) => boolean, stride: number, pitch: number) => {
    const at = (step: -1 | 1) => (inside(step) ? unknown[p + step * stride] : -1);
    const [before, after] = [at(-1), at(1)];
    if (before < 0 || after < 0) return { shift: 0, error: pitch / 2 };
    const [a, c] = [gain(before), gain(after)];
    const bend = a - 2 * own + c;
    if (!(bend < 0)) return { shift: 0, error: pitch / 2 };
    return { shift: Math.max(-0.5, Math.min(0.5, (0.5 * (a - c)) / bend)) * pitch, error: pitch / Math.sqrt(-bend) };
  };
  const [ix, iy] = [p % grid.nx, Math.floor(p / grid.nx)];
  const u = along(step => ix + step >= 0 && ix + step < grid.nx, 1, grid.dx);
  const v = along(step => iy + step >= 0 && iy + step < grid.ny, grid.nx, grid.dy);
  return { x: x[place] + u.shift, y: y[place] + v.shift, placeError: Math.max(u.error, v.error) };
}

function nearestTile({ x, y, count }: SlabLattice, px: number, py: number): number {
  let best = 0;
  for (let u = 1; u < count; u++) {
    if (Math.hypot(x[u] - px, y[u] - py) < Math.hypot(x[best] - px, y[best] - py)) best = u;
  }
  return best;
}

/** Probability that a normal number is further than so many deviations from zero. */
function twoSided(sigmas: number): number {
  return upperGamma(0.5, sigmas ** 2 / 2);
}

/** The deviations that are exceeded with a given probability. */
function threshold(probability: number): number {
  let [low, high] = [0, 40];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (twoSided(middle) > probability) low = middle;
    else high = middle;
  }
  return high;
}

/** H v from the lower triangle of H. */
function symmetricProduct(matrix: Float64Array, n: number, v: Float64Array): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = matrix[i * n + i] * v[i];
    for (let j = 0; j < i; j++) {
      sum += matrix[i * n + j] * v[j];
      out[j] += matrix[i * n + j] * v[i];
    }
    out[i] += sum;
  }
  return out;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
