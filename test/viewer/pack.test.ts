import { describe, expect, it } from 'vitest';
import { random } from '../../src/random.js';
import { pack, unpack } from '../../viewer/files/pack.js';

describe('data of a report', () => {
  it('come back within 8e-6 of their value, NaN and signs as they were', () => {
    const rng = random(1);
    const values = Float64Array.from({ length: 3000 }, (_, i) => rng.normal() * 10 ** ((i % 40) - 20));
    values.set([Number.NaN, 0, -0, 1, -1, 255.99999, -1e-30], 5);
    for (const widths of [[], [60]]) {
      const back = unpack(pack({ values }, widths)) as { values: Float64Array };
      expect(back.values).toHaveLength(values.length);
      values.forEach((value, i) => {
        if (Number.isNaN(value)) expect(back.values[i]).toBeNaN();
        else expect(Math.abs(back.values[i] - value)).toBeLessThanOrEqual(8e-6 * Math.abs(value));
      });
    }
  });

  it('keep texts, structure, bytes, and one copy of what stands twice', () => {
    const map = Float64Array.of(1, 2, 3);
    const flags = Uint8Array.of(0, 1, 255);
    const value = { name: '</script><b>"\u2028', list: [1, null, { map, flags }], map };
    const back = unpack(pack(value)) as typeof value;
    expect(back).toEqual(value);
    expect((back.list[2] as { map: Float64Array }).map).toBe(back.map);
  });

  it('of a smooth map take less than one and a half bytes a pixel', () => {
    const n = 128;
    const smooth = Float64Array.from(
      { length: n * n },
      (_, i) => Math.sin((i % n) / 20) * Math.cos(Math.floor(i / n) / 15),
    );
    expect(pack(smooth, [n]).length).toBeLessThan(1.5 * n * n);
  });
});
