import {
  BOTTOM_MARGIN,
  bottomAxis,
  leftAxis,
  leftMargin,
  linearTicks,
  logTicks,
  makeScale,
  plotFrame,
  type Scale,
} from './axes.js';
import { displayUnit } from './format.js';
import { drawLegend, type LegendEntry, legendLine, type MarkShape, markShape } from './legend.js';
import type { PanelSize } from './mapFrame.js';
import { LINE_COLOURS, type Panel, TITLE_BASELINE } from './panel.js';
import { drawPoints, type PointCloud } from './pointCloud.js';
import type { Box } from './raster.js';
import { FONT_SIZE, fitText, num, plainText, type RichText, textElement } from './text.js';

export interface CurveAxis {
  /** Without the unit. */
  readonly label: RichText;
  /** Shown in brackets; SI units get a prefix on a linear axis. */
  readonly unit?: string;
  readonly scale: 'linear' | 'log';
}

export interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Shown in the legend; a curve without a name is not listed. */
  readonly name?: string;
  readonly dashed?: boolean;
  /** A band of this half-width around the curve, in the unit of y. */
  readonly band?: Float64Array;
}

/** A point that matters: the choice, or what another rule would have chosen. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  /** Shown in the legend. */
  readonly name: RichText;
  readonly shape?: MarkShape;
  /** Drawn larger and filled, with a dropped line to the x axis. */
  readonly chosen?: boolean;
}

export interface CurvePanelOptions extends PanelSize {
  readonly title: RichText;
  readonly subtitle?: RichText;
  readonly x: CurveAxis;
  readonly y: CurveAxis;
  readonly curves: readonly Curve[];
  readonly marks?: readonly Mark[];
  /** Points of several kinds, below the marks. */
  readonly points?: readonly PointCloud[];
  readonly label?: string;
}

const SHAPES: readonly MarkShape[] = ['circle', 'square', 'diamond', 'triangle', 'cross'];

/**
 * A line chart with linear or logarithmic axes, marked points and a legend below. Points that a logarithmic axis cannot
 * show (zero, negative) and NaN interrupt a line.
 */
export function curvePanel(options: CurvePanelOptions): Panel {
  const { title, subtitle, curves, marks = [], points = [] } = options;
  const { maxWidth = 300, maxHeight = 210 } = options;
  const xRange = range(
    options.x,
    [...curves.map(c => c.x), marks.map(m => m.x), ...points.map(c => c.x)],
    points.length > 0 ? 0.06 : 0,
  );
  const yRange = range(
    options.y,
    [...curves.flatMap(c => bandEnds(c)), marks.map(m => m.y), ...points.map(c => c.y)],
    0.06,
  );
  const xAxis = shownAxis(options.x, xRange, maxWidth / 58);
  const yAxis = shownAxis(options.y, yRange, maxHeight / 36);

  const left = leftMargin(yAxis.ticks);
  const plot: Box = {
    x: left,
    y: TITLE_BASELINE + (subtitle === undefined ? 9 : 25),
    width: maxWidth,
    height: maxHeight,
  };
  const toX = makeScale(options.x.scale, xRange[0], xRange[1], plot.x, plot.x + plot.width);
  const toY = makeScale(options.y.scale, yRange[0], yRange[1], plot.y + plot.height, plot.y);

  const room = plot.width + 12;
  let body = textElement(plot.x, TITLE_BASELINE, fitText(title, room, FONT_SIZE.title, true), {
    size: FONT_SIZE.title,
    bold: true,
  });
  if (subtitle !== undefined)
    body += textElement(plot.x, TITLE_BASELINE + 16, fitText(subtitle, room, FONT_SIZE.tick), {
      size: FONT_SIZE.tick,
      muted: true,
    });
  body += gridLines(
    plot,
    xAxis.ticks.filter(t => t.label !== '').map(t => toX(t.value / xAxis.factor)),
    yAxis.ticks.filter(t => t.label !== '').map(t => toY(t.value / yAxis.factor)),
  );
  curves.forEach((curve, i) => {
    body += curvePath(curve, LINE_COLOURS[i % LINE_COLOURS.length], toX, toY);
  });
  body += plotFrame(plot);
  body += bottomAxis(plot, { ticks: xAxis.ticks, scale: v => toX(v / xAxis.factor), label: xAxis.label });
  body += leftAxis(plot, { ticks: yAxis.ticks, scale: v => toY(v / yAxis.factor), label: yAxis.label });

  for (const cloud of points) body += drawPoints(cloud, toX, toY, plot.x + plot.width / 2);

  const visible = marks.filter(m => Number.isFinite(toX(m.x)) && Number.isFinite(toY(m.y)));
  const style = (mark: Mark) => {
    const index = visible.indexOf(mark);
    return {
      shape: mark.shape ?? SHAPES[index % SHAPES.length],
      colour: LINE_COLOURS[(index + 1) % LINE_COLOURS.length],
    };
  };
  for (const mark of visible.filter(m => m.chosen)) {
    body += `<path d="M${num(toX(mark.x))} ${num(toY(mark.y))}V${num(plot.y + plot.height)}" stroke="${style(mark).colour}" stroke-width="1" stroke-dasharray="3 3" fill="none"/>`;
  }
  // The chosen point last, on top of a rule that agrees with it.
  for (const mark of [...visible].sort((a, b) => Number(a.chosen ?? false) - Number(b.chosen ?? false))) {
    const { shape, colour } = style(mark);
    body += markShape(shape, toX(mark.x), toY(mark.y), mark.chosen ? 5 : 4, colour, mark.chosen ?? false);
  }

  const entries: LegendEntry[] = [];
  curves.forEach((curve, i) => {
    if (curve.name !== undefined)
      entries.push({
        text: curve.name,
        draw: (x, y) => legendLine(x, y, LINE_COLOURS[i % LINE_COLOURS.length], curve.dashed ?? false),
      });
  });
  for (const { name, shape, colour, filled = false } of points)
    entries.push({ text: name, draw: (x, y) => markShape(shape, x + 8, y, 4, colour, filled) });
  for (const mark of visible) {
    const { shape, colour } = style(mark);
    entries.push({ text: mark.name, draw: (x, y) => markShape(shape, x + 8, y, 4, colour, mark.chosen ?? false) });
  }
  const legend = drawLegend(entries, plot.x, plot.y + plot.height + BOTTOM_MARGIN + 14, plot.width + 12);
  return {
    width: Math.ceil(plot.x + plot.width + 16),
    height: Math.ceil(plot.y + plot.height + BOTTOM_MARGIN + 4 + legend.height),
    plot,
    body: body + legend.body,
    label: options.label ?? describe(options, visible),
  };
}

function bandEnds(curve: Curve): Float64Array[] {
  const { y, band } = curve;
  return band === undefined ? [y] : [y.map((v, i) => v - band[i]), y.map((v, i) => v + band[i])];
}

/** The range of everything that the axis can show, with a margin; never empty. */
function range(axis: CurveAxis, columns: readonly ArrayLike<number>[], margin: number): [number, number] {
  const log = axis.scale === 'log';
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const v = column[i];
      if (!Number.isFinite(v) || (log && v <= 0)) continue;
      min = Math.min(min, v);
      max = Math.max(max, v);
    }
  }
  if (min > max) return log ? [0.1, 10] : [0, 1];
  if (log) {
    if (max / min < 1.01) return [min / 2, max * 2];
    const factor = (max / min) ** margin;
    return [min / factor, max * factor];
  }
  if (max === min) return [min - (Math.abs(min) || 1) / 2, max + (Math.abs(max) || 1) / 2];
  return [min - margin * (max - min), max + margin * (max - min)];
}

function shownAxis(axis: CurveAxis, [min, max]: readonly [number, number], count: number) {
  const unit = axis.unit ?? '';
  // On a logarithmic axis the ticks say the power of ten themselves.
  const shown = axis.scale === 'log' ? { factor: 1, unit } : displayUnit(unit, Math.max(Math.abs(min), Math.abs(max)));
  const n = Math.max(2, Math.round(count));
  const ticks = axis.scale === 'log' ? logTicks(min, max, n) : linearTicks(min * shown.factor, max * shown.factor, n);
  const label: RichText =
    shown.unit === ''
      ? axis.label
      : [...(typeof axis.label === 'string' ? [axis.label] : axis.label), ` (${shown.unit})`];
  return { ticks, factor: shown.factor, label };
}

function gridLines(plot: Box, xs: readonly number[], ys: readonly number[]): string {
  const d =
    xs.map(x => `M${num(x)} ${num(plot.y)}v${num(plot.height)}`).join('') +
    ys.map(y => `M${num(plot.x)} ${num(y)}h${num(plot.width)}`).join('');
  return d === '' ? '' : `<path d="${d}" stroke="currentColor" stroke-opacity="0.12" stroke-width="0.7" fill="none"/>`;
}

function curvePath(curve: Curve, colour: string, toX: Scale, toY: Scale): string {
  const { x, y, dashed, band } = curve;
  let d = '';
  let area = '';
  let upper: string[] = [];
  let lower: string[] = [];
  const interrupt = () => {
    if (upper.length > 1) area += `M${[...upper, ...lower.reverse()].join('L')}Z`;
    upper = [];
    lower = [];
  };
  let pen = 'M';
  for (let i = 0; i < x.length; i++) {
    const px = toX(x[i]);
    const py = toY(y[i]);
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      pen = 'M';
      interrupt();
      continue;
    }
    d += `${pen}${num(px)} ${num(py)}`;
    pen = 'L';
    const high = band === undefined ? Number.NaN : toY(y[i] + band[i]);
    const low = band === undefined ? Number.NaN : toY(y[i] - band[i]);
    if (Number.isFinite(high) && Number.isFinite(low)) {
      upper.push(`${num(px)} ${num(high)}`);
      lower.push(`${num(px)} ${num(low)}`);
    } else interrupt();
  }
  interrupt();
  if (d === '') return '';
  return (
    (area === '' ? '' : `<path d="${area}" fill="${colour}" fill-opacity="0.18"/>`) +
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="1.7" stroke-linejoin="round" stroke-linecap="round"` +
    `${dashed ? ' stroke-dasharray="5 4"' : ''}/>`
  );
}

function describe({ title, x, y }: CurvePanelOptions, marks: readonly Mark[]): string {
  const named = marks.map(m => `${plainText(m.name)}${m.chosen ? ' (chosen)' : ''}`).join(', ');
  return `Chart: ${plainText(title)}; ${plainText(y.label)} against ${plainText(x.label)}${named === '' ? '' : `; marked: ${named}`}`;
}
