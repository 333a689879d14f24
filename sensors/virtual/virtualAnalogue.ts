import { type AnalogueCommand, type AnalogueSettings, analogue, analogueVolts } from '../codecs/analogue.js';
import { Outbox, SampleClock } from './outbox.js';
import type { SensorModel, VirtualDevice } from './virtualDevice.js';

/** A converter behind analogue magnetometers: lines of volts by itself, or one for each question. */
export class VirtualAnalogue implements VirtualDevice {
  readonly #codec: ReturnType<typeof analogue>;
  readonly #commands: ReturnType<ReturnType<typeof analogue>['commandDecoder']>;
  readonly #out = new Outbox();
  readonly #clock: SampleClock;
  readonly #field: Float64Array;

  /**
   * @param model channels in the order of the settings' `channels`
   * @param rate of the lines, 1/s
   */
  constructor(
    readonly settings: AnalogueSettings,
    readonly model: SensorModel,
    rate: number,
  ) {
    this.#codec = analogue(settings);
    this.#commands = this.#codec.commandDecoder();
    this.#clock = new SampleClock(rate);
    this.#field = new Float64Array(model.channels);
  }

  receive(bytes: Uint8Array, time: number): void {
    this.#advance(time);
    const commands: AnalogueCommand[] = [];
    this.#commands.push(bytes, commands);
    for (let i = 0; i < commands.length; i++) this.#sample(time);
  }

  poll(time: number): Uint8Array {
    this.#advance(time);
    return this.#out.take();
  }

  #advance(time: number): void {
    if (this.settings.over === 'scpi') return;
    if (!this.#clock.running) this.#clock.start(time);
    this.#clock.due(time, at => this.#sample(at));
  }

  #sample(time: number): void {
    this.model.read(time, this.#field);
    const volts = this.settings.channels.map((channel, i) => {
      const limit = channel.limit_V ?? Number.POSITIVE_INFINITY;
      const value = analogueVolts(channel, this.#field[i]);
      return Number(Math.max(-limit, Math.min(limit, value)).toPrecision(9));
    });
    this.#out.put(this.#codec.encodeMessage({ kind: 'volts', volts }));
  }
}
