import { formatNumber } from '../../src/figures/format.js';
import { colourLimits } from '../../src/figures/limits.js';
import { button, element, slider } from '../controls/dom.js';
import { currentDocument, type PageStore, tell } from '../state/page.js';
import { lambdaCurves } from './curves.js';
import { liveLayers } from './layers.js';
import type { LiveAnswer, LiveMethod, LiveRequest } from './messages.js';

/** Decades of lambda to each side of the start; the standoff goes from a third to three times. */
const DECADES = 4;
const STEP = 0.02;
/** After so long without a change the colours are fitted anew and the curves drawn for the new height, ms. */
const SETTLED = 350;

/** Sliders for lambda, standoff and current; the map follows. The engine runs in a worker. */
export function livePanel(page: PageStore, makeWorker: () => Worker): HTMLElement {
  const start = button('Invert here', 'Inverts the measured field in this page', () => begin(methodOf()), {
    class: 'live-start',
  });
  const quick = button('Fourier method', 'Ready at once; without outline and tabs, but for other standoffs, too', () =>
    begin('Fourier'),
  );
  const progress = element('progress', { max: '1', 'aria-label': 'Work before the first map' });
  const working = element('p', { class: 'note working', 'aria-live': 'polite' });
  const waitingRoom = element('div', { hidden: true }, [
    progress,
    working,
    button('Cancel', 'Ends the live inversion', () => end()),
  ]);
  const starts = element('div', { class: 'buttons' }, [start, quick]);
  const stop = button('Close', 'Ends the live inversion', () => end());
  const best = button('Best λ', 'The λ that the rule chooses at this standoff', () => {
    if (ready !== undefined) choose(ready.choice.lambda);
  });
  const lambda = centredSlider('λ', -DECADES, DECADES, STEP);
  const standoff = centredSlider('Standoff', -1, 1, 0.005);
  const current = centredSlider('Current', -1, 1, 0.005);
  const curves = lambdaCurves(value => choose(value));
  const note = element('p', { class: 'note' });
  const controls = element('div', { class: 'controls' }, [
    lambda.root,
    standoff.root,
    current.root,
    curves.root,
    note,
    element('div', { class: 'buttons' }, [best, stop]),
  ]);
  const root = element('section', { class: 'card live', 'aria-label': 'Live inversion', 'data-maps': '0' }, [
    element('h2', {}, ['Live inversion']),
    starts,
    waitingRoom,
    controls,
  ]);
  controls.hidden = true;

  let worker: Worker | undefined;
  let ready: (LiveAnswer & { type: 'ready' }) | undefined;
  let [asked, waiting, maps, choiceHeight] = [false, false, 0, 0];
  let settle: ReturnType<typeof setTimeout> | undefined;

  const lambdaNow = () => (ready?.lambda ?? 1) * 10 ** lambda.value();
  const heightNow = () => (ready?.height ?? 1) * 3 ** standoff.value();
  const factorNow = () => 3 ** current.value();
  const post = (request: LiveRequest) => worker?.postMessage(request);

  /** The one by which the result was made. */
  function methodOf(): LiveMethod {
    return currentDocument(page.get())?.field?.bounded === undefined ? 'Fourier' : 'bounded';
  }

  function begin(method: LiveMethod): void {
    const field = currentDocument(page.get())?.field;
    if (field === undefined) return;
    worker = makeWorker();
    worker.onmessage = ({ data }: MessageEvent<LiveAnswer>) => hear(data);
    worker.onerror = event => fail(event.message);
    starts.hidden = true;
    waitingRoom.hidden = false;
    progress.removeAttribute('value');
    working.textContent = 'Inverting …';
    post({ type: 'start', field, method });
  }

  function end(): void {
    worker?.terminate();
    worker = undefined;
    ready = undefined;
    asked = waiting = false;
    clearTimeout(settle);
    starts.hidden = false;
    waitingRoom.hidden = true;
    quick.hidden = methodOf() === 'Fourier';
    controls.hidden = true;
    const { panels, live } = page.get();
    if (live.length === 0) return;
    const own = currentDocument(page.get())?.shown ?? [];
    page.set({ live: [], panels: panels.map((id, k) => (id.startsWith('live.') ? (own[k] ?? own[0]) : id)) });
  }

  function fail(text: string): void {
    tell(page, `Live inversion: ${text}`);
    end();
  }

  function hear(answer: LiveAnswer): void {
    if (answer.type === 'error') {
      fail(answer.text);
      return;
    }
    if (answer.type === 'progress') {
      progress.value = answer.part;
      working.textContent = `Inverting: ${answer.next} (${Math.round(100 * answer.part)} %)`;
      return;
    }
    if (answer.type === 'choice') {
      if (ready !== undefined) ready = { ...ready, choice: answer.choice };
      curves.show(answer.choice);
      curves.mark(lambdaNow());
      return;
    }
    if (answer.type === 'ready') {
      ready = answer;
      choiceHeight = answer.height;
      waitingRoom.hidden = true;
      controls.hidden = false;
      for (const one of [lambda, standoff, current]) one.set(0);
      const least = answer.least > 0 ? Math.log10(answer.least / answer.lambda) : -DECADES;
      lambda.input.min = String(Math.max(-DECADES, Math.ceil(least / STEP) * STEP));
      // Outline and current are known to the bounded method, and it stands on the heights of the samples.
      const fourier = answer.method === 'Fourier';
      standoff.root.hidden = !fourier;
      current.root.hidden = !fourier || currentDocument(page.get())?.totalCurrent === undefined;
      note.textContent = answer.note;
      curves.show(answer.choice);
      ask();
      return;
    }
    waiting = false;
    maps++;
    root.dataset.maps = String(maps);
    const field = currentDocument(page.get())?.field;
    if (field === undefined) return;
    const { live, panels } = page.get();
    const first = live.length === 0;
    page.set({
      live: liveLayers(field, answer, live),
      ...(first ? { panels: panels.map((id, place) => followed(id, place, answer)) } : {}),
    });
    if (asked) ask();
  }

  /** Asks for the map at the sliders; while one is on its way, for the latest only. */
  function ask(): void {
    const total = currentDocument(page.get())?.totalCurrent;
    lambda.tell(formatNumber(lambdaNow(), 3));
    standoff.tell(`${formatNumber(1e3 * Math.abs(heightNow()), 3)} mm`);
    if (total !== undefined) current.tell(`${formatNumber(total * factorNow(), 3)} A`);
    curves.mark(lambdaNow());
    asked = waiting;
    if (waiting) return;
    waiting = true;
    post({ type: 'map', lambda: lambdaNow(), height: heightNow(), factor: factorNow() });
    clearTimeout(settle);
    settle = setTimeout(settled, SETTLED);
  }

  function settled(): void {
    const field = currentDocument(page.get())?.field;
    const { live } = page.get();
    if (field === undefined || live.length === 0) return;
    page.set({ live: live.map(layer => ({ ...layer, limits: colourLimits(layer.values, layer.kind) })) });
    if (heightNow() !== choiceHeight) {
      choiceHeight = heightNow();
      post({ type: 'choice', height: choiceHeight });
    }
  }

  function choose(value: number): void {
    if (ready === undefined) return;
    lambda.set(Math.log10(value / ready.lambda));
    ask();
  }

  for (const one of [lambda, standoff, current]) one.input.addEventListener('input', ask);
  page.watch(['current'], state => {
    end();
    root.hidden = currentDocument(state)?.field === undefined;
  });
  page.watch(['documents'], state => {
    root.hidden = currentDocument(state)?.field === undefined;
    quick.hidden = methodOf() === 'Fourier';
  });
  return root;
}

/** The live map that takes the place of one on screen: the first is the current, and a departure follows. */
function followed(id: string, place: number, { departure }: LiveAnswer & { type: 'map' }): string {
  if (place === 0) return 'live.magnitude';
  return departure !== undefined && id.endsWith('.departure') ? 'live.departure' : id;
}

function centredSlider(name: string, min: number, max: number, step: number) {
  const { input, output, root } = slider(name, min, max, step, 0);
  return {
    input,
    root,
    value: () => Number(input.value),
    set: (value: number) => {
      input.value = String(value);
    },
    tell: (text: string) => {
      output.textContent = text;
      input.setAttribute('aria-valuetext', text);
    },
  };
}
