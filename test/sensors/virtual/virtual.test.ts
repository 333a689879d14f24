import { describe, expect, it } from 'vitest';
import { FLAGS } from '../../../sensors/samples.js';
import { fieldTable } from '../../../sensors/virtual/fieldTable.js';
import { heldNoise, noiseAt, sensorNoise } from '../../../sensors/virtual/noise.js';
import { sensorModel } from '../../../sensors/virtual/sensorModel.js';
import { simulatedWorld } from '../../../sensors/virtual/simulatedWorld.js';
import { cellFieldOf, packFieldOf } from '../../../sensors/virtual/worldOfCell.js';
import { wireField, zeroField } from '../../../src/biotSavart/index.js';
import { parseCell } from '../../../src/model/parseCell.js';
import { parsePack } from '../../../src/model/parsePack.js';
import { parseRig } from '../../../src/model/parseRig.js';
import type { CellField } from '../../../src/simulation/pack/cellField.js';
import { Bench } from '../recording.js';

const wire: CellField = (points, out) => wireField(points, [0, -1, 0], [0, 1, 0], 1, out);

describe('field table', () => {
  const box = { x: [-0.03, 0.03], y: [-0.02, 0.02], heights: [0.005, 0.008, -0.006] } as const;

  it('errs by less than a thousandth of the field, and by what it states', () => {
    const table = fieldTable(wire, box);
    const largest = 2e-7 / 0.005;
    expect(table.error).toBeLessThan(1e-3 * largest);
    const out = new Float64Array(3);
    table.add(0.0123, 0.0045, 0.005, 3, out, 0);
    const r2 = 0.0123 ** 2 + 0.005 ** 2;
    expect(Math.abs(out[2] + (3 * 2e-7 * 0.0123) / r2)).toBeLessThan(10 * table.error);
  });

  it('is exact at places of its own, and that of the edge beyond its box', () => {
    const table = fieldTable(wire, { ...box, places: [[0.5, 0, 0]] });
    const [at, edge, beyond] = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
    table.add(0.5, 0, 0, 1, at, 0);
    expect(at[2]).toBeCloseTo(-2e-7 / 0.5 / Math.sqrt(1.25), 12);
    table.add(0.034, 0, 0.005, 1, edge, 0);
    table.add(0.2, 0, 0.005, 1, beyond, 0);
    expect(Math.abs(edge[2] - beyond[2])).toBeLessThan(0.2 * Math.abs(edge[2]));
  });
});

describe('field of a pack', () => {
  it('of one cell is that of the cell, and of two in parallel the mean of two displaced ones', () => {
    const cell = parseCell(
      `name: c
outline_mm: {width: 40, height: 60}
thickness_mm: 4
current_A: 2
tabs:
  - {name: positive, at_mm: [[5, 60], [15, 60]], share: 1}
  - {name: negative, at_mm: [[25, 60], [35, 60]], share: -1}
electrical:
  pairs: 1
  positive_foil: {thickness_um: 12, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 8, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 8
`,
      'c.yaml',
    );
    const packOf = (places: readonly string[]) =>
      parsePack(
        `name: p
current_A: ${2 * places.length}
cells:
${places.map((at, k) => `  - {name: c${k}, cell: c.yaml, at_mm: ${at}}`).join('\n')}
`,
        'p.yaml',
      );
    const fieldAt = (field: CellField, x: number) => {
      const out = zeroField(1);
      field({ x: Float64Array.of(x), y: Float64Array.of(0.03), z: Float64Array.of(0.008) }, out);
      return out.bz[0];
    };
    const own = cellFieldOf(cell);
    expect(fieldAt(packFieldOf(packOf(['[0, 0]']), [cell]), 0.011)).toBeCloseTo(fieldAt(own, 0.011), 12);
    const two = fieldAt(packFieldOf(packOf(['[0, 0]', '[50, 0]']), [cell, cell]), 0.011);
    expect(Math.abs(two - (fieldAt(own, 0.011) + fieldAt(own, 0.011 - 0.05)) / 2)).toBeLessThan(1e-3 * Math.abs(two));
  });
});

describe('noise without memory', () => {
  it('is normal, white, and the same when asked again', () => {
    const n = 20_000;
    const values = Float64Array.from({ length: n }, (_, k) => noiseAt(3, 1, k));
    const mean = values.reduce((sum, v) => sum + v, 0) / n;
    const variance = values.reduce((sum, v) => sum + v * v, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    const fourth = values.reduce((sum, v) => sum + v ** 4, 0) / n;
    expect(Math.abs(fourth - 3)).toBeLessThan(0.3);
    for (const lag of [1, 2, 7]) {
      let sum = 0;
      for (let k = lag; k < n; k++) sum += values[k] * values[k - lag];
      expect(Math.abs(sum / n)).toBeLessThan(4 / Math.sqrt(n));
    }
    expect(noiseAt(3, 1, 77)).toBe(values[77]);
    expect(noiseAt(3, 2, 77)).not.toBe(values[77]);
    expect(noiseAt(4, 1, 77)).not.toBe(values[77]);
  });

  it('1/f noise: the power at the corner is twice that of the white noise, and ten times below it eleven times', () => {
    // Periodogram averaged over rows and neighbouring frequencies.
    const n = 1024;
    const corner = 0.05;
    const power = (from: number, to: number) => {
      let sum = 0;
      let count = 0;
      for (let row = 0; row < 30; row++) {
        const values = Float64Array.from({ length: n }, (_, k) => sensorNoise(5, 9, row * n + k, corner));
        for (let f = from; f < to; f++) {
          let [re, im] = [0, 0];
          for (let k = 0; k < n; k++) {
            re += values[k] * Math.cos((2 * Math.PI * f * k) / n);
            im += values[k] * Math.sin((2 * Math.PI * f * k) / n);
          }
          sum += (re * re + im * im) / n;
          count++;
        }
      }
      return sum / count;
    };
    // Bin 51 is the corner, bins 5 and 6 a tenth of it.
    expect(power(48, 56)).toBeGreaterThan(1.6);
    expect(power(48, 56)).toBeLessThan(2.5);
    expect(power(4, 7)).toBeGreaterThan(7);
    expect(power(4, 7)).toBeLessThan(14);
  });

  it('held noise is continuous and of variance one', () => {
    let [square, jump] = [0, 0];
    for (let k = 0; k < 20_000; k++) {
      const v = heldNoise(1, 0, k * 0.05);
      square += v * v;
      jump = Math.max(jump, Math.abs(v - heldNoise(1, 0, k * 0.05 + 1e-6)));
    }
    expect(Math.abs(square / 20_000 - 1)).toBeLessThan(0.15);
    expect(jump).toBeLessThan(1e-4);
  });
});

describe('sensor model', () => {
  const rig = (more: string) =>
    parseRig(
      `name: r
sensors:
  - {name: s, driver: hmr2300, connect: {virtual: true}, noise_nT: 1, rate_Hz: 100${more}}
stage: {driver: manual, travel_mm: {x: [0, 1], y: [0, 1]}, cell_at_mm: [0, 0, 0]}
`,
      'rig.yaml',
    );
  const table = { error: 0, add: () => {} };
  const background = [20e-6, -3e-6, -45e-6] as const;
  const model = (more: string, errors = {}) =>
    sensorModel(rig(more), 0, 0, new Bench(simulatedWorld(table, { background })), errors);

  it('reads the field along its axes', () => {
    const out = new Float64Array(2);
    const m = model(', elements: [{name: e, axes: [[0, 0, 1], [0.6, 0.8, 0]]}]');
    expect(m.channels).toBe(2);
    expect(m.read(0.5, out)).toBe(0);
    expect(Math.abs(out[0] + 45e-6)).toBeLessThan(6e-9);
    expect(Math.abs(out[1] - (0.6 * 20e-6 - 0.8 * 3e-6))).toBeLessThan(6e-9);
  });

  it('clips at its range and says so, and puts out whole steps', () => {
    const out = new Float64Array(3);
    expect(model(', range_uT: 30').read(0, out)).toBe(FLAGS.overrange);
    expect(out[2]).toBeCloseTo(-30e-6, 12);
    model(', preset: MMC5983MA').read(0, out);
    expect(out[0] / (100e-6 / 16384)).toBeCloseTo(Math.round(out[0] / (100e-6 / 16384)), 6);
  });

  it('noise by place is one value for a stay, and the same in another run at other times', () => {
    const [a, b] = [new Float64Array(3), new Float64Array(3)];
    const one = model('', { noiseBy: 'place' });
    one.read(0.3, a);
    model('', { noiseBy: 'place' }).read(17.2, b);
    expect(b).toEqual(a);
  });

  it('hysteresis: on the way up it lags by half the width, on the way down it leads', () => {
    const bench = new Bench(
      simulatedWorld({ error: 0, add: (_x, _y, _z, scale, out, at) => (out[at] += scale * 1e-6) }),
    );
    const m = sensorModel(rig(''), 0, 0, bench, { hysteresis: 50e-9, noiseBy: 'place' });
    const out = new Float64Array(3);
    const at = (current: number) => {
      bench.flowing = current;
      m.read(0, out);
      return out[0];
    };
    at(-1);
    at(1);
    const up = at(2);
    at(3);
    const down = at(2);
    expect(Math.abs(down - up - 100e-9)).toBeLessThan(3e-9);
  });
});
