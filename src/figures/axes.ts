import { scaleLinear, scaleLog } from 'd3-scale';
import { superscript, tickLabels } from './format.js';
import type { Box } from './raster.js';
import { FONT_SIZE, num, type RichText, textElement, textWidth } from './text.js';

/** A tick: its value in the unit of the axis and what is written there (empty for a minor tick). */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/**
 * Round numbers inside [min, max], about `count` of them. The ends count as inside even when rounding errors
 * of the axis put them a hair beyond.
 */
export function linearTicks(min: number, max: number, count: number): Tick[] {
  const slack = 1e-9 * Math.max(max - min, 0);
  const values = scaleLinear()
    .domain([min - slack, max + slack])
    .ticks(Math.max(1, count))
    .map(v => Math.min(max, Math.max(min, v)));
  const labels = tickLabels(values);
  return values.map((value, i) => ({ value, label: labels[i] }));
}

/** The smallest of 1, 2, 5 times a power of ten that is not smaller than `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find(m => m * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Multiples of `step` inside [min, max]; when there are fewer than two of them, as many finer ones as needed. */
export function stepTicks(min: number, max: number, step: number): Tick[] {
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  if (last - first < 1) return linearTicks(min, max, 2);
  const values = Array.from({ length: last - first + 1 }, (_, i) => Math.min(max, Math.max(min, (first + i) * step)));
  const labels = tickLabels(values);
  return values.map((value, i) => ({ value, label: labels[i] }));
}

/**
 * Ticks of a logarithmic axis: the powers of ten, thinned to about `count` labels; on a short axis also 2 and 5 times
 * them; the other multiples as unlabelled ticks while there are few decades.
 */
export function logTicks(min: number, max: number, count: number): Tick[] {
  const decades = Math.log10(max / min);
  // So short a logarithmic axis hardly differs from a linear one and has too few multiples of ten on it.
  if (decades < 0.7) return linearTicks(min, max, count);
  const slack = 1e-9;
  const ticks: Tick[] = [];
  const every = Math.max(1, Math.ceil(decades / Math.max(1, count)));
  const plain = min >= 0.999e-2 && max <= 1.001e4;
  for (let e = Math.floor(Math.log10(min)) - 1; e <= Math.ceil(Math.log10(max)); e++) {
    for (let m = 1; m < 10; m++) {
      const value = Number(`${m}e${e}`);
      if (value < min * (1 - slack) || value > max * (1 + slack)) continue;
      const major = m === 1 && e % every === 0;
      const labelled = major || (decades < 1.5 && (m === 2 || m === 5));
      if (labelled) ticks.push({ value, label: multipleLabel(m, e, plain) });
      else if (m === 1 || (every === 1 && decades <= 8)) ticks.push({ value, label: '' });
    }
  }
  return ticks;
}

/** 0.02, 500 on an axis that keeps to such numbers; else 10⁻⁵, 2·10⁻⁵ throughout. */
function multipleLabel(factor: number, exponent: number, plain: boolean): string {
  if (plain) return String(Number(`${factor}e${exponent}`));
  return `${factor === 1 ? '' : `${factor}·`}10${superscript(exponent)}`;
}

/** Position of a value along an axis, px from its start. */
export type Scale = (value: number) => number;

/** Linear or logarithmic mapping of [min, max] to [start, end]. */
export function makeScale(kind: 'linear' | 'log', min: number, max: number, start: number, end: number): Scale {
  return kind === 'log'
    ? scaleLog().domain([min, max]).range([start, end])
    : scaleLinear().domain([min, max]).range([start, end]);
}

export interface AxisOptions {
  readonly ticks: readonly Tick[];
  readonly scale: Scale;
  readonly label: RichText;
  /** Sets the label of a y axis upright, where there is no room to turn it. */
  readonly upright?: boolean;
}

const TICK = 4;
const MINOR_TICK = 2.5;

/** Height that {@link bottomAxis} needs below the plot. */
export const BOTTOM_MARGIN = 38;

/** The x axis below a plot: ticks outwards, labels that would touch their neighbour left out, the axis' label. */
export function bottomAxis(plot: Box, { ticks, scale, label }: AxisOptions): string {
  const base = plot.y + plot.height;
  let body = tickMarks(ticks, t => `M${num(scale(t.value))} ${num(base)}v${t.label === '' ? MINOR_TICK : TICK}`);
  for (const t of visibleTicks(ticks, scale)) {
    body += textElement(scale(t.value), base + 16, t.label, { size: FONT_SIZE.tick, anchor: 'middle' });
  }
  return body + textElement(plot.x + plot.width / 2, base + 33, label, { anchor: 'middle' });
}

/** The ticks of a horizontal axis whose labels do not touch each other. */
export function visibleTicks(ticks: readonly Tick[], scale: Scale): Tick[] {
  let end = Number.NEGATIVE_INFINITY;
  return ticks.filter(t => {
    if (t.label === '') return false;
    const half = textWidth(t.label, FONT_SIZE.tick) / 2;
    const at = scale(t.value);
    if (at - half < end + 5) return false;
    end = at + half;
    return true;
  });
}

/** Width that {@link leftAxis} needs left of the plot for tick labels of this width. */
export function leftMargin(ticks: readonly Tick[]): number {
  return Math.max(46, 32 + Math.max(0, ...ticks.map(t => textWidth(t.label, FONT_SIZE.tick))));
}

const LABEL_X = 12;

/** The y axis left of a plot that leaves {@link leftMargin}; its label is set upwards at the panel's left edge. */
export function leftAxis(plot: Box, { ticks, scale, label, upright = false }: AxisOptions): string {
  let body = tickMarks(ticks, t => `M${num(plot.x)} ${num(scale(t.value))}h${t.label === '' ? -MINOR_TICK : -TICK}`);
  let previous = Number.POSITIVE_INFINITY;
  for (const t of ticks) {
    const y = scale(t.value);
    if (t.label === '' || Math.abs(previous - y) < FONT_SIZE.tick + 2) continue;
    previous = y;
    body += textElement(plot.x - 7, y + 3.6, t.label, { size: FONT_SIZE.tick, anchor: 'end' });
  }
  const middle = plot.y + plot.height / 2;
  return (
    body + textElement(LABEL_X, middle + (upright ? 3.6 : 0), label, { anchor: 'middle', rotate: upright ? 0 : 90 })
  );
}

function tickMarks(ticks: readonly Tick[], mark: (tick: Tick) => string): string {
  if (ticks.length === 0) return '';
  return `<path d="${ticks.map(mark).join('')}" stroke="currentColor" stroke-opacity="0.7" stroke-width="0.8" fill="none"/>`;
}

/** The thin frame around a plot. */
export function plotFrame(plot: Box): string {
  return (
    `<rect x="${num(plot.x)}" y="${num(plot.y)}" width="${num(plot.width)}" height="${num(plot.height)}" ` +
    'fill="none" stroke="currentColor" stroke-opacity="0.7" stroke-width="0.8"/>'
  );
}
