import { emptyLevel, invertBlocks, type PairLevel } from './pairLevel.js';

/** Against the links on both sides, a link this weak parts a coarse pixel in two: a slit runs through it. */
const SLIT = 0.02;

/**
 * How the fine level hangs on the coarse one: a child takes `1 - h - v` of its parent, h of the parent's neighbour on the
 * child's own side along x and v of that along y (Wesseling 1988, with conductances as weights: see {@link coarsen}).
 */
export interface Transfer {
  /** h p, h n, v p, v n of child ix + 2 iy at 16 I + 4 (ix + 2 iy), per coarse pixel. */
  readonly weight: Float64Array;
}

/** Whether a coarse pixel is parted across x or across y. */
const X = 1;
const Y = 2;

/**
 * The same cell on pixels twice as large: 2 x 2 pixels make one, single ones at the far sides where a number is odd.
 *
 * A coarse face joins the centres of two coarse pixels: per row, the half of the link within the first, the face, and half
 * of the link within the second, in series; rows in parallel. This keeps a uniform foil uniform and an insulated face
 * insulated. A link within that conducts worse than the face (the rim of a hole) counts as the face does: what is joined
 * to one child is joined to the parent, or corrections would run away.
 *
 * A coarse pixel that a slit runs through stands for the children behind the slit alone; those before it join the
 * neighbour before. So a slit stays one on all levels, moved by half a pixel at most.
 */
export function coarsen(fine: PairLevel): { level: PairLevel; transfer: Transfer } {
  const nx = (fine.nx + 1) >> 1;
  const ny = (fine.ny + 1) >> 1;
  const level = emptyLevel(nx, ny);
  const parted = slits(fine, nx, ny);
  for (let iy = 0, i = fine.nx; iy < fine.ny; iy++) {
    for (let ix = 0; ix < fine.nx; ix++, i++) level.between[((iy >> 1) + 1) * nx + (ix >> 1)] += fine.between[i];
  }
  const fineRow = 2 * fine.nx;
  const row = 2 * nx;
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      const upper = 2 * iy + 1 < fine.ny;
      const right = 2 * ix + 1 < fine.nx;
      for (let c = 0; c < 2; c++) {
        const K = 2 * ((iy + 1) * nx + ix) + c;
        const k = 2 * ((2 * iy + 1) * fine.nx + 2 * ix) + c;
        if (ix + 1 < nx) {
          // Of a pixel parted across y the lower row belongs to the pixel below.
          for (const [r, from] of [
            [0, parted[K] === Y ? K - row : K],
            [1, K],
          ]) {
            if (r === 1 && !upper) continue;
            const at = k + r * fineRow;
            level.east[from] += chain(fine.east[at], fine.east[at + 2], fine.east[at + 4]);
          }
        }
        if (iy + 1 < ny) {
          for (const [r, from] of [
            [0, parted[K] === X ? K - 2 : K],
            [1, K],
          ]) {
            if (r === 1 && !right) continue;
            const at = k + 2 * r;
            level.north[from] += chain(fine.north[at], fine.north[at + fineRow], fine.north[at + 2 * fineRow]);
          }
        }
      }
    }
  }
  // The slit itself is the face before a parted pixel.
  for (let I = nx; I < nx * (ny + 1); I++) {
    for (let K = 2 * I; K < 2 * I + 2; K++) {
      const k = fineIndex(fine, nx, I) + (K & 1);
      if (parted[K] === X) level.east[K - 2] = (fine.east[k] + above(fine, nx, I, fine.east, k)) / 2;
      if (parted[K] === Y) level.north[K - row] = (fine.north[k] + beside(fine, nx, I, fine.north, k)) / 2;
    }
  }
  invertBlocks(level);
  return { level, transfer: { weight: weights(fine, level, parted) } };
}

/** Which coarse pixels are parted, per foil, laid out as the vectors. */
function slits(fine: PairLevel, nx: number, ny: number): Uint8Array {
  const out = new Uint8Array(2 * nx * (ny + 2));
  const row = 2 * fine.nx;
  for (let I = nx; I < nx * (ny + 1); I++) {
    const right = 2 * (I % nx) + 1 < fine.nx;
    const upper = 2 * (Math.floor(I / nx) - 1) + 1 < fine.ny;
    for (let c = 0; c < 2; c++) {
      const k = fineIndex(fine, nx, I) + c;
      const along = (at: number) => fine.east[at] + (upper ? fine.east[at + row] : 0);
      const across = (at: number) => fine.north[at] + (right ? fine.north[at + 2] : 0);
      if (right && along(k) < SLIT * Math.min(along(k - 2), along(k + 2))) out[2 * I + c] = X;
      else if (upper && across(k) < SLIT * Math.min(across(k - row), across(k + row))) out[2 * I + c] = Y;
    }
  }
  return out;
}

/** Where the lower left child of a coarse pixel stands in a vector of the fine level. */
function fineIndex(fine: PairLevel, nx: number, I: number): number {
  const iy = Math.floor(I / nx) - 1;
  return 2 * ((2 * iy + 1) * fine.nx + 2 * (I - (iy + 1) * nx));
}

/** The value of the upper child, or none. */
function above(fine: PairLevel, nx: number, I: number, face: Float64Array, k: number): number {
  return 2 * (Math.floor(I / nx) - 1) + 1 < fine.ny ? face[k + 2 * fine.nx] : 0;
}

/** The value of the child to the right, or none. */
function beside(fine: PairLevel, nx: number, I: number, face: Float64Array, k: number): number {
  return 2 * (I % nx) + 1 < fine.nx ? face[k + 2] : 0;
}

function weights(fine: PairLevel, level: PairLevel, parted: Uint8Array): Float64Array {
  const { nx, ny } = level;
  const out = new Float64Array(16 * nx * (ny + 2));
  for (let I = nx; I < nx * (ny + 1); I++) {
    const right = 2 * (I % nx) + 1 < fine.nx;
    const upper = 2 * (Math.floor(I / nx) - 1) + 1 < fine.ny;
    for (let c = 0; c < 2; c++) {
      const K = 2 * I + c;
      const k = fineIndex(fine, nx, I) + c;
      // A single pixel stands at its parent's centre and needs no neighbour along that direction.
      const insideX = right ? (fine.east[k] + (upper ? fine.east[k + 2 * fine.nx] : fine.east[k])) / 2 : -1;
      const insideY = upper ? (fine.north[k] + (right ? fine.north[k + 2] : fine.north[k])) / 2 : -1;
      for (let child = 0; child < 4; child++) {
        const [after, over] = [child & 1, child >> 1];
        const w = 16 * I + 4 * child + c;
        out[w] = share(level.east[after ? K : K - 2], insideX);
        out[w + 2] = share(level.north[over ? K : K - 2 * nx], insideY);
        if (parted[K] === X) out[w] = after ? 0.25 : 1;
        if (parted[K] === X && !after) out[w + 2] = 0;
        if (parted[K] === Y) out[w + 2] = over ? 0.25 : 1;
        if (parted[K] === Y && !over) out[w] = 0;
      }
    }
  }
  return out;
}

/** The face in the middle of a chain of three, as it joins the centres of two coarse pixels. */
function chain(before: number, crossing: number, after: number): number {
  if (crossing === 0) return 0;
  return 1 / (1 / crossing + 0.5 / Math.max(before, crossing) + 0.5 / Math.max(after, crossing));
}

/** A quarter where all conducts alike; half where the neighbour conducts much better. */
function share(face: number, inside: number): number {
  if (face === 0 || inside < 0) return 0;
  return face / (4 * Math.max(inside, face / 2));
}

/**
 * Coarse b = P^T (b - A x) of the pixels of one colour; the others have no residual.
 */
export function restrictResidual(
  fine: PairLevel,
  colour: 0 | 1,
  b: Float64Array,
  x: Float64Array,
  { weight }: Transfer,
  coarseNx: number,
  coarse: Float64Array,
): void {
  const { nx, ny, east, north, between } = fine;
  const row = 2 * nx;
  coarse.fill(0);
  for (let iy = 0; iy < ny; iy++) {
    const first = (iy + 1) * nx;
    const vertical = (iy & 1 ? 2 : -2) * coarseNx;
    for (let ix = (iy + colour) & 1; ix < nx; ix += 2) {
      const i = first + ix;
      const k = 2 * i;
      const xp = x[k];
      const xn = x[k + 1];
      const r = between[i] * (xp - xn);
      const p =
        b[k] -
        east[k] * (xp - x[k + 2]) -
        east[k - 2] * (xp - x[k - 2]) -
        north[k] * (xp - x[k + row]) -
        north[k - row] * (xp - x[k - row]) -
        r;
      const n =
        b[k + 1] -
        east[k + 1] * (xn - x[k + 3]) -
        east[k - 1] * (xn - x[k - 1]) -
        north[k + 1] * (xn - x[k + 1 + row]) -
        north[k + 1 - row] * (xn - x[k + 1 - row]) +
        r;
      const K = 2 * (((iy >> 1) + 1) * coarseNx + (ix >> 1));
      const w = 8 * K + 4 * ((ix & 1) + 2 * (iy & 1));
      const horizontal = ix & 1 ? 2 : -2;
      const hp = weight[w];
      const vp = weight[w + 2];
      coarse[K] += (1 - hp - vp) * p;
      coarse[K + horizontal] += hp * p;
      coarse[K + vertical] += vp * p;
      const hn = weight[w + 1];
      const vn = weight[w + 3];
      coarse[K + 1] += (1 - hn - vn) * n;
      coarse[K + 1 + horizontal] += hn * n;
      coarse[K + 1 + vertical] += vn * n;
    }
  }
}

/** x += P (coarse x). */
export function prolong(
  { nx, ny }: PairLevel,
  x: Float64Array,
  { weight }: Transfer,
  coarseNx: number,
  coarse: Float64Array,
): void {
  for (let iy = 0; iy < ny; iy++) {
    const vertical = (iy & 1 ? 2 : -2) * coarseNx;
    for (let ix = 0, k = 2 * (iy + 1) * nx; ix < nx; ix++, k += 2) {
      const K = 2 * (((iy >> 1) + 1) * coarseNx + (ix >> 1));
      const w = 8 * K + 4 * ((ix & 1) + 2 * (iy & 1));
      const horizontal = ix & 1 ? 2 : -2;
      const hp = weight[w];
      const vp = weight[w + 2];
      x[k] += (1 - hp - vp) * coarse[K] + hp * coarse[K + horizontal] + vp * coarse[K + vertical];
      const hn = weight[w + 1];
      const vn = weight[w + 3];
      x[k + 1] += (1 - hn - vn) * coarse[K + 1] + hn * coarse[K + 1 + horizontal] + vn * coarse[K + 1 + vertical];
    }
  }
}
