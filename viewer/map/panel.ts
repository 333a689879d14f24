import { swipeHandle } from '../compare/swipe.js';
import { element, oncePerFrame, select } from '../controls/dom.js';
import { probe, probedText } from '../measure/probe.js';
import { drawPairs } from '../overlay/draw.js';
import { extentOf, type Layer } from '../state/document.js';
import { currentDocument, layersOf, type PageStore, shownLayers, type Viewport } from '../state/page.js';
import { plotOf } from './axes.js';
import { ColourRaster } from './colourRaster.js';
import { drawMap } from './draw.js';
import { followKeys, followPointer } from './gestures.js';
import { type Ink, readInk } from './ink.js';
import { drawCursor, drawLine, drawRegion } from './marks.js';
import { scaleEditor } from './scaleEditor.js';
import { type Box, fitView, joinExtents, toPixelX, toPixelY } from './viewport.js';

/** One map with its chooser and the value under the cursor. */
export interface MapPanel {
  readonly root: HTMLElement;
  /** Ends its subscriptions. */
  close(): void;
}

/** The viewport that shows all maps on screen whole, in a plot of this size. */
export function wholeView(page: PageStore, plot: Box): Viewport {
  const layers = shownLayers(page.get());
  const cells = currentDocument(page.get())?.cells ?? [];
  const outlines = cells.flatMap(({ outline }) => ({
    xMin: Math.min(...outline.map(p => p[0])),
    xMax: Math.max(...outline.map(p => p[0])),
    yMin: Math.min(...outline.map(p => p[1])),
    yMax: Math.max(...outline.map(p => p[1])),
  }));
  const extents = [...layers.map(layer => extentOf(layer.shape)), ...outlines];
  return fitView(extents.length === 0 ? { xMin: 0, xMax: 0.1, yMin: 0, yMax: 0.1 } : joinExtents(extents), plot);
}

/** @param place which of the maps on screen this is, from 0 */
export function mapPanel(page: PageStore, place: number): MapPanel {
  const chooser = element('span', { class: 'chooser' });
  const value = element('output', { class: 'value', 'aria-live': 'off' });
  const picture = element('canvas', { class: 'picture', 'aria-hidden': 'true' });
  const marks = element('canvas', {
    class: 'marks',
    tabindex: '0',
    role: 'application',
    'aria-roledescription': 'map',
  });
  const frame = element('div', { class: 'frame' }, [picture, marks]);
  const root = element('section', { class: 'panel' }, [
    element('div', { class: 'head' }, [chooser, scaleEditor(page, () => layerOf()), value]),
    frame,
  ]);
  const raster = new ColourRaster();
  let ink: Ink | undefined;
  let [width, height, scale] = [0, 0, 1];

  const layerOf = (): Layer | undefined => {
    const state = page.get();
    return layersOf(state).find(layer => layer.id === state.panels[place]);
  };
  const plot = () => plotOf(width, height);
  const view = () => page.get().viewport ?? wholeView(page, plot());

  const swipe = swipeHandle(page, plot, layerOf);
  frame.append(swipe.handle);

  const clear = (canvas: HTMLCanvasElement): CanvasRenderingContext2D => {
    const context = canvas.getContext('2d')!;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  };
  const drawPicture = oncePerFrame(() => {
    const [layer, document] = [layerOf(), currentDocument(page.get())];
    if (width === 0 || layer === undefined || document === undefined) return;
    ink ??= readInk();
    drawMap(clear(picture), raster, layer, document, page.get(), view(), plot(), ink);
  });
  const drawMarks = oncePerFrame(() => {
    if (width === 0) return;
    ink ??= readInk();
    const { cursor, line, region, overlay } = page.get();
    const [context, box, at] = [clear(marks), plot(), view()];
    context.save();
    context.beginPath();
    context.rect(box.x, box.y, box.width, box.height);
    context.clip();
    if (region !== undefined) drawRegion(context, region, at, box, ink);
    if (line !== undefined) drawLine(context, line, at, box, ink);
    if (overlay !== undefined) drawPairs(context, overlay, at, box, ink);
    context.restore();
    if (cursor !== undefined) drawCursor(context, toPixelX(at, box, cursor.x), toPixelY(at, box, cursor.y), box);
  });
  const showValue = () => {
    const [layer, { cursor, frame: at }] = [layerOf(), page.get()];
    value.textContent =
      layer === undefined || cursor === undefined ? '' : probedText(probe(layer, at, cursor), layer.unit);
  };
  let listed = '';
  const showChooser = () => {
    const layers = layersOf(page.get());
    const layer = layerOf();
    // A live map changes many times a second; the list, which may be open, does not.
    const list = `${page.get().current} ${layer?.id} ${layers.map(({ id }) => id).join(' ')}`;
    if (list === listed) return;
    listed = list;
    chooser.replaceChildren(
      select(
        `Map ${place + 1} shows`,
        layers.map(({ id, name, group }) => ({ value: id, text: name, group })),
        layer?.id ?? '',
        id => page.set({ panels: page.get().panels.map((old, p) => (p === place ? id : old)) }),
      ),
    );
    marks.setAttribute(
      'aria-label',
      layer === undefined
        ? 'empty map'
        : `Map of ${layer.name}, ${layer.group}. Arrow keys move the cursor, plus and minus zoom, 0 shows all, L and R start and end a line or region.`,
    );
  };

  const sizes = new ResizeObserver(() => {
    const box = frame.getBoundingClientRect();
    width = Math.floor(box.width);
    height = Math.floor(box.height);
    scale = window.devicePixelRatio || 1;
    for (const canvas of [picture, marks]) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
    }
    swipe.place();
    drawPicture();
    drawMarks();
  });
  sizes.observe(frame);
  const target = { page, canvas: marks, plot, view, whole: () => wholeView(page, plot()), layer: layerOf };
  followPointer(target);
  followKeys(target);

  const ends = [
    page.watch(['documents', 'current', 'panels', 'live'], () => {
      showChooser();
      showValue();
      drawPicture();
      drawMarks();
    }),
    page.watch(
      ['viewport', 'direction', 'colours', 'limits', 'samples', 'outline', 'frame', 'overlay', 'swipe'],
      drawPicture,
    ),
    page.watch(['documents', 'current', 'panels', 'swipe'], swipe.place),
    page.watch(['viewport', 'cursor', 'line', 'region', 'overlay'], drawMarks),
    page.watch(['cursor', 'frame'], showValue),
    page.watch(['theme'], () => {
      ink = undefined;
      drawPicture();
      drawMarks();
    }),
    page.watch(['tool'], ({ tool }) => marks.setAttribute('data-tool', tool)),
  ];
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const recolour = () => {
    ink = undefined;
    drawPicture();
    drawMarks();
  };
  dark.addEventListener('change', recolour);
  return {
    root,
    close() {
      sizes.disconnect();
      dark.removeEventListener('change', recolour);
      for (const end of ends) end();
    },
  };
}
