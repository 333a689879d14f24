import type { Cell } from '../model/cell.js';
import { boundingBox, cornerAt, cornerCount } from '../model/outline.js';
import { cellDrawing, drawCells } from './cellDrawing.js';
import { COLOUR_MAPS, levelColour, levelOf } from './colour.js';
import { mapFrame, type PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';
import { FONT_SIZE, num, type RichText, textElement } from './text.js';

/** A cell of a pack and what it carries. */
export interface PackFigureCell {
  readonly name: string;
  /** In the pack's axes. */
  readonly cell: Pick<Cell, 'outline' | 'tabs'>;
  /** Part of the pack's current, and the part that is expected. */
  readonly share: number;
  readonly expected: number;
  readonly flagged: boolean;
}

export interface PackPanelOptions extends PanelSize {
  readonly title: RichText;
  readonly subtitle?: RichText;
  /** The departure of a share from what is expected, in parts of that, at which colours end. Default: the largest shown. */
  readonly limit?: number;
}

const MARGIN = 0.06;

/** The pack seen from above: each cell in the colour of its share against the expected one; cells out of line have a heavy outline. */
export function packPanel(cells: readonly PackFigureCell[], options: PackPanelOptions): Panel {
  const boxes = cells.map(({ cell }) => boundingBox(cell.outline));
  const [x0, y0] = [Math.min(...boxes.map(b => b.x0)), Math.min(...boxes.map(b => b.y0))];
  const [x1, y1] = [Math.max(...boxes.map(b => b.x1)), Math.max(...boxes.map(b => b.y1))];
  const room = MARGIN * Math.max(x1 - x0, y1 - y0);
  const departures = cells.map(({ share, expected }) => 100 * (share / expected - 1));
  const most = Math.max(1, 100 * (options.limit ?? 0), ...departures.map(Math.abs));
  const limits = { min: -most, max: most, clippedLow: false, clippedHigh: false };
  const { title, subtitle, maxWidth = 480, maxHeight = 300 } = options;
  const colourMap = COLOUR_MAPS.diverging;
  return mapFrame({
    extent: { xMin: x0 - room, xMax: x1 + room, yMin: y0 - room, yMax: y1 + room },
    title,
    ...(subtitle === undefined ? {} : { subtitle }),
    maxWidth,
    maxHeight,
    colourMap,
    limits,
    unit: '%',
    label: `Pack: ${cells.map(c => `${c.name} carries ${percent(c.share)}`).join(', ')}`,
    draw: placement => {
      const { toX, toY } = placement;
      const fills = cells.map(({ cell: { outline }, flagged }, i) => {
        const path = Array.from({ length: cornerCount(outline) }, (_, c) => {
          const [x, y] = cornerAt(outline, c);
          return `${num(toX(x))} ${num(toY(y))}`;
        });
        const fill = levelColour(colourMap, levelOf(departures[i], limits));
        const frame = flagged ? ' stroke="#1b1f24" stroke-width="5"' : '';
        return `<path d="M${path.join('L')}Z" fill="${fill}"${frame}/>`;
      });
      const texts = cells.map(({ name, share, flagged }, i) => {
        const { x0: left, x1: right, y0: low, y1: high } = boxes[i];
        const [x, y] = [toX((left + right) / 2), toY((low + high) / 2)];
        // The ends of the colour map are dark.
        const fill = Math.abs(departures[i]) > 0.6 * most ? '#ffffff' : '#1b1f24';
        const line = (dy: number, text: string, bold: boolean) =>
          textElement(x, y + dy, text, { size: FONT_SIZE.label, anchor: 'middle', fill, bold });
        return (
          line(-14, name, true) +
          line(2, percent(share), false) +
          line(17, `${departures[i] < 0 ? '−' : '+'}${Math.abs(departures[i]).toFixed(2)} %`, false) +
          (flagged ? line(32, 'out of line', true) : '')
        );
      });
      return (
        fills.join('') +
        drawCells(
          cells.map(({ cell }) => cellDrawing({ ...cell, current: 1 })),
          placement,
        ) +
        texts.join('')
      );
    },
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
