import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { isHdf5, readHdf5 } from '../../src/formats/hdf5.js';
import { checkHeaps } from '../../src/formats/hdf5Values.js';
import { writeHdf5 } from '../../src/formats/hdf5Write.js';
import { ROOT_ATTRIBUTES } from '../../src/formats/nexusData.js';
import { formatResult, parseResult } from '../../src/formats/nexusResult.js';
import { formatScanHdf5, parseScanHdf5 } from '../../src/formats/nexusScan.js';
import { findRegularGrid } from '../../src/formats/regularGrid.js';
import type { InversionResult } from '../../src/result.js';
import { fullScan } from './arbitraries.js';

const grid = { nx: 2, ny: 2, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 };
const four = Float64Array.of(1, 2, 3, 4);
const result: InversionResult = {
  sheets: [{ grid, z: 0, psi: four, kx: four, ky: four }],
  process: { program: 'savart', version: '0', date: '', inputs: [], parameters: {} },
};

async function failure(action: () => Promise<unknown>): Promise<InputError> {
  try {
    await action();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error('was read without complaint');
}

describe('HDF5', () => {
  it('keeps numbers, text and attributes', async () => {
    const bytes = await writeHdf5({ text: 'µ', number: -0, big: 2 ** 40, list: ['a', 'b'] }, file => {
      file.group('/g', {});
      file.dataset('/g/doubles', Float64Array.of(1, -0, Number.NaN, 5e-324), { units: 'T' }, [2, 2]);
      file.dataset('/g/ints', Int32Array.of(-1, 2));
      file.dataset('/g/words', ['é', '']);
      file.dataset('/g/word', 'one\ntwo');
      file.dataset('/g/number', 1.5);
    });
    expect(isHdf5(bytes)).toBe(true);
    await readHdf5(bytes, file => {
      expect(file.names('/g').sort()).toEqual(['doubles', 'ints', 'number', 'word', 'words']);
      expect([file.kind('/g'), file.kind('/g/ints'), file.kind('/none'), file.kind('/g/ints/x')]).toEqual([
        'group',
        'dataset',
        undefined,
        undefined,
      ]);
      expect(file.array('/g/doubles')).toEqual({ shape: [2, 2], data: Float64Array.of(1, -0, Number.NaN, 5e-324) });
      expect(file.array('/g/ints')).toEqual({ shape: [2], data: Float64Array.of(-1, 2) });
      expect(file.array('/g/words')).toEqual({ shape: [2], data: ['é', ''] });
      expect(file.array('/g/word')).toEqual({ shape: [], data: ['one\ntwo'] });
      expect(file.array('/g/number')).toEqual({ shape: [], data: Float64Array.of(1.5) });
      expect(file.array('/g')).toBeUndefined();
      expect(file.attribute('/g/doubles', 'units')).toBe('T');
      expect(['text', 'number', 'big', 'list', 'none'].map(name => file.attribute('/', name))).toEqual([
        'µ',
        -0,
        2 ** 40,
        'a',
        undefined,
      ]);
    });
  });

  it('reads several files at a time', async () => {
    const scans = await Promise.all([1, 2, 3].map(() => formatScanHdf5(fullScan)));
    const back = await Promise.all(scans.map(bytes => parseScanHdf5(bytes)));
    for (const scan of back) expect(scan).toEqual(fullScan);
  });

  it('is refused when it is something else, or cut', async () => {
    const error = await failure(() => readHdf5(new TextEncoder().encode('hello'), () => undefined));
    expect(error.message).toMatch(/not an HDF5 file/);
    const bytes = await formatScanHdf5(fullScan);
    const cut = await failure(() => parseScanHdf5(bytes.subarray(0, bytes.length / 2), { file: 'scan.h5' }));
    expect(cut).toMatchObject({ file: 'scan.h5', advice: expect.stringMatching(/truncated/) });
  });

  it('a heap that would never end is refused before the library sees it', async () => {
    const bytes = await formatScanHdf5(fullScan);
    expect(() => checkHeaps(bytes)).not.toThrow();
    const text = new TextDecoder('latin1').decode(bytes);
    const heap = text.indexOf('GCOL');
    expect(heap).toBeGreaterThan(0);
    const endless = bytes.slice();
    // The first object becomes free space of size zero.
    endless.fill(0, heap + 16, heap + 32);
    expect(() => checkHeaps(endless)).toThrow(/heap/);
  });
});

describe('a scan', () => {
  it('that is missing', async () => {
    const empty = await writeHdf5(ROOT_ATTRIBUTES, file => file.group('/entry', {}));
    const error = await failure(() => parseScanHdf5(empty));
    expect(error).toMatchObject({ column: '/entry/scan', advice: expect.stringMatching(/units/) });
  });

  it.each<[string, string, Float64Array | string[] | string, string | undefined, string, RegExp]>([
    ['without a unit', 'z', Float64Array.of(1, 2), undefined, 'z', /no unit/],
    ['with a wrong unit', 'z', Float64Array.of(1, 2), 'T', 'z', /no unit of length/],
    ['with text for numbers', 'z', ['a', 'b'], 'm', 'z', /text/],
    ['with columns of two lengths', 'z', Float64Array.of(1, 2, 3), 'm', 'bz', /shape/],
    ['with NaN', 'z', Float64Array.of(1, Number.NaN), 'm', 'z', /sample 2/],
  ])('%s', async (_, name, data, units, column, message) => {
    const bytes = await writeHdf5(ROOT_ATTRIBUTES, file => {
      file.group('/entry', {});
      file.group('/entry/scan', {});
      for (const axis of ['x', 'y']) file.dataset(`/entry/scan/${axis}`, Float64Array.of(1, 2), { units: 'm' });
      file.dataset('/entry/scan/bz', Float64Array.of(1, 2), { units: 'T' });
      file.dataset(`/entry/scan/${name}`, data, { units });
    });
    const error = await failure(() => parseScanHdf5(bytes));
    expect(error.column).toBe(column);
    expect(error.message).toMatch(message);
  });

  it('of a newer version', async () => {
    const bytes = await writeHdf5({ savart_file_version: 7 }, file => file.group('/entry', {}));
    const error = await failure(() => parseScanHdf5(bytes));
    expect(error).toMatchObject({ column: 'savart_file_version', advice: expect.stringMatching(/update/) });
  });
});

describe('a result', () => {
  it('needs its maps, on one grid', async () => {
    const [sheet] = result.sheets;
    const other = { ...sheet, grid: { ...grid, dx: 2e-3 } };
    expect((await failure(() => formatResult({ ...result, sheets: [sheet, other] }))).message).toMatch(
      /different grids/,
    );
    expect((await failure(() => formatResult({ ...result, sheets: [] }))).message).toMatch(/no map/);
    const scan = await formatScanHdf5(fullScan);
    expect(await failure(() => parseResult(scan))).toMatchObject({ column: '/entry/current_density' });
  });

  it('keeps the relative unit in flag and units', async () => {
    const relative = { ...result, sheets: [{ ...result.sheets[0], relativeUnit: 'Phi0/A' }] };
    const bytes = await formatResult(relative);
    expect(await parseResult(bytes)).toEqual(relative);
    await readHdf5(bytes, file => {
      expect(file.attribute('/entry/current_density', 'relative_unit')).toBe('Phi0/A');
      expect(file.attribute('/entry/current_density/Kx', 'units')).toBe('A/m (Phi0/A)/T');
      expect(file.attribute('/entry/stream_function/psi', 'units')).toBe('A (Phi0/A)/T');
    });
  });

  it('with errors for one sheet only says nothing about the other', async () => {
    const [sheet] = result.sheets;
    const two = {
      ...result,
      sheets: [
        { ...sheet, kxErrors: four },
        { ...sheet, z: 1e-3 },
      ],
    };
    expect(await parseResult(await formatResult(two))).toEqual(two);
  });
});

describe('a regular grid', () => {
  const scanOf = (points: readonly (readonly [number, number])[], z = 0): FieldScan => ({
    count: points.length,
    x: Float64Array.from(points, ([x]) => x),
    y: Float64Array.from(points, ([, y]) => y),
    z: new Float64Array(points.length).fill(z),
    components: { bz: { values: new Float64Array(points.length) } },
  });
  const points = Array.from(
    { length: 12 },
    (_, i) => [0.01 + (i % 4) * 2.5e-3, -0.1 + Math.floor(i / 4) * 1e-3] as const,
  );

  it('is found in whatever order it was scanned', () => {
    const order = [5, 3, 0, 11, 7, 1, 10, 2, 9, 4, 8, 6];
    const found = findRegularGrid(
      scanOf(
        order.map(i => points[i]),
        5e-3,
      ),
    )!;
    expect(found.grid).toMatchObject({ nx: 4, ny: 3, x0: 0.01, y0: -0.1 });
    expect(found.grid.dx).toBeCloseTo(2.5e-3, 12);
    expect(found.z).toBe(5e-3);
    found.sample.forEach((sample, pixel) => {
      expect(order[sample]).toBe(pixel);
    });
  });

  it('is none when irregular, incomplete, repeated, in a line or not in a plane', () => {
    expect(findRegularGrid(scanOf(points.map(([x, y], i) => [x + (i === 5 ? 5e-4 : 0), y] as const)))).toBeUndefined();
    expect(findRegularGrid(scanOf(points.slice(1)))).toBeUndefined();
    expect(findRegularGrid(scanOf([...points.slice(1), points[1]]))).toBeUndefined();
    expect(findRegularGrid(scanOf(points.slice(0, 4)))).toBeUndefined();
    expect(findRegularGrid({ ...scanOf(points), z: Float64Array.from(points, (_, i) => i * 1e-3) })).toBeUndefined();
  });
});
