import { type CellDrawing, drawCells } from './cellDrawing.js';
import {
  COLOUR_MAPS,
  type ColourMap,
  type ColourMapName,
  defaultColourMap,
  LEVELS,
  type Limits,
  levelColour,
  levelOf,
  type MapKind,
} from './colour.js';
import { colourLimits } from './limits.js';
import { outlinePaths, type Path } from './mapFigure.js';
import { type Extent, mapFrame, type PanelSize, type Placement } from './mapFrame.js';
import type { Panel } from './panel.js';
import { type Box, rasterImage } from './raster.js';
import { num, type RichText } from './text.js';

export interface SamplePanelOptions extends PanelSize {
  /** Positions of the samples, m. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** One value per sample; NaN leaves a sample out. */
  readonly values: Float64Array;
  readonly unit: string;
  readonly title: RichText;
  readonly subtitle?: RichText;
  readonly kind: MapKind;
  readonly colours?: ColourMapName;
  readonly limits?: Limits;
  /** 1 where a sample was rejected: marked by a cross. */
  readonly rejected?: Uint8Array;
  readonly outlines?: readonly Path[];
  /** Cells with their tabs. */
  readonly cells?: readonly CellDrawing[];
  readonly label?: string;
}

const LARGEST_DOT = 9;
const SMALLEST_DOT = 1.4;
/** Half the size of a cross, px, and how many crosses are a crowd. */
const LONE_CROSS = 2.6;
const CROWD = 60;

/** Values at the samples' own positions as dots: what a scan that is not on a grid looks like without regridding it. */
export function samplePanel(options: SamplePanelOptions): Panel {
  const { values, kind } = options;
  const colourMap = options.colours === undefined ? defaultColourMap(kind) : COLOUR_MAPS[options.colours];
  const limits = options.limits ?? colourLimits(values, kind);
  const { extent, pitch } = sampleExtent(options.x, options.y);
  return mapFrame({
    ...options,
    extent,
    colourMap,
    limits,
    draw: placement => {
      const { plot } = placement;
      const dot = Math.min(
        LARGEST_DOT,
        Math.max(SMALLEST_DOT, 0.92 * pitch * (plot.width / (extent.xMax - extent.xMin))),
      );
      // Grey below: the neutral colour of a signed map is nearly white.
      return (
        `<rect x="${num(plot.x)}" y="${num(plot.y)}" width="${num(plot.width)}" height="${num(plot.height)}" fill="#808080" fill-opacity="0.3"/>` +
        (isCrowd(values, dot, plot)
          ? crowd(options, placement, dot, limits, colourMap)
          : dots(options, placement, dot, limits, colourMap)) +
        (options.outlines === undefined ? '' : outlinePaths(options.outlines, placement)) +
        (options.cells === undefined ? '' : drawCells(options.cells, placement)) +
        crosses(options, placement, dot)
      );
    },
  });
}

/** The rectangle around all samples with half a pitch of margin, and the mean distance of neighbours, m. */
export function sampleExtent(x: Float64Array, y: Float64Array): { extent: Extent; pitch: number } {
  let [xMin, xMax, yMin, yMax] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (let i = 0; i < x.length; i++) {
    xMin = Math.min(xMin, x[i]);
    xMax = Math.max(xMax, x[i]);
    yMin = Math.min(yMin, y[i]);
    yMax = Math.max(yMax, y[i]);
  }
  const width = xMax - xMin;
  const height = yMax - yMin;
  if (!(Math.max(width, height) > 0)) {
    // One sample, or none.
    const [cx, cy] = Number.isFinite(xMin) ? [xMin, yMin] : [0, 0];
    return { extent: { xMin: cx - 5e-3, xMax: cx + 5e-3, yMin: cy - 5e-3, yMax: cy + 5e-3 }, pitch: 5e-3 };
  }
  // A line scan has no area; then the distance is that along the line.
  const pitch = Math.max(Math.sqrt((width * height) / x.length), Math.max(width, height) / x.length);
  const margin = pitch / 2;
  return { extent: { xMin: xMin - margin, xMax: xMax + margin, yMin: yMin - margin, yMax: yMax + margin }, pitch };
}

/** Whether there are more samples than a picture can show as dots. */
function isCrowd(values: Float64Array, dot: number, plot: Box): boolean {
  const finite = values.reduce((sum, v) => sum + (Number.isNaN(v) ? 0 : 1), 0);
  return finite * dot * dot >= 2 * plot.width * plot.height;
}

function dots(
  { x, y, values, kind }: SamplePanelOptions,
  { toX, toY }: Placement,
  dot: number,
  limits: Limits,
  colourMap: ColourMap,
): string {
  const byLevel = new Map<number, string>();
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const level = levelOf(values[i], limits);
    byLevel.set(level, `${byLevel.get(level) ?? ''}M${num(toX(x[i]))} ${num(toY(y[i]))}h0`);
  }
  // Extremes last, so that they lie on top.
  const middle = kind === 'signed' ? (LEVELS + 1) / 2 : 0;
  const paths = [...byLevel]
    .sort(([a], [b]) => Math.abs(a - middle) - Math.abs(b - middle))
    .map(([level, d]) => `<path d="${d}" stroke="${levelColour(colourMap, level)}"/>`)
    .join('');
  return `<g fill="none" stroke-linecap="round" stroke-width="${num(dot)}">${paths}</g>`;
}

/** A crowd as a picture: of the samples that fall into one dot the one farthest from zero. */
function crowd(
  { x, y, values }: SamplePanelOptions,
  { plot, toX, toY }: Placement,
  dot: number,
  limits: Limits,
  colourMap: ColourMap,
): string {
  const nx = Math.max(1, Math.round(plot.width / dot));
  const ny = Math.max(1, Math.round(plot.height / dot));
  const best = new Float64Array(nx * ny).fill(Number.NaN);
  const bin = (part: number, n: number) => Math.min(n - 1, Math.max(0, Math.floor(part * n)));
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const row = bin(1 - (toY(y[i]) - plot.y) / plot.height, ny);
    const at = row * nx + bin((toX(x[i]) - plot.x) / plot.width, nx);
    if (!(Math.abs(values[i]) <= Math.abs(best[at]))) best[at] = values[i];
  }
  return rasterImage({ nx, ny, x0: 0, y0: 0, dx: 1, dy: 1 }, best, limits, colourMap, plot);
}

function crosses({ x, y, rejected }: SamplePanelOptions, { toX, toY }: Placement, dot: number): string {
  if (rejected === undefined) return '';
  // Single ones must catch the eye, a crowd must not hide what lies below.
  const crowd = rejected.reduce((sum, v) => sum + v, 0) > CROWD;
  const r = crowd ? Math.min(LONE_CROSS, 0.45 * dot) : LONE_CROSS;
  let d = '';
  for (let i = 0; i < x.length; i++) {
    if (rejected[i] === 0) continue;
    d += `M${num(toX(x[i]) - r)} ${num(toY(y[i]) - r)}l${num(2 * r)} ${num(2 * r)}m0 ${num(-2 * r)}l${num(-2 * r)} ${num(2 * r)}`;
  }
  if (d === '') return '';
  return (
    (crowd ? '' : `<path d="${d}" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>`) +
    `<path d="${d}" fill="none" stroke="#000" stroke-width="${crowd ? 0.7 : 1.1}" stroke-linecap="round"/>`
  );
}
