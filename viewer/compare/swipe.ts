import type { ColourMap, Limits } from '../../src/figures/colour.js';
import { element } from '../controls/dom.js';
import type { ColourRaster } from '../map/colourRaster.js';
import { type Box, toPixelX, toPixelY } from '../map/viewport.js';
import type { Layer } from '../state/document.js';
import type { PageStore, Viewport } from '../state/page.js';

const STEP = 0.02;

/** B in place of A right of the boundary. */
export function drawAgainst(
  context: CanvasRenderingContext2D,
  raster: ColourRaster,
  { shape, against }: Layer,
  limits: Limits,
  colours: ColourMap,
  swipe: number,
  view: Viewport,
  plot: Box,
  wash: string,
): void {
  if (against === undefined) return;
  raster.show(shape, against.values, limits, colours);
  const { xMin, xMax, yMin, yMax } = raster.extent;
  const from = plot.x + swipe * plot.width;
  context.save();
  context.beginPath();
  context.rect(from, plot.y, plot.x + plot.width - from, plot.height);
  context.clip();
  context.fillStyle = wash;
  context.fillRect(from, plot.y, plot.width, plot.height);
  const width = (xMax - xMin) / view.perPixel;
  context.imageSmoothingEnabled = width < raster.canvas.width;
  context.drawImage(
    raster.canvas,
    toPixelX(view, plot, xMin),
    toPixelY(view, plot, yMax),
    width,
    (yMax - yMin) / view.perPixel,
  );
  context.restore();
}

/** The handle on the boundary between A and B: dragged, or moved by arrow keys. */
export function swipeHandle(page: PageStore, plot: () => Box, layerOf: () => Layer | undefined) {
  const left = element('span', { class: 'side-a' });
  const right = element('span', { class: 'side-b' });
  const handle = element(
    'div',
    {
      class: 'swipe',
      role: 'slider',
      tabindex: '0',
      'aria-label': 'Boundary between A and B',
      'aria-valuemin': '0',
      'aria-valuemax': '100',
      hidden: true,
    },
    [left, right],
  );
  const place = () => {
    const against = layerOf()?.against;
    handle.hidden = against === undefined;
    if (against === undefined) return;
    const box = plot();
    const { swipe } = page.get();
    handle.style.setProperty('left', `${box.x + swipe * box.width}px`);
    handle.style.setProperty('top', `${box.y}px`);
    handle.style.setProperty('height', `${box.height}px`);
    left.textContent = `A ${shorter(against.names[0])}`;
    right.textContent = `B ${shorter(against.names[1])}`;
    handle.setAttribute('aria-valuenow', String(Math.round(100 * swipe)));
    handle.setAttribute('aria-valuetext', `${Math.round(100 * swipe)} % of the width shows A`);
  };
  const set = (swipe: number) => page.set({ swipe: Math.min(1, Math.max(0, swipe)) });
  handle.addEventListener('pointerdown', event => {
    event.stopPropagation();
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener('pointermove', event => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const frame = handle.parentElement!.getBoundingClientRect();
    const box = plot();
    set((event.clientX - frame.left - box.x) / box.width);
  });
  handle.addEventListener('keydown', event => {
    const to = { ArrowLeft: page.get().swipe - STEP, ArrowRight: page.get().swipe + STEP, Home: 0, End: 1 }[event.key];
    if (to === undefined) return;
    set(to);
    event.preventDefault();
  });
  return { handle, place };
}

/** Names longer than this hide the map. */
const LONGEST = 18;

function shorter(name: string): string {
  if (name === 'A' || name === 'B') return '';
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}
