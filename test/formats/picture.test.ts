import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { writeNpy } from '../../src/formats/npyWrite.js';
import { liveliestFrame, readPicture } from '../../src/formats/pictureFile.js';
import { grey, png, tiff } from './pictures.js';

const DATA = new URL('../../../shared/data/pouch_thermography/', import.meta.url);
const MISSING = !existsSync(DATA);
const WHY = MISSING ? ' (skipped: ../shared/data is not there)' : '';

const [W, H] = [13, 7];
const value = (u: number, v: number) => 7 * u + 11 * v + 3;
const VALUES = Array.from({ length: W * H }, (_, i) => value(i % W, Math.floor(i / W)));

describe('PNG', () => {
  it.each([0, 1, 2, 3, 4])('of 8 bits with filter %i', filter => {
    expect(readPicture(png(W, H, VALUES, { filter }))).toMatchObject({ width: W, height: H });
    expect([...readPicture(png(W, H, VALUES, { filter })).frames[0]]).toEqual(VALUES);
  });
  it('of 16 bits keeps them all', () => {
    const deep = VALUES.map(v => 257 * v + 1);
    expect([...readPicture(png(W, H, deep, { depth: 16, filter: 4 })).frames[0]]).toEqual(deep);
  });
  it('of colours is their luminance, and nothing where it is transparent', () => {
    const colours = [255, 0, 0, 255, 0, 255, 0, 255, 10, 10, 10, 255, 9, 9, 9, 0];
    const [red, green, dark, none] = readPicture(png(4, 1, colours, { type: 6 })).frames[0];
    expect([red, green, dark]).toEqual([
      expect.closeTo(0.2126 * 255),
      expect.closeTo(0.7152 * 255),
      expect.closeTo(10),
    ]);
    expect(none).toBeNaN();
  });
});

describe('TIFF', () => {
  it.each([
    ['II', 'plain', {}],
    ['MM', '16 bits', { little: false, bits: 16 }],
    ['II', 'floats', { bits: 32, format: 3 }],
    ['II', 'deflated', { compression: 8 }],
    ['II', 'differences, deflated, 16 bits', { compression: 8, predictor: 2, bits: 16 }],
    ['MM', 'strips of two rows', { little: false, rows: 2 }],
  ] as const)('%s, %s', (_order, _kind, options) => {
    const read = readPicture(tiff(W, H, VALUES, options));
    expect(read).toMatchObject({ width: W, height: H });
    expect([...read.frames[0]]).toEqual(VALUES);
  });
});

describe('matrices', () => {
  // The first row is the lowest.
  const upright = grey(H, W, i => VALUES[(H - 1 - Math.floor(i / W)) * W + (i % W)]);
  it('as NPY and as text have their first row at the bottom', () => {
    expect([...readPicture(writeNpy({ shape: [H, W], data: upright })).frames[0]]).toEqual(VALUES);
    const text = Array.from({ length: H }, (_, v) => [...upright.subarray(v * W, (v + 1) * W)].join(', ')).join('\r\n');
    const read = readPicture(new TextEncoder().encode(`# made by hand\n${text}\n`));
    expect([...read.frames[0]]).toEqual(VALUES);
    expect(read.note).toMatch(/bottom/);
  });
  it('of three dimensions are frames, the last index counting them; the liveliest is told', () => {
    const data = Float64Array.from({ length: 4 * 5 * 3 }, (_, i) => (i % 3 === 1 ? i : 1));
    const { frames } = readPicture(writeNpy({ shape: [4, 5, 3], data }));
    expect(frames).toHaveLength(3);
    expect(liveliestFrame(frames)).toBe(1);
  });
});

describe('foreign and damaged files', () => {
  const cases: [string, Uint8Array][] = [
    ['words', new TextEncoder().encode('hello\nworld\n')],
    ['a scan', new TextEncoder().encode('x_mm,y_mm,z_mm,bz_uT\n1,2,3,4\n')],
    ['ragged rows', new TextEncoder().encode('1 2 3 4\n1 2 3\n')],
    ['nothing', new Uint8Array(0)],
    ['a list', writeNpy({ shape: [5], data: new Float64Array(5) })],
    ['a huge PNG', png(1, 1, [0], { claim: 1e9 })],
    ['a PNG that unpacks to more than it says', png(2, 2, new Array(4e4).fill(0), { claim: 2 })],
  ];
  it.each(cases)('%s: says so', (_, bytes) => {
    if (/more than/.test(_)) expect(readPicture(bytes).width).toBe(2);
    else expect(() => readPicture(bytes)).toThrow(InputError);
  });
  it('cut anywhere, or with any byte changed, they give a picture or an InputError', () => {
    for (const whole of [
      png(W, H, VALUES, { filter: 4 }),
      tiff(W, H, VALUES, { compression: 8 }),
      tiff(W, H, VALUES),
    ]) {
      for (let k = 0; k < whole.length; k++) {
        const changed = whole.slice();
        changed[k] ^= 0xff;
        for (const bytes of [whole.slice(0, k), changed]) {
          try {
            expect(readPicture(bytes).frames.length).toBeGreaterThan(0);
          } catch (error) {
            expect(error, String(error)).toBeInstanceOf(InputError);
          }
        }
      }
    }
  });
});

describe.skipIf(MISSING)(`measured temperatures of a pouch cell${WHY}`, () => {
  it('are 977 pictures of 11 x 11 with the warm middle of the file', () => {
    const { width, height, frames, name } = readPicture(readFileSync(new URL('Exp_conductivity.mat', DATA)));
    expect([width, height, frames.length, name]).toEqual([11, 11, 977, 'E']);
    const warm = frames[900];
    expect(warm.indexOf(Math.max(...warm)) % 11).toBe(5);
    expect(Math.max(...warm)).toBeCloseTo(24.7, 1);
  });
  it('simulated ones, scattered, are a picture within their range', () => {
    const { frames, width, height } = readPicture(readFileSync(new URL('SurfaceT_t2500s.txt', DATA)));
    const known = frames[0].filter(Number.isFinite);
    expect(known.length).toBeGreaterThan(0.7 * width * height);
    expect(Math.min(...known)).toBeGreaterThan(25);
    expect(Math.max(...known)).toBeLessThan(60);
  });
});
