import { currentDocument, type PageStore } from '../state/page.js';
import { button, element } from './dom.js';

/** Pictures per second while the series plays. */
const RATE = 6;

/** The slider of a stack, with a button that plays it. */
export function frameSlider(page: PageStore): HTMLElement {
  const slider = element('input', { type: 'range', min: '0', step: '1' });
  const label = element('output', { class: 'frame-label' });
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    play.setAttribute('aria-pressed', 'false');
  };
  const play = button('Play', 'Plays the series', () => {
    if (timer !== undefined) return stop();
    play.setAttribute('aria-pressed', 'true');
    timer = setInterval(() => {
      const frames = currentDocument(page.get())?.frames;
      if (frames === undefined) return stop();
      page.set({ frame: (page.get().frame + 1) % frames.at.length });
    }, 1000 / RATE);
  });
  const root = element('div', { class: 'frames' }, [play, slider, label]);
  slider.addEventListener('input', () => {
    stop();
    page.set({ frame: Number(slider.value) });
  });
  page.watch(['frame', 'current', 'documents'], state => {
    const frames = currentDocument(state)?.frames;
    root.hidden = frames === undefined;
    if (frames === undefined) return stop();
    slider.max = String(frames.at.length - 1);
    slider.value = String(state.frame);
    slider.setAttribute('aria-label', frames.name);
    slider.setAttribute('aria-valuetext', frames.labels[state.frame] ?? '');
    label.textContent = `${frames.labels[state.frame] ?? ''} (${state.frame + 1} of ${frames.at.length})`;
  });
  return root;
}
