/**
 * The two directions of a wire protocol, pure: no port, no clock, no timer. `Message` is what a device says and
 * `Command` what it is told; both are plain data with a `kind`.
 */
export interface Codec<Message, Command> {
  /** A decoder of its own state, for what the host hears. */
  decoder(): Decoder<Message>;
  /** The bytes of a command, as the host sends them. @throws {InputError} for a command that the protocol cannot say. */
  encode(command: Command): Uint8Array;
  /** A decoder for what the device hears, for simulators. */
  commandDecoder(): Decoder<Command>;
  /** The bytes of a message, as the device sends them, for simulators. */
  encodeMessage(message: Message): Uint8Array;
}

/**
 * Bytes in, messages out. Fed in chunks of any size; no input makes it throw, hang or keep more than a fixed number of
 * bytes, and after garbage it finds the next whole message.
 */
export interface Decoder<Message> {
  /** Appends to `out` what the bytes complete. */
  push(bytes: Uint8Array, out: Message[]): void;
  /** Forgets what is half received: after a reset or a reconnection. */
  reset(): void;
}
