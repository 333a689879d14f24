/**
 * A pass that several threads carry out together, told by five words of a memory that they share. It is cut into pieces, and
 * everybody takes pieces until none is left: who is late finds nothing to do.
 *
 *   TICKET  number of the pass << 12 | pieces that nobody has taken; a piece is taken by counting down
 *   DONE    pieces that are finished
 *   SIZE    blocks in a piece
 *   BLOCKS  blocks in the pass
 *   COUNT   pieces in the pass
 */
export const TICKET = 0;
export const DONE = 1;
export const SIZE = 2;
export const BLOCKS = 3;
export const COUNT = 4;
export const PIECES = 0xfff;
const SPINS = 20_000;

/** Does the blocks from `from` to `to`. */
export type Piece = (from: number, to: number) => void;

/** The side of the thread that begins passes, one after another. */
export class Pass {
  /** @param words the five of it @param run what falls to this thread @param call tells the others that a pass has begun */
  constructor(
    private readonly words: Int32Array,
    private readonly run: Piece,
    private readonly call: () => void,
  ) {}

  /** Begins a pass of so many blocks in so many pieces; the last one is {@link finished}. */
  begin(blocks: number, pieces: number): void {
    const { words } = this;
    const size = Math.ceil(blocks / Math.min(pieces, PIECES));
    const count = Math.ceil(blocks / size);
    const pass = (Atomics.load(words, TICKET) >> 12) + 1;
    words[SIZE] = size;
    words[BLOCKS] = blocks;
    words[COUNT] = count;
    Atomics.store(words, DONE, 0);
    Atomics.store(words, TICKET, ((pass & 0x7ffff) << 12) | count);
    this.call();
  }

  get finished(): boolean {
    return Atomics.load(this.words, DONE) >= this.words[COUNT];
  }

  /** Does pieces until none is left, and waits for those that others have taken. */
  finish(): void {
    const { words } = this;
    for (;;) {
      const ticket = Atomics.load(words, TICKET);
      const left = ticket & PIECES;
      if (left === 0) break;
      if (Atomics.compareExchange(words, TICKET, ticket, ticket - 1) !== ticket) continue;
      this.run((left - 1) * words[SIZE], Math.min(left * words[SIZE], words[BLOCKS]));
      Atomics.add(words, DONE, 1);
    }
    for (let spins = 0; ; spins++) {
      const done = Atomics.load(words, DONE);
      if (done >= words[COUNT]) return;
      if (spins > SPINS) rest(words, done);
    }
  }
}

/** Gives the processor to a helper that lost it in the middle of its piece. */
function rest(words: Int32Array, done: number): void {
  try {
    Atomics.wait(words, DONE, done, 0.2);
  } catch {
    // A page's main thread may not wait; it goes on asking.
  }
}
