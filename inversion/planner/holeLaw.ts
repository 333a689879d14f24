/**
 * How a round hole in a foil grows into view. In a uniform sheet current K a hole of radius r makes the stream function of
 * a dipole outside, delta psi = -r^2 (Kx y - Ky x) / rho^2, and none is left inside: laplacian delta psi is a ring of charge
 * that goes as the cosine, whose spectrum is that of a point dipole times 2 J1(k r) / (k r). At a height h above it, in
 * white noise and k up to 1 / (2 h), that leaves of d'
 *
 *     q(r/h)^2 = int k exp(-2 k h) (2 J1(k r) / (k r))^2 dk / int k exp(-2 k h) dk,
 *
 * so that d' = c r^2 q(r/h), with c from the point dipole at the place. int exp(-2 k h) J1(k r)^2 / k dk is here the mean of a
 * logarithm over the ring (Neumann's addition theorem).
 */
export function sizeFactor(ratio: number): number {
  if (ratio < 1e-3) return 1;
  let sum = 0;
  for (let i = 0; i < STEPS; i++) {
    const angle = ((i + 0.5) * Math.PI) / STEPS;
    const chord = ratio * Math.sin(angle / 2);
    sum -= Math.cos(angle) * Math.log((1 + Math.sqrt(1 + chord * chord)) / 2);
  }
  return Math.sqrt((16 / ratio ** 2) * (sum / STEPS));
}

const STEPS = 64;

/**
 * Radius at which c r^2 q(r/h) reaches the d' that is needed, m; Infinity where none below `most` does.
 * @param strength c, 1/m^2
 */
export function radiusFor(needed: number, strength: number, h: number, most: number): number {
  const reached = (r: number) => strength * r * r * sizeFactor(r / h);
  if (!(reached(most) >= needed)) return Number.POSITIVE_INFINITY;
  let [low, high] = [0, most];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (reached(middle) < needed) low = middle;
    else high = middle;
  }
  return high;
}
