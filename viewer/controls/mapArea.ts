import { type MapPanel, mapPanel } from '../map/panel.js';
import { joinExtents } from '../map/viewport.js';
import { extentOf } from '../state/document.js';
import { type PageStore, shownLayers } from '../state/page.js';
import { element } from './dom.js';

/** Maps wider than this part of their height stand one below the other; three that are narrower, side by side. */
const WIDE = 1.35;
const SLIM = 0.85;

/** As many maps as the page asks for: side by side, or one below the other where they are wide. */
export function mapArea(page: PageStore): HTMLElement {
  const root = element('div', { class: 'maps' });
  let panels: MapPanel[] = [];
  page.watch(['panels', 'documents', 'current'], state => {
    const { length } = state.panels;
    while (panels.length > length) {
      const last = panels.pop()!;
      last.close();
      last.root.remove();
    }
    while (panels.length < length) {
      const panel = mapPanel(page, panels.length);
      panels = [...panels, panel];
      root.append(panel.root);
    }
    root.dataset.count = String(length);
    const layers = shownLayers(state);
    if (layers.length === 0) return;
    const { xMin, xMax, yMin, yMax } = joinExtents(layers.map(layer => extentOf(layer.shape)));
    const aspect = (xMax - xMin) / (yMax - yMin);
    root.dataset.shape = aspect > WIDE ? 'wide' : aspect < SLIM ? 'slim' : 'square';
  });
  return root;
}
