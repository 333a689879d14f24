import { parseNumber } from '../codecs/numbers.js';
import { type ScpiCommand, type ScpiDialect, type ScpiError, type ScpiMessage, scpi } from '../codecs/scpi.js';
import { Outbox } from './outbox.js';
import type { VirtualSource } from './virtualDevice.js';

/** Changes of the current that are remembered, so that a sensor can ask what flowed a while ago. */
const REMEMBERED = 256;

/** A supply or load that keeps to a dialect: set, on, off, measure, errors. The current settles exponentially. */
export class VirtualScpiSource implements VirtualSource {
  readonly #out = new Outbox();
  readonly #commands = scpi.commandDecoder();
  readonly #changes: { readonly time: number; readonly from: number; readonly to: number }[] = [];
  readonly #errors: ScpiError[] = [];
  #set = 0;
  #sign: 1 | -1 = 1;
  #on = false;

  /**
   * @param limit largest current, A
   * @param settling time constant, s
   */
  constructor(
    readonly dialect: ScpiDialect,
    readonly limit: number,
    readonly settling = 0.01,
  ) {}

  /** A, of charging current. */
  current(time: number): number {
    for (let i = this.#changes.length - 1; i >= 0; i--) {
      const { time: start, from, to } = this.#changes[i];
      if (time >= start) return to + (from - to) * Math.exp(-(time - start) / this.settling);
    }
    return this.#changes.length > 0 ? this.#changes[0].from : 0;
  }

  receive(bytes: Uint8Array, time: number): void {
    const commands: ScpiCommand[] = [];
    this.#commands.push(bytes, commands);
    for (const { text } of commands) this.#obey(text, time);
  }

  poll(): Uint8Array {
    return this.#out.take();
  }

  #say(message: ScpiMessage): void {
    this.#out.put(scpi.encodeMessage(message));
  }

  #obey(text: string, time: number): void {
    const { dialect } = this;
    const [before, after] = dialect.set.split('{A}');
    if (text === dialect.identify) this.#say({ kind: 'text', text: 'Savart,Virtual source,0001,1.0' });
    else if (text === dialect.measure) {
      const value = this.current(time) / dialect.measureScale;
      this.#say({ kind: 'numbers', values: [Number(value.toPrecision(7)) + 0] });
    } else if (text === dialect.errors) {
      this.#say({ kind: 'errors', errors: [this.#errors.shift() ?? { code: 0, text: 'No error' }] });
    } else if (text === dialect.on || text === dialect.off) {
      this.#on = text === dialect.on;
      this.#change(time);
    } else if (text === dialect.positive || text === dialect.negative) {
      this.#sign = text === dialect.positive ? 1 : -1;
      this.#change(time);
    } else if (text.startsWith(before) && text.endsWith(after ?? '')) {
      const value = parseNumber(text.slice(before.length, text.length - (after ?? '').length));
      if (Number.isNaN(value)) this.#fault(-104, 'Data type error');
      else if (value < 0 || value > this.limit) this.#fault(-222, 'Data out of range');
      else {
        this.#set = value;
        this.#change(time);
      }
    } else if (!dialect.prepare.includes(text) && text !== '*CLS' && text !== '*RST') {
      this.#fault(-113, 'Undefined header');
    }
  }

  #fault(code: number, text: string): void {
    if (this.#errors.length < 20) this.#errors.push({ code, text });
  }

  #change(time: number): void {
    // A load takes current out of the cell: there the measured current is the negative one.
    const direction = this.#sign * Math.sign(this.dialect.measureScale);
    this.#changes.push({ time, from: this.current(time), to: this.#on ? direction * this.#set : 0 });
    if (this.#changes.length > REMEMBERED) this.#changes.shift();
  }
}
