import { describe, expect, it } from 'vitest';
import { formatMapStack } from '../../src/formats/nexusMapStack.js';
import { parseMapStack } from '../../src/formats/nexusMapStackRead.js';
import { parseStack } from '../../src/formats/nexusStackRead.js';
import type { Grid } from '../../src/grid.js';
import { random } from '../../src/random.js';
import type { ProcessRecord } from '../../src/result.js';
import { type MapStack, mapStack } from '../../src/series/mapStack.js';
import { parseFile } from '../../viewer/files/parse.js';
import type { ViewerDocument } from '../../viewer/state/document.js';

const GRID: Grid = { nx: 5, ny: 4, x0: 1e-3, y0: -2e-3, dx: 2e-3, dy: 3e-3 };
const PROCESS: ProcessRecord = { program: 'savart', version: '0', date: '2026-01-01', inputs: [], parameters: {} };

/** Maps with noise of 1 nT whose bz grows by 1 uT from state to state, given in no order. */
function stack(errors: boolean): MapStack {
  const rng = random(3);
  const noisy = (mean: number) => Float64Array.from({ length: 20 }, () => mean + 1e-9 * rng.normal());
  const layer = (name: string, mean: number) => ({
    name,
    values: noisy(mean),
    ...(errors ? { errors: new Float64Array(20).fill(1e-9) } : {}),
  });
  const states = [0.9, 0.1, 0.5].map((at, k) => ({
    name: `folder/soc${at}.h5`,
    at,
    maps: { grid: GRID, unit: 'T', layers: [layer('bx', -2e-6), layer('bz', 1e-6 * [2, 0, 1][k])] },
  }));
  return mapStack(states, 1, 'soc', PROCESS);
}

describe('a stack of measured maps', () => {
  it.each([true, false])('comes back from its file as it was written (errors: %s)', async errors => {
    const written = stack(errors);
    expect(await parseMapStack(await formatMapStack(written))).toEqual(written);
  });

  it('is not taken for one of susceptibilities, nor the other way round', async () => {
    const bytes = await formatMapStack(stack(true));
    await expect(parseStack(bytes, { file: 'a.h5' })).rejects.toThrow(/missing/);
    const { layers } = stack(true);
    const none = { ...stack(true), layers: layers.map(layer => ({ ...layer, name: `change_${layer.name}` })) };
    await expect(parseMapStack(await formatMapStack(none), { file: 'a.h5' })).rejects.toThrow(/no map with its change/);
  });

  it('is shown by savart view with a state per place of the slider', async () => {
    const shown = (await parseFile('a', 'stack.h5', await formatMapStack(stack(true)))) as ViewerDocument;
    expect(shown.kind).toBe('series');
    expect(shown.layers.map(({ id, name, unit }) => [id, name, unit])).toEqual([
      ['change.bx', 'Change of Bx', 'T'],
      ['change.bz', 'Change of Bz', 'T'],
      ['bx', 'Bx', 'T'],
      ['bz', 'Bz', 'T'],
    ]);
    expect(shown.shown).toEqual(['change.bz', 'bz']);
    expect(shown.frames).toMatchObject({
      name: 'State of charge',
      labels: ['SOC 0.1', 'SOC 0.5', 'SOC 0.9'],
      first: 2,
    });
    const change = shown.layers[1];
    expect(change.frames).toHaveLength(3);
    expect(change.frames![2].values[7]).toBeCloseTo(2e-6, 8);
    expect(change.frames![2].errors![7]).toBeCloseTo(Math.SQRT2 * 1e-9, 15);
    expect(change.frames![0].values.every(v => v === 0)).toBe(true);
    // One scale for all states, on which the reference, whose change is zero, has no say.
    expect(change.limits!.max).toBeCloseTo(2e-6, 8);
    expect(change.limits!.min).toBe(-change.limits!.max);
    expect(shown.headline).toMatch(/^From SOC 0.1 to SOC 0.9 the maps change by 2\sµT rms \(noise alone: /);
  });
});
