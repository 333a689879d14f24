import { incompleteBeta, upperGamma } from './specialFunctions.js';

/** Probabilities of exceeding a value, and the values that are exceeded with a given probability. */

/** P(chi2 with `degrees` > x). */
export function chiSquareTail(x: number, degrees: number): number {
  return upperGamma(degrees / 2, x / 2);
}

/** P(F with (d1, d2) degrees > x); neither need be whole. d2 may be infinite. */
export function fTail(x: number, d1: number, d2: number): number {
  if (!(x > 0)) return 1;
  if (d2 > 1e7) return chiSquareTail(d1 * x, d1);
  // The small one of the two tails is computed, never its complement.
  return incompleteBeta(d2 / 2, d1 / 2, d2 / (d2 + d1 * x));
}

/** P(Beta(a, b) > x). */
export function betaTail(x: number, a: number, b: number): number {
  return incompleteBeta(b, a, 1 - x);
}

/** P(|normal| > |z|), two-sided. */
export function normalTails(z: number): number {
  return upperGamma(0.5, (z * z) / 2);
}

/** P(|Student's t with `degrees`| > |t|), two-sided. */
export function studentTails(t: number, degrees: number): number {
  return fTail(t * t, 1, degrees);
}

export function chiSquareLimit(probability: number, degrees: number): number {
  return limitOf(x => chiSquareTail(x, degrees), probability, degrees);
}

export function fLimit(probability: number, d1: number, d2: number): number {
  return limitOf(x => fTail(x, d1, d2), probability, 1);
}

export function betaLimit(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (betaTail(middle, a, b) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The x that a falling tail exceeds with this probability: doubling, then bisection. */
function limitOf(tail: (x: number) => number, probability: number, start: number): number {
  let high = start;
  while (tail(high) > probability && high < 1e300) high *= 2;
  let low = 0;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (tail(middle) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
