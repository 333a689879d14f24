import type { Cell, Electrical } from '../../model/cell.js';

/** One pair of foils of 10 um aluminium and copper, and 10 ohm cm2. */
const USUAL: Electrical = {
  pairs: 1,
  positiveFoil: { thickness: 10e-6, conductivity: 3.78e7 },
  negativeFoil: { thickness: 10e-6, conductivity: 5.96e7 },
  areaResistance: 1e-3,
};

/** The cell itself, or with usual foils and electrodes where it says nothing of them: current enters by the positive foil. */
export function withUsualFoils<T extends Cell>(cell: T): T {
  if (cell.electrical !== undefined) return cell;
  const tabs = cell.tabs.map(tab => ({ ...tab, polarity: tab.share > 0 ? 'positive' : 'negative' }) as const);
  return { ...cell, electrical: USUAL, tabs };
}
