import type { Histogram } from '../comparison/histogram.js';
import { type Curve, curvePanel } from './curveFigure.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';
import type { RichText } from './text.js';

export interface HistogramPanelOptions extends PanelSize {
  readonly histogram: Histogram;
  /** One per set of values, for the legend. */
  readonly names: readonly string[];
  readonly title: RichText;
  readonly subtitle?: RichText;
  /** What is counted, and its unit. */
  readonly label: RichText;
  readonly unit: string;
  /** Draws how often values of a standard normal distribution would fall into the bins of the first set. */
  readonly normal?: boolean;
}

/** An empty bin is drawn here: below one, on an axis that shows one value among thousands. */
const EMPTY = 0.5;

/** Histograms as steps over common bins, on a logarithmic axis. The second set is dashed, so that equal ones are both seen. */
export function histogramPanel(options: HistogramPanelOptions): Panel {
  const { histogram, names, title, subtitle, label, unit, normal = false, ...size } = options;
  const curves: Curve[] = histogram.counts.map((counts, i) => ({
    ...steps(histogram.edges, counts),
    name: names[i],
    dashed: i > 0,
  }));
  if (normal && histogram.counts.length > 0)
    curves.push({ ...steps(histogram.edges, expected(histogram)), name: 'chance alone', dashed: true });
  return curvePanel({
    ...size,
    title,
    ...(subtitle === undefined ? {} : { subtitle }),
    x: { label, unit, scale: 'linear' },
    y: { label: 'how often', scale: 'log' },
    curves,
  });
}

/** Up at the left edge of each bin, along its top, down at the last. */
function steps(edges: Float64Array, counts: Float64Array): { x: Float64Array; y: Float64Array } {
  const n = counts.length;
  const x = new Float64Array(2 * n + 2);
  const y = new Float64Array(2 * n + 2);
  for (let i = 0; i <= n; i++) {
    x[2 * i] = x[2 * i + 1] = edges[i];
    y[2 * i] = i === 0 ? EMPTY : Math.max(EMPTY, counts[i - 1]);
    y[2 * i + 1] = i === n ? EMPTY : Math.max(EMPTY, counts[i]);
  }
  return { x, y };
}

/** How many of the first set's values a standard normal distribution puts into each bin. */
function expected({ edges, counts }: Histogram): Float64Array {
  const total = counts[0].reduce((sum, c) => sum + c, 0);
  return counts[0].map((_, i) => total * (normalBelow(edges[i + 1]) - normalBelow(edges[i])));
}

/** The standard normal distribution function, to 1e-7 (Abramowitz and Stegun 26.2.17). */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)) * series;
  return x < 0 ? above : 1 - above;
}
