import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUMP, emptyFolder, resultOf, rigText, SOURCE, scanOnce } from './support.js';

const folder = emptyFolder();

/** The field of one ampere times the current, without what is there without it. */
function odd(x: number, y: number, z: number, current: number): Float64Array {
  const [on, off] = [new Float64Array(3), new Float64Array(3)];
  BUMP.field(Float64Array.of(x, y, z), current, 0, on);
  BUMP.field(Float64Array.of(x, y, z), 0, 0, off);
  return on.map((value, c) => value - off[c]);
}

describe.each([
  ['on_off', '  scheme: on_off'],
  ['reversed', '  scheme: reversed'],
  ['lock_in', '  scheme: lock_in\n  frequency_Hz: 1'],
])('scheme %s', (name, scan) => {
  it('gives the field of the current alone, without the field of the earth', async () => {
    const text = rigText({ scan, side: 5, repeat: 0, current: SOURCE });
    const outcome = await scanOnce({ text, path: join(folder, `${name}.journal`) });
    expect(outcome.error).toBeUndefined();
    const { scan: map } = resultOf(text, outcome.state);
    for (let i = 0; i < map.count; i++) {
      const truth = odd(map.x[i], map.y[i], map.z[i], map.current![i]);
      const read = [map.components.bx!.values[i], map.components.by!.values[i], map.components.bz!.values[i]];
      // A switched square wave rises within some milliseconds, which costs a little of its fundamental.
      read.forEach((value, c) => {
        expect(Math.abs(value - truth[c])).toBeLessThan(0.04 * Math.hypot(...truth) + 60e-9);
      });
    }
  });
});

it('on the fly: lines are read while the stage moves', async () => {
  const text = rigText({ scan: '  mode: fly', side: 10 });
  const outcome = await scanOnce({ text, path: join(folder, 'fly.journal') });
  expect(outcome.error).toBeUndefined();
  const { scan: map } = resultOf(text, outcome.state);
  expect(map.count).toBeGreaterThan(8);
  const truth = new Float64Array(3);
  for (let i = 0; i < map.count; i++) {
    BUMP.field(Float64Array.of(map.x[i], map.y[i], map.z[i]), 4, 0, truth);
    expect(Math.abs(map.components.bz!.values[i] - truth[2])).toBeLessThan(150e-9);
  }
});
