import { formatQuantity } from '../../src/figures/format.js';
import type { ScanNews, ScanOrder, ScanSnapshot } from '../../src/liveScan.js';
import { button, element } from '../controls/dom.js';

/** How a scan stands, what it says, and the buttons that steer it. */
export interface ScanPanel {
  /** State, progress, remaining time, noise and buttons. */
  readonly bar: HTMLElement;
  /** What the scan said. */
  readonly log: HTMLElement;
  show(news: ScanNews): void;
  /** The program behind the page has ended. */
  gone(): void;
}

const STATE: Readonly<Record<ScanSnapshot['state'], string>> = {
  preparing: 'Preparing',
  scanning: 'Scanning',
  pausing: 'Pausing after this point',
  paused: 'Paused',
  ended: 'Ended',
};

/** Both parts are hidden until there are news. */
export function scanPanel(send: (order: ScanOrder) => void): ScanPanel {
  const order = (to: ScanOrder['to']) => () => send({ type: 'steer', to });
  const pause = button('Pause', 'Stands still after the point in progress', order('pause'));
  const resume = button('Resume', 'Goes on with the scan', order('resume'));
  const stop = button('Stop …', 'Ends the scan in order', () => ask(true), { class: 'stop' });
  const sure = button('Stop now', 'Motion stops, the current goes off, what was read is kept', () => {
    order('stop')();
    ask(false);
  });
  const no = button('No, go on', 'Leaves the scan as it is', () => ask(false));
  const question = element('span', { class: 'question', role: 'group', 'aria-label': 'Stop the scan?' }, [
    'Stop? What was read is kept.',
    sure,
    no,
  ]);
  const state = element('strong', { class: 'state', role: 'status' });
  const doing = element('span', { class: 'doing' });
  const progress = element('progress', { 'aria-label': 'Part of the scan that is done' });
  const figures = element('span', { class: 'figures' });
  const bar = element('section', { class: 'scan-bar', 'aria-label': 'Scan' }, [
    element('div', { class: 'said' }, [state, doing]),
    progress,
    figures,
    element('div', { class: 'buttons' }, [pause, resume, stop, question]),
  ]);
  const list = element('ol', { class: 'log', role: 'log', 'aria-label': 'Messages of the scan', tabindex: '0' });
  const log = element('section', { class: 'card scan-log', 'aria-label': 'Messages' }, [
    element('h2', {}, ['Messages']),
    list,
  ]);
  bar.hidden = log.hidden = true;
  let asking = false;
  let last: ScanSnapshot | undefined;
  let shown = '';

  function ask(open: boolean): void {
    const inside = bar.contains(document.activeElement);
    asking = open;
    showButtons();
    // The safe answer has the keyboard.
    if (inside) (open ? no : stop).focus();
  }

  function showButtons(): void {
    const standing = last?.state === 'pausing' || last?.state === 'paused';
    const focused = [pause, resume].includes(document.activeElement as HTMLButtonElement);
    question.hidden = !asking;
    stop.hidden = asking;
    pause.hidden = asking || standing;
    resume.hidden = asking || !standing;
    if (focused && !asking) (standing ? resume : pause).focus();
  }

  function steering(possible: boolean): void {
    for (const one of [pause, resume, stop]) one.disabled = !possible;
    if (!possible) ask(false);
  }

  function say(messages: readonly string[]): void {
    const text = messages.join('\n');
    log.hidden = messages.length === 0;
    if (text === shown) return;
    shown = text;
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 4;
    list.replaceChildren(...messages.map(message => element('li', {}, [message])));
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  return {
    bar,
    log,
    show({ scan }) {
      last = scan;
      const ended = scan.state === 'ended';
      const complete = ended && scan.doing === 'complete';
      bar.hidden = false;
      bar.dataset.state = complete ? 'complete' : scan.state;
      const word = complete ? 'Complete' : STATE[scan.state];
      if (state.textContent !== word) state.textContent = word;
      const known = complete || scan.doing.toLowerCase() === word.toLowerCase();
      // Whatever ended it, the journal goes on from there.
      doing.textContent = known ? '' : ended ? `${scan.doing}; go on with --resume` : scan.doing;
      progress.max = Math.max(1, scan.plan.steps);
      progress.value = scan.done;
      figures.replaceChildren(...figuresOf(scan).map(text => element('span', {}, [text])));
      showButtons();
      bar.querySelector<HTMLElement>('.buttons')!.hidden = ended;
      if (!ended) steering(true);
      say(scan.messages);
    },
    gone() {
      steering(false);
      if (last === undefined || last.state === 'ended') return;
      bar.dataset.state = 'gone';
      state.textContent = 'No connection';
      doing.textContent = 'The program that scans does not answer any more: look at its terminal.';
    },
  };
}

function figuresOf({ state, done, plan, remaining, sigma }: ScanSnapshot): string[] {
  const percent = plan.steps === 0 ? 0 : Math.floor((100 * done) / plan.steps);
  return [
    `${percent} %, ${done} of ${plan.steps} steps`,
    ...(state === 'ended' ? [] : [`${durationText(remaining)} left`]),
    ...(sigma === null ? [] : [`noise ${formatQuantity(sigma, 'T')}`]),
  ];
}

/** A time in words: 40 s, 12 min, 3 h 20 min. */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}
