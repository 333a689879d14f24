import { amplitudeAndPhase, skinDepth } from '../../src/alternatingCurrent.js';
import type { CurrentMap } from '../../src/currentMap.js';
import { formatNumber, formatQuantity } from '../../src/figures/index.js';
import type { Cell } from '../../src/model/cell.js';
import type { Statements } from '../statements.js';

const DEGREES = 180 / Math.PI;
/** Copper and aluminium, S/m, where the cell does not say its foils. */
const FOILS = { copper: 5.96e7, aluminium: 3.78e7 };
/** Thicker than this part of the skin depth, a conductor carries its current unevenly through its thickness. */
const THICK = 1 / 3;
/** Phase is told where the amplitude is more than this part of the largest. */
const STRONG = 0.1;

/** Adds to what is said of a map what holds for an alternating current. @param frequency Hz, where it is known */
export function alternatingStatements(
  said: Statements,
  inPhase: readonly CurrentMap[],
  quadrature: readonly CurrentMap[],
  phase: number,
  frequency: number | undefined,
  cell: Cell | undefined,
): Statements {
  let [low, high] = [Infinity, -Infinity];
  inPhase.forEach((sheet, k) => {
    const polar = amplitudeAndPhase(sheet, quadrature[k], phase);
    const most = polar.amplitude.reduce((max, v) => (v > max ? v : max), 0);
    polar.phase.forEach((v, i) => {
      if (!(polar.amplitude[i] > STRONG * most)) return;
      low = Math.min(low, v);
      high = Math.max(high, v);
    });
  });
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
      `Alternating current: the phase of the whole is ${degrees(phase)} against the lock-in's reference; over the map it runs from ` +
        `${degrees(low)} to ${degrees(high)}.`,
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
