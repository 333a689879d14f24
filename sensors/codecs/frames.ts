import type { Decoder } from './codec.js';

/**
 * Binary records out of chunks of any size, from a buffer of fixed length.
 * @param capacity bytes; at least the longest record and what `next` looks at behind it
 * @param next what to do with the unread bytes: appends messages, gives how many bytes are done with; 0: it needs more
 */
export function frameDecoder<Message>(
  capacity: number,
  next: (bytes: Uint8Array, out: Message[]) => number,
  onReset: () => void = () => {},
): Decoder<Message> {
  const buffer = new Uint8Array(2 * capacity);
  let start = 0;
  let end = 0;
  return {
    push(bytes, out) {
      for (let taken = 0; taken < bytes.length; ) {
        if (start > 0) {
          buffer.copyWithin(0, start, end);
          end -= start;
          start = 0;
        }
        const part = bytes.subarray(taken, taken + buffer.length - end);
        buffer.set(part, end);
        end += part.length;
        taken += part.length;
        while (start < end) {
          let done = next(buffer.subarray(start, end), out);
          // A record that fits no buffer is none.
          if (done === 0 && end - start >= capacity) done = 1;
          if (done === 0) break;
          start += done;
        }
      }
    },
    reset() {
      start = end = 0;
      onReset();
    },
  };
}
