import { emptyLevel, invertBlocks, type PairLevel } from './pairLevel.js';

/**
 * How the fine level hangs on the coarse one: a child takes `1 - h - v` of its parent, h of the parent's neighbour on the
 * child's own side along x and v of that along y (Wesseling 1988, with conductances as weights: see {@link coarsen}).
 */
export interface Transfer {
  /** h and v of the four sides, per coarse pixel and foil: at 8 (I + NX): west p, n; east p, n; south p, n; north p, n. */
  readonly weight: Float64Array;
}

/**
 * The same cell on pixels twice as large: 2 x 2 pixels make one, single ones at the far sides where a number is odd.
 *
 * A coarse face joins the centres of two coarse pixels: per row, the half of the link within the first, the face, and half
 * of the link within the second, in series; rows in parallel. This keeps a uniform foil uniform and an insulated face
 * insulated. A link within that conducts worse than the face (the rim of a hole) counts as the face does: what is joined
 * to one child is joined to the parent, or corrections would run away.
 */
export function coarsen(fine: PairLevel): { level: PairLevel; transfer: Transfer } {
  const nx = (fine.nx + 1) >> 1;
  const ny = (fine.ny + 1) >> 1;
  const level = emptyLevel(nx, ny);
  const weight = new Float64Array(8 * nx * (ny + 2));
  for (let Y = 0; Y < ny; Y++) {
    for (let X = 0; X < nx; X++) {
      const I = (Y + 1) * nx + X;
      const i = (2 * Y + 1) * fine.nx + 2 * X;
      const right = 2 * X + 1 < fine.nx;
      const upper = 2 * Y + 1 < fine.ny;
      level.between[I] =
        fine.between[i] +
        (right ? fine.between[i + 1] : 0) +
        (upper ? fine.between[i + fine.nx] : 0) +
        (right && upper ? fine.between[i + fine.nx + 1] : 0);
      for (let c = 0; c < 2; c++) {
        if (X + 1 < nx) level.east[2 * I + c] = joined(fine.east, 2 * i + c, 2, 2 * fine.nx, upper);
        if (Y + 1 < ny) level.north[2 * I + c] = joined(fine.north, 2 * i + c, 2 * fine.nx, 2, right);
      }
    }
  }
  for (let Y = 0; Y < ny; Y++) {
    for (let X = 0; X < nx; X++) {
      const I = (Y + 1) * nx + X;
      const i = (2 * Y + 1) * fine.nx + 2 * X;
      const right = 2 * X + 1 < fine.nx;
      const upper = 2 * Y + 1 < fine.ny;
      for (let c = 0; c < 2; c++) {
        const k = 2 * i + c;
        const K = 2 * I + c;
        // A single pixel stands at its parent's centre and needs no neighbour along that direction.
        const insideX = right ? (fine.east[k] + (upper ? fine.east[k + 2 * fine.nx] : fine.east[k])) / 2 : -1;
        const insideY = upper ? (fine.north[k] + (right ? fine.north[k + 2] : fine.north[k])) / 2 : -1;
        const w = 8 * I + c;
        weight[w] = share(level.east[K - 2], insideX);
        weight[w + 2] = share(level.east[K], insideX);
        weight[w + 4] = share(level.north[K - 2 * nx], insideY);
        weight[w + 6] = share(level.north[K], insideY);
      }
    }
  }
  invertBlocks(level);
  return { level, transfer: { weight } };
}

/**
 * The coarse face behind the fine pixel at k along one direction.
 * @param step to the next pixel along the direction
 * @param aside to the parallel row
 * @param both whether there is a parallel row
 */
function joined(face: Float64Array, k: number, step: number, aside: number, both: boolean): number {
  const one = chain(face[k], face[k + step], face[k + 2 * step]);
  return both ? one + chain(face[k + aside], face[k + aside + step], face[k + aside + 2 * step]) : one;
}

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
    const side = (iy & 1) * 2 + 4;
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
      const w = 4 * K;
      const across = (ix & 1) * 2;
      const horizontal = ix & 1 ? 2 : -2;
      const hp = weight[w + across];
      const vp = weight[w + side];
      coarse[K] += (1 - hp - vp) * p;
      coarse[K + horizontal] += hp * p;
      coarse[K + vertical] += vp * p;
      const hn = weight[w + across + 1];
      const vn = weight[w + side + 1];
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
    const side = (iy & 1) * 2 + 4;
    const vertical = (iy & 1 ? 2 : -2) * coarseNx;
    for (let ix = 0, k = 2 * (iy + 1) * nx; ix < nx; ix++, k += 2) {
      const K = 2 * (((iy >> 1) + 1) * coarseNx + (ix >> 1));
      const w = 4 * K;
      const across = (ix & 1) * 2;
      const horizontal = ix & 1 ? 2 : -2;
      const hp = weight[w + across];
      const vp = weight[w + side];
      x[k] += (1 - hp - vp) * coarse[K] + hp * coarse[K + horizontal] + vp * coarse[K + vertical];
      const hn = weight[w + across + 1];
      const vn = weight[w + side + 1];
      x[k + 1] += (1 - hn - vn) * coarse[K + 1] + hn * coarse[K + 1 + horizontal] + vn * coarse[K + 1 + vertical];
    }
  }
}
