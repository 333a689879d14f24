import fc from 'fast-check';
import type { CurrentMap } from '../../src/currentMap.js';
import type { FieldMap } from '../../src/fieldMap.js';
import type { ComponentName, FieldComponent, FieldScan } from '../../src/fieldScan.js';
import type { InversionResult } from '../../src/result.js';

/** Random scans and results for the round-trip laws. Every run draws the same ones. */
export const SEED = 20240607;

const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true });
const positive = fc.double({ min: 1e-320, max: 1e300, noNaN: true });
const column = (n: number, value = anyDouble) =>
  fc.array(value, { minLength: n, maxLength: n }).map(values => Float64Array.from(values));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Names without the white space and control characters that no table keeps. */
const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map(text => text.replace(/[\s\p{C}]+/gu, '') || 's1');

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}

function component(n: number): fc.Arbitrary<FieldComponent> {
  return fc
    .record({ values: column(n), quadrature: maybe(column(n)), sigma: maybe(column(n, positive)) })
    .map(parts => withoutUndefined(parts) as FieldComponent);
}

/** Unit vectors. */
function direction(n: number) {
  const angles = fc.tuple(fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }));
  return fc.array(angles, { minLength: n, maxLength: n }).map(list => ({
    x: Float64Array.from(list, ([a, b]) => Math.sin(a) * Math.cos(b)),
    y: Float64Array.from(list, ([a, b]) => Math.sin(a) * Math.sin(b)),
    z: Float64Array.from(list, ([a]) => Math.cos(a)),
  }));
}

function scanOf(n: number): fc.Arbitrary<FieldScan> {
  return fc
    .record({
      x: column(n),
      y: column(n),
      z: column(n),
      which: fc.subarray<ComponentName>(['bx', 'by', 'bz', 'b'], { minLength: 1 }),
      all: fc.record({ bx: component(n), by: component(n), bz: component(n), b: component(n) }),
      direction: direction(n),
      sigma: maybe(positive),
      sensors: maybe(
        fc.tuple(
          fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
          fc.array(fc.nat(), { minLength: n, maxLength: n }),
        ),
      ),
      time: maybe(column(n)),
      line: maybe(column(n, fc.nat().map(Number))),
      current: maybe(column(n)),
      soc: maybe(column(n)),
      temperature: maybe(column(n)),
      relativeUnit: maybe(fc.constantFrom('Phi0/A', 'V', 'mPhi0', 'counts', 'q_V', 'uT', 'a, "b"; c')),
    })
    .map(({ which, all, direction: along, sensors, ...rest }) =>
      withoutUndefined({
        ...rest,
        count: n,
        components: Object.fromEntries(which.map(name => [name, all[name]])),
        direction: which.includes('b') ? along : undefined,
        sensor: sensors && Int32Array.from(sensors[1], i => i % sensors[0].length),
        sensorNames: sensors?.[0],
      } as unknown as FieldScan),
    );
}

/** A scan with any subset of the optional columns. */
export const anyScan: fc.Arbitrary<FieldScan> = fc.integer({ min: 1, max: 6 }).chain(scanOf);

/** The scan with its sensors numbered in the order in which they appear, as text formats give it back. */
export function renumberSensors(scan: FieldScan): FieldScan {
  if (scan.sensor === undefined) return scan;
  const names = [...new Set(Array.from(scan.sensor, index => scan.sensorNames![index]))];
  return { ...scan, sensorNames: names, sensor: scan.sensor.map(index => names.indexOf(scan.sensorNames![index])) };
}

const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
const pitch = fc.double({ min: 1e-6, max: 0.1, noNaN: true });
const grids = fc.record({
  nx: fc.integer({ min: 1, max: 4 }),
  ny: fc.integer({ min: 1, max: 4 }),
  x0: coordinate,
  y0: coordinate,
  dx: pitch,
  dy: pitch,
});

/** A result with any subset of its optional parts. */
export const anyResult: fc.Arbitrary<InversionResult> = fc
  .tuple(
    grids,
    fc.integer({ min: 1, max: 3 }),
    maybe(fc.constantFrom('Phi0/A', 'counts')),
    fc.integer({ min: 1, max: 5 }),
  )
  .chain(([grid, sheets, relativeUnit, samples]) => {
    const map = column(grid.nx * grid.ny, fc.oneof(anyDouble, fc.constant(Number.NaN)));
    // At least one number, so that "all NaN" keeps its meaning of "absent".
    const errors = maybe(column(grid.nx * grid.ny));
    const sheet = fc
      .record({ z: coordinate, psi: map, kx: map, ky: map, kxErrors: errors, kyErrors: errors, resolution: errors })
      .map(parts => withoutUndefined({ grid, relativeUnit, ...parts }) as CurrentMap);
    const field = fc
      .record({ z: coordinate, bx: maybe(map), bz: map, sigma: maybe(positive) })
      .map(({ bx, bz, z, sigma }) => {
        const components = withoutUndefined({ bx, bz });
        return withoutUndefined({ grid, z, components, sigma, relativeUnit }) as FieldMap;
      });
    return fc
      .record({
        sheets: fc.array(sheet, { minLength: sheets, maxLength: sheets }),
        residual: maybe(
          fc.record({
            x: column(samples),
            y: column(samples),
            z: column(samples),
            components: fc.record({ bz: column(samples) }),
            rejected: fc
              .array(fc.constantFrom(0, 1), { minLength: samples, maxLength: samples })
              .map(r => Uint8Array.from(r)),
          }),
        ),
        field: maybe(field),
        fitted: maybe(field),
        process: fc.record({
          program: fc.constant('savart'),
          version: fc.constant('0.1.0'),
          date: fc.constant('2024-06-07T08:09:10.000Z'),
          inputs: fc.array(fc.record({ name: word, sha256: fc.constant('ab'.repeat(32)) }), { maxLength: 2 }),
          cell: maybe(fc.constantFrom('name: µ-cell\noutline_mm: {width: 90, height: 140}\n', '')),
          parameters: fc.dictionary(
            word,
            fc.oneof(fc.integer(), word, fc.boolean(), fc.constant(null), fc.array(fc.integer())),
            {
              noNullPrototype: true,
            },
          ),
        }),
      })
      .map(parts => withoutUndefined({ ...parts, process: withoutUndefined(parts.process) }) as InversionResult);
  });

/** A small scan with every optional column, for examples and for damage. */
export const fullScan: FieldScan = {
  count: 3,
  x: Float64Array.of(0, 0.0025, -0.01787229),
  y: Float64Array.of(0.001, 0.001, 0.1),
  z: Float64Array.of(0.005, 0.005, -0.005),
  components: {
    bx: { values: Float64Array.of(1e-6, -5.626637e-6, 3e-7), quadrature: Float64Array.of(1e-9, 2e-9, -3e-9) },
    bz: { values: Float64Array.of(1.25e-5, 0, -1e-12), sigma: Float64Array.of(5e-8, 5e-8, 1e-7) },
    b: { values: Float64Array.of(4.8e-5, 4.9e-5, 5e-5) },
  },
  direction: { x: Float64Array.of(0, 1, 0.6), y: Float64Array.of(0, 0, 0.8), z: Float64Array.of(1, 0, 0) },
  sigma: 5e-8,
  sensor: Int32Array.of(0, 1, 0),
  sensorNames: ['amr1', 'amr 2'],
  time: Float64Array.of(0, 0.5, 1),
  line: Float64Array.of(0, 0, 1),
  current: Float64Array.of(10, 10, 9.5),
  soc: Float64Array.of(0.5, 0.5, 0.499),
  temperature: Float64Array.of(24.5, 24.5, 24.6),
};
