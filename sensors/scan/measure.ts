import { DeviceError } from '../../src/errors.js';
import type { Rig } from '../../src/model/rig.js';
import { type Clock, wait } from '../clock.js';
import type { CurrentSource } from '../devices/interfaces.js';
import { pointReading, reached } from '../processing/reading.js';
import { type PlannedPhase, phasesAt, squareWave } from './course.js';
import type { Guard } from './guard.js';
import type { PhaseSamples, ReadStep } from './live.js';
import type { Mover } from './mover.js';
import type { LineStep, PointStep, ScanPlan } from './plan.js';
import type { ElementSamples, Recorder } from './recorder.js';
import type { PhaseNote } from './scanJournal.js';

/** What is needed to read a step. */
export interface Bench {
  readonly rig: Rig;
  readonly plan: ScanPlan;
  readonly clock: Clock;
  readonly mover: Mover;
  readonly source?: CurrentSource;
  readonly recorder: Recorder;
  readonly guard: Guard;
  /** Through the cell, A. */
  readonly current: number;
  note(text: string): void;
}

/** How many samples a step has. */
export function samplesOf({ samples }: ReadStep): number {
  return samples.reduce((sum, { block }) => sum + block.count, 0);
}

/** How often the current is measured while a point is read. */
const TRACED = 8;
/** A source that differs more than this from what it was told, relative, is worth a word. */
const CURRENT_ERROR = 0.02;
/** After the end of a line readings still come that were taken on it, s. */
const TAIL_SECONDS = 0.1;

/** Goes to a point and reads it, phase by phase of the current. */
export async function measurePoint(bench: Bench, step: number, attempt: number): Promise<ReadStep> {
  const planned = bench.plan.steps[step] as PointStep;
  const { scan } = bench.rig;
  const course = phasesAt(scan, bench.current, step);
  if (scan.scheme === 'steady') await flow(bench, bench.current);
  await bench.mover.to(planned.stage);
  const phases: PhaseNote[] = [];
  const read: PhaseSamples[] = [];
  for (const [phase, part] of course.entries()) {
    const key = { step, attempt, phase };
    const { note, samples } =
      scan.scheme === 'lock_in' ? await alternating(bench, key, part) : await constant(bench, key, part);
    phases.push(note);
    for (const each of samples) read.push({ ...each, phase });
  }
  return { phases, samples: read };
}

/** Goes to the beginning of a line and reads while the stage runs along it. */
export async function measureLine(bench: Bench, step: number, attempt: number): Promise<ReadStep> {
  const planned = bench.plan.steps[step] as LineStep;
  const { clock, guard, mover, recorder } = bench;
  await flow(bench, bench.current);
  await mover.to(planned.stageFrom);
  const window = recorder.open({ step, attempt, phase: 0 });
  const start = await mover.along(planned.stageTo, planned.feed);
  await wait(clock, TAIL_SECONDS, guard.signal);
  const samples = window.close();
  const empty = samples.find(({ block }) => block.count === 0);
  if (empty !== undefined) {
    throw new DeviceError(`${bench.rig.sensors[empty.sensor].name} sent nothing along a whole line`, {
      advice: 'check its power and cable',
    });
  }
  const phases = [{ current: bench.current }];
  return { phases, start, samples: samples.map(each => ({ ...each, phase: 0 })) };
}

type Key = Parameters<Recorder['window']>[0];

/** One phase with a current that does not change. */
async function constant(bench: Bench, key: Key, { current, seconds, target }: PlannedPhase) {
  const { rig, recorder, guard } = bench;
  await flow(bench, current);
  const count = (sensor: number) => Math.max(1, Math.round(seconds * rig.sensors[sensor].rate));
  const enough =
    target === undefined
      ? {}
      : {
          enough: ({ sensor, block }: ElementSamples) => {
            const { rate, range } = rig.sensors[sensor];
            const settings = { scheme: 'steady', mains: rig.scan.mains, rate, range } as const;
            return reached(pointReading([{ current, block }], settings), target);
          },
        };
  const trace = traceOf(bench, seconds / TRACED);
  const samples = await recorder.window(key, { count, ...enough }, guard.signal);
  return { note: noted(bench, current, await trace.end()), samples };
}

/** The phase of a lock-in: the current alternates while it is read, by itself or switched by the scan. */
async function alternating(bench: Bench, key: Key, { current, seconds }: PlannedPhase) {
  const { rig, recorder, guard, source, clock } = bench;
  if (source === undefined) {
    throw new DeviceError('lock-in needs a current that alternates', {
      advice: "describe 'current' in rig.yaml; driver: manual where it alternates by itself",
    });
  }
  const frequency = rig.scan.frequency!;
  const goal = { count: (sensor: number) => Math.max(1, Math.round(seconds * rig.sensors[sensor].rate)) };
  if (source.alternate !== undefined) {
    if (guard.current !== current) {
      guard.current = current;
      await source.alternate(current, frequency);
    }
    return { note: { current }, samples: await recorder.window(key, goal, guard.signal) };
  }
  guard.current = current;
  const wave = squareWave(source, current, frequency, clock, guard.signal);
  wave.running.catch(error => guard.fail(error));
  // The first period still rings.
  await wait(clock, 1 / frequency, guard.signal);
  const samples = await recorder.window(key, goal, guard.signal);
  await wave.stop();
  return { note: { current: wave.amplitude, phase: wave.phase }, samples };
}

/** Sets a current and waits until nothing rings; does nothing where it flows already. */
async function flow({ source, guard, clock, rig }: Bench, current: number): Promise<void> {
  if (source === undefined || guard.current === current) return;
  guard.current = current;
  await source.set(current);
  await wait(clock, rig.stage?.settle ?? 0, guard.signal);
}

type Trace = (readonly [number, number])[];

/** Measures the current from now until the end, so often; one that is set by hand once, as the person said. */
function traceOf({ source, clock, rig, guard }: Bench, every: number): { end(): Promise<Trace> } {
  const trace: Trace = [];
  let going = source !== undefined && rig.current?.driver !== 'manual';
  const measure = async () => {
    while (going) {
      trace.push([clock.now(), await source!.measure()]);
      if (going) await wait(clock, every, guard.signal);
    }
  };
  const measuring = measure();
  measuring.catch(error => guard.fail(error));
  return {
    end: async () => {
      going = false;
      await measuring;
      if (source !== undefined) trace.push([clock.now(), await source.measure()]);
      return trace;
    },
  };
}

/** The current of a phase with what was measured of it. */
function noted(bench: Bench, current: number, trace: Trace): PhaseNote {
  const known = trace.filter(([, value]) => Number.isFinite(value));
  if (known.length === 0) return { current };
  const mean = known.reduce((sum, [, value]) => sum + value, 0) / known.length;
  if (Math.abs(mean - current) > CURRENT_ERROR * Math.max(Math.abs(current), Math.abs(bench.current))) {
    bench.note(`${bench.source?.name} gives ${mean.toPrecision(4)} A instead of ${current} A`);
  }
  return { current, trace: { time: known.map(([time]) => time), current: known.map(([, value]) => value) } };
}
