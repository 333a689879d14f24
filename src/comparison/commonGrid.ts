import { InputError } from '../errors.js';
import type { Grid } from '../grid.js';
import type { ComparedLayer, Overlap } from './comparison.js';
import type { Motion } from './motion.js';
import { resample } from './resample.js';
import { measuredPixels, type VectorMap } from './vectorMap.js';

/** Grids whose pitches differ by less than this are equally fine: A's is taken. */
const COARSER = 1.2;

/**
 * Two maps on the coarser of their grids (A's where they are alike), B after its motion. What is finer is averaged over the
 * coarse pixels; nothing is extrapolated.
 */
export function onCommonGrid(a: VectorMap, b: VectorMap, motion?: Motion): ComparedLayer {
  const pitch = ({ dx, dy }: Grid) => Math.sqrt(dx * dy);
  const grid = pitch(b.grid) > COARSER * pitch(a.grid) ? b.grid : a.grid;
  return { grid, z: a.z, a: resample(a, grid), b: resample(b, grid, motion) };
}

/**
 * How much of two sets of maps is compared, by area.
 * @throws {InputError} where nothing is
 */
export function overlapOf(
  compared: readonly ComparedLayer[],
  maps: readonly { readonly a: VectorMap; readonly b: VectorMap }[],
): Overlap {
  const area = (map: VectorMap) => measuredPixels(map) * map.grid.dx * map.grid.dy;
  const [areaA, areaB] = [maps.map(m => area(m.a)), maps.map(m => area(m.b))].map(areas =>
    areas.reduce((sum, v) => sum + v, 0),
  );
  let common = 0;
  for (const { grid, a, b } of compared) {
    let count = 0;
    for (let p = 0; p < a.values[0].length; p++) if (!Number.isNaN(a.values[0][p] - b.values[0][p])) count++;
    common += count * grid.dx * grid.dy;
  }
  if (common === 0) {
    throw new InputError(
      `the two do not overlap: A lies at ${extents(maps.map(m => m.a))}, B at ${extents(maps.map(m => m.b))}`,
      {
        advice: 'give both in the coordinates of the same cell',
      },
    );
  }
  const part = (whole: number) => Math.min(1, common / whole);
  return { whole: part(areaA + areaB - common), ofA: part(areaA), ofB: part(areaB) };
}

/** x = 0 to 140 mm, y = ..., of where there are values. */
function extents(maps: readonly VectorMap[]): string {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { grid, values } of maps) {
    for (let p = 0; p < values[0].length; p++) {
      if (Number.isNaN(values[0][p])) continue;
      const [x, y] = [grid.x0 + (p % grid.nx) * grid.dx, grid.y0 + Math.floor(p / grid.nx) * grid.dy];
      [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
    }
  }
  if (x1 < x0) return 'no place at all (it holds no values)';
  const mm = (v: number) => Number((1e3 * v).toPrecision(4));
  return `x = ${mm(x0)} to ${mm(x1)} mm, y = ${mm(y0)} to ${mm(y1)} mm`;
}
