import type { Rig, Vector3 } from '../../src/model/rig.js';
import type { ScanStep } from './plan.js';
import { trajectory } from './trajectory.js';

/** What a stage and a source take to answer at every stop, s: an estimate for serial lines. */
const ANSWER = 0.05;
/** Phases of the current at a point. */
const PHASES = { steady: 1, on_off: 2, reversed: 2, lock_in: 1 } as const;

/** Time that the averaging takes at a point at most, s: whole periods for lock-in. */
export function pointSeconds({ scan }: Pick<Rig, 'scan'>): number {
  const { scheme, average, frequency = 0 } = scan;
  if (scheme === 'lock_in') return Math.max(1, Math.ceil(average * frequency - 1e-9)) / frequency;
  return PHASES[scheme] * average + (PHASES[scheme] - 1) * ANSWER;
}

/** Estimate of the time of the steps, s: ways with acceleration, settling, averaging, answers. */
export function scanSeconds(steps: readonly ScanStep[], rig: Rig): number {
  const { stage } = rig;
  if (stage === undefined) return 0;
  let at: Vector3 | undefined;
  let seconds = 0;
  const go = (from: Vector3 | undefined, to: Vector3, feed: number) => {
    const length = from === undefined ? 0 : Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    return trajectory(length, feed, stage.acceleration).duration + ANSWER;
  };
  for (const step of steps) {
    if (step.kind === 'point') {
      seconds += go(at, step.stage, stage.feed) + stage.settle + pointSeconds(rig);
      at = step.stage;
    } else if (step.kind === 'line') {
      seconds += go(at, step.stageFrom, stage.feed) + stage.settle + go(step.stageFrom, step.stageTo, step.feed);
      at = step.stageTo;
    }
  }
  return seconds;
}
