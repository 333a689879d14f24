import type { MapLayout } from '../diagnosis/mapStack.js';
import type { ControlLimits } from '../diagnosis/monitoring.js';
import { gridSize } from '../grid.js';
import { type Curve, curvePanel } from './curveFigure.js';
import { mapPanel } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import { LINE_COLOURS, type Panel } from './panel.js';
import type { PointCloud } from './pointCloud.js';

/** Pictures of a cohort: scores, control chart, loadings, and what sets one map apart. */

/** A map as it was judged, for the charts. */
export interface CohortPoint {
  readonly name: string;
  readonly scores: Float64Array;
  readonly t2: number;
  readonly q: number;
  readonly flagged: boolean;
  /** Whether it belongs to the reference. */
  readonly reference: boolean;
}

const ELLIPSE = 120;

/** The kinds of points: reference, new, flagged (with their names). */
function clouds(
  points: readonly CohortPoint[],
  at: (p: CohortPoint, i: number) => readonly [number, number],
): PointCloud[] {
  const placed = points.map((point, i) => ({ point, at: at(point, i) }));
  const kind = (
    name: string,
    keep: (p: CohortPoint) => boolean,
    look: Pick<PointCloud, 'shape' | 'colour' | 'filled'>,
  ) => {
    const kept = placed.filter(p => keep(p.point));
    if (kept.length === 0) return [];
    return [
      {
        name,
        x: Float64Array.from(kept, p => p.at[0]),
        y: Float64Array.from(kept, p => p.at[1]),
        ...look,
        ...(look.filled ? { labels: kept.map(p => p.point.name) } : {}),
      },
    ];
  };
  return [
    ...kind('reference', p => p.reference && !p.flagged, { shape: 'circle', colour: LINE_COLOURS[0] }),
    ...kind('new', p => !p.reference && !p.flagged, { shape: 'square', colour: LINE_COLOURS[2] }),
    ...kind('flagged', p => p.flagged, { shape: 'diamond', colour: LINE_COLOURS[1], filled: true }),
  ];
}

/** Scores on the first two components with the limits of T2 as ellipses; over the number of the map where there is one. */
export function scorePanel(
  points: readonly CohortPoint[],
  variances: Float64Array,
  explained: Float64Array,
  limits: readonly ControlLimits[],
  unit: string,
  size: PanelSize = {},
): Panel {
  const percent = (j: number) => `${(100 * explained[j]).toFixed(1)} %`;
  const two = variances.length > 1;
  const curves: Curve[] = limits.map(({ level, t2 }, i) => {
    const [a, b] = [Math.sqrt(t2 * variances[0]), two ? Math.sqrt(t2 * variances[1]) : 0];
    const turn = Float64Array.from({ length: ELLIPSE + 1 }, (_, n) => (2 * Math.PI * n) / ELLIPSE);
    const dashed = i === 0;
    const name = `${Math.round(100 * level)} % limit`;
    if (two) return { x: turn.map(v => a * Math.cos(v)), y: turn.map(v => b * Math.sin(v)), name, dashed };
    const last = points.length + 1;
    return {
      x: Float64Array.of(0, last, Number.NaN, 0, last),
      y: Float64Array.of(a, a, Number.NaN, -a, -a),
      name,
      dashed,
    };
  });
  return curvePanel({
    ...size,
    title: 'Scores',
    subtitle: two
      ? `components 1 and 2 hold ${percent(0)} and ${percent(1)} of the variance`
      : `component 1 holds ${percent(0)} of the variance`,
    x: two
      ? { label: 'Score on component 1', unit, scale: 'linear' }
      : { label: 'Number of the scan', scale: 'linear' },
    y: { label: `Score on component ${two ? 2 : 1}`, unit, scale: 'linear' },
    curves,
    points: clouds(points, (p, i) => (two ? [p.scores[0], p.scores[1] ?? 0] : [i + 1, p.scores[0]])),
  });
}

/** Q against T2 with their limits of 99 %, both axes logarithmic; very small values stand at the edge. */
export function controlPanel(
  points: readonly CohortPoint[],
  limits: readonly ControlLimits[],
  size: PanelSize = {},
): Panel {
  const { t2, q } = limits[limits.length - 1];
  const floor = (value: number, limit: number) => Math.max(value, 1e-3 * limit);
  const most = (values: number[], limit: number) => 1.6 * Math.max(limit, ...values);
  const least = (values: number[], limit: number) => Math.min(limit / 3, ...values.map(v => floor(v, limit))) / 1.6;
  const [ts, qs] = [points.map(p => p.t2), points.map(p => p.q)];
  const curves: Curve[] = [
    { x: Float64Array.of(t2, t2), y: Float64Array.of(least(qs, q), most(qs, q)), name: '99 % limit of T²' },
    {
      x: Float64Array.of(least(ts, t2), most(ts, t2)),
      y: Float64Array.of(q, q),
      name: '99 % limit of Q',
      dashed: true,
    },
  ];
  return curvePanel({
    ...size,
    title: 'Control chart',
    subtitle: 'right: unusual amount of a known pattern; above: something new',
    x: { label: 'T²', scale: 'log' },
    y: { label: 'Q', scale: 'log' },
    curves,
    points: clouds(points, p => [floor(p.t2, t2), floor(p.q, q)]),
  });
}

/** Channel c of a map that holds several; one panel each. */
export function channelPanels(
  { grid, channels }: MapLayout,
  values: Float64Array,
  title: string,
  unit: string,
  size: PanelSize = {},
  subtitle?: string,
): Panel[] {
  const pixels = gridSize(grid);
  return channels.map((channel, c) =>
    mapPanel({
      ...size,
      grid,
      values: values.slice(c * pixels, (c + 1) * pixels),
      unit,
      title: channels.length > 1 ? `${title}, ${channel}` : title,
      ...(subtitle === undefined ? {} : { subtitle }),
      kind: 'signed',
    }),
  );
}
