import { InputError } from '../../src/errors.js';
import type { Lattice } from '../../src/forward/index.js';
import { type Box, boundingBox, cornerAt, cornerCount, type Outline } from '../../src/model/outline.js';
import { isProductOf235 } from '../../src/transforms/index.js';

/** What a node is: it touches no pixel of the cell, some, or four. */
export const OUTSIDE = 0;
export const RING = 1;
export const INSIDE = 2;

/**
 * A lattice over a cell and its surroundings, on which psi is piecewise bilinear: psi on the nodes, the sheet current on
 * the pixels between them.
 */
export interface FineLattice {
  readonly lattice: Lattice;
  /** {@link OUTSIDE}, {@link RING} (the outline) or {@link INSIDE}, per node, `[iy][ix]`, ny x nx. */
  readonly nodes: Uint8Array;
  /** 1 where the pixel's centre lies in the outline, `[iy][ix]`, (ny - 1) x (nx - 1). */
  readonly pixels: Uint8Array;
}

export interface FineLatticeOptions {
  /** The largest pitch, m. Default 0.5 mm, or an 80th of the outline's shorter side, or what {@link MOST_NODES} allows. */
  readonly pitch?: number;
}

/** The pitch is taken from this part of the largest on. */
const FINEST = 0.7;
const MOST_PITCH = 0.5e-3;
const LEAST_STEPS = 80;
/** Nodes of the whole lattice, where the box and not the wish for detail decides. */
const MOST_NODES = 8e5;
/** Misfit of the outline, in pitches, below which it counts as none: the rest of decimal millimetres. */
const FITS = 1e-6;

/**
 * The lattice over `box` (widened to the outline where that is larger). One node is the lower left corner of the
 * outline's bounding box; the pitch is the one for which the outline's corners lie nearest to nodes, among those that
 * divide the box's width or height; where several fit, the one with a width that the sine transform likes, then the
 * largest. A corner that does not fit is moved to the pixels' edge by at most half a pitch.
 */
export function fineLattice(outline: Outline, box: Box, options: FineLatticeOptions = {}): FineLattice {
  const own = boundingBox(outline);
  const all = {
    x0: Math.min(box.x0, own.x0),
    y0: Math.min(box.y0, own.y0),
    x1: Math.max(box.x1, own.x1),
    y1: Math.max(box.y1, own.y1),
  };
  const pitch = bestPitch(outline, own, options.pitch ?? largestPitch(own, all));
  const before = (gap: number) => Math.ceil(gap / pitch - FITS) + 1;
  const left = before(own.x0 - all.x0);
  const below = before(own.y0 - all.y0);
  const lattice = {
    x0: own.x0 - left * pitch,
    y0: own.y0 - below * pitch,
    pitch,
    nx: left + before(all.x1 - own.x0) + 1,
    ny: below + before(all.y1 - own.y0) + 1,
  };
  const pixels = pixelsInside(outline, lattice);
  return { lattice, pixels, nodes: classify(pixels, lattice) };
}

function largestPitch(own: Box, all: Box): number {
  const [width, height] = [own.x1 - own.x0, own.y1 - own.y0];
  const detail = Math.min(MOST_PITCH, Math.min(width, height) / LEAST_STEPS);
  return Math.max(detail, Math.sqrt(((all.x1 - all.x0) * (all.y1 - all.y0)) / MOST_NODES));
}

function bestPitch(outline: Outline, own: Box, largest: number): number {
  if (!(largest > 0 && Number.isFinite(largest))) {
    throw new InputError(`a lattice with a pitch of ${largest} m`, { advice: 'give a positive pitch' });
  }
  const [width, height] = [own.x1 - own.x0, own.y1 - own.y0];
  let best = { pitch: largest, cost: Infinity };
  for (const side of [width, height]) {
    const first = Math.ceil(side / largest - FITS);
    for (let n = Math.max(2, first); n <= Math.max(first, side / (FINEST * largest)); n++) {
      const pitch = side / n;
      const misfit = cornerMisfit(outline, own, pitch);
      const liked = isProductOf235(Math.round(width / pitch)) ? 0 : 0.02;
      const cost = (misfit > FITS ? misfit : 0) + liked + 0.02 * (1 - pitch / largest);
      if (cost < best.cost - 1e-12) best = { pitch, cost };
    }
  }
  return best.pitch;
}

/** Largest distance of a corner's x or y from the lattice's lines, in pitches, 0 ... 0.5. */
function cornerMisfit(outline: Outline, own: Box, pitch: number): number {
  let worst = 0;
  for (let i = 0; i < cornerCount(outline); i++) {
    const [x, y] = cornerAt(outline, i);
    const u = (x - own.x0) / pitch;
    const v = (y - own.y0) / pitch;
    worst = Math.max(worst, Math.abs(u - Math.round(u)), Math.abs(v - Math.round(v)));
  }
  return worst;
}

/** Row by row: between the first and second, third and fourth, ... crossing of the outline with the row's middle. */
function pixelsInside(outline: Outline, { x0, y0, pitch, nx, ny }: Lattice): Uint8Array {
  const pixels = new Uint8Array((nx - 1) * (ny - 1));
  const n = cornerCount(outline);
  for (let iy = 0; iy < ny - 1; iy++) {
    const y = y0 + (iy + 0.5) * pitch;
    const crossings: number[] = [];
    for (let i = 0; i < n; i++) {
      const [ax, ay] = cornerAt(outline, i);
      const [bx, by] = cornerAt(outline, (i + 1) % n);
      if (ay > y !== by > y) crossings.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
    }
    crossings.sort((a, b) => a - b);
    for (let c = 0; c + 1 < crossings.length; c += 2) {
      const first = Math.max(0, Math.ceil((crossings[c] - x0) / pitch - 0.5 - FITS));
      const end = Math.min(nx - 1, Math.ceil((crossings[c + 1] - x0) / pitch - 0.5 - FITS));
      if (end > first) pixels.fill(1, iy * (nx - 1) + first, iy * (nx - 1) + end);
    }
  }
  return pixels;
}

function classify(pixels: Uint8Array, { nx, ny }: Lattice): Uint8Array {
  const touched = new Uint8Array(nx * ny);
  for (let iy = 0, p = 0; iy < ny - 1; iy++) {
    for (let ix = 0; ix < nx - 1; ix++, p++) {
      const node = iy * nx + ix;
      touched[node] += pixels[p];
      touched[node + 1] += pixels[p];
      touched[node + nx] += pixels[p];
      touched[node + nx + 1] += pixels[p];
    }
  }
  return touched.map(count => (count === 0 ? OUTSIDE : count < 4 ? RING : INSIDE));
}
