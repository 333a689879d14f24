import { DeviceError, InputError } from '../../src/errors.js';
import type { Rig, Vector3 } from '../../src/model/rig.js';
import { abortable, type Clock } from '../clock.js';
import { allDevices, openDevices, type RigDevices } from '../devices/openRig.js';
import type { Prompt } from '../devices/port.js';
import { checkLimits } from '../devices/stageParts.js';
import type { Journal } from '../journal/journalFile.js';
import { checkPoints } from './checkPoints.js';
import { scanSeconds } from './duration.js';
import { Guard } from './guard.js';
import { liveValues, type ReadStep, readStep } from './live.js';
import { type Bench, measureLine, measurePoint, samplesOf } from './measure.js';
import { Mover } from './mover.js';
import type { ScanPlan, ScanStep } from './plan.js';
import { type Decision, Remaining, type ScanControl, type ScanEvent } from './progress.js';
import { overrangePart, Recorder } from './recorder.js';
import type { EndNote, EventNote, JournalState, SessionNote, StepNote } from './scanJournal.js';

/** What a scan needs. */
export interface ScanRun {
  readonly rig: Rig;
  readonly plan: ScanPlan;
  /** Through the cell, A; 0: none is set. */
  readonly current: number;
  readonly devices: RigDevices;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly version: string;
  /** What the journal held before, where the scan goes on. */
  readonly before?: JournalState;
  readonly prompt: Prompt;
  /** Asked when readings are beyond the range, or points do not repeat after an interruption. */
  readonly decide: (question: string) => Promise<Decision>;
  readonly onEvent: (event: ScanEvent) => void;
  /** Asked between steps whether the scan may go on. */
  readonly control?: ScanControl;
  /** Aborted to stop the scan in order. */
  readonly signal?: AbortSignal;
  /** For dates; default: the system's. */
  readonly date?: () => Date;
}

/** More samples of a step beyond the range than this part, and the scan pauses. */
const OVERRANGE = 0.5;

/**
 * Runs a scan, or the rest of one: checks the limits before anything moves, homes, reads every step that is not done, and
 * has every step on the disk before the stage moves on. However it ends, motion stops, the current goes off, and what was
 * recorded is kept.
 * @throws {DeviceError} alarm, reset, lost, stalled, beyond limits; {@link Interrupted}
 * @throws {OutputError} when the journal cannot be written
 */
export async function runScan(run: ScanRun): Promise<void> {
  const { journal, clock, devices } = run;
  const note = (message: string) => {
    const event: EventNote = { kind: 'event', time: clock.now(), message };
    journal.note(event);
    run.onEvent({ kind: 'note', text: message });
  };
  const guard = new Guard(devices, clock, note, run.signal);
  const recorder = new Recorder(run.rig, devices.sensors, journal, clock, error => guard.fail(error));
  let finished = false;
  try {
    await scan(run, guard, recorder, note);
    finished = true;
  } catch (error) {
    // What aborted the scan tells more than what was aborted by it.
    const reason = guard.signal.aborted ? guard.signal.reason : error;
    guard.fail(reason);
    note(`stopped: ${reason instanceof Error ? reason.message : String(reason)}`);
    throw reason;
  } finally {
    await guard.rest(!finished);
    if (finished) journal.note(END);
    await clock.outside(finished ? journal.flush() : journal.flush().catch(() => undefined));
  }
}

const END: EndNote = { kind: 'end' };

async function scan(run: ScanRun, guard: Guard, recorder: Recorder, note: (message: string) => void): Promise<void> {
  const { rig, plan, devices, clock, journal, before, onEvent } = run;
  const { signal } = guard;
  const { stage, current } = devices;
  if (stage === undefined || rig.stage === undefined) {
    throw new InputError('the rig has no stage', { advice: 'describe it in rig.yaml' });
  }
  onEvent({ kind: 'state', text: 'opening the devices' });
  await openDevices(devices, signal);
  for (const step of plan.steps) for (const place of placesOf(step)) checkLimits(stage.name, place, stage.limits);
  const session: SessionNote = {
    kind: 'session',
    date: (run.date?.() ?? new Date()).toISOString(),
    version: run.version,
    clock: clock.now(),
    running: before?.running ?? 0,
    devices: allDevices(devices).map(({ name, identity }) => ({ name, identity })),
  };
  journal.note(session);
  if (rig.stage.home) {
    onEvent({ kind: 'state', text: 'homing the stage' });
    await stage.home(signal);
  }
  await recorder.start();
  const mover = new Mover(stage, rig.stage, clock, signal);
  const bench: Bench = {
    rig,
    plan,
    clock,
    mover,
    recorder,
    guard,
    current: run.current,
    note,
    ...(current === undefined ? {} : { source: current }),
  };
  const attempts = new Map(before?.attempts);
  const measure = async (step: number) => {
    const attempt = (attempts.get(step) ?? 0) + 1;
    attempts.set(step, attempt);
    const read = plan.steps[step].kind === 'line' ? measureLine : measurePoint;
    return { measured: await read(bench, step, attempt), attempt };
  };
  if (before !== undefined && before.done.size > 0) {
    onEvent({ kind: 'state', text: 'reading a few points again' });
    await checkPoints(bench, before, journal, measure, run.decide);
    // The time of the scan goes on where it ended; homing and checks do not count.
    journal.note({ ...session, clock: clock.now() });
  }
  onEvent({ kind: 'state', text: 'scanning' });
  const todo = plan.steps.map((_, i) => i).filter(i => before?.done.has(i) !== true);
  const seconds = (step: number) => scanSeconds([plan.steps[step]], rig);
  const remaining = new Remaining(todo.reduce((sum, step) => sum + seconds(step), 0));
  let done = plan.steps.length - todo.length;
  const total = plan.steps.length;
  if (done > 0) {
    const points = [...before!.done.values()].flatMap(known => liveValues(known.step, readStep(known, bench), bench));
    onEvent({ kind: 'progress', done, total, remaining: remaining.left, points });
  }
  for (const step of todo) {
    await pauseFor(run, signal);
    const planned = plan.steps[step];
    const start = clock.now();
    let result: { measured: ReadStep; attempt: number } = { measured: NOTHING, attempt: 0 };
    if (planned.kind === 'ask') {
      await run.prompt(planned.text, signal);
      mover.forget();
    } else result = await readable(run, step, measure);
    const { measured, attempt } = result;
    const { phases, start: begun } = measured;
    const samples = samplesOf(measured);
    const complete: StepNote = { kind: 'step', step, attempt, phases, samples, end: clock.now() };
    journal.note(begun === undefined ? complete : { ...complete, start: begun });
    await clock.outside(journal.flush());
    signal.throwIfAborted();
    done++;
    onEvent({
      kind: 'progress',
      done,
      total,
      remaining: remaining.add(seconds(step), clock.now() - start),
      points: liveValues(step, measured, bench),
    });
  }
}

const NOTHING: ReadStep = { phases: [], samples: [] };

/** Stands still while the control holds the scan; the current stays as it is. */
async function pauseFor({ control, clock, onEvent }: ScanRun, signal: AbortSignal): Promise<void> {
  const resumed = control?.held();
  if (resumed === undefined) return;
  onEvent({ kind: 'state', text: 'paused' });
  await clock.outside(abortable(resumed, signal));
  onEvent({ kind: 'state', text: 'scanning' });
}

/** Reads a step; where it is beyond the range of a sensor, the scan pauses until somebody decides. */
async function readable(
  run: ScanRun,
  step: number,
  measure: (step: number) => Promise<{ readonly measured: ReadStep; readonly attempt: number }>,
): Promise<{ readonly measured: ReadStep; readonly attempt: number }> {
  for (;;) {
    const result = await measure(step);
    const beyond = result.measured.samples.find(({ block }) => overrangePart(block) > OVERRANGE);
    if (beyond === undefined) return result;
    const { name } = run.rig.sensors[beyond.sensor];
    const question = `the field is beyond the range of ${name} at step ${step + 1} of ${run.plan.steps.length}`;
    run.onEvent({ kind: 'note', text: question });
    const decision = await run.decide(question);
    if (decision === 'go_on') return result;
    if (decision === 'stop') {
      throw new DeviceError(question, {
        advice: 'raise the sensor, lower the current or take another range, then go on with --resume',
      });
    }
  }
}

function placesOf(step: ScanStep): readonly Vector3[] {
  if (step.kind === 'point') return [step.stage];
  return step.kind === 'line' ? [step.stageFrom, step.stageTo] : [];
}
