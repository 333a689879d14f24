/**
 * The data's part of a step of the alternating direction method of multipliers (Boyd et al. 2011), with step parameter 1: where there
 * is a reading b, t = found + dual is split into p = (b - level + t) / 2 and the dual t - p, and the other half of the step is given
 * p - dual = b - level. Elsewhere nothing is known and nothing changes.
 * @param found over the domain, which holds the window in its corner; becomes what is given
 * @param dual window-shaped; zero where there is no reading
 * @param level what is no field of the sheet, the same everywhere
 */
export function splitData(
  found: Float64Array,
  { nx, ny, padX }: { readonly nx: number; readonly ny: number; readonly padX: number },
  dual: Float64Array,
  values: Float64Array,
  measured: Uint8Array,
  level: number,
): void {
  for (let iy = 0, w = 0; iy < ny; iy++) {
    for (let ix = 0, at = iy * padX; ix < nx; ix++, w++, at++) {
      if (measured[w] !== 1) continue;
      const b = values[w] - level;
      dual[w] = 0.5 * (found[at] + dual[w] - b);
      found[at] = b;
    }
  }
}
