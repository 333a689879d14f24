import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { InputError } from '../errors.js';
import { clip, type SchemaFault, schemaFault } from './schemaFault.js';

/** Keys and indices from the top of a document to one of its values. */
export type KeyPath = readonly (string | number)[];

/** A YAML file that fits its schema, and where everything in it stands. */
export interface YamlDocument<T> {
  readonly data: T;
  /** An error about the value at a path: file, line (from 1) and, as column, the path (`tabs[1].share`). */
  fault(path: KeyPath, message: string, advice: string): InputError;
}

/** Longest text that is read, characters: a thousand times a usual file. */
const LONGEST_TEXT = 1_000_000;
/** Most values that aliases may stand for, counted with the aliases within. */
const MOST_ALIASES = 100;

/**
 * Reads YAML 1.2 and checks it against a schema. Nothing hostile gets far: long texts, deep nesting and alias bombs are
 * refused, tags that are not plain YAML too, and no key is special to JavaScript.
 * @param text content of the file
 * @param file its name, for errors
 * @throws {InputError} with file, line, key path and advice for the first thing that is wrong.
 */
export function readYaml<S extends z.ZodType>(text: string, file: string, schema: S): YamlDocument<z.output<S>> {
  const lines = new LineCounter();
  const document = parse(text, file, lines);
  const fault = (path: KeyPath, message: string, advice: string) => {
    const { offset } = locate(document, path);
    const column = pathText(path);
    return new InputError(message, {
      file,
      ...(offset === undefined ? {} : { line: lines.linePos(offset).line }),
      ...(column === '' ? {} : { column }),
      advice,
    });
  };
  const twice = repeatedKey(document.contents, []);
  if (twice !== undefined) {
    throw new InputError('the key stands here for the second time', {
      file,
      line: lines.linePos(twice.offset).line,
      column: pathText(twice.path),
      advice: 'keep one of the two',
    });
  }
  const raw = plainValue(document, file, lines);
  if (raw === null) throw new InputError('the file is empty', { file, line: 1, advice: `start with 'name: ...'` });
  const result = schema.safeParse(raw);
  if (result.success) return { data: result.data, fault };
  const faults = schemaFault(result.error.issues, raw, schema);
  // In the order in which a person reads, not that of the schema; what is missing comes last, for a misspelt key is
  // also a missing one and says more.
  const places = new Map(faults.map(each => [each, locate(document, each.path)]));
  const rank = (each: SchemaFault) => (places.get(each)?.found ? 0 : Infinity) + (places.get(each)?.offset ?? 0);
  const first = faults.reduce((best, each) => (rank(each) < rank(best) ? each : best));
  throw fault(first.path, first.message, first.advice);
}

/** `tabs[1].at_mm[0]`; keys that are no words of ours are cut short. */
export function pathText(path: KeyPath): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${clip(key)}`)).join('');
}

function parse(text: string, file: string, lineCounter: LineCounter): Document {
  if (text.length > LONGEST_TEXT) {
    const message = `holds ${text.length} characters, more than the ${LONGEST_TEXT} that are read`;
    throw new InputError(message, { file, advice: 'check that this is the right file' });
  }
  const binary = text.indexOf('\0');
  if (binary >= 0) throw new InputError('is no text file', { file, advice: 'give a YAML file' });
  const document = parseDocument(text, {
    lineCounter,
    logLevel: 'error',
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false, // quadratic in yaml, and without the path: see repeatedKey
  });
  const error = document.errors[0] ?? document.warnings[0];
  if (error === undefined) return document;
  const { line, col } = lineCounter.linePos(error.pos[0]);
  const deep = error.code === 'RESOURCE_EXHAUSTION';
  const message = deep
    ? 'brackets or indents are nested too deeply'
    : `no valid YAML at character ${col} of the line (${lowerFirst(error.message)})`;
  throw new InputError(message, { file, line, advice: syntaxAdvice(error.code), cause: error });
}

function syntaxAdvice(code: string): string {
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  if (code === 'MULTIPLE_DOCS') return `keep one document and no further '---'`;
  if (code === 'TAG_RESOLVE_FAILED') return 'leave the tag out';
  return 'check brackets, quotes, colons and indents here and on the line before';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The document as plain values. */
function plainValue(document: Document, file: string, lines: LineCounter): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    // An alias without its anchor, or aliases of aliases that would fill the memory.
    const message = `an alias (*name) cannot be resolved (${lowerFirst((cause as Error).message)})`;
    const offset = aliasAtFault(document);
    const place = offset === undefined ? {} : { line: lines.linePos(offset).line };
    throw new InputError(message, { file, ...place, advice: 'write the values out where they are needed', cause });
  }
}

/** Offset of the first alias that has no anchor, or else of the first alias. */
function aliasAtFault(document: Document): number | undefined {
  let first: number | undefined;
  let count = 0;
  visit(document, {
    Alias(_, alias) {
      first ??= startOf(alias);
      if (++count > MOST_ALIASES) return visit.BREAK;
      if (alias.resolve(document) !== undefined) return undefined;
      first = startOf(alias);
      return visit.BREAK;
    },
  });
  return first;
}

/** The first key that stands twice in its map, in the order of the text. */
function repeatedKey(node: unknown, path: KeyPath): { path: KeyPath; offset: number } | undefined {
  if (isMap(node)) {
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      const name = String(isScalar(key) ? key.value : key);
      if (seen.has(name)) return { path: [...path, name], offset: startOf(key) ?? 0 };
      seen.add(name);
      const deeper = repeatedKey(value, [...path, name]);
      if (deeper !== undefined) return deeper;
    }
  } else if (isSeq(node)) {
    for (const [i, value] of node.items.entries()) {
      const deeper = repeatedKey(value, [...path, i]);
      if (deeper !== undefined) return deeper;
    }
  }
  return undefined;
}

/**
 * Offset of the value at a path, or of its key where the value is empty, or of the deepest part that exists where the
 * path was not found.
 */
function locate(document: Document, path: KeyPath): { offset: number | undefined; found: boolean } {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === key);
      if (pair === undefined) return { offset, found: false };
      const empty = pair.value === null || (isScalar(pair.value) && pair.value.value === null);
      offset = startOf(empty ? pair.key : pair.value) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof key === 'number' && key < node.items.length) {
      node = node.items[key];
      offset = startOf(node) ?? offset;
    } else {
      return { offset, found: false };
    }
  }
  return { offset, found: true };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
