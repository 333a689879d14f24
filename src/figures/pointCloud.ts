import type { Scale } from './axes.js';
import { type MarkShape, markShape } from './legend.js';
import { FONT_SIZE, textElement } from './text.js';

/** Points of one kind, drawn alike. */
export interface PointCloud {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Shown in the legend. */
  readonly name: string;
  readonly shape: MarkShape;
  readonly colour: string;
  readonly filled?: boolean;
  /** Written beside the points, one each; left out where they would crowd. */
  readonly labels?: readonly string[];
}

/** More labels than this are not drawn. */
const MOST_LABELS = 12;
const RADIUS = 3.6;

/** The points that the axes can show, with their labels on the side of the plot's middle. */
export function drawPoints(cloud: PointCloud, toX: Scale, toY: Scale, middle: number): string {
  const { x, y, shape, colour, filled = false, labels } = cloud;
  let marks = '';
  let texts = '';
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [toX(x[i]), toY(y[i])];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    marks += markShape(shape, px, py, RADIUS, colour, filled);
    if (labels === undefined || labels.length > MOST_LABELS) continue;
    const right = px < middle;
    texts += textElement(px + (right ? 7 : -7), py + 3.5, labels[i], {
      size: FONT_SIZE.tick,
      ...(right ? {} : { anchor: 'end' }),
    });
  }
  return `<g>${marks}</g>${texts}`;
}
