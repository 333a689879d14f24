import { type MapPanel, mapPanel } from '../map/panel.js';
import type { PageStore } from '../state/page.js';
import { element } from './dom.js';

/** As many maps side by side as the page asks for. */
export function mapArea(page: PageStore): HTMLElement {
  const root = element('div', { class: 'maps' });
  let panels: MapPanel[] = [];
  page.watch(['panels'], ({ panels: ids }) => {
    while (panels.length > ids.length) {
      const last = panels.pop()!;
      last.close();
      last.root.remove();
    }
    while (panels.length < ids.length) {
      const panel = mapPanel(page, panels.length);
      panels = [...panels, panel];
      root.append(panel.root);
    }
    root.dataset.count = String(ids.length);
  });
  return root;
}
