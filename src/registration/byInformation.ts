import type { Grid } from '../grid.js';
import { random } from '../random.js';
import { inversePlaneMap, movedMap, type PlaneMap, pixelSide } from './affine.js';
import { downhill } from './downhill.js';
import { LEVELS, normalisedInformation, toLevels } from './mutualInformation.js';
import { type Picture, reduced, reducedMap, sampled } from './picture.js';

export interface InformationFit {
  readonly map: PlaneMap;
  /** Shift (m), turn (rad) and scale that lead from the start to it, about the middle of the grid. */
  readonly shift: readonly [number, number];
  readonly angle: number;
  readonly scale: number;
  /** Normalised mutual information there, 1 to 2, and the largest that chance gave. */
  readonly information: number;
  readonly byChance: number;
  /** Whether the picture tells where it belongs; else `map` is the start. */
  readonly certain: boolean;
  /** One sentence for people. */
  readonly why: string;
}

/** How far the search goes: part of the grid's longer side, rad, logarithm of the scale. */
const REACH = [0.12, 0.12, 0.2, 0.15] as const;
/** Pixels along the longer side of the coarse and of the fine search. */
const COARSE = 40;
const FINE = 144;
/** Starts that are followed to their maximum. */
const STARTS = 5;
/** Maps displaced at random, whose best fits are what chance gives: certain where none is as good, at 5 %. */
const CHANCES = 19;
/** Less overlap than this part of the start's, and the fit explains too little. */
const OVERLAP = 0.7;

/**
 * Lays a picture over a map by what each tells of the other: the similarity near the start that maximises the normalised
 * mutual information, which asks for no common contrast. First a lattice of shifts, turns and scales on coarse pixels, then
 * the simplex method, at last on fine pixels.
 *
 * Whether that is more than chance is told by the map itself, displaced on a torus by random parts of its extent: it keeps
 * its texture and loses its place. Each displaced map gets the same coarse search; with 19 of them, a picture that has
 * nothing to do with the map passes in one case of 20.
 * @param fixed row-major [iy][ix], y ascending; NaN where there is nothing @param start from {@link fitOutline} or points
 */
export function registerByInformation(
  grid: Grid,
  fixed: Float64Array,
  picture: Picture,
  start: PlaneMap,
  seed = 1,
): InformationFit {
  const size = Math.max(grid.nx * grid.dx, grid.ny * grid.dy);
  const coarse = makeLevel(grid, fixed, picture, start, COARSE);
  const lattice = latticeOf(size);
  const best = search(coarse, lattice, size, STARTS);
  const rng = random(seed);
  let byChance = 1;
  for (let k = 0; k < CHANCES; k++) {
    const displaced = { ...coarse, levels: onTorus(coarse, rng.uniform(), rng.uniform()) };
    byChance = Math.max(byChance, -search(displaced, lattice, size, 1).cost);
  }
  const found = -best.cost;
  const fine = makeLevel(grid, fixed, picture, start, FINE);
  const steps = REACH.map((reach, j) => (j < 2 ? reach * size : reach) / 20);
  const { at, cost } = downhill(p => costAt(fine, p, size), best.at, steps, 2e-3, 160);
  const [dx, dy, angle, logScale] = at;
  const scale = Math.exp(logScale);
  const move = { shift: [dx, dy] as const, angle, scale };
  const atEdge = at.some((v, j) => Math.abs(v) > 0.97 * (j < 2 ? REACH[j] * size : REACH[j]));
  const beyondChance = found > byChance;
  const certain = beyondChance && !atEdge;
  const figures = `normalised mutual information ${found.toFixed(3)}, by chance up to ${byChance.toFixed(3)}`;
  return {
    ...(certain ? move : { shift: [0, 0] as const, angle: 0, scale: 1 }),
    map: certain ? movedMap(start, fine.centre, move) : start,
    information: certain ? -cost : found,
    byChance,
    certain,
    why: certain
      ? `Mutual information tells where the picture belongs (${figures}).`
      : beyondChance
        ? 'Mutual information puts the picture farther from the outline’s fit than is searched: it cannot tell. Name points instead.'
        : `Mutual information cannot tell where the picture belongs (${figures}): it stays where the outline put it.`,
  };
}

/** Map and picture on pixels of one size. */
interface Level {
  readonly grid: Grid;
  readonly levels: Float64Array;
  readonly picture: Picture;
  readonly start: PlaneMap;
  readonly centre: readonly [number, number];
  /** Pixels that both have at the start. */
  readonly overlap: number;
  readonly sampled: Float64Array;
  readonly joint: Float64Array;
}

function makeLevel(grid: Grid, fixed: Float64Array, picture: Picture, start: PlaneMap, most: number): Level {
  const step = Math.max(1, Math.ceil(Math.max(grid.nx, grid.ny) / most));
  // A map as a picture has its first row at the bottom here; means over blocks do not mind.
  const blocks = reduced({ width: grid.nx, height: grid.ny, values: fixed }, step);
  const half = (step - 1) / 2;
  const own: Grid = {
    nx: blocks.width,
    ny: blocks.height,
    x0: grid.x0 + half * grid.dx,
    y0: grid.y0 + half * grid.dy,
    dx: step * grid.dx,
    dy: step * grid.dy,
  };
  const factor = Math.max(1, Math.floor(Math.sqrt(own.dx * own.dy) / pixelSide(start) + 1e-9));
  const small = reduced(picture, factor);
  const level: Level = {
    grid: own,
    levels: toLevels(blocks.values),
    picture: { ...small, values: toLevels(small.values) },
    start: reducedMap(start, factor),
    centre: [grid.x0 + ((grid.nx - 1) / 2) * grid.dx, grid.y0 + ((grid.ny - 1) / 2) * grid.dy],
    overlap: 0,
    sampled: new Float64Array(own.nx * own.ny),
    joint: new Float64Array(LEVELS * LEVELS),
  };
  sampled(level.picture, inversePlaneMap(level.start), own, level.sampled);
  return { ...level, overlap: normalisedInformation(level.levels, level.sampled, level.joint).count };
}

/** The information with its sign turned; infinite beyond the reach of the search and where too little overlaps. */
function costAt(level: Level, p: Float64Array, size: number): number {
  for (let j = 0; j < 4; j++) if (Math.abs(p[j]) > (j < 2 ? REACH[j] * size : REACH[j])) return Infinity;
  const map = movedMap(level.start, level.centre, { shift: [p[0], p[1]], angle: p[2], scale: Math.exp(p[3]) });
  sampled(level.picture, inversePlaneMap(map), level.grid, level.sampled);
  const { information, count } = normalisedInformation(level.levels, level.sampled, level.joint);
  return count < OVERLAP * level.overlap ? Infinity : -information;
}

/** Shifts x turns x scales to begin with, the start among them. */
function latticeOf(size: number): Float64Array[] {
  const out: Float64Array[] = [];
  for (const dx of [-0.08, -0.04, 0, 0.04, 0.08]) {
    for (const dy of [-0.08, -0.04, 0, 0.04, 0.08]) {
      for (const angle of [-0.1, 0, 0.1]) {
        for (const scale of [-0.07, 0, 0.07]) out.push(Float64Array.of(dx * size, dy * size, angle, scale));
      }
    }
  }
  return out;
}

function search(level: Level, lattice: readonly Float64Array[], size: number, starts: number) {
  const tried = lattice.map(at => ({ at, cost: costAt(level, at, size) })).sort((a, b) => a.cost - b.cost);
  const steps = REACH.map((reach, j) => (j < 2 ? reach * size : reach) / 5);
  return tried
    .slice(0, starts)
    .map(({ at }) => downhill(p => costAt(level, p, size), at, steps, 0.02, 120))
    .reduce((a, b) => (b.cost < a.cost ? b : a));
}

/** The map moved by parts of its extent, what leaves on one side coming in on the other; by a quarter at least. */
function onTorus({ grid: { nx, ny }, levels }: Level, alongX: number, alongY: number): Float64Array {
  const by = (part: number, n: number) => Math.round((0.25 + 0.5 * part) * n);
  const [mx, my] = [by(alongX, nx), by(alongY, ny)];
  return levels.map((_, i) => levels[((Math.floor(i / nx) + my) % ny) * nx + (((i % nx) + mx) % nx)]);
}
