import { median } from '../../src/median.js';
import type { Vector3 } from '../../src/model/rig.js';
import type { LineStep } from '../scan/plan.js';
import { type Crossing, levelLines } from './levelling.js';
import type { MapReading } from './mapReading.js';
import type { ScanRecord } from './record.js';
import { fitReference, type ReferenceSeries, referenceAt } from './referenceDrift.js';
import { repeatDrift } from './repeatDrift.js';

/** Direction of each value of an element's readings. */
export type Directions = (element: number) => readonly Vector3[];

/**
 * Takes off what the reference sensors show of the drift, in place. Gain and lag come from repeated points where there are
 * any, else gain 1. With several reference sensors the first serves.
 * @returns root mean square of what was taken off, T; undefined without a reference
 */
export function correctByReference(
  readings: readonly MapReading[],
  series: ReferenceSeries | undefined,
  directions: Directions,
  record: ScanRecord,
): number | undefined {
  if (series === undefined || series.time.length === 0 || readings.length === 0) return undefined;
  const { average } = record.rig.scan;
  let [square, count] = [0, 0];
  for (const [element, own] of byElement(readings)) {
    const repeated = repeatsOf(own, record);
    directions(element).forEach((direction, c) => {
      const error = median(own.map(reading => reading.sigma[c]));
      const { gain, gainError, lag } = fitReference(
        series,
        direction,
        Float64Array.from(repeated, ({ reading }) => reading.time),
        Float64Array.from(repeated, ({ reading }) => reading.values[c]),
        Int32Array.from(repeated, ({ place }) => place),
        error,
        Math.max(average, 0.1),
      );
      for (const reading of own) {
        const shown = referenceAt(series, reading.time - lag, direction);
        reading.values[c] -= gain * shown;
        reading.sigma[c] = Math.hypot(reading.sigma[c], gainError * shown);
        square += (gain * shown) ** 2;
        count++;
      }
    });
  }
  return Math.sqrt(square / count);
}

/** Takes off the smooth drift that repeated points show, in place. @returns its root mean square, T; undefined: no repeats */
export function correctByRepeats(readings: readonly MapReading[], record: ScanRecord): number | undefined {
  let [square, count] = [0, 0];
  for (const own of byElement(readings).values()) {
    const repeated = repeatsOf(own, record);
    if (repeated.length < 2) continue;
    for (let c = 0; c < own[0].values.length; c++) {
      const drift = repeatDrift({
        time: Float64Array.from(repeated, ({ reading }) => reading.time),
        value: Float64Array.from(repeated, ({ reading }) => reading.values[c]),
        sigma: Float64Array.from(repeated, ({ reading }) => reading.sigma[c]),
        place: Int32Array.from(repeated, ({ place }) => place),
      });
      for (const reading of own) {
        const off = drift.at(reading.time);
        reading.values[c] -= off;
        reading.sigma[c] = Math.hypot(reading.sigma[c], drift.errorAt(reading.time));
        square += off * off;
        count++;
      }
    }
  }
  return count === 0 ? undefined : Math.sqrt(square / count);
}

/** Levels the lines of every element by the tie lines across them, in place. @returns root mean square, T; undefined: no ties */
export function correctByTies(readings: readonly MapReading[], record: ScanRecord): number | undefined {
  const { steps, pitch } = record.plan;
  let [square, count] = [0, 0];
  for (const own of byElement(readings).values()) {
    const byStep = new Map<number, MapReading[]>();
    for (const reading of own) byStep.set(reading.step, [...(byStep.get(reading.step) ?? []), reading]);
    const isTie = (step: number) => (steps[step] as LineStep).tie;
    const lines = [...byStep.keys()].filter(step => !isTie(step));
    const ties = [...byStep.keys()].filter(isTie);
    if (ties.length === 0) continue;
    for (let c = 0; c < own[0].values.length; c++) {
      const crossings = crossingsOf(byStep, lines, ties, c, pitch, record);
      const { level, slope, tieLevel } = levelLines(crossings, lines.length, ties.length);
      const take = (reading: MapReading, off: number) => {
        reading.values[c] -= off;
        square += off * off;
        count++;
      };
      lines.forEach((step, l) => {
        for (const reading of byStep.get(step)!) {
          take(reading, level[l] + slope[l] * alongLine(reading, steps[step] as LineStep));
        }
      });
      ties.forEach((step, t) => {
        for (const reading of byStep.get(step)!) take(reading, tieLevel[t]);
      });
    }
  }
  return count === 0 ? undefined : Math.sqrt(square / count);
}

/** -1 at the first reading's place of a line, 1 at the last's. */
function alongLine({ way = 0 }: MapReading, { counts }: LineStep): number {
  return (2 * (way - counts[0])) / (counts[1] - counts[0]) - 1;
}

/** Readings of both lines at their crossing, each interpolated along its own line. */
function crossingsOf(
  byStep: ReadonlyMap<number, readonly MapReading[]>,
  lines: readonly number[],
  ties: readonly number[],
  c: number,
  pitch: number,
  { plan }: ScanRecord,
): Crossing[] {
  const out: Crossing[] = [];
  const near = (readings: readonly MapReading[], axis: 0 | 1, at: number) => {
    const sorted = [...readings].sort((a, b) => a.place[axis] - b.place[axis]);
    const k = sorted.findIndex((reading, i) => i > 0 && reading.place[axis] >= at && sorted[i - 1].place[axis] <= at);
    if (k < 1) return undefined;
    const [a, b] = [sorted[k - 1], sorted[k]];
    const span = b.place[axis] - a.place[axis];
    if (span > 2 * pitch) return undefined;
    const t = span === 0 ? 0 : (at - a.place[axis]) / span;
    // What a straight line misses of a bent field, and an interval's mean of it.
    const outer = [sorted[k - 2], sorted[k + 1]].filter(reading => reading !== undefined);
    const bend = outer.reduce((sum, reading) => sum + reading.values[c], 0) / Math.max(1, outer.length);
    const missed = outer.length < 2 ? 0 : (bend - (a.values[c] + b.values[c]) / 2) / 8;
    return {
      value: (1 - t) * a.values[c] + t * b.values[c],
      sigma: Math.hypot((1 - t) * a.sigma[c], t * b.sigma[c], missed),
      reading: a,
    };
  };
  lines.forEach((line, l) => {
    const own = byStep.get(line)!;
    ties.forEach((tie, t) => {
      if (plan.steps[line].kind !== 'line' || plan.steps[tie].kind !== 'line') return;
      const [lineStep, tieStep] = [plan.steps[line] as LineStep, plan.steps[tie] as LineStep];
      if (lineStep.plane !== tieStep.plane) return;
      const across = byStep.get(tie)!;
      const a = near(own, 0, across[0].place[0]);
      const b = near(across, 1, own[0].place[1]);
      if (a === undefined || b === undefined) return;
      out.push({
        line: l,
        tie: t,
        along: alongLine(a.reading, lineStep),
        misfit: a.value - b.value,
        sigma: Math.max(Math.hypot(a.sigma, b.sigma), Number.MIN_VALUE),
      });
    });
  });
  return out;
}

function byElement(readings: readonly MapReading[]): Map<number, MapReading[]> {
  const out = new Map<number, MapReading[]>();
  for (const reading of readings) {
    const own = out.get(reading.element);
    if (own === undefined) out.set(reading.element, [reading]);
    else own.push(reading);
  }
  return out;
}

/** The readings of places that were read more than once, in the order of time; places numbered 0, 1, ... */
function repeatsOf(
  own: readonly MapReading[],
  { plan }: ScanRecord,
): { readonly reading: MapReading; readonly place: number }[] {
  const originOf = (reading: MapReading) => {
    const step = plan.steps[reading.step];
    return step.kind === 'point' ? (step.repeatOf ?? reading.step) : -1;
  };
  const repeated = new Set(
    own.flatMap(reading => {
      const step = plan.steps[reading.step];
      return step.kind === 'point' && step.repeatOf !== undefined ? [step.repeatOf] : [];
    }),
  );
  const places = [...repeated];
  return own
    .filter(reading => repeated.has(originOf(reading)))
    .sort((a, b) => a.time - b.time)
    .map(reading => ({ reading, place: places.indexOf(originOf(reading)) }));
}
