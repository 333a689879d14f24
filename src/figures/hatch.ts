import type { Box } from './raster.js';
import { num } from './text.js';

const SPACING = 6;

/**
 * Grey diagonal hatching of a rectangle: drawn under a map, it shows through where the map has no value. The lines are
 * clipped here because a `<pattern>` would need an id, and ids collide when several figures stand on one page.
 */
export function hatch({ x, y, width, height }: Box): string {
  let lines = '';
  for (let d = SPACING / 2; d < width + height; d += SPACING) {
    // The line from (d, 0) on the upper or right edge down to the left or lower edge.
    const right = Math.min(d, width);
    const top = d - right;
    const bottom = Math.min(d, height);
    lines += `M${num(x + right)} ${num(y + top)}L${num(x + d - bottom)} ${num(y + bottom)}`;
  }
  return (
    `<rect x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}" fill="currentColor" fill-opacity="0.05"/>` +
    `<path d="${lines}" stroke="currentColor" stroke-opacity="0.2" stroke-width="0.7" fill="none"/>`
  );
}
