import { setMaxListeners } from 'node:events';
import { DeviceError } from '../../src/errors.js';
import { type Clock, within } from '../clock.js';
import { allDevices, closeDevices, type RigDevices } from '../devices/openRig.js';

/** The scan was stopped on purpose. */
export class Interrupted extends DeviceError {
  constructor() {
    super('the scan was stopped', { advice: 'go on with --resume' });
  }
}

/** The longest that one device may take to be brought to rest, s. */
const REST_SECONDS = 5;
const late = () => new DeviceError('it takes too long');
/** A current smaller than this part of what was set counts as off. */
const OFF_PART = 0.01;

/**
 * Watches over the devices of a scan: an alarm, a reset, a lost connection or the user's wish aborts {@link signal}, with
 * which everything that waits ends at once. {@link rest} then brings the bench to rest in a fixed order.
 */
export class Guard {
  readonly #stop = new AbortController();
  /** The current that was last asked for, A. */
  current = 0;

  /** @param note hears what devices say besides, and what is done at the end */
  constructor(
    private readonly devices: RigDevices,
    private readonly clock: Clock,
    private readonly note: (message: string) => void,
    user?: AbortSignal,
  ) {
    // Every device of a large rig may wait for it at once.
    setMaxListeners(0, this.signal);
    for (const device of allDevices(devices)) {
      device.onEvent(event => {
        this.note(event.message);
        if (event.kind === 'note') return;
        const advice = 'see to it, then go on with --resume';
        this.fail(new DeviceError(event.message, { advice }));
      });
    }
    const interrupt = () => this.fail(new Interrupted());
    if (user?.aborted) interrupt();
    user?.addEventListener('abort', interrupt, { once: true });
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Stops the scan for this reason; the first one counts. */
  fail(reason: unknown): void {
    if (!this.signal.aborted) this.#stop.abort(reason);
  }

  /**
   * Motion stops, the current goes off, the sensors stop, the connections close: in this order, whatever fails on the way.
   * @param halt whether the stage may be moving
   */
  async rest(halt: boolean): Promise<void> {
    const { stage, current, sensors } = this.devices;
    if (halt && stage !== undefined) await this.#quiet(stage.halt());
    if (current !== undefined) {
      await this.#quiet(current.off());
      if (this.current !== 0) {
        const flows = await within(this.clock, REST_SECONDS, current.measure(), late).catch(() => Number.NaN);
        if (!(Math.abs(flows) <= OFF_PART * Math.abs(this.current))) {
          this.note(`Switch the current off by hand: ${current.name} does not say that it is off.`);
        }
      }
    }
    await Promise.all(sensors.map(sensor => this.#quiet(sensor.stop())));
    await this.#quiet(closeDevices(this.devices));
  }

  async #quiet(work: Promise<void>): Promise<void> {
    await within(this.clock, REST_SECONDS, work, late).catch(() => undefined);
  }
}
