import type { AlsoField, DepartureForm } from '../bounded/departureForm.js';
import type { FoilEquation } from './foilEquation.js';
import type { FormRoom } from './formRoom.js';
import type { LatticeTransfer } from './latticeTransfer.js';

/**
 * The readings' misfit as a function of the log resistances of the damaged foil in every sheet, chi2 / 2 up to a constant:
 * d' S d / 2 - g.d with d the departures that {@link FoilEquation} gives. Unknowns stand sheet by sheet.
 */
export class FoilMisfit {
  /** Unknowns: pixels of the foil times sheets. */
  readonly count: number;
  readonly departures: Float64Array;
  /** A field that is taken as there, whatever the resistances are. */
  also: AlsoField | undefined;
  private readonly pushed: Float64Array;
  private readonly product: Float64Array;
  private readonly fine: Float64Array;

  constructor(
    readonly equations: readonly FoilEquation[],
    private readonly form: Pick<DepartureForm, 'n' | 'gradient'>,
    private readonly transfer: LatticeTransfer,
    private readonly room: Pick<FormRoom, 'dense' | 'matrix'>,
  ) {
    this.count = equations.length * equations[0].resistance.length;
    this.departures = new Float64Array(form.n);
    this.pushed = new Float64Array(form.n);
    this.product = new Float64Array(form.n);
    this.fine = new Float64Array(transfer.fine);
  }

  /** Solves the foils' equations and returns the misfit. */
  solve(logResistance: Float64Array): number {
    const { equations, transfer, departures, form, product } = this;
    const pixels = this.count / equations.length;
    equations.forEach((equation, s) => {
      equation.solve(logResistance.subarray(s * pixels, (s + 1) * pixels));
      transfer.apply(equation.departure, departures.subarray(s * transfer.coarse, (s + 1) * transfer.coarse));
    });
    this.room.dense.times(this.room.matrix, form.n, form.n, departures, product);
    const { also } = this;
    let sum = also === undefined ? 0 : also.square / 2 - also.along;
    for (let i = 0; i < form.n; i++) {
      sum += departures[i] * (product[i] / 2 - form.gradient[i] + (also === undefined ? 0 : also.cross[i]));
    }
    return sum;
  }

  /** out = gradient of the misfit by the log resistances, after {@link solve}. */
  gradient(out: Float64Array): void {
    const { form, product } = this;
    this.room.dense.times(this.room.matrix, form.n, form.n, this.departures, product);
    const { also } = this;
    for (let i = 0; i < form.n; i++) product[i] += (also === undefined ? 0 : also.cross[i]) - form.gradient[i];
    this.adjoint(product, out);
  }

  /** out = J' S J v, the second derivative of Gauss and Newton. */
  curvature(v: Float64Array, out: Float64Array): void {
    this.forward(v, this.pushed);
    this.room.dense.times(this.room.matrix, this.form.n, this.form.n, this.pushed, this.product);
    this.adjoint(this.product, out);
  }

  /** out (departures) = J v. */
  forward(v: Float64Array, out: Float64Array): void {
    const { equations, transfer, fine } = this;
    const pixels = this.count / equations.length;
    equations.forEach((equation, s) => {
      equation.change(v.subarray(s * pixels, (s + 1) * pixels), fine);
      transfer.apply(fine, out.subarray(s * transfer.coarse, (s + 1) * transfer.coarse));
    });
  }

  /** out = J' w for w in the departures. */
  adjoint(w: Float64Array, out: Float64Array): void {
    const { equations, transfer, fine } = this;
    const pixels = this.count / equations.length;
    out.fill(0);
    equations.forEach((equation, s) => {
      transfer.transpose(w.subarray(s * transfer.coarse, (s + 1) * transfer.coarse), fine);
      equation.addAdjoint(fine, out.subarray(s * pixels, (s + 1) * pixels));
    });
  }
}
