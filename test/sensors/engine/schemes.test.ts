import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VirtualSource } from '../../../sensors/virtual/virtualDevice.js';
import type { World } from '../../../sensors/virtual/world.js';
import { parseRig } from '../../../src/model/parseRig.js';
import { BUMP, emptyFolder, resultOf, rigText, SENSOR, SOURCE, scanOnce } from './support.js';

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

describe('a current that alternates by itself', () => {
  const SCAN = '  scheme: lock_in\n  frequency_Hz: 5\n  current_A: 4';
  const MANUAL = 'current: {driver: manual, limit_A: 5}';
  /** A generator whose crystal is 300 ppm fast, and which nobody started together with the scan. */
  const TURNING: World = {
    field: (points, _, time, out) => BUMP.field(points, 4 * Math.cos(2 * Math.PI * 5.0015 * time + 2), time, out),
  };
  const scanned = async (name: string, more = '') => {
    const text = rigText({ scan: SCAN, repeat: 0, current: MANUAL, sensors: `${SENSOR}${more}` });
    const asked: string[] = [];
    const outcome = await scanOnce({ text, path: join(folder, `${name}.journal`), world: TURNING, asked });
    expect(outcome.error).toBeUndefined();
    return { asked, result: resultOf(text, outcome.state) };
  };
  const largest = { in: 0, out: 0 };
  const compare = ({ scan }: Awaited<ReturnType<typeof scanned>>['result'], sign: number) => {
    largest.in = largest.out = 0;
    for (let i = 0; i < scan.count; i++) {
      const truth = odd(scan.x[i], scan.y[i], scan.z[i], 4);
      (['bx', 'by', 'bz'] as const).forEach((name, c) => {
        const { values, quadrature } = scan.components[name]!;
        largest.in = Math.max(largest.in, Math.abs(sign * values[i] - truth[c]));
        largest.out = Math.max(largest.out, Math.abs(quadrature![i]));
      });
    }
    return largest;
  };

  it('is asked for once; phase and frequency are found in the readings, but for the sign, and that is told', async () => {
    const { asked, result } = await scanned('alone');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/alternate as a sine of 4 A \(peak\) at 5 Hz/);
    const { alternation } = result.quality;
    expect(Math.abs(alternation!.offset! - 0.0015)).toBeLessThan(0.0003);
    expect(alternation!.inPhase).toBeGreaterThan(0.99);
    const i = result.scan.count >> 1;
    const sign = Math.sign(
      result.scan.components.bx!.values[i] * odd(result.scan.x[i], result.scan.y[i], result.scan.z[i], 4)[0],
    );
    const { in: real, out } = compare(result, sign);
    // Twenty readings of 20 nT: 6 nT for the peak, four of which are allowed.
    expect(real).toBeLessThan(30e-9);
    expect(out).toBeLessThan(30e-9);
    expect(result.warnings.join()).toMatch(/sign of the map is open/);
  });

  it('beside a reference sensor has its phase and its sign', async () => {
    const reference = SENSOR.replace('name: probe', 'name: beside').replace(
      'rate_Hz: 100',
      'rate_Hz: 100\n    role: reference\n    elements: [{name: r, offset_mm: [12, 12, 4]}]',
    );
    const { result } = await scanned('reference', `\n${reference}`);
    expect(result.quality.alternation).toMatchObject({ by: 'reference' });
    const { in: real, out } = compare(result, 1);
    expect(real).toBeLessThan(40e-9);
    expect(out).toBeLessThan(40e-9);
    expect(result.warnings.join()).not.toMatch(/sign/);
  });
});

it('the ripple of the current is measured while a point is read, and told', async () => {
  const text = rigText({ current: SOURCE, side: 5, repeat: 0, scan: '  current_A: 4' });
  const outcome = await scanOnce({
    text,
    path: join(folder, 'ripple.journal'),
    arrange: virtual => {
      const source = virtual.source as VirtualSource;
      const steady = source.current.bind(source);
      source.current = time => steady(time) * (1 + 0.05 * Math.SQRT2 * Math.sin(2 * Math.PI * 37 * time));
    },
  });
  expect(outcome.error).toBeUndefined();
  const { quality, warnings } = resultOf(text, outcome.state);
  for (const { phases } of outcome.state.done.values()) expect(phases[0].trace!.time.length).toBeGreaterThan(4);
  expect(quality.ripple! / 0.2).toBeGreaterThan(0.7);
  expect(quality.ripple! / 0.2).toBeLessThan(1.3);
  expect(warnings.join()).toMatch(/current ripples by/);
});

it('averages until the target is reached, longer where the noise is larger', async () => {
  const samples = async (noise: number, target: number) => {
    const text = rigText({
      side: 5,
      repeat: 0,
      scan: `  target_sigma_nT: ${target}`,
      sensors: SENSOR.replace('noise_nT: 20', `noise_nT: ${noise}`),
    }).replace('average_s: 0.1', 'average_s: 5');
    const outcome = await scanOnce({ text, path: join(folder, `target${noise}-${target}.journal`) });
    expect(outcome.error).toBeUndefined();
    const { scan, quality } = resultOf(text, outcome.state);
    return { each: quality.samples / scan.count, sigma: quality.sigma };
  };
  const [small, large] = [await samples(20, 4), await samples(40, 4)];
  for (const { sigma } of [small, large]) {
    expect(sigma).toBeLessThan(4.5e-9);
    expect(sigma).toBeGreaterThan(2.5e-9);
  }
  // The variance grows fourfold, and with it the time; 25 samples would do for 20 nT if their scatter were known.
  expect(small.each).toBeGreaterThan(20);
  expect(small.each).toBeLessThan(60);
  expect(large.each / small.each).toBeGreaterThan(2.5);
  expect(large.each / small.each).toBeLessThan(5);
});

it('moving lines with a current that changes are refused, with what to do instead', () => {
  for (const scheme of ['on_off', 'reversed', 'lock_in\n  frequency_Hz: 1']) {
    expect(() => parseRig(rigText({ scan: `  mode: fly\n  scheme: ${scheme}` }), 'rig.yaml')).toThrow(
      /moving lines stop at none/,
    );
  }
});

it('a rig of many sensors is read without a warning', async () => {
  const warned: string[] = [];
  const listen = (warning: Error) => warned.push(warning.name);
  process.on('warning', listen);
  const sensors = Array.from({ length: 12 }, (_, k) =>
    [
      `  - {name: s${k}, driver: twinleaf, connect: {virtual: true}, noise_nT: 20, range_uT: 200, rate_Hz: 100,`,
      `     elements: [{name: e, offset_mm: [${5 * k}, 0, 0]}]}`,
    ].join('\n'),
  ).join('\n');
  const text = rigText({ side: 5, repeat: 0, sensors }).replace('-150, -150, -50', '-120, -150, -50');
  const outcome = await scanOnce({ text, path: join(folder, 'many.journal') });
  await new Promise(resolve => setImmediate(resolve));
  process.removeListener('warning', listen);
  expect(outcome.error).toBeUndefined();
  expect(warned).toEqual([]);
});
