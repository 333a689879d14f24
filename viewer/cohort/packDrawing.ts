import { COLOUR_MAPS, levelColour, levelOf } from '../../src/figures/index.js';
import type { Diagnosis } from '../state/diagnosis.js';
import type { CellPicture } from './cellPictures.js';
import { svg } from './svg.js';

const HIGHEST = 300;
/** Room around the pack for tabs, px. */
const MARGIN = 16;
const TAB = 8;
const LEGEND = 44;

/** The pack from above: each cell in the colour of its number, with its name and what is said of it. */
export function packDrawing(
  { cells, samples }: Diagnosis,
  sample: number,
  picture: CellPicture,
  width: number,
): SVGSVGElement {
  const points = cells.flatMap(cell => cell.drawing.outline);
  const [x0, x1] = [Math.min(...points.map(p => p[0])), Math.max(...points.map(p => p[0]))];
  const [y0, y1] = [Math.min(...points.map(p => p[1])), Math.max(...points.map(p => p[1]))];
  const per = Math.min((width - 2 * MARGIN) / (x1 - x0), (HIGHEST - 2 * MARGIN) / (y1 - y0));
  const height = (y1 - y0) * per + 2 * MARGIN;
  const left = (width - (x1 - x0) * per) / 2;
  const [toX, toY] = [(x: number) => left + (x - x0) * per, (y: number) => height - MARGIN - (y - y0) * per];
  const { most } = picture;
  const limits = { min: -most, max: most };
  const { name, cells: shares } = samples[sample];
  const parts = cells.flatMap(({ name: cellName, drawing }, k) => {
    const { share, current, sigma, flagged } = shares[k];
    const part = picture.parts[k];
    const xs = drawing.outline.map(p => toX(p[0]));
    const ys = drawing.outline.map(p => toY(p[1]));
    const [wide, high] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
    const [cx, cy] = [(Math.max(...xs) + Math.min(...xs)) / 2, (Math.max(...ys) + Math.min(...ys)) / 2];
    // The ends of the colour map are dark.
    const fill = Math.abs(part) > 0.6 * most ? '#ffffff' : '#1b1f24';
    const size = Math.max(8, Math.min(13, wide / 5.6));
    const lines = [
      { text: fitted(cellName, wide / (0.6 * size)), bold: true },
      ...picture.lines[k].map(text => ({ text, bold: false })),
      ...(flagged ? [{ text: 'out of line', bold: true }] : []),
    ].slice(0, Math.max(1, Math.floor(high / 17)));
    return [
      svg(
        'path',
        {
          d: `M${drawing.outline.map((_, i) => `${xs[i].toFixed(1)} ${ys[i].toFixed(1)}`).join('L')}Z`,
          fill: levelColour(COLOUR_MAPS.diverging, levelOf(part, limits)),
          class: flagged ? 'cell flagged' : 'cell',
        },
        [
          svg('title', {}, [
            `${cellName}: ${current.toFixed(3)} ± ${sigma.toFixed(3)} A, ${(100 * share).toFixed(2)} %`,
          ]),
        ],
      ),
      ...drawing.tabs.map(({ start, end, into }) => {
        const [ax, ay, bx, by] = [toX(start[0]), toY(start[1]), toX(end[0]), toY(end[1])];
        const length = Math.hypot(bx - ax, by - ay) || 1;
        // Outwards: the cell lies on the left of the way from start to end, on the screen y goes down.
        const [ox, oy] = [(-TAB * (by - ay)) / length, (TAB * (bx - ax)) / length];
        return svg('path', {
          d: `M${ax} ${ay}L${bx} ${by}L${bx + ox} ${by + oy}L${ax + ox} ${ay + oy}Z`,
          class: into ? 'tab into' : 'tab',
        });
      }),
      ...lines.map(({ text, bold }, row) =>
        svg(
          'text',
          {
            x: cx,
            y: cy + 1.35 * size * (row - (lines.length - 1) / 2),
            fill,
            'font-size': size,
            'font-weight': bold ? 600 : 400,
            'text-anchor': 'middle',
            'dominant-baseline': 'central',
          },
          [text],
        ),
      ),
    ];
  });
  const told = cells.map((cell, k) => `${cell.name} ${picture.lines[k][0]}`).join(', ');
  return svg(
    'svg',
    { width, height: height + LEGEND, role: 'img', 'aria-label': `${picture.title}, ${name}: ${told}` },
    [...parts, ...legend(picture, width, height + 8)],
  );
}

/** A name of at most so many letters. */
function fitted(name: string, most: number): string {
  return name.length > most ? `${name.slice(0, Math.max(1, Math.floor(most) - 1))}…` : name;
}

function legend({ most, legend: text }: CellPicture, width: number, top: number): SVGElement[] {
  const [bar, steps] = [Math.min(260, width - 80), 52];
  const left = (width - bar) / 2;
  const label = (x: number, text: string, anchor: string) =>
    svg('text', { x, y: top + 24, class: 'soft', 'text-anchor': anchor, 'font-size': 11 }, [text]);
  const percent = `${(100 * most).toFixed(1)} %`;
  return [
    ...Array.from({ length: steps }, (_, k) =>
      svg('rect', {
        x: left + (k * bar) / steps,
        y: top,
        width: bar / steps + 0.5,
        height: 10,
        fill: levelColour(COLOUR_MAPS.diverging, levelOf(2 * (k / (steps - 1)) - 1, { min: -1, max: 1 })),
      }),
    ),
    label(left, `−${percent}`, 'middle'),
    label(left + bar / 2, text, 'middle'),
    label(left + bar, `+${percent}`, 'middle'),
  ];
}
