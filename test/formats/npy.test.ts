import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { fromFortran, readNpy } from '../../src/formats/npy.js';
import { writeNpy, writeNpyTable } from '../../src/formats/npyWrite.js';
import { parsePythonLiteral } from '../../src/formats/pythonLiteral.js';
import { readZip, writeZip } from '../../src/formats/zip.js';
import { SEED } from './arbitraries.js';

/** An NPY file with any header and data. */
function npy(header: string, data: readonly number[] | Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const size = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...size, ...text, ...data);
}

const header = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;

describe('an array comes back', () => {
  it('with its numbers and shape', () => {
    const arrays = fc
      .array(fc.nat({ max: 4 }), { maxLength: 4 })
      .chain(shape => {
        const length = shape.reduce((product, n) => product * n, 1);
        return fc.tuple(fc.constant(shape), fc.array(fc.double(), { minLength: length, maxLength: length }));
      })
      .map(([shape, data]) => ({ shape, data: Float64Array.from(data) }));
    fc.assert(
      fc.property(arrays, array => {
        expect(readNpy(writeNpy(array))).toEqual({ kind: 'array', ...array });
      }),
      { seed: SEED },
    );
  });

  it('with its text', () => {
    const text = fc.string({ unit: 'binary' }).map(s => s.replace(/\0+$/, ''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), data => {
        expect(readNpy(writeNpy({ shape: [data.length], data }))).toEqual({
          kind: 'array',
          shape: [data.length],
          data,
        });
      }),
      { seed: SEED, numRuns: 30 },
    );
  });

  it('with the names of its columns', () => {
    const columns = new Map<string, Float64Array | string[]>([
      ["it's \\ µ", Float64Array.of(1, -0, Number.NaN)],
      ['sensor', ['a', 'bé', '']],
    ]);
    const content = readNpy(writeNpyTable(columns));
    expect(content.kind).toBe('table');
    if (content.kind === 'table') {
      expect([...content.columns].map(([name, { data }]) => [name, data])).toEqual([...columns]);
    }
  });

  it('aligned to 64 bytes', () => {
    const bytes = writeNpy({ shape: [2], data: Float64Array.of(1, 2) });
    expect((bytes.length - 16) % 64).toBe(0);
    expect(bytes[bytes.length - 17]).toBe(0x0a);
  });
});

describe('data types', () => {
  it.each<[string, number[], number]>([
    ["'|b1'", [2], 1],
    ["'|i1'", [255], -1],
    ["'|u1'", [255], 255],
    ["'<i2'", [0xfe, 0xff], -2],
    ["'>i2'", [0xff, 0xfe], -2],
    ["'>u2'", [1, 2], 258],
    ["'<i4'", [0xff, 0xff, 0xff, 0xff], -1],
    ["'>u4'", [0, 0, 1, 0], 256],
    ["'<i8'", [0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], -3],
    ["'>u8'", [0, 0, 0, 1, 0, 0, 0, 0], 2 ** 32],
    ["'<f2'", [0x00, 0xc0], -2],
    ["'<f2'", [0x01, 0x00], 2 ** -24],
    ["'>f2'", [0x7c, 0x00], Number.POSITIVE_INFINITY],
    ["'>f4'", [0x3f, 0xc0, 0, 0], 1.5],
    ["'<f8'", [0, 0, 0, 0, 0, 0, 0xf8, 0xbf], -1.5],
    ["'>f8'", [0xbf, 0xf8, 0, 0, 0, 0, 0, 0], -1.5],
    ["'?'", [1], 1],
  ])('%s', (descr, bytes, value) => {
    for (const version of [1, 2, 3]) {
      expect(readNpy(npy(header(descr, '()'), bytes, version))).toEqual({
        kind: 'array',
        shape: [],
        data: Float64Array.of(value),
      });
    }
  });

  it('text in UTF-32 and in bytes', () => {
    expect(readNpy(npy(header("'>U2'", '(1,)'), [0, 0, 0, 0x75, 0, 0, 0, 0x6d]))).toMatchObject({ data: ['um'] });
    expect(readNpy(npy(header("'|S3'", '()'), [0x75, 0x6d, 0]))).toMatchObject({ data: ['um'] });
  });

  it('Fortran order becomes row-major', () => {
    expect(readNpy(npy(header("'|u1'", '(2, 3)', 'True'), [1, 4, 2, 5, 3, 6]))).toMatchObject({
      shape: [2, 3],
      data: Float64Array.of(1, 2, 3, 4, 5, 6),
    });
    expect([...fromFortran(Float64Array.of(0, 4, 2, 6, 1, 5, 3, 7), [2, 2, 2])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('more data than the shape needs are left alone', () => {
    expect(readNpy(npy(header("'|u1'", '(1,)'), [7, 8, 9]))).toMatchObject({ data: Float64Array.of(7) });
  });
});

describe('bad files', () => {
  it.each<[string, Uint8Array, RegExp, RegExp]>([
    ['another magic', new TextEncoder().encode('hello world'), /not a NumPy file/, /numpy\.save/],
    ['version 9', npy(header("'<f8'", '()'), [], 9), /version 9/, /damaged/],
    ['objects', npy(header("'|O'", '(1,)'), [0, 0, 0, 0, 0, 0, 0, 0]), /data type/, /astype/],
    ['complex numbers', npy(header("'<c16'", '(1,)'), new Uint8Array(16)), /data type/, /two arrays/],
    ['dates', npy(header("'<M8[ns]'", '(1,)'), new Uint8Array(8)), /data type/, /float64/],
    ['truncated data', npy(header("'<f8'", '(2,)'), new Uint8Array(15)), /longer than the file/, /truncated/],
    ['a truncated header', npy(header("'<f8'", '(2,)'), []).subarray(0, 30), /within its header/, /damaged/],
    ['a huge shape', npy(header("'<f8'", '(4000000000, 4000000000)'), []), /longer than the file/, /damaged/],
    ['a shape beyond all numbers', npy(header("'<f8'", `(${'9'.repeat(400)},)`), []), /lacks an entry/, /damaged/],
    ['many items of no size', npy(header("'<U0'", '(4000000000,)'), []), /longer than the file/, /damaged/],
    ['a negative shape', npy(header("'<f8'", '(-1,)'), []), /lacks an entry/, /damaged/],
    ['no dictionary', npy('[1, 2]\n', []), /no dictionary/, /damaged/],
    ['no Python', npy('import os\n', []), /not a Python dictionary/, /damaged/],
    ['nested too deeply', npy(`${'['.repeat(5000)}\n`, []), /not a Python dictionary/, /damaged/],
  ])('%s', (_, bytes, message, advice) => {
    try {
      readNpy(bytes);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).message).toMatch(message);
      expect((error as InputError).advice).toMatch(advice);
    }
  });
});

it('Python literals', () => {
  expect(parsePythonLiteral(" {'a': (1, 2L,), \"b\": [True, None, 'x\\'y'], 'c': (3), 'd': ()} ")).toEqual({
    a: [1, 2],
    b: [true, null, "x'y"],
    c: 3,
    d: [],
  });
  for (const text of ['', '{', '(1 2)', '{1: 2}', "{'a' 1}", '1 2', 'foo', "'a"]) {
    expect(() => parsePythonLiteral(text)).toThrow(SyntaxError);
  }
});

describe('archives', () => {
  const members = new Map([['a.npy', Uint8Array.of(1, 2, 3)]]);

  it('come back, and are the same every time', () => {
    expect(readZip(writeZip(members), '.npy')).toEqual(new Map([['a', Uint8Array.of(1, 2, 3)]]));
    expect(writeZip(members)).toEqual(writeZip(members));
    expect(readZip(writeZip(members), '.txt').size).toBe(0);
  });

  it('with a flipped bit are refused', () => {
    const bytes = writeZip(members);
    bytes[bytes.indexOf(1, 35)] ^= 1;
    expect(() => readZip(bytes, '.npy')).toThrow(InputError);
  });

  it('that are cut are refused', () => {
    const bytes = writeZip(members);
    expect(() => readZip(bytes.subarray(0, bytes.length - 1), '.npy')).toThrow(/directory is missing/);
  });
});
