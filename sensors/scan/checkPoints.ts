import { DeviceError } from '../../src/errors.js';
import type { Journal } from '../journal/journalFile.js';
import { pointReading } from '../processing/reading.js';
import { type Bench, type Measured, samplesOf } from './measure.js';
import type { Decision } from './progress.js';
import type { ElementSamples } from './recorder.js';
import { type DoneStep, type JournalState, joinBlocks, type StepNote } from './scanJournal.js';

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
  measure: (step: number) => Promise<{ readonly measured: Measured; readonly attempt: number }>,
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
    const agreement = compare(bench, before.done.get(step)!, measured);
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

function compare(bench: Bench, done: DoneStep, measured: Measured): Agreement | undefined {
  let worst: Agreement | undefined;
  for (const { sensor, element, axes } of bench.plan.elements) {
    const { rate, range } = bench.rig.sensors[sensor];
    const { scheme, mains, frequency } = bench.rig.scan;
    const settings = { scheme, mains, rate, range, ...(frequency === undefined ? {} : { frequency }) };
    const own = (samples: readonly (ElementSamples & { readonly phase: number })[]) =>
      done.phases.flatMap((phase, k) => {
        const found = samples.find(s => s.sensor === sensor && s.element === element && s.phase === k);
        return found === undefined ? [] : [{ ...phaseOf(phase), block: found.block }];
      });
    const was = own(done.samples.map(s => ({ ...s, block: joinBlocks(s.blocks, axes.length) })));
    const count = measured.samples.length / Math.max(1, measured.phases.length);
    const is = own(measured.samples.map((s, i) => ({ ...s, phase: Math.floor(i / count) })));
    const [old, now] = [pointReading(was, settings), pointReading(is, settings)];
    if (old === undefined || now === undefined) continue;
    const field = Math.hypot(...old.values);
    for (let c = 0; c < axes.length; c++) {
      const difference = Math.abs(now.values[c] - old.values[c]);
      const error = Math.hypot(old.sigma[c], now.sigma[c]);
      const sigmas = error > 0 ? difference / error : 0;
      if (worst === undefined || sigmas > worst.sigmas) worst = { difference, sigmas, field };
    }
  }
  return worst;
}

function phaseOf({ current, phase }: DoneStep['phases'][number]) {
  return { current, ...(phase === undefined ? {} : { phase }) };
}
