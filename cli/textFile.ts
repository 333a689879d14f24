import { InputError } from '../src/errors.js';

/** @throws {InputError} where the bytes are no text. */
export function utf8(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError('is no text in UTF-8', { file, advice: 'save it as UTF-8', cause });
  }
}
