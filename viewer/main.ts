import './fonts.css';
import 'uplot/dist/uPlot.min.css';
import './style.css';
import './scan/scan.css';
import { diagnosisArea, diagnosisTable } from './cohort/area.js';
import { sampleCard } from './cohort/sampleCard.js';
import { compareBoth, comparePicker } from './compare/picker.js';
import { button, element } from './controls/dom.js';
import { layout } from './controls/layout.js';
import { downloadMenu } from './download/menu.js';
import { acceptDrops } from './files/drop.js';
import { fileReader } from './files/reader.js';
import { connect } from './files/socket.js';
import { livePanel } from './live/panel.js';
import { overlayCard, showOverlay } from './overlay/card.js';
import { scanPanel } from './scan/panel.js';
import { SCAN, watchScan } from './scan/watch.js';
import { addDocument, createPage, currentDocument, tell } from './state/page.js';

/** The served page: files come over the socket, from the file chooser and by drag and drop. */

const page = createPage(window.innerWidth >= 1100 ? 2 : 1);
const reader = fileReader();

async function open(name: string, bytes: Uint8Array): Promise<void> {
  page.set({ busy: `Reading ${name} …` });
  try {
    const read = await reader.read(name, bytes);
    if ('picture' in read) showOverlay(page, name, read.picture);
    else if (!('layers' in read)) {
      const shown = currentDocument(page.get());
      if (shown === undefined) tell(page, `${name} is a cell: open its scan or result first.`);
      else addDocument(page, { ...shown, cells: read.cells });
    } else addDocument(page, read);
  } catch (error) {
    tell(page, error instanceof Error ? error.message : String(error));
  } finally {
    page.set({ busy: undefined });
  }
}

const chooser = element('input', { type: 'file', multiple: true, class: 'unseen', 'aria-label': 'Open files' });
chooser.addEventListener('change', async () => {
  for (const file of chooser.files ?? []) await open(file.name, new Uint8Array(await file.arrayBuffer()));
  chooser.value = '';
});

const empty = element('p', { class: 'empty' }, [
  'Drop a scan, a result, a stack or a diagnosis here, or open one. Nothing leaves this computer.',
]);
page.watch(['documents'], ({ documents }) => {
  empty.hidden = documents.length > 0;
});

const scan = scanPanel(order => steer(order));
const watch = watchScan(page);

document.body.append(
  ...layout(page, {
    header: [button('Open …', 'Opens further files', () => chooser.click(), { class: 'open' }), chooser],
    tools: [comparePicker(page), downloadMenu(page, { hdf5: id => reader.hdf5(id) })],
    banner: [scan.bar],
    stage: [diagnosisArea(page)],
    below: [diagnosisTable(page)],
    cards: [
      scan.log,
      sampleCard(page, true),
      livePanel(page, () => new Worker(new URL('./live/worker.ts', import.meta.url), { type: 'module' })),
      overlayCard(
        page,
        () => chooser.click(),
        () => new Worker(new URL('./overlay/worker.ts', import.meta.url), { type: 'module' }),
      ),
    ],
  }),
  empty,
);
acceptDrops(document.body, open);
const steer = connect(page, {
  expect: name => reader.expect(name),
  async file(name, bytes) {
    await open(name, bytes);
    // The finished scan takes the place of the one that was going on.
    const { documents, current } = page.get();
    if (current !== SCAN) page.set({ documents: documents.filter(({ id }) => id !== SCAN) });
  },
  opened() {
    compareBoth(page);
  },
  scan(news) {
    watch(news);
    scan.show(news);
  },
  closed: () => scan.gone(),
});
