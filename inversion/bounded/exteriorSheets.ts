import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { type Box, contains, distanceToOutline, type Outline } from '../../src/model/outline.js';
import type { PointSources } from './pointSources.js';

/**
 * What flows outside the cell on paths that nobody knows, as equivalent sheets: functions of psi (or phi) on a coarse
 * lattice, hats of pitch p made of point sources of pitch p / 2. A priori psi is a random surface with standard deviation
 * `sd` and the covariance sd^2 exp(-r / CORRELATION), which lets psi rise steeply across a wire.
 */
export interface ExteriorSheet {
  readonly name: string;
  readonly sources: PointSources;
  /** Inverse covariance of the coefficients, 1/A^2, n x n. */
  readonly precision: Float64Array;
  /** log det of it. */
  readonly logPrecision: number;
}

/** Length over which currents outside know of each other, m. */
const CORRELATION = 50e-3;
/** Distance from the outline within which psi outside falls to the departure zero that it meets there, m. */
const TAPER = 5e-3;
/** A hat stands for itself only with this part of its volume outside the outline. */
const LEAST_VOLUME = 0.08;
/** Part of the prior variance that neighbouring hats do not share; keeps the covariance well away from singular. */
const NUGGET = 1e-5;

export interface ExteriorLayout {
  readonly name: string;
  readonly kind: 'psi' | 'phi';
  readonly z: number;
  /** m */
  readonly pitch: number;
  /** A */
  readonly sd: number;
  /** Whether the sheet is empty inside the outlines and falls to zero towards them. */
  readonly outside: boolean;
  /** Boxes, m, where wires meet the cell and hats are narrower. */
  readonly refine?: readonly Box[];
}

/** Beyond the samples nothing small can be seen: hats are twice as wide there. */
export const FAR = 2;
/** Where wires meet the cell hats are so many times narrower. */
export const REFINEMENT = 2;

/** Width of a ring in its own hats. */
const RING_WIDTH = 3;

/** Sources and hats of one pitch in one region. */
class Hats {
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly area: number[] = [];
  /** Nine sources of each hat, -1 where there is none. */
  readonly sources: number[] = [];
  readonly hatX: number[] = [];
  readonly hatY: number[] = [];

  /**
   * Adds the hats of a lattice with nodes at (x0, y0) + pitch (0 ... nx, 0 ... ny).
   * @param part of the area around a source that belongs to the region, times its damping; 0 leaves it out
   */
  add(x0: number, y0: number, pitch: number, nx: number, ny: number, part: (x: number, y: number) => number): void {
    const step = pitch / 2;
    const [sx, sy] = [2 * nx + 1, 2 * ny + 1];
    const index = new Int32Array(sx * sy).fill(-1);
    const parts = new Float64Array(sx * sy);
    for (let iy = 0, i = 0; iy < sy; iy++) {
      for (let ix = 0; ix < sx; ix++, i++) {
        const [x, y] = [x0 + ix * step, y0 + iy * step];
        parts[i] = part(x, y);
        if (parts[i] <= 0) continue;
        index[i] = this.x.length;
        this.x.push(x);
        this.y.push(y);
        this.area.push(step * step * parts[i]);
      }
    }
    for (let iy = 0; iy <= ny; iy++) {
      for (let ix = 0; ix <= nx; ix++) {
        let volume = 0;
        const nine: number[] = [];
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            const [cx, cy] = [2 * ix + dx, 2 * iy + dy];
            const at = cx < 0 || cy < 0 || cx >= sx || cy >= sy ? -1 : cy * sx + cx;
            nine.push(at < 0 ? -1 : index[at]);
            if (at >= 0 && index[at] >= 0) volume += ((dx === 0 ? 1 : 0.5) * (dy === 0 ? 1 : 0.5) * parts[at]) / 4;
          }
        }
        if (volume < LEAST_VOLUME) continue;
        this.sources.push(...nine);
        this.hatX.push(x0 + ix * pitch);
        this.hatY.push(y0 + iy * pitch);
      }
    }
  }
}

/**
 * @param outlines of the cells, in none of which a sheet that is `outside` has anything
 * @param near box of the samples and the cells, m: fine inside, coarse beyond
 * @param reach how far the sheet goes beyond it, m
 * @param invert see {@link inverter}; inverse of a symmetric positive definite matrix n x n, in place; returns log det of the matrix given
 * @param rings how many rings follow beyond the reach, each with hats twice as wide as the last: for currents that leave the
 * view and return far away. What flows there is known of over a length that grows with the distance.
 */
export function exteriorSheet(
  layout: ExteriorLayout,
  outlines: readonly Outline[],
  near: Box,
  reach: number,
  invert: (matrix: Float64Array, n: number) => number,
  rings = 0,
): ExteriorSheet {
  const { pitch, sd } = layout;
  const far = FAR * pitch;
  // The near lattice, a whole number of far pitches wide; around it a frame of the far one.
  const nx = FAR * Math.ceil((near.x1 - near.x0) / far);
  const ny = FAR * Math.ceil((near.y1 - near.y0) / far);
  const x0 = (near.x0 + near.x1 - nx * pitch) / 2;
  const y0 = (near.y0 + near.y1 - ny * pitch) / 2;
  const frame = Math.ceil(reach / far);
  const [x1, y1] = [x0 + nx * pitch, y0 + ny * pitch];
  const edge = 1e-6 * pitch;
  const fine = fineBoxes(layout.refine ?? [], x0, y0, pitch, nx, ny);
  const damping = (x: number, y: number) => {
    if (!layout.outside) return 1;
    let least = 1;
    for (const outline of outlines) {
      if (contains(outline, x, y)) return 0;
      least = Math.min(least, distanceToOutline(outline, x, y) / TAPER);
    }
    return least;
  };
  /** Part of the surroundings of a point that lies in a box: 1 inside, 1/2 on a side, 1/4 in a corner. */
  const partIn = (box: Box, x: number, y: number) => {
    const along = (v: number, low: number, high: number) =>
      v < low - edge || v > high + edge ? 0 : v < low + edge || v > high - edge ? 0.5 : 1;
    return along(x, box.x0, box.x1) * along(y, box.y0, box.y1);
  };
  const inside = (x: number, y: number) => partIn({ x0, y0, x1, y1 }, x, y);
  const refined = (x: number, y: number) => fine.reduce((sum, box) => sum + partIn(box, x, y), 0);
  const hats = new Hats();
  hats.add(x0, y0, pitch, nx, ny, (x, y) => Math.max(0, inside(x, y) - refined(x, y)) * damping(x, y));
  for (const box of fine) {
    const [across, up] = [box.x1 - box.x0, box.y1 - box.y0].map(side => Math.round((side / pitch) * REFINEMENT));
    hats.add(box.x0, box.y0, pitch / REFINEMENT, across, up, (x, y) => partIn(box, x, y) * damping(x, y));
  }
  // A ring is a whole number of its own hats wide.
  const whole = (n: number) => (rings > 0 && n % 2 === 1 ? n + 1 : n);
  let [mx, my] = [nx / FAR + 2 * frame, ny / FAR + 2 * frame].map(whole);
  let outer: Box = { x0: x0 - frame * far, y0: y0 - frame * far, x1: 0, y1: 0 };
  outer = { ...outer, x1: outer.x0 + mx * far, y1: outer.y0 + my * far };
  hats.add(outer.x0, outer.y0, far, mx, my, (x, y) => (1 - inside(x, y)) * damping(x, y));
  const reached = outer;
  for (let ring = 1; ring <= rings; ring++) {
    const own = far * 2 ** ring;
    const inner = outer;
    const left = { x0: inner.x0 - RING_WIDTH * own, y0: inner.y0 - RING_WIDTH * own };
    [mx, my] = [mx / 2 + 2 * RING_WIDTH, my / 2 + 2 * RING_WIDTH].map(whole);
    outer = { ...left, x1: left.x0 + mx * own, y1: left.y0 + my * own };
    hats.add(outer.x0, outer.y0, own, mx, my, (x, y) => 1 - partIn(inner, x, y));
  }
  const count = hats.hatX.length;
  const lengths = Float64Array.from(
    { length: count },
    (_, i) => CORRELATION + distanceFrom(reached, hats.hatX[i], hats.hatY[i]),
  );
  const precision = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const distance = Math.sqrt((hats.hatX[i] - hats.hatX[j]) ** 2 + (hats.hatY[i] - hats.hatY[j]) ** 2);
      const square = (lengths[i] ** 2 + lengths[j] ** 2) / 2;
      const part = (lengths[i] * lengths[j]) / square;
      precision[i * count + j] = precision[j * count + i] = sd * sd * part * Math.exp(-distance / Math.sqrt(square));
    }
    precision[i * count + i] = sd * sd * (1 + NUGGET);
  }
  const logPrecision = -invert(precision, count);
  return {
    name: layout.name,
    sources: {
      kind: layout.kind,
      z: layout.z,
      x: Float64Array.from(hats.x),
      y: Float64Array.from(hats.y),
      area: Float64Array.from(hats.area),
      count,
      hats: Int32Array.from(hats.sources, s => (s < 0 ? hats.x.length : s)),
    },
    precision,
    logPrecision,
  };
}

/** Distance of a point from a box, 0 inside, m. */
function distanceFrom({ x0, y0, x1, y1 }: Box, x: number, y: number): number {
  return Math.hypot(Math.max(0, x0 - x, x - x1), Math.max(0, y0 - y, y - y1));
}

/** Inverts a symmetric positive definite matrix n x n in place, with room in a workspace; returns log det of the matrix given. */
export function inverter(dense: DenseWorkspace): (matrix: Float64Array, n: number) => number {
  return (matrix, n) =>
    dense.temporarily(() => {
      const from = dense.allocate(n * n);
      const to = dense.allocate(n * n);
      from.set(matrix);
      dense.cholesky(from, n);
      dense.inverseFromCholesky(from, n, to);
      matrix.set(to);
      return dense.logDeterminant(from, n);
    });
}

/** The boxes widened to nodes of the near lattice and kept within it; boxes that touch become one. */
function fineBoxes(boxes: readonly Box[], x0: number, y0: number, pitch: number, nx: number, ny: number): Box[] {
  const out: Box[] = [];
  for (const box of boxes) {
    const low = (v: number, origin: number) => Math.max(0, Math.floor((v - origin) / pitch));
    const high = (v: number, origin: number, n: number) => Math.min(n, Math.ceil((v - origin) / pitch));
    let next: Box = {
      x0: low(box.x0, x0),
      y0: low(box.y0, y0),
      x1: high(box.x1, x0, nx),
      y1: high(box.y1, y0, ny),
    };
    for (let i = 0; i < out.length; i++) {
      const other = out[i];
      if (other.x1 < next.x0 || other.x0 > next.x1 || other.y1 < next.y0 || other.y0 > next.y1) continue;
      next = {
        x0: Math.min(next.x0, other.x0),
        y0: Math.min(next.y0, other.y0),
        x1: Math.max(next.x1, other.x1),
        y1: Math.max(next.y1, other.y1),
      };
      out.splice(i, 1);
      i = -1;
    }
    if (next.x1 > next.x0 && next.y1 > next.y0) out.push(next);
  }
  return out.map(box => ({
    x0: x0 + box.x0 * pitch,
    y0: y0 + box.y0 * pitch,
    x1: x0 + box.x1 * pitch,
    y1: y0 + box.y1 * pitch,
  }));
}
