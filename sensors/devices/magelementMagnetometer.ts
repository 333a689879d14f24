import { z } from 'zod';
import type { RigSensor } from '../../src/model/rig.js';
import { MAGELEMENT_T_PER_COUNT, type MagElementMessage, magelement } from '../codecs/magelement.js';
import { CounterUnwrapper } from '../codecs/unwrap.js';
import { FLAGS } from '../samples.js';
import type { SensorDriver } from './driver.js';
import { scaledBy } from './elementStream.js';
import type { DeviceContext } from './port.js';
import { StreamMagnetometer } from './streamMagnetometer.js';

const settings = z.strictObject({});
type Settings = z.output<typeof settings>;

/** Bits of a frame's counter, and what says that a head is valid or in its dead zone. */
const COUNTER = 0x7ff;
const VALID = [0x4000, 0x8000];
const DEAD_ZONE = 0x1;
const NANOTESLA = 1e-9;
/** Samples per second of blocks. */
const BLOCK_RATE = 1000;

/**
 * Geometrics MagElement (MFAM): one or two total-field heads, each an element of one axis (the ambient field's direction).
 * Decimated records hold the field of the first element alone.
 */
export class MagelementMagnetometer extends StreamMagnetometer<MagElementMessage, never> {
  readonly #raw = new Float64Array(1);
  readonly #counter = new CounterUnwrapper(COUNTER + 1);

  constructor(context: DeviceContext, sensor: RigSensor) {
    super(context, magelement, sensor, () => scaledBy(MAGELEMENT_T_PER_COUNT));
    this.requireChannels(1, 2);
  }

  protected override async setUp(): Promise<void> {
    await this.firstReading('check the host and its port (TCP 1000 or 3000), and that it streams');
    this.identity = 'Geometrics MagElement';
  }

  protected override accept(message: MagElementMessage, time: number): void {
    if (message.kind === 'block') {
      message.frames.forEach((frame, i) => {
        const counter = this.#counter.push(frame.frameId & COUNTER);
        if (this.#counter.missing > 0 || this.#counter.restarted) this.gap();
        const times = { counter, deviceTime: (message.index + i) / BLOCK_RATE, hostTime: time };
        this.streams.forEach((stream, head) => {
          this.#raw[0] = head === 0 ? frame.mag1 : frame.mag2;
          const status = head === 0 ? frame.mag1Status : frame.mag2Status;
          const unlocked = (frame.frameId & VALID[head]) === 0 ? FLAGS.unlocked : 0;
          stream.push(this.#raw, 0, times, unlocked | (status & DEAD_ZONE ? FLAGS.deadZone : 0));
        });
      });
    } else if (message.kind === 'decimated') {
      this.#raw[0] = (message.field * NANOTESLA) / MAGELEMENT_T_PER_COUNT;
      const times = { counter: Number.NaN, deviceTime: Number.NaN, hostTime: time };
      this.streams[0].push(this.#raw, 0, times, message.valid === 0 ? FLAGS.unlocked : 0);
    }
  }
}

/** The driver `magelement` of rig.yaml. */
export const magelementDriver: SensorDriver<Settings> = {
  settings,
  baud: 115_200,
  make: (context, _, sensor) => new MagelementMagnetometer(context, sensor),
};
