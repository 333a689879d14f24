import fc from 'fast-check';
import type { Codec, Decoder } from '../../../sensors/codecs/codec.js';

/** Latin-1 text as bytes. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0));
}

export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replace(/\s/g, '').match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}

export function text(data: Uint8Array): string {
  return String.fromCharCode(...data);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => [...part]));
}

/** What a fresh decoder hears in the bytes, fed at once or in pieces of the given lengths, over and over. */
export function decoded<Message>(
  decoder: Decoder<Message>,
  data: Uint8Array | string,
  pieces: readonly number[] = [],
): Message[] {
  const all = typeof data === 'string' ? bytes(data) : data;
  const out: Message[] = [];
  for (let at = 0, i = 0; at < all.length; i++) {
    const length = pieces.length === 0 ? all.length : pieces[i % pieces.length];
    decoder.push(all.subarray(at, at + length), out);
    at += length;
  }
  return out;
}

export const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

/** decode(encode(m)) = m for every message and command, in chunks of any size. */
export function roundTrips<Message, Command>(
  codec: Codec<Message, Command>,
  messages: fc.Arbitrary<Message>,
  commands: fc.Arbitrary<Command>,
  runs = 150,
): { messages(least?: number): void; commands(): void } {
  const law = <T>(arbitrary: fc.Arbitrary<T>, encode: (value: T) => Uint8Array, decoder: () => Decoder<T>, least = 0) =>
    fc.assert(
      fc.property(fc.array(arbitrary, { minLength: least, maxLength: 8 }), pieces, (values, lengths) => {
        const heard = decoded(decoder(), concat(values.map(encode)), lengths);
        if (!same(heard, values)) throw new Error(`${show(values)}\ncame back as\n${show(heard)}`);
      }),
      { numRuns: runs, seed: 8 },
    );
  return {
    messages: least => law(messages, codec.encodeMessage, codec.decoder, least),
    commands: () => law(commands, codec.encode, codec.commandDecoder),
  };
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    item instanceof Uint8Array ? [...item] : typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
  );
}
function same(a: unknown, b: unknown): boolean {
  return show(a) === show(b);
}

/**
 * Garbage (random bytes, and a valid stream with bytes changed, dropped and doubled), then valid messages: nothing is
 * thrown, and at most `lost` of the messages are missing from the front.
 */
export function survivesGarbage<Message>(
  codec: Codec<Message, never> | Codec<Message, unknown>,
  valid: fc.Arbitrary<Message>,
  options: { lost: number; after?: number; runs?: number },
): void {
  const after = options.after ?? 6;
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(valid, { maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom('change', 'drop', 'double'), fc.integer({ min: 0, max: 255 })), {
        maxLength: 6,
      }),
      fc.array(valid, { minLength: after, maxLength: after }),
      pieces,
      (noise, before, mutations, messages, lengths) => {
        const stream = [...concat(before.map(codec.encodeMessage))];
        for (const [place, kind, byte] of mutations) {
          if (stream.length === 0) break;
          const at = place % stream.length;
          if (kind === 'change') stream[at] = byte;
          else if (kind === 'drop') stream.splice(at, 1);
          else stream.splice(at, 0, stream[at]);
        }
        const decoder = codec.decoder();
        decoded(decoder, concat([noise, Uint8Array.from(stream)]), lengths);
        const heard = decoded(decoder, concat(messages.map(codec.encodeMessage)), lengths);
        const due = messages.slice(options.lost);
        const got = heard.slice(heard.length - due.length);
        if (!same(got, due)) throw new Error(`sent ${show(messages)}\nheard ${show(heard)}`);
      },
    ),
    { numRuns: options.runs ?? 150, seed: 8 },
  );
}
