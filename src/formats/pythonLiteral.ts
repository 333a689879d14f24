/**
 * The few Python literals that an NPY header is made of: strings, integers, True, False, None, tuples, lists, dicts.
 */

export type Literal = string | number | boolean | null | Literal[] | { [key: string]: Literal };

/** Deeper nesting than any header has; keeps a forged one from exhausting the stack. */
const DEEPEST = 16;

/**
 * Reads one literal and nothing behind it but white space.
 * @throws {SyntaxError} where the text is something else.
 */
export function parsePythonLiteral(text: string): Literal {
  const token = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+)L?|(True|False|None)\b|([[\](){},:]))/y;
  let kind: 'string' | 'number' | 'word' | 'mark' | 'end' = 'end';
  let value = '';
  const next = () => {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (match === null) {
      if (text.slice(from).trim() !== '') throw new SyntaxError(`unexpected text at ${from}`);
      kind = 'end';
      value = '';
      return;
    }
    const [, single, double, digits, word, mark] = match;
    if (single !== undefined || double !== undefined) {
      kind = 'string';
      value = (single ?? double).replace(/\\(.)/g, '$1');
    } else if (digits !== undefined) [kind, value] = ['number', digits];
    else if (word !== undefined) [kind, value] = ['word', word];
    else [kind, value] = ['mark', mark];
  };
  const isMark = (mark: string) => kind === 'mark' && value === mark;
  const expect = (mark: string) => {
    if (!isMark(mark)) throw new SyntaxError(`'${mark}' is missing`);
    next();
  };
  const sequence = (close: string, depth: number): { items: Literal[]; comma: boolean } => {
    const items: Literal[] = [];
    let comma = false;
    while (!isMark(close)) {
      if (items.length > 0 && !comma) throw new SyntaxError(`'${close}' is missing`);
      items.push(literal(depth + 1));
      comma = isMark(',');
      if (comma) next();
    }
    next();
    return { items, comma };
  };
  const literal = (depth: number): Literal => {
    if (depth > DEEPEST) throw new SyntaxError('nested too deeply');
    const [what, content] = [kind, value];
    next();
    if (what === 'string') return content;
    if (what === 'number') return Number(content);
    if (what === 'word') return content === 'None' ? null : content === 'True';
    if (what === 'mark' && content === '[') return sequence(']', depth).items;
    if (what === 'mark' && content === '(') {
      const { items, comma } = sequence(')', depth);
      return items.length === 1 && !comma ? items[0] : items;
    }
    if (what === 'mark' && content === '{') {
      const out: { [key: string]: Literal } = Object.create(null);
      while (!isMark('}')) {
        const key = literal(depth + 1);
        if (typeof key !== 'string') throw new SyntaxError('a key is no string');
        expect(':');
        out[key] = literal(depth + 1);
        if (!isMark('}')) expect(',');
      }
      next();
      return out;
    }
    throw new SyntaxError('a value is missing');
  };
  next();
  const result = literal(0);
  if ((kind as string) !== 'end') throw new SyntaxError('there is text behind the value');
  return result;
}
