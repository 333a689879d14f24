import { DeviceError } from '../../src/errors.js';
import type { ScanSettings } from '../../src/model/rig.js';
import { type Clock, wait } from '../clock.js';
import type { CurrentSource } from '../devices/interfaces.js';

/** One phase of a point: what flows, and for how long it is read. */
export interface PlannedPhase {
  /** A. */
  readonly current: number;
  /** s. */
  readonly seconds: number;
  /** Standard error at which the phase may end earlier, T. */
  readonly target?: number;
}

/** The fundamental of a square wave over its height. */
const FUNDAMENTAL = 4 / Math.PI;

/**
 * The phases of the current at a point. Every other point begins with the current with which the one before ended.
 * A target for the point's value is one for each phase: the value is the difference of two (`on_off`), or half of it
 * (`reversed`).
 */
export function phasesAt(scan: ScanSettings, current: number, step: number): PlannedPhase[] {
  const { scheme, average, targetSigma } = scan;
  const phase = (value: number, factor: number): PlannedPhase => ({
    current: value,
    seconds: average,
    ...(targetSigma === undefined ? {} : { target: targetSigma * factor }),
  });
  if (scheme === 'steady') return [phase(current, 1)];
  if (scheme === 'lock_in') {
    const frequency = scan.frequency!;
    return [{ current, seconds: Math.max(1, Math.ceil(average * frequency - 1e-9)) / frequency }];
  }
  const phases =
    scheme === 'reversed'
      ? [phase(current, Math.SQRT2), phase(-current, Math.SQRT2)]
      : [phase(current, Math.SQRT1_2), phase(0, Math.SQRT1_2)];
  return step % 2 === 0 ? phases : phases.reverse();
}

/** Current that alternates between plus and minus, switched by the host. */
export interface SquareWave {
  /** The sine in it: `amplitude cos(2 pi f t + phase)` at host time t, A and radians. */
  readonly amplitude: number;
  readonly phase: number;
  /** Rejects as soon as the source refuses or is too slow. */
  readonly running: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Alternates a current at a frequency. The flanks follow the clock, so a late one makes no other one late.
 * @throws {DeviceError} where the source is too slow for the frequency.
 */
export function squareWave(
  source: CurrentSource,
  current: number,
  frequency: number,
  clock: Clock,
  signal: AbortSignal,
): SquareWave {
  const half = 0.5 / frequency;
  const start = clock.now();
  let running = true;
  const loop = async () => {
    for (let flank = 0; running; flank++) {
      await source.set(flank % 2 === 0 ? current : -current);
      const left = start + (flank + 1) * half - clock.now();
      if (left < 0) {
        throw new DeviceError(`${source.name} cannot alternate at ${frequency} Hz`, {
          advice: 'lower frequency_Hz, or shorten settle_s of its options',
        });
      }
      if (running) await wait(clock, left, signal);
    }
  };
  const done = loop();
  done.catch(() => undefined);
  return {
    amplitude: FUNDAMENTAL * current,
    phase: -2 * Math.PI * frequency * start - Math.PI / 2,
    running: done,
    stop: async () => {
      running = false;
      await done;
    },
  };
}
