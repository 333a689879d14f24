import { gridSize } from '../../grid.js';
import type { CellModel, TabInjection } from './cellModel.js';
import { emptyLevel, invertBlocks, type PairLevel } from './pairLevel.js';

/**
 * Finite volumes for a model: conductances of faces from the harmonic mean of the two pixels (0 where either has no foil),
 * of the electrodes and shorts from the area of a pixel.
 */
export function assemble(model: CellModel): PairLevel {
  const { grid, positive, negative, reaction, short } = model;
  const { nx, ny } = grid;
  const level = emptyLevel(nx, ny);
  const area = grid.dx * grid.dy;
  const alongX = grid.dy / grid.dx;
  const alongY = grid.dx / grid.dy;
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      const k = 2 * (i + nx);
      if (ix + 1 < nx) {
        level.east[k] = alongX * harmonic(positive[i], positive[i + 1]);
        level.east[k + 1] = alongX * harmonic(negative[i], negative[i + 1]);
      }
      if (iy + 1 < ny) {
        level.north[k] = alongY * harmonic(positive[i], positive[i + nx]);
        level.north[k + 1] = alongY * harmonic(negative[i], negative[i + nx]);
      }
      level.between[i + nx] = area * (reaction[i] + short[i]);
    }
  }
  invertBlocks(level);
  return level;
}

function harmonic(a: number, b: number): number {
  return a > 0 && b > 0 ? (2 * a * b) / (a + b) : 0;
}

/**
 * The voltage between foils without any resistance, V: the current goes through the electrodes and shorts alone. Potentials
 * of the positive foil are computed against it, so that what drops along the foils does not drown in it.
 */
export function referenceVoltage({ grid, reaction, openCircuit, short, tabs }: CellModel, current: number): number {
  const area = grid.dx * grid.dy;
  let [sum, conductance] = [0, 0];
  for (let i = 0; i < reaction.length; i++) {
    sum += area * reaction[i] * openCircuit[i];
    conductance += area * (reaction[i] + short[i]);
  }
  for (const { polarity, share } of tabs) if (polarity === 'positive') sum += current * share;
  return conductance > 0 ? sum / conductance : 0;
}

/**
 * The sources of the equations, A: the tabs' currents and what the electrodes' voltages drive.
 * @param reference V, see {@link referenceVoltage}
 * @param b vector of a level
 */
export function sources(model: CellModel, current: number, reference: number, b: Float64Array): void {
  const { grid, reaction, openCircuit, short, tabs } = model;
  const area = grid.dx * grid.dy;
  b.fill(0);
  for (let i = 0; i < gridSize(grid); i++) {
    const driven = area * (reaction[i] * (openCircuit[i] - reference) - short[i] * reference);
    const k = 2 * (i + grid.nx);
    b[k] = driven;
    b[k + 1] = -driven;
  }
  for (const tab of tabs) {
    const foil = tab.polarity === 'positive' ? 0 : 1;
    for (let j = 0; j < tab.pixels.length; j++) {
      b[2 * (tab.pixels[j] + grid.nx) + foil] += current * tab.share * tab.part[j];
    }
  }
}

/**
 * Resistance between the centre of a tab's pixel and the border its current comes through, ohm times the part of the
 * border that the tab covers.
 */
export function rimResistance({ grid, positive, negative }: CellModel, tab: TabInjection, j: number): number {
  const foil = tab.polarity === 'positive' ? positive : negative;
  const [nx, ny] = [Math.abs(tab.normal[0]), Math.abs(tab.normal[1])];
  const depth = nx * grid.dx + ny * grid.dy;
  const width = nx * grid.dy + ny * grid.dx;
  return depth / (2 * width * foil[tab.pixels[j]]);
}
