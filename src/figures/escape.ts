/**
 * The one way by which foreign text (names of files, cells and tabs, units, error messages) gets into SVG and HTML.
 */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What XML 1.0 does not allow even as a character reference: control characters, half surrogates, non-characters. */
const ILLEGAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not get through
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Makes any string safe as text content and as a quoted attribute value of both XML and HTML. Characters that XML cannot
 * hold become U+FFFD, so a figure stays well-formed whatever a file is called.
 */
export function escapeText(value: string): string {
  return value.replace(ILLEGAL, '\ufffd').replace(/[&<>"']/g, c => ENTITIES[c]);
}
