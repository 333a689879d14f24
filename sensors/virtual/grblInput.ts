import { type GrblCommand, type GrblRealtime, grbl } from '../codecs/grbl.js';

/** What the controller's input holds: lines that wait and the beginning of one. What does not fit is lost without a word. */
export class GrblInput {
  readonly #decoder = grbl.commandDecoder();
  readonly #commands: GrblCommand[] = [];
  readonly #lines: string[] = [];
  #queued = 0;
  #partial = 0;

  /** @param bytes that it holds */
  constructor(private readonly bytes: number) {}

  /** Bytes of the lines that wait. */
  get queued(): number {
    return this.#queued;
  }

  /** Takes a byte; the realtime command that it is, which takes no room. */
  take(byte: number): GrblRealtime | undefined {
    const realtime = byte >= 0x80 || byte === 0x18 || byte === 0x21 || byte === 0x3f || byte === 0x7e;
    if (!realtime && this.#queued + this.#partial >= this.bytes - 1) return undefined;
    if (!realtime) this.#partial++;
    this.#commands.length = 0;
    this.#decoder.push(Uint8Array.of(byte), this.#commands);
    const [command] = this.#commands;
    if (command?.kind === 'realtime') return command.name;
    if (command !== undefined) {
      this.#lines.push(command.text);
      this.#queued += this.#partial;
      this.#partial = 0;
    }
    return undefined;
  }

  /** The next line, which leaves its room. */
  next(): string | undefined {
    const line = this.#lines.shift();
    if (line !== undefined) this.#queued = Math.max(0, this.#queued - line.length - 1);
    return line;
  }

  clear(): void {
    this.#lines.length = 0;
    this.#queued = this.#partial = 0;
    this.#decoder.reset();
  }
}
