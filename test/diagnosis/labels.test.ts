import { describe, expect, it } from 'vitest';
import { applyReference, type MapLayout, referenceModel, stackOf } from '../../src/diagnosis/index.js';
import { departureSpace } from '../../src/diagnosis/labels/departureSpace.js';
import { labeller } from '../../src/diagnosis/labels/labeller.js';
import { UNKNOWN } from '../../src/diagnosis/labels/labels.js';
import { posterior } from '../../src/diagnosis/labels/posterior.js';
import { denseMatrix } from '../../src/forward/index.js';
import { parseCell } from '../../src/index.js';
import { boundingBox } from '../../src/model/outline.js';
import { random } from '../../src/random.js';
import type { Defect } from '../../src/simulation/defects/defect.js';
import { cellStack } from '../../src/simulation/field/cellStack.js';
import { defectChange } from '../../src/simulation/field/defectChange.js';
import { stackCurrents } from '../../src/simulation/field/stackCurrents.js';
import { outletField, stackField } from '../../src/simulation/field/stackField.js';
import { stackState } from '../../src/simulation/field/stackState.js';

describe('evidence of a hypothesis', () => {
  it('is that of the normal law, in closed form, where the model is linear', () => {
    const source = random(3);
    const n = 20;
    const shape = Float64Array.from({ length: n }, () => source.normal());
    const variance = Float64Array.from({ length: n }, () => 0.5 + source.uniform());
    const data = Float64Array.from(shape, (v, i) => 1.3 * v + Math.sqrt(variance[i]) * source.normal());
    const [mean, sd] = [0.4, 2];
    const hypothesis = {
      // The amplitude is as good as fixed to 1.
      parameters: [
        { prior: { mean, sd }, step: 0.1, farthest: 10 },
        { prior: { mean: 0, sd: 1e-7 }, step: 0.1, farthest: 1 },
      ],
      template: ([t]: readonly number[]) => shape.map(v => t * v),
    };
    const found = posterior(hypothesis, [0, 0], data, variance)!;
    // d is normal about mean m with covariance V + sd^2 m m', of which the inverse and determinant are known.
    let [mm, md, dd, log] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const d = data[i] - mean * shape[i];
      mm += shape[i] ** 2 / variance[i];
      md += (shape[i] * d) / variance[i];
      dd += d ** 2 / variance[i];
      log += Math.log(variance[i]);
    }
    const gain = 1 + sd * sd * mm;
    expect(found.evidence).toBeCloseTo(-0.5 * (dd - (sd * sd * md * md) / gain + log + Math.log(gain)), 4);
    expect(found.parameters[0]).toBeCloseTo(mean + (sd * sd * md) / gain, 5);
    expect(found.errors[0]).toBeCloseTo(sd / Math.sqrt(gain), 5);
  });
});

describe('space of departures', () => {
  const side = 12;
  const n = side * side;
  const at = (f: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => f(i));
  const readings = {
    x: at(i => 5e-3 * (i % side)),
    y: at(i => 5e-3 * Math.floor(i / side)),
    z: at(() => 8e-3),
    axis: new Uint8Array(n).fill(2),
  };
  const pattern = at(i => Math.sin(i % side));
  const norm = Math.hypot(...pattern);
  const unit = pattern.map(v => v / norm);
  const noise = at(() => 1e-7);
  const space = departureSpace(readings, { noise, patterns: [unit], variances: [400], independent: 1 }, 0, 8e-3);

  it('has standard normal coordinates where there is no defect, with the variation of the reference', () => {
    const source = random(1);
    let squares = 0;
    const draws = 200;
    for (let draw = 0; draw < draws; draw++) {
      const amount = 20 * source.normal();
      const found = space.coordinates(at(i => 1e-7 * (amount * unit[i] + source.normal())));
      for (const v of found) squares += (v * v) / found.length / draws;
    }
    expect(Math.abs(squares - 1)).toBeLessThan(0.05);
    expect(space.spectrum.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 9);
  });

  it('holds the field of a current in the plane, and not that of something else', () => {
    const zero = at(() => 0);
    const lattice = { x0: 0.012, y0: 0.02, pitch: 4e-3, nx: 6, ny: 6 };
    const psi = Float64Array.from({ length: 36 }, (_, i) => Math.sin(i));
    const field = new Float64Array(n);
    denseMatrix({ lattice, z0: 0 }, { ...readings, nx: zero, ny: zero, nz: at(() => 1) }).apply(psi, field);
    const peak = Math.max(...field.map(Math.abs));
    expect(space.beyond(field.map(v => (v / peak) * 2e-6))).toBe(0);
    expect(space.beyond(at(i => ((i + Math.floor(i / side)) % 2 === 0 ? 2e-6 : -2e-6)))).toBeGreaterThan(1e4);
  });
});

describe('labels', () => {
  const parsed = parseCell(
    `name: small
outline_mm: {width: 60, height: 50}
thickness_mm: 1
current_A: 5
tabs:
  - {name: left, at_mm: [[5, 50], [15, 50]], share: 0.5, polarity: positive}
  - {name: right, at_mm: [[45, 50], [55, 50]], share: 0.5, polarity: positive}
  - {name: negative, at_mm: [[20, 0], [40, 0]], share: -1, polarity: negative}
electrical:
  pairs: 1
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`,
    'cell.yaml',
  );
  const cell = { ...parsed, current: parsed.current! };
  const z = 6e-3;
  const grid = { nx: 17, ny: 15, x0: -10e-3, y0: -10e-3, dx: 5e-3, dy: 5e-3 };
  const layout: MapLayout = { grid, channels: ['bx', 'by', 'bz'], unit: 'T' };
  const size = grid.nx * grid.ny;
  const of = (f: (i: number) => number) => Float64Array.from({ length: size }, (_, i) => f(i));
  const points = {
    x: of(i => grid.x0 + (i % grid.nx) * grid.dx),
    y: of(i => grid.y0 + Math.floor(i / grid.nx) * grid.dy),
    z: of(() => z),
  };
  const stack = cellStack(cell, { pitch: boundingBox(cell.outline).x1 / 40 });
  const healthy = stackCurrents(stackState(stack, cell.current));
  const mapOf = (field: { bx: Float64Array; by: Float64Array; bz: Float64Array }) =>
    Float64Array.from([...field.bx, ...field.by, ...field.bz]);
  const outside = mapOf(outletField(healthy, points));
  const base = mapOf(stackField(healthy, points)).map((v, i) => v + outside[i]);
  const source = random(5);
  const scan = (change: Float64Array = new Float64Array(3 * size)) => {
    const gain = 1 + 0.002 * source.normal();
    return base.map((v, i) => gain * v + change[i] + 3e-8 * source.normal());
  };
  const { model } = referenceModel(
    stackOf(
      layout,
      Array.from({ length: 12 }, () => scan()),
    ),
  );
  // Coarser than the truth, which is therefore none of its templates.
  const labels = labeller(cell, layout, z, { pixels: 30 });
  const labelled = (change: Float64Array) => labels.label(model.monitoring, applyReference(model, scan(change)));
  const defect = (one: Defect) => mapOf(defectChange(stack, healthy, cell.current, [one], points));

  it('names a torn tab, and a hole with its place', () => {
    const [tab] = labelled(defect({ kind: 'missing_tab', tab: 'left', pair: 'top' }));
    expect(tab).toMatchObject({ kind: 'missing_tab', defect: { tab: 'left' } });
    expect(tab.confidence).toBeGreaterThan(0.9);
    const hole = labelled(defect({ kind: 'hole', foil: 'positive', at: [0.03, 0.022], radius: 7e-3, pair: 'top' }));
    expect(hole.reduce((sum, { confidence }) => sum + confidence, 0)).toBeCloseTo(1, 9);
    expect(hole[0].kind).toBe('hole');
    expect(Math.hypot(hole[0].place![0] - 0.03, hole[0].place![1] - 0.022)).toBeLessThan(2e-3);
    // What one pair of foils cannot show is no label.
    expect(hole.some(({ kind }) => kind === 'dead_spot' || kind === 'short' || kind === 'open_layer')).toBe(false);
  });

  it('calls unknown what no defect makes: a hole turned inside out, noise without a shape', () => {
    const hole = defect({ kind: 'hole', foil: 'positive', at: [0.03, 0.022], radius: 7e-3, pair: 'top' });
    expect(labelled(hole.map((v, i) => (i < size ? v : -v)))[0].kind).toBe(UNKNOWN);
    expect(labelled(new Float64Array(3 * size).map(() => 3e-7 * source.normal()))[0].kind).toBe(UNKNOWN);
  });

  it('refuses maps that are no field', () => {
    expect(() => labeller(cell, { ...layout, channels: ['Kx', 'Ky'], unit: 'A/m' }, z)).toThrow('field in tesla');
    expect(() => labeller({ ...cell, current: 0 }, layout, z)).toThrow('current');
  });
});
