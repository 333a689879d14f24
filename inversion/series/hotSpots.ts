import type { SlabForm } from '../susceptibility/slabForm.js';
import type { SlabLattice } from '../susceptibility/slabLattice.js';
import { alongDisc, type Disc, discAbout, discPattern, discsAbout, fittedPatterns } from './discs.js';
import { falseClaims } from './falseClaims.js';

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
/** Probability of any false claim in a search. */
export const FALSE_ALARM = 1e-3;
const MOST_SPOTS = 6;
/** A spot that stands out by less than this part of the first may be what its round shape leaves of the first. */
const REMAINS = 0.05;
/** An excess below this part of the change around it may be the model's: pixels, outline, thickness and gains are no better known. */
const MODEL = 0.01;
/** Factors on the radius that are tried at the place that was found. */
const RADIUS_FACTORS = Array.from({ length: 13 }, (_, k) => 1.06 ** (k - 6));

/**
 * Tests every place and radius for a disc of other chi on top of a plane (mean and slopes), straight on the readings: with the
 * normal equations H and gradient g of the tiles, a pattern v and the patterns U of the plane, the excess is
 * (v'g - v'HU (U'HU)^-1 U'g) over its own information, and its square in sigmas is the gain in likelihood. No prior takes
 * part. The best disc is taken into the model and the search repeated until nothing significant is left. What noise alone
 * would show over all places and radii is computed for the readings at hand (falseClaims.ts).
 *
 * @param form of the difference of two scans, offsets eliminated @param variance of a weighted reading
 * @param distance of the sensors from the middle plane, m
 */
export function findHotSpots(
  form: SlabForm,
  lattice: SlabLattice,
  variance: number,
  distance: number,
  falseAlarm = FALSE_ALARM,
): HotSpotSearch {
  const [mx, my] = [mean(lattice.x), mean(lattice.y)];
  const patterns: Float64Array[] = [
    lattice.x.map(() => 1),
    lattice.x.map(x => (x - mx) / distance),
    lattice.y.map(y => (y - my) / distance),
  ];
  const { dx, dy } = lattice.grid;
  const radii = [...new Set(RADII.map(r => Math.max(r * distance, 0.75 * Math.max(dx, dy))))];
  const candidates = radii.map(radius => ({ radius, discs: discsAbout(lattice, radius, form) }));
  const claims = falseClaims(
    form,
    fittedPatterns(patterns, form),
    candidates.flatMap(c => c.discs),
  );
  const least = claims.threshold(falseAlarm);
  const resolved = radii.reduce((best, r) => (Math.abs(r - distance) < Math.abs(best - distance) ? r : best));
  const spots: HotSpot[] = [];
  let [smallest, change] = [Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round <= MOST_SPOTS; round++) {
    const fitted = fittedPatterns(patterns, form);
    const { coefficients, left } = fitted.taken(form.gradient);
    const tested = (disc: Disc) => {
      const information = fitted.information(disc);
      const excess = alongDisc(disc, left) / information;
      return { excess, information, sigmas: Math.abs(excess) * Math.sqrt(information / variance) };
    };
    if (round === 0) change = coefficients[0];
    let best: { sigmas: number; place: number; radius: number; discs: readonly Disc[] } | undefined;
    for (const { radius, discs } of candidates) {
      for (let place = 0; place < discs.length; place++) {
        const { sigmas } = tested(discs[place]);
        if (best === undefined || sigmas > best.sigmas) best = { sigmas, place, radius, discs };
      }
      if (round > 0 || radius !== resolved) continue;
      const noise = Math.sqrt(variance / fitted.information(discs[nearestTile(lattice, mx, my)]));
      smallest = Math.max(least * noise, MODEL * Math.abs(change));
    }
    const probability = best === undefined ? 1 : claims.probability(best.sigmas);
    if (best === undefined || probability > falseAlarm || round === MOST_SPOTS) break;
    if (spots.length > 0 && best.sigmas < REMAINS * spots[0].sigmas) break;
    const { place, discs } = best;
    const sized = RADIUS_FACTORS.map(factor => {
      const radius = factor * best!.radius;
      const disc = discAbout(lattice, radius, form, place);
      return { radius, disc, ...tested(disc) };
    });
    const { radius, disc, excess, information, sigmas } = sized.reduce((a, b) => (b.sigmas > a.sigmas ? b : a));
    const gain = (u: number) => tested(discs[u]).sigmas ** 2 / 2;
    const centre = refinedPlace(lattice, place, gain);
    const [c, sx, sy] = coefficients;
    const local = c + (sx * (centre.x - mx) + sy * (centre.y - my)) / distance;
    if (Math.abs(excess) < MODEL * Math.abs(local)) break;
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
    patterns.push(discPattern(disc, form.n));
  }
  return { spots, smallest, smallestRadius: resolved, mean: change };
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

function mean(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
