/** A quadrature rule on [-1, 1]. */
export interface GaussRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const known = new Map<number, GaussRule>();

/**
 * The Gauss-Legendre rule with n points, exact for polynomials of degree 2 n - 1; weights add up to 2. Newton's method
 * from the asymptotic zeros of the Legendre polynomial (Press et al., Numerical Recipes, sec. 4.6).
 */
export function gaussLegendre(n: number): GaussRule {
  let rule = known.get(n);
  if (rule !== undefined) return rule;
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 50; step++) {
      let [p, before] = [1, 0];
      for (let k = 0; k < n; k++) [p, before] = [((2 * k + 1) * x * p - k * before) / (k + 1), p];
      slope = (n * (x * p - before)) / (x * x - 1);
      const change = p / slope;
      x -= change;
      if (Math.abs(change) < 1e-15) break;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  rule = { nodes, weights };
  known.set(n, rule);
  return rule;
}
