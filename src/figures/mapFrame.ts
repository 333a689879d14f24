import { BOTTOM_MARGIN, bottomAxis, leftAxis, leftMargin, makeScale, plotFrame, roundStep, stepTicks } from './axes.js';
import type { ColourMap, Limits } from './colour.js';
import { horizontalColourBar, verticalColourBar } from './colourBar.js';
import { displayUnit } from './format.js';
import { type Panel, TITLE_BASELINE } from './panel.js';
import type { Box } from './raster.js';
import { FONT_SIZE, fitText, plainText, type RichText, textElement, textWidth } from './text.js';

/** A rectangle in the plane of a map, m. */
export interface Extent {
  readonly xMin: number;
  readonly xMax: number;
  readonly yMin: number;
  readonly yMax: number;
}

/** Where metres end up on the picture. */
export interface Placement {
  readonly plot: Box;
  readonly toX: (metres: number) => number;
  readonly toY: (metres: number) => number;
}

export interface PanelSize {
  /** Largest width and height of the area where the data are drawn, px; the map is fitted into it. */
  readonly maxWidth?: number;
  readonly maxHeight?: number;
}

export interface MapFrameOptions extends PanelSize {
  readonly extent: Extent;
  readonly title: RichText;
  readonly subtitle?: RichText;
  readonly colourMap: ColourMap;
  /** In `unit`. */
  readonly limits: Limits;
  readonly unit: string;
  /** Draws the data. */
  readonly draw: (placement: Placement) => string;
  /** What is shown, for screen readers; made from title, range and unit if left out. */
  readonly label?: string;
}

/** Narrower than this a map would be a line; its aspect ratio is then given up, and the axes' own ticks tell. */
const THINNEST = 22;
const BAR_GAP = 12;
/** Least distance of two ticks, px. */
const TICK_DISTANCE = 40;
/** Below this height the label of the y axis cannot be turned. */
const SHALLOW = 46;
/** A title makes a narrow panel at most this wide beyond the left edge of its plot. */
const WIDEST_TITLE = 300;
/** Below this height a vertical colour bar has no room for its ticks. */
const LOW = 90;

/**
 * Everything around a map: title, frame, both axes in mm (in um when the map is less than 1 mm wide), colour bar. One
 * metre is as long along x as along y.
 */
export function mapFrame(options: MapFrameOptions): Panel {
  const { extent, title, subtitle, colourMap, limits, unit, draw } = options;
  const { maxWidth = 300, maxHeight = 260 } = options;
  const width = extent.xMax - extent.xMin;
  const height = extent.yMax - extent.yMin;
  const scale = Math.min(maxWidth / width, maxHeight / height);
  const plotWidth = Math.max(THINNEST, width * scale);
  const plotHeight = Math.max(THINNEST, height * scale);

  const length = Math.max(width, height) < 1e-3 ? { factor: 1e6, unit: 'µm' } : { factor: 1e3, unit: 'mm' };
  // One step for both axes, as they have one scale.
  const step = roundStep((TICK_DISTANCE / scale) * length.factor);
  const xTicks = stepTicks(extent.xMin * length.factor, extent.xMax * length.factor, step);
  const yTicks = stepTicks(extent.yMin * length.factor, extent.yMax * length.factor, step);

  const shown = displayUnit(unit, Math.max(Math.abs(limits.min), Math.abs(limits.max)));
  const shownLimits: Limits = { ...limits, min: limits.min * shown.factor, max: limits.max * shown.factor };
  const lying = plotHeight < LOW;

  const left = leftMargin(yTicks);
  // The unit of a standing bar shares the line above the plot with a title or subtitle that is short enough.
  const beside = lying ? Number.POSITIVE_INFINITY : plotWidth + BAR_GAP - 6;
  const titleWidth = textWidth(title, FONT_SIZE.title, true);
  const subtitleWidth = subtitle === undefined ? 0 : textWidth(subtitle, FONT_SIZE.tick);
  const lowest = subtitle === undefined ? titleWidth : subtitleWidth;
  const subTITLE_BASELINE = TITLE_BASELINE + 16;
  const top = (subtitle === undefined ? TITLE_BASELINE : subTITLE_BASELINE) + 9 + (lowest > beside ? 14 : 0);
  const plot: Box = { x: left, y: top, width: plotWidth, height: plotHeight };
  const toX = makeScale('linear', extent.xMin, extent.xMax, plot.x, plot.x + plot.width);
  const toY = makeScale('linear', extent.yMin, extent.yMax, plot.y + plot.height, plot.y);
  const bar = lying
    ? horizontalColourBar(
        plot.x,
        plot.y + plot.height + BOTTOM_MARGIN + 8,
        plot.width,
        colourMap,
        shownLimits,
        shown.unit,
      )
    : verticalColourBar(plot.x + plot.width + BAR_GAP, plot.y, plot.height, colourMap, shownLimits, shown.unit);

  const right = lying ? plot.x + bar.width : plot.x + plot.width + BAR_GAP + bar.width;
  const titleRoom = Math.max(right - plot.x, Math.min(WIDEST_TITLE, Math.max(titleWidth, subtitleWidth)));
  let body = textElement(plot.x, TITLE_BASELINE, fitText(title, titleRoom + 1, FONT_SIZE.title, true), {
    size: FONT_SIZE.title,
    bold: true,
  });
  if (subtitle !== undefined) {
    body += textElement(plot.x, subTITLE_BASELINE, fitText(subtitle, titleRoom + 1, FONT_SIZE.tick), {
      size: FONT_SIZE.tick,
      muted: true,
    });
  }
  body += draw({ plot, toX, toY });
  body += plotFrame(plot);
  body += bottomAxis(plot, {
    ticks: xTicks,
    scale: mm => toX(mm / length.factor),
    label: [{ italic: 'x' }, ` (${length.unit})`],
  });
  body += leftAxis(plot, {
    ticks: yTicks,
    scale: mm => toY(mm / length.factor),
    label: plotHeight < SHALLOW ? [{ italic: 'y' }] : [{ italic: 'y' }, ` (${length.unit})`],
    upright: plotHeight < SHALLOW,
  });
  body += bar.body;

  const panelHeight = Math.ceil(plot.y + plot.height + BOTTOM_MARGIN + (lying ? 8 + bar.height : 0) + 4);
  const label = options.label ?? describe(title, subtitle, shownLimits, shown.unit);
  return { width: Math.ceil(plot.x + titleRoom + 8), height: panelHeight, plot, body, label };
}

function describe(title: RichText, subtitle: RichText | undefined, limits: Limits, unit: string): string {
  const digits = (v: number) => String(Number(v.toPrecision(3)));
  const sub = subtitle === undefined ? '' : `, ${plainText(subtitle)}`;
  return `Map: ${plainText(title)}${sub}; colours from ${digits(limits.min)} to ${digits(limits.max)} ${unit}`.trimEnd();
}
