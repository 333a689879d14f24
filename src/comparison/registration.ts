import { solveSmall } from '../linearAlgebra/smallSystem.js';
import { type AlignmentModel, type MapPair, motionOf, parameterCount } from './alignment.js';
import { alignedBy, explainedBy } from './alignmentSearch.js';
import type { Motion } from './motion.js';
import { parameterCovariance } from './registrationErrors.js';
import { resample } from './resample.js';
import { smoothed } from './smoothing.js';
import { measuredPixels, planarPair, type VectorMap } from './vectorMap.js';

export type RegistrationModel = 'shift' | 'rigid' | 'similarity';

/** How B lies against A, with standard errors. */
export interface Registration {
  readonly model: RegistrationModel;
  /** Takes a place of B to where A shows the same. */
  readonly motion: Motion;
  readonly shiftErrors: readonly [number, number];
  /** rad; 0 where it is not fitted. */
  readonly angleError: number;
  readonly scaleError: number;
  /** A is about `gain` times B; fitted along so that currents of different size, or reversed, do not disturb. */
  readonly gain: number;
  readonly gainError: number;
  /** p^T C^-1 p of the parameters of the motion: chi-squared with `degrees` degrees of freedom where nothing is moved. */
  readonly chi2: number;
  readonly degrees: number;
  /** Whether the motion is unlikely by chance (0.27 %, three standard errors) and more than a hundredth of a pixel. */
  readonly significant: boolean;
  /** By which part the motion lowers the sum of squares of the difference, beside factor and constants. */
  readonly explained: number;
  /** Distance over which the differences between the maps are alike, m. */
  readonly correlationLength: number;
}

export interface RegistrationOptions {
  readonly model?: RegistrationModel;
  /** Fits a constant per component along: the background of measured fields. */
  readonly offsets?: boolean;
}

const MOTIONS = { shift: 2, rigid: 3, similarity: 4 } as const;
/** Chi-squared that 0.27 % exceed, for 2, 3 and 4 degrees of freedom. */
const THREE_SIGMA: Readonly<Record<number, number>> = { 2: 11.829, 3: 14.156, 4: 16.251 };
/** Width of the last smoothing, in pixels; below it interpolation errs. */
const FINEST = 1.5;
/** Larger maps are averaged to at most so many pixels along each side. */
const MOST_PIXELS = 256;
/** The first smoothing is as wide as this part of the map's shorter side. */
const COARSEST = 1 / 8;
/** Steps smaller than this part of a pixel end the search. */
const SMALL_STEP = 1e-4;

/**
 * The motion that lays B over A, by least squares over the components together: Gauss-Newton with analytic derivatives
 * (Levenberg's damping) on both maps smoothed by the same Gaussian, first so wide that shifts of several pixels are within
 * reach, then half as wide again and again. Rotation turns the components in the plane.
 *
 * Standard errors: see {@link parameterCovariance}.
 *
 * @param maps pairs of maps of the same components: sheets, measuring planes
 * @returns undefined where the maps do not determine it: too small, flat, or not alike
 */
export function estimateRegistration(
  maps: readonly { readonly a: VectorMap; readonly b: VectorMap }[],
  options: RegistrationOptions = {},
): Registration | undefined {
  const { model: name = 'similarity' } = options;
  const layers = maps.map(({ a, b }) => ({ a: thinned(a), b: thinned(b) }));
  const { a: first } = layers[0];
  const pitch = Math.max(...layers.flatMap(({ a, b }) => [a.grid.dx, a.grid.dy, b.grid.dx, b.grid.dy]));
  const shorter = Math.min(...layers.flatMap(({ a, b }) => [shorterSide(a), shorterSide(b)]));
  const model: AlignmentModel = {
    motions: MOTIONS[name],
    offsets: options.offsets === true ? first.values.length : 0,
    centre: centreOf(layers.map(({ a }) => a)),
  };
  const finest = FINEST * pitch;
  const widths = [finest];
  while (2 * widths[0] <= COARSEST * shorter) widths.unshift(2 * widths[0]);

  let p: Float64Array = new Float64Array(parameterCount(model));
  p[model.motions] = 1;
  let pairs: MapPair[] = [];
  widths.forEach((width, level) => {
    const last = level === widths.length - 1;
    pairs = layers.map(({ a, b }) => smoothedPair(a, b, width, last));
    const stride = last ? 1 : Math.max(1, Math.floor(width / first.grid.dx));
    p = alignedBy(pairs, model, p, stride, width, last ? SMALL_STEP * pitch : 0.02 * width);
  });
  const raw = layers.map(
    ({ a, b }): MapPair => ({ gridA: a.grid, gridB: b.grid, a: a.values, b: b.values, planar: planarPair(a.names) }),
  );
  const errors = parameterCovariance(pairs, raw, model, p, finest);
  if (errors === undefined) return undefined;

  const { motions } = model;
  const sd = (i: number) => Math.sqrt(Math.max(0, errors.matrix[i * errors.n + i]));
  const motion = motionOf(model, p);
  const reach = shorter / 2;
  const determined =
    [sd(0), sd(1), ...(motions > 2 ? [sd(2) * reach] : []), ...(motions > 3 ? [sd(3) * reach] : [])].every(
      error => error < reach,
    ) &&
    Math.hypot(...motion.shift) < 2 * reach &&
    Math.abs(p[motions]) > 3 * sd(motions);
  if (!determined) return undefined;
  const block = new Float64Array(motions * motions);
  for (let i = 0; i < motions; i++)
    for (let j = 0; j < motions; j++) block[i * motions + j] = errors.matrix[i * errors.n + j];
  const part = p.slice(0, motions);
  const solved = solveSmall(block, motions, part, 1);
  const chi2 = solved === undefined ? 0 : part.reduce((sum, v, i) => sum + v * solved[i], 0);
  const distance = Math.max(Math.hypot(p[0], p[1]), ...[...p.slice(2, motions)].map(v => Math.abs(v) * reach));
  return {
    model: name,
    motion,
    shiftErrors: [sd(0), sd(1)],
    angleError: motions > 2 ? sd(2) : 0,
    scaleError: motions > 3 ? sd(3) * motion.scale : 0,
    gain: p[motions],
    gainError: sd(motions),
    chi2,
    degrees: motions,
    // Where the maps agree exactly there is no noise to measure a motion by, only rounding.
    significant: distance > 0.01 * pitch && (solved === undefined || chi2 > THREE_SIGMA[motions]),
    explained: explainedBy(pairs, model, p),
    correlationLength: errors.reach * first.grid.dx,
  };
}

/** The map on a grid of at most {@link MOST_PIXELS} pixels along each side: means over so many pixels each. */
function thinned(map: VectorMap): VectorMap {
  const { nx, ny, x0, y0, dx, dy } = map.grid;
  const [m, n] = [Math.ceil(nx / MOST_PIXELS), Math.ceil(ny / MOST_PIXELS)];
  if (m === 1 && n === 1) return map;
  return resample(map, {
    nx: Math.floor(nx / m),
    ny: Math.floor(ny / n),
    x0: x0 + ((m - 1) / 2) * dx,
    y0: y0 + ((n - 1) / 2) * dy,
    dx: m * dx,
    dy: n * dy,
  });
}

/** Strict about rims at the last, finest smoothing, where a one-sided mean would count. */
function smoothedPair(a: VectorMap, b: VectorMap, width: number, last: boolean): MapPair {
  const smooth = (map: VectorMap) => {
    const strict = map.values.map(v => smoothed(map.grid, v, width, last ? 0.95 : 0.6));
    const left = strict[0].reduce((count, v) => (Number.isNaN(v) ? count : count + 1), 0);
    return left >= 0.2 * measuredPixels(map) ? strict : map.values.map(v => smoothed(map.grid, v, width, 0.5));
  };
  return { gridA: a.grid, gridB: b.grid, a: smooth(a), b: smooth(b), planar: planarPair(a.names) };
}

/** The middle of where there are values, m. */
function centreOf(maps: readonly VectorMap[]): [number, number] {
  const [low, high] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  for (const { grid, values } of maps) {
    for (let p = 0; p < values[0].length; p++) {
      if (Number.isNaN(values[0][p])) continue;
      const at = [grid.x0 + (p % grid.nx) * grid.dx, grid.y0 + Math.floor(p / grid.nx) * grid.dy];
      for (const axis of [0, 1]) {
        low[axis] = Math.min(low[axis], at[axis]);
        high[axis] = Math.max(high[axis], at[axis]);
      }
    }
  }
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
}

const shorterSide = ({ grid }: VectorMap): number => Math.min(grid.nx * grid.dx, grid.ny * grid.dy);

/**
 * The motion to take out of B: that of the registration where it was asked for and is significant.
 * @param notes takes a sentence where it was asked for and is not applied
 */
export function toApply(
  asked: 'none' | RegistrationModel,
  registration: Registration | undefined,
  notes: string[],
): Motion | undefined {
  if (asked === 'none') return undefined;
  if (registration === undefined) {
    notes.push('The maps do not determine a registration, so none was applied.');
    return undefined;
  }
  if (registration.significant) return registration.motion;
  notes.push('The registration is not significant, so it was not applied.');
  return undefined;
}
