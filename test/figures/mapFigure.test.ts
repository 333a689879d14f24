import { describe, expect, it } from 'vitest';
import { arrowField } from '../../src/figures/arrows.js';
import { COLOUR_MAPS } from '../../src/figures/colour.js';
import { figure } from '../../src/figures/layout.js';
import { gridExtent, mapPanel } from '../../src/figures/mapFigure.js';
import { renderPng } from '../../src/figures/node.js';
import { samplePanel } from '../../src/figures/sampleFigure.js';
import { checkMarkup, decodePng, HOSTILE } from './helpers.js';

const grid = { nx: 8, ny: 4, x0: 0.5e-3, y0: 0.5e-3, dx: 1e-3, dy: 1e-3 };
const ramp = (f: (ix: number, iy: number) => number, g = grid) =>
  Float64Array.from({ length: g.nx * g.ny }, (_, i) => f(i % g.nx, Math.floor(i / g.nx)));
const basic = { grid, values: ramp((ix, iy) => ix + iy), unit: 'T', title: 'map', kind: 'magnitude' } as const;

/** First point of each arrow's outline that is its tip, and its tail. */
function arrowDirections(svg: string): [number, number][] {
  return [...svg.matchAll(/M([^Z]*)Z/g)].map(([, d]) => {
    const p = d.split('L').map(pair => pair.split(' ').map(Number));
    return [p[3][0] - (p[0][0] + p[6][0]) / 2, p[3][1] - (p[0][1] + p[6][1]) / 2];
  });
}

describe('map panel', () => {
  it('draws row 0 at the bottom: the picture, not only the data', () => {
    const panel = mapPanel({ ...basic, values: ramp((_, iy) => (iy === 0 ? 0 : iy === 3 ? 1 : 0.5)) });
    const { width, rgba } = decodePng(renderPng(figure([panel], { columns: 1 }), { scale: 1 }));
    const at = (x: number, y: number) => [...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)];
    const { plot } = panel;
    const x = Math.round(10 + plot.x + plot.width / 2);
    const near = (colour: number[], level: number) =>
      colour.every((c, i) => Math.abs(c - COLOUR_MAPS.viridis.lut[3 * level + i]) <= 2);
    expect(near(at(x, Math.round(10 + plot.y + plot.height - 6)), 1)).toBe(true);
    expect(near(at(x, Math.round(10 + plot.y + 6)), 255)).toBe(true);
  });

  it('keeps the aspect ratio of the map within the size allowed', () => {
    for (const [nx, ny] of [
      [8, 4],
      [4, 8],
      [50, 10],
      [7, 20],
    ]) {
      const g = { ...grid, nx, ny, dy: 2e-3 };
      const { plot } = mapPanel({ ...basic, grid: g, values: ramp(() => 1, g), maxWidth: 300, maxHeight: 200 });
      expect(plot.width / plot.height).toBeCloseTo(nx / (2 * ny), 6);
      expect(plot.width).toBeLessThanOrEqual(300.001);
      expect(plot.height).toBeLessThanOrEqual(200.001);
    }
  });

  it('covers half a pixel beyond the outermost centres', () => {
    expect(gridExtent(grid)).toEqual({ xMin: 0, xMax: 8e-3, yMin: 0, yMax: 4e-3 });
  });

  it('counts in mm, and in um below 1 mm', () => {
    expect(mapPanel(basic).body).toContain('(mm)');
    const small = mapPanel({ ...basic, grid: { ...grid, dx: 1e-5, dy: 1e-5 } });
    expect(small.body).toContain('(µm)');
    expect(small.body).not.toContain('(mm)');
  });

  it('chooses the prefix of the unit by the largest value and leaves relative units as they are', () => {
    const scaled = (f: number, unit: string) => mapPanel({ ...basic, values: basic.values.map(v => f * v), unit }).body;
    expect(scaled(1e-9, 'T')).toContain('>nT<');
    expect(scaled(1e-6, 'T')).toContain('>µT<');
    expect(scaled(1e-3, 'A/m')).toContain('>mA/m<');
    expect(scaled(1, 'Phi0/A')).toContain('>Phi0/A<');
    expect(scaled(1, 'relative')).toContain('>relative<');
  });

  it('hatches where there is no value, and says so when there is none at all', () => {
    const hatched = /stroke-opacity="0.2"/;
    expect(mapPanel(basic).body).not.toMatch(hatched);
    expect(mapPanel({ ...basic, values: ramp(ix => (ix > 5 ? Number.NaN : 1)) }).body).toMatch(hatched);
    expect(mapPanel({ ...basic, values: ramp(() => Number.NaN) }).body).toContain('no values');
  });

  it('stays well-formed whatever it is called, and has no ids', () => {
    for (const text of HOSTILE) {
      const svg = figure(
        [
          mapPanel({ ...basic, title: text, subtitle: text, unit: text }),
          samplePanel({ ...basic, x: basic.values, y: basic.values, title: text }),
        ],
        { caption: text, letters: true },
      );
      expect(() => checkMarkup(svg, false)).not.toThrow();
      expect(svg).not.toMatch(/\sid="|<script|<img/);
      expect(svg).not.toMatch(/href="(?!data:image\/png)/);
    }
  });

  it.each([
    ['one pixel', { ...grid, nx: 1, ny: 1 }, 1],
    ['one row', { ...grid, nx: 30, ny: 1 }, 1],
    ['one column', { ...grid, nx: 1, ny: 30 }, 1],
    ['constant zero', grid, 0],
    ['infinite', grid, Number.POSITIVE_INFINITY],
    ['tiny', grid, 1e-300],
  ])('draws the extreme: %s', (_, g, value) => {
    for (const kind of ['signed', 'magnitude'] as const) {
      const values = ramp(() => value, g);
      const svg = figure([
        mapPanel({ ...basic, grid: g, values, kind, arrows: { kx: values, ky: values }, stream: { psi: values } }),
      ]);
      expect(() => checkMarkup(svg, false)).not.toThrow();
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('is the same twice', () => {
    expect(mapPanel(basic)).toEqual(mapPanel(basic));
  });
});

describe('arrows', () => {
  const box = { x: 0, y: 0, width: 160, height: 80 };

  it('point along the vector, y upwards', () => {
    for (const [kx, ky] of [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
      [3, 4],
    ]) {
      const directions = arrowDirections(arrowField(grid, { kx: ramp(() => kx), ky: ramp(() => ky) }, box));
      expect(directions.length).toBeGreaterThan(8);
      for (const [dx, dy] of directions) {
        const cosine = (dx * kx - dy * ky) / (Math.hypot(dx, dy) * Math.hypot(kx, ky));
        expect(cosine).toBeGreaterThan(0.999);
      }
    }
  });

  it('grow with the magnitude and stay within their squares', () => {
    const lengths = arrowDirections(arrowField(grid, { kx: ramp(ix => ix + 1), ky: ramp(() => 0) }, box)).map(
      ([dx]) => dx,
    );
    expect(Math.max(...lengths)).toBeLessThan(21);
    const sorted = [...new Set(lengths.map(l => Math.round(l * 10)))];
    expect(sorted.length).toBeGreaterThan(4);
  });

  it('are absent where nothing flows or nothing is known', () => {
    expect(arrowField(grid, { kx: ramp(() => 0), ky: ramp(() => 0) }, box)).toBe('');
    expect(arrowField(grid, { kx: ramp(() => Number.NaN), ky: ramp(() => 0) }, box)).toBe('');
    const half = arrowDirections(
      arrowField(grid, { kx: ramp(ix => (ix < 4 ? 1 : Number.NaN)), ky: ramp(() => 0) }, box),
    );
    const all = arrowDirections(arrowField(grid, { kx: ramp(() => 1), ky: ramp(() => 0) }, box));
    expect(half.length).toBe(all.length / 2);
  });

  it('do not depend on the unit', () => {
    const field = (f: number) => ({ kx: ramp((ix, iy) => f * (ix - iy)), ky: ramp((_, iy) => f * iy) });
    expect(arrowField(grid, field(1e-6), box)).toBe(arrowField(grid, field(1), box));
  });
});

describe('samples', () => {
  it('higher y is higher up', () => {
    const { body } = samplePanel({
      x: Float64Array.of(0, 0.01, 0.02),
      y: Float64Array.of(0, 0.02, 0.01),
      values: Float64Array.of(-1, 1, 0.1),
      unit: 'σ',
      title: 'residual',
      kind: 'signed',
    });
    const at = Object.fromEntries(
      [...body.matchAll(/<path d="M[\d.]+ ([\d.]+)h0" stroke="(#\w+)"/g)].map(([, y, c]) => [c, Number(y)]),
    );
    expect(Object.keys(at)).toHaveLength(3);
    const { lut } = COLOUR_MAPS.diverging;
    const hex = (level: number) =>
      `#${[...lut.subarray(3 * level, 3 * level + 3)].map(v => v.toString(16).padStart(2, '0')).join('')}`;
    expect(at[hex(255)]).toBeLessThan(at[hex(1)]);
  });

  it('thin out to what can be seen and keep the extremes', () => {
    const n = 200_000;
    const x = Float64Array.from({ length: n }, (_, i) => (i % 500) * 1e-4);
    const y = Float64Array.from({ length: n }, (_, i) => Math.floor(i / 500) * 1e-4);
    const values = Float64Array.from({ length: n }, (_, i) => (i === 77_777 ? 4 : 0.5 * Math.sin(i)));
    const { body } = samplePanel({
      x,
      y,
      values,
      unit: '',
      title: 'many',
      kind: 'signed',
      limits: { min: -4, max: 4 },
    });
    expect(body.length).toBeLessThan(150_000);
    const [, png] = /base64,([^"]+)"/.exec(body)!;
    const { rgba } = decodePng(Uint8Array.from(Buffer.from(png, 'base64')));
    const extreme = COLOUR_MAPS.diverging.lut.subarray(765, 768);
    let found = 0;
    for (let i = 0; i < rgba.length; i += 4) if (extreme.every((c, k) => rgba[i + k] === c)) found++;
    expect(found).toBeGreaterThan(0);
  });

  it('one sample, or none, is a picture too', () => {
    for (const one of [Float64Array.of(0.1), new Float64Array()]) {
      const { body } = samplePanel({ x: one, y: one, values: one, unit: 'T', title: 'few', kind: 'signed' });
      expect(body).not.toMatch(/NaN|Infinity/);
    }
  });
});
