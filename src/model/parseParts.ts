import { scaleByPowerOfTen } from '../units.js';
import type { Point } from './outline.js';
import type { YamlDocument } from './yamlDocument.js';

/** A length in the file, mm, as metres, rounded once. */
export function metres(length_mm: number): number {
  return scaleByPowerOfTen(length_mm, -3);
}

/** A point in the file, mm, as metres. */
export function pointOf([x, y]: readonly [number, number]): Point {
  return [metres(x), metres(y)];
}

/** Refuses a name that stands twice in a list. */
export function checkNames(
  document: YamlDocument<unknown>,
  list: string,
  items: readonly { readonly name: string }[],
): void {
  const first = new Map<string, number>();
  for (const [i, { name }] of items.entries()) {
    const earlier = first.get(name);
    if (earlier !== undefined) {
      const message = `the name '${name}' is taken by ${list}[${earlier}]`;
      throw document.fault([list, i, 'name'], message, 'give each its own name');
    }
    first.set(name, i);
  }
}
