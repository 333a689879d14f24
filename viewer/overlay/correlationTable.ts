import { element, oncePerFrame } from '../controls/dom.js';
import type { PageStore } from '../state/page.js';
import { cellBox, mapUnder, type PartCorrelation, pictureOn, quarterCorrelations, regionCorrelation } from './parts.js';

/** After so long without a change the figures are made anew, ms: large maps take a while. */
const SETTLED = 120;

/** How alike the first map on screen and the picture are: whole, quarter by quarter, in the dragged region. */
export function correlationTable(page: PageStore): HTMLElement {
  const root = element('div', { class: 'correlation' });
  let quarters: readonly PartCorrelation[] = [];
  let picture: Float64Array | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = oncePerFrame(() => {
    const state = page.get();
    const map = mapUnder(state);
    if (state.overlay === undefined || map === undefined || picture?.length !== map.values.length) {
      root.replaceChildren();
      return;
    }
    const rows = state.region === undefined ? quarters : [...quarters, regionCorrelation(map, picture, state.region)];
    root.replaceChildren(tableOf(map.name, rows));
  });
  const make = () => {
    const state = page.get();
    const [map, box] = [mapUnder(state), cellBox(state)];
    picture = undefined;
    if (state.overlay !== undefined && map !== undefined && box !== undefined) {
      picture = pictureOn(state.overlay, map);
      quarters = quarterCorrelations(map, picture, box);
    }
    draw();
  };
  let last: unknown[] = [];
  page.watch(['overlay', 'panels', 'documents', 'current', 'frame', 'live'], state => {
    // Opacity and colours change nothing of it.
    const now = [state.overlay?.map, state.overlay?.picture, mapUnder(state)?.values, state.current];
    if (now.every((value, k) => value === last[k])) return;
    last = now;
    clearTimeout(timer);
    timer = setTimeout(make, SETTLED);
  });
  page.watch(['region'], draw);
  return root;
}

function tableOf(name: string, rows: readonly PartCorrelation[]): HTMLElement {
  const head = ['', 'r', '95 %', 'N'];
  return element('table', { class: 'readout figures' }, [
    element('caption', {}, [`Correlation with ${name}`]),
    element('thead', {}, [
      element(
        'tr',
        {},
        head.map((text, k) =>
          element(
            'th',
            {
              scope: 'col',
              ...(k === 3 ? { title: 'Effective number of independent samples: neighbouring pixels are alike' } : {}),
            },
            [text],
          ),
        ),
      ),
    ]),
    element(
      'tbody',
      {},
      rows.map(({ name: part, correlation: { r, low, high, effective } }) =>
        element('tr', {}, [
          element('th', { scope: 'row' }, [part]),
          element('td', {}, [Number.isNaN(r) ? '–' : shown(r)]),
          element('td', {}, [Number.isNaN(low) ? 'too few' : `${shown(low)} to ${shown(high)}`]),
          element('td', {}, [effective > 0 ? String(Math.round(effective)) : '–']),
        ]),
      ),
    ),
  ]);
}

function shown(r: number): string {
  return r.toFixed(2).replace('-', '−');
}
