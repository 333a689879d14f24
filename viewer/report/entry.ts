import 'uplot/dist/uPlot.min.css';
import '../style.css';
import './report.css';
import { diagnosisArea, diagnosisTable } from '../cohort/area.js';
import { sampleCard } from '../cohort/sampleCard.js';
import { layout } from '../controls/layout.js';
import { downloadMenu } from '../download/menu.js';
import { fromBase64 } from '../files/base64.js';
import { livePanel } from '../live/panel.js';
import LiveWorker from '../live/worker.ts?worker&inline';
import { createPage, showDocument } from '../state/page.js';
import { reportDocuments } from './content.js';

/** The interactive part of a report: the same maps as the served page, from the data that the file carries. */

const place = document.getElementById('savart-maps');
const data = document.getElementById('savart-data')?.textContent;
if (place !== null && data) {
  const page = createPage(window.innerWidth >= 900 ? 2 : 1);
  place.append(
    ...layout(page, {
      bare: true,
      tools: [downloadMenu(page)],
      stage: [diagnosisArea(page)],
      below: [diagnosisTable(page)],
      cards: [sampleCard(page, false), livePanel(page, () => new LiveWorker())],
    }),
  );
  const documents = reportDocuments(fromBase64(data));
  page.set({ documents });
  showDocument(page, documents[0].id);
  // What is printed, and shown where this script does not run, makes room.
  document.documentElement.classList.add('has-maps');
}
