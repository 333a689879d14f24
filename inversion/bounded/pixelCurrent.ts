import type { FineLattice } from './fineLattice.js';

/** K on pixel centres, A/m, `[iy][ix]`; NaN where the pixel holds nothing of the cell. */
export interface PixelCurrent {
  readonly kx: Float64Array;
  readonly ky: Float64Array;
}

/** A line of pixels: those of the lattice that each covers, and the parts that it covers of them. */
interface Coverage {
  readonly first: Int32Array;
  readonly parts: readonly Float64Array[];
}

/**
 * Prepares the mean of K = (d psi/dy, -d psi/dx) over square pixels: the mean over those pixels of the lattice, each with
 * its mean gradient, that lie in the outline, so that a pixel that straddles the outline shows what its inner part holds.
 * A pixel with nothing inside shows what lies within one more pitch of the lattice, else NaN.
 * @param x pixel centres, m, ascending; y likewise
 * @param side of the squares, m; default the distance of the centres, at least the lattice's pitch
 */
export function pixelCurrent(
  fine: FineLattice,
  x: Float64Array,
  y: Float64Array,
  side = x.length > 1 ? x[1] - x[0] : fine.lattice.pitch,
): (psi: Float64Array) => PixelCurrent {
  const { lattice, pixels } = fine;
  const { pitch, nx } = lattice;
  const half = Math.max(side, pitch) / 2;
  const along = (centres: Float64Array, widen: number) => ({
    x: coverage(centres, half + widen, lattice.x0, pitch, lattice.nx - 1),
    y: coverage(centres, half + widen, lattice.y0, pitch, lattice.ny - 1),
  });
  const columns = [0, pitch].map(widen => along(x, widen).x);
  const rows = [0, pitch].map(widen => along(y, widen).y);

  /** Writes the mean at a pixel; whether there is any. */
  const setMean = (psi: Float64Array, row: number, column: number, wide: number, out: PixelCurrent): boolean => {
    const across = columns[wide].parts[column];
    const upward = rows[wide].parts[row];
    let weight = 0;
    let kx = 0;
    let ky = 0;
    for (let j = 0; j < upward.length; j++) {
      const line = rows[wide].first[row] + j;
      for (let i = 0; i < across.length; i++) {
        const ix = columns[wide].first[column] + i;
        if (pixels[line * (nx - 1) + ix] === 0) continue;
        const node = line * nx + ix;
        const w = across[i] * upward[j];
        const rising = psi[node + nx + 1] - psi[node];
        const falling = psi[node + nx] - psi[node + 1];
        weight += w;
        kx += w * (rising + falling);
        ky -= w * (rising - falling);
      }
    }
    const at = row * x.length + column;
    out.kx[at] = weight > 0 ? kx / (2 * pitch * weight) : Number.NaN;
    out.ky[at] = weight > 0 ? ky / (2 * pitch * weight) : Number.NaN;
    return weight > 0;
  };

  return psi => {
    const size = x.length * y.length;
    const out = { kx: new Float64Array(size), ky: new Float64Array(size) };
    for (let iy = 0; iy < y.length; iy++) {
      for (let ix = 0; ix < x.length; ix++) if (!setMean(psi, iy, ix, 0, out)) setMean(psi, iy, ix, 1, out);
    }
    return out;
  };
}

/** What [centre - half, centre + half] covers of the pixels [start + i pitch, start + (i + 1) pitch], 0 <= i < count. */
function coverage(centres: Float64Array, half: number, start: number, pitch: number, count: number): Coverage {
  const first = new Int32Array(centres.length);
  const parts = Array.from(centres, (centre, c) => {
    const from = (centre - half - start) / pitch;
    const to = (centre + half - start) / pitch;
    first[c] = Math.max(0, Math.floor(from + ROUNDING));
    const end = Math.min(count, Math.ceil(to - ROUNDING));
    return Float64Array.from({ length: Math.max(0, end - first[c]) }, (_, i) => {
      return Math.min(to, first[c] + i + 1) - Math.max(from, first[c] + i);
    });
  });
  return { first, parts };
}

/** Parts of a pixel that come from the rest of decimal millimetres. */
const ROUNDING = 1e-6;
