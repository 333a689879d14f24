import { element, oncePerFrame } from '../controls/dom.js';
import { plotOf } from '../map/axes.js';
import { ColourRaster } from '../map/colourRaster.js';
import { drawMap } from '../map/draw.js';
import { readInk } from '../map/ink.js';
import { fitView } from '../map/viewport.js';
import type { Diagnosis } from '../state/diagnosis.js';
import { extentOf, type ViewerDocument } from '../state/document.js';
import { currentDocument, type PageStore } from '../state/page.js';
import { type CellPicture, contributionPicture, sharePicture } from './cellPictures.js';
import { controlChart, scoreChart, scoreTitle } from './charts.js';
import { packDrawing } from './packDrawing.js';
import { documentOf } from './sampleCard.js';
import { sampleTable } from './sampleTable.js';
import { scatter } from './scatter.js';
import { fluid } from './svg.js';

/** What a diagnosis shows: the pack, scores, T2 and Q, and the chosen scan's map where another open file has it. */
export function diagnosisArea(page: PageStore): HTMLElement {
  const [pack, t2, q, scores, control] = ['pack', 'pack-t2', 'pack-q', 'scores', 'control'].map(name =>
    element('div', { class: `drawing ${name}` }),
  );
  const canvas = element('canvas', { class: 'sample-map' });
  const figure = (title: string, content: HTMLElement) =>
    element('figure', {}, [element('figcaption', {}, [title]), content]);
  const parts = {
    pack: figure('Share of each cell', pack),
    t2: figure('T²', t2),
    q: figure('Q', q),
    scores: figure('Scores', scores),
    control: figure('Control chart', control),
    map: figure('Its map', canvas),
  };
  parts.pack.classList.add('whole');
  const legend = element('p', { class: 'legend' }, [
    element('span', { class: 'reference' }, ['● reference']),
    element('span', { class: 'new' }, ['■ new']),
    element('span', { class: 'flagged' }, ['◆ flagged']),
    element('span', {}, ['lines: limits (99 % solid, 95 % dashed)']),
  ]);
  const root = element('div', { class: 'diagnosis' }, [
    element('div', { class: 'drawings' }, Object.values(parts)),
    legend,
  ]);
  const shown = () => chosenOf(page);
  const choose = (k: number) => page.set({ frame: k });
  const picture = (root: HTMLElement, make: (diagnosis: Diagnosis, k: number) => CellPicture | undefined) =>
    fluid(root, width => {
      const now = shown();
      if (now === undefined || now.diagnosis.cells.length === 0) return undefined;
      const made = make(now.diagnosis, now.k);
      return made && packDrawing(now.diagnosis, now.k, made, width);
    });
  const chart = (root: HTMLElement, make: typeof scoreChart) =>
    fluid(root, width => {
      const now = shown();
      const made = now && make(now.diagnosis);
      if (now === undefined || made === undefined) return undefined;
      const focused = root.contains(document.activeElement);
      const svg = scatter(made, now.k, width, choose);
      if (focused) queueMicrotask(() => svg.focus());
      return svg;
    });
  const redraw = [
    picture(pack, sharePicture),
    picture(t2, (diagnosis, k) => contributionPicture(diagnosis, k, 't2')),
    picture(q, (diagnosis, k) => contributionPicture(diagnosis, k, 'q')),
    chart(scores, scoreChart),
    chart(control, controlChart),
  ];
  const raster = new ColourRaster();
  const drawSample = oncePerFrame(() => {
    const now = shown();
    const own = (currentDocument(page.get())?.layers.length ?? 0) > 0;
    const map = now && !own ? documentOf(page.get(), now.diagnosis.samples[now.k]) : undefined;
    parts.map.hidden = map === undefined;
    if (map === undefined) return;
    drawSmall(canvas, raster, map, page);
    const layer = firstLayer(map);
    parts.map.firstElementChild!.textContent = `${map.name}: ${layer.name}`;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `Map of ${layer.name} of ${map.name}`);
  });
  new ResizeObserver(drawSample).observe(canvas);
  page.watch(['documents', 'current', 'frame', 'theme'], () => {
    const now = shown();
    root.hidden = now === undefined;
    if (now === undefined) return;
    const { diagnosis, k } = now;
    parts.pack.hidden = diagnosis.cells.length === 0;
    for (const key of ['t2', 'q'] as const) {
      const made = diagnosis.cells.length === 0 ? undefined : contributionPicture(diagnosis, k, key);
      parts[key].hidden = made === undefined;
      parts[key].firstElementChild!.textContent = made?.title ?? '';
    }
    parts.scores.hidden = scoreChart(now.diagnosis) === undefined;
    parts.control.hidden = controlChart(now.diagnosis) === undefined;
    legend.hidden = parts.scores.hidden && parts.control.hidden;
    parts.scores.firstElementChild!.textContent = scoreTitle(now.diagnosis);
    for (const again of redraw) again();
    drawSample();
  });
  return root;
}

/** All scans as a table, below the maps. */
export function diagnosisTable(page: PageStore): HTMLElement {
  const root = element('div', { class: 'scans' });
  page.watch(['documents', 'current', 'frame'], () => {
    const now = chosenOf(page);
    root.hidden = now === undefined;
    if (now !== undefined) root.replaceChildren(sampleTable(now.diagnosis, now.k, k => page.set({ frame: k })));
  });
  return root;
}

/** The diagnosis on screen with the number of the chosen scan. */
function chosenOf(page: PageStore): { readonly diagnosis: Diagnosis; readonly k: number } | undefined {
  const state = page.get();
  const diagnosis = currentDocument(state)?.diagnosis;
  return diagnosis === undefined ? undefined : { diagnosis, k: Math.min(state.frame, diagnosis.samples.length - 1) };
}

function firstLayer({ layers, shown }: ViewerDocument) {
  return layers.find(layer => layer.id === shown[0]) ?? layers[0];
}

/** The first map of a document, small. */
function drawSmall(canvas: HTMLCanvasElement, raster: ColourRaster, map: ViewerDocument, page: PageStore): void {
  const { width, height } = canvas.getBoundingClientRect();
  if (width === 0) return;
  const scale = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  const [layer, plot] = [firstLayer(map), plotOf(width, height)];
  const state = { ...page.get(), overlay: undefined, limits: {}, frame: map.frames?.first ?? 0 };
  drawMap(context, raster, layer, map, state, fitView(extentOf(layer.shape), plot), plot, readInk());
}
