import { sliceBlock } from '../sampleBlocks.js';
import type { MapReading } from './mapReading.js';
import { fitPhase } from './phaseFit.js';
import type { ReferenceRecord, ScanRecord } from './record.js';

/** How the phase of a current was found that alternates by itself. */
export interface Alternation {
  /** From a sensor that stands still, or from the readings of the map alone. */
  readonly by: 'reference' | 'readings';
  /** Of the readings' power the part that is in phase with the current: 1 where the phase holds and nothing lags. */
  readonly inPhase: number;
  /** Readings: by how much the frequency differs from the stated one, Hz. */
  readonly offset?: number;
}

/** The frequency of a source that alternates by itself is sought within this part of the stated one. */
const FREQUENCY_ERROR = 0.01;
/** Steps of the search per turn of the phase over the whole scan. */
const STEPS_PER_TURN = 8;
const MOST_STEPS = 40_000;
const REFINEMENTS = 12;

/** Whether nobody knows the phase of the current: it was neither switched by the scan nor measured. */
export function isUnphased({ rig, points }: ScanRecord): boolean {
  return (
    rig.scan.scheme === 'lock_in' &&
    points.some(({ phases }) => phases.some(({ phase, trace }) => phase === undefined && (trace?.time.length ?? 0) < 3))
  );
}

/**
 * Turns the readings of a current that alternates by itself, in place, such that they are in phase with it. Each comes as
 * I + i Q about the clock of the scan, and the current is at the phase theta(t) there: what is in phase is the real part of
 * (I + i Q) exp(-i theta).
 *
 * With a reference sensor theta is the phase of its strongest channel during the same samples: the current counts as
 * positive where that reads more. Without one theta = 2 pi d t + p, with the d and p for which most of the power of the
 * readings is in phase, at the largest |sum (I + i Q)^2 exp(-4 pi i d t)|; the sign of the whole map stays open then.
 * @returns undefined where the phase was known
 */
export function alignPhases(readings: readonly MapReading[], record: ScanRecord): Alternation | undefined {
  if (!isUnphased(record) || readings.length === 0) return undefined;
  const frequency = record.rig.scan.frequency!;
  const [reference] = record.references;
  if (reference !== undefined) {
    const phases = referencePhases(reference, record, frequency);
    for (const reading of readings) turn(reading, phases.get(reading.step) ?? 0);
    return { by: 'reference', inPhase: inPhasePart(readings) };
  }
  const { offset, phase } = coherentPhase(readings, frequency);
  for (const reading of readings) turn(reading, 2 * Math.PI * offset * reading.time + phase);
  return { by: 'readings', inPhase: inPhasePart(readings), offset };
}

function turn({ values, quadrature }: MapReading, theta: number): void {
  if (quadrature === undefined) return;
  const [cos, sin] = [Math.cos(theta), Math.sin(theta)];
  for (let k = 0; k < values.length; k++) {
    const [re, im] = [values[k], quadrature[k]];
    values[k] = re * cos + im * sin;
    quadrature[k] = im * cos - re * sin;
  }
}

function inPhasePart(readings: readonly MapReading[]): number {
  let [within, all] = [0, 0];
  for (const { values, quadrature } of readings) {
    values.forEach((value, k) => {
      within += value ** 2;
      all += value ** 2 + quadrature![k] ** 2;
    });
  }
  return all > 0 ? within / all : 1;
}

/** By step: the phase of the reference's strongest channel during the samples of that step, radians. */
function referencePhases(
  { block, sensor }: ReferenceRecord,
  record: ScanRecord,
  frequency: number,
): Map<number, number> {
  const { rig, points } = record;
  const { rate, range } = rig.sensors[sensor];
  const settings = { scheme: 'lock_in', mains: rig.scan.mains, frequency, rate, range } as const;
  const fits = new Map<number, { readonly re: Float64Array; readonly im: Float64Array }>();
  const power = new Float64Array(block.channels);
  for (const { step, phases } of points) {
    const times = phases[0].block.hostTime;
    if (fits.has(step) || times.length === 0) continue;
    const own = between(block, times[0], times[times.length - 1]);
    if (own.count < 6) continue;
    const { values, quadrature } = fitPhase({ current: 0, block: own }, settings);
    values.forEach((re, c) => {
      power[c] += re ** 2 + quadrature[c] ** 2;
    });
    fits.set(step, { re: values, im: quadrature });
  }
  const strongest = power.indexOf(Math.max(...power));
  return new Map([...fits].map(([step, { re, im }]) => [step, Math.atan2(im[strongest], re[strongest])]));
}

function between(block: ReferenceRecord['block'], from: number, to: number): ReferenceRecord['block'] {
  let first = 0;
  while (first < block.count && block.hostTime[first] < from) first++;
  let last = first;
  while (last < block.count && block.hostTime[last] <= to) last++;
  return sliceBlock(block, first, last);
}

/** See {@link alignPhases}. */
function coherentPhase(readings: readonly MapReading[], frequency: number): { offset: number; phase: number } {
  // The squares of the readings of one moment add up: their common phase is twice that of the current.
  const moments = readings.map(({ time, values, quadrature }) => {
    let [re, im] = [0, 0];
    values.forEach((value, k) => {
      re += value ** 2 - quadrature![k] ** 2;
      im += 2 * value * quadrature![k];
    });
    return { time, re, im };
  });
  const sum = (offset: number) => {
    let [re, im] = [0, 0];
    for (const moment of moments) {
      const angle = 4 * Math.PI * offset * moment.time;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      re += moment.re * cos + moment.im * sin;
      im += moment.im * cos - moment.re * sin;
    }
    return { size: Math.hypot(re, im), phase: Math.atan2(im, re) / 2 };
  };
  const times = moments.map(({ time }) => time);
  const span =
    times.reduce((most, t) => Math.max(most, t), -Infinity) - times.reduce((least, t) => Math.min(least, t), Infinity);
  const most = FREQUENCY_ERROR * frequency;
  const steps = Math.min(MOST_STEPS, Math.ceil(STEPS_PER_TURN * 2 * most * span) + 1);
  let best = 0;
  let step = most / steps;
  let largest = sum(0).size;
  const take = (offset: number) => {
    const { size } = sum(offset);
    if (size > largest) [largest, best] = [size, offset];
  };
  for (let k = -steps; k <= steps; k++) take(k * step);
  for (let pass = 0; pass < REFINEMENTS; pass++, step /= 2) {
    for (const near of [best - step / 2, best + step / 2]) take(near);
  }
  return { offset: best, phase: sum(best).phase };
}
