import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readMat } from '../../src/formats/mat.js';
import { parseScanMat } from '../../src/formats/matScan.js';
import { writeMat } from '../../src/formats/matWrite.js';
import { SEED } from './arbitraries.js';

/** Elements as MATLAB nests them, put together by hand from the published description. */
const HEAD = writeMat([]);
const element = (type: number, body: Uint8Array): Uint8Array => {
  const out = new Uint8Array(8 + 8 * Math.ceil(body.length / 8));
  const view = new DataView(out.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, body.length, true);
  out.set(body, 8);
  return out;
};
const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap(part => [...part]));
const words = (...values: readonly number[]) => new Uint8Array(Int32Array.from(values).buffer);
const ascii = (text: string) => new TextEncoder().encode(text);
const numbers = (...values: readonly number[]) =>
  writeMat([{ name: 'v', shape: [values.length, 1], data: Float64Array.from(values) }]).subarray(128);
const start = (classNumber: number, name: string, shape: readonly number[]) =>
  joined(element(6, words(classNumber, 0)), element(5, words(...shape)), element(1, ascii(name)));
const struct = (name: string, fields: Readonly<Record<string, Uint8Array>>) => {
  const names = Object.keys(fields).map(field => ascii(field.padEnd(32, '\0')));
  return element(
    14,
    joined(start(2, name, [1, 1]), element(5, words(32)), element(1, joined(...names)), ...Object.values(fields)),
  );
};
const cells = (name: string, ...parts: readonly Uint8Array[]) =>
  element(14, joined(start(1, name, [parts.length, 1]), ...parts));
/** A compressed element is not filled up to 8 bytes. */
const packed = (matrix: Uint8Array) => {
  const body = zlibSync(matrix);
  const head = new Uint8Array(8);
  new DataView(head.buffer).setUint32(0, 15, true);
  new DataView(head.buffer).setUint32(4, body.length, true);
  return joined(head, body);
};
const place = struct('', { x_mm: numbers(1, 2), y_mm: numbers(3, 4), z_mm: numbers(5) });
const data = struct('data', { place, field: struct('', { bz_nT: numbers(6, 7) }), more: cells('', place, numbers(1)) });

describe('MATLAB structures and cell arrays', () => {
  it('become variables with a path for a name, compressed or not', () => {
    for (const matrix of [data, packed(data)]) {
      const { variables, skipped } = readMat(joined(HEAD, matrix));
      expect(variables.map(v => v.name)).toEqual([
        'data.place.x_mm',
        'data.place.y_mm',
        'data.place.z_mm',
        'data.field.bz_nT',
        'data.more{1}.x_mm',
        'data.more{1}.y_mm',
        'data.more{1}.z_mm',
        'data.more{2}',
      ]);
      expect(skipped).toEqual([]);
    }
  });

  it('hold a scan wherever its arrays stand, and what is at the top comes first', () => {
    const own = struct('data', { place, field: struct('', { bz_nT: numbers(6, 7) }) });
    const scan = parseScanMat(joined(HEAD, own));
    expect([...scan.x]).toEqual([1e-3, 2e-3]);
    expect([...scan.components.bz!.values]).toEqual([6e-9, 7e-9]);
    const top = writeMat(
      ['x_mm', 'y_mm', 'z_mm', 'bz_nT'].map(name => ({ name, shape: [1, 1], data: Float64Array.of(9) })),
    );
    expect([...parseScanMat(joined(top, own)).x]).toEqual([9e-3]);
  });

  it('are refused where they claim more than they hold, or are nested without end', () => {
    const forged = element(14, start(1, 'c', [1 << 20, 1 << 10]));
    expect(() => readMat(joined(HEAD, forged))).toThrow(/claims more parts/);
    let deep = numbers(1);
    for (let k = 0; k < 40; k++) deep = cells('', deep);
    expect(() => readMat(joined(HEAD, deep))).toThrow(/nested more than/);
    expect(() =>
      readMat(joined(HEAD, element(14, joined(start(2, 's', [1, 1]), element(5, words(0)), element(1, ascii('a')))))),
    ).toThrow(/has no names/);
  });

  it('never make the reader throw anything but an InputError, whatever is changed in them', () => {
    const whole = joined(HEAD, data);
    const survives = (bytes: Uint8Array) => {
      try {
        const { variables } = readMat(bytes);
        // Nothing grows: eight bytes of a file make at most eight numbers.
        expect(variables.reduce((sum, v) => sum + v.data.length, 0)).toBeLessThanOrEqual(bytes.length);
        parseScanMat(bytes);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
    };
    const change = fc.tuple(fc.integer({ min: 128, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), fc.nat({ max: whole.length - 128 }), (changes, cut) => {
        const bytes = whole.slice(0, whole.length - (changes.length % 2 === 0 ? 0 : cut));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        survives(bytes);
        survives(joined(HEAD, packed(bytes.subarray(128))));
      }),
      { seed: SEED, numRuns: 1500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(1, 2), (tail, kind) => {
        survives(joined(HEAD, element(14, joined(start(kind, 's', [1, 2]), tail))));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
