import { styleText } from 'node:util';

/** Reports the part of the work that is done, 0..1, and what comes next. */
export type Progress = (part: number, next: string) => void;

const BAR = 24;
/** Work shorter than this shows nothing. */
const QUIET_SECONDS = 1;

/**
 * A progress line on stderr: on a terminal one line that is redrawn, elsewhere (a log file) a plain line every ten seconds.
 * Nothing for work under one second.
 */
export function progressLine(label: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  const start = performance.now();
  let last = 0;
  let drawn = false;
  return (part, next) => {
    const seconds = (performance.now() - start) / 1000;
    if (seconds < QUIET_SECONDS) return;
    const left = part > 0.02 && part < 1 ? `, ${remaining((seconds * (1 - part)) / part)} left` : '';
    const percent = `${Math.round(100 * part)} %`;
    if (!stream.isTTY) {
      if (seconds - last < 10 && part < 1) return;
      last = seconds;
      stream.write(`${label}: ${percent}, ${part < 1 ? next : `done in ${seconds.toFixed(1)} s`}${left}\n`);
      return;
    }
    const filled = Math.round(BAR * part);
    const bar = styleText('cyan', '█'.repeat(filled), { stream }) + '░'.repeat(BAR - filled);
    if (part < 1) {
      stream.write(`\r\u001b[K${label} ${bar} ${percent.padStart(5)}  ${next}${left}`);
      drawn = true;
    } else if (drawn) stream.write('\r\u001b[K');
  };
}

/** A time that is left, in seconds or minutes. */
export function remaining(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
