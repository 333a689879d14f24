/** How well currents of a wavelength in two sheets are told apart by planes above and below. */
export interface Separation {
  /** m */
  readonly wavelength: number;
  /** Ratio of the singular values: by how much the noise of what differs exceeds that of what both share. */
  readonly condition: number;
}

/**
 * The condition number per wavelength of two sheets seen from both sides. Bz of psi with wave number k falls as exp(-k h), so that
 * two sheets (columns) and two planes (rows) give the matrix exp(-k |z_plane - z_sheet|); near 2 / (k distance) for long waves.
 * @param sheets and planes: two heights each, m, the sheets between the planes @param wavelengths m
 */
export function sheetSeparation(
  sheets: readonly [number, number],
  planes: readonly [number, number],
  wavelengths: readonly number[],
): Separation[] {
  return wavelengths.map(wavelength => {
    const k = (2 * Math.PI) / wavelength;
    // A common factor does not matter, and keeps short waves within the range of doubles.
    const nearest = Math.min(...planes.flatMap(plane => sheets.map(z => Math.abs(plane - z))));
    const [a, b, c, d] = planes.flatMap(plane => sheets.map(z => Math.exp(-k * (Math.abs(plane - z) - nearest))));
    const squares = a * a + b * b + c * c + d * d;
    const determinant = Math.abs(a * d - b * c);
    const root = Math.sqrt(Math.max(0, squares * squares - 4 * determinant * determinant));
    return { wavelength, condition: (squares + root) / (2 * determinant) };
  });
}
