import { BandedCholesky } from './bandedCholesky.js';
import type { ConductanceLattice } from './conductanceLattice.js';

/** Resistance ratios beyond a thousand change nothing in the field any more. */
export const MOST_LOG = Math.log(1e3);

/**
 * The departure d of the stream function that a damaged foil makes: with F the current that flows in it while it is whole, and
 * rho its relative resistance, div(rho grad d) = -(grad rho x F)_z, d = 0 on the outline. On the lattice each loop around a
 * node has no voltage:
 *
 *     B' diag(g) (F + B d) = B' diag(g of rho = 1) F,    g = shape (rho_low + rho_high) / 2,
 *
 * where B d is the current that d sends through the faces. The right side is zero up to rounding and the patterns of tabs; it
 * makes d = 0 for a whole foil exactly. Multiplying rho by a constant changes nothing: only ratios can be found.
 */
export class FoilEquation {
  /** Relative resistance per pixel. */
  readonly resistance: Float64Array;
  /** Departure at the nodes, A. */
  readonly departure: Float64Array;
  /** Current in the damaged foil through every face, F + B d, A. */
  readonly flux: Float64Array;
  private readonly factor: BandedCholesky;
  private readonly right: Float64Array;

  constructor(
    readonly lattice: ConductanceLattice,
    /** Current of the foil while it is whole, A, per face; may be set anew. */
    public healthyFlux: Float64Array,
  ) {
    const { nodes, pixels, faces } = lattice;
    this.resistance = new Float64Array(pixels.length);
    this.departure = new Float64Array(nodes.count);
    this.flux = new Float64Array(faces.count);
    this.factor = new BandedCholesky(nodes.count, nodes.band);
    this.right = new Float64Array(nodes.count);
  }

  /** Solves for the departure of a foil of the given log relative resistance (per pixel). */
  solve(logResistance: Float64Array): void {
    const { faces } = this.lattice;
    const { resistance, factor, departure, flux, healthyFlux } = this;
    for (let i = 0; i < resistance.length; i++) resistance[i] = Math.exp(logResistance[i]);
    factor.values.fill(0);
    departure.fill(0);
    for (let f = 0; f < faces.count; f++) {
      const mean = (resistance[faces.low[f]] + resistance[faces.high[f]]) / 2;
      const g = faces.shape[f] * mean;
      const [p, q] = [faces.from[f], faces.to[f]];
      const source = (faces.shape[f] - g) * healthyFlux[f];
      if (p >= 0) {
        factor.add(p, p, g);
        departure[p] -= source;
      }
      if (q >= 0) {
        factor.add(q, q, g);
        departure[q] += source;
      }
      if (p >= 0 && q >= 0) factor.add(p, q, -g);
    }
    factor.factorise();
    factor.solve(departure);
    for (let f = 0; f < faces.count; f++) {
      const [p, q] = [faces.from[f], faces.to[f]];
      flux[f] = healthyFlux[f] + (q >= 0 ? departure[q] : 0) - (p >= 0 ? departure[p] : 0);
    }
  }

  /** Sum of resistance times current squared over the foil, per ohm of a square of the whole foil, A^2. */
  loss(): number {
    const { faces } = this.lattice;
    let sum = 0;
    for (let f = 0; f < faces.count; f++) {
      const mean = (this.resistance[faces.low[f]] + this.resistance[faces.high[f]]) / 2;
      sum += faces.shape[f] * mean * this.flux[f] ** 2;
    }
    return sum;
  }

  /** out (nodes) = the change of the departure for a change of the log resistance (pixels). */
  change(logChange: Float64Array, out: Float64Array): void {
    const { faces } = this.lattice;
    const { resistance, factor, flux } = this;
    out.fill(0);
    for (let f = 0; f < faces.count; f++) {
      const [a, b] = [faces.low[f], faces.high[f]];
      const dg = (faces.shape[f] * (resistance[a] * logChange[a] + resistance[b] * logChange[b])) / 2;
      const source = -dg * flux[f];
      const [p, q] = [faces.from[f], faces.to[f]];
      if (p >= 0) out[p] -= source;
      if (q >= 0) out[q] += source;
    }
    factor.solve(out);
  }

  /** out (pixels) += the adjoint of {@link change}, applied to `weights` (nodes). */
  addAdjoint(weights: Float64Array, out: Float64Array): void {
    const { faces } = this.lattice;
    const { resistance, factor, flux, right } = this;
    right.set(weights);
    factor.solve(right);
    for (let f = 0; f < faces.count; f++) {
      const [p, q] = [faces.from[f], faces.to[f]];
      const along = (q >= 0 ? right[q] : 0) - (p >= 0 ? right[p] : 0);
      const product = (-faces.shape[f] * flux[f] * along) / 2;
      const [a, b] = [faces.low[f], faces.high[f]];
      out[a] += resistance[a] * product;
      out[b] += resistance[b] * product;
    }
  }
}
