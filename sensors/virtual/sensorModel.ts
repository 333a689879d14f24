import type { Rig, RigSensor, Vector3 } from '../../src/model/rig.js';
import { sensorNamed } from '../../src/sensorPresets.js';
import { FLAGS } from '../samples.js';
import { cellOf } from '../scan/travel.js';
import { noiseAt, sensorNoise } from './noise.js';
import type { SensorModel } from './virtualDevice.js';
import type { VirtualBench } from './world.js';

/** How a sensor differs from a perfect one. Each error is drawn from the seed, one per element and channel. */
export interface SensorErrors {
  /** Standard deviation of the gains, relative. */
  readonly gain?: number;
  /** Of the offsets, T. */
  readonly offset?: number;
  /** Of what a channel takes from each other axis, relative. */
  readonly crossAxis?: number;
  /** Half the width of the hysteresis, T. */
  readonly hysteresis?: number;
  /** Of the place of each element along each axis, m. */
  readonly place?: number;
  readonly seed?: number;
  /**
   * What the noise depends on. `time`: on the time of the sample, as a sensor's does. `place`: on the place; it repeats
   * itself every `average` seconds, so that the mean over such a time is the same whenever it begins, and a scan that was
   * interrupted equals one that was not.
   */
  readonly noiseBy?: 'time' | 'place';
}

/**
 * An element at the moving (or, for a reference sensor, fixed) place of a virtual bench: its axes with gain, offset and
 * cross-axis errors, hysteresis, white and 1/f noise, clipping at its range, steps of its output. The offset of a
 * reference sensor's element counts from the cell's origin.
 */
export function sensorModel(
  rig: Rig,
  sensorIndex: number,
  elementIndex: number,
  bench: VirtualBench,
  errors: SensorErrors = {},
): SensorModel {
  const sensor = rig.sensors[sensorIndex];
  const element = sensor.elements[elementIndex];
  const { seed = 1, noiseBy = 'time', hysteresis = 0 } = errors;
  const stream = 1000 * (sensorIndex + 1) + 10 * elementIndex;
  const drawn = (k: number, size = 0) => (size === 0 ? 0 : size * noiseAt(seed, 500_000 + stream, k));
  const channels = element.axes.length;
  const axes = element.axes.map((axis, c): Vector3 => {
    const gain = 1 + drawn(c, errors.gain);
    const of = (k: number) => gain * (axis[k] + (1 - axis[k] ** 2) * drawn(10 + 3 * c + k, errors.crossAxis));
    return [of(0), of(1), of(2)];
  });
  const offsets = axes.map((_, c) => drawn(30 + c, errors.offset));
  const offset = element.offset.map((v, k) => v + drawn(40 + k, errors.place)) as [number, number, number];
  const { noise, range, rate, corner, step } = characteristics(sensor);
  const perStay = Math.max(1, Math.round(rig.scan.average * rate));
  const place = new Float64Array(3);
  const field = new Float64Array(3);
  const held = new Float64Array(channels).fill(Number.NaN);
  let reads = 0;
  return {
    channels,
    read(stamp, out) {
      const time = stamp + element.delay;
      const moved =
        rig.stage === undefined || sensor.role === 'reference' ? ORIGIN : cellOf(rig.stage, bench.position(time));
      for (let k = 0; k < 3; k++) place[k] = moved[k] + offset[k];
      bench.world.field(place, bench.current(time), time, field);
      const sample = Math.round(time * rate);
      reads++;
      const stay = noiseBy === 'place' ? placeNumber(moved) : 0;
      let flags = 0;
      for (let c = 0; c < channels; c++) {
        const axis = axes[c];
        let value = axis[0] * field[0] + axis[1] * field[1] + axis[2] * field[2] + offsets[c];
        if (hysteresis > 0) {
          // A play: the output follows only when the field has crossed the width.
          held[c] = Number.isNaN(held[c]) ? value : Math.min(Math.max(held[c], value - hysteresis), value + hysteresis);
          value = held[c];
        }
        value +=
          noiseBy === 'place'
            ? noise * noiseAt(seed, stream + c + STRIDE * (reads % perStay), stay)
            : noise * sensorNoise(seed, stream + c, sample, corner / rate);
        if (Math.abs(value) > range) {
          value = Math.sign(value) * range;
          flags |= FLAGS.overrange;
        }
        out[c] = step > 0 ? step * Math.round(value / step) : value;
      }
      return flags;
    },
  };
}

/** Between the streams of one stay. */
const STRIDE = 65_537;
const ORIGIN: Vector3 = [0, 0, 0];

function characteristics({ noise, range, rate, corner, preset }: RigSensor) {
  return { noise, range, rate, corner, step: preset === undefined ? 0 : sensorNamed(preset).step };
}

/** A whole number for a place, to 10 um: what repeats a scan's own rounding lands on. */
function placeNumber(at: Vector3): number {
  const [x, y, z] = at.map(v => Math.round(v * 1e5) + 50_000);
  return (x * 100_003 + y) * 100_003 + z;
}
