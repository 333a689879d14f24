import { button, element } from '../controls/dom.js';
import { currentDocument, type PageStore, shownLayers, tell } from '../state/page.js';
import { screenPng } from './png.js';
import { fileName, save } from './save.js';
import { layerCsv, layerNpy } from './table.js';

/** Saves a document as HDF5; only the served page has the library. */
export type SaveHdf5 = (id: string) => Promise<Uint8Array>;

/** What is on the screen as PNG, CSV and NPY; where it is possible, the file as HDF5. */
export function downloadMenu(page: PageStore, options: { readonly hdf5?: SaveHdf5 } = {}): HTMLElement {
  const list = element('div', { hidden: true, role: 'menu' });
  const toggle = button('Save …', 'Saves what is on the screen', () => {
    list.hidden = !list.hidden;
    toggle.setAttribute('aria-expanded', String(!list.hidden));
    if (!list.hidden) fill();
  });
  toggle.setAttribute('aria-expanded', 'false');
  const root = element('div', { class: 'menu' }, [toggle, list]);
  const entry = (text: string, work: () => void | Promise<void>) => {
    const made = button(text, text, async () => {
      list.hidden = true;
      toggle.setAttribute('aria-expanded', 'false');
      try {
        await work();
      } catch (error) {
        tell(page, `Not saved: ${error instanceof Error ? error.message : String(error)}.`);
      }
    });
    made.setAttribute('role', 'menuitem');
    return made;
  };
  const fill = () => {
    const state = page.get();
    const shown = currentDocument(state);
    if (shown === undefined) return;
    const layers = [...new Set(shownLayers(state))];
    list.replaceChildren(
      entry('Picture of the screen (PNG)', async () =>
        save(fileName(shown.name, 'screen', 'png'), await screenPng(page), 'image/png'),
      ),
      ...layers.flatMap(layer => [
        entry(`${layer.name} (CSV)`, () =>
          save(fileName(shown.name, layer.id, 'csv'), layerCsv(layer, state.frame), 'text/csv'),
        ),
        entry(`${layer.name} (NPY)`, () =>
          save(
            fileName(shown.name, layer.id, 'npy'),
            layerNpy(layer, state.frame) as Uint8Array<ArrayBuffer>,
            'application/octet-stream',
          ),
        ),
      ]),
      ...(options.hdf5 === undefined
        ? []
        : [
            entry('The file as HDF5', async () =>
              save(
                fileName(shown.name, shown.kind, 'h5'),
                (await options.hdf5!(shown.id)) as Uint8Array<ArrayBuffer>,
                'application/x-hdf5',
              ),
            ),
          ]),
    );
  };
  window.document.addEventListener('pointerdown', event => {
    if (!root.contains(event.target as Node)) list.hidden = true;
  });
  window.document.addEventListener('keydown', event => {
    if (event.key === 'Escape') list.hidden = true;
  });
  return root;
}
