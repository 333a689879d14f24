import { linearTicks } from '../../src/figures/axes.js';
import type { ColourMap, Limits } from '../../src/figures/colour.js';
import { LEVELS } from '../../src/figures/colour.js';
import { displayUnit } from '../../src/figures/format.js';
import type { Viewport } from '../state/page.js';
import { type Ink, SMALL_FONT } from './ink.js';
import { type Box, toPixelX, toPixelY } from './viewport.js';

/** Room of a panel around its plot, px. */
export const MARGINS = { left: 44, right: 74, top: 8, bottom: 36 } as const;
const BAR = { gap: 14, width: 12 } as const;
/** Distance of neighbouring ticks, px, about. */
const TICK_SPACING = 64;

/** The plot within a canvas of this size. */
export function plotOf(width: number, height: number): Box {
  return {
    x: MARGINS.left,
    y: MARGINS.top,
    width: Math.max(20, width - MARGINS.left - MARGINS.right),
    height: Math.max(20, height - MARGINS.top - MARGINS.bottom),
  };
}

/** Frame, ticks and labels in mm. */
export function drawAxes(context: CanvasRenderingContext2D, view: Viewport, plot: Box, ink: Ink): void {
  const halfX = (plot.width / 2) * view.perPixel;
  const halfY = (plot.height / 2) * view.perPixel;
  context.font = SMALL_FONT;
  context.fillStyle = ink.soft;
  context.strokeStyle = ink.soft;
  context.lineWidth = 1;
  context.strokeRect(plot.x + 0.5, plot.y + 0.5, plot.width - 1, plot.height - 1);
  context.beginPath();
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const bottom = plot.y + plot.height;
  for (const { value, label } of linearTicks(
    1e3 * (view.x - halfX),
    1e3 * (view.x + halfX),
    plot.width / TICK_SPACING,
  )) {
    const px = Math.round(toPixelX(view, plot, 1e-3 * value)) + 0.5;
    context.moveTo(px, bottom);
    context.lineTo(px, bottom + 4);
    context.fillText(label, px, bottom + 6);
  }
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { value, label } of linearTicks(
    1e3 * (view.y - halfY),
    1e3 * (view.y + halfY),
    plot.height / TICK_SPACING,
  )) {
    const py = Math.round(toPixelY(view, plot, 1e-3 * value)) + 0.5;
    context.moveTo(plot.x, py);
    context.lineTo(plot.x - 4, py);
    context.fillText(label, plot.x - 6, py);
  }
  context.stroke();
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText('x in mm', plot.x + plot.width / 2, bottom + MARGINS.bottom - 1);
  context.save();
  context.translate(10, plot.y + plot.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = 'middle';
  context.fillText('y in mm', 0, 0);
  context.restore();
}

/** The colours beside the plot with their values; triangles where values lie beyond an end. */
export function drawColourBar(
  context: CanvasRenderingContext2D,
  map: ColourMap,
  limits: Limits,
  unit: string,
  plot: Box,
  ink: Ink,
): void {
  const x = plot.x + plot.width + BAR.gap;
  const top = plot.y + 22;
  const height = plot.height - 22 - 6;
  for (let row = 0; row < height; row++) {
    const level = LEVELS - Math.floor((row * LEVELS) / height);
    context.fillStyle = `rgb(${map.lut[3 * level]},${map.lut[3 * level + 1]},${map.lut[3 * level + 2]})`;
    context.fillRect(x, top + row, BAR.width, 1.5);
  }
  const triangle = (level: number, y: number, tip: number) => {
    context.fillStyle = `rgb(${map.lut[3 * level]},${map.lut[3 * level + 1]},${map.lut[3 * level + 2]})`;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + BAR.width, y);
    context.lineTo(x + BAR.width / 2, tip);
    context.fill();
  };
  if (limits.clippedHigh) triangle(LEVELS, top, top - 7);
  if (limits.clippedLow) triangle(1, top + height, top + height + 7);
  context.strokeStyle = ink.soft;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, top + 0.5, BAR.width - 1, height - 1);
  const shown = displayUnit(unit, Math.max(Math.abs(limits.min), Math.abs(limits.max)));
  const [low, high] = [limits.min * shown.factor, limits.max * shown.factor];
  context.font = SMALL_FONT;
  context.fillStyle = ink.soft;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const scale = (value: number) => top + height * (1 - (value - low) / (high - low));
  for (const tick of linearTicks(low, high, height / 44)) {
    const y = Math.round(scale(tick.value)) + 0.5;
    context.beginPath();
    context.moveTo(x + BAR.width, y);
    context.lineTo(x + BAR.width + 4, y);
    context.stroke();
    context.fillText(tick.label, x + BAR.width + 7, y);
  }
  context.textBaseline = 'top';
  context.fillStyle = ink.ink;
  context.fillText(shown.unit, x, plot.y - 2);
}
