import { formatNumber, formatWithError } from '../../src/figures/format.js';
import { button, element } from '../controls/dom.js';
import { type Diagnosis, departure, type Sample } from '../state/diagnosis.js';
import type { Spot, ViewerDocument } from '../state/document.js';
import { currentDocument, type PageState, type PageStore, showDocument } from '../state/page.js';

/** The open file that a scan came from, by its name. */
export function documentOf(state: PageState, { name }: Sample): ViewerDocument | undefined {
  return state.documents.find(
    document =>
      document.layers.length > 0 && (document.name === name || document.name.replace(/\.[^.]*$/, '') === name),
  );
}

/**
 * What was found of the chosen scan: statistics against their limits, where most of them comes from, and the currents of its
 * cells. @param further whether further files can be opened, such as the scan's own
 */
export function sampleCard(page: PageStore, further: boolean): HTMLElement {
  const root = element('section', { class: 'card sample', 'aria-label': 'The chosen scan', 'aria-live': 'polite' });
  page.watch(['current', 'documents', 'frame'], state => {
    const diagnosis = currentDocument(state)?.diagnosis;
    const sample = diagnosis?.samples[state.frame];
    root.hidden = diagnosis === undefined || sample === undefined;
    if (diagnosis === undefined || sample === undefined) return;
    const map = documentOf(state, sample);
    const advice = further && map === undefined ? adviceOf(currentDocument(state)!, state.frame) : undefined;
    root.replaceChildren(
      element('h2', {}, [sample.name]),
      element('p', { class: sample.flagged ? 'verdict flagged' : 'verdict' }, [verdictOf(diagnosis, sample)]),
      statistics(diagnosis, sample),
      ...(sample.cells.length > 0 ? [cellTable(diagnosis, sample)] : []),
      ...(advice === undefined ? [] : [element('p', { class: 'note' }, [advice])]),
      ...(map === undefined
        ? []
        : [button(`Go to ${map.name}`, 'Shows the maps of this scan', () => showDocument(page, map.id))]),
    );
  });
  return root;
}

/** How to see the maps that are not at hand. */
function adviceOf({ layers, diagnosis }: ViewerDocument, k: number): string | undefined {
  const { name, cells } = diagnosis!.samples[k];
  if (layers.length === 0) {
    return cells.length > 0
      ? `Open ${name} too to see its map here.`
      : `Open ${name} too to see its map here; what savart diagnose -o writes holds it with the contributions.`;
  }
  return layers[0].frames![k].values.every(Number.isNaN)
    ? `The file holds no maps of ${name}: open it too.`
    : undefined;
}

function verdictOf({ cells }: Diagnosis, sample: Sample): string {
  const out = sample.cells.flatMap((cell, k) => (cell.flagged ? [cells[k].name] : []));
  if (cells.length > 0) return out.length === 0 ? 'No cell is out of line.' : `Out of line: ${out.join(', ')}.`;
  const mm = (v: number) => formatNumber(1e3 * v, 4);
  const place =
    sample.where === undefined ? '' : ` Most at x = ${mm(sample.where[0])} mm, y = ${mm(sample.where[1])} mm.`;
  return sample.flagged ? `Differs from the reference.${place}` : `As the reference.${place}`;
}

function statistics({ limits }: Diagnosis, { t2, q, probability, most }: Sample): HTMLElement {
  const last = limits.at(-1);
  const against = (value: number, limit: number | undefined) =>
    `${formatNumber(value, 3)}${limit === undefined ? '' : ` (limit ${formatNumber(limit, 3)})`}`;
  const mm = (metres: number) => formatNumber(1e3 * metres, 3);
  const place = (label: string, spot: Spot | undefined) =>
    spot === undefined ? [] : [[label, `${mm(spot.x)}, ${mm(spot.y)} mm`]];
  const rows = [
    ...(Number.isFinite(t2) ? [['T²', against(t2, last?.t2)]] : []),
    ...(Number.isFinite(q) ? [['Q', against(q, last?.q)]] : []),
    ...place('Most of T² at', most?.t2),
    ...place('Most of Q at', most?.q),
    ...(probability === undefined
      ? []
      : [['Probability without fault', probability < 1e-99 ? '< 10⁻⁹⁹' : formatNumber(probability, 2)]]),
  ];
  return element('table', { class: 'readout' }, [
    element(
      'tbody',
      {},
      rows.map(([label, value]) =>
        element('tr', {}, [element('th', { scope: 'row' }, [label]), element('td', {}, [value])]),
      ),
    ),
  ]);
}

function cellTable({ cells }: Diagnosis, sample: Sample): HTMLElement {
  const signed = (part: number) => `${part < 0 ? '−' : '+'}${Math.abs(100 * part).toFixed(1)} %`;
  return element('table', { class: 'readout figures' }, [
    element('caption', {}, ['Cells']),
    element('thead', {}, [
      element(
        'tr',
        {},
        [
          ['', ''],
          ['A', 'Current with one standard deviation'],
          ['share', 'Against the expected one'],
          ['resistance', 'Departure that explains the currents'],
        ].map(([text, title]) => element('th', { scope: 'col', title }, [text])),
      ),
    ]),
    element(
      'tbody',
      {},
      sample.cells.map((cell, k) =>
        element('tr', cell.flagged ? { class: 'flagged' } : {}, [
          element('th', { scope: 'row' }, [`${cells[k].name}${cell.flagged ? ' ⚑' : ''}`]),
          element('td', {}, [
            cell.sigma > 0 ? formatWithError(cell.current, cell.sigma) : formatNumber(cell.current, 4),
          ]),
          element('td', {}, [signed(departure(cell.share, cell.expected))]),
          element('td', {}, [Number.isFinite(cell.deviation) ? signed(cell.deviation) : '–']),
        ]),
      ),
    ),
  ]);
}
