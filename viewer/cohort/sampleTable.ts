import { formatNumber } from '../../src/figures/format.js';
import { button, element } from '../controls/dom.js';
import type { Diagnosis } from '../state/diagnosis.js';

/** All scans as a table, for readers of screens and of numbers; its names choose a scan. */
export function sampleTable({ samples, cells }: Diagnosis, selected: number, choose: (k: number) => void): HTMLElement {
  const statistics = samples.some(sample => Number.isFinite(sample.t2));
  const head = ['Scan', ...(statistics ? ['T²', 'Q'] : []), ...cells.map(cell => `${cell.name}, %`), 'Verdict'];
  return element('div', { class: 'scroll' }, [
    element('table', { class: 'samples' }, [
      element('caption', {}, [cells.length > 0 ? 'Scans, with the share of each cell' : 'Scans']),
      element('thead', {}, [
        element(
          'tr',
          {},
          head.map(text => element('th', { scope: 'col' }, [text])),
        ),
      ]),
      element(
        'tbody',
        {},
        samples.map((sample, k) =>
          element(
            'tr',
            { ...(sample.flagged ? { class: 'flagged' } : {}), ...(k === selected ? { 'aria-current': 'true' } : {}) },
            [
              element('th', { scope: 'row' }, [button(sample.name, `Shows ${sample.name}`, () => choose(k))]),
              ...(statistics ? [sample.t2, sample.q].map(v => element('td', {}, [formatNumber(v, 3)])) : []),
              ...sample.cells.map(cell =>
                element('td', cell.flagged ? { class: 'flagged' } : {}, [
                  `${(100 * cell.share).toFixed(2)}${cell.flagged ? ' ⚑' : ''}`,
                ]),
              ),
              element('td', {}, [
                `${sample.flagged ? 'flagged' : 'as usual'}${sample.reference ? ', of the reference' : ''}`,
              ]),
            ],
          ),
        ),
      ),
    ]),
  ]);
}
