import { symmetricEigen } from './symmetricEigen.js';

/**
 * Q of every map against the components of all others, from the centred Gram matrix alone. With G the products of z_i (which
 * add up to zero) and m = n - 1 others, whose mean is -z_i/m: the others, centred, are y_j = z_j + z_i/m and the map itself is
 * z_i n/m, so all products that are needed follow from G.
 * @param gram n x n
 * @param k components
 */
export function heldOutErrors(gram: Float64Array, n: number, k: number): Float64Array {
  const m = n - 1;
  const inner = new Float64Array(m * m);
  const cross = new Float64Array(m);
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const own = gram[i * n + i];
    for (let a = 0; a < m; a++) {
      const ja = a < i ? a : a + 1;
      const ga = gram[ja * n + i];
      cross[a] = (n / m) * (ga + own / m);
      for (let b = 0; b <= a; b++) {
        const jb = b < i ? b : b + 1;
        inner[a * m + b] = gram[ja * n + jb] + (ga + gram[jb * n + i]) / m + own / (m * m);
      }
    }
    const { values, vectors } = symmetricEigen(inner, m);
    let left = own * (n / m) ** 2;
    for (let j = 0; j < Math.min(k, m - 1); j++) {
      if (!(values[j] > 1e-12 * values[0])) break;
      let product = 0;
      for (let a = 0; a < m; a++) product += vectors[a * m + j] * cross[a];
      left -= (product * product) / values[j];
    }
    out[i] = Math.max(0, left);
  }
  return out;
}
