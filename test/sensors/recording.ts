import type { LineRecord, PointRecord, ReferenceRecord, ScanRecord } from '../../sensors/processing/record.js';
import type { SampleBlock } from '../../sensors/samples.js';
import type { ScanPlan } from '../../sensors/scan/plan.js';
import { trajectory, wayAt } from '../../sensors/scan/trajectory.js';
import { stageOf } from '../../sensors/scan/travel.js';
import { type SensorErrors, sensorModel } from '../../sensors/virtual/sensorModel.js';
import type { VirtualBench, World } from '../../sensors/virtual/world.js';
import type { Rig, Vector3 } from '../../src/model/rig.js';

/** How late bytes come, s. */
const LATE = 0.003;

/** A bench whose stage and current are where a test puts them. */
export class Bench implements VirtualBench {
  at: (time: number) => Vector3 = () => [0, 0, 0];
  flowing = 0;
  constructor(readonly world: World) {}
  position(time: number): Vector3 {
    return this.at(time);
  }
  current(): number {
    return this.flowing;
  }
}

export function block(
  times: readonly number[],
  channels: number,
  read: (time: number, out: Float64Array) => number,
): SampleBlock {
  const count = times.length;
  const field = new Float64Array(count * channels);
  const flags = new Uint16Array(count);
  const one = new Float64Array(channels);
  times.forEach((t, i) => {
    flags[i] = read(t, one);
    field.set(one, i * channels);
  });
  return {
    count,
    channels,
    counter: Float64Array.from(times, (_, i) => i),
    deviceTime: Float64Array.from(times),
    hostTime: Float64Array.from(times, t => t + LATE),
    flags,
    raw: field,
    field,
  };
}

export interface RecordingOptions extends SensorErrors {
  /** How much later readings of moving lines come, s. */
  readonly lag?: number;
}

/** Carries a plan out on a bench, in simulated time. */
export function recorded(rig: Rig, plan: ScanPlan, bench: Bench, options: RecordingOptions = {}): ScanRecord {
  const { scan } = rig;
  const models = plan.elements.map(({ sensor, element }) => sensorModel(rig, sensor, element, bench, options));
  const points: PointRecord[] = [];
  const lines: LineRecord[] = [];
  const current = scan.current ?? 1;
  const { lag = 0 } = options;
  let now = 0;
  const timesOf = (sensor: number, from: number, to: number) => {
    const { rate } = rig.sensors[sensor];
    const first = Math.ceil(from * rate);
    return Array.from({ length: Math.max(0, Math.round((to - from) * rate)) }, (_, i) => (first + i) / rate);
  };
  plan.steps.forEach((step, index) => {
    if (step.kind === 'point') {
      const stage = step.stage;
      bench.at = () => stage;
      now += 0.3;
      const courses = { steady: [1], on_off: [1, 0], reversed: [1, -1], lock_in: [1] }[scan.scheme];
      const phases = courses.map(course => {
        const window = [now, now + scan.average] as const;
        now += scan.average + 0.02;
        return { course, window };
      });
      plan.elements.forEach(({ sensor, element, axes }, e) => {
        points.push({
          step: index,
          sensor,
          element,
          phases: phases.map(({ course, window }) => ({
            current: course * current,
            // Arrivals are late by the same as host times.
            phase: -2 * Math.PI * (scan.frequency ?? 0) * LATE,
            block: block(timesOf(sensor, ...window), axes.length, (t, out) => {
              const angle = 2 * Math.PI * (scan.frequency ?? 0) * t;
              bench.flowing = course * current * (scan.scheme === 'lock_in' ? Math.cos(angle) : 1);
              return models[e].read(t, out);
            }),
          })),
        });
      });
    } else if (step.kind === 'line') {
      now += 0.5;
      const start = now;
      const { from, to } = step;
      const length = Math.hypot(...to.map((v, k) => v - from[k]));
      const path = trajectory(length, step.feed, rig.stage!.acceleration);
      bench.at = t => {
        const s = wayAt(path, t - start) / length;
        return stageOf(rig.stage!, [
          from[0] + s * (to[0] - from[0]),
          from[1] + s * (to[1] - from[1]),
          from[2] + s * (to[2] - from[2]),
        ]);
      };
      bench.flowing = current;
      now += path.duration + 0.2;
      plan.elements.forEach(({ sensor, element, axes }, e) => {
        lines.push({
          step: index,
          sensor,
          element,
          start,
          current,
          block: block(timesOf(sensor, start, now), axes.length, (t, out) => models[e].read(t - lag, out)),
        });
      });
    }
  });
  const references: ReferenceRecord[] = rig.sensors.flatMap((sensor, s) =>
    sensor.role !== 'reference'
      ? []
      : sensor.elements.map((element, e) => {
          const model = sensorModel(rig, s, e, bench, options);
          return { sensor: s, element: e, block: block(timesOf(s, 0, now), element.axes.length, model.read) };
        }),
  );
  return { rig, plan, points, lines, references };
}
