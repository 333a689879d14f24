import { linearTicks, logTicks, makeScale } from '../../src/figures/axes.js';
import { svg } from './svg.js';

/** A chart of points that can be chosen. */
export interface ScatterChart {
  readonly label: string;
  readonly x: ScatterAxis;
  readonly y: ScatterAxis;
  readonly points: readonly ScatterPoint[];
  /** Lines of limits. */
  readonly curves: readonly ScatterCurve[];
}

export interface ScatterAxis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
}

export interface ScatterPoint {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly kind: 'reference' | 'new' | 'flagged';
}

export interface ScatterCurve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly dashed: boolean;
}

const MARGIN = { left: 58, right: 14, top: 10, bottom: 42 } as const;
const HEIGHT = 320;
const RADIUS = 5;

/** @param choose called with the number of a point */
export function scatter(
  chart: ScatterChart,
  selected: number,
  width: number,
  choose: (k: number) => void,
): SVGSVGElement {
  const { points, curves } = chart;
  const range = (axis: 'x' | 'y') => {
    const values = [...points.map(p => p[axis]), ...curves.flatMap(c => c[axis])].filter(Number.isFinite);
    const [min, max] = [Math.min(...values), Math.max(...values)];
    if (chart[axis].scale === 'log') return [min / 1.5, max * 1.5];
    const room = 0.06 * (max - min || 1);
    return [min - room, max + room];
  };
  const [[xMin, xMax], [yMin, yMax]] = [range('x'), range('y')];
  const [right, bottom] = [width - MARGIN.right, HEIGHT - MARGIN.bottom];
  const toX = makeScale(chart.x.scale, xMin, xMax, MARGIN.left, right);
  const toY = makeScale(chart.y.scale, yMin, yMax, bottom, MARGIN.top);
  const ticks = (axis: ScatterAxis, min: number, max: number, count: number) =>
    axis.scale === 'log' ? logTicks(min, max, count) : linearTicks(min, max, count);
  const text = (x: number, y: number, content: string, attributes: Record<string, string | number>) =>
    svg('text', { x, y, class: 'soft', 'font-size': 11, ...attributes }, [content]);
  const parts: SVGElement[] = [
    svg('rect', {
      x: MARGIN.left,
      y: MARGIN.top,
      width: right - MARGIN.left,
      height: bottom - MARGIN.top,
      class: 'axes',
    }),
    ...ticks(chart.x, xMin, xMax, width / 90).flatMap(({ value, label }) => [
      svg('line', { x1: toX(value), x2: toX(value), y1: bottom, y2: bottom + 4, class: 'axes' }),
      text(toX(value), bottom + 16, label, { 'text-anchor': 'middle' }),
    ]),
    ...ticks(chart.y, yMin, yMax, 5).flatMap(({ value, label }) => [
      svg('line', { x1: MARGIN.left - 4, x2: MARGIN.left, y1: toY(value), y2: toY(value), class: 'axes' }),
      text(MARGIN.left - 7, toY(value), label, { 'text-anchor': 'end', 'dominant-baseline': 'central' }),
    ]),
    text((MARGIN.left + right) / 2, HEIGHT - 6, chart.x.label, { 'text-anchor': 'middle', 'font-size': 12 }),
    svg(
      'text',
      {
        transform: `translate(13 ${(MARGIN.top + bottom) / 2}) rotate(-90)`,
        class: 'soft',
        'font-size': 12,
        'text-anchor': 'middle',
      },
      [chart.y.label],
    ),
    ...curves.map(({ name, x, y, dashed }) =>
      svg(
        'path',
        {
          d: x.map((v, i) => `${i === 0 ? 'M' : 'L'}${toX(v).toFixed(1)} ${toY(y[i]).toFixed(1)}`).join(''),
          class: dashed ? 'limit dashed' : 'limit',
        },
        [svg('title', {}, [name])],
      ),
    ),
    ...points.flatMap((point, k) => {
      if (!Number.isFinite(point.x + point.y)) return [];
      const [x, y] = [toX(point.x), toY(point.y)];
      const mark = svg('g', { class: `point ${point.kind}${k === selected ? ' selected' : ''}` }, [
        ...(k === selected ? [svg('circle', { cx: x, cy: y, r: RADIUS + 5, class: 'ring' })] : []),
        shapeOf(point.kind, x, y),
        // What is easy to hit with a finger.
        svg('circle', { cx: x, cy: y, r: 11, class: 'target' }, [svg('title', {}, [point.name])]),
      ]);
      mark.addEventListener('click', () => choose(k));
      return [mark];
    }),
  ];
  const at = points[selected];
  if (at !== undefined && Number.isFinite(at.x + at.y)) {
    const x = toX(at.x);
    const end = x > (MARGIN.left + right) / 2;
    parts.push(
      svg(
        'text',
        {
          x: x + (end ? -13 : 13),
          y: toY(at.y) - 9,
          class: 'name',
          'font-size': 12,
          'text-anchor': end ? 'end' : 'start',
        },
        [at.name],
      ),
    );
  }
  const made = svg(
    'svg',
    { width, height: HEIGHT, role: 'group', tabindex: 0, 'aria-label': `${chart.label}. Arrow keys choose a scan.` },
    parts,
  );
  made.addEventListener('keydown', event => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    choose((selected + step + points.length) % points.length);
    event.preventDefault();
  });
  return made;
}

function shapeOf(kind: ScatterPoint['kind'], x: number, y: number): SVGElement {
  const r = RADIUS;
  if (kind === 'reference') return svg('circle', { cx: x, cy: y, r, class: 'mark' });
  if (kind === 'new') return svg('rect', { x: x - r, y: y - r, width: 2 * r, height: 2 * r, class: 'mark' });
  return svg('path', {
    d: `M${x} ${y - 1.4 * r}L${x + 1.4 * r} ${y}L${x} ${y + 1.4 * r}L${x - 1.4 * r} ${y}Z`,
    class: 'mark',
  });
}
