/** Whether the text of a YAML file is a pack's: it lists `cells` at its top level, and has no outline. */
export function isPack(text: string): boolean {
  return /^cells\s*:/m.test(text) && !/^outline_mm\s*:/m.test(text);
}
