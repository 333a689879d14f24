import { realTransform2D } from '../transforms/index.js';
import { type ConvolutionPlan, convolutionPlan, type ForwardOptions, type Sheet } from './convolutionPlan.js';
import { gather, type InterpolationTable, scatter } from './interpolate.js';
import { type Component, kernelSpectra } from './kernelSpectra.js';
import { latticeSize } from './lattice.js';
import { type LinearOperator, requireLength } from './linearOperator.js';
import type { Readings } from './readings.js';
import { splinePrefilter } from './splineInterpolation.js';

/**
 * The operator psi (A, on the nodes of the sheet's lattice, `[iy][ix]`) -> readings (T, times the length of their
 * directions): the sum over the nodes of `nodeField`, by convolution with transforms and interpolation to the samples.
 * For k components and p heights `apply` costs 1 + k p transforms and 64 k p multiplications per sample, as does
 * `applyTranspose`; the two are adjoint to rounding. Nothing is allocated by either.
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
 * The default refinement keeps h >= 5; with refinement the second row holds for smooth psi too. Between heights a further 4e-6 at most, see `planes.ts`.
 *
 * @param plan where it exists already
 * @throws {InputError} see `convolutionPlan`; and where the arrays given to the operator have the wrong length.
 */
export function convolutionOperator(
  sheet: Sheet,
  readings: Readings,
  options: ForwardOptions = {},
  plan: ConvolutionPlan = convolutionPlan(sheet, readings, options),
): LinearOperator {
  const { lattice } = sheet;
  const { points, windows, components } = plan;
  const { x: wx, y: wy } = windows;
  const transform = realTransform2D(wy.length, wx.length);
  const filter = splinePrefilter();
  const spectra = points.groups.map(group =>
    Array.from(group.planes, height =>
      kernelSpectra(transform, windows, plan.kernel, lattice.pitch, plan.fieldPitch, height, components, filter),
    ),
  );
  const table: InterpolationTable = {
    points,
    base: Int32Array.from(points.site, (_, i) => {
      return (points.firstY[i] + wy.psiOffset) * wx.length + points.firstX[i] + wx.psiOffset;
    }),
    rowLength: wx.length,
  };
  const directions = [readings.nx, readings.ny, readings.nz];
  const { ofReading } = points.sites;
  const siteField = new Float64Array(points.sites.count);
  const real = new Float64Array(wx.length * wy.length);
  const psiSpectrum = new Float64Array(transform.spectrumLength);
  const work = new Float64Array(transform.spectrumLength);
  const rows = readings.x.length;
  const columns = latticeSize(lattice);

  const apply = (psi: Float64Array, out: Float64Array): void => {
    requireLength(psi, columns, 'the stream function');
    requireLength(out, rows, 'the output');
    real.fill(0, 0, wy.psiEnd * wx.length);
    for (let iy = 0, i = 0; iy < lattice.ny; iy++) {
      let at = (wy.psiOffset + iy * wy.stride) * wx.length + wx.psiOffset;
      for (let ix = 0; ix < lattice.nx; ix++, i++, at += wx.stride) real[at] = psi[i];
    }
    transform.forward(real, psiSpectrum, wy.psiEnd);
    out.fill(0);
    for (const c of components) {
      siteField.fill(0);
      for (let g = 0; g < spectra.length; g++) {
        for (let p = 0; p < spectra[g].length; p++) {
          multiply(psiSpectrum, spectra[g][p][c]!, c, work);
          transform.inverse(work, real, wy.fieldEnd);
          gather(table, g, p, c !== 2, real, siteField);
        }
      }
      const direction = directions[c];
      for (let i = 0; i < rows; i++) out[i] += direction[i] * siteField[ofReading[i]];
    }
  };

  const applyTranspose = (residual: Float64Array, out: Float64Array): void => {
    requireLength(residual, rows, 'the residual');
    requireLength(out, columns, 'the output');
    psiSpectrum.fill(0);
    for (const c of components) {
      siteField.fill(0);
      const direction = directions[c];
      for (let i = 0; i < rows; i++) siteField[ofReading[i]] += direction[i] * residual[i];
      for (let g = 0; g < spectra.length; g++) {
        for (let p = 0; p < spectra[g].length; p++) {
          real.fill(0, 0, wy.fieldEnd * wx.length);
          scatter(table, g, p, c !== 2, siteField, real);
          transform.forward(real, work, wy.fieldEnd);
          addConjugateProduct(work, spectra[g][p][c]!, c, psiSpectrum);
        }
      }
    }
    transform.inverse(psiSpectrum, real, wy.psiEnd);
    for (let iy = 0, i = 0; iy < lattice.ny; iy++) {
      let at = (wy.psiOffset + iy * wy.stride) * wx.length + wx.psiOffset;
      for (let ix = 0; ix < lattice.nx; ix++, i++, at += wx.stride) out[i] = real[at];
    }
  };

  return { rows, columns, apply, applyTranspose };
}

/** out = kernel a for Bz, i kernel a for Bx and By; `a` and `out` interleaved complex, the kernel real. */
function multiply(a: Float64Array, kernel: Float64Array, component: Component, out: Float64Array): void {
  if (component === 2) {
    for (let m = 0, j = 0; m < kernel.length; m++, j += 2) {
      out[j] = kernel[m] * a[j];
      out[j + 1] = kernel[m] * a[j + 1];
    }
  } else {
    for (let m = 0, j = 0; m < kernel.length; m++, j += 2) {
      out[j] = -kernel[m] * a[j + 1];
      out[j + 1] = kernel[m] * a[j];
    }
  }
}

/** out += kernel a for Bz, -i kernel a for Bx and By. */
function addConjugateProduct(a: Float64Array, kernel: Float64Array, component: Component, out: Float64Array): void {
  if (component === 2) {
    for (let m = 0, j = 0; m < kernel.length; m++, j += 2) {
      out[j] += kernel[m] * a[j];
      out[j + 1] += kernel[m] * a[j + 1];
    }
  } else {
    for (let m = 0, j = 0; m < kernel.length; m++, j += 2) {
      out[j] += kernel[m] * a[j + 1];
      out[j + 1] -= kernel[m] * a[j];
    }
  }
}
