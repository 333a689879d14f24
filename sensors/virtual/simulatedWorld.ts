import type { Vector3 } from '../../src/model/rig.js';
import type { FieldTable } from './fieldTable.js';
import { heldNoise } from './noise.js';
import type { World } from './world.js';

/** What is in the field beside the cell. */
export interface Surroundings {
  /** The earth's field and the like, T. */
  readonly background?: Vector3;
  /** Growth of each component along x, y and z, T/m, row by row: [dBx/dx, dBx/dy, ...]; about the cell's origin. */
  readonly gradient?: readonly number[];
  /** Drift of each component: standard deviation of what it does within `driftTime`, T. */
  readonly drift?: Vector3;
  /** s. */
  readonly driftTime?: number;
  /** Hum of the mains: peak of each component, T, with some third harmonic. */
  readonly hum?: Vector3;
  /** Hz. */
  readonly mains?: number;
  readonly seed?: number;
}

/** Part of the third harmonic in the hum, and its phase. */
const THIRD = 0.15;
const THIRD_PHASE = 0.7;

/**
 * A cell or a pack in its surroundings. The field follows the current without delay; drift is a smooth random walk that
 * the seed and the time determine, alike everywhere, as that of a distant source is.
 */
export function simulatedWorld(table: FieldTable, surroundings: Surroundings = {}): World {
  const {
    background = [0, 0, 0],
    gradient = new Array<number>(9).fill(0),
    drift = [0, 0, 0],
    driftTime = 60,
    hum = [0, 0, 0],
    mains = 50,
    seed = 1,
  } = surroundings;
  const outside = new Float64Array(3);
  return {
    field(points, current, time, out) {
      const phase = 2 * Math.PI * mains * time;
      const wave = Math.sin(phase) + THIRD * Math.sin(3 * phase + THIRD_PHASE);
      for (let c = 0; c < 3; c++) {
        const walk = drift[c] === 0 ? 0 : drift[c] * heldNoise(seed, c, time / driftTime);
        outside[c] = background[c] + hum[c] * wave + walk;
      }
      for (let i = 0; i < points.length; i += 3) {
        const [x, y, z] = [points[i], points[i + 1], points[i + 2]];
        for (let c = 0; c < 3; c++) {
          out[i + c] = outside[c] + gradient[3 * c] * x + gradient[3 * c + 1] * y + gradient[3 * c + 2] * z;
        }
        if (current !== 0) table.add(x, y, z, current, out, i);
      }
    },
  };
}
