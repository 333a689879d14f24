import { InputError } from '../errors.js';

/**
 * Scalar readings of a field, one per entry: direction . B at (x, y, z), m. A sample that measures three components is
 * three readings at one place, in any order. Directions may have any length: divided by sigma they give the weighted
 * operator.
 */
export interface Readings {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Direction. */
  readonly nx: Float64Array;
  readonly ny: Float64Array;
  readonly nz: Float64Array;
}

/**
 * Where a sensor averages the field: points relative to its position, along the axes of the scan, m, with their
 * weights, which add up to 1.
 */
export interface Footprint {
  readonly dx: Float64Array;
  readonly dy: Float64Array;
  readonly dz: Float64Array;
  readonly weight: Float64Array;
}

/** A sensor without extent. */
export const POINT_SENSOR: Footprint = {
  dx: new Float64Array(1),
  dy: new Float64Array(1),
  dz: new Float64Array(1),
  weight: Float64Array.of(1),
};

/** Gauss-Legendre rules with 1, 2 and 3 points on [-1, 1]. */
const GAUSS: readonly { nodes: readonly number[]; weights: readonly number[] }[] = [
  { nodes: [0], weights: [1] },
  { nodes: [-Math.sqrt(1 / 3), Math.sqrt(1 / 3)], weights: [1 / 2, 1 / 2] },
  { nodes: [-Math.sqrt(3 / 5), 0, Math.sqrt(3 / 5)], weights: [5 / 18, 8 / 18, 5 / 18] },
];

/**
 * A box with the given sides (m), zero where it has no extent: products of Gauss-Legendre rules, exact for polynomials
 * of degree 2 `points` - 1 along each side.
 * @param points 1, 2 or 3 points along each side that is not zero; default 2
 */
export function boxFootprint(sideX: number, sideY: number, sideZ: number, points: 1 | 2 | 3 = 2): Footprint {
  const rules = [sideX, sideY, sideZ].map(side => {
    if (!(side >= 0 && side < Infinity)) throw new InputError(`a footprint with a side of ${side} m`);
    const { nodes, weights } = GAUSS[side > 0 ? points - 1 : 0];
    return nodes.map((node, i) => ({ offset: (node * side) / 2, weight: weights[i] }));
  });
  const all = rules[0].flatMap(px => rules[1].flatMap(py => rules[2].map(pz => [px, py, pz])));
  return {
    dx: Float64Array.from(all, p => p[0].offset),
    dy: Float64Array.from(all, p => p[1].offset),
    dz: Float64Array.from(all, p => p[2].offset),
    weight: Float64Array.from(all, p => p[0].weight * p[1].weight * p[2].weight),
  };
}

/**
 * A flat disc in the plane of x and y: the centre and a hexagon at radius sqrt(2/3) R with the weights 1/4 and 6 x 1/8,
 * exact for polynomials of degree 5 (Abramowitz and Stegun 25.4.61).
 */
export function discFootprint(radius: number): Footprint {
  if (!(radius > 0 && radius < Infinity)) throw new InputError(`a footprint with a radius of ${radius} m`);
  const r = radius * Math.sqrt(2 / 3);
  const angles = [0, 1, 2, 3, 4, 5].map(i => (i * Math.PI) / 3);
  return {
    dx: Float64Array.of(0, ...angles.map(angle => r * Math.cos(angle))),
    dy: Float64Array.of(0, ...angles.map(angle => r * Math.sin(angle))),
    dz: new Float64Array(7),
    weight: Float64Array.of(1 / 4, ...angles.map(() => 1 / 8)),
  };
}

/** Number of readings. @throws {InputError} where the arrays differ in length or hold what is not a number. */
export function checkReadings(readings: Readings): number {
  const count = readings.x.length;
  if (count === 0) throw new InputError('there are no readings');
  for (const [name, array] of Object.entries({ ...readings }) as [string, Float64Array][]) {
    if (array.length !== count) throw new InputError(`${name} holds ${array.length} values for ${count} readings`);
    const bad = array.findIndex(value => !Number.isFinite(value));
    if (bad >= 0) throw new InputError(`${name} of reading ${bad + 1} is ${array[bad]}`);
  }
  return count;
}

/** Readings by the place where they were taken. */
export interface Sites {
  readonly count: number;
  /** A reading at each site, whose x, y, z are the site's. */
  readonly example: Int32Array;
  /** The site of each reading. */
  readonly ofReading: Int32Array;
}

/** Finds the readings that share a place exactly, so that the field there is interpolated once. */
export function findSites(readings: Readings): Sites {
  const { x, y, z } = readings;
  const ofReading = new Int32Array(x.length);
  const example = new Int32Array(x.length);
  // Open addressing: the sites, by a hash of their places, in a table that is at most half full.
  const table = new Int32Array(2 ** Math.ceil(Math.log2(2 * x.length + 2))).fill(-1);
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (i > 0 && samePlace(readings, i, i - 1)) {
      ofReading[i] = ofReading[i - 1];
      continue;
    }
    let at = hashOf(x[i], y[i], z[i]) & (table.length - 1);
    while (table[at] >= 0 && !samePlace(readings, i, example[table[at]])) at = (at + 1) & (table.length - 1);
    if (table[at] < 0) {
      table[at] = count;
      example[count++] = i;
    }
    ofReading[i] = table[at];
  }
  return { count, example: example.slice(0, count), ofReading };
}

function samePlace({ x, y, z }: Readings, a: number, b: number): boolean {
  return x[a] === x[b] && y[a] === y[b] && z[a] === z[b];
}

const numbers = new Float64Array(3);
const words = new Int32Array(numbers.buffer);

/** A hash of the bits of three numbers (multiplied and shifted, as in MurmurHash3 by A. Appleby). */
function hashOf(x: number, y: number, z: number): number {
  // -0 is the same place as 0.
  numbers[0] = x + 0;
  numbers[1] = y + 0;
  numbers[2] = z + 0;
  let hash = 0;
  for (let k = 0; k < 6; k++) {
    hash = Math.imul(hash ^ words[k], 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
