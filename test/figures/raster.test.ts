import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOUR_MAPS, levelOf } from '../../src/figures/colour.js';
import { base64 } from '../../src/figures/png.js';
import { rasterImage, rasterLevels, rasterPng } from '../../src/figures/raster.js';
import { decodePng } from './helpers.js';

const gridOf = (nx: number, ny: number) => ({ nx, ny, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 });
const LIMITS = { min: -1, max: 1 };

const maps = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([nx, ny]) =>
  fc.tuple(
    fc.constant(gridOf(nx, ny)),
    fc.array(fc.oneof(fc.double({ min: -1.5, max: 1.5, noNaN: true }), fc.constant(Number.NaN)), {
      minLength: nx * ny,
      maxLength: nx * ny,
    }),
  ),
);

fc.configureGlobal({ seed: 20 });

describe('raster', () => {
  it('a PNG decodes back to the colours of the map, row 0 at the bottom, NaN transparent', () => {
    fc.assert(
      fc.property(maps, fc.integer({ min: 1, max: 3 }), ([grid, values], repeat) => {
        const { lut } = COLOUR_MAPS.diverging;
        const { width, height, rgba } = decodePng(rasterPng(grid, values, LIMITS, COLOUR_MAPS.diverging, repeat));
        expect([width, height]).toEqual([grid.nx * repeat, grid.ny * repeat]);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const iy = grid.ny - 1 - Math.floor(y / repeat);
            const value = values[iy * grid.nx + Math.floor(x / repeat)];
            const pixel = rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4);
            expect(pixel[3]).toBe(Number.isNaN(value) ? 0 : 255);
            const level = levelOf(value, LIMITS);
            expect([...pixel.subarray(0, 3)]).toEqual([...lut.subarray(3 * level, 3 * level + 3)]);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('the lowest y is the last row of the picture', () => {
    expect([...rasterLevels(gridOf(2, 2), [-1, Number.NaN, 0, 1], LIMITS)]).toEqual([128, 255, 1, 0]);
  });

  it('base64 is that of Node, for every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), bytes => base64(bytes) === Buffer.from(bytes).toString('base64')),
    );
    const long = new Uint8Array(30_000).map((_, i) => i * 7);
    expect(base64(long)).toBe(Buffer.from(long).toString('base64'));
  });

  it('an image carries its picture and stays sharp', () => {
    const image = rasterImage(gridOf(3, 2), [0, 0, 0, 0, 0, 0], LIMITS, COLOUR_MAPS.viridis, {
      x: 1,
      y: 2,
      width: 30,
      height: 20,
    });
    expect(image).toContain('xlink:href="data:image/png;base64,iVBORw0KGgo');
    expect(image).toContain('image-rendering:pixelated');
    expect(image).toContain('preserveAspectRatio="none"');
  });
});
