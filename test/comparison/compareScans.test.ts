import { describe, expect, it } from 'vitest';
import { compareScans } from '../../src/comparison/index.js';
import type { Motion } from '../../src/comparison/motion.js';
import { planesOf } from '../../src/comparison/scanPlanes.js';
import { InputError } from '../../src/errors.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { scanSubset } from '../../src/scanSubset.js';
import { shuffled } from '../gridding/samples.js';
import { fieldScan } from './support.js';

const noise = 5e-8;
const shuffle = (scan: FieldScan, seed: number) => scanSubset(scan, shuffled([...scan.x.keys()], seed));

describe('two scans at the same places', () => {
  it('are compared sample by sample, whatever the order of the samples', () => {
    const [a, b] = [fieldScan({ noise, seed: 1 }), fieldScan({ noise, seed: 2, current: 1.01 })];
    const plain = compareScans(a, b);
    expect(plain).toMatchObject({ by: 'samples', unit: 'T', overlap: { whole: 1, ofA: 1, ofB: 1 }, registered: false });
    expect(plain.agreement.count).toBe(a.count);
    const mixed = compareScans(shuffle(a, 3), shuffle(b, 4));
    expect(mixed.agreement.rmse).toBeCloseTo(plain.agreement.rmse, 16);
    expect(mixed.agreement.largest.size).toBe(plain.agreement.largest.size);
    expect(mixed.registration!.motion.shift[0]).toBeCloseTo(plain.registration!.motion.shift[0], 9);
  });

  it('a scan with itself: no error, correlation and structural similarity 1, no registration', () => {
    const scan = fieldScan({ noise });
    const { agreement, ssim, registration } = compareScans(scan, scan);
    expect(agreement).toMatchObject({ relativeError: 0, correlation: 1, chi2: 0 });
    expect(ssim).toBeCloseTo(1, 12);
    expect(registration!.significant).toBe(false);
  });

  it('noise alone gives chi-squared 1, with the noise of each scan or of each reading', () => {
    const [a, b] = [fieldScan({ noise, seed: 1 }), fieldScan({ noise: 3 * noise, seed: 2 })];
    const own = {
      ...a,
      components: { ...a.components, bz: { ...a.components.bz!, sigma: new Float64Array(a.count).fill(noise) } },
    };
    for (const first of [a, own]) {
      const { agreement } = compareScans(first, b);
      expect(Math.abs(agreement.chi2! - 1)).toBeLessThan(4 * Math.sqrt(2 / agreement.degrees));
    }
  });

  it('linearity is 1 for a field that follows the current, and the difference can be written', () => {
    const at = (amperes: number, seed: number): FieldScan => {
      const scan = fieldScan({ current: amperes, noise, seed, background: { bz: 4e-5 } });
      return { ...scan, current: new Float64Array(scan.count).fill(amperes) };
    };
    const { relation, difference } = compareScans(at(3, 1), at(2, 2));
    expect(relation!.currentRatio).toBeCloseTo(1.5, 12);
    expect(Math.abs(relation!.linearity! - 1)).toBeLessThan(4 * relation!.linearityError!);
    expect(relation!.linearityError).toBeLessThan(0.01);
    expect(relation!.reversed).toBe(false);
    if (!('scan' in difference)) throw new Error('no scan');
    expect(difference.scan.components.bz!.sigma![0]).toBeCloseTo(noise * Math.SQRT2, 15);
    expect(compareScans(at(2, 3), at(-2, 4)).relation!.reversed).toBe(true);
  });

  it('a background that differs is taken off where that is asked for, by samples and by grid', () => {
    const a = fieldScan({ noise, seed: 1, background: { bx: 2e-5, bz: -4e-5 } });
    for (const origin of [[0, 0] as const, [1.4e-3, 0.9e-3] as const]) {
      const b = fieldScan({ noise, seed: 2, origin });
      const kept = compareScans(a, b);
      expect(kept.background).toBeUndefined();
      expect(kept.agreement.rmse).toBeGreaterThan(2e-5);
      const off = compareScans(a, b, { background: 'fit' });
      expect(off.background!.bz).toBeCloseTo(-4e-5, 6);
      expect(off.agreement.rmse).toBeLessThan(0.02 * kept.agreement.rmse);
      for (const bias of off.agreement.bias) expect(Math.abs(bias)).toBeLessThan(1e-18);
    }
  });

  it('a subset and the whole: the overlap says how much was compared', () => {
    const whole = fieldScan({ pitch: 3e-3 });
    const part = scanSubset(
      whole,
      [...whole.x.keys()].filter(i => whole.x[i] < 0.059),
    );
    const { overlap, agreement } = compareScans(whole, part);
    expect(overlap.ofB).toBe(1);
    expect(overlap.ofA).toBeCloseTo(part.count / whole.count, 12);
    expect(overlap.whole).toBeCloseTo(part.count / whole.count, 12);
    expect(agreement.relativeError).toBe(0);
  });

  it('microscopic scans are paired by their own spacing, not within 0.2 mm', () => {
    const tiny = (scan: FieldScan): FieldScan => ({
      ...scan,
      x: scan.x.map(v => 1e-3 * v),
      y: scan.y.map(v => 1e-3 * v),
      z: scan.z.map(v => 1e-3 * v),
    });
    const [a, b] = [tiny(fieldScan()), tiny(fieldScan({ origin: [1.5e-3, 1.5e-3] }))];
    expect(compareScans(a, b).by).toBe('grid');
    expect(compareScans(a, a).agreement.relativeError).toBe(0);
  });
});

describe('two scans at different places', () => {
  it('are compared on a common grid: the same field agrees within the interpolation', () => {
    const { by, agreement } = compareScans(fieldScan(), fieldScan({ origin: [1.4e-3, 0.9e-3] }));
    expect(by).toBe('grid');
    expect(agreement.relativeError).toBeLessThan(0.02);
  });

  it('noise alone gives a chi-squared near 1, also where samples do not lie on a raster', () => {
    const exact = { noise: 5e-6, current: 0.01 };
    const shifted = compareScans(
      fieldScan({ ...exact, seed: 1 }),
      fieldScan({ ...exact, seed: 2, origin: [1.5e-3, 1.5e-3] }),
    );
    expect(shifted.agreement.chi2).toBeGreaterThan(0.9);
    expect(shifted.agreement.chi2).toBeLessThan(1.1);
    const irregular = compareScans(fieldScan({ ...exact, seed: 3 }), fieldScan({ ...exact, seed: 4, jitter: 1e-3 }));
    expect(irregular.by).toBe('grid');
    expect(irregular.agreement.chi2).toBeGreaterThan(0.8);
    expect(irregular.agreement.chi2).toBeLessThan(1.2);
  });

  it('a registration is found, and applied only where it was asked for and is significant', () => {
    const motion: Motion = { shift: [4e-3, -2.5e-3], angle: 0.03, scale: 1, centre: [0.06, 0.042] };
    const [a, b] = [fieldScan({ noise, seed: 1 }), fieldScan({ noise, seed: 2, motion, background: { bx: 1e-5 } })];
    const before = compareScans(a, b);
    expect(before).toMatchObject({ registered: false, by: 'samples' });
    const after = compareScans(a, b, { register: 'rigid' });
    expect(after.registered).toBe(true);
    expect(after.registration!.motion.shift[0]).toBeCloseTo(4e-3, 4);
    expect(after.registration!.motion.shift[1]).toBeCloseTo(-2.5e-3, 4);
    expect(after.registration!.motion.angle).toBeCloseTo(0.03, 2.5);
    expect(after.agreement.correlation).toBeGreaterThan(0.999);
    expect(before.agreement.correlation).toBeLessThan(0.98);
    const none = compareScans(a, fieldScan({ noise, seed: 3 }), { register: 'rigid' });
    expect(none.registered).toBe(false);
    expect(none.notes.join()).toContain('not significant');
  });

  it('a lone component in the plane cannot be turned: only a shift is fitted', () => {
    const only = (scan: FieldScan): FieldScan => ({ ...scan, components: { bx: scan.components.bx! } });
    const { registration, notes } = compareScans(
      only(fieldScan({ noise, seed: 1 })),
      only(fieldScan({ noise, seed: 2, origin: [1e-3, 0] })),
      { register: 'similarity' },
    );
    expect(registration!.model).toBe('shift');
    expect(notes.join()).toContain('cannot be turned');
  });

  it('several planes are compared each with its own', () => {
    const two = (seed: number): FieldScan => {
      const [low, high] = [fieldScan({ noise, seed, z: -8e-3 }), fieldScan({ noise, seed: seed + 1, z: 12e-3 })];
      const join = (pick: (scan: FieldScan) => Float64Array) => Float64Array.from([...pick(low), ...pick(high)]);
      return {
        count: 2 * low.count,
        x: join(s => s.x),
        y: join(s => s.y),
        z: join(s => s.z),
        components: { bz: { values: join(s => s.components.bz!.values) } },
        sigma: noise,
      };
    };
    const got = compareScans(two(1), two(3));
    expect(got.layers.map(layer => layer.z)).toEqual([-8e-3, 12e-3]);
    expect(got.layerAgreements).toHaveLength(2);
    expect(planesOf(Float64Array.of(5e-3, -5e-3, 5.1e-3, -5.2e-3, 7e-3)).map(p => p.length)).toEqual([2, 2, 1]);
  });
});

describe('scans that cannot be compared are refused with a reason', () => {
  const scan = fieldScan();
  const relative = { ...scan, relativeUnit: 'V' };
  const table: [string, FieldScan, FieldScan, RegExp][] = [
    ['units', scan, relative, /A is in T, B in V/],
    [
      'no common component',
      { ...scan, components: { bx: scan.components.bx! } },
      { ...scan, components: { bz: scan.components.bz! } },
      /no component/,
    ],
    ['heights', scan, fieldScan({ z: 16e-3 }), /z = 8 mm, B at 16 mm/],
    ['no overlap', scan, fieldScan({ origin: [0.4, 0.4] }), /do not overlap: A lies at x = 0 to 120 mm/],
    ['too few samples', scanSubset(scan, [0, 1, 2, 3]), fieldScan({ origin: [1e-3, 0] }), /too few|samples/],
  ];
  it.each(table)('%s', (_, a, b, message) => {
    expect(() => compareScans(a, b)).toThrow(InputError);
    expect(() => compareScans(a, b)).toThrow(message);
  });

  it('a few samples at the same places need no map', () => {
    const few = scanSubset(scan, [0, 7, 100]);
    const got = compareScans(few, few);
    expect(got.agreement.count).toBe(3);
    expect(got.ssim).toBeUndefined();
    expect(got.registration).toBeUndefined();
    expect(got.notes.join()).toContain('No maps');
  });

  it('heights that differ a little are compared, and it is said', () => {
    const { notes } = compareScans(scan, fieldScan({ z: 8.2e-3, origin: [1e-3, 1e-3] }));
    expect(notes.join()).toMatch(/8 mm, B at 8\.2 mm/);
  });
});
