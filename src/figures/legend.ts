import { FONT_SIZE, num, type RichText, textElement, textWidth } from './text.js';

export type MarkShape = 'circle' | 'square' | 'diamond' | 'triangle' | 'cross';

/** A marker centred on (x, y); filled where it stands for the choice, else pale. */
export function markShape(shape: MarkShape, x: number, y: number, r: number, colour: string, filled: boolean): string {
  const paint =
    shape === 'cross'
      ? `fill="none" stroke="${colour}" stroke-width="2"`
      : `fill="${colour}" fill-opacity="${filled ? 1 : 0.35}" stroke="${colour}" stroke-width="1.4"`;
  const d: Record<MarkShape, string> = {
    circle: `M${num(x - r)} ${num(y)}a${num(r)} ${num(r)} 0 1 0 ${num(2 * r)} 0a${num(r)} ${num(r)} 0 1 0 ${num(-2 * r)} 0Z`,
    square: `M${num(x - r)} ${num(y - r)}h${num(2 * r)}v${num(2 * r)}h${num(-2 * r)}Z`,
    diamond: `M${num(x)} ${num(y - 1.25 * r)}l${num(1.25 * r)} ${num(1.25 * r)}l${num(-1.25 * r)} ${num(1.25 * r)}l${num(-1.25 * r)} ${num(-1.25 * r)}Z`,
    triangle: `M${num(x)} ${num(y - 1.2 * r)}l${num(1.15 * r)} ${num(2 * r)}h${num(-2.3 * r)}Z`,
    cross: `M${num(x - r)} ${num(y - r)}l${num(2 * r)} ${num(2 * r)}m0 ${num(-2 * r)}l${num(-2 * r)} ${num(2 * r)}`,
  };
  return `<path d="${d[shape]}" ${paint} stroke-linejoin="round"/>`;
}

/** A line of a legend: what it says, and what draws its symbol with its left edge at x, centred on y. */
export interface LegendEntry {
  readonly text: RichText;
  readonly draw: (x: number, y: number) => string;
}

/** The symbol of a curve. */
export function legendLine(x: number, y: number, colour: string, dashed: boolean): string {
  return `<path d="M${num(x)} ${num(y)}h16" stroke="${colour}" stroke-width="1.7" fill="none"${dashed ? ' stroke-dasharray="4 3"' : ''}/>`;
}

/** Entries side by side, wrapped to the given width; first line centred on y. */
export function drawLegend(
  entries: readonly LegendEntry[],
  x: number,
  y: number,
  width: number,
): { body: string; height: number } {
  let body = '';
  let column = 0;
  let row = 0;
  for (const { text, draw } of entries) {
    const needed = 22 + textWidth(text, FONT_SIZE.tick);
    if (column > 0 && column + needed > width) {
      column = 0;
      row++;
    }
    body +=
      draw(x + column, y + row * 17) + textElement(x + column + 21, y + row * 17 + 3.6, text, { size: FONT_SIZE.tick });
    column += needed + 14;
  }
  return { body, height: entries.length === 0 ? 0 : 12 + 17 * (row + 1) };
}
