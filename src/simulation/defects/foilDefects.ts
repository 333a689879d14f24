import { InputError } from '../../errors.js';
import type { Polarity } from '../../model/cell.js';
import { contains, type Outline, outlineArea, type Point } from '../../model/outline.js';
import type { CellModel } from '../cell/cellModel.js';
import { band, coverage, disc, type Shape } from './coverage.js';

/** Damage to the current collector of one electrode pair. Each function returns a changed model and leaves its own. */

/** The model with one foil's conductance multiplied by `relative` where the shape covers it. */
function scaledFoil(model: CellModel, foil: Polarity, shape: Shape, relative: number): CellModel {
  const part = coverage(model.grid, shape);
  requireSome(model, part);
  return { ...model, [foil]: model[foil].map((v, i) => v * (1 - part[i] * (1 - relative))) };
}

/** @throws {InputError} where a shape covers nothing of the cell. */
export function requireSome({ inside }: CellModel, part: Float64Array): void {
  if (part.some((v, i) => v > 0 && inside[i] === 1)) return;
  throw new InputError('the defect lies beside the cell', { advice: 'give a place within the outline, in mm' });
}

/** A round hole in a foil: the foil's current flows round it, and the electrode in it has lost its connection. */
export function foilHole(model: CellModel, foil: Polarity, at: Point, radius: number): CellModel {
  return scaledFoil(model, foil, disc(at, radius), 0);
}

/**
 * A straight cut through a foil. Cuts narrower than one and a half pixels are made as wide as that: a pixel that is cut in
 * part would still conduct across the cut, and a narrow cut's width matters little.
 */
export function foilSlit(model: CellModel, foil: Polarity, from: Point, to: Point, width: number): CellModel {
  const least = 1.5 * Math.max(model.grid.dx, model.grid.dy);
  return scaledFoil(model, foil, band(from, to, Math.max(width, least)), 0);
}

/** A round place where a foil conducts less (or better): corroded, overstretched, a patch. */
export function thinnedFoil(model: CellModel, foil: Polarity, at: Point, radius: number, relative: number): CellModel {
  return scaledFoil(model, foil, disc(at, radius), relative);
}

/**
 * An electrode folded over along a line: what lies beyond it (the smaller part) has neither foil nor reaction, and lies
 * flat on the rest, whose foil is twice as thick there. The flap faces the wrong way and adds no reaction.
 */
export function foldedElectrode(
  model: CellModel,
  outline: Outline,
  foil: Polarity,
  [ax, ay]: Point,
  [bx, by]: Point,
): CellModel {
  const length = Math.hypot(bx - ax, by - ay);
  const [nx, ny] = [-(by - ay) / length, (bx - ax) / length];
  const height: (x: number, y: number) => number = (x, y) => (x - ax) * nx + (y - ay) * ny;
  const left = coverage(model.grid, { contains: (x, y) => height(x, y) > 0 && contains(outline, x, y) });
  const area = left.reduce((sum, v) => sum + v, 0) * model.grid.dx * model.grid.dy;
  const whole = outlineArea(outline);
  if (area < 1e-6 * whole || area > (1 - 1e-6) * whole) {
    throw new InputError('the line of the fold does not cut the outline', {
      advice: 'give two points of a line that crosses the cell',
    });
  }
  const side = area <= whole / 2 ? 1 : -1;
  const gone = coverage(model.grid, { contains: (x, y) => side * height(x, y) > 0 });
  const doubled = coverage(model.grid, {
    contains: (x, y) => {
      const h = height(x, y);
      return side * h <= 0 && contains(outline, x - 2 * h * nx, y - 2 * h * ny);
    },
  });
  const within = (i: number) => model.inside[i] === 1;
  return {
    ...model,
    [foil]: model[foil].map((v, i) => (within(i) ? v * (1 - gone[i]) * (1 + doubled[i]) : v)),
    reaction: model.reaction.map((v, i) => v * (1 - gone[i])),
  };
}
