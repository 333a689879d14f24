import { describe, expect, it } from 'vitest';
import * as biotSavart from '../../src/biotSavart/index.js';
import { InputError } from '../../src/errors.js';

const { positionsOf, zeroField } = biotSavart;

describe('buffers of the sources', () => {
  it('starts from zero and keeps the order of the points', () => {
    const out = zeroField(3);
    expect([...out.bx, ...out.by, ...out.bz]).toEqual(new Array(9).fill(0));
    const points = positionsOf([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([[...points.x], [...points.y], [...points.z]]).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });

  it('refuses buffers of another length than the points, in every source', () => {
    const points = positionsOf([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const short = { ...zeroField(2), by: new Float64Array(1) };
    const rectangle = { centre: [0, 0, 0], width_m: 1, height_m: 1 } as const;
    const strip = { from: [0, 0, 0], to: [1, 0, 0], width_m: 1, normal: [0, 0, 1] } as const;
    const calls = [
      () => biotSavart.wireField(points, [0, 0, 0], [1, 0, 0], 1, short),
      () => biotSavart.polylineField(points, points, 1, short),
      () => biotSavart.circularLoopField(points, { centre: [0, 0, 0], axis: [0, 0, 1], radius_m: 1 }, 1, short),
      () => biotSavart.rectangleLoopField(points, rectangle, 1, short),
      () => biotSavart.magnetisedTileField(points, rectangle, 1, short),
      () => biotSavart.sheetField(points, rectangle, 1, 1, short),
      () => biotSavart.stripField(points, strip, 1, short),
      () => biotSavart.infiniteStripField(points, strip, 1, short),
      () => biotSavart.dipoleField(points, [0, 0, 0], [0, 0, 1], short),
    ];
    for (const call of calls) {
      expect(call).toThrow(InputError);
      expect(call).toThrow('by holds 1 values for 2 points');
    }
  });

  it('refuses a path whose coordinates differ in number', () => {
    const vertices = {
      ...positionsOf([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      z: new Float64Array(3),
    };
    expect(() => biotSavart.polylineField(positionsOf([]), vertices, 1, zeroField(0))).toThrow(InputError);
  });

  it('lets NaN through to the points concerned and no others', () => {
    const points = positionsOf([
      [0.1, 0.2, 0.3],
      [Number.NaN, 0, 0],
      [0.4, 0.5, 0.6],
    ]);
    const out = zeroField(3);
    biotSavart.wireField(points, [0, 0, 0], [1, 0, 0], 1, out);
    biotSavart.rectangleLoopField(points, { centre: [0, 0, 0], width_m: 1, height_m: 1 }, 1, out);
    biotSavart.sheetField(points, { centre: [0, 0, 0], width_m: 1, height_m: 1 }, 1, 1, out);
    biotSavart.circularLoopField(points, { centre: [0, 0, 0], axis: [0, 0, 1], radius_m: 1 }, 1, out);
    biotSavart.dipoleField(points, [0, 0, 0], [0, 0, 1], out);
    expect([...out.bz].map(Number.isNaN)).toEqual([false, true, false]);
  });

  it('is public under these names only', () => {
    expect(Object.keys(biotSavart).sort()).toEqual([
      'circularLoopField',
      'dipoleField',
      'infiniteStripField',
      'magnetisedTileField',
      'polylineField',
      'positionsOf',
      'prismField',
      'prismKernel',
      'rectangleBetween',
      'rectangleLogarithm',
      'rectangleLoopField',
      'rectangleLoopKernel',
      'rectangleSolidAngle',
      'sheetField',
      'stripField',
      'wireField',
      'zeroField',
    ]);
  });
});
