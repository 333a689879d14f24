import type { Grid } from './grid.js';

/**
 * A map of the sheet current density K in the plane z, on pixel centres. K = curl(psi z^) = (d psi/dy, -d psi/dx);
 * K in A/m, psi in A (in units of the scan per SI unit when `relativeUnit` is set). `NaN` where the map says nothing.
 */
export interface CurrentMap {
  readonly grid: Grid;
  /** Height of the sheet, m. */
  readonly z: number;
  /** Stream function, A, on the same pixel centres; its constant is arbitrary. */
  readonly psi: Float64Array;
  readonly kx: Float64Array;
  readonly ky: Float64Array;
  /** One standard deviation of kx and ky, A/m. */
  readonly kxErrors?: Float64Array;
  readonly kyErrors?: Float64Array;
  /** Full width at half maximum of the point spread at each pixel, m. */
  readonly resolution?: Float64Array;
  readonly relativeUnit?: string;
}

/** |K| per pixel, A/m. */
export function magnitude(map: CurrentMap): Float64Array {
  const out = new Float64Array(map.kx.length);
  // No current is so large or small that its square would not be a number; Math.hypot takes ten times as long.
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(map.kx[i] ** 2 + map.ky[i] ** 2);
  return out;
}
