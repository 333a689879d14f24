import { MU0 } from './constants.js';
import type { CurrentMap } from './currentMap.js';

/**
 * Amplitude (A/m) and phase (rad) of a complex sheet current K = p + i q per pixel. The vector runs along an ellipse; its
 * amplitude is sqrt(|Kx|^2 + |Ky|^2), its phase that of the larger axis, half the argument of Kx^2 + Ky^2, which is the phase of
 * Kx and Ky where both have the same. Of the two angles half a turn apart it is the one nearer to `about`.
 */
export function amplitudeAndPhase(
  inPhase: CurrentMap,
  quadrature: CurrentMap,
  about: number,
): { amplitude: Float64Array; phase: Float64Array } {
  const amplitude = new Float64Array(inPhase.kx.length);
  const phase = new Float64Array(inPhase.kx.length);
  for (let i = 0; i < amplitude.length; i++) {
    const [a, b, c, d] = [inPhase.kx[i], quadrature.kx[i], inPhase.ky[i], quadrature.ky[i]];
    amplitude[i] = Math.sqrt(a * a + b * b + c * c + d * d);
    const angle = Math.atan2(2 * (a * b + c * d), a * a - b * b + c * c - d * d) / 2;
    phase[i] = angle - Math.PI * Math.round((angle - about) / Math.PI);
  }
  return { amplitude, phase };
}

/** Weaker currents than this part of the strongest have no phase worth telling, */
const WEAK = 0.1;
/** and neither have those whose phase is known worse than this, rad. */
const VAGUE = Math.PI / 18;

/**
 * Phase of a complex sheet current, rad, with its standard error where the map has errors: that of the current across the phase
 * over the amplitude, both parts having the noise of the map in phase. NaN where there is too little current to tell it: below a
 * tenth of the strongest, or known worse than 10 degrees. `middle` are the phases that nine tenths of the rest lie between.
 */
export function tellablePhase(inPhase: CurrentMap, quadrature: CurrentMap, about: number) {
  const { amplitude, phase } = amplitudeAndPhase(inPhase, quadrature, about);
  const { kxErrors, kyErrors } = inPhase;
  const most = amplitude.reduce((max, v) => (v > max ? v : max), 0);
  const error =
    kxErrors && kyErrors
      ? amplitude.map((a, i) => Math.sqrt((kxErrors[i] ** 2 + kyErrors[i] ** 2) / 2) / a)
      : amplitude.map(() => 0);
  const known = (i: number) => amplitude[i] > WEAK * most && !(error[i] > VAGUE);
  const told = phase.map((v, i) => (known(i) ? v : Number.NaN));
  const sorted = told.filter(v => !Number.isNaN(v)).sort();
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? about;
  return {
    amplitude,
    phase: told,
    ...(kxErrors && kyErrors ? { error: error.map((v, i) => (known(i) ? v : Number.NaN)) } : {}),
    middle: [at(0.05), at(0.95)] as const,
  };
}

/** Depth at which a current at this frequency has fallen to 1/e, m: sqrt(2 / (omega mu0 conductivity)) (Jackson, sec. 5.18). */
export function skinDepth(frequency_Hz: number, conductivity_S_per_m: number): number {
  return Math.sqrt(2 / (2 * Math.PI * frequency_Hz * MU0 * conductivity_S_per_m));
}
