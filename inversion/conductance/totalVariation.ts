import type { Random } from '../../src/random.js';
import { BandedCholesky } from './bandedCholesky.js';
import type { ConductanceLattice } from './conductanceLattice.js';

/**
 * Total variation of a map m on the foil's pixels, the integral of sqrt(|grad m|^2 + floor^2), m. The squared gradient at a
 * corner of pixels is the mean of the squared differences along x plus that along y of the pixels around it: no pattern is free, and
 * x and y weigh the same; an edge as sharp as the pixels costs on the diagonal 1.4 of its length. For Newton steps the root is taken as a constant (lagged diffusivity: Vogel and Oman 1996).
 */
export class TotalVariation {
  /** Of each face, from the last {@link weigh}: d TV = sum of weight * difference * d difference. */
  readonly weights: Float64Array;
  /** Corners that the foil has, and the number of faces of each direction at them. */
  private readonly along: readonly [Float64Array, Float64Array];
  private readonly area: Float64Array;
  private readonly square: Float64Array;
  private readonly step: readonly [number, number];
  private readonly factor: BandedCholesky;
  /** Weight of every corner in the integral. */
  private readonly local: Float64Array;

  constructor(private readonly lattice: ConductanceLattice) {
    const { grid, faces, pixels } = lattice;
    const corners = (grid.nx + 1) * (grid.ny + 1);
    this.weights = new Float64Array(faces.count);
    this.along = [new Float64Array(corners), new Float64Array(corners)];
    this.square = new Float64Array(corners);
    this.area = new Float64Array(corners);
    this.local = new Float64Array(corners).fill(1);
    this.step = [grid.dx, grid.dy];
    for (const pixel of pixels) {
      const corner = Math.floor(pixel / grid.nx) * (grid.nx + 1) + (pixel % grid.nx);
      for (const c of [corner, corner + 1, corner + grid.nx + 1, corner + grid.nx + 2])
        this.area[c] += (grid.dx * grid.dy) / 4;
    }
    let band = 1;
    for (let f = 0; f < faces.count; f++) {
      const along = this.along[f < faces.acrossX ? 0 : 1];
      along[faces.cornerFrom[f]]++;
      along[faces.cornerTo[f]]++;
      band = Math.max(band, Math.abs(faces.high[f] - faces.low[f]));
    }
    this.factor = new BandedCholesky(pixels.length, band);
  }

  /** Sets the weights for a map; returns its total variation. */
  weigh(map: Float64Array, floor: number): number {
    const { faces } = this.lattice;
    const { along, area, square, step, weights, local } = this;
    square.fill(floor * floor);
    for (let f = 0; f < faces.count; f++) {
      const axis = f < faces.acrossX ? 0 : 1;
      const slope = ((map[faces.high[f]] - map[faces.low[f]]) / step[axis]) ** 2;
      const [p, q] = [faces.cornerFrom[f], faces.cornerTo[f]];
      square[p] += slope / along[axis][p];
      square[q] += slope / along[axis][q];
    }
    let total = 0;
    for (let c = 0; c < area.length; c++) if (area[c] > 0) total += local[c] * area[c] * (Math.sqrt(square[c]) - floor);
    for (let f = 0; f < faces.count; f++) {
      const axis = f < faces.acrossX ? 0 : 1;
      const [p, q] = [faces.cornerFrom[f], faces.cornerTo[f]];
      weights[f] =
        ((local[p] * area[p]) / (Math.sqrt(square[p]) * along[axis][p]) +
          (local[q] * area[q]) / (Math.sqrt(square[q]) * along[axis][q])) /
        step[axis] ** 2;
    }
    return total;
  }

  /**
   * Lowers the weight where the map of the last {@link weigh} is steep, to 1 / (1 + slope / scale): a step that is there anyhow
   * costs less of its height, so that its height comes out right (reweighted l1: Candes, Wakin and Boyd 2008).
   * @param scale 1/m
   */
  reweigh(scale: number): void {
    const { local, square } = this;
    for (let c = 0; c < local.length; c++) local[c] = 1 / (1 + Math.sqrt(square[c]) / scale);
  }

  /** out += factor * gradient, with the weights as they stand. */
  addGradient(map: Float64Array, factor: number, out: Float64Array): void {
    const { faces } = this.lattice;
    for (let f = 0; f < faces.count; f++) {
      const [a, b] = [faces.low[f], faces.high[f]];
      const v = factor * this.weights[f] * (map[b] - map[a]);
      out[b] += v;
      out[a] -= v;
    }
  }

  /** out += a realisation of normal numbers whose covariance is factor * second derivative, with the weights as they stand. */
  addNoise(factor: number, rng: Random, out: Float64Array): void {
    const { faces } = this.lattice;
    for (let f = 0; f < faces.count; f++) {
      const v = Math.sqrt(factor * this.weights[f]) * rng.normal();
      out[faces.high[f]] += v;
      out[faces.low[f]] -= v;
    }
  }

  /** Factorises factor * second derivative + ridge, with the weights as they stand. */
  prepare(factor: number, ridge: number): void {
    const { faces } = this.lattice;
    const { weights } = this;
    const band = this.factor;
    band.values.fill(0);
    for (let i = 0; i < band.n; i++) band.add(i, i, ridge);
    for (let f = 0; f < faces.count; f++) {
      const [a, b] = [faces.low[f], faces.high[f]];
      const v = factor * weights[f];
      band.add(a, a, v);
      band.add(b, b, v);
      band.add(a, b, -v);
    }
    band.factorise();
  }

  /** x becomes the solution of the prepared equations. */
  solve(x: Float64Array): void {
    this.factor.solve(x);
  }
}
