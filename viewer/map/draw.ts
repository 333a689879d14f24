import { COLOUR_MAPS, type ColourMap, type Limits } from '../../src/figures/colour.js';
import { colourLimits } from '../../src/figures/limits.js';
import { drawAgainst } from '../compare/swipe.js';
import { drawOverlay } from '../overlay/draw.js';
import { type Layer, type ViewerDocument, valuesAt } from '../state/document.js';
import type { PageState, Viewport } from '../state/page.js';
import { drawArrows } from './arrows.js';
import { drawAxes, drawColourBar } from './axes.js';
import type { ColourRaster } from './colourRaster.js';
import type { Ink } from './ink.js';
import { drawCells, drawSamples, drawSpots } from './marks.js';
import { drawStreamlines } from './streamlines.js';
import { type Box, toPixelX, toPixelY } from './viewport.js';

/** The colours of a layer: its own, unless others were chosen for maps of its kind. */
export function coloursOf(layer: Layer, state: Pick<PageState, 'colours'>): ColourMap {
  return COLOUR_MAPS[state.colours[layer.kind] ?? layer.colours];
}

const found = new WeakMap<Float64Array, Limits>();

/** The ends of a layer's colours: the user's, its own, or those that show it best, found when it is first drawn. */
export function limitsOf(layer: Layer, state: Pick<PageState, 'limits' | 'frame'>): Limits {
  const values = layer.ownLimits ? valuesAt(layer, state.frame).values : layer.values;
  const known = state.limits[layer.id] ?? layer.limits ?? found.get(values);
  if (known !== undefined) return known;
  const limits = layer.ownLimits ? wholeLimits(values, layer.kind) : colourLimits(values, layer.kind);
  found.set(values, limits);
  return limits;
}

/** Up to the largest value, however far it lies from the others: it is what the map is about. */
function wholeLimits(values: Float64Array, kind: Layer['kind']): Limits {
  const most = values.reduce((max, v) => (Math.abs(v) > max ? Math.abs(v) : max), 0) || 1;
  return { min: kind === 'signed' ? -most : 0, max: most };
}

/** Everything of a map but the cursor: the picture, what lies over it, axes and colour bar. */
export function drawMap(
  context: CanvasRenderingContext2D,
  raster: ColourRaster,
  layer: Layer,
  document: ViewerDocument,
  state: PageState,
  view: Viewport,
  plot: Box,
  ink: Ink,
): void {
  const colours = coloursOf(layer, state);
  const limits = limitsOf(layer, state);
  raster.show(layer.shape, valuesAt(layer, state.frame).values, limits, colours);

  context.save();
  context.beginPath();
  context.rect(plot.x, plot.y, plot.width, plot.height);
  context.clip();
  context.fillStyle = ink.wash;
  context.fillRect(plot.x, plot.y, plot.width, plot.height);
  const { xMin, xMax, yMin, yMax } = raster.extent;
  const [left, top] = [toPixelX(view, plot, xMin), toPixelY(view, plot, yMax)];
  const [width, height] = [(xMax - xMin) / view.perPixel, (yMax - yMin) / view.perPixel];
  // Pixels stay sharp when enlarged; averaged when several fall into one.
  context.imageSmoothingEnabled = width < raster.canvas.width;
  context.drawImage(raster.canvas, left, top, width, height);
  if (layer.against !== undefined) {
    drawAgainst(context, raster.other(), layer, limits, colours, state.swipe, view, plot, ink.wash);
  }
  if (state.overlay !== undefined) drawOverlay(context, state.overlay, view, plot);
  const { vectors } = layer;
  if (vectors !== undefined && state.direction !== 'none') {
    if (state.direction === 'streamlines' && vectors.psi !== undefined && vectors.smooth)
      drawStreamlines(context, vectors.grid, vectors.psi, view, plot);
    else drawArrows(context, vectors, view, plot);
  }
  if (document.samples !== undefined) drawSamples(context, document.samples, state.samples, view, plot);
  if (state.outline) {
    drawCells(context, layer.cells ?? document.cells, view, plot);
    const spots = document.frames?.spots?.[state.frame] ?? document.spots;
    if (spots !== undefined) drawSpots(context, spots, view, plot);
  }
  context.restore();
  drawAxes(context, view, plot, ink);
  drawColourBar(context, colours, limits, layer.unit, plot, ink);
}
