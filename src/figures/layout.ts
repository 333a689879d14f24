import { escapeText } from './escape.js';
import { type Panel, TITLE_BASELINE } from './panel.js';
import { FONT_FAMILY, FONT_SIZE, num, textElement, wrapText } from './text.js';

export interface FigureOptions {
  /** Panels per row. */
  readonly columns?: number;
  /** A text below the panels, wrapped to their width. */
  readonly caption?: string;
  /** Marks the panels a, b, c, ... as journals want it. */
  readonly letters?: boolean;
  /** `white` for a file that stands by itself; `none` lets the page show through and text takes the page's colour. */
  readonly background?: 'white' | 'none';
  /** Alternative text; that of the panels if left out. */
  readonly label?: string;
}

const GAP = 18;
const MARGIN = 10;
const CAPTION_LINE = 16;

/**
 * Panels in rows and columns as one SVG document. The plots of a column share their left edge and those of a row their
 * upper edge, whatever stands around them. Text is drawn in `currentColor`, so a page in dark colours can embed it.
 */
export function figure(panels: readonly Panel[], options: FigureOptions = {}): string {
  const { caption = '', letters = false, background = 'white' } = options;
  const columns = Math.max(1, Math.min(options.columns ?? 2, panels.length));
  const rows = Math.ceil(panels.length / columns);
  const inRow = (r: number) => panels.slice(r * columns, (r + 1) * columns);
  const inColumn = (c: number) => panels.filter((_, i) => i % columns === c);

  const columnSpans = Array.from({ length: columns }, (_, c) => {
    const before = Math.max(0, ...inColumn(c).map(p => p.plot.x));
    return { before, size: before + Math.max(0, ...inColumn(c).map(p => p.width - p.plot.x)) };
  });
  const rowSpans = Array.from({ length: rows }, (_, r) => {
    const before = Math.max(0, ...inRow(r).map(p => p.plot.y));
    return { before, size: before + Math.max(0, ...inRow(r).map(p => p.height - p.plot.y)) };
  });

  let body = '';
  let y = MARGIN;
  for (let r = 0; r < rows; r++) {
    let x = MARGIN;
    inRow(r).forEach((panel, c) => {
      const left = x + columnSpans[c].before - panel.plot.x;
      const top = y + rowSpans[r].before - panel.plot.y;
      body += `<g transform="translate(${num(left)} ${num(top)})">${panel.body}</g>`;
      if (letters) {
        const letter = letterOf(r * columns + c);
        body += textElement(x + 4, top + TITLE_BASELINE, letter, { size: FONT_SIZE.title, bold: true });
      }
      x += columnSpans[c].size + GAP;
    });
    y += rowSpans[r].size + (r + 1 < rows ? GAP : 0);
  }
  const width = Math.ceil(2 * MARGIN + columnSpans.reduce((sum, s) => sum + s.size, 0) + GAP * (columns - 1));
  const lines = caption === '' ? [] : wrapText(caption, width - 2 * MARGIN - 12, FONT_SIZE.caption);
  lines.forEach((line, i) => {
    body += textElement(MARGIN + 6, y + 18 + i * CAPTION_LINE, line, { size: FONT_SIZE.caption });
  });
  const height = Math.ceil(y + (lines.length > 0 ? 12 + lines.length * CAPTION_LINE : 0) + MARGIN);

  const label = options.label ?? panels.map(p => p.label).join('. ');
  const paper = background === 'white' ? `<rect width="${width}" height="${height}" fill="#fff"/>` : '';
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ' +
    `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(label)}" ` +
    `font-family="${escapeText(FONT_FAMILY)}" color="#1b1f24">${paper}${body}</svg>`
  );
}

function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : String(index + 1);
}
