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

/** Histograms as steps over common bins. */
export function histogramPanel(options: HistogramPanelOptions): Panel {
  const { histogram, names, title, subtitle, label, unit, normal = false, ...size } = options;
  const curves: Curve[] = histogram.counts.map((counts, i) => ({ ...steps(histogram.edges, counts), name: names[i] }));
  if (normal && histogram.counts.length > 0) curves.push({ ...bell(histogram), name: 'chance alone', dashed: true });
  return curvePanel({
    ...size,
    title,
    ...(subtitle === undefined ? {} : { subtitle }),
    x: { label, unit, scale: 'linear' },
    y: { label: 'how often', scale: 'linear' },
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
    y[2 * i] = i === 0 ? 0 : counts[i - 1];
    y[2 * i + 1] = i === n ? 0 : counts[i];
  }
  return { x, y };
}

const POINTS = 200;

function bell({ edges, counts }: Histogram): { x: Float64Array; y: Float64Array } {
  const total = counts[0].reduce((sum, c) => sum + c, 0);
  const [low, high] = [edges[0], edges[edges.length - 1]];
  const scale = (total * (edges[1] - edges[0])) / Math.sqrt(2 * Math.PI);
  const x = Float64Array.from({ length: POINTS + 1 }, (_, i) => low + ((high - low) * i) / POINTS);
  return { x, y: x.map(v => scale * Math.exp(-0.5 * v * v)) };
}
