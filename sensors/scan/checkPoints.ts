import { DeviceError } from '../../src/errors.js';
import type { Journal } from '../journal/journalFile.js';
import { elementReading, type ReadStep, readStep } from './live.js';
import { type Bench, samplesOf } from './measure.js';
import type { Decision } from './progress.js';
import type { JournalState, StepNote } from './scanJournal.js';

/** How many points are read again after an interruption. */
const CHECKED = 3;
/** Differences of more than this many standard errors, and of more than this part of the field, are no chance. */
const SIGNIFICANT = 6;
const RELATIVE = 0.02;

/** How a point that was read again differs from before. */
interface Agreement {
  /** Largest difference, T, and in standard errors. */
  readonly difference: number;
  readonly sigmas: number;
  readonly field: number;
}

/**
 * Reads a few points again that were complete before an interruption: the first, one in the middle, the last. Where they
 * differ by more than chance, the position or the field has changed, and somebody has to decide.
 * @param measure goes to a step and reads it
 * @throws {DeviceError} when it is decided to stop
 */
export async function checkPoints(
  bench: Bench,
  before: JournalState,
  journal: Pick<Journal, 'note'>,
  measure: (step: number) => Promise<{ readonly measured: ReadStep; readonly attempt: number }>,
  decide: (question: string) => Promise<Decision>,
): Promise<void> {
  const points = [...before.done.keys()].filter(step => bench.plan.steps[step]?.kind === 'point').sort((a, b) => a - b);
  const chosen = new Set(
    Array.from({ length: CHECKED }, (_, k) => points[Math.round((k * (points.length - 1)) / (CHECKED - 1))]),
  );
  let worst: Agreement | undefined;
  for (const step of chosen) {
    if (step === undefined) continue;
    const { measured, attempt } = await measure(step);
    const { phases } = measured;
    const samples = samplesOf(measured);
    const note: StepNote = { kind: 'step', step, attempt, phases, samples, end: bench.clock.now(), check: true };
    journal.note(note);
    const agreement = compare(bench, readStep(before.done.get(step)!, bench), measured);
    if (agreement !== undefined && (worst === undefined || agreement.sigmas > worst.sigmas)) worst = agreement;
  }
  if (worst === undefined) return;
  const nT = (1e9 * worst.difference).toPrecision(3);
  const told = `${chosen.size} points read again differ by ${nT} nT at most (${worst.sigmas.toPrecision(2)} standard errors)`;
  bench.note(told);
  if (worst.sigmas < SIGNIFICANT || worst.difference < RELATIVE * worst.field) return;
  const decision = await decide(`${told}: the place of the cell, the sensors or the field has changed`);
  if (decision === 'go_on') return;
  throw new DeviceError(told, {
    advice: 'put the cell and the sensors back into their places and go on with --resume, or start anew',
  });
}

function compare(bench: Bench, before: ReadStep, measured: ReadStep): Agreement | undefined {
  let worst: Agreement | undefined;
  for (const element of bench.plan.elements) {
    const [old, now] = [elementReading(before, element, bench), elementReading(measured, element, bench)];
    if (old === undefined || now === undefined) continue;
    const field = Math.hypot(...old.values);
    for (let c = 0; c < element.axes.length; c++) {
      const difference = Math.abs(now.values[c] - old.values[c]);
      const error = Math.hypot(old.sigma[c], now.sigma[c]);
      const sigmas = error > 0 ? difference / error : 0;
      if (worst === undefined || sigmas > worst.sigmas) worst = { difference, sigmas, field };
    }
  }
  return worst;
}
