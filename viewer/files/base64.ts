/** The bytes of a base64 text. @throws {DOMException} when it is none */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0));
}
