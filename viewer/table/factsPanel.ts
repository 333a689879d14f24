import { formatQuantity, joinUnit } from '../../src/figures/format.js';
import { element } from '../controls/dom.js';
import type { ViewerDocument } from '../state/document.js';
import { currentDocument, type PageStore } from '../state/page.js';

/** The figures of the document as a table, and behind a fold how it came about. */
export function factsPanel(page: PageStore): HTMLElement {
  const root = element('section', { class: 'card facts', 'aria-label': 'In numbers' });
  page.watch(['current', 'documents'], state => {
    const document = currentDocument(state);
    if (document === undefined) return root.replaceChildren();
    root.replaceChildren(element('h2', {}, ['In numbers']), factsTable(document), ...recordOf(document));
  });
  return root;
}

function factsTable({ facts, name }: ViewerDocument): HTMLElement {
  return element('table', { class: 'readout' }, [
    element('caption', { class: 'unseen' }, [`Figures of ${name}`]),
    element(
      'tbody',
      {},
      facts.map(({ label, value, unit = '', note, digits }) => {
        const shown = typeof value === 'number' ? formatQuantity(value, unit, digits) : joinUnit(value, unit);
        return element('tr', note === undefined || note === '' ? {} : { title: note }, [
          element('th', { scope: 'row' }, [label]),
          element('td', {}, [shown]),
        ]);
      }),
    ),
  ]);
}

function recordOf({ record }: ViewerDocument): HTMLElement[] {
  if (record.length === 0) return [];
  return [
    element('details', {}, [
      element('summary', {}, ['How it came about']),
      element('table', { class: 'record' }, [
        element(
          'tbody',
          {},
          record.map(([name, value]) =>
            element('tr', {}, [element('th', { scope: 'row' }, [name]), element('td', {}, [value])]),
          ),
        ),
      ]),
    ]),
  ];
}
