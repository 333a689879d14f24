import { describe, expect, it } from 'vitest';
import { judge } from '../../src/diagnosis/judgement.js';
import { sameGrid, stackOf, toGrid } from '../../src/diagnosis/mapStack.js';
import { monitoringModel } from '../../src/diagnosis/monitoring.js';
import { principalComponents } from '../../src/diagnosis/pca.js';
import { pixelNoise } from '../../src/diagnosis/pixelNoise.js';
import { pixelMeans, pixelMedians, zMap } from '../../src/diagnosis/pixelStatistics.js';
import { applyReference, modelLimits, referenceModel } from '../../src/diagnosis/referenceModel.js';
import { InputError } from '../../src/errors.js';
import { mapsFromArrays } from '../../src/formats/mapSeries.js';
import { formatReference, parseReference } from '../../src/formats/nexusReference.js';
import { parseResult } from '../../src/formats/nexusResult.js';
import { xAxis, yAxis } from '../../src/grid.js';
import { random } from '../../src/random.js';
import { factory, layoutOf } from './support.js';

const process = { program: 'savart', version: '0', date: '2026-01-01T00:00:00Z', inputs: [], parameters: { a: 1 } };

function reference(count: number, seed: number, robust = false) {
  const next = factory({ nx: 12, ny: 10, strengths: [10], seed });
  const hole = (map: Float64Array) => map.map((v, i) => (i === 7 ? Number.NaN : v));
  const layout = layoutOf(6, 10, ['bx', 'bz']);
  const stack = stackOf(
    layout,
    Array.from({ length: count }, () => hole(next())),
  );
  return { stack, next: () => hole(next()), ...referenceModel(stack, { robust }) };
}

describe('a saved reference', () => {
  it.each([false, true])('judges a new map as the one it was saved from (robust: %s)', async robust => {
    const { model, next } = reference(20, 1, robust);
    const read = await parseReference(await formatReference(model, process));
    expect(read.process).toEqual(process);
    expect(read.model.usual).toEqual(model.usual);
    expect(modelLimits(read.model)).toEqual(modelLimits(model));
    const map = next();
    // The model itself keeps the steps of its choice, which a file does not hold.
    const [now, before] = [read.model, model].map(one => ({ ...applyReference(one, map), model: undefined }));
    expect(now).toEqual(before);
  });

  it('is no result, and a damaged or foreign file is refused with the reason', async () => {
    const bytes = await formatReference(reference(6, 2).model, process);
    await expect(parseResult(bytes)).rejects.toThrow(InputError);
    await expect(parseReference(bytes.slice(0, 3000), { file: 'm.h5' })).rejects.toThrow(InputError);
    await expect(parseReference(new TextEncoder().encode('x'))).rejects.toThrow(/HDF5/);
  });
});

describe('pixel statistics', () => {
  it('z of new maps follows Student: as many pixels beyond 5 % as it says, about mean and median', () => {
    for (const robust of [false, true]) {
      let [beyond, total] = [0, 0];
      for (let seed = 0; seed < 30; seed++) {
        const next = factory({ nx: 12, ny: 10, strengths: [], seed: 50 + seed });
        const stack = stackOf(layoutOf(12, 10), Array.from({ length: 25 }, next));
        const { p } = zMap((robust ? pixelMedians : pixelMeans)(stack), next());
        for (const value of p) {
          total++;
          if (value < 0.05) beyond++;
        }
      }
      expect(Math.abs(beyond / total - 0.05)).toBeLessThan(robust ? 0.02 : 4 * Math.sqrt(0.0475 / total));
    }
  });

  it('an odd map in the reference moves the mean, not the median', () => {
    const next = factory({ nx: 12, ny: 10, strengths: [], seed: 3 });
    const maps = Array.from({ length: 15 }, next);
    const odd = maps.map((map, i) => (i === 4 ? map.map(v => v + 1000) : map));
    const [clean, spoilt] = [maps, odd].map(m => pixelMedians(stackOf(layoutOf(12, 10), m)));
    spoilt.centre.forEach((v, i) => {
      expect(Math.abs(v - clean.centre[i])).toBeLessThan(1);
    });
    expect(pixelMeans(stackOf(layoutOf(12, 10), odd)).centre[0]).toBeGreaterThan(50);
  });

  it('a spot is found at its pixels, and nowhere else', () => {
    const next = factory({ nx: 12, ny: 10, strengths: [], seed: 4 });
    const usual = pixelMeans(stackOf(layoutOf(12, 10), Array.from({ length: 60 }, next)));
    const { adjusted } = zMap(
      usual,
      next().map((v, i) => (i === 30 || i === 31 ? v + 9 : v)),
    );
    expect(Array.from(adjusted.keys()).filter(i => adjusted[i] < 0.01)).toEqual([30, 31]);
  });
});

describe('noise of pixels', () => {
  it('is found where the files do not say it, and a fault in a quiet corner then shows', () => {
    const next = factory({ nx: 20, ny: 16, strengths: [20], seed: 8 });
    const loud = (i: number) => (i % 20 < 10 ? 1 : 30);
    const source = random(2);
    const make = () => next().map((v, i) => v + (loud(i) - 1) * source.normal());
    const stack = stackOf(layoutOf(20, 16), Array.from({ length: 15 }, make));
    const sigma = pixelNoise(stack, { components: 1 });
    // Away from the border between quiet and loud.
    for (const column of [2, 5, 14, 17]) {
      expect(Math.abs(Math.log(sigma[8 * 20 + column] / Math.hypot(1, loud(column) - 1)))).toBeLessThan(0.35);
    }
    const faulty = make().map((v, i) => (i % 20 === 4 && Math.abs(i / 20 - 8) < 2 ? v + 9 : v));
    const p = (options: object) => judge(monitoringModel(principalComponents(stack, options)), faulty).pQ;
    expect(p({ components: 1, sigma })).toBeLessThan(0.01);
    expect(p({ components: 1 })).toBeGreaterThan(0.05);
  });
});

describe('common grid', () => {
  const from = { nx: 7, ny: 5, x0: 0, y0: 0, dx: 2, dy: 3 };
  const plane = Float64Array.from({ length: 35 }, (_, i) => 1 + 2 * (i % 7) * 2 - Math.floor(i / 7) * 3);

  it('bilinear: planes come out exactly, outside and beside gaps there is nothing', () => {
    const to = { nx: 9, ny: 6, x0: -1, y0: 1, dx: 1.7, dy: 2.5 };
    const [x, y] = [xAxis(to), yAxis(to)];
    toGrid(from, plane, to).forEach((v, i) => {
      const [px, py] = [x[i % 9], y[Math.floor(i / 9)]];
      if (px < 0 || px > 12 || py > 12) expect(v).toBeNaN();
      else expect(v).toBeCloseTo(1 + 2 * px - py, 12);
    });
    const holed = plane.slice();
    holed[8] = Number.NaN;
    expect(toGrid(from, holed, { ...from, x0: 1 })[7]).toBeNaN();
    expect(toGrid(from, plane, { ...from })).toBe(plane);
    expect(sameGrid(from, { ...from, dx: 2.1 })).toBe(false);
  });

  it('series of maps: rows along x and falling axes come out right-handed', () => {
    const [nx, ny] = [4, 3];
    // Stored [map][x falling][y rising]; the value is 10 x + y in pitches.
    const data = Float64Array.from({ length: 2 * nx * ny }, (_, i) => {
      const [u, v] = [Math.floor((i % (nx * ny)) / ny), i % ny];
      return 10 * (nx - 1 - u) + v;
    });
    const mesh = (of: (u: number, v: number) => number) =>
      Float64Array.from({ length: nx * ny }, (_, i) => of(Math.floor(i / ny), i % ny));
    const series = mapsFromArrays([
      { name: 'bz_nT', shape: [2, nx, ny], data },
      { name: 'x_mm', shape: [nx, ny], data: mesh(u => 5 * (nx - 1 - u)) },
      { name: 'y_mm', shape: [nx, ny], data: mesh((_, v) => 2 * v) },
    ])!;
    expect(series.layout).toMatchObject({ channels: ['bz'], unit: 'T' });
    expect(series.layout.grid.dx).toBeCloseTo(5e-3, 12);
    expect(series.layout.grid.dy).toBeCloseTo(2e-3, 12);
    series.maps[1].forEach((v, i) => {
      expect(v).toBeCloseTo(1e-9 * (10 * (i % nx) + Math.floor(i / nx)), 18);
    });
    expect(() => mapsFromArrays([{ name: 'bz', shape: [2, 3, 3], data: new Float64Array(18) }])).toThrow(/along x/);
    expect(mapsFromArrays([])).toBeUndefined();
  });
});
