import type { Vector3 } from '../../src/model/rig.js';
import { elementPosition, type LineStep } from '../scan/plan.js';
import { findLag, type Lag, type LinePair } from './lag.js';
import { type LineSamples, lineReadings, lineSamples } from './lineReadings.js';
import type { Layout, MapReading } from './mapReading.js';
import { along, alongSigma, elementIndex, responseOf, type Tally } from './pointReadings.js';
import type { ScanRecord } from './record.js';

/** The readings of all moving lines, and the lag that was found and taken into account. */
export function flyReadings(
  record: ScanRecord,
  layout: Layout,
  tally: Tally,
): { readonly readings: MapReading[]; readonly lag: Lag | undefined } {
  const { rig, plan } = record;
  const acceleration = rig.stage?.acceleration ?? Number.POSITIVE_INFINITY;
  const lines = record.lines.map(line => {
    const step = plan.steps[line.step];
    if (step.kind !== 'line') throw new Error(`step ${line.step} is no line`);
    const { range, elements } = rig.sensors[line.sensor];
    const samples = lineSamples(line, step, acceleration, elements[line.element].delay, range);
    tally.samples += line.block.count;
    tally.invalid += samples.invalid;
    tally.outliers += samples.outliers;
    return samples;
  });
  const lag = findLag(pairsOf(lines), plan.pitch, rig.scan.mains);
  const readings = lines.flatMap((line): MapReading[] => {
    const { record: from, step } = line;
    const element = elementIndex(plan.elements, from.sensor, from.element);
    const response = responseOf(record, from.sensor, from.element, from.temperature);
    const found = lineReadings(line, plan.pitch, lag?.value ?? 0, rig.scan.mains);
    if (found.count === 0) tally.lost++;
    return Array.from({ length: found.count }, (_, k) => {
      const part = (values: Float64Array) => values.subarray(k * found.channels, (k + 1) * found.channels);
      return {
        step: from.step,
        element,
        place: elementPosition(placeOn(step, found.way[k]), { offset: response.place }),
        time: found.time[k],
        line: step.line * plan.elements.length + element,
        current: from.current,
        values: along(part(found.values), response, layout),
        sigma: alongSigma(part(found.sigma), response, layout),
        way: found.way[k],
      };
    });
  });
  return { readings, lag };
}

/** The stage's point so far along a line, m. */
export function placeOn({ from, to }: LineStep, way: number): Vector3 {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
  const t = way / length;
  return [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1]), from[2] + t * (to[2] - from[2])];
}

/** Lines that were run there and back. */
function pairsOf(lines: readonly LineSamples[]): LinePair[] {
  const key = (step: number, { record }: LineSamples) => `${step} ${record.sensor} ${record.element}`;
  const there = new Map(lines.map(line => [key(line.record.step, line), line]));
  return lines.flatMap(back => {
    const { repeatOf } = back.step;
    const first = repeatOf === undefined ? undefined : there.get(key(repeatOf, back));
    return first === undefined ? [] : [{ there: first, back }];
  });
}
