import { linearTicks, makeScale, type Tick, visibleTicks } from './axes.js';
import type { ColourMap, Limits } from './colour.js';
import { levelColour } from './colour.js';
import { type Box, colourRamp } from './raster.js';
import { FONT_SIZE, num, textElement, textWidth } from './text.js';

export interface ColourBar {
  readonly body: string;
  /** Space it takes beyond the given corner: to the right and downwards, px. */
  readonly width: number;
  readonly height: number;
}

const THICKNESS = 11;
const POINT = 8;
const STROKE = 'stroke="currentColor" stroke-opacity="0.7" stroke-width="0.8"';

/**
 * A vertical colour bar with its upper left corner at (x, y) and the unit above it; `limits` in the unit shown. Where
 * values were clipped the bar ends in a point.
 */
export function verticalColourBar(
  x: number,
  y: number,
  height: number,
  map: ColourMap,
  limits: Limits,
  unit: string,
): ColourBar {
  const top = y + (limits.clippedHigh ? POINT : 0);
  const bottom = y + height - (limits.clippedLow ? POINT : 0);
  const box: Box = { x, y: top, width: THICKNESS, height: bottom - top };
  const scale = makeScale('linear', limits.min, limits.max, bottom, top);
  const ticks = barTicks(limits, Math.floor(height / 38), Math.floor(height / 16));
  let body = colourRamp(map, box, 'up');
  let outline = `M${num(x)} ${num(bottom)}V${num(top)}`;
  if (limits.clippedHigh) outline += `l${THICKNESS / 2} ${-POINT}l${THICKNESS / 2} ${POINT}`;
  else outline += `h${THICKNESS}`;
  outline += `V${num(bottom)}`;
  if (limits.clippedLow) outline += `l${-THICKNESS / 2} ${POINT}`;
  outline += 'Z';
  if (limits.clippedHigh)
    body += tip(`M${num(x)} ${num(top)}l${THICKNESS / 2} ${-POINT}l${THICKNESS / 2} ${POINT}Z`, levelColour(map, 255));
  if (limits.clippedLow)
    body += tip(`M${num(x)} ${num(bottom)}l${THICKNESS / 2} ${POINT}l${THICKNESS / 2} ${-POINT}Z`, levelColour(map, 1));
  body += `<path d="${outline}" fill="none" ${STROKE} stroke-linejoin="round"/>`;
  const right = x + THICKNESS;
  body += `<path d="${ticks.map(t => `M${num(right)} ${num(scale(t.value))}h3.5`).join('')}" fill="none" ${STROKE}/>`;
  for (const t of ticks) body += textElement(right + 6.5, scale(t.value) + 3.6, t.label, { size: FONT_SIZE.tick });
  body += textElement(x, y - 7, unit, { size: FONT_SIZE.tick });
  const labels = Math.max(0, ...ticks.map(t => textWidth(t.label, FONT_SIZE.tick)));
  return { body, width: Math.max(THICKNESS + 6.5 + labels, textWidth(unit, FONT_SIZE.tick)), height };
}

/** The same lying, for wide and low maps: upper left corner at (x, y), the unit right of its last label. */
export function horizontalColourBar(
  x: number,
  y: number,
  width: number,
  map: ColourMap,
  limits: Limits,
  unit: string,
): ColourBar {
  const left = x + (limits.clippedLow ? POINT : 0);
  const right = x + width - (limits.clippedHigh ? POINT : 0);
  const box: Box = { x: left, y, width: right - left, height: THICKNESS };
  const scale = makeScale('linear', limits.min, limits.max, left, right);
  const ticks = barTicks(limits, Math.floor(width / 60), Math.floor(width / 30));
  let body = colourRamp(map, box, 'right');
  let outline = `M${num(left)} ${num(y)}H${num(right)}`;
  if (limits.clippedHigh) outline += `l${POINT} ${THICKNESS / 2}l${-POINT} ${THICKNESS / 2}`;
  else outline += `v${THICKNESS}`;
  outline += `H${num(left)}`;
  if (limits.clippedLow) outline += `l${-POINT} ${-THICKNESS / 2}`;
  outline += 'Z';
  if (limits.clippedHigh)
    body += tip(
      `M${num(right)} ${num(y)}l${POINT} ${THICKNESS / 2}l${-POINT} ${THICKNESS / 2}Z`,
      levelColour(map, 255),
    );
  if (limits.clippedLow)
    body += tip(`M${num(left)} ${num(y)}l${-POINT} ${THICKNESS / 2}l${POINT} ${THICKNESS / 2}Z`, levelColour(map, 1));
  body += `<path d="${outline}" fill="none" ${STROKE} stroke-linejoin="round"/>`;
  const base = y + THICKNESS;
  body += `<path d="${ticks.map(t => `M${num(scale(t.value))} ${num(base)}v3.5`).join('')}" fill="none" ${STROKE}/>`;
  for (const t of visibleTicks(ticks, scale)) {
    body += textElement(scale(t.value), base + 14, t.label, { size: FONT_SIZE.tick, anchor: 'middle' });
  }
  const unitX = x + width + 8;
  body += textElement(unitX, y + 9.5, unit, { size: FONT_SIZE.tick });
  return { body, width: width + 8 + textWidth(unit, FONT_SIZE.tick), height: THICKNESS + 16 };
}

/** About so many ticks; more, while they fit, where fewer than three would leave the scale unsaid. */
function barTicks({ min, max }: Limits, count: number, most: number): Tick[] {
  let ticks = linearTicks(min, max, Math.max(2, count));
  for (let n = Math.max(2, count) + 1; ticks.length < 3 && n <= most; n++) ticks = linearTicks(min, max, n);
  return ticks;
}

function tip(d: string, colour: string): string {
  return `<path d="${d}" fill="${colour}"/>`;
}
