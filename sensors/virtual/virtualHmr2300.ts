import {
  HMR2300_MOST,
  HMR2300_T_PER_COUNT,
  type Hmr2300Command,
  type Hmr2300Format,
  hmr2300,
} from '../codecs/hmr2300.js';
import { Outbox, SampleClock } from './outbox.js';
import type { SensorModel, VirtualDevice } from './virtualDevice.js';

const RATES = [10, 20, 25, 30, 40, 50, 60, 100, 123, 154];
const EVERYONE = 99;
/** Samples that it takes to begin after a command. */
const PAUSE = 7;

/** Honeywell HMR2300: changes need `WE` before each, ESC ends continuous output. */
export class VirtualHmr2300 implements VirtualDevice {
  readonly #commands = hmr2300('ascii').commandDecoder();
  readonly #out = new Outbox();
  readonly #clock = new SampleClock(20);
  readonly #field: Float64Array;
  #format: Hmr2300Format = 'ascii';
  #mayWrite = false;

  constructor(
    readonly model: SensorModel,
    readonly device = 0,
  ) {
    this.#field = new Float64Array(model.channels);
  }

  receive(bytes: Uint8Array, time: number): void {
    this.#advance(time);
    const commands: Hmr2300Command[] = [];
    this.#commands.push(bytes, commands);
    for (const command of commands) {
      if (command.kind === 'stop') this.#clock.stop();
      else if (command.device === EVERYONE || command.device === this.device) this.#obey(command.text, time);
    }
  }

  poll(time: number): Uint8Array {
    this.#advance(time);
    return this.#out.take();
  }

  #advance(time: number): void {
    this.#clock.due(time, at => this.#sample(at));
  }

  #obey(text: string, time: number): void {
    const rate = /^R=(\d{2,3})$/.exec(text);
    const writes = rate !== null || ['A', 'B', 'D', '!BR=F', '!BR=S'].includes(text);
    if (writes && !this.#mayWrite) this.#reply('WE OFF');
    else if (text === 'WE') {
      this.#mayWrite = true;
      this.#reply('OK');
      return;
    } else if (rate !== null && RATES.includes(Number(rate[1]))) {
      this.#clock.rate = Number(rate[1]);
      if (this.#clock.running) this.#clock.start(time);
      this.#reply('OK');
    } else if (text === 'A' || text === 'B') {
      this.#format = text === 'A' ? 'ascii' : 'binary';
      this.#reply(text === 'A' ? 'ASCII ON' : 'BINARY ON');
    } else if (text === 'P') this.#sample(time);
    else if (text === 'C') this.#clock.start(time + PAUSE / this.#clock.rate);
    else if (text === '#') this.#reply('SER# 2300');
    else if (text === 'ID') this.#reply(`ID= ${String(this.device).padStart(2, '0')}`);
    else if (text === 'H') this.#reply('H/W vers: 1.0');
    else if (text === 'Q') this.#reply(`S/W vers: 1.0 R=${this.#clock.rate}`);
    else if (text === 'D') {
      this.#format = 'ascii';
      this.#clock.rate = 20;
      this.#reply('OK');
    } else if (text === '!BR=F' || text === '!BR=S') this.#reply('OK');
    else this.#reply('Re-enter');
    this.#mayWrite = false;
  }

  #reply(text: string): void {
    this.#out.put(hmr2300('ascii').encodeMessage({ kind: 'reply', text }));
  }

  #sample(time: number): void {
    this.model.read(time, this.#field);
    const [x, y, z] = [0, 1, 2].map(i => {
      const count = Math.round((this.#field[i] ?? 0) / HMR2300_T_PER_COUNT);
      return Math.max(-HMR2300_MOST, Math.min(HMR2300_MOST, count)) + 0;
    });
    this.#out.put(hmr2300(this.#format).encodeMessage({ kind: 'sample', counts: [x, y, z] }));
  }
}
