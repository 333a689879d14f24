import type { Grid } from '../grid.js';
import { type ColourMap, LEVELS, type Limits, levelOf } from './colour.js';
import { base64, encodePng } from './png.js';
import { num } from './text.js';

/** A rectangle of a figure, px, y downwards as in SVG. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Word processors and some converters smooth every picture; a coarse map is enlarged to about this many pixels first. */
const SHARP_PIXELS = 480;

/**
 * The colour entries of a map (see `levelOf`), row 0 on *top* as pictures want it: the map's row 0, the one with the
 * smallest y, becomes the lowest row.
 */
export function rasterLevels(grid: Grid, values: ArrayLike<number>, limits: Limits): Uint8Array {
  const { nx, ny } = grid;
  const out = new Uint8Array(nx * ny);
  for (let iy = 0; iy < ny; iy++) {
    const row = (ny - 1 - iy) * nx;
    for (let ix = 0; ix < nx; ix++) out[row + ix] = levelOf(values[iy * nx + ix], limits);
  }
  return out;
}

/** A map as PNG, each pixel repeated `repeat` times in both directions. */
export function rasterPng(
  grid: Grid,
  values: ArrayLike<number>,
  limits: Limits,
  map: ColourMap,
  repeat = 1,
): Uint8Array<ArrayBuffer> {
  const levels = rasterLevels(grid, values, limits);
  if (repeat === 1) return encodePng(grid.nx, grid.ny, levels, map.lut);
  const width = grid.nx * repeat;
  const height = grid.ny * repeat;
  const large = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / repeat) * grid.nx;
    for (let x = 0; x < width; x++) large[y * width + x] = levels[row + Math.floor(x / repeat)];
  }
  return encodePng(width, height, large, map.lut);
}

/** A map as `<image>` that fills `box`, pixels sharp, y upwards; NaN is transparent. */
export function rasterImage(grid: Grid, values: ArrayLike<number>, limits: Limits, map: ColourMap, box: Box): string {
  const repeat = Math.max(1, Math.floor(SHARP_PIXELS / Math.max(grid.nx, grid.ny)));
  return imageElement(rasterPng(grid, values, limits, map, repeat), box);
}

/** The colours of a map from the lower to the upper limit: upwards, or to the right. */
export function colourRamp(map: ColourMap, box: Box, direction: 'up' | 'right'): string {
  const ramp = Uint8Array.from({ length: LEVELS }, (_, i) => (direction === 'up' ? LEVELS - i : i + 1));
  const [width, height] = direction === 'up' ? [1, LEVELS] : [LEVELS, 1];
  return imageElement(encodePng(width, height, ramp, map.lut), box);
}

function imageElement(png: Uint8Array, box: Box): string {
  // xlink:href because office programs read nothing else. Of the two values of image-rendering browsers take the first
  // (they do not know the second) and resvg the second (it does not know the first).
  return (
    `<image x="${num(box.x)}" y="${num(box.y)}" width="${num(box.width)}" height="${num(box.height)}" ` +
    'preserveAspectRatio="none" style="image-rendering:pixelated;image-rendering:optimizeSpeed" ' +
    `xlink:href="data:image/png;base64,${base64(png)}"/>`
  );
}
