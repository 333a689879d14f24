import { element, select } from '../controls/dom.js';
import { addDocument, currentDocument, type PageStore } from '../state/page.js';
import { comparable, compareDocuments } from './compareDocument.js';

/** The list of open files with which the one on screen can be compared. */
export function comparePicker(page: PageStore): HTMLElement {
  const root = element('span', { class: 'compare' });
  page.watch(['documents', 'current'], state => {
    const shown = currentDocument(state);
    const others = state.documents.filter(other => shown !== undefined && comparable(shown, other));
    root.hidden = others.length === 0;
    root.replaceChildren(
      select(
        'Compare with',
        [{ value: '', text: 'Compare with …' }, ...others.map(({ id, name }) => ({ value: id, text: name }))],
        '',
        id => {
          const [a, b] = [currentDocument(page.get()), others.find(other => other.id === id)];
          if (a === undefined || b === undefined) return;
          page.set({ swipe: 0.5 });
          addDocument(page, compareDocuments(a, b, [page.get().frame, b.frames?.first ?? 0]));
        },
      ),
    );
  });
  return root;
}
