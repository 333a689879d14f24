import type { FieldVectors, Positions } from '../../src/biotSavart/buffers.js';
import { zeroField } from '../../src/biotSavart/buffers.js';
import { InputError } from '../../src/errors.js';
import type { Interval, Vector3 } from '../../src/model/rig.js';
import { random } from '../../src/random.js';
import type { CellField } from '../../src/simulation/pack/cellField.js';

/** A field per ampere that is looked up instead of computed. */
export interface FieldTable {
  /**
   * Adds scale times the field at one point to out[at ... at + 2]. In the planes of the table it errs by {@link error};
   * between planes it is interpolated linearly, beyond its box it is that of the box's edge: parked positions and ways
   * up and down, where nothing is read.
   */
  add(x: number, y: number, z: number, scale: number, out: Float64Array, at: number): void;
  /** Largest error of a component at 200 random points of the planes, compared with the direct sum, T/A. */
  readonly error: number;
}

export interface FieldTableOptions {
  /** Where the field will be read, m. */
  readonly x: Interval;
  readonly y: Interval;
  /** Heights at which it will be read, m. */
  readonly heights: readonly number[];
  /** Places outside the box at which sensors stand still; exact. */
  readonly places?: readonly Vector3[];
}

/** Nodes of a Lagrange polynomial along each axis. */
const NODES = 6;
/** Nodes per height above the middle of the stack: the finest waves of the field are some four heights long. */
const NODES_PER_HEIGHT = 5;
const FINEST = 0.4e-3;
const MOST_NODES = 4e6;

/**
 * Tabulates a field on a lattice of every plane; between nodes polynomials of degree 5 along x and y.
 * @throws {InputError} for a box that would need more than four million nodes
 */
export function fieldTable(field: CellField, options: FieldTableOptions): FieldTable {
  const heights = [...new Set(options.heights)].sort((a, b) => a - b);
  const nearest = Math.min(...heights.map(Math.abs));
  const pitch = Math.max(FINEST, nearest / NODES_PER_HEIGHT);
  const margin = NODES / 2;
  const axis = ([low, high]: Interval) => ({
    from: low - margin * pitch,
    count: Math.ceil((high - low) / pitch) + 2 * margin + 1,
  });
  const [ax, ay] = [axis(options.x), axis(options.y)];
  const size = ax.count * ay.count;
  if (!(size * heights.length <= MOST_NODES)) {
    throw new InputError(`the simulated field would need ${size * heights.length} nodes`, {
      advice: 'simulate a smaller area or fewer planes',
    });
  }
  const planes = heights.map(z => {
    const points = positions(size, i => [
      ax.from + (i % ax.count) * pitch,
      ay.from + Math.floor(i / ax.count) * pitch,
      z,
    ]);
    const out = zeroField(size);
    field(points, out);
    return out;
  });
  const places = new Map((options.places ?? []).map(place => [key(place), single(field, place)]));
  const wx = new Float64Array(NODES);
  const wy = new Float64Array(NODES);

  const addPlane = (plane: FieldVectors, x: number, y: number, scale: number, out: Float64Array, at: number) => {
    const first = (value: number, { from, count }: typeof ax, weights: Float64Array) => {
      const u = Math.min(Math.max((value - from) / pitch, margin - 1), count - margin - 1);
      const node = Math.min(Math.floor(u), count - margin - 1) - margin + 1;
      lagrange(u - node, weights);
      return node;
    };
    const ix = first(x, ax, wx);
    const iy = first(y, ay, wy);
    let [bx, by, bz] = [0, 0, 0];
    for (let j = 0; j < NODES; j++) {
      for (let i = 0, n = (iy + j) * ax.count + ix; i < NODES; i++, n++) {
        const weight = wy[j] * wx[i];
        bx += weight * plane.bx[n];
        by += weight * plane.by[n];
        bz += weight * plane.bz[n];
      }
    }
    out[at] += scale * bx;
    out[at + 1] += scale * by;
    out[at + 2] += scale * bz;
  };
  const add: FieldTable['add'] = (x, y, z, scale, out, at) => {
    const place = places.size === 0 ? undefined : places.get(key([x, y, z]));
    if (place !== undefined) {
      for (let c = 0; c < 3; c++) out[at + c] += scale * place[c];
      return;
    }
    let above = 0;
    while (above < heights.length - 1 && heights[above] < z) above++;
    const below = Math.max(0, above - 1);
    const gap = heights[above] - heights[below];
    const t = gap === 0 ? 1 : Math.min(1, Math.max(0, (z - heights[below]) / gap));
    if (t > 0) addPlane(planes[above], x, y, t * scale, out, at);
    if (t < 1) addPlane(planes[below], x, y, (1 - t) * scale, out, at);
  };
  return { add, error: tableError(field, add, options.x, options.y, heights) };
}

function tableError(
  field: CellField,
  add: FieldTable['add'],
  x: Interval,
  y: Interval,
  heights: readonly number[],
): number {
  const rng = random(1);
  let worst = 0;
  const count = Math.ceil(200 / heights.length);
  for (const z of heights) {
    const points = positions(count, () => [
      x[0] + (x[1] - x[0]) * rng.uniform(),
      y[0] + (y[1] - y[0]) * rng.uniform(),
      z,
    ]);
    const exact = zeroField(count);
    field(points, exact);
    const found = new Float64Array(3);
    for (let i = 0; i < count; i++) {
      found.fill(0);
      add(points.x[i], points.y[i], z, 1, found, 0);
      worst = Math.max(
        worst,
        Math.abs(found[0] - exact.bx[i]),
        Math.abs(found[1] - exact.by[i]),
        Math.abs(found[2] - exact.bz[i]),
      );
    }
  }
  return worst;
}

/** Lagrange's weights of the nodes 0 ... 5 at u. */
function lagrange(u: number, out: Float64Array): void {
  for (let i = 0; i < NODES; i++) {
    let weight = 1;
    for (let j = 0; j < NODES; j++) if (j !== i) weight *= (u - j) / (i - j);
    out[i] = weight;
  }
}

function positions(count: number, at: (i: number) => Vector3): Positions {
  const out = { x: new Float64Array(count), y: new Float64Array(count), z: new Float64Array(count) };
  for (let i = 0; i < count; i++) [out.x[i], out.y[i], out.z[i]] = at(i);
  return out;
}

function single(field: CellField, place: Vector3): Vector3 {
  const out = zeroField(1);
  field(
    positions(1, () => place),
    out,
  );
  return [out.bx[0], out.by[0], out.bz[0]];
}

const key = (place: Vector3) => place.map(v => Math.round(v * 1e7)).join(' ');
