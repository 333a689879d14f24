import { plotOf } from '../map/axes.js';
import { ColourRaster } from '../map/colourRaster.js';
import { drawMap } from '../map/draw.js';
import { readInk } from '../map/ink.js';
import { drawLine, drawRegion } from '../map/marks.js';
import { wholeView } from '../map/panel.js';
import { currentDocument, type PageStore, shownLayers } from '../state/page.js';

/** Twice as fine as the screen: sharp in a document. */
const SCALE = 2;
const TITLE = 44;

/** The maps on screen as one picture, with their names and the name of the file. */
export async function screenPng(page: PageStore): Promise<Blob> {
  const state = page.get();
  const shown = currentDocument(state);
  const layers = shownLayers(state);
  const frames = [...document.querySelectorAll('.frame')].map(frame => frame.getBoundingClientRect());
  if (shown === undefined || frames.length < layers.length) throw new Error('there is no map on the screen');
  const left = Math.min(...frames.map(f => f.left));
  const top = Math.min(...frames.map(f => f.top));
  const canvas = document.createElement('canvas');
  canvas.width = SCALE * (Math.max(...frames.map(f => f.right)) - left);
  canvas.height = SCALE * (Math.max(...frames.map(f => f.bottom)) - top + 2 * TITLE);
  const context = canvas.getContext('2d')!;
  const ink = readInk();
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  layers.forEach((layer, k) => {
    const box = frames[k];
    const [x, y] = [box.left - left, box.top - top + TITLE];
    const plot = plotOf(box.width, box.height);
    const view = state.viewport ?? wholeView(page, plot);
    context.setTransform(SCALE, 0, 0, SCALE, SCALE * x, SCALE * y);
    drawMap(context, new ColourRaster(), layer, shown, state, view, plot, ink);
    context.save();
    context.beginPath();
    context.rect(plot.x, plot.y, plot.width, plot.height);
    context.clip();
    if (state.region !== undefined) drawRegion(context, state.region, view, plot, ink);
    if (state.line !== undefined) drawLine(context, state.line, view, plot, ink);
    context.restore();
    context.font = '600 14px Inter, system-ui, sans-serif';
    context.fillStyle = ink.ink;
    context.textAlign = 'left';
    context.textBaseline = 'bottom';
    const frame = shown.frames?.labels[state.frame];
    context.fillText(`${layer.name}${frame === undefined ? '' : `, ${frame}`}`, plot.x, plot.y - 6);
  });
  context.setTransform(SCALE, 0, 0, SCALE, 0, 0);
  context.font = '12px Inter, system-ui, sans-serif';
  context.fillStyle = ink.soft;
  context.textBaseline = 'bottom';
  context.fillText(`Savart: ${shown.name}`, 12, canvas.height / SCALE - 10);
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob => (blob === null ? reject(new Error('the picture is too large')) : resolve(blob)), 'image/png'),
  );
}
