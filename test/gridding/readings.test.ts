import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import type { FieldComponent, FieldScan } from '../../src/fieldScan.js';
import { toFieldMap } from '../../src/gridding/index.js';
import { random } from '../../src/random.js';
import { jittered, nodes, plane, scanAt, square } from './samples.js';

describe('height, components, noise and current', () => {
  const grid = square(10);
  const points = nodes(grid);
  const flat = scanAt(points, plane);
  const at = (z: (i: number) => number): FieldScan => ({ ...flat, z: Float64Array.from(points, (_, i) => z(i)) });
  const readings = (value: number, more: Partial<FieldComponent> = {}): FieldComponent => ({
    values: new Float64Array(points.length).fill(value),
    ...more,
  });
  const along = (nx: number, ny: number, nz: number, more: Partial<FieldScan['components']> = {}): FieldScan => ({
    ...flat,
    components: { ...more, b: readings(7) },
    direction: { x: readings(nx).values, y: readings(ny).values, z: readings(nz).values },
  });

  it('takes the median height, with a note where it hides differences', () => {
    const even = toFieldMap(at(i => 5e-3 + (i % 2) * 5e-5));
    expect(even.map.z).toBeCloseTo(5.025e-3, 12);
    expect(even.notes).toEqual([]);
    const uneven = toFieldMap(at(i => 5e-3 + (i % 4 === 0 ? 5e-4 : 0)));
    expect(uneven.map.z).toBe(5e-3);
    expect(uneven.notes.join()).toMatch(/differ by 0.5 mm at 5 mm from the sheet.*z = 5 mm/);
    // The same samples seen from a sheet further down lie in one plane.
    expect(
      toFieldMap(
        at(i => 5e-3 + (i % 4 === 0 ? 5e-4 : 0)),
        { sheetZ: -0.05 },
      ).notes,
    ).toEqual([]);
    expect(toFieldMap(at(() => -5e-3)).map.z).toBe(-5e-3);
  });

  it('turns a reading along an axis into that component', () => {
    for (const [nx, ny, nz, name, sign] of [
      [1, 0, 0, 'bx', 1],
      [0, -1, 0, 'by', -1],
      [1e-7, 0, -1, 'bz', -1],
    ] as const) {
      const { map } = toFieldMap(along(nx, ny, nz));
      expect(Object.keys(map.components)).toEqual([name]);
      expect(map.components[name]!.every(v => v === 7 * sign)).toBe(true);
    }
    const { map } = toFieldMap(along(0, 1, 0, { bz: readings(1), bx: readings(2) }));
    expect(Object.keys(map.components)).toEqual(['bx', 'by', 'bz']);
    expect([map.components.bx![0], map.components.by![0], map.components.bz![0]]).toEqual([2, 7, 1]);
  });

  it('leaves the quadrature out and says so', () => {
    const scan = { ...flat, components: { bz: readings(1, { quadrature: new Float64Array(points.length).fill(9) }) } };
    const { map, notes } = toFieldMap(scan);
    expect(map.components.bz![0]).toBe(1);
    expect(notes.join()).toMatch(/quadrature/);
  });

  it('states the rms of the noise', () => {
    const sigmas = (even: number, odd: number) => Float64Array.from(points, (_, i) => (i % 2 === 0 ? even : odd));
    expect(toFieldMap(flat).map.sigma).toBeUndefined();
    const mild = { ...flat, components: { bz: readings(1, { sigma: sigmas(3e-8, 4e-8) }) }, sigma: 1 };
    expect(toFieldMap(mild).map.sigma).toBeCloseTo(Math.sqrt(12.5) * 1e-8, 16);
    expect(toFieldMap(mild).notes).toEqual([]);
    const strong = {
      ...flat,
      components: { bx: readings(1), bz: readings(1, { sigma: sigmas(3e-8, 9e-8) }) },
      sigma: 3e-8,
    };
    expect(toFieldMap(strong).map.sigma).toBeCloseTo(Math.sqrt((9 + 45) / 2) * 1e-8, 16);
    expect(toFieldMap(strong).notes.join()).toMatch(/factor of 3/);
  });

  it('passes a relative unit on', () => {
    expect(toFieldMap({ ...flat, relativeUnit: 'Phi0/A' }).map.relativeUnit).toBe('Phi0/A');
    expect('relativeUnit' in toFieldMap(flat).map).toBe(false);
  });

  it('notes a current that drifts', () => {
    const current = (swing: number) => Float64Array.from(points, (_, i) => 8 + (i % 2 === 0 ? swing : -swing));
    expect(toFieldMap({ ...flat, current: current(0.07) }).notes).toEqual([]);
    expect(toFieldMap({ ...flat, current: current(0.2) }).notes.join()).toMatch(/0.2 A \(rms\) around 8 A/);
  });

  const line = (n: number, x: number, y: number, jitter = 0): FieldScan => {
    const source = random(8);
    const on = Array.from({ length: n }, (_, i): [number, number] => [0.1 + x * i, 0.1 + y * i]);
    return scanAt(jittered(on, jitter, source), plane);
  };
  it.each<[string, FieldScan, string, RegExp, RegExp]>([
    ['both sides', at(i => (i % 2 === 0 ? 5e-3 : -5e-3)), 'z', /both sides of the sheet/, /split the file/],
    ['several planes', at(i => (i % 2 === 0 ? 5e-3 : 7e-3)), 'z', /differ by 2 mm at 6 mm/, /split the file/],
    ['oblique readings', along(0.6, 0, 0.8), 'b', /along \(0.6, 0, 0.8\)/, /along x, y or z/],
    [
      'readings along several directions',
      {
        ...along(0, 0, 1),
        direction: { ...along(0, 0, 1).direction!, z: readings(1).values.map((v, i) => (i % 2 ? v : -v)) },
      },
      'b',
      /several directions/,
      /along x, y or z/,
    ],
    ['a component read twice', along(0, 0, 1, { bz: readings(1) }), 'b', /same axis as bz/, /delete b or bz/],
    ['few samples', scanAt(nodes({ ...grid, nx: 7, ny: 9 }), plane), 'x, y', /63 samples/, /8 lines of 8 points/],
    ['one row', line(100, 1e-3, 0), 'y', /one line, y = 100 mm/, /8 lines of 8 points/],
    ['one column', line(100, 0, 1e-3), 'x', /one line, x = 100 mm/, /8 lines of 8 points/],
    ['an oblique line', line(100, 1e-3, 2e-3), 'x, y', /one line/, /8 lines of 8 points/],
    ['a wavy row', line(100, 1e-3, 0, 1e-5), 'x, y', /one line/, /8 lines of 8 points/],
    ['one place', line(100, 0, 0), 'x, y', /one place/, /8 lines of 8 points/],
  ])('refuses %s with column and advice', (_, scan, column, message, advice) => {
    let caught: unknown;
    try {
      toFieldMap(scan);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(InputError);
    const error = caught as InputError;
    expect(error.column).toBe(column);
    expect(error.message).toMatch(message);
    expect(error.advice).toMatch(advice);
  });
});
