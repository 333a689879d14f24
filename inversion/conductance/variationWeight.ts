import type { ConductanceLattice } from './conductanceLattice.js';
import type { FoilMisfit } from './foilMisfit.js';

/** Realisations of the noise that the weight is found with, */
export const WEIGHING = 40;
/** and the part of them that must leave a healthy foil healthy. */
const SURE = 0.95;
/** Circumference of a circle over that of the square with the same area. */
const ROUND = Math.sqrt(Math.PI) / 2;

/**
 * The weight of the total variation with which noise alone leaves a healthy foil without any structure in 95 % of scans
 * (quantile universal threshold: Giacobino, Sardy, Diaz-Rodriguez and Hengartner 2017). A map without structure is stationary as
 * long as no region's sum of the gradient exceeds weight times the part of its circumference that is not on the outline; the
 * largest such ratio over rectangles of all sizes and places, taken as round, stands for that over all regions.
 * @param misfit solved for the healthy foil @param noise realisations in the form's gradient (`formRoom`)
 * @param excess variance of the readings over the stated one
 * @returns 1/m
 */
export function variationWeight(
  misfit: FoilMisfit,
  noise: readonly Float64Array[],
  lattice: ConductanceLattice,
  excess: number,
): number {
  const sheets = misfit.equations.length;
  const pixels = misfit.count / sheets;
  const gradient = new Float64Array(misfit.count);
  const rectangles = new Rectangles(lattice);
  const found = noise
    .map(realisation => {
      misfit.adjoint(realisation, gradient);
      let most = 0;
      for (let s = 0; s < sheets; s++)
        most = Math.max(most, rectangles.largest(gradient.subarray(s * pixels, (s + 1) * pixels)));
      return most;
    })
    .sort((a, b) => a - b);
  return (Math.sqrt(Math.max(1, excess)) * found[Math.ceil(SURE * noise.length) - 1]) / ROUND;
}

/** Sums over all rectangles of pixels whose sides are powers of two, over their sides inside the foil. */
class Rectangles {
  private readonly sums: Float64Array;
  /** Length of faces across x in the column below and including a pixel, m; and across y along the row. */
  private readonly upward: Float64Array;
  private readonly along: Float64Array;

  constructor(private readonly lattice: ConductanceLattice) {
    const { grid, pixelOf } = lattice;
    const { nx, ny } = grid;
    const at = (ix: number, iy: number) => (ix < 0 || iy < 0 || ix >= nx || iy >= ny ? -1 : pixelOf[iy * nx + ix]);
    const both = (a: number, b: number) => (a >= 0 && b >= 0 ? 1 : 0);
    this.sums = new Float64Array((nx + 1) * (ny + 1));
    this.upward = new Float64Array((nx + 1) * (ny + 1));
    this.along = new Float64Array((nx + 1) * (ny + 1));
    for (let iy = 0; iy <= ny; iy++) {
      for (let ix = 0; ix <= nx; ix++) {
        const i = iy * (nx + 1) + ix;
        if (iy < ny) this.upward[i + nx + 1] = this.upward[i] + grid.dy * both(at(ix - 1, iy), at(ix, iy));
        if (ix < nx) this.along[i + 1] = this.along[i] + grid.dx * both(at(ix, iy - 1), at(ix, iy));
      }
    }
  }

  largest(values: Float64Array): number {
    const { grid, pixelOf } = this.lattice;
    const { nx, ny } = grid;
    const { sums, upward, along } = this;
    const w = nx + 1;
    for (let iy = 0; iy < ny; iy++) {
      let row = 0;
      for (let ix = 0; ix < nx; ix++) {
        const p = pixelOf[iy * nx + ix];
        if (p >= 0) row += values[p];
        sums[(iy + 1) * w + ix + 1] = sums[iy * w + ix + 1] + row;
      }
    }
    let most = 0;
    for (let height = 1; height <= ny; height *= 2) {
      for (let width = 1; width <= nx; width *= 2) {
        for (let iy = 0; iy + height <= ny; iy++) {
          for (let ix = 0; ix + width <= nx; ix++) {
            const [a, b] = [iy * w + ix, (iy + height) * w + ix];
            const sides = upward[b] - upward[a] + upward[b + width] - upward[a + width];
            const ends = along[a + width] - along[a] + along[b + width] - along[b];
            const sum = Math.abs(sums[b + width] - sums[b] - sums[a + width] + sums[a]);
            if (sides + ends > 0 && sum > most * (sides + ends)) most = sum / (sides + ends);
          }
        }
      }
    }
    return most;
  }
}
