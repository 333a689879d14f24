import { displayUnit, formatNumber, formatQuantity, formatWithError, joinUnit } from '../../src/figures/format.js';
import { element, oncePerFrame } from '../controls/dom.js';
import { currentThrough, profileAlong } from '../measure/profile.js';
import type { Layer, Vectors } from '../state/document.js';
import { currentDocument, type PageStore, type Segment, shownLayers } from '../state/page.js';
import { CURVES, lineChart } from './chart.js';

/** The dragged line: what current flows through it, and every map on screen along it. */
export function linePanel(page: PageStore): HTMLElement {
  const text = element('div', { class: 'line-current' });
  const charts = element('div', { class: 'charts' });
  const root = element('section', { class: 'card line', 'aria-label': 'Line' }, [
    element('h2', {}, ['Line A – B']),
    text,
    charts,
  ]);
  let open: { close(): void }[] = [];
  const draw = oncePerFrame(() => {
    const state = page.get();
    const { line, frame } = state;
    const document = currentDocument(state);
    root.hidden = line === undefined || document === undefined;
    for (const chart of open) chart.close();
    open = [];
    charts.replaceChildren();
    if (line === undefined || document === undefined) return;
    const length = Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y);
    const currents = currentsOf(shownLayers(state), document.currents);
    text.replaceChildren(
      element('p', {}, [
        `${mm(line.from.x)}, ${mm(line.from.y)} to ${mm(line.to.x)}, ${mm(line.to.y)} mm; ${mm(length)} mm long.`,
      ]),
      ...currents.map(vectors => currentLine(vectors, line, document.totalCurrent)),
    );
    const seen = new Set<string>();
    shownLayers(state).forEach((layer, k) => {
      if (seen.has(layer.id)) return;
      seen.add(layer.id);
      open.push(chartOf(charts, page, layer, frame, line, CURVES[k % CURVES.length]));
    });
  });
  page.watch(['line', 'panels', 'current', 'documents', 'frame', 'theme', 'live'], draw);
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  return root;
}

/** The current of the maps on screen, else the document's; each once. */
function currentsOf(layers: readonly Layer[], own: readonly Vectors[]): Vectors[] {
  const shown = layers.flatMap(layer => layer.vectors ?? []);
  return [...new Map([...own, ...shown].map(vectors => [vectors.name, vectors])).values()];
}

function currentLine(vectors: Vectors, line: Segment, total: number | undefined): HTMLElement {
  const { current, error, covered } = currentThrough(vectors, line);
  const unit = vectors.relative ? '' : 'A';
  const shown = displayUnit(unit, Math.max(Math.abs(current), error ?? 0));
  const number =
    error === undefined
      ? formatNumber(current * shown.factor, 4)
      : formatWithError(current * shown.factor, error * shown.factor);
  const part =
    total === undefined || total === 0 || vectors.relative || Math.abs(current) < (error ?? 0)
      ? ''
      : ` (${formatNumber((100 * current) / total)} % of ${formatQuantity(total, 'A')})`;
  return element('p', {}, [
    `Through it, from its left to its right, ${vectors.name}: `,
    element('strong', { class: 'through' }, [joinUnit(number, shown.unit)]),
    `${part}.`,
    covered < 0.995 ? ` The map covers ${Math.round(100 * covered)} % of the line.` : '',
  ]);
}

function chartOf(parent: HTMLElement, page: PageStore, layer: Layer, frame: number, line: Segment, colour: string) {
  const { distance, values, errors } = profileAlong(layer, frame, line);
  const most = values.reduce((max, v) => (Math.abs(v) > max ? Math.abs(v) : max), 0);
  const shown = displayUnit(layer.unit, most);
  const length = distance[distance.length - 1];
  const box = element('div', { class: 'chart', role: 'img', 'aria-label': `${layer.name} along the line` });
  parent.append(box);
  return lineChart(
    box,
    distance.map(d => 1e3 * d),
    [
      {
        name: layer.name,
        values: values.map(v => v * shown.factor),
        ...(errors === undefined ? {} : { errors: errors.map(v => v * shown.factor) }),
        colour,
      },
    ],
    {
      xLabel: 'from A, mm',
      yLabel: shown.unit === '' ? layer.name : `${layer.name}, ${shown.unit}`,
      height: 168,
      onCursor: at => {
        if (at === undefined || length === 0) return;
        const t = (1e-3 * at) / length;
        page.set({
          cursor: { x: line.from.x + t * (line.to.x - line.from.x), y: line.from.y + t * (line.to.y - line.from.y) },
        });
      },
    },
  );
}

function mm(metres: number): string {
  return formatNumber(Number((1e3 * metres).toFixed(1)), 5);
}
