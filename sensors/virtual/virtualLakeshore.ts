import { type Lakeshore425Command, type LakeshoreF71Command, lakeshore425, lakeshoreF71 } from '../codecs/lakeshore.js';
import type { ScpiError, ScpiMessage } from '../codecs/scpi.js';
import { FLAGS } from '../samples.js';
import { Outbox } from './outbox.js';
import type { SensorModel, VirtualDevice } from './virtualDevice.js';

const NO_ERROR: ScpiError = { code: 0, text: 'No error' };
/** G, T, Oe, A/m per tesla. */
const PER_TESLA = [1e4, 1, 1e4, 1e7 / (4 * Math.PI)];

/** Lake Shore F71 (every answer ends with its errors) or 425 (only questions are answered). */
export class VirtualLakeshore implements VirtualDevice {
  readonly #out = new Outbox();
  readonly #commandsF71 = lakeshoreF71.commandDecoder();
  readonly #commands425 = lakeshore425.commandDecoder();
  readonly #field: Float64Array;
  /** One of {@link PER_TESLA}. */
  #unit: number;

  constructor(
    readonly kind: 'f71' | '425',
    readonly model: SensorModel,
    /** Whether `ALL` begins with the magnitude. */
    readonly magnitudeFirst = false,
  ) {
    this.#field = new Float64Array(model.channels);
    this.#unit = kind === 'f71' ? 1 : 0;
  }

  receive(bytes: Uint8Array, time: number): void {
    if (this.kind === 'f71') {
      const commands: LakeshoreF71Command[] = [];
      this.#commandsF71.push(bytes, commands);
      for (const command of commands) this.#out.put(lakeshoreF71.encodeMessage(this.#answerF71(command, time)));
      return;
    }
    const commands: Lakeshore425Command[] = [];
    this.#commands425.push(bytes, commands);
    for (const command of commands) {
      const answer = this.#answer425(command, time);
      if (answer !== undefined) this.#out.put(lakeshore425.encodeMessage(answer));
    }
  }

  poll(): Uint8Array {
    return this.#out.take();
  }

  /** Readings in the unit that was set; NaN beyond the range. */
  #readings(time: number): number[] {
    const flags = this.model.read(time, this.#field);
    const over = (flags & FLAGS.overrange) !== 0;
    return [...this.#field].map(value => (over ? Number.NaN : Number((value * PER_TESLA[this.#unit]).toPrecision(7))));
  }

  #answerF71(command: LakeshoreF71Command, time: number): ScpiMessage {
    const errors = [NO_ERROR];
    switch (command.kind) {
      case 'identify':
        return { kind: 'text', text: 'Lake Shore,F71,LSA1234,1.0.0', errors };
      case 'fetch': {
        const readings = this.#readings(time);
        const values = this.magnitudeFirst ? [Math.hypot(...readings), ...readings] : readings;
        return { kind: 'numbers', values: command.all ? values : readings.slice(0, 1), errors };
      }
      case 'temperature':
        return { kind: 'numbers', values: [23.5], errors };
      case 'probe':
        return { kind: 'text', text: 'P1234', errors };
      case 'unit':
        this.#unit = command.unit === 'TESLA' ? 1 : 0;
        return { kind: 'errors', errors };
      case 'raw':
        return { kind: 'errors', errors: [{ code: -113, text: 'Undefined header' }] };
      default:
        return { kind: 'errors', errors };
    }
  }

  #answer425(command: Lakeshore425Command, time: number): ScpiMessage | undefined {
    switch (command.kind) {
      case 'identify':
        return { kind: 'text', text: 'LSCI,MODEL425,4251234,1.0' };
      case 'field':
        return { kind: 'numbers', values: this.#readings(time).slice(0, 1) };
      case 'askUnit':
        return { kind: 'numbers', values: [this.#unit + 1] };
      case 'unit':
        this.#unit = command.unit - 1;
        return undefined;
      default:
        return undefined;
    }
  }
}
