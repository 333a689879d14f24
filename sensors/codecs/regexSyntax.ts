import { InputError } from '../../src/errors.js';

/** The tree of a regular expression. */
export type RegexNode =
  | { readonly kind: 'char'; readonly test: (code: number) => boolean }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | { readonly kind: 'group'; readonly number: number; readonly body: RegexNode }
  | {
      readonly kind: 'repeat';
      readonly body: RegexNode;
      readonly least: number;
      readonly most: number;
      readonly lazy: boolean;
    };

type Test = (code: number) => boolean;

const digit: Test = code => code >= 0x30 && code <= 0x39;
const word: Test = code =>
  digit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
const space: Test = code => code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0;
const not =
  (test: Test): Test =>
  code =>
    !test(code);
const CLASSES: Readonly<Record<string, Test>> = {
  d: digit,
  D: not(digit),
  w: word,
  W: not(word),
  s: space,
  S: not(space),
};
const CONTROLS: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, r: 0x0d, f: 0x0c, v: 0x0b };

/** Largest number in `{n,m}`, deepest nesting, longest pattern. */
const MOST_COUNT = 200;
const DEEPEST = 30;
const LONGEST = 1000;

/** @throws {InputError} with the place of what is wrong or not known */
export function parseRegex(pattern: string): { root: RegexNode; names: Map<string, number>; groups: number } {
  const names = new Map<string, number>();
  let groups = 0;
  let at = 0;
  let depth = 0;
  const fault = (message: string) =>
    new InputError(`the regular expression ${JSON.stringify(pattern.slice(0, 80))}, character ${at + 1}: ${message}`, {
      advice: 'use literals, classes, groups, | and * + ? {n,m}',
    });
  if (pattern.length > LONGEST) throw fault(`it is longer than ${LONGEST} characters`);

  const choice = (): RegexNode => {
    if (++depth > DEEPEST) throw fault('it is nested too deeply');
    const options = [sequence()];
    while (pattern[at] === '|') {
      at++;
      options.push(sequence());
    }
    depth--;
    return options.length === 1 ? options[0] : { kind: 'choice', options };
  };
  const sequence = (): RegexNode => {
    const parts: RegexNode[] = [];
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') parts.push(repeated(atom()));
    return { kind: 'sequence', parts };
  };
  const repeated = (body: RegexNode): RegexNode => {
    const counts = quantifier();
    if (counts === undefined) return body;
    if (body.kind === 'start' || body.kind === 'end') throw fault('an anchor cannot be repeated');
    const lazy = pattern[at] === '?';
    if (lazy) at++;
    return { kind: 'repeat', body, least: counts[0], most: counts[1], lazy };
  };
  const quantifier = (): [number, number] | undefined => {
    const sign = pattern[at];
    if (sign === '*' || sign === '+' || sign === '?') {
      at++;
      return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY];
    }
    const braces = /^\{(\d{1,3})(,?)(\d{0,3})\}/.exec(pattern.slice(at, at + 9));
    if (braces === null) return undefined;
    const least = Number(braces[1]);
    const most = braces[3] !== '' ? Number(braces[3]) : braces[2] === ',' ? Number.POSITIVE_INFINITY : least;
    if (least > MOST_COUNT || (most > MOST_COUNT && Number.isFinite(most)) || most < least) {
      throw fault(`counts go up to ${MOST_COUNT}, the smaller one first`);
    }
    at += braces[0].length;
    return [least, most];
  };
  const atom = (): RegexNode => {
    const sign = pattern[at];
    if (sign === '(') return group();
    if (sign === '*' || sign === '+' || sign === '?') throw fault('there is nothing to repeat');
    if (sign === '[') return { kind: 'char', test: charClass() };
    at++;
    if (sign === '^') return { kind: 'start' };
    if (sign === '$') return { kind: 'end' };
    if (sign === '.') return { kind: 'char', test: code => code !== 0x0a };
    if (sign === '\\') {
      const { test } = escaped();
      return { kind: 'char', test };
    }
    const code = sign.charCodeAt(0);
    return { kind: 'char', test: other => other === code };
  };
  const group = (): RegexNode => {
    at++;
    let number = 0;
    if (pattern.startsWith('?:', at)) at += 2;
    else {
      number = ++groups;
      if (pattern[at] === '?') {
        const name = /^\?<([A-Za-z_]\w{0,59})>/.exec(pattern.slice(at, at + 64));
        if (name === null) throw fault('look-around is not known here');
        if (names.has(name[1])) throw fault(`there are two groups '${name[1]}'`);
        names.set(name[1], number);
        at += name[0].length;
      }
    }
    const body = choice();
    if (pattern[at] !== ')') throw fault('a group is not closed');
    at++;
    return number === 0 ? body : { kind: 'group', number, body };
  };
  /** After the backslash; `code` -1: a class. */
  const escaped = (): { test: Test; code: number } => {
    const sign = pattern[at++];
    if (sign === undefined) throw fault('it ends in a backslash');
    if (CLASSES[sign] !== undefined) return { test: CLASSES[sign], code: -1 };
    let code = CONTROLS[sign];
    if (code === undefined) {
      if (/[A-Za-z0-9]/.test(sign)) {
        const hex = sign === 'x' ? /^[0-9A-Fa-f]{2}/.exec(pattern.slice(at, at + 2)) : null;
        if (hex === null) throw fault(`\\${sign} is not known here`);
        at += 2;
        code = Number.parseInt(hex[0], 16);
      } else code = sign.charCodeAt(0);
    }
    return { test: other => other === code, code };
  };
  const charClass = (): Test => {
    at++;
    const inverted = pattern[at] === '^';
    if (inverted) at++;
    const tests: Test[] = [];
    const one = (): { test: Test; code: number } => {
      const sign = pattern[at++];
      if (sign === '\\') return escaped();
      const code = sign.charCodeAt(0);
      return { test: other => other === code, code };
    };
    while (at < pattern.length && pattern[at] !== ']') {
      const first = one();
      if (pattern[at] === '-' && at + 1 < pattern.length && pattern[at + 1] !== ']' && first.code >= 0) {
        at++;
        const last = one();
        if (last.code < first.code) throw fault('a range runs backwards');
        tests.push(code => code >= first.code && code <= last.code);
      } else tests.push(first.test);
    }
    if (pattern[at] !== ']') throw fault('a class is not closed');
    at++;
    const any: Test = code => tests.some(test => test(code));
    return inverted ? not(any) : any;
  };

  const root = choice();
  if (at < pattern.length) throw fault('a group is closed that was not opened');
  return { root, names, groups };
}
