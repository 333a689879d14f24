import fc from 'fast-check';
import { expect } from 'vitest';
import { InputError } from '../../src/errors.js';
import type { Point } from '../../src/model/outline.js';
import { parseCell } from '../../src/model/parseCell.js';

/** Corners of a star-shaped polygon about a point, anticlockwise, m: simple by construction, any shape of dent. */
export const starPolygon: fc.Arbitrary<Point[]> = fc
  .record({
    radii: fc.array(fc.double({ min: 0.02, max: 0.2, noNaN: true }), { minLength: 3, maxLength: 12 }),
    x: fc.double({ min: -1, max: 1, noNaN: true }),
    y: fc.double({ min: -1, max: 1, noNaN: true }),
  })
  .map(({ radii, x, y }) =>
    radii.map((r, i): Point => {
      const angle = (2 * Math.PI * i) / radii.length;
      return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    }),
  );

/** A seeded number in [0, 1). */
export const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** The error that a call throws; fails when it throws none or another kind. */
export function inputErrorOf(call: () => unknown): InputError {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  return expect.unreachable('no InputError was thrown') as never;
}

/** What `parseCell` says about a text, as its user reads it. */
export function complaint(text: string): string {
  return inputErrorOf(() => parseCell(text, 'cell.yaml')).sentence();
}

/** A sound cell, one key per line, to be spoilt by the tests. */
export const SOUND = [
  'name: sound',
  'outline_mm: {width: 100, height: 130}',
  'thickness_mm: 8',
  'sheets_mm: [3, -3]',
  'current_A: 10',
  'tabs:',
  '  - {name: positive, at_mm: [[20, 130], [40, 130]], share: 1}',
  '  - {name: negative, at_mm: [[60, 130], [80, 130]], share: -1, length_mm: 12}',
  '',
].join('\n');
