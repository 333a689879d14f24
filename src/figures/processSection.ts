import type { ProcessRecord } from '../result.js';
import { escapeText } from './escape.js';

/** Longer lists are cut in the report; the result file holds them whole. */
const LONGEST_LIST = 24;
const DEEPEST = 6;
/** Values of more characters take the whole width of a printed page. */
const LONG = 120;

/** The process record of a report: enough to make the result again. */
export function processSection({ program, version, date, inputs, cell, parameters }: ProcessRecord): string {
  const rows = flatten(parameters).map(
    ([key, value]) =>
      `<tr${value.length > LONG ? ' class="long"' : ''}><th scope="row">${escapeText(key)}</th><td>${escapeText(value)}</td></tr>`,
  );
  const files = inputs.map(
    ({ name, sha256 }) =>
      `<tr><th scope="row">${escapeText(name)}</th><td class="hash">${escapeText(sha256)}</td></tr>`,
  );
  const parts = [
    `<p>Made by ${escapeText(program)} ${escapeText(version)} on ${escapeText(date)}.</p>`,
    files.length === 0
      ? ''
      : `<h3>Inputs and their SHA-256</h3>\n<table class="record">\n<tbody>\n${files.join('\n')}\n</tbody>\n</table>`,
    rows.length === 0
      ? ''
      : `<h3>Parameters</h3>\n<table class="record parameters">\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`,
    cell === undefined ? '' : `<h3>The cell as it was read</h3>\n<pre>${escapeText(cell)}</pre>`,
  ];
  return `<section class="process">\n<h2>How this result came about</h2>\n${parts.filter(p => p !== '').join('\n')}\n</section>`;
}

/** Nested parameters as lines `solver.tolerance`, `1e-6`. */
export function flatten(parameters: Readonly<Record<string, unknown>>): [string, string][] {
  const out: [string, string][] = [];
  const visit = (key: string, value: unknown, depth: number) => {
    if (isPlainObject(value) && depth < DEEPEST) {
      const entries = Object.entries(value);
      if (entries.length === 0) out.push([key, 'none']);
      for (const [k, v] of entries) visit(key === '' ? k : `${key}.${k}`, v, depth + 1);
      return;
    }
    out.push([key, valueText(value)]);
  };
  if (Object.keys(parameters).length > 0) visit('', parameters, 0);
  return out;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof Date)
  );
}

/** A value as it would be typed; numbers keep all their digits, for a record must be exact. */
function valueText(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === undefined || value === null) return 'not set';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    const items = Array.from(value as ArrayLike<unknown>);
    if (depth > 2) return `${items.length} values`;
    const shown = items
      .slice(0, LONGEST_LIST)
      .map(item => (isNested(item) ? `[${valueText(item, depth + 1)}]` : valueText(item, depth + 1)));
    const rest = items.length > LONGEST_LIST ? `, and ${items.length - LONGEST_LIST} more` : '';
    return shown.join(', ') + rest;
  }
  if (isPlainObject(value)) {
    if (depth > 2) return 'object';
    return Object.entries(value)
      .map(([k, v]) => `${k}: ${valueText(v, depth + 1)}`)
      .join('; ');
  }
  return String(value);
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
