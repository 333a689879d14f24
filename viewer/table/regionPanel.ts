import { displayUnit, formatNumber, joinUnit } from '../../src/figures/format.js';
import { element, oncePerFrame } from '../controls/dom.js';
import { regionFigures } from '../measure/region.js';
import type { Layer } from '../state/document.js';
import { type PageStore, type Segment, shownLayers } from '../state/page.js';

/** The dragged rectangle: figures of every map on screen within it. */
export function regionPanel(page: PageStore): HTMLElement {
  const content = element('div');
  const root = element('section', { class: 'card region', 'aria-label': 'Region' }, [
    element('h2', {}, ['Region']),
    content,
  ]);
  const draw = oncePerFrame(() => {
    const state = page.get();
    root.hidden = state.region === undefined;
    if (state.region === undefined) return;
    const { from, to } = state.region;
    const size = [to.x - from.x, to.y - from.y].map(v => formatNumber(Math.abs(Number((1e3 * v).toFixed(1))), 4));
    content.replaceChildren(
      element('p', {}, [`${size[0]} × ${size[1]} mm`]),
      ...[...new Set(shownLayers(state))].map(layer => tableOf(layer, state.frame, state.region!)),
    );
  });
  page.watch(['region', 'panels', 'current', 'documents', 'frame', 'live'], draw);
  return root;
}

function tableOf(layer: Layer, frame: number, region: Segment): HTMLElement {
  const figures = regionFigures(layer, frame, region);
  const table = element('table', { class: 'readout' }, [element('caption', {}, [`${layer.name}, ${layer.group}`])]);
  if (figures === undefined) return element('p', {}, [`${layer.name}: no value here.`]);
  const shown = displayUnit(layer.unit, Math.max(Math.abs(figures.min), Math.abs(figures.max)));
  const quantity = (value: number) => joinUnit(formatNumber(value * shown.factor, 4), shown.unit);
  const rows: [string, string][] = [
    ['Mean', quantity(figures.mean)],
    ['Standard deviation', quantity(figures.deviation)],
    ['Median', quantity(figures.median)],
    ['Smallest', quantity(figures.min)],
    ['Largest', quantity(figures.max)],
    ...(figures.error === undefined ? [] : [['Error of one value', quantity(figures.error)] as [string, string]]),
    ['Values', String(figures.count)],
  ];
  table.append(
    element(
      'tbody',
      {},
      rows.map(([label, value]) =>
        element('tr', {}, [element('th', { scope: 'row' }, [label]), element('td', {}, [value])]),
      ),
    ),
  );
  return table;
}
