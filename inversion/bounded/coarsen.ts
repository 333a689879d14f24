import { type Lattice, latticeSize } from '../../src/forward/index.js';

/** Moments or currents of a fine lattice, handed to the nodes of a coarser one. */
export interface Coarsening {
  /** The coarser lattice; its nodes include every `factor`-th of the fine one, and a margin around. */
  readonly lattice: Lattice;
  /** Values per area on the fine nodes -> values per area on the coarse nodes. */
  apply(values: Float64Array): Float64Array;
}

/** Nodes of the coarse lattice that share what one fine node holds, along each axis. */
const SUPPORT = 8;

/**
 * Sources far away need not be resolved where they lie: each is shared among the 8 x 8 coarse nodes around it by the
 * weights of Lagrange's polynomial, which keeps its moments up to degree 7 along each axis, so that any field that is
 * smooth over the coarse pitch comes out the same. Seen from h = 5 coarse pitches the kernel of a single source errs by
 * 3e-4 of its peak at most, and the error varies as quickly as the fine lattice: sums of sources err far less.
 * @param factor fine steps per coarse step, 1 or more
 */
export function coarsening(fine: Lattice, factor: number): Coarsening {
  if (factor <= 1) return { lattice: fine, apply: values => values };
  const before = SUPPORT / 2 - 1;
  const count = (n: number) => Math.floor((n - 1) / factor) + SUPPORT;
  const pitch = fine.pitch * factor;
  const lattice = {
    x0: fine.x0 - before * pitch,
    y0: fine.y0 - before * pitch,
    pitch,
    nx: count(fine.nx),
    ny: count(fine.ny),
  };
  const weights = Array.from({ length: factor }, (_, phase) => lagrangeWeights(before + phase / factor));
  // What coarse node j takes along x: fine nodes (j - 7) factor + shifts, with these weights. Nodes on coarse ones go there whole.
  const reach = (SUPPORT - 1) * factor;
  const all = Array.from({ length: SUPPORT * factor }, (_, m) => m);
  const shifts = Int32Array.from(all.filter(m => weights[m % factor][SUPPORT - 1 - Math.floor(m / factor)] !== 0));
  const taps = Float64Array.from(shifts, m => weights[m % factor][SUPPORT - 1 - Math.floor(m / factor)] / factor ** 2);
  const padded = new Float64Array(lattice.nx * factor + reach);
  const folded = new Float64Array(lattice.ny * fine.nx);
  /** What is not zero of each row of `folded`. */
  const first = new Int32Array(lattice.ny);
  const last = new Int32Array(lattice.ny);
  /** Along y. */
  const fold = (values: Float64Array) => {
    folded.fill(0);
    first.fill(fine.nx);
    last.fill(-1);
    for (let iy = 0; iy < fine.ny; iy++) {
      const from = iy * fine.nx;
      // Patterns of tabs are zero over most of the lattice.
      let [begin, end] = [0, fine.nx - 1];
      while (begin <= end && values[from + begin] === 0) begin++;
      while (end >= begin && values[from + end] === 0) end--;
      if (begin > end) continue;
      const w = weights[iy % factor];
      for (let k = 0, row = Math.floor(iy / factor); k < SUPPORT; k++, row++) {
        const weight = w[k];
        if (weight === 0) continue;
        const to = row * fine.nx;
        for (let ix = begin; ix <= end; ix++) folded[to + ix] += weight * values[from + ix];
        first[row] = Math.min(first[row], begin);
        last[row] = Math.max(last[row], end);
      }
    }
  };
  const apply = (values: Float64Array): Float64Array => {
    fold(values);
    const out = new Float64Array(latticeSize(lattice));
    for (let iy = 0; iy < lattice.ny; iy++) {
      if (first[iy] > last[iy]) continue;
      padded.set(folded.subarray(iy * fine.nx, (iy + 1) * fine.nx), reach);
      const end = Math.floor(last[iy] / factor) + SUPPORT;
      for (let j = Math.floor(first[iy] / factor); j < end; j++) {
        const at = j * factor;
        let sum = 0;
        for (let m = 0; m < taps.length; m++) sum += taps[m] * padded[at + shifts[m]];
        out[iy * lattice.nx + j] = sum;
      }
    }
    return out;
  };
  return { lattice, apply };
}

/** Weights of the nodes 0 ... 7 for a source at `position`. */
function lagrangeWeights(position: number): Float64Array {
  return Float64Array.from({ length: SUPPORT }, (_, i) => {
    let weight = 1;
    for (let j = 0; j < SUPPORT; j++) if (j !== i) weight *= (position - j) / (i - j);
    return weight;
  });
}

/** The coarsest factor with which every height is at least 5 coarse pitches from the sheet. */
export function coarseningFactor(pitch: number, z0: number, heights: Float64Array): number {
  let standoff = Infinity;
  for (const z of heights) standoff = Math.min(standoff, Math.abs(z - z0));
  return Math.max(1, Math.floor(standoff / (STANDOFF * pitch) + 1e-6));
}

const STANDOFF = 5;
