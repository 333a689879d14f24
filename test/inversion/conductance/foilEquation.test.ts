import { describe, expect, it } from 'vitest';
import { conductanceLattice } from '../../../inversion/conductance/conductanceLattice.js';
import { FoilEquation } from '../../../inversion/conductance/foilEquation.js';
import { parseCell } from '../../../src/model/parseCell.js';
import { random } from '../../../src/random.js';
import { cellModel, facesWithTabs, netStreamFunction, steadyState } from '../../../src/simulation/cell/index.js';

const cell = parseCell(
  `name: small
outline_mm: {width: 30, height: 40}
thickness_mm: 1
current_A: 2
tabs:
  - {name: positive, at_mm: [[3, 40], [11, 40]], share: 1}
  - {name: negative, at_mm: [[19, 40], [27, 40]], share: -1}
electrical:
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`,
  'small.yaml',
);
const lattice = conductanceLattice(cell, 1e-3);
const { faces, nodes, pixels, grid } = lattice;

/** Log resistance of a disc, zero elsewhere. */
function disc(x: number, y: number, radius: number, value: number): Float64Array {
  return Float64Array.from(pixels, pixel => {
    const [px, py] = [grid.x0 + (pixel % grid.nx) * grid.dx, grid.y0 + Math.floor(pixel / grid.nx) * grid.dy];
    return Math.hypot(px - x, py - y) < radius ? value : 0;
  });
}

/** Currents of a pair through the lattice's faces. */
function fluxes(damage?: Float64Array) {
  const model = cellModel(cell, { pitch: 1e-3 });
  if (damage) for (const [p, pixel] of pixels.entries()) model.positive[pixel] *= Math.exp(-damage[p]);
  const state = steadyState(model, 2);
  const of = (foil: 'positive' | 'negative') => {
    const { x, y } = facesWithTabs(state, foil);
    return Float64Array.from({ length: faces.count }, (_, f) => {
      const [ix, iy] = [pixels[faces.high[f]] % grid.nx, Math.floor(pixels[faces.high[f]] / grid.nx)];
      return f < faces.acrossX ? x[iy * (grid.nx + 1) + ix] : y[iy * grid.nx + ix];
    });
  };
  return { positive: of('positive'), negative: of('negative'), state };
}

const whole = fluxes();
const damage = disc(12e-3, 22e-3, 6e-3, Math.log(8));

describe('the equation of a damaged foil', () => {
  it('leaves a whole foil, and one that is thinner everywhere, as they are', () => {
    const equation = new FoilEquation(lattice, whole.positive);
    const largest = whole.positive.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    for (const value of [0, 1.3]) {
      equation.solve(new Float64Array(pixels.length).fill(value));
      for (const d of equation.departure) expect(Math.abs(d)).toBeLessThan(1e-6 * largest * grid.ny);
    }
  });

  it('gives what the potential pair gives, exactly, once the current of the other foil is known', () => {
    const hurt = fluxes(damage);
    const equation = new FoilEquation(
      lattice,
      whole.positive.map((v, f) => v + whole.negative[f] - hurt.negative[f]),
    );
    equation.solve(damage);
    const largest = whole.positive.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    let worst = 0;
    for (let f = 0; f < faces.count; f++) {
      // The net current is that of both foils.
      worst = Math.max(worst, Math.abs(equation.flux[f] - hurt.positive[f]));
    }
    expect(worst).toBeLessThan(1e-6 * largest);
    expect(netStreamFunction(hurt.state).length).toBeGreaterThan(0);
  });

  it('is near it with the other foil as in a healthy cell', () => {
    const hurt = fluxes(damage);
    const equation = new FoilEquation(lattice, whole.positive);
    equation.solve(damage);
    let [difference, change] = [0, 0];
    for (let f = 0; f < faces.count; f++) {
      const net = hurt.positive[f] + hurt.negative[f] - whole.positive[f] - whole.negative[f];
      difference += (equation.flux[f] - whole.positive[f] - net) ** 2;
      change += net ** 2;
    }
    expect(Math.sqrt(difference / change)).toBeLessThan(0.02);
  });

  it('has the derivative that differences have, and the adjoint of it', () => {
    const rng = random(3);
    const equation = new FoilEquation(lattice, whole.positive);
    const direction = Float64Array.from(pixels, () => rng.normal());
    const moved = (step: number) => {
      equation.solve(damage.map((v, i) => v + step * direction[i]));
      return equation.departure.slice();
    };
    const [plus, minus] = [moved(1e-4), moved(-1e-4)];
    equation.solve(damage);
    const change = new Float64Array(nodes.count);
    equation.change(direction, change);
    const size = Math.sqrt(change.reduce((sum, v) => sum + v * v, 0));
    const wrong = Math.sqrt(change.reduce((sum, v, i) => sum + (v - (plus[i] - minus[i]) / 2e-4) ** 2, 0));
    expect(wrong).toBeLessThan(1e-5 * size);
    const weights = Float64Array.from(change, () => rng.normal());
    const back = new Float64Array(pixels.length);
    equation.addAdjoint(weights, back);
    const forward = weights.reduce((sum, w, i) => sum + w * change[i], 0);
    const adjoint = back.reduce((sum, v, i) => sum + v * direction[i], 0);
    expect(adjoint / forward).toBeCloseTo(1, 8);
  });

  it('loses more where it conducts less', () => {
    const equation = new FoilEquation(lattice, whole.positive);
    equation.solve(new Float64Array(pixels.length));
    const before = equation.loss();
    equation.solve(damage);
    expect(equation.loss()).toBeGreaterThan(1.01 * before);
  });
});
