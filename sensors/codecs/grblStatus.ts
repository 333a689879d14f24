import { GRBL_STATES, type GrblState, type GrblStatus } from './grblTypes.js';
import { fixed, parseCount, parseNumber, parseNumbers } from './numbers.js';

/** `<Idle|MPos:0.000,0.000,0.000|FS:0,0>`; undefined where state or a known field is not as described. */
export function parseGrblStatus(line: string): GrblStatus | undefined {
  if (!line.startsWith('<') || !line.endsWith('>')) return undefined;
  const [head, ...fields] = line.slice(1, -1).split('|');
  const colon = head.indexOf(':');
  const state = (colon < 0 ? head : head.slice(0, colon)) as GrblState;
  if (!GRBL_STATES.includes(state)) return undefined;
  const status: { -readonly [K in keyof GrblStatus]: GrblStatus[K] } = { kind: 'status', state };
  if (colon >= 0) {
    status.sub = parseCount(head.slice(colon + 1));
    if (Number.isNaN(status.sub)) return undefined;
  }
  const other: string[] = [];
  for (const field of fields) {
    const at = field.indexOf(':');
    const name = at < 0 ? field : field.slice(0, at);
    const text = at < 0 ? '' : field.slice(at + 1);
    const numbers = NUMERIC[name] === undefined ? undefined : parseNumbers(text);
    if (NUMERIC[name] !== undefined) {
      const [least, most] = NUMERIC[name];
      if (numbers === undefined || numbers.length < least || numbers.length > most) return undefined;
    }
    if (name === 'MPos') status.mpos = numbers!;
    else if (name === 'WPos') status.wpos = numbers!;
    else if (name === 'WCO') status.wco = numbers!;
    else if (name === 'Bf') status.free = [numbers![0], numbers![1]];
    else if (name === 'Ln') status.line = numbers![0];
    else if (name === 'Ov') status.overrides = numbers!;
    else if (name === 'F') status.feed = numbers![0];
    else if (name === 'FS') {
      status.feed = numbers![0];
      status.spindle = numbers![1];
    } else if (name === 'Pn') status.pins = text;
    else if (name === 'A') status.accessories = text;
    else other.push(field);
  }
  if (other.length > 0) status.other = other;
  return status;
}

/** Fewest and most numbers of a field; families with more axes have up to six. */
const NUMERIC: Readonly<Record<string, readonly [number, number]>> = Object.assign(Object.create(null), {
  MPos: [2, 6],
  WPos: [2, 6],
  WCO: [2, 6],
  Bf: [2, 2],
  Ln: [1, 1],
  Ov: [3, 3],
  F: [1, 1],
  FS: [2, 3],
});

/** The report as a controller prints it. */
export function formatGrblStatus(status: GrblStatus): string {
  const place = (values: readonly number[]) => values.map(value => fixed(value, 3)).join(',');
  const parts: string[] = [status.sub === undefined ? status.state : `${status.state}:${status.sub}`];
  if (status.mpos !== undefined) parts.push(`MPos:${place(status.mpos)}`);
  if (status.wpos !== undefined) parts.push(`WPos:${place(status.wpos)}`);
  if (status.free !== undefined) parts.push(`Bf:${status.free.join(',')}`);
  if (status.line !== undefined) parts.push(`Ln:${status.line}`);
  if (status.feed !== undefined) {
    parts.push(status.spindle === undefined ? `F:${status.feed}` : `FS:${status.feed},${status.spindle}`);
  }
  if (status.pins !== undefined) parts.push(`Pn:${status.pins}`);
  if (status.wco !== undefined) parts.push(`WCO:${place(status.wco)}`);
  if (status.overrides !== undefined) parts.push(`Ov:${status.overrides.join(',')}`);
  if (status.accessories !== undefined) parts.push(`A:${status.accessories}`);
  return `<${[...parts, ...(status.other ?? [])].join('|')}>`;
}

/** The number that follows `prefix` to the end of the line; NaN where it does not. */
export function numberAfter(prefix: string, line: string): number {
  return line.startsWith(prefix) ? parseNumber(line.slice(prefix.length)) : Number.NaN;
}
