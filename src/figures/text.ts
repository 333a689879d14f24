import { escapeText } from './escape.js';

/** A piece of a label: plain, a subscript, or a symbol in italics. */
export type Run = string | { readonly sub: string } | { readonly italic: string };

/** A label: a plain string is taken literally (it may come from a file), a list of runs sets B_z as it should be. */
export type RichText = string | readonly Run[];

/** Fonts of every figure: the bundled one, else what the reader's system has. */
export const FONT_FAMILY = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Sizes in px of the parts of a figure. */
export const FONT_SIZE = { title: 13, label: 11, tick: 10, caption: 11.5 } as const;

// Advance widths of ASCII 32-126 in hundredths of an em: labels are laid out where no font engine is at hand.
const WIDTHS = (
  '28 29 47 63 64 98 64 30 36 36 50 66 29 46 29 36 63 41 61 62 65 59 62 57 62 62 29 30 66 66 66 51 97 69 65 73 72 60 ' +
  '59 75 74 27 57 67 57 90 75 76 64 76 64 64 65 74 69 99 68 68 63 36 36 36 47 46 32 56 61 57 61 58 37 61 59 24 24 55 ' +
  '24 88 59 60 61 61 38 53 33 59 56 82 55 56 55 43 33 43 66'
)
  .split(' ')
  .map(Number);

/** Approximate width of a label in px. Characters outside ASCII count as an average letter, wide scripts as an em. */
export function textWidth(text: RichText, size: number, bold = false): number {
  let hundredths = 0;
  for (const run of runs(text)) {
    const scale = run.sub ? SUB_SCALE : 1;
    for (const c of run.text) {
      const code = c.codePointAt(0)!;
      hundredths += scale * (WIDTHS[code - 32] ?? (code >= 0x1100 ? (code >= 0x2000 && code < 0x2e80 ? 66 : 100) : 64));
    }
  }
  return ((hundredths * size) / 100) * (bold ? 1.04 : 1);
}

const SUB_SCALE = 0.75;

interface FlatRun {
  readonly text: string;
  readonly sub: boolean;
  readonly italic: boolean;
}

function runs(text: RichText): FlatRun[] {
  const list = typeof text === 'string' ? [text] : text;
  return list.map(run =>
    typeof run === 'string'
      ? { text: run, sub: false, italic: false }
      : 'sub' in run
        ? { text: run.sub, sub: true, italic: false }
        : { text: run.italic, sub: false, italic: true },
  );
}

/** The label without its typography, for alternative texts. */
export function plainText(text: RichText): string {
  return runs(text)
    .map(run => run.text)
    .join('');
}

/** The label as HTML. */
export function richHtml(text: RichText): string {
  return runs(text)
    .map(({ text: t, sub, italic }) =>
      sub ? `<sub>${escapeText(t)}</sub>` : italic ? `<i>${escapeText(t)}</i>` : escapeText(t),
    )
    .join('');
}

export interface TextOptions {
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  /** Fainter, for what is read second. */
  readonly muted?: boolean;
  /** Degrees, about (x, y), anticlockwise. */
  readonly rotate?: number;
  readonly fill?: string;
}

/** A `<text>` element with its baseline at (x, y). */
export function textElement(x: number, y: number, text: RichText, options: TextOptions = {}): string {
  const {
    size = FONT_SIZE.label,
    anchor = 'start',
    bold = false,
    muted = false,
    rotate = 0,
    fill = 'currentColor',
  } = options;
  const attributes = [
    `x="${num(x)}" y="${num(y)}" font-size="${num(size)}" fill="${fill}"`,
    anchor === 'start' ? '' : ` text-anchor="${anchor}"`,
    bold ? ' font-weight="600"' : '',
    muted ? ' fill-opacity="0.68"' : '',
    rotate === 0 ? '' : ` transform="rotate(${num(-rotate)} ${num(x)} ${num(y)})"`,
  ].join('');
  return `<text ${attributes}>${tspans(text, size, bold)}</text>`;
}

// Subscripts by dy and font-size: `baseline-shift` is not understood everywhere.
function tspans(text: RichText, size: number, bold: boolean): string {
  let shift = 0;
  return runs(text)
    .map(run => {
      const wanted = run.sub ? 0.22 * size : 0;
      const dy = wanted - shift;
      shift = wanted;
      const attributes =
        (dy === 0 ? '' : ` dy="${num(dy)}"`) +
        (run.sub ? ` font-size="${num(SUB_SCALE * size)}"` : '') +
        (run.italic ? ' font-style="italic"' : '') +
        // A symbol keeps its weight in a heading; B and its index must not differ.
        (bold && (run.sub || run.italic) ? ' font-weight="400"' : '');
      return attributes === '' ? escapeText(run.text) : `<tspan${attributes}>${escapeText(run.text)}</tspan>`;
    })
    .join('');
}

/** Breaks a text into lines no wider than `width`; a word that is too long by itself is broken. */
export function wrapText(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \t\r\n]+/).filter(w => w !== '')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined, size) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const c of word) {
      if (line !== '' && textWidth(line + c, size) > width) {
        lines.push(line);
        line = '';
      }
      line += c;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Shortens a label with an ellipsis until it fits; a label of several runs is left as it is. */
export function fitText(text: RichText, width: number, size: number, bold = false): RichText {
  if (typeof text !== 'string' || textWidth(text, size, bold) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, size, bold) > width) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

/** A coordinate with two decimals, as short as it gets. */
export function num(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}
