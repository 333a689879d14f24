import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readMat } from '../../src/formats/mat.js';
import { parseScanMat } from '../../src/formats/matScan.js';
import { writeMat } from '../../src/formats/matWrite.js';
import { type NamedArray, scanFromArrays } from '../../src/formats/namedArrays.js';
import { writeNpy } from '../../src/formats/npyWrite.js';
import { parseScanNpy, readImage } from '../../src/formats/npzScan.js';
import { writeZip } from '../../src/formats/zip.js';

const of = (name: string, shape: number[], ...data: number[]): NamedArray => ({
  name,
  shape,
  data: Float64Array.from(data),
});
const text = (name: string, ...data: string[]): NamedArray => ({ name, shape: [], data });

const map = [
  of('x_mm', [3], 0, 1, 2),
  of('y_mm', [2], 10, 12),
  of('z_mm', [], 5),
  of('bz_uT', [2, 3], 1, 2, 3, 4, 5, 6),
];

describe('layouts', () => {
  it('a map is a scan row by row', () => {
    const scan = scanFromArrays(map);
    expect([...scan.x]).toEqual([0, 0.001, 0.002, 0, 0.001, 0.002]);
    expect([...scan.y]).toEqual([0.01, 0.01, 0.01, 0.012, 0.012, 0.012]);
    expect([...scan.z]).toEqual(Array(6).fill(0.005));
    expect([...scan.components.bz!.values]).toEqual([1e-6, 2e-6, 3e-6, 4e-6, 5e-6, 6e-6]);
  });

  it('the same map with coordinates for every pixel is the same scan', () => {
    const grid = [of('x_mm', [2, 3], 0, 1, 2, 0, 1, 2), of('y_mm', [2, 3], 10, 10, 10, 12, 12, 12), ...map.slice(2)];
    expect(scanFromArrays(grid)).toEqual(scanFromArrays(map));
  });

  it('the same map as a table is the same scan', () => {
    const table = [
      of('x_mm', [6], 0, 1, 2, 0, 1, 2),
      of('y_mm', [6], 10, 10, 10, 12, 12, 12),
      of('z_mm', [6], 5, 5, 5, 5, 5, 5),
    ];
    expect(scanFromArrays([...table, of('bz_uT', [6], 1, 2, 3, 4, 5, 6)])).toEqual(scanFromArrays(map));
  });

  it('NaN in a map is a sample that is not there', () => {
    const scan = scanFromArrays([
      ...map.slice(0, 3),
      of('bz_uT', [2, 3], 1, Number.NaN, 3, 4, 5, Number.NaN),
      of('t_s', [2, 3], 0, 1, 2, 3, 4, 5),
    ]);
    expect([...scan.components.bz!.values]).toEqual([1e-6, 3e-6, 4e-6, 5e-6]);
    expect([...scan.time!]).toEqual([0, 2, 3, 4]);
  });

  it('noise, sensors and other text', () => {
    const scan = scanFromArrays([
      ...map,
      of('sigma_nT', [], 50),
      of('sensor', [6], 0, 1, 0, 1, 0, 1),
      text('sensor_names', 'a', 'b'),
      text('comment', 'hi'),
    ]);
    expect(scan).toMatchObject({ sigma: 5e-8, sensorNames: ['a', 'b'], sensor: Int32Array.of(0, 1, 0, 1, 0, 1) });
    const named = scanFromArrays([...map, { name: 'sensor', shape: [6], data: ['b', 'a', 'b', 'b', 'b', 'b'] }]);
    expect(named).toMatchObject({ sensorNames: ['b', 'a'], sensor: Int32Array.of(0, 1, 0, 0, 0, 0) });
  });

  it('a relative unit may be declared', () => {
    const scan = scanFromArrays([
      ...map.slice(0, 3),
      of('bz', [2, 3], 1, 2, 3, 4, 5, 6),
      text('relative_unit', 'counts'),
    ]);
    expect(scan).toMatchObject({ relativeUnit: 'counts' });
    expect(scan.components.bz!.values[5]).toBe(6);
  });

  it('the layout of scanning-SQUID images', () => {
    const squid = [
      of('data', [2, 2], 1, 2, Number.NaN, 4),
      of('xs', [2], -1, 1),
      of('ys', [2], 0, 3),
      of('standoff', [], 2),
      text('length_units', 'um'),
      text('units', 'Phi_0 / A'),
    ];
    const scan = scanFromArrays(squid);
    expect(scan).toMatchObject({ count: 3, relativeUnit: 'Phi0/A' });
    expect([[...scan.x], [...scan.y], [...scan.z]]).toEqual([
      [-1e-6, 1e-6, 1e-6],
      [0, 0, 3e-6],
      [2e-6, 2e-6, 2e-6],
    ]);
    const tesla = scanFromArrays([...squid.slice(0, 5), text('units', 'nT')]);
    expect(tesla.components.bz!.values[2]).toBe(4e-9);
    expect(tesla.relativeUnit).toBeUndefined();
  });
});

describe('images', () => {
  const npz = (...arrays: NamedArray[]) =>
    writeZip(new Map(arrays.map(array => [`${array.name}.npy`, writeNpy(array)])));
  const image = [of('data', [3, 2], 1, 2, 3, 4, 5, 6), of('xs', [2], -1, 1), text('length_units', 'um')];

  it('have their pitch in metres and rows upwards', () => {
    const up = readImage(npz(...image, of('ys', [3], 0, 3, 6)));
    expect(up).toEqual({ values: Float64Array.of(1, 2, 3, 4, 5, 6), ny: 3, nx: 2, dx: 2e-6, dy: 3e-6 });
    const down = readImage(npz(...image, of('ys', [3], 6, 3, 0)));
    expect([...down.values]).toEqual([5, 6, 3, 4, 1, 2]);
  });

  it('need a regular axis and a value in each pixel', () => {
    expect(() => readImage(npz(...image, of('ys', [3], 0, 3, 7)))).toThrow(/no regular axis/);
    expect(() =>
      readImage(npz(...image.slice(1), of('data', [3, 2], 1, 2, 3, 4, 5, Number.NaN), of('ys', [3], 0, 3, 6))),
    ).toThrow(/without a value/);
    expect(() => readImage(npz(of('a', [1], 1)))).toThrow(/no image/);
  });
});

describe('bad arrays', () => {
  const [x, y, z, bz] = map;
  it.each<[string, NamedArray[], string, RegExp, RegExp]>([
    [
      'a transposed map',
      [of('x_mm', [2], 0, 1), of('y_mm', [3], 0, 1, 2), z, bz],
      'bz_uT',
      /2 rows and 3 columns/,
      /transpose/,
    ],
    ['an axis that is too short', [of('x_mm', [2], 0, 1), y, z, bz], 'bz_uT', /'x_mm' 2 values/, /one y per row/],
    ['an array of another shape', [x, y, z, bz, of('t_s', [3], 1, 2, 3)], 't_s', /shape \(3\)/, /one value per sample/],
    ['a misspelt column', [x, y, z, bz, of('bzz_uT', [2, 3], 1, 2, 3, 4, 5, 6)], 'bzz_uT', /not a column/, /delete/],
    ['a column twice', [x, y, z, bz, of('bz_nT', [2, 3], 1, 2, 3, 4, 5, 6)], 'bz_nT', /twice/, /keep one/],
    ['no unit', [x, y, of('z', [], 5), bz], 'z', /no unit/, /z_mm/],
    ['text for numbers', [x, y, text('z_mm', 'five'), bz], 'z_mm', /text/, /numbers/],
    [
      'a component with other gaps',
      [x, y, z, bz, of('bx_uT', [2, 3], 1, 2, Number.NaN, 4, 5, 6)],
      'bx',
      /pixel 3/,
      /all components/,
    ],
    [
      'NaN in a table',
      [of('x_mm', [2], 0, 1), of('y_mm', [], 0), z, of('bz_uT', [2], 1, Number.NaN)],
      'bz',
      /sample 2/,
      /leave/,
    ],
    [
      'an index without a sensor',
      [...map, of('sensor', [6], 0, 1, 2, 0, 0, 0), text('sensor_names', 'a')],
      'sensor',
      /no index/,
      /from 0/,
    ],
    ['too few sensors', [...map, of('sensor', [2], 0, 1)], 'sensor', /2 values for 6/, /one sensor/],
    ['a newer file', [...map, of('savart_file_version', [], 2)], 'savart_file_version', /2/, /update/],
    ['nothing', [], 'x', /no position/, /x_mm/],
  ])('%s', (_, arrays, column, message, advice) => {
    try {
      scanFromArrays(arrays);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect([(error as InputError).message, (error as InputError).advice]).toEqual([
        expect.stringMatching(message),
        expect.stringMatching(advice),
      ]);
      expect((error as InputError).column).toBe(column);
    }
  });
});

describe('a bare NPY array', () => {
  const bytes = writeNpy({ shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) });

  it('needs its geometry', () => {
    expect(() => parseScanNpy(bytes, { file: 'map.npy' })).toThrow(/without positions or units/);
    const scan = parseScanNpy(bytes, {
      map: { pitch: [1e-3, 2e-3], component: 'bz', unit: 'nT', z: 5e-3, origin: [0, 0.01] },
    });
    expect([...scan.x]).toEqual([0, 0.001, 0.002, 0, 0.001, 0.002]);
    expect([...scan.y].slice(2, 4)).toEqual([0.01, 0.012]);
    expect(scan.components.bz!.values[5]).toBe(6e-9);
  });

  it('has two dimensions', () => {
    const line = writeNpy({ shape: [2], data: Float64Array.of(1, 2) });
    expect(() => parseScanNpy(line, { map: { pitch: 1, component: 'bz', unit: 'T', z: 1 } })).toThrow(/two dimensions/);
  });
});

describe('MATLAB', () => {
  it('gives numbers row by row and text by rows', () => {
    const { variables } = readMat(
      writeMat([
        { name: 'a', shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) },
        { name: 'names', shape: [2, 1], data: ['one', 'second'] },
      ]),
    );
    expect(variables).toEqual([
      { name: 'a', shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) },
      { name: 'names', shape: [2, 6], data: ['one', 'second'] },
    ]);
  });

  it('vectors lie or stand', () => {
    const scan = parseScanMat(
      writeMat([
        { name: 'x_mm', shape: [1, 3], data: Float64Array.of(0, 1, 2) },
        { name: 'y_mm', shape: [2, 1], data: Float64Array.of(10, 12) },
        { name: 'z_mm', shape: [1, 1], data: Float64Array.of(5) },
        { name: 'bz_uT', shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) },
      ]),
    );
    expect(scan).toEqual(scanFromArrays(map));
  });

  it('says what it is not', () => {
    expect(() => parseScanMat(new TextEncoder().encode('x'.repeat(200)))).toThrow(/not a MATLAB file/);
  });
});
