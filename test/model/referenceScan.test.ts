import { describe, expect, it } from 'vitest';
import { type FieldScan, measuredComponents } from '../../src/fieldScan.js';
import { cellCurrent } from '../../src/model/cellCurrent.js';
import { subtractReference } from '../../src/referenceScan.js';

const N = 25;
const scan = (value: (i: number) => number, more: Partial<FieldScan> = {}, shift = 0): FieldScan => ({
  count: N,
  x: Float64Array.from({ length: N }, (_, i) => 2e-3 * (i % 5) + shift),
  y: Float64Array.from({ length: N }, (_, i) => 2e-3 * Math.floor(i / 5)),
  z: new Float64Array(N).fill(5e-3),
  components: { bz: { values: Float64Array.from({ length: N }, (_, i) => value(i)) } },
  ...more,
});

describe('a scan without current', () => {
  it('is subtracted sample by sample, whatever the order of the reference', () => {
    const on = scan(i => 10 + i * i);
    const off = scan(i => i * i);
    const reversed: FieldScan = {
      ...off,
      x: off.x.slice().reverse(),
      y: off.y.slice().reverse(),
      components: { bz: { values: off.components.bz!.values.slice().reverse() } },
    };
    for (const reference of [off, reversed]) {
      expect([...subtractReference(on, reference).components.bz!.values]).toEqual(new Array(N).fill(10));
    }
  });

  it('adds its noise in quadrature; a noise that one of the two lacks is that of the other', () => {
    const noiseOf = (a?: number, b?: number) => {
      const sigma = (s?: number) => (s === undefined ? {} : { sigma: s });
      const out = subtractReference(
        scan(() => 1, sigma(a)),
        scan(() => 0, sigma(b)),
      );
      return [out.sigma, out.components.bz!.sigma?.[3]];
    };
    expect(noiseOf(3, 4)).toEqual([5, 5]);
    expect(noiseOf(3)).toEqual([Math.hypot(3, 3), Math.hypot(3, 3)]);
    expect(noiseOf(undefined, 4)).toEqual([Math.hypot(4, 4), Math.hypot(4, 4)]);
    expect(noiseOf()).toEqual([undefined, undefined]);
  });

  it('may be 0.2 mm off and no more', () => {
    const on = scan(() => 1);
    expect(
      measuredComponents(
        subtractReference(
          on,
          scan(() => 0, {}, 0.19e-3),
        ),
      ),
    ).toEqual(['bz']);
    expect(() =>
      subtractReference(
        on,
        scan(() => 0, {}, 0.21e-3),
      ),
    ).toThrow(/25 of 25 samples .* within 0\.2 mm/);
    const part = scan(() => 0);
    part.z.fill(1, 0, 3);
    expect(() => subtractReference(on, part)).toThrow(/3 of 25 samples .* the first at \(0, 0, 5\) mm/);
  });

  it('must fit the scan', () => {
    const on = scan(() => 1, { current: new Float64Array(N).fill(5) });
    expect(() =>
      subtractReference(
        on,
        scan(() => 0, { relativeUnit: 'V' }),
      ),
    ).toThrow(/in V, the scan in T/);
    const flowing = scan(() => 0, { current: new Float64Array(N).fill(0.2) });
    expect(() => subtractReference(on, flowing)).toThrow(/taken with up to 0\.2 A/);
    const other: FieldScan = { ...scan(() => 0), components: { bx: { values: new Float64Array(N) } } };
    expect(() => subtractReference(on, other)).toThrow(/bz was not measured/);
  });
});

describe('the current of a scan', () => {
  it('is its median where it is steady, else that of the cell', () => {
    const at = (f: (i: number) => number) =>
      scan(() => 1, { current: Float64Array.from({ length: N }, (_, i) => f(i)) });
    expect(
      cellCurrent(
        at(i => -4 + 0.01 * (i % 3)),
        { current: 9 },
      ),
    ).toBeCloseTo(-3.99, 9);
    expect(
      cellCurrent(
        scan(() => 1),
        { current: 9 },
      ),
    ).toBe(9);
    expect(() =>
      cellCurrent(
        at(i => (i === 7 ? 4.4 : 4)),
        {},
      ),
    ).toThrow(/10 % off its median of 4 A/);
    expect(() =>
      cellCurrent(
        scan(() => 1),
        {},
      ),
    ).toThrow(/not known/);
    expect(() =>
      cellCurrent(
        at(() => 0),
        { current: 3 },
      ),
    ).toThrow(/zero/);
  });
});
