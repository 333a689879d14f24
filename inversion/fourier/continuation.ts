import type { Domain } from './sheetModel.js';

/**
 * Continues a window-shaped field over the domain: every pixel outside takes the value of the nearest rim pixel along x
 * and y, times 0.5 (1 + cos(pi d / length)) along each axis, d the distance from the rim.
 * @param values no gaps
 * @param lengthX distance over which the field fades along x, pixels; likewise lengthY
 * @param level taken off the values first
 * @param out domain-shaped
 */
export function continueField(
  domain: Domain,
  values: Float64Array,
  lengthX: number,
  lengthY: number,
  level = 0,
  out: Float64Array = new Float64Array(domain.padX * domain.padY),
): Float64Array {
  const { nx, ny, padX, padY } = domain;
  const alongX = fade(nx, padX, lengthX);
  const alongY = fade(ny, padY, lengthY);
  for (let iy = 0; iy < padY; iy++) {
    const from = alongY.source[iy] * nx;
    const weight = alongY.weight[iy];
    const at = iy * padX;
    if (weight === 0) {
      out.fill(0, at, at + padX);
      continue;
    }
    for (let ix = 0; ix < padX; ix++) {
      out[at + ix] = (values[from + alongX.source[ix]] - level) * weight * alongX.weight[ix];
    }
  }
  return out;
}

function fade(n: number, padded: number, length: number): { source: Int32Array; weight: Float64Array } {
  const source = new Int32Array(padded);
  const weight = new Float64Array(padded).fill(1);
  for (let i = 0; i < padded; i++) {
    if (i < n) {
      source[i] = i;
      continue;
    }
    const above = i - (n - 1);
    const below = padded - i;
    const distance = Math.min(above, below) - 0.5;
    source[i] = above <= below ? n - 1 : 0;
    weight[i] = distance < length ? 0.5 * (1 + Math.cos((Math.PI * distance) / length)) : 0;
  }
  return { source, weight };
}
