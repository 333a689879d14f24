import type { Point } from '../../model/outline.js';
import { contains, type Outline } from '../../model/outline.js';
import type { CellModel } from '../cell/cellModel.js';
import { coverage, disc } from './coverage.js';
import { requireSome } from './foilDefects.js';

/** Damage between the foils of one electrode pair. Each function returns a changed model and leaves its own. */

/** A place that takes part with `activity` of its conductance: 0, it is dead (dry, delaminated, covered). */
export function deadSpot(model: CellModel, at: Point, radius: number, activity = 0): CellModel {
  return scaledReaction(model, at, radius, activity);
}

/** A place whose area resistance is `resistance` times the usual one, less than 1: it takes more current than others. */
export function hotSpot(model: CellModel, at: Point, radius: number, resistance: number): CellModel {
  return scaledReaction(model, at, radius, 1 / resistance);
}

function scaledReaction(model: CellModel, at: Point, radius: number, factor: number): CellModel {
  const part = coverage(model.grid, disc(at, radius));
  requireSome(model, part);
  return { ...model, reaction: model.reaction.map((v, i) => v * (1 + part[i] * (factor - 1))) };
}

/**
 * A soft short: an electronic path between the foils, spread evenly over a small disc.
 * @param conductance of the whole short, S
 */
export function pointShort(model: CellModel, at: Point, radius: number, conductance: number): CellModel {
  const part = coverage(model.grid, disc(at, radius)).map((v, i) => (model.inside[i] === 1 ? v : 0));
  requireSome(model, part);
  const area = part.reduce((sum, v) => sum + v, 0) * model.grid.dx * model.grid.dy;
  return { ...model, short: model.short.map((v, i) => v + (part[i] * conductance) / area) };
}

/**
 * Electrodes shifted against each other: where one of them no longer faces the other there is no reaction. The foils stay,
 * for a shift of a millimetre or two changes little in them.
 */
export function misalignedElectrodes(model: CellModel, outline: Outline, [sx, sy]: Point): CellModel {
  const part = coverage(model.grid, { contains: (x, y) => contains(outline, x - sx, y - sy) });
  return { ...model, reaction: model.reaction.map((v, i) => v * part[i]) };
}
