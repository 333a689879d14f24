import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../src/errors.js';

/**
 * The number of an option.
 * @throws {UsageError} where the text is not a number or out of bounds.
 */
export function numberOption(
  name: string,
  text: string | undefined,
  bounds: { readonly above?: number; readonly least?: number; readonly most?: number; readonly whole?: boolean } = {},
): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new UsageError(`${name} needs a number, not '${text}'`);
  if (bounds.above !== undefined && !(value > bounds.above)) {
    throw new UsageError(`${name} must be larger than ${bounds.above}, not ${value}`);
  }
  if ((bounds.least !== undefined && value < bounds.least) || (bounds.most !== undefined && value > bounds.most)) {
    throw new UsageError(`${name} must be between ${bounds.least} and ${bounds.most}, not ${value}`);
  }
  if (bounds.whole && !Number.isInteger(value)) throw new UsageError(`${name} must be a whole number, not ${value}`);
  return value;
}

/** {@link numberOption} in mm, as metres. */
export function millimetres(name: string, text: string | undefined, above?: number): number | undefined {
  const value = numberOption(name, text, above === undefined ? {} : { above });
  return value === undefined ? undefined : value * 1e-3;
}

/** @throws {UsageError} where a name does not end in one of the extensions. */
export function requireExtension(option: string, name: string | undefined, extensions: readonly string[]): void {
  if (name === undefined || extensions.some(e => name.toLowerCase().endsWith(e))) return;
  throw new UsageError(`${option} does not know this kind of file`, {
    file: name,
    advice: `end its name in ${extensions.join(' or ')}`,
  });
}

/** @throws {UsageError} where an output would replace an input, or two outputs are one file. */
export function requireSeparate(
  inputs: readonly (string | undefined)[],
  outputs: readonly (string | undefined)[],
): void {
  const taken = new Set(inputs.filter(name => name !== undefined).map(realPath));
  for (const name of outputs) {
    if (name === undefined) continue;
    const path = realPath(name);
    if (taken.has(path)) {
      throw new UsageError('is an input or another output already', { file: name, advice: 'choose another name' });
    }
    taken.add(path);
  }
}

/** Where a file stands, or will stand, whatever links lead there. */
function realPath(name: string): string {
  const path = resolve(name);
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPath(above), basename(path));
  }
}
