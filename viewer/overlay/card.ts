import { formatNumber } from '../../src/figures/format.js';
import { liveliestFrame, type PictureFile } from '../../src/formats/pictureFile.js';
import { inversePlaneMap, toPlaneX, toPlaneY } from '../../src/registration/index.js';
import { button, element, select, slider } from '../controls/dom.js';
import {
  laidByInformation,
  laidByOutline,
  newOverlay,
  type Overlay,
  turned,
  withFrame,
  withPairs,
} from '../state/overlay.js';
import { currentDocument, type PageStore, tell } from '../state/page.js';
import { correlationTable } from './correlationTable.js';
import { cellBox, mapUnder } from './parts.js';
import { pictureView } from './pictureView.js';
import type { RegistrationAnswer, RegistrationRequest } from './worker.js';

/** Lays a picture over the maps of the document on screen. */
export function showOverlay(page: PageStore, name: string, file: PictureFile): void {
  const box = cellBox(page.get());
  if (box === undefined) {
    tell(page, `${name} is a picture: open a scan or result of the same cell first, then the picture is laid over it.`);
    return;
  }
  page.set({ overlay: newOverlay(name, file, liveliestFrame(file.frames), box) });
}

/** The card of the picture: how it is laid, how opaque it is, and how alike it is to the map. */
export function overlayCard(page: PageStore, choose: () => void, makeWorker: () => Worker): HTMLElement {
  const open = button('Lay a picture over …', 'PNG, TIFF, or a matrix as CSV, NPY or MAT', choose);
  const title = element('p', { class: 'picture-name' });
  const note = element('p', { class: 'note', role: 'status' });
  const hint = element('p', { class: 'hint' });
  const here = element('output', { class: 'here' });
  const opacity = slider('Opacity', 0, 1, 0.01);
  const frame = slider('Frame', 0, 0, 1);
  const change = (next: (overlay: Overlay) => Overlay) => {
    const { overlay } = page.get();
    if (overlay !== undefined) page.set({ overlay: next(overlay) });
  };
  const inBox = (next: (overlay: Overlay, box: NonNullable<ReturnType<typeof cellBox>>) => Overlay) => {
    const box = cellBox(page.get());
    if (box !== undefined) change(overlay => next(overlay, box));
  };
  opacity.input.addEventListener('input', () => change(o => ({ ...o, opacity: Number(opacity.input.value) })));
  frame.input.addEventListener('input', () => change(o => withFrame(o, Number(frame.input.value))));
  const colours = select(
    'Colours of the picture',
    ['grey', 'inferno', 'cividis'].map(value => ({ value, text: value })),
    'grey',
    value => change(o => ({ ...o, colours: value as Overlay['colours'] })),
  );
  const fit = select(
    'Fit of the points',
    [
      { value: 'similarity', text: 'turn, scale, shift' },
      { value: 'affine', text: 'affine' },
    ],
    'similarity',
    value => change(o => withPairs(o, o.pairs, value as Overlay['fit'])),
  );
  const outline = button('Outline', 'Lays the cell in the picture over the outline', () => inBox(laidByOutline));
  const information = button('Mutual information', 'Moves, turns and scales it to where it tells most of the map', () =>
    begin(),
  );
  const undo = button('Remove last point', 'Takes the last pair of points away', () =>
    change(o => withPairs(o, o.pairs.slice(0, -1), o.fit)),
  );
  const controls = element('div', { class: 'controls' }, [
    title,
    opacity.root,
    frame.root,
    element('div', { class: 'buttons' }, [
      button('Turn', 'Turns it by a quarter, clockwise', () =>
        inBox((o, box) => turned(o, o.quarterTurns + 1, o.mirrored, box)),
      ),
      button('Mirror', 'As seen from the other side', () =>
        inBox((o, box) => turned(o, o.quarterTurns, !o.mirrored, box)),
      ),
      colours,
    ]),
    element('div', { class: 'buttons', role: 'group', 'aria-label': 'Lay it by' }, [
      element('span', {}, ['Lay by']),
      outline,
      information,
    ]),
    pictureView(page),
    hint,
    element('div', { class: 'buttons' }, [fit, undo]),
    note,
    here,
    correlationTable(page),
    button('Remove the picture', 'Takes the picture away', () => page.set({ overlay: undefined })),
  ]);
  const root = element('section', { class: 'card overlay', 'aria-label': 'Picture over the maps' }, [
    element('h2', {}, ['Picture over the maps']),
    open,
    controls,
  ]);

  let worker: Worker | undefined;
  const end = () => {
    worker?.terminate();
    worker = undefined;
    information.textContent = 'Mutual information';
    information.removeAttribute('disabled');
  };
  function begin(): void {
    const map = mapUnder(page.get());
    const { overlay } = page.get();
    if (overlay === undefined) return;
    if (map === undefined) {
      tell(page, 'Mutual information needs a map on a grid, not scattered samples.');
      return;
    }
    end();
    information.textContent = 'Searching …';
    information.setAttribute('disabled', '');
    worker = makeWorker();
    worker.onmessage = ({ data }: MessageEvent<RegistrationAnswer>) => {
      end();
      if ('error' in data) tell(page, `Mutual information: ${data.error}`);
      // A picture that was turned meanwhile is another one.
      else change(o => (o.picture === overlay.picture ? laidByInformation(o, data.fit) : o));
    };
    worker.onerror = event => {
      end();
      tell(page, `Mutual information: ${event.message}`);
    };
    const request: RegistrationRequest = {
      grid: map.grid,
      values: map.values,
      picture: overlay.picture,
      start: overlay.map,
    };
    worker.postMessage(request);
  }

  page.watch(['overlay', 'documents', 'current'], state => {
    const { overlay } = state;
    root.hidden = (currentDocument(state)?.layers.length ?? 0) === 0;
    controls.hidden = overlay === undefined;
    open.hidden = overlay !== undefined;
    if (overlay === undefined) {
      end();
      return;
    }
    const { file, picture, pairs, waiting } = overlay;
    title.textContent = `${overlay.name}, ${picture.width} × ${picture.height}`;
    title.title = file.note;
    opacity.input.value = String(overlay.opacity);
    opacity.output.textContent = `${Math.round(100 * overlay.opacity)} %`;
    frame.root.hidden = file.frames.length === 1;
    frame.input.max = String(file.frames.length - 1);
    frame.input.value = String(overlay.frame);
    frame.output.textContent = `${overlay.frame + 1} of ${file.frames.length}`;
    colours.value = overlay.colours;
    fit.value = overlay.fit;
    for (const [made, by] of [
      [outline, 'outline'],
      [information, 'information'],
    ] as const)
      made.setAttribute('aria-pressed', String(overlay.by === by));
    undo.hidden = pairs.length === 0;
    note.textContent = [overlay.note, file.note].filter(text => text !== '').join(' ');
    const least = overlay.fit === 'affine' ? 3 : 2;
    hint.textContent =
      waiting !== undefined
        ? `Now click point ${pairs.length + 1} on a map.`
        : pairs.length < least
          ? `Or by points: click point ${pairs.length + 1} in the picture, then the same one on a map (${least} at least).`
          : `${pairs.length} points. Click a further one in the picture for a better fit.`;
  });
  page.watch(['cursor', 'overlay'], ({ cursor, overlay }) => {
    here.textContent = '';
    if (cursor === undefined || overlay === undefined) return;
    const { picture, map } = overlay;
    const back = inversePlaneMap(map);
    const [u, v] = [toPlaneX(back, cursor.x, cursor.y), toPlaneY(back, cursor.x, cursor.y)].map(Math.round);
    const inside = u >= 0 && v >= 0 && u < picture.width && v < picture.height;
    const value = inside ? picture.values[v * picture.width + u] : Number.NaN;
    here.textContent = Number.isNaN(value) ? '' : `The picture under the cursor: ${formatNumber(value, 4)}`;
  });
  return root;
}
