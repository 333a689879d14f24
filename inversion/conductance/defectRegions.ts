import type { ConductanceLattice } from './conductanceLattice.js';

/** A connected part of a foil whose conductance differs from the rest. Lengths in m. */
export interface DefectRegion {
  /** Pixels of the foil. */
  readonly pixels: Int32Array;
  /** 1 where the foil conducts worse, -1 where better. */
  readonly sign: 1 | -1;
  /** Contrast summed up over the region and its rim, over the mean contrast in it: the area that has all of it, m^2. */
  readonly area: number;
  /** Centroid. */
  readonly centre: readonly [x: number, y: number];
  /** Of the rectangle around it. */
  readonly box: { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number };
  /** The ends of its longest extent, along its principal axis. */
  readonly ends: readonly [readonly [number, number], readonly [number, number]];
  /** Length along that axis; area over it. */
  readonly length: number;
  readonly width: number;
  /** Mean log resistance relative to the healthy part. */
  readonly logResistance: number;
}

/** A region begins where the conductance differs by a quarter, */
const LEAST = Math.log(1.25);
/** and ends where the contrast 2 (rho - 1) / (rho + 1) is half of that in its middle. */
const PART = 0.5;
/** Smaller regions, in pixels, are no region. */
const FEWEST = 3;
/** Width of a rim, pixels: what the map spreads an edge over. */
export const RIM = 2;

/** The regions of one sheet, the strongest (contrast times area) first. */
export function defectRegions(lattice: ConductanceLattice, logResistance: Float64Array): DefectRegion[] {
  const found: DefectRegion[] = [];
  for (const sign of [1, -1] as const) {
    for (const wide of connected(lattice, p => sign * logResistance[p] > LEAST)) {
      const contrasts = wide.map(p => contrastOf(sign * logResistance[p])).sort((a, b) => b - a);
      const plateau = contrasts[Math.floor(contrasts.length / 4)];
      const within = new Set(wide.filter(p => contrastOf(sign * logResistance[p]) > PART * plateau));
      for (const pixels of connected(lattice, p => within.has(p))) {
        if (pixels.length >= FEWEST) found.push(described(lattice, pixels, sign, logResistance));
      }
    }
  }
  return found.sort((a, b) => strength(b) - strength(a));
}

/** What a region does to the field, about: its contrast times its area, m^2. */
export function strength({ area, logResistance }: DefectRegion): number {
  return area * contrastOf(Math.abs(logResistance));
}

/** What the field of a region is proportional to, beside its area: (rho - 1) / (rho + 1), times 2; odd in the log resistance. */
export function contrastOf(logResistance: number): number {
  return 2 * Math.tanh(logResistance / 2);
}

/** The log resistance of a contrast; infinite from the contrast of a hole on. */
export function logOfContrast(contrast: number): number {
  return Math.abs(contrast) < 2 ? 2 * Math.atanh(contrast / 2) : Math.sign(contrast) * Number.POSITIVE_INFINITY;
}

/** Lists of the pixels that are wanted and hang together, by sides and corners. */
function connected({ grid, pixels, pixelOf }: ConductanceLattice, wanted: (pixel: number) => boolean): number[][] {
  const seen = new Uint8Array(pixels.length);
  const out: number[][] = [];
  for (let start = 0; start < pixels.length; start++) {
    if (seen[start] || !wanted(start)) continue;
    const list = [start];
    seen[start] = 1;
    for (let k = 0; k < list.length; k++) {
      const ix = pixels[list[k]] % grid.nx;
      const iy = Math.floor(pixels[list[k]] / grid.nx);
      for (let y = Math.max(0, iy - 1); y <= Math.min(grid.ny - 1, iy + 1); y++) {
        for (let x = Math.max(0, ix - 1); x <= Math.min(grid.nx - 1, ix + 1); x++) {
          const p = pixelOf[y * grid.nx + x];
          if (p < 0 || seen[p] || !wanted(p)) continue;
          seen[p] = 1;
          list.push(p);
        }
      }
    }
    out.push(list);
  }
  return out;
}

function described(
  lattice: ConductanceLattice,
  pixels: readonly number[],
  sign: 1 | -1,
  logResistance: Float64Array,
): DefectRegion {
  const { grid, pixels: places } = lattice;
  const x = pixels.map(p => grid.x0 + (places[p] % grid.nx) * grid.dx);
  const y = pixels.map(p => grid.y0 + Math.floor(places[p] / grid.nx) * grid.dy);
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [cx, cy] = [mean(x), mean(y)];
  const xx = mean(x.map(v => (v - cx) ** 2));
  const yy = mean(y.map(v => (v - cy) ** 2));
  const xy = mean(x.map((v, i) => (v - cx) * (y[i] - cy)));
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  const along = x.map((v, i) => (v - cx) * ux + (y[i] - cy) * uy);
  const half = (Math.abs(ux) * grid.dx + Math.abs(uy) * grid.dy) / 2;
  const [first, last] = [Math.min(...along) - half, Math.max(...along) + half];
  const logMean = mean(pixels.map(p => logResistance[p]));
  const area = (grid.dx * grid.dy * contrastAround(lattice, pixels, sign, logResistance)) / contrastOf(sign * logMean);
  const at = (t: number): [number, number] => [cx + t * ux, cy + t * uy];
  return {
    pixels: Int32Array.from(pixels),
    sign,
    area,
    centre: [cx, cy],
    box: {
      x0: Math.min(...x) - grid.dx / 2,
      y0: Math.min(...y) - grid.dy / 2,
      x1: Math.max(...x) + grid.dx / 2,
      y1: Math.max(...y) + grid.dy / 2,
    },
    ends: [at(first), at(last)],
    length: last - first,
    width: area / (last - first),
    logResistance: logMean,
  };
}

/** Sum of the contrast of one sign over some pixels and those within {@link RIM} of them. */
function contrastAround(
  { grid, pixels: places, pixelOf }: ConductanceLattice,
  pixels: readonly number[],
  sign: 1 | -1,
  logResistance: Float64Array,
): number {
  const seen = new Set<number>();
  let sum = 0;
  for (const p of pixels) {
    const [ix, iy] = [places[p] % grid.nx, Math.floor(places[p] / grid.nx)];
    for (let y = Math.max(0, iy - RIM); y <= Math.min(grid.ny - 1, iy + RIM); y++) {
      for (let x = Math.max(0, ix - RIM); x <= Math.min(grid.nx - 1, ix + RIM); x++) {
        const q = pixelOf[y * grid.nx + x];
        if (q < 0 || seen.has(q)) continue;
        seen.add(q);
        sum += Math.max(0, contrastOf(sign * logResistance[q]));
      }
    }
  }
  return sum;
}
