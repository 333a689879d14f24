import { describe, expect, it } from 'vitest';
import { processScan } from '../../sensors/processing/processScan.js';
import { planScan } from '../../sensors/scan/planScan.js';
import { type Surroundings, simulatedWorld } from '../../sensors/virtual/simulatedWorld.js';
import { MU0 } from '../../src/constants.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { parseRig } from '../../src/model/parseRig.js';
import { Bench, recorded } from './recording.js';

/** A straight wire along y at x = 20 mm, z = 0, per ampere. */
function wire(x: number, _: number, z: number): [number, number, number] {
  const [u, r2] = [x - 0.02, (x - 0.02) ** 2 + z ** 2];
  const b = MU0 / (2 * Math.PI * r2);
  return [b * z, 0, -b * u];
}
const table = {
  error: 0,
  add: (x: number, y: number, z: number, scale: number, out: Float64Array, at: number) =>
    wire(x, y, z).forEach((b, c) => {
      out[at + c] += scale * b;
    }),
};
const world = (around: Surroundings = {}) => simulatedWorld(table, around);

const rig = (scan: string, more = '') =>
  parseRig(
    `name: bench
sensors:
  - {name: s, driver: text_line, connect: {virtual: true}, noise_nT: 10, rate_Hz: 200${more}
stage:
  driver: grbl
  connect: {virtual: true}
  travel_mm: {x: [-200, 200], y: [-200, 200], z: [-50, 50]}
  cell_at_mm: [10, 20, 0]
  flip: [y]
  acceleration_mm_per_s2: 1000
scan: {area_mm: {x: [0, 40], y: [0, 20]}, pitch_mm: 4, heights_mm: [6], ${scan}}
`,
    'rig.yaml',
  );

/** Root mean square over all components of (reading - wire - its mean) / sigma, and of the difference, T. */
function against(scan: FieldScan, current: number, keepMean = false) {
  let [squares, weighed, count] = [0, 0, 0];
  (['bx', 'by', 'bz'] as const).forEach((name, c) => {
    const { values, sigma } = scan.components[name]!;
    const off = values.map((v, i) => v - current * wire(scan.x[i], scan.y[i], scan.z[i])[c]);
    const mean = keepMean ? 0 : off.reduce((sum, v) => sum + v, 0) / scan.count;
    off.forEach((v, i) => {
      squares += (v - mean) ** 2;
      weighed += ((v - mean) / sigma![i]) ** 2;
      count++;
    });
  });
  return { rms: Math.sqrt(squares / count), chi: Math.sqrt(weighed / count) };
}

const run = (r: ReturnType<typeof rig>, around: Surroundings = {}, options = {}) =>
  processScan(recorded(r, planScan(r), new Bench(world(around)), options));

describe('a scan that stops at every point', () => {
  it('reads the field of a wire in background, hum and noise, with the errors that it states', () => {
    const { scan, quality } = run(rig('average_s: 0.1, repeat_every: 20', '}'), {
      background: [20e-6, 5e-6, -45e-6],
      hum: [300e-9, 200e-9, 500e-9],
    });
    expect(scan.count).toBe(11 * 6);
    const { rms, chi } = against(scan, 1);
    // 10 nT over sqrt 20 samples.
    expect(rms).toBeLessThan(3e-9);
    expect(chi).toBeGreaterThan(0.85);
    expect(chi).toBeLessThan(1.15);
    expect(quality.drift.repeats).toBe(0);
  });

  it.each(['on_off', 'reversed'])('%s: the field of the current alone, the rest in the even part', scheme => {
    const background = [20e-6, 5e-6, -45e-6] as const;
    const { scan, even } = run(rig(`average_s: 0.1, scheme: ${scheme}, current_A: 2`, '}'), { background });
    const { rms, chi } = against(scan, 2, true);
    expect(rms).toBeLessThan(4e-9);
    expect(chi).toBeLessThan(1.2);
    for (const [c, name] of (['bx', 'by', 'bz'] as const).entries()) {
      for (const v of even!.components[name]!.values) expect(Math.abs(v - background[c])).toBeLessThan(15e-9);
    }
  });

  it('lock-in: peak in phase, nothing out of phase, background gone', () => {
    const { scan } = run(rig('average_s: 0.5, scheme: lock_in, frequency_Hz: 8, current_A: 2', '}'), {
      background: [20e-6, 5e-6, -45e-6],
      hum: [300e-9, 200e-9, 500e-9],
    });
    const { rms, chi } = against(scan, 2, true);
    expect(rms).toBeLessThan(3e-9);
    expect(chi).toBeLessThan(1.2);
    const { quadrature } = scan.components.bz!;
    expect(Math.max(...quadrature!.map(Math.abs))).toBeLessThan(6e-9);
  });

  it('drift: the repeated points take most of it off, and what is left is in the errors', () => {
    const drift = { drift: [200e-9, 200e-9, 200e-9] as const, driftTime: 30, seed: 3 };
    const plain = against(run(rig('average_s: 0.1, repeat_every: 0', '}'), drift).scan, 1);
    const corrected = run(rig('average_s: 0.1, repeat_every: 6', '}'), drift);
    const { rms, chi } = against(corrected.scan, 1);
    expect(rms).toBeLessThan(0.2 * plain.rms);
    expect(plain.chi).toBeGreaterThan(10);
    expect(chi).toBeLessThan(1.6);
    expect(corrected.quality.drift.repeats).toBeGreaterThan(50e-9);
  });

  it('drift: a reference sensor takes off what both see', () => {
    const drift = { drift: [200e-9, 200e-9, 200e-9] as const, driftTime: 30, seed: 3 };
    const reference =
      '}\n  - {name: r, role: reference, driver: text_line, connect: {virtual: true}, noise_nT: 10, rate_Hz: 50, elements: [{name: r, offset_mm: [3000, 0, 0]}]}';
    const { scan, quality } = run(rig('average_s: 0.1, repeat_every: 0', reference), drift);
    expect(against(scan, 1).rms).toBeLessThan(8e-9);
    expect(quality.drift.reference).toBeGreaterThan(50e-9);
  });
});

describe('a scan on the fly', () => {
  it('finds the lag from lines there and back, and the map stands where the wire is', () => {
    const r = rig('average_s: 0.1, mode: fly, mains_Hz: 0', '}');
    const late = recorded(r, planScan(r), new Bench(world()), { lag: 0.05 });
    const { scan, quality } = processScan(late);
    expect(Math.abs(quality.lag!.value - 0.05 - 0.003)).toBeLessThan(4 * quality.lag!.error + 1e-3);
    const { rms } = against(scan, 1);
    const displaced = 0.04 * 0.05;
    expect(displaced).toBeGreaterThan(1e-3);
    expect(rms).toBeLessThan(0.15e-6);
  });
});
