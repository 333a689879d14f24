import { NumericalError } from '../../src/errors.js';
import { AXES, type AxisName, type FieldMap } from '../../src/fieldMap.js';
import type { WindowData } from './missingData.js';

/** The fewest pixels along a side, and in all their square, with which a spectrum means anything. */
const FEWEST = 8;

/** The readings of a map, component by component; pixels without a reading are NaN in the map and 0 here. */
export function windowData(map: FieldMap, background: boolean): WindowData & { components: AxisName[] } {
  const { nx, ny } = map.grid;
  const components = AXES.filter(name => map.components[name] !== undefined);
  const measured = new Uint8Array(nx * ny).fill(1);
  for (const name of components) {
    const values = map.components[name]!;
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) measured[i] = 0;
  }
  let count = 0;
  for (let i = 0; i < measured.length; i++) count += measured[i];
  if (nx < FEWEST || ny < FEWEST || count < FEWEST ** 2) {
    throw new NumericalError(`a map of ${nx} x ${ny} pixels, ${count} of them measured, is too small to invert`, {
      advice: `scan at least ${FEWEST} lines of ${FEWEST} points`,
    });
  }
  const values = components.map(name => {
    const own = map.components[name]!.slice();
    if (count < own.length) for (let i = 0; i < own.length; i++) if (measured[i] !== 1) own[i] = 0;
    return own;
  });
  return { components, values, measured, count, background };
}

/** Sweeps of the relaxation that smooths what fills a gap; the largest gap that matters is some tens of pixels wide. */
const SWEEPS = 400;

/**
 * Fills the pixels that were not measured with a membrane stretched between the measured ones: the mean of the four
 * neighbours, by over-relaxation from the value of the nearest measured pixel. A step at the edge of a gap would look like
 * fine structure, which lambda would then be made for.
 */
export function fillGaps(values: Float64Array, measured: Uint8Array, ny: number, nx: number): Float64Array {
  const out = values.slice();
  if (!measured.includes(0)) return out;
  const gaps: number[] = [];
  for (let i = 0; i < measured.length; i++) if (measured[i] !== 1) gaps.push(i);
  spreadNearest(out, measured, ny, nx);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const i of gaps) {
      const ix = i % nx;
      let sum = 0;
      let count = 0;
      const add = (j: number) => {
        sum += out[j];
        count++;
      };
      if (ix > 0) add(i - 1);
      if (ix < nx - 1) add(i + 1);
      if (i >= nx) add(i - nx);
      if (i < nx * (ny - 1)) add(i + nx);
      out[i] += 1.8 * (sum / count - out[i]);
    }
  }
  return out;
}

/** Gives every pixel that was not measured the value of a measured neighbour, growing inwards ring by ring. */
function spreadNearest(out: Float64Array, measured: Uint8Array, ny: number, nx: number): void {
  const known = measured.slice();
  let front: number[] = [];
  for (let i = 0; i < known.length; i++) if (known[i] === 1) front.push(i);
  while (front.length > 0) {
    const next: number[] = [];
    const spread = (from: number, to: number) => {
      if (known[to] === 1) return;
      known[to] = 1;
      out[to] = out[from];
      next.push(to);
    };
    for (const i of front) {
      const ix = i % nx;
      const iy = (i - ix) / nx;
      if (ix > 0) spread(i, i - 1);
      if (ix < nx - 1) spread(i, i + 1);
      if (iy > 0) spread(i, i - nx);
      if (iy < ny - 1) spread(i, i + nx);
    }
    front = next;
  }
}
