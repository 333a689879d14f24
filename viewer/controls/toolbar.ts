import { COLOUR_MAPS, type ColourMapName } from '../../src/figures/colour.js';
import { currentDocument, type Direction, type PageStore, showCount, shownLayers, type Tool } from '../state/page.js';
import { button, element, select } from './dom.js';

const TOOLS: readonly (readonly [Tool, string, string])[] = [
  ['move', 'Move', 'Drag to move the map; wheel or pinch to zoom; double click shows all'],
  ['line', 'Line', 'Drag a line: profile and current through it (Shift and drag with any tool)'],
  ['region', 'Region', 'Drag a rectangle: its statistics (Alt and drag with any tool)'],
];

/** What the maps show and what a drag does. */
export function toolbar(page: PageStore, extra: readonly HTMLElement[]): HTMLElement {
  const root = element('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Maps' });
  let drawn = '';
  page.watch(
    ['tool', 'count', 'direction', 'colours', 'samples', 'outline', 'current', 'documents', 'panels'],
    state => {
      const document = currentDocument(state);
      const focused = root.contains(window.document.activeElement)
        ? (window.document.activeElement as HTMLElement).dataset.key
        : undefined;
      root.hidden = document === undefined || document.layers.length === 0;
      if (document === undefined) return;
      const shown = shownLayers(state);
      const wanted = JSON.stringify([
        ...[state.tool, state.panels.length, state.direction, state.colours, state.samples, state.outline],
        ...[document.id, document.layers.length, document.samples !== undefined, document.cells.length],
        shown.map(({ kind, vectors, cells }) => [kind, vectors !== undefined, vectors?.smooth, cells !== undefined]),
      ]);
      // Only for new values the buttons stay: a click in progress would be lost.
      if (wanted === drawn) return;
      drawn = wanted;
      const tools = TOOLS.map(([tool, text, title]) =>
        button(text, title, () => page.set({ tool }), {
          'aria-pressed': String(state.tool === tool),
          'data-key': `tool-${tool}`,
        }),
      );
      const counts = ([1, 2, 4] as const)
        .filter(count => count === 1 || document.layers.length > count / 2)
        .map(count =>
          button(String(count), count === 1 ? 'One map' : `${count} maps, linked`, () => showCount(page, count), {
            'aria-pressed': String(state.panels.length === count),
            'data-key': `count-${count}`,
          }),
        );
      const hasCurrent = shown.some(layer => layer.vectors !== undefined);
      const hasLines = shown.some(layer => layer.vectors?.smooth);
      const group = (label: string, children: readonly HTMLElement[]) =>
        element('div', { class: 'group', role: 'group', 'aria-label': label }, children);
      const kinds = new Set(shown.map(layer => layer.kind));
      root.replaceChildren(
        group('Dragging', tools),
        group('Number of maps', counts),
        group('Zoom', [
          button('Show all', 'All of the map (double click, or 0)', () => page.set({ viewport: undefined }), {
            'data-key': 'fit',
          }),
        ]),
        ...(hasCurrent
          ? [
              keyed(
                select(
                  'Direction of the current',
                  [
                    { value: 'arrows', text: 'Arrows' },
                    ...(hasLines ? [{ value: 'streamlines', text: 'Streamlines' }] : []),
                    { value: 'none', text: 'No direction' },
                  ],
                  hasLines || state.direction !== 'streamlines' ? state.direction : 'arrows',
                  value => page.set({ direction: value as Direction }),
                ),
                'direction',
              ),
            ]
          : []),
        ...(kinds.has('magnitude')
          ? [
              keyed(
                select(
                  'Colours',
                  [
                    { value: '', text: 'Colours: each its own' },
                    ...Object.keys(COLOUR_MAPS)
                      .filter(name => name !== 'diverging')
                      .map(name => ({ value: name, text: name })),
                  ],
                  state.colours.magnitude ?? '',
                  value =>
                    page.set({
                      colours: {
                        ...state.colours,
                        magnitude: value === '' ? undefined : (value as ColourMapName),
                      },
                    }),
                ),
                'colours',
              ),
            ]
          : []),
        group('Over the map', [
          ...(document.samples === undefined
            ? []
            : [
                button('Samples', 'Where the readings were taken', () => page.set({ samples: !state.samples }), {
                  'aria-pressed': String(state.samples),
                  'data-key': 'samples',
                }),
              ]),
          ...(document.cells.length === 0 && !shown.some(layer => layer.cells !== undefined)
            ? []
            : [
                button('Outline', 'Outline and tabs', () => page.set({ outline: !state.outline }), {
                  'aria-pressed': String(state.outline),
                  'data-key': 'outline',
                }),
              ]),
        ]),
        ...extra,
      );
      if (focused !== undefined) root.querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus();
    },
  );
  return root;
}

function keyed<T extends HTMLElement>(made: T, key: string): T {
  made.dataset.key = key;
  return made;
}
