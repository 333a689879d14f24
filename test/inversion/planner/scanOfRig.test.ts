import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { averagedNoise, averagingFor } from '../../../inversion/planner/readingNoise.js';
import { rigReadings } from '../../../inversion/planner/rigReadings.js';
import { moveTime, scanCourse } from '../../../inversion/planner/scanCourse.js';
import { parseRig } from '../../../src/model/parseRig.js';
import { cell, rig } from './support.js';

/** Integral over u from 0 on, on a logarithmic grid. */
function integral(f: (u: number) => number, from: number): number {
  let sum = 0;
  const steps = 400_000;
  const step = Math.log(1e4 / from) / steps;
  for (let i = 0; i < steps; i++) {
    const u = from * Math.exp((i + 0.5) * step);
    sum += f(u) * u * step;
  }
  return sum;
}
const sinc = (u: number) => Math.sin(Math.PI * u) / (Math.PI * u);

describe('the noise of a point', () => {
  const sensor = { noise: 40e-9, rate: 100, corner: 0 };

  it('of a white sensor falls with the root of the readings; a difference of halves has twice, an amplitude root two of it', () => {
    const of = (scheme: 'steady' | 'reversed' | 'on_off' | 'lock_in', average: number) =>
      averagedNoise(sensor, { scheme, average, frequency: 10 }, 1000);
    expect(of('steady', 4)).toBeCloseTo(of('steady', 1) / 2, 15);
    expect(of('steady', 1)).toBeCloseTo(4e-9, 15);
    expect(of('reversed', 1)).toBeCloseTo(4e-9, 15);
    expect(of('on_off', 1)).toBeCloseTo(8e-9, 15);
    expect(of('lock_in', 1)).toBeCloseTo(4e-9 * Math.SQRT2, 15);
  });

  it('of 1/f noise is the integral of what each scheme lets pass', () => {
    const slow = { noise: 1, rate: 1, corner: 1e6 };
    const unit = 2e6;
    const steady = averagedNoise(slow, { scheme: 'steady', average: 1 }, 1000) ** 2 / unit;
    expect(steady).toBeCloseTo(
      integral(u => sinc(u) ** 2 / u, 1 / 1000),
      3,
    );
    const reversed = averagedNoise(slow, { scheme: 'reversed', average: 1 }, 1000) ** 2 / unit;
    expect(reversed).toBeCloseTo(
      integral(u => (sinc(u) * Math.sin(Math.PI * u)) ** 2 / u, 1e-6),
      3,
    );
  });

  it('tells how long to average for a wanted error', () => {
    const course = { scheme: 'reversed', average: 10 } as const;
    const average = averagingFor(8e-9, sensor, course, 100);
    expect(averagedNoise(sensor, { ...course, average }, 100)).toBeCloseTo(8e-9, 14);
    expect(averagingFor(1e-12, sensor, course, 100)).toBe(10);
  });
});

describe('the time of a scan', () => {
  it('moves along a triangle of speed, or a trapezoid', () => {
    expect(moveTime({ feed: 1, acceleration: 1 }, 0.25)).toBeCloseTo(1, 12);
    expect(moveTime({ feed: 1, acceleration: 1 }, 3)).toBeCloseTo(4, 12);
    // Both laws agree where the feed is just reached.
    expect(moveTime({ feed: 2, acceleration: 4 }, 1)).toBeCloseTo(2 * Math.sqrt(1 / 4), 12);
  });

  it('adds up, visits every point once, neighbours in turn, and is linear in the averaging', () => {
    const course = scanCourse(rig(), cell());
    const { time, x, y, columns, rows } = course;
    expect(x.length).toBe(columns * rows);
    expect(time.moving + time.settling + time.averaging + time.repeats).toBeCloseTo(time.total, 9);
    for (let i = 1; i < x.length; i++) expect(Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1])).toBeLessThan(5.001e-3);
    expect(new Set(Array.from(x, (v, i) => `${v.toFixed(6)} ${y[i].toFixed(6)}`)).size).toBe(x.length);
    const longer = scanCourse(rig({ average: 0.5 }), cell());
    const repeats = time.repeatCount + x.length;
    expect(longer.time.total - time.total).toBeCloseTo(repeats * (0.5 - 0.1), 9);
    expect(scanCourse(rig({ mode: 'fly' }), cell()).time.total).toBeLessThan(time.total);
  });

  it('ends a point early where the wanted error is reached', () => {
    const course = scanCourse(rig({ average: 10, targetSigma: 10e-9 }), cell());
    expect(course.average).toBeGreaterThan(0.1);
    expect(course.average).toBeLessThan(1);
  });
});

describe('the readings of a rig', () => {
  it('are one per point, element and axis, where the elements are', () => {
    const bar = rig({}, [
      { name: 'a', offset: [-0.02, 0, 0], axes: [[0, 0, 1]], delay: 0 },
      {
        name: 'b',
        offset: [0.02, 0, 0.001],
        axes: [
          [1, 0, 0],
          [0, -1, 0],
        ],
        delay: 0,
      },
    ]);
    const course = scanCourse(bar, cell());
    const { readings } = rigReadings(bar, course);
    expect(readings.count).toBe(3 * course.x.length);
    expect(readings.x[1] - readings.x[0]).toBeCloseTo(0.04, 12);
    expect(readings.z[1] - readings.z[0]).toBeCloseTo(0.001, 12);
    expect([readings.nz[0], readings.nx[1], readings.ny[2]]).toEqual([1, 1, -1]);
    expect(readings.first[2]).toBe(3);
    expect(readings.axes).toEqual(['bx', 'by', 'bz']);
  });
});

describe('the rigs of the examples', () => {
  const folder = new URL('../../../examples/rigs/', import.meta.url);
  it.each(readdirSync(folder))('%s is read', name => {
    const read = parseRig(readFileSync(new URL(name, folder), 'utf8'), name);
    expect(read.sensors.some(sensor => sensor.role === 'scan')).toBe(true);
  });
});
