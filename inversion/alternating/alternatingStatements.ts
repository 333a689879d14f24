import { skinDepth, tellablePhase } from '../../src/alternatingCurrent.js';
import type { CurrentMap } from '../../src/currentMap.js';
import { formatNumber, formatQuantity } from '../../src/figures/format.js';
import type { Cell } from '../../src/model/cell.js';
import { median } from '../median.js';
import type { Statements } from '../statements.js';

const DEGREES = 180 / Math.PI;
/** Copper and aluminium, S/m, where the cell does not say its foils. */
const FOILS = { copper: 5.96e7, aluminium: 3.78e7 };
/** Thicker than this part of the skin depth, a conductor carries its current unevenly through its thickness. */
const THICK = 1 / 3;

/** Adds to what is said of a map what holds for an alternating current. @param frequency Hz, where it is known */
export function alternatingStatements(
  said: Statements,
  inPhase: readonly CurrentMap[],
  quadrature: readonly CurrentMap[],
  phase: number,
  frequency: number | undefined,
  cell: Cell | undefined,
): Statements {
  const told = inPhase.map((sheet, k) => tellablePhase(sheet, quadrature[k], phase));
  const low = Math.min(...told.map(t => t.middle[0]));
  const high = Math.max(...told.map(t => t.middle[1]));
  const errors = told.flatMap(t => (t.error === undefined ? [] : [median(t.error)]));
  const degrees = (v: number) => `${formatNumber(DEGREES * v)}°`;
  const foils = cell?.electrical;
  const conductors =
    foils === undefined
      ? Object.entries(FOILS)
      : [
          ['the positive foil', foils.positiveFoil.conductivity] as const,
          ['the negative foil', foils.negativeFoil.conductivity] as const,
        ];
  const depths =
    frequency === undefined ? [] : conductors.map(([name, s]) => ({ name, depth: skinDepth(frequency, s) }));
  const shallow = depths.filter(({ depth }) => cell !== undefined && cell.thickness > THICK * depth);
  return {
    verdict: [
      ...said.verdict,
      `Alternating current: the phase of the whole is ${degrees(phase)} against the lock-in's reference; nine tenths of the map lie between ` +
        `${degrees(low)} and ${degrees(high)}${errors.length === 0 ? '' : ` (a place is known to ± ${formatNumber(DEGREES * Math.max(...errors), 2)}°)`}.`,
    ],
    warnings: [
      ...said.warnings,
      ...(shallow.length === 0
        ? []
        : [
            `The cell, ${formatQuantity(cell!.thickness, 'm')} thick, is not thin against the skin depth at ${formatNumber(frequency!)} Hz ` +
              `(${shallow.map(({ name, depth }) => `${name} ${formatQuantity(depth, 'm')}`).join(', ')}): part of the quadrature may be ` +
              'eddy currents, which crowd to its faces and edges, not conduction through the cell.',
          ]),
      ...(frequency === undefined
        ? ['The frequency is not known, so nothing was checked against the skin depth: give --frequency-Hz.']
        : []),
    ],
    canSee: [
      ...said.canSee,
      'Both phases were inverted with the same lambda and the same weights, so their ratio, the phase, is not of the smoothing.',
      'A phase that is constant over the map is the lock-in’s or the wiring’s; only differences of phase are of the cell.',
    ],
  };
}
