import { realTransform2D } from '../transforms/index.js';
import { type ConvolutionPlan, convolutionPlan, type ForwardOptions, type Sheet } from './convolutionPlan.js';
import { gather, interpolationTable, scatter } from './interpolate.js';
import { kernelSpectra } from './kernelSpectra.js';
import { latticeSize } from './lattice.js';
import { type LinearOperator, requireLength } from './linearOperator.js';
import type { Readings } from './readings.js';

/** Nodes of a transform up to which all components are convolved together; above, memory counts for more than one transform. */
const MOST_TOGETHER = 1 << 20;

/**
 * The operator psi (A, on the nodes of the sheet's lattice, `[iy][ix]`) -> readings (T, times the length of their
 * directions): the sum over the nodes of `nodeField`, by convolution with transforms and interpolation to the samples.
 * For k components and p heights `apply` costs p (1 + k) transforms and 64 k p multiplications per sample, as does
 * `applyTranspose`; the two are adjoint to rounding. Three components at up to eight heights are allocated once for all.
 *
 * Sign: psi > 0 inside is an anticlockwise current seen from +z, with Bz > 0 above it; below the sheet Bx and By change
 * sign, Bz does not.
 *
 * Error against the sum over the nodes, as a fraction of the largest field, with h the standoff in pitches of the
 * *field* lattice (pitch / refine). The field is computed at its own lattice, so what psi holds near the lattice's
 * Nyquist wave number is lost, except that the distance has damped it by exp(-pi h):
 *
 *     h                                         3      4      5      6      8
 *     psi smooth (Gaussian bumps, sigma 1.5)    2e-5   1e-6   3e-7   1e-7   2e-8
 *     any psi: a single node, noise             5e-3   3e-4   3e-5   3e-6   1e-7
 *
 * The default refinement keeps h >= 5; with refinement the second row holds for smooth psi too. Between heights a further 4e-6
 * at most, see `planes.ts`.
 *
 * @param plan where it exists already @param realTransform where the transform comes from
 * @throws {InputError} see `convolutionPlan`; and where the arrays given to the operator have the wrong length.
 */
export function convolutionOperator(
  sheet: Sheet,
  readings: Readings,
  options: ForwardOptions = {},
  plan: ConvolutionPlan = convolutionPlan(sheet, readings, options),
  realTransform = realTransform2D,
): LinearOperator {
  const { lattice } = sheet;
  const { points, windows, components } = plan;
  const { x: wx, y: wy } = windows;
  const transform = realTransform(wy.length, wx.length);
  const nodes = wx.length * wy.length;
  // The arrays first: without them in its memory the transform copies, without the kernels it takes two passes more.
  const { allocate } = transform;
  const spread = allocate(nodes);
  const all = components.map((_, k) => k);
  const turns = nodes <= MOST_TOGETHER ? [all] : all.map(k => [k]);
  const fields = turns[0].map(() => allocate(nodes));
  const spectra = points.groups.map(group =>
    Array.from(group.planes, height =>
      kernelSpectra(transform, windows, plan.kernel, lattice.pitch, plan.fieldPitch, height, components, allocate),
    ),
  );
  const table = interpolationTable(transform, points, windows);
  const directions = [readings.nx, readings.ny, readings.nz];
  const { ofReading } = points.sites;
  const sites = points.sites.count;
  const siteFields = new Float64Array(components.length * sites);
  const siteField = (k: number) => siteFields.subarray(k * sites, (k + 1) * sites);
  const rows = readings.x.length;
  const columns = latticeSize(lattice);

  const apply = (psi: Float64Array, out: Float64Array): void => {
    requireLength(psi, columns, 'the stream function');
    requireLength(out, rows, 'the output');
    spread.fill(0, 0, wy.psiEnd * wx.length);
    for (let iy = 0, i = 0; iy < lattice.ny; iy++) {
      let at = (wy.psiOffset + iy * wy.stride) * wx.length + wx.psiOffset;
      for (let ix = 0; ix < lattice.nx; ix++, i++, at += wx.stride) spread[at] = psi[i];
    }
    siteFields.fill(0);
    for (let g = 0; g < spectra.length; g++) {
      for (let p = 0; p < spectra[g].length; p++) {
        for (const turn of turns) {
          const kernels = turn.map(k => [spectra[g][p][k]]);
          transform.convolve([spread], kernels, fields, { rowsIn: wy.psiEnd, rowsOut: wy.fieldEnd });
          turn.forEach((k, i) => {
            gather(table, g, p, components[k] !== 2, fields[i], siteField(k));
          });
        }
      }
    }
    out.fill(0);
    components.forEach((c, k) => {
      const direction = directions[c];
      const field = siteField(k);
      for (let i = 0; i < rows; i++) out[i] += direction[i] * field[ofReading[i]];
    });
  };

  const applyTranspose = (residual: Float64Array, out: Float64Array): void => {
    requireLength(residual, rows, 'the residual');
    requireLength(out, columns, 'the output');
    siteFields.fill(0);
    components.forEach((c, k) => {
      const direction = directions[c];
      const field = siteField(k);
      for (let i = 0; i < rows; i++) field[ofReading[i]] += direction[i] * residual[i];
    });
    out.fill(0);
    for (let g = 0; g < spectra.length; g++) {
      for (let p = 0; p < spectra[g].length; p++) {
        for (const turn of turns) {
          turn.forEach((k, i) => {
            fields[i].fill(0, 0, wy.fieldEnd * wx.length);
            scatter(table, g, p, components[k] !== 2, siteField(k), fields[i]);
          });
          const kernels = [turn.map(k => spectra[g][p][k])];
          transform.convolve(fields, kernels, [spread], {
            rowsIn: wy.fieldEnd,
            rowsOut: wy.psiEnd,
            conjugate: true,
          });
          for (let iy = 0, i = 0; iy < lattice.ny; iy++) {
            let at = (wy.psiOffset + iy * wy.stride) * wx.length + wx.psiOffset;
            for (let ix = 0; ix < lattice.nx; ix++, i++, at += wx.stride) out[i] += spread[at];
          }
        }
      }
    }
  };

  return { rows, columns, apply, applyTranspose };
}
