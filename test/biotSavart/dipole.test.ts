import { describe, expect, it } from 'vitest';
import { circularLoopField, dipoleField, rectangleLoopField, type Vector3 } from '../../src/biotSavart/index.js';
import { MU0 } from '../../src/constants.js';
import { expectVector, fieldAt, plus, type Source, times } from './support.js';

const dipole =
  (moment: Vector3, position: Vector3 = [0, 0, 0]): Source =>
  (points, out) =>
    dipoleField(points, position, moment, out);

describe('the point dipole', () => {
  it('points along its moment on its axis and against it beside: 2 to -1', () => {
    expectVector(fieldAt([0, 0, 2], dipole([0, 0, 3])), [0, 0, ((MU0 / (4 * Math.PI)) * (2 * 3)) / 8], 1e-15);
    expectVector(fieldAt([2, 0, 0], dipole([0, 0, 3])), [0, 0, ((-MU0 / (4 * Math.PI)) * 3) / 8], 1e-15);
  });

  it('is linear in the moment and falls off with the third power', () => {
    const p: Vector3 = [0.3, -0.7, 0.2];
    const parts = plus(fieldAt(p, dipole([1, 0, -2])), fieldAt(p, dipole([0, 5, 0])));
    expectVector(fieldAt(p, dipole([1, 5, -2])), parts, 1e-14);
    expectVector(fieldAt(times(2, p), dipole([1, 5, -2])), times(1 / 8, fieldAt(p, dipole([1, 5, -2]))), 1e-15);
  });

  it('is the limit of small loops of any shape', () => {
    const p: Vector3 = [0.3, -0.7, 0.2];
    const s = 1e-7;
    const moment: Vector3 = [0, 0, s * s];
    expectVector(
      fieldAt(p, (points, out) => rectangleLoopField(points, { centre: [0, 0, 0], width_m: s, height_m: s }, 1, out)),
      fieldAt(p, dipole(moment)),
      1e-12,
    );
    const axis = times(1 / 3, [1, 2, -2]);
    expectVector(
      fieldAt(p, (points, out) => circularLoopField(points, { centre: [0, 0, 0], axis, radius_m: s }, 1, out)),
      fieldAt(p, dipole(times(Math.PI * s * s, axis))),
      1e-12,
    );
  });

  it('contributes zero at its own position', () => {
    expect(fieldAt([1, 2, 3], dipole([1, 1, 1], [1, 2, 3]))).toEqual([0, 0, 0]);
  });
});
