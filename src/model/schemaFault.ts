import { z } from 'zod';
import type { KeyPath } from './yamlDocument.js';

/** One thing in which a document does not fit its schema, in words for people. */
export interface SchemaFault {
  readonly path: KeyPath;
  readonly message: string;
  readonly advice: string;
}

/** A file with more faults than this is no file of ours; looking all of them up could take minutes. */
const MOST_ISSUES = 100;

type Issue = z.core.$ZodIssue;
/** The parts of a JSON Schema that lead to the description of a value and the names of its keys. */
interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly prefixItems?: readonly SchemaNode[];
  readonly items?: SchemaNode | false;
  readonly anyOf?: readonly SchemaNode[];
}

/**
 * Says in words what is wrong with a value that a schema refused.
 * @param issues zod's findings, at least one
 * @param raw the value
 * @param schema the schema; its descriptions become advice
 * @returns at least one fault, in the order of the schema.
 */
export function schemaFault(issues: readonly Issue[], raw: unknown, schema: z.ZodType): SchemaFault[] {
  const root = z.toJSONSchema(schema, { io: 'input' }) as SchemaNode;
  return issues.slice(0, MOST_ISSUES).flatMap(issue => faultsOf(issue, [], raw, root));
}

function faultsOf(issue: Issue, above: KeyPath, raw: unknown, root: SchemaNode): SchemaFault[] {
  const path = [...above, ...(issue.path as (string | number)[])];
  const value = valueAt(raw, path);
  const advice = adviceAt(root, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MOST_ISSUES).map(key => ({
        path: [...path, key],
        message: `the key '${clip(key)}' is unknown`,
        advice: keyAdvice(key, knownKeys(root, path)),
      }));
    case 'invalid_union': {
      // The branch that the writer had in mind is the one that gets past the outermost value.
      const meant = issue.errors.find(branch =>
        branch.some(each => each.path.length > 0 || each.code !== 'invalid_type'),
      );
      if (meant !== undefined) return meant.flatMap(each => faultsOf(each, path, raw, root));
      return [{ path, message: value === undefined ? 'is missing' : `${shown(value)} does not fit here`, advice }];
    }
    case 'invalid_type':
      return [{ path, message: typeMessage(issue.expected, value), advice: typeAdvice(issue.expected, value, advice) }];
    case 'too_small':
    case 'too_big':
      return [{ path, message: sizeMessage(issue, value), advice }];
    case 'invalid_value':
      return [
        { path, message: `${shown(value)} is none of ${issue.values.map(v => `'${String(v)}'`).join(', ')}`, advice },
      ];
    default:
      return [{ path, message: `${shown(value)} does not fit: ${issue.message}`, advice }];
  }
}

function typeMessage(expected: string, value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'has no value';
  if (expected === 'int') return `${shown(value)} is no whole number`;
  if (expected === 'number') return `${shown(value)} is no ${typeof value === 'number' ? 'finite ' : ''}number`;
  if (expected === 'string') return `${shown(value)} is no text`;
  return `${shown(value)} is no ${expected === 'object' ? 'group of keys' : 'list'}`;
}

function typeAdvice(expected: string, value: unknown, advice: string): string {
  if (expected === 'string' && typeof value === 'number') return 'put it in quotes';
  if (expected === 'number' && typeof value === 'string')
    return 'write a plain number with a decimal point, without its unit';
  return advice;
}

function sizeMessage(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, value: unknown): string {
  const small = issue.code === 'too_small';
  const limit = Number(small ? issue.minimum : issue.maximum);
  if (typeof value === 'number') {
    const bound = small
      ? issue.inclusive
        ? 'less than'
        : 'not more than'
      : issue.inclusive
        ? 'more than'
        : 'not less than';
    return `${value} is ${bound} ${limit}`;
  }
  const [count, unit] =
    typeof value === 'string' ? [value.length, 'character'] : [Array.isArray(value) ? value.length : 0, 'value'];
  return `has ${count} ${count === 1 ? unit : `${unit}s`}, ${small ? `fewer than the ${limit} needed` : `more than the ${limit} allowed`}`;
}

function keyAdvice(key: string, known: readonly string[]): string {
  const close = known.filter(
    name => editDistance(name.toLowerCase(), key.slice(0, 60).toLowerCase()) <= 2 || name.startsWith(`${key}_`),
  );
  if (close.length > 0) return `write '${close[0]}' if that is meant`;
  return `the keys here are ${known.join(', ')}`;
}

function adviceAt(root: SchemaNode, path: KeyPath): string {
  for (let n = path.length; n > 0; n--) {
    const described = nodesAt(root, path.slice(0, n)).find(node => node.description !== undefined);
    if (described !== undefined) return `give ${described.description}`;
  }
  return 'see the JSON Schema of the file';
}

function knownKeys(root: SchemaNode, path: KeyPath): string[] {
  return nodesAt(root, path).flatMap(node => Object.keys(node.properties ?? {}));
}

/** The schemas that may apply to the value at a path. */
function nodesAt(root: SchemaNode, path: KeyPath): SchemaNode[] {
  let nodes = branches(root);
  for (const key of path) {
    nodes = nodes
      .flatMap(
        node => (typeof key === 'number' ? (node.prefixItems?.[key] ?? node.items) : own(node.properties, key)) || [],
      )
      .flatMap(branches);
  }
  return nodes;
}

function branches(node: SchemaNode): SchemaNode[] {
  return [node, ...(node.anyOf ?? []).flatMap(branches)];
}

function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function valueAt(raw: unknown, path: KeyPath): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** A value for a message, short. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `'${clip(value)}'`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'a group of keys' : String(value);
}

/** A text for a message: one line, short. */
export function clip(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}...` : line;
}

/** Number of letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
