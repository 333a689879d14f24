import { describe, expect, it } from 'vitest';
import { type CurvePanelOptions, curvePanel } from '../../src/figures/curveFigure.js';
import { lambdaPanel, lCurvePanel } from '../../src/figures/lambdaFigures.js';
import { figure } from '../../src/figures/layout.js';
import { checkMarkup, HOSTILE } from './helpers.js';

const x = Float64Array.from({ length: 31 }, (_, i) => 10 ** (-6 + i / 5));
const y = x.map(v => v + 1e-6 / v);
const basic: CurvePanelOptions = {
  title: 'score',
  x: { label: 'λ', scale: 'log' },
  y: { label: 'GCV', scale: 'log' },
  curves: [{ x, y }],
};

/** Vertices of the first drawn line. */
function vertices(body: string): [number, number][] {
  const d = /<path d="(M[^"]*)" fill="none" stroke="#0072b2" stroke-width="1.7" stroke-linejoin/.exec(body)![1];
  return d
    .split(/[ML]/)
    .slice(1)
    .map(pair => pair.split(' ').map(Number) as [number, number]);
}

describe('curve panel', () => {
  it('puts a power law on a straight line when both axes are logarithmic', () => {
    const points = vertices(curvePanel({ ...basic, curves: [{ x, y: x.map(v => v ** 1.7) }] }).body);
    const [x0, y0] = points[0];
    const [x1, y1] = points.at(-1)!;
    expect(y1).toBeLessThan(y0);
    for (const [px, py] of points) expect(py).toBeCloseTo(y0 + ((px - x0) / (x1 - x0)) * (y1 - y0), 1);
  });

  it('stays inside the plot', () => {
    const { plot, body } = curvePanel(basic);
    for (const [px, py] of vertices(body)) {
      expect(px).toBeGreaterThanOrEqual(plot.x - 0.01);
      expect(px).toBeLessThanOrEqual(plot.x + plot.width + 0.01);
      expect(py).toBeGreaterThanOrEqual(plot.y - 0.01);
      expect(py).toBeLessThanOrEqual(plot.y + plot.height + 0.01);
    }
  });

  it('interrupts a line where a value is missing or cannot be shown', () => {
    const broken = y.map((v, i) => (i === 10 ? Number.NaN : i === 20 ? -1 : v));
    const body = curvePanel({ ...basic, curves: [{ x, y: broken, band: broken.map(v => 0.1 * Math.abs(v)) }] }).body;
    expect(body).not.toMatch(/NaN|Infinity/);
    const d = /<path d="(M[^"]*)" fill="none" stroke="#0072b2"/.exec(body)![1];
    expect(d.match(/M/g)).toHaveLength(3);
  });

  it.each([
    ['nothing', new Float64Array(), new Float64Array()],
    ['one point', Float64Array.of(1), Float64Array.of(1)],
    ['a constant', x, x.map(() => 3)],
    ['only zeros', x.map(() => 0), x.map(() => 0)],
    ['huge', x.map(v => v * 1e200), x.map(v => v * 1e-200)],
  ])('draws the extreme: %s', (_, a, b) => {
    for (const scale of ['linear', 'log'] as const) {
      const panel = curvePanel({
        ...basic,
        x: { label: 'a', scale },
        y: { label: 'b', scale, unit: 'T' },
        curves: [{ x: a, y: b }],
      });
      const svg = figure([panel]);
      expect(() => checkMarkup(svg, false)).not.toThrow();
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('stays well-formed whatever its parts are called', () => {
    for (const text of HOSTILE) {
      const axis = { label: text, unit: text, scale: 'linear' } as const;
      const svg = figure([
        curvePanel({
          title: text,
          subtitle: text,
          x: axis,
          y: axis,
          curves: [{ x, y, name: text }],
          marks: [{ x: 1, y: 1, name: text }],
        }),
      ]);
      expect(() => checkMarkup(svg, false)).not.toThrow();
      expect(svg).not.toContain('<script');
    }
  });
});

describe('choice of lambda', () => {
  const curve = {
    lambda: x,
    gcv: y,
    residualNorm: x.map(v => 10 + v),
    solutionNorm: x.map(v => 1 / (1 + v)),
    chosen: { rule: 'gcv', lambda: 1e-3 },
    candidates: { gcv: 1e-3, discrepancy: 1e-2, lcurve: 2e-5 },
  } as const;

  it('names every rule once and the chosen one as such', () => {
    for (const panel of [lambdaPanel(curve), lCurvePanel(curve)]) {
      for (const name of ['GCV (chosen)', 'discrepancy', 'L-curve']) {
        const legend = [...panel.body.matchAll(/<text [^>]*font-size="10"[^>]*>([^<]*)<\/text>/g)].filter(
          m => m[1] === name,
        );
        expect(legend).toHaveLength(1);
      }
      expect(panel.label).toContain('GCV (chosen)');
    }
  });

  it('marks the chosen point on the curve, in either order of lambda', () => {
    const reversed = { ...curve, lambda: curve.lambda.slice().reverse(), gcv: curve.gcv.slice().reverse() };
    const mark = (body: string) => /<path d="M([\d.]+) ([\d.]+)V/.exec(body)!.slice(1).map(Number);
    const [px, py] = mark(lambdaPanel(curve).body);
    expect(mark(lambdaPanel(reversed).body)).toEqual([px, py]);
    // 1e-3 is the minimum of v + 1e-6 / v.
    const lowest = Math.max(...vertices(lambdaPanel(curve).body).map(p => p[1]));
    expect(py).toBeCloseTo(lowest, 0);
  });

  it('shows a lambda that was given by hand, outside the range, too', () => {
    const { body } = lambdaPanel({ ...curve, chosen: { rule: 'given', lambda: 1e3 }, candidates: {} });
    expect(body).toContain('given (chosen)');
    expect(body).not.toMatch(/NaN/);
  });
});
