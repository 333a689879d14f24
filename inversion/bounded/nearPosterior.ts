import type { PixelLattice } from './cubicConvolution.js';
import type { HarmonicMaps } from './maps.js';
import type { BoundedModel } from './model.js';

const NODES = 16;

/** Covariances summed up along x: of the four rows of nodes, 4 x 4, and of patterns with them, patterns x 4. */
interface AlongX {
  readonly nodes: Float64Array;
  readonly mixed: Float64Array;
}

/**
 * The posterior covariance of what acts on the pixels of one cell of the departure's lattice: the 16 nodes around it and the
 * patterns of the tabs. K at a pixel is a sum over the nodes, w_ab = x_a y_b, and over the patterns; its variance is summed up
 * along x once for a column of pixels, and along y for each.
 */
export class NearPosterior {
  private readonly kept: number;
  /** Where the sheet's nodes begin among the kept unknowns, and where its patterns are. */
  private readonly first: number;
  private readonly at: readonly number[];
  /** K of the patterns, and their values at a pixel. */
  private readonly maps: readonly { readonly kx: Float64Array; readonly ky: Float64Array }[];
  private readonly own: Float64Array;
  /** The nodes around the cell: unknown, sign (0 where there is none) and influence. */
  private readonly node = new Int32Array(NODES);
  private readonly sign = new Float64Array(NODES);
  private readonly shown = new Float64Array(NODES);
  /** Covariances: nodes x nodes, patterns x nodes, patterns x patterns. */
  private readonly nodes = new Float64Array(NODES * NODES);
  private readonly mixed: Float64Array;
  private readonly patterns: Float64Array;
  /** Summed up by values, for Kx = d psi/dy, and by slopes, for Ky = - d psi/dx. */
  private readonly value: AlongX;
  private readonly slope: AlongX;
  private readonly half = new Float64Array(4 * NODES);

  /** @param covariance of the kept unknowns @param influence of the sheet's nodes */
  constructor(
    model: BoundedModel,
    private readonly covariance: Float64Array,
    private readonly influence: Float64Array,
    harmonic: HarmonicMaps,
    sheet: number,
    private readonly lattice: PixelLattice,
  ) {
    const nodes = model.interior.count;
    const patterns = model.departures.length * nodes;
    const own = model.patterns.flatMap(({ tab }, p) => (tab?.sheet === sheet ? [{ at: patterns + p, tab }] : []));
    const count = own.length;
    this.kept = model.kept;
    this.first = sheet * nodes;
    this.at = own.map(({ at }) => at);
    this.maps = own.map(({ tab }) => harmonic.columns[tab.column]);
    this.own = new Float64Array(count);
    this.mixed = new Float64Array(count * NODES);
    this.patterns = Float64Array.from({ length: count * count }, (_, i) => {
      return covariance[this.at[Math.floor(i / count)] * model.kept + this.at[i % count]];
    });
    const alongX = () => ({ nodes: new Float64Array(16), mixed: new Float64Array(4 * count) });
    [this.value, this.slope] = [alongX(), alongX()];
  }

  /** Looks at the cell whose four columns and rows of nodes begin there, as the lattice counts them. */
  atCell(column: number, row: number): void {
    const { covariance, kept, first, node, sign, nodes, mixed } = this;
    for (let k = 0; k < NODES; k++) {
      const held = this.lattice.nodes[(row + (k >> 2)) * this.lattice.width + column + (k & 3)];
      sign[k] = Math.sign(held);
      node[k] = held === 0 ? 0 : Math.abs(held) - 1;
      this.shown[k] = this.influence[node[k]];
    }
    for (let k = 0; k < NODES; k++) {
      const from = (first + node[k]) * kept + first;
      for (let j = 0; j < NODES; j++) nodes[NODES * k + j] = sign[k] * sign[j] * covariance[from + node[j]];
    }
    for (let p = 0; p < this.at.length; p++) {
      const from = this.at[p] * kept + first;
      for (let j = 0; j < NODES; j++) mixed[NODES * p + j] = sign[j] * covariance[from + node[j]];
    }
  }

  /** Looks at a column of pixels in it. */
  atColumn(ix: number): void {
    const { x } = this.lattice;
    this.alongX(x.value, 4 * ix, this.value);
    this.alongX(x.slope, 4 * ix, this.slope);
  }

  private alongX(weights: Float64Array, at: number, out: AlongX): void {
    const { half } = this;
    fours(this.nodes, weights, at, half);
    // Rows (b, a) of four: summed up over a too.
    for (let b = 0; b < 4; b++) {
      for (let c = 0; c < 4; c++) {
        let sum = 0;
        for (let a = 0; a < 4; a++) sum += weights[at + a] * half[16 * b + 4 * a + c];
        out.nodes[4 * b + c] = sum;
      }
    }
    fours(this.mixed, weights, at, out.mixed);
  }

  /** At pixel i in row iy of the column, (A/m)^2. */
  varianceOfKx(i: number, iy: number): number {
    const { own, maps } = this;
    for (let p = 0; p < own.length; p++) own[p] = maps[p].kx[i];
    return this.variance(this.value, this.lattice.y.slope, 4 * iy);
  }

  varianceOfKy(i: number, iy: number): number {
    const { own, maps } = this;
    // Of - Ky: the sign of all does not matter.
    for (let p = 0; p < own.length; p++) own[p] = -maps[p].ky[i];
    return this.variance(this.slope, this.lattice.y.value, 4 * iy);
  }

  private variance({ nodes, mixed }: AlongX, y: Float64Array, at: number): number {
    const { own, patterns } = this;
    const count = own.length;
    let variance = 0;
    for (let b = 0; b < 4; b++) {
      let sum = 0;
      for (let c = 0; c < 4; c++) sum += nodes[4 * b + c] * y[at + c];
      variance += y[at + b] * sum;
    }
    for (let p = 0; p < count; p++) {
      let sum = 0;
      for (let b = 0; b < 4; b++) sum += 2 * mixed[4 * p + b] * y[at + b];
      for (let q = 0; q < count; q++) sum += patterns[count * p + q] * own[q];
      variance += own[p] * sum;
    }
    return variance;
  }

  /** Mean influence of the nodes with positive weights, by these. */
  influenceAt(ix: number, iy: number): number {
    const { x, y } = this.lattice;
    let [part, weight] = [0, 0];
    for (let k = 0; k < NODES; k++) {
      const own = this.sign[k] * x.value[4 * ix + (k & 3)] * y.value[4 * iy + (k >> 2)];
      if (own <= 0) continue;
      part += own * this.shown[k];
      weight += own;
    }
    return weight > 0 ? part / weight : 0;
  }
}

/** Sums of every four numbers, by four weights. */
function fours(numbers: Float64Array, weights: Float64Array, at: number, out: Float64Array): void {
  const [w0, w1, w2, w3] = [weights[at], weights[at + 1], weights[at + 2], weights[at + 3]];
  for (let k = 0, j = 0; j < numbers.length; k++, j += 4) {
    out[k] = w0 * numbers[j] + w1 * numbers[j + 1] + w2 * numbers[j + 2] + w3 * numbers[j + 3];
  }
}
