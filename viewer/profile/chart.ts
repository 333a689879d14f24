import uPlot from 'uplot';
import { superscript } from '../../src/figures/format.js';
import { readInk } from '../map/ink.js';

/** Colours of the lines: told apart in every colour blindness, on white and on black. */
export const CURVES = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'] as const;

/** A curve with its standard deviation as a band. */
export interface ChartCurve {
  readonly name: string;
  readonly values: ArrayLike<number>;
  readonly errors?: ArrayLike<number>;
  readonly colour: string;
}

export interface ChartOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly height: number;
  /** Called with the x under the pointer, or undefined when it left. */
  readonly onCursor?: (x: number | undefined) => void;
  /** Axes whose numbers are decadic logarithms: labelled as powers of ten. */
  readonly decades?: boolean;
  readonly hooks?: uPlot.Hooks.Arrays;
}

/** A line chart that is as wide as its parent. */
export function lineChart(
  parent: HTMLElement,
  x: ArrayLike<number>,
  curves: readonly ChartCurve[],
  options: ChartOptions,
): { readonly plot: uPlot; close(): void } {
  const ink = readInk();
  const data: (number | null)[][] = [Array.from(x)];
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  const plain = (values: ArrayLike<number>) => Array.from(values, v => (Number.isFinite(v) ? v : null));
  for (const { name, values, errors, colour } of curves) {
    if (errors !== undefined) {
      const edge = (sign: number) => plain(Array.from(values, (v, i) => v + sign * errors[i]));
      bands.push({ series: [data.length, data.length + 1], fill: `${colour}33` });
      for (const sign of [1, -1]) {
        data.push(edge(sign));
        series.push({ stroke: 'transparent', width: 0, points: { show: false } });
      }
    }
    data.push(plain(values));
    series.push({ label: name, stroke: colour, width: 1.8, points: { show: false }, spanGaps: false });
  }
  const axis = (label: string, size: number): uPlot.Axis => ({
    label,
    labelSize: 16,
    labelFont: '12px Inter, system-ui, sans-serif',
    font: '11px Inter, system-ui, sans-serif',
    stroke: ink.soft,
    grid: { stroke: ink.line, width: 1 },
    ticks: { stroke: ink.line, width: 1 },
    labelGap: 0,
    size,
    ...(options.decades ? { values: (_: uPlot, splits: number[]) => splits.map(power), incrs: decadeSteps } : {}),
  });
  const plot = new uPlot(
    {
      width: Math.max(120, parent.clientWidth),
      height: options.height,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { time: false },
        y: {},
      },
      axes: [axis(options.xLabel, 30), axis(options.yLabel, 52)],
      series,
      bands,
      hooks: {
        ...options.hooks,
        setCursor: [
          ...(options.hooks?.setCursor ?? []),
          u => options.onCursor?.(u.cursor.idx == null ? undefined : (data[0][u.cursor.idx] ?? undefined)),
        ],
      },
    },
    data as uPlot.AlignedData,
    parent,
  );
  const sizes = new ResizeObserver(() => {
    if (parent.clientWidth > 0 && parent.clientWidth !== plot.width)
      plot.setSize({ width: parent.clientWidth, height: options.height });
  });
  sizes.observe(parent);
  return {
    plot,
    close() {
      sizes.disconnect();
      plot.destroy();
    },
  };
}

/** Whole powers where there are two or more of them. */
function decadeSteps(_: uPlot, __: number, min: number, max: number): number[] {
  return max - min > 2 ? [1, 2, 3, 4, 5, 10, 20] : [0.1, 0.2, 0.5, 1, 2];
}

/** 10⁻³ of -3; between whole powers the number itself. */
function power(exponent: number): string {
  if (Number.isInteger(exponent)) return `10${superscript(exponent)}`;
  const digits = String(Number((10 ** (exponent - Math.floor(exponent))).toPrecision(2)));
  return `${digits}·10${superscript(Math.floor(exponent))}`;
}
