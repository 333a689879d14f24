import { z } from 'zod';
import { DeviceError } from '../../src/errors.js';
import type { RigCurrent, RigStage, Vector3 } from '../../src/model/rig.js';
import type { CurrentDriver, StageDriver } from './driver.js';
import type { CurrentSource, DeviceEvent, MotionStage } from './interfaces.js';
import type { DeviceContext } from './port.js';
import { checkLimits, place, travelOf } from './stageParts.js';

const settings = z.strictObject({});
type Settings = z.output<typeof settings>;

/** The sensor is moved by hand: the person is asked for every place. */
export class ManualStage implements MotionStage {
  readonly identity = 'moved by hand';
  readonly limits: readonly (readonly [number, number])[];
  #at: Vector3 | undefined;

  constructor(
    private readonly context: DeviceContext,
    { travel }: RigStage,
  ) {
    this.limits = travelOf({ travel });
  }

  get name(): string {
    return this.context.name;
  }

  async open(): Promise<void> {}

  onEvent(_listener: (event: DeviceEvent) => void): void {}

  async home(): Promise<void> {}

  async moveTo(target: Vector3, _feed: number, signal?: AbortSignal, onStart?: (time: number) => void): Promise<void> {
    signal?.throwIfAborted();
    checkLimits(this.name, target, this.limits);
    if (this.#at?.every((v, i) => v === target[i])) return;
    await this.context.prompt(`Move the sensor to ${place(target)}, then press Enter`, signal);
    onStart?.(this.context.clock.now());
    this.#at = target;
  }

  async position(): Promise<Vector3> {
    if (this.#at !== undefined) return this.#at;
    throw new DeviceError(`nobody has said where ${this.name} stands`, { advice: 'start the scan' });
  }

  async halt(): Promise<void> {}

  async close(): Promise<void> {}
}

/** The current is set by hand: the person is asked, and may type what the meter shows. */
export class ManualCurrent implements CurrentSource {
  readonly identity = 'set by hand';
  #flows = Number.NaN;

  constructor(
    private readonly context: DeviceContext,
    private readonly limit: number,
  ) {}

  get name(): string {
    return this.context.name;
  }

  async open(): Promise<void> {}

  onEvent(_listener: (event: DeviceEvent) => void): void {}

  async set(current: number): Promise<void> {
    checkCurrent(this.name, current, this.limit);
    if (current === this.#flows) return;
    for (;;) {
      const question = `Set the current to ${current} A, then press Enter (or type what the meter shows, A)`;
      const answer = (await this.context.prompt(question)).trim();
      const flows = answer === '' ? current : Number(answer.replace(',', '.').replace(/\s*A$/i, ''));
      if (!Number.isFinite(flows)) continue;
      this.#flows = flows;
      return;
    }
  }

  async alternate(peak: number, frequency: number): Promise<void> {
    checkCurrent(this.name, peak, this.limit);
    this.#flows = Number.NaN;
    await this.context.prompt(
      `Let the current alternate as a sine of ${peak} A (peak) at ${frequency} Hz, then press Enter`,
    );
  }

  async measure(): Promise<number> {
    return this.#flows;
  }

  /** Out of reach from here: who ends the scan tells the person. */
  async off(): Promise<void> {
    this.#flows = Number.NaN;
  }

  async close(): Promise<void> {}
}

/** @throws {DeviceError} for a current beyond `limit_A`; nothing was set. */
export function checkCurrent(name: string, current: number, limit: number): void {
  if (Math.abs(current) <= limit) return;
  throw new DeviceError(`${name}: ${current} A is more than the ${limit} A that may be set`, {
    advice: 'lower current_A, or raise limit_A of the current in rig.yaml',
  });
}

/** The driver `manual` of a stage in rig.yaml. */
export const manualStageDriver: StageDriver<Settings> = {
  settings,
  baud: 115_200,
  make: (context, _, stage) => new ManualStage(context, stage),
};

/** The driver `manual` of a current in rig.yaml. */
export const manualCurrentDriver: CurrentDriver<Settings> = {
  settings,
  baud: 115_200,
  make: (context, _, { limit }: RigCurrent) => new ManualCurrent(context, limit),
};
