import { formatNumber } from '../../src/figures/format.js';
import { element } from '../controls/dom.js';
import { probe, probedText } from '../measure/probe.js';
import { layersOf, type PageStore } from '../state/page.js';

/** Every map's value under the cursor, those on screen first. */
export function cursorPanel(page: PageStore): HTMLElement {
  const place = element('p', { class: 'place' });
  const body = element('tbody');
  const live = element('p', { class: 'unseen', 'aria-live': 'polite' });
  const root = element('section', { class: 'card cursor', 'aria-label': 'Under the cursor' }, [
    element('h2', {}, ['Under the cursor']),
    place,
    element('table', { class: 'readout' }, [body]),
    live,
  ]);
  let speaking: ReturnType<typeof setTimeout> | undefined;
  page.watch(['cursor', 'frame', 'panels', 'current', 'documents', 'live'], state => {
    const { cursor, frame, panels } = state;
    root.hidden = layersOf(state).length === 0;
    if (cursor === undefined) {
      place.textContent = 'Point at a map.';
      body.replaceChildren();
      return;
    }
    const mm = (v: number) => formatNumber(Number((1e3 * v).toFixed(2)), 6);
    place.textContent = `x = ${mm(cursor.x)} mm, y = ${mm(cursor.y)} mm`;
    const layers = layersOf(state);
    const first = layers.filter(layer => panels.includes(layer.id));
    const rows = [...first, ...layers.filter(layer => !panels.includes(layer.id))].flatMap(layer => {
      const found = probe(layer, frame, cursor);
      if (found === undefined || Number.isNaN(found.value)) return [];
      const row = element('tr', panels.includes(layer.id) ? { class: 'shown' } : {}, [
        element('th', { scope: 'row', title: layer.group }, [layer.name]),
        element('td', {}, [probedText(found, layer.unit)]),
      ]);
      return [row];
    });
    body.replaceChildren(...rows);
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      live.textContent = `${place.textContent}: ${first.map(l => `${l.name} ${probedText(probe(l, frame, cursor), l.unit)}`).join('; ')}`;
    }, 400);
  });
  return root;
}
