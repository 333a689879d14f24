import { waysBack } from '../compare/picker.js';
import { linePanel } from '../profile/linePanel.js';
import { currentDocument, type PageStore, showDocument, type Theme } from '../state/page.js';
import { cursorPanel } from '../table/cursorPanel.js';
import { factsPanel } from '../table/factsPanel.js';
import { regionPanel } from '../table/regionPanel.js';
import { button, element } from './dom.js';
import { frameSlider } from './frameSlider.js';
import { mapArea } from './mapArea.js';
import { toolbar } from './toolbar.js';

/** What a page may add to the common parts. */
export interface LayoutParts {
  /** Beside the names of the documents. */
  readonly header?: readonly HTMLElement[];
  /** Below the headline. */
  readonly banner?: readonly HTMLElement[];
  /** Above the maps, in place of them where a document has none. */
  readonly stage?: readonly HTMLElement[];
  /** Below the maps. */
  readonly below?: readonly HTMLElement[];
  /** In the toolbar. */
  readonly tools?: readonly HTMLElement[];
  /** Cards of the side column, above the figures. */
  readonly cards?: readonly HTMLElement[];
  /** Without names of files and title: inside a report, which has its own. */
  readonly bare?: boolean;
}

/** The page: title and headline, messages, tools, maps, and beside them what they say in numbers. */
export function layout(page: PageStore, parts: LayoutParts = {}): HTMLElement[] {
  const top = parts.bare
    ? []
    : [
        element('header', { class: 'top' }, [
          brand(),
          documentTabs(page, 1),
          ...(parts.header ?? []),
          themeButton(page),
        ]),
      ];
  const main = element(parts.bare ? 'div' : 'main', { class: 'viewer' }, [
    messages(page),
    ...(parts.bare ? [documentTabs(page, 2)] : [headline(page)]),
    ...(parts.banner ?? []),
    toolbar(page, parts.tools ?? []),
    element('div', { class: 'work' }, [
      element('div', { class: 'stage' }, [
        ...(parts.stage ?? []),
        mapArea(page),
        frameSlider(page),
        ...(parts.below ?? []),
      ]),
      element('aside', { class: 'side', 'aria-label': 'Figures' }, [
        cursorPanel(page),
        linePanel(page),
        regionPanel(page),
        ...(parts.cards ?? []),
        ...(parts.bare ? [] : [factsPanel(page)]),
      ]),
    ]),
  ]);
  page.watch(['theme'], ({ theme }) => {
    document.documentElement.dataset.theme = theme;
  });
  return [...top, main];
}

function brand(): HTMLElement {
  return element('span', { class: 'brand' }, ['Savart']);
}

/** @param least so many documents are told apart */
function documentTabs(page: PageStore, least: number): HTMLElement {
  const root = element('nav', { class: 'documents', 'aria-label': 'Files' });
  let drawn = '';
  page.watch(['documents', 'current'], ({ documents, current }) => {
    // A document that only has new values keeps its button: a click in progress would be lost.
    const wanted = JSON.stringify([current, documents.map(({ id, name }) => [id, name])]);
    if (wanted === drawn) return;
    drawn = wanted;
    root.hidden = documents.length < least;
    root.replaceChildren(
      ...documents.map(({ id, name }) =>
        button(name, name, () => showDocument(page, id), id === current ? { 'aria-current': 'page' } : {}),
      ),
    );
  });
  return root;
}

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'dark', dark: 'light', light: 'auto' };
const THEME_NAME: Readonly<Record<Theme, string>> = { auto: 'Auto', dark: 'Dark', light: 'Light' };

function themeButton(page: PageStore): HTMLElement {
  const made = button('', 'Dark or light', () => page.set({ theme: NEXT[page.get().theme] }), { class: 'theme' });
  page.watch(['theme'], ({ theme }) => {
    made.textContent = `◐ ${THEME_NAME[theme]}`;
  });
  return made;
}

function headline(page: PageStore): HTMLElement {
  const root = element('section', { class: 'headline', 'aria-label': 'What it shows' });
  page.watch(['current', 'documents'], state => {
    const shown = currentDocument(state);
    root.hidden = shown === undefined;
    if (shown === undefined) return;
    document.title = `${shown.name} – Savart`;
    root.replaceChildren(
      element('h1', {}, [shown.headline]),
      ...shown.notes.map(({ text, warning }) => element('p', { class: warning ? 'warning' : 'note' }, [text])),
      ...waysBack(page, shown),
    );
  });
  return root;
}

function messages(page: PageStore): HTMLElement {
  const root = element('div', { class: 'messages', role: 'alert' });
  page.watch(['messages', 'busy'], ({ messages: all, busy }) => {
    root.replaceChildren(
      ...(busy === undefined ? [] : [element('p', { class: 'busy' }, [busy])]),
      ...all.map(({ id, text }) =>
        element('p', { class: 'message' }, [
          text,
          button('Close', 'Closes this message', () =>
            page.set({ messages: page.get().messages.filter(message => message.id !== id) }),
          ),
        ]),
      ),
    );
  });
  return root;
}
