import { wait } from '../clock.js';
import { StreamMagnetometer } from './streamMagnetometer.js';

/** Instruments that say a reading only when asked: they are asked again and again, as often as `rate_Hz` says. */
export abstract class PolledMagnetometer<Message, Command> extends StreamMagnetometer<Message, Command> {
  #polling = false;
  #loop: Promise<void> = Promise.resolve();

  /** Asks for one reading and pushes it. @throws {DeviceError} */
  protected abstract read(): Promise<void>;

  protected override async begin(): Promise<void> {
    this.#polling = true;
    this.#loop = this.#poll();
  }

  protected override async end(): Promise<void> {
    this.#polling = false;
    await this.#loop;
  }

  protected override lost(): void {
    this.#polling = false;
  }

  /** Answers to questions that were given up. */
  protected override accept(_message: Message, _time: number): void {}

  /** A reading is due at every period, whatever the last one took; periods that were missed stay missed. */
  async #poll(): Promise<void> {
    const { clock } = this.port;
    const start = clock.now();
    for (let period = 1; this.#polling; ) {
      try {
        await this.read();
      } catch (error) {
        if (!this.#polling) return;
        this.#polling = false;
        this.port.emit({ kind: 'lost', message: error instanceof Error ? error.message : String(error) });
        return;
      }
      this.deliver();
      period = Math.max(period + 1, Math.floor((clock.now() - start) * this.rate) + 1);
      await wait(clock, start + period / this.rate - clock.now());
    }
  }
}
