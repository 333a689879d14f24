import { describe, expect, it } from 'vitest';
import { addLagged, correlationFactor, noLagged } from '../../../sensors/processing/correlation.js';
import { leastSquares } from '../../../sensors/processing/leastSquares.js';
import { type Crossing, levelLines } from '../../../sensors/processing/levelling.js';
import { humLeft, wholePeriods } from '../../../sensors/processing/mains.js';
import { GOOD, INVALID, markSamples, OUTLIER } from '../../../sensors/processing/outliers.js';
import { pointReading, reached } from '../../../sensors/processing/reading.js';
import { repeatDrift } from '../../../sensors/processing/repeatDrift.js';
import { sampleTimes } from '../../../sensors/processing/sampleTimes.js';
import { FLAGS } from '../../../sensors/samples.js';
import { random } from '../../../src/random.js';
import { block } from '../recording.js';

const times = (n: number, rate = 100, from = 0) => Array.from({ length: n }, (_, i) => from + i / rate);
const single = (n: number, f: (t: number, i: number) => number, rate = 100, from = 0) => {
  let i = 0;
  return block(times(n, rate, from), 1, (t, out) => {
    out[0] = f(t, i++);
    return 0;
  });
};
const steady = { scheme: 'steady', mains: 0 } as const;

describe('averaging', () => {
  it('over whole mains periods leaves nothing of hum and its harmonics, whatever the phase', () => {
    for (const phase of [0, 1, 2.5]) {
      const hum = (t: number) => 1e-6 * (Math.sin(2 * Math.PI * 50 * t + phase) + 0.3 * Math.sin(6 * Math.PI * 50 * t));
      const reading = pointReading([{ current: 1, block: single(25, t => 5e-6 + hum(t), 200) }], {
        ...steady,
        mains: 50,
      });
      expect(Math.abs(reading!.values[0] - 5e-6)).toBeLessThan(1e-12);
      expect(reading!.used).toBe(24);
    }
  });

  it('hum goes also where samples were rejected', () => {
    const b = single(40, t => 5e-6 + 1e-6 * Math.sin(2 * Math.PI * 50 * t + 1), 200);
    for (const i of [3, 4, 17, 30]) b.flags[i] = FLAGS.overrange;
    const reading = pointReading([{ current: 1, block: b }], { ...steady, mains: 50 })!;
    expect(Math.abs(reading.values[0] - 5e-6)).toBeLessThan(1e-12);
    expect(reading.invalid).toBe(4);
  });

  it('the longest whole number of periods, and what is left of a sine otherwise', () => {
    expect(wholePeriods(25, 200, 50)).toBe(24);
    expect(wholePeriods(25, 120, 60)).toBe(24);
    expect(wholePeriods(3, 200, 50)).toBe(3);
    const n = 7;
    let largest = 0;
    for (let p = 0; p < 360; p++) {
      const sum = times(n, 160).reduce((s, t) => s + Math.sin(2 * Math.PI * 50 * t + (p * Math.PI) / 180), 0);
      largest = Math.max(largest, Math.abs(sum / n));
    }
    expect(humLeft(n, 160, 50)).toBeCloseTo(largest, 3);
  });

  it('the standard error is that of the mean, also for noise that remembers', () => {
    const rng = random(4);
    let [squares, stated] = [0, 0];
    const rows = 300;
    for (let row = 0; row < rows; row++) {
      let x = rng.normal();
      const reading = pointReading(
        [{ current: 1, block: single(200, () => 1e-9 * (x = 0.8 * x + 0.6 * rng.normal())) }],
        steady,
      )!;
      squares += reading.values[0] ** 2 / rows;
      stated += reading.sigma[0] ** 2 / rows;
    }
    // White noise of this variance would give a third of it.
    expect(Math.sqrt(stated / squares)).toBeGreaterThan(0.75);
    expect(Math.sqrt(stated / squares)).toBeLessThan(1.25);
  });

  it('white noise counts fully', () => {
    const rng = random(5);
    const lagged = noLagged();
    for (let row = 0; row < 100; row++)
      addLagged(
        lagged,
        Float64Array.from({ length: 50 }, () => rng.normal()),
      );
    expect(correlationFactor(lagged, 50)).toBeLessThan(1.1);
  });

  it('a point is done when its error, with its doubt, is small enough', () => {
    const rng = random(6);
    const noisy = (n: number) => pointReading([{ current: 1, block: single(n, () => 1e-8 * rng.normal()) }], steady);
    expect(reached(noisy(5), 1)).toBe(false);
    expect(reached(noisy(400), 1e-9)).toBe(true);
    expect(reached(noisy(40), 1e-9)).toBe(false);
    expect(reached(undefined, 1)).toBe(false);
  });
});

describe('invalid samples and outliers', () => {
  it('flags and range come first, then Hampel; a gap is no fault', () => {
    const b = single(60, (_, i) => (i === 20 ? 5e-6 : i === 30 ? 1e-3 : 1e-9 * ((i * 7) % 5)));
    b.flags[10] = FLAGS.unlocked;
    b.flags[11] = FLAGS.gap;
    const marks = markSamples(b, 1e-4);
    expect([marks[10], marks[11], marks[20], marks[30]]).toEqual([INVALID, GOOD, OUTLIER, INVALID]);
    expect(marks.reduce((sum, mark) => sum + (mark === GOOD ? 1 : 0), 0)).toBe(57);
  });

  it('neither hum nor a steep field along a line is an outlier, a spike on it is', () => {
    const hum = single(80, t => 1e-6 * Math.sin(2 * Math.PI * 50 * t + 0.3), 333);
    expect([...markSamples(hum)].every(mark => mark === GOOD)).toBe(true);
    const rng = random(2);
    const slope = single(
      200,
      (_, i) => 1e-6 * Math.exp(-(((i - 100) / 12) ** 2)) + 2e-9 * rng.normal() + (i === 95 ? 4e-7 : 0),
    );
    const marks = markSamples(slope, Infinity, 7);
    expect(marks[95]).toBe(OUTLIER);
    expect(marks.reduce((sum, mark) => sum + (mark === GOOD ? 0 : 1), 0)).toBeLessThan(3);
  });

  it('a point without a valid sample is no reading', () => {
    const b = single(10, () => 1e-6);
    b.flags.fill(FLAGS.overrange);
    expect(pointReading([{ current: 1, block: b }], steady)).toBeUndefined();
  });
});

describe('schemes of the current', () => {
  const at = (from: number, level: number) => single(20, t => level + 1e-7 * t, 100, from);

  it('reversed: odd part for half the span, even part, and from three phases on no linear drift', () => {
    const field = (current: number) => 4e-6 * current + 30e-6;
    const phases = [1.5, -1.5, 1.5].map((current, k) => ({ current, block: at(k, field(current)) }));
    const reading = pointReading(phases, { ...steady, scheme: 'reversed' })!;
    expect(reading.current).toBe(1.5);
    expect(reading.values[0]).toBeCloseTo(6e-6, 12);
    expect(Math.abs(reading.even![0] - 30e-6 - 1.1e-7)).toBeLessThan(2e-8);
  });

  it('currents that are not quite opposite still leave the even part without current', () => {
    const phases = [1.5, -1.4].map(current => ({ current, block: single(20, () => 4e-6 * current + 30e-6) }));
    const reading = pointReading(phases, { ...steady, scheme: 'reversed' })!;
    expect(reading.even![0]).toBeCloseTo(30e-6, 12);
    expect(reading.values[0] / reading.current).toBeCloseTo(4e-6, 12);
  });

  it('on and off of a negative current keeps its sign; a current that never changed is no reading', () => {
    const phases = [-2, 0].map(current => ({ current, block: single(20, () => 4e-6 * current + 30e-6) }));
    const reading = pointReading(phases, { ...steady, scheme: 'on_off' })!;
    expect([reading.current, reading.values[0]]).toEqual([-2, expect.closeTo(-8e-6, 12)]);
    expect(pointReading([phases[0], phases[0]], { ...steady, scheme: 'on_off' })).toBeUndefined();
  });

  it('lock-in: I cos - Q sin, at the phase that the measured current shows, with its ripple', () => {
    const wave = (t: number) => 2 * Math.PI * 7 * t + 0.6;
    const b = single(300, t => 3e-6 * Math.cos(wave(t)) - 1e-6 * Math.sin(wave(t)) + 50e-6);
    b.hostTime.set(b.deviceTime);
    const time = Float64Array.from(times(400, 130));
    const current = time.map((t, i) => 2 * Math.cos(wave(t)) + (i % 2 === 0 ? 0.01 : -0.01));
    const settings = { scheme: 'lock_in', mains: 50, frequency: 7 } as const;
    const reading = pointReading([{ current: 2, block: b, trace: { time, current } }], settings)!;
    expect(Math.abs(reading.values[0] - 3e-6)).toBeLessThan(1e-9);
    expect(Math.abs(reading.quadrature![0] - 1e-6)).toBeLessThan(1e-9);
    expect(Math.abs(reading.current - 2)).toBeLessThan(1e-3);
    expect(Math.abs(reading.ripple - 0.01)).toBeLessThan(1e-3);
    expect(() => pointReading([], { scheme: 'lock_in', mains: 0 })).toThrow(/needs the frequency/);
  });
});

describe('time, drift, levels', () => {
  it('bytes that come in bursts are put back on an even clock', () => {
    const b = single(100, () => 0);
    for (let i = 0; i < 100; i++) b.hostTime[i] = Math.ceil(b.deviceTime[i] / 0.064) * 0.064 + 3;
    const found = sampleTimes(b);
    for (let i = 1; i < 100; i++) expect(found[i] - found[i - 1]).toBeCloseTo(0.01, 4);
    expect(found[0]).toBeGreaterThan(2.99);
    expect(found[0]).toBeLessThan(3.02);
  });

  it('repetitions that agree within their errors show no drift; a walk is followed, with its error', () => {
    const rng = random(8);
    const n = 60;
    const time = Float64Array.from({ length: n }, (_, k) => 20 * k);
    const sigma = new Float64Array(n).fill(5e-9);
    const place = Int32Array.from(time, (_, k) => (k < 30 ? 0 : 1));
    const noise = time.map((_, k) => (place[k] === 0 ? 1e-6 : 3e-6) + 5e-9 * rng.normal());
    expect(repeatDrift({ time, value: noise, sigma, place }).at(333)).toBe(0);
    let walk = 0;
    const course = time.map(() => (walk += 30e-9 * rng.normal()));
    const drift = repeatDrift({ time, value: noise.map((v, k) => v + course[k]), sigma, place });
    const level = (from: number, to: number) => {
      const off = course.slice(from, to).map((v, k) => drift.at(time[from + k]) - v);
      const mean = off.reduce((sum, v) => sum + v, 0) / off.length;
      return Math.sqrt(off.reduce((sum, v) => sum + (v - mean) ** 2, 0) / off.length);
    };
    // Within a plane; across planes the level is only as sure as one step of the walk.
    expect(level(0, 30)).toBeLessThan(8e-9);
    expect(level(30, 60)).toBeLessThan(8e-9);
    expect(drift.errorAt(10)).toBeGreaterThan(drift.errorAt(0));
  });

  it('tie lines find the levels and slopes of lines up to what all share', () => {
    const rng = random(9);
    const lines = 20;
    const level = Float64Array.from({ length: lines }, () => 1e-7 * rng.normal());
    const slope = Float64Array.from({ length: lines }, () => 3e-8 * rng.normal());
    const crossings: Crossing[] = [];
    for (let line = 0; line < lines; line++) {
      [-0.8, 0, 0.8].forEach((along, tie) => {
        crossings.push({
          line,
          tie,
          along,
          misfit: level[line] + slope[line] * along + 1e-9 * rng.normal(),
          sigma: 1e-9,
        });
      });
    }
    const found = levelLines(crossings, lines, 3);
    expect(found.after).toBeLessThan(0.03 * found.before);
    const off = level.map((v, k) => found.level[k] - v);
    const mean = off.reduce((sum, v) => sum + v, 0) / lines;
    for (const v of off) expect(Math.abs(v - mean)).toBeLessThan(6e-9);
    const quiet = crossings.map(crossing => ({ ...crossing, misfit: 1e-9 * rng.normal() }));
    expect(levelLines(quiet, lines, 3).level.every(v => v === 0)).toBe(true);
  });

  it('least squares drops what cannot be told apart', () => {
    const ones = new Float64Array(10).fill(1);
    const fit = leastSquares(
      [ones, ones.map(v => 2 * v)],
      Float64Array.from({ length: 10 }, (_, i) => 3 + (i % 2)),
    );
    expect([fit.rank, fit.coefficients[0], fit.coefficients[1]]).toEqual([1, expect.closeTo(3.5, 12), 0]);
  });
});
