import { button, element, select } from '../controls/dom.js';
import type { ViewerDocument } from '../state/document.js';
import { addDocument, currentDocument, type PageStore, showDocument } from '../state/page.js';
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
          if (a !== undefined && b !== undefined) compare(page, a, b, page.get().frame);
        },
      ),
    );
  });
  return root;
}

function compare(page: PageStore, a: ViewerDocument, b: ViewerDocument, frame: number): void {
  page.set({ swipe: 0.5 });
  addDocument(page, compareDocuments(a, b, [frame, b.frames?.first ?? 0]));
}

/** Whoever opens two results and nothing else wants to see how they differ. */
export function compareBoth(page: PageStore): void {
  const { documents } = page.get();
  const [a, b] = documents;
  const results = documents.every(({ kind }) => kind === 'result' || kind === 'susceptibility');
  if (documents.length === 2 && results && comparable(a, b)) compare(page, a, b, 0);
}

/** The ways back from a comparison: to each of the two, or to the first with the comparison closed. */
export function waysBack(page: PageStore, { id, compares }: ViewerDocument): HTMLElement[] {
  const { documents } = page.get();
  const both = (compares ?? []).flatMap(one => documents.find(document => document.id === one) ?? []);
  if (both.length === 0) return [];
  const close = () => {
    showDocument(page, both[0].id);
    page.set({ documents: page.get().documents.filter(document => document.id !== id) });
  };
  return [
    element('p', { class: 'ways-back' }, [
      ...both.map((document, k) =>
        button(`← ${'AB'[k]}: ${document.name}`, `Shows ${document.name} alone`, () => showDocument(page, document.id)),
      ),
      button('End the comparison', 'Closes the comparison; the files stay open', close),
    ]),
  ];
}
