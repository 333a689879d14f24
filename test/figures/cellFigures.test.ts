import { describe, expect, it } from 'vitest';
import { cellDrawing, drawCells } from '../../src/figures/cellDrawing.js';
import { inversionFigure, inversionFigures, inversionPanels } from '../../src/figures/inversionFigures.js';
import { figure } from '../../src/figures/layout.js';
import { gridExtent, mapPanel } from '../../src/figures/mapFigure.js';
import { measuringPlanes } from '../../src/figures/measuringPlanes.js';
import { parseCell } from '../../src/model/parseCell.js';
import type { InversionResult } from '../../src/result.js';
import { checkMarkup } from './helpers.js';

const cell = parseCell(
  `name: c
outline_mm: {width: 20, height: 30}
thickness_mm: 4
current_A: 2
tabs:
  - {name: positive, at_mm: [[5, 30], [15, 30]], share: 1}
  - {name: negative, at_mm: [[20, 5], [20, 15]], share: -1}
`,
  'c.yaml',
);
const grid = { nx: 20, ny: 30, x0: 0.5e-3, y0: 0.5e-3, dx: 1e-3, dy: 1e-3 };
const of = (value: number) => new Float64Array(600).fill(value);
const sheet = { grid, z: 0, psi: of(0), kx: of(1), ky: of(2), kxErrors: of(0.1), kyErrors: of(0.1) };
const healthy = { grid, z: 0, psi: of(0), kx: of(1), ky: of(1) };
const scan = {
  count: 4,
  x: Float64Array.of(0, 0.02, 0, 0.02),
  y: Float64Array.of(0, 0.03, 0, 0.03),
  z: Float64Array.of(0.005, 0.005, -0.005, -0.005),
  components: { bz: { values: Float64Array.of(1, 2, 3, 4) } },
};
const result: InversionResult = {
  sheets: [sheet],
  healthy: [healthy],
  residual: { ...scan, components: { bz: scan.components.bz.values }, rejected: Uint8Array.of(0, 1, 0, 0) },
  process: { program: 'savart', version: '1', date: '2026-01-01T00:00:00Z', inputs: [], parameters: {} },
};
const options = { cells: [cellDrawing(cell)], scan };

/** Corners of the bars of the tabs, in px, metres being px. */
function bars(current: number) {
  const placement = {
    plot: { x: -100, y: -100, width: 400, height: 400 },
    toX: (x: number) => 1e3 * x,
    toY: (y: number) => -1e3 * y,
  };
  const svg = drawCells([cellDrawing({ ...cell, current })], placement);
  return [...svg.matchAll(/<path d="M([^"]*)Z" fill="(#\w+)" stroke="#222"/g)].map(([, d, fill]) => ({
    points: d.split('L').map(p => p.split(' ').map(Number)),
    fill,
  }));
}

describe('a cell over a map', () => {
  it('has its tabs outside the outline, and their colour follows the current', () => {
    const [top, right] = bars(2);
    expect(Math.max(...top.points.map(([, y]) => y))).toBe(-30);
    expect(Math.min(...right.points.map(([x]) => x))).toBe(20);
    expect(top.fill).not.toBe(right.fill);
    expect(bars(-2).map(bar => bar.fill)).toEqual([right.fill, top.fill]);
  });

  it('makes room for the tabs and keeps the map where it is', () => {
    const basic = { grid, values: of(1), unit: 'A/m', title: 'map', kind: 'magnitude' } as const;
    const panel = mapPanel({ ...basic, cells: options.cells });
    const image = /<image x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/.exec(panel.body)!;
    const [x, y, width, height] = image.slice(1).map(Number);
    expect(x).toBeGreaterThan(panel.plot.x + 3);
    expect(y).toBeGreaterThan(panel.plot.y + 3);
    expect(x + width / 2).toBeCloseTo(panel.plot.x + panel.plot.width / 2, 0);
    const { xMin, xMax, yMin, yMax } = gridExtent(grid);
    expect(height / width).toBeCloseTo((yMax - yMin) / (xMax - xMin), 2);
    expect(() => checkMarkup(figure([panel]), false)).not.toThrow();
  });
});

describe('the figures of a bounded inversion', () => {
  it('show the departure after the current, and each plane of samples by itself', () => {
    const panels = inversionPanels(result, options);
    expect(panels.map(p => p.group)).toEqual([
      ...['current', 'current'],
      ...['departure', 'departure', 'departure'],
      ...['field', 'field'],
      ...['residual', 'residual'],
    ]);
    expect(panels[2].panel.label).toContain('Departure from the healthy cell, largest 1');
    expect(panels[3].panel.label).toMatch(/0 to 10 σ/);
    expect(panels[5].panel.label).toContain('z = 5');
    expect(panels[6].panel.label).toContain('z = −5');
    for (const { svg } of inversionFigures(result, options)) expect(() => checkMarkup(svg, false)).not.toThrow();
    expect(() => checkMarkup(inversionFigure(result, options), false)).not.toThrow();
  });
});

describe('measuring planes', () => {
  const names = (...z: number[]) => measuringPlanes(Float64Array.from(z)).map(plane => [plane.name, plane.samples]);
  it('are told apart where there are few, else by the side of the cell', () => {
    expect(names(0.005, 0.0051, 0.0049)).toEqual([['', [0, 1, 2]]]);
    expect(names(-0.005, 0.005)).toEqual([
      [', z = 5\u00a0mm', [1]],
      [', z = −5\u00a0mm', [0]],
    ]);
    expect(names(0.005, 0.006, 0.007, 0.008)).toEqual([['', [0, 1, 2, 3]]]);
    expect(names(0.005, 0.006, 0.007, 0.008, -0.005).map(([name]) => name)).toEqual([', above', ', below']);
  });
});
