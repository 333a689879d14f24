import { COLOUR_MAPS, LEVELS } from '../../src/figures/colour.js';
import type { Ink } from '../map/ink.js';
import { drawBadge } from '../map/stroke.js';
import { type Box, toPixelX, toPixelY } from '../map/viewport.js';
import type { Overlay } from '../state/overlay.js';
import type { Viewport } from '../state/page.js';

/** The last picture that was coloured: all maps show the same one. */
let kept:
  | { readonly of: Pick<Overlay, 'picture' | 'colours' | 'limits'>; readonly canvas: HTMLCanvasElement }
  | undefined;

/** The picture of an overlay in its colours, one pixel each; transparent where it has no value. */
export function pictureCanvas({ picture, colours, limits }: Overlay): HTMLCanvasElement {
  if (kept?.of.picture === picture && kept.of.colours === colours && kept.of.limits === limits) return kept.canvas;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const image = new ImageData(picture.width, picture.height);
  const scale = (LEVELS - 1) / (limits.max - limits.min);
  picture.values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const level = Math.round(Math.min(LEVELS - 1, Math.max(0, (value - limits.min) * scale)));
    for (let c = 0; c < 3; c++)
      image.data[4 * i + c] = colours === 'grey' ? level : COLOUR_MAPS[colours].lut[3 * (level + 1) + c];
    image.data[4 * i + 3] = 255;
  });
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  kept = { of: { picture, colours, limits }, canvas };
  return canvas;
}

/** The picture over a map, as opaque as it is set. */
export function drawOverlay(context: CanvasRenderingContext2D, overlay: Overlay, view: Viewport, plot: Box): void {
  if (overlay.opacity === 0) return;
  const [a, b, c, d, e, f] = overlay.map;
  const per = view.perPixel;
  context.save();
  context.globalAlpha = overlay.opacity;
  context.imageSmoothingEnabled = Math.hypot(a, d) < per;
  context.transform(a / per, -d / per, b / per, -e / per, toPixelX(view, plot, c), toPixelY(view, plot, f));
  context.drawImage(pictureCanvas(overlay), -0.5, -0.5);
  context.restore();
}

/** The named points on the map, numbered. */
export function drawPairs(
  context: CanvasRenderingContext2D,
  { pairs }: Overlay,
  view: Viewport,
  plot: Box,
  ink: Ink,
): void {
  for (const [k, { x, y }] of pairs.entries())
    drawNumber(context, toPixelX(view, plot, x), toPixelY(view, plot, y), k + 1, ink);
}

/** A numbered dot. */
export function drawNumber(context: CanvasRenderingContext2D, x: number, y: number, number: number, ink: Ink): void {
  drawBadge(context, x, y, String(number), ink, ink.paper);
}
