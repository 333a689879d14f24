import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FourierSolution, fourierInversion } from '../../../inversion/fourier/fourierInversion.js';
import type { FieldMap } from '../../../src/fieldMap.js';
import { parseScanNpz, readImage } from '../../../src/formats/npzScan.js';
import { expectBelow, rms } from './support.js';

/**
 * A measurement by others (examples/squid_current_600Hz): flux over a thin film that carries a current, its scale unknown.
 * So ratios are checked: the current through the lead is the same on every row, and the sheet beside it carries as much.
 */
const read = (name: string) => {
  return new Uint8Array(readFileSync(new URL(`../../../examples/squid_current_600Hz/${name}`, import.meta.url)));
};
const scan = parseScanNpz(read('mag.npz'));
const { values, nx, ny, dx, dy } = readImage(read('mag.npz'));
const least = (axis: Float64Array) => axis.reduce((a, b) => Math.min(a, b));
const map: FieldMap = {
  grid: { nx, ny, x0: least(scan.x), y0: least(scan.y), dx, dy },
  z: scan.z[0],
  components: { bz: values },
};

const inside = (v: number, fromUm: number, toUm: number) => v >= 1e-6 * fromUm && v <= 1e-6 * toUm;
const xOf = (ix: number) => map.grid.x0 + ix * dx;
const yOf = (iy: number) => map.grid.y0 + iy * dy;
const columns = Array.from({ length: nx }, (_, ix) => ix);
const rows = Array.from({ length: ny }, (_, iy) => iy);
const mean = (totals: readonly number[]) => totals.reduce((sum, v) => sum + v) / totals.length;

/** Current through each row of the lead. */
function leadTotals({ current }: FourierSolution): number[] {
  const across = columns.filter(ix => inside(xOf(ix), -15, 35));
  return rows
    .filter(iy => inside(yOf(iy), -110, -55))
    .map(iy => across.reduce((sum, ix) => sum + current.ky[iy * nx + ix] * dx, 0));
}

/** Current to the left through each column of the left sheet. */
function sheetTotals({ current }: FourierSolution): number[] {
  const across = rows.filter(iy => inside(yOf(iy), -60, 30));
  return columns
    .filter(ix => inside(xOf(ix), -115, -75))
    .map(ix => -across.reduce((sum, iy) => sum + current.kx[iy * nx + ix] * dy, 0));
}

const variation = (totals: readonly number[]) => rms(totals.map(v => v - mean(totals))) / Math.abs(mean(totals));

/** Largest slope and peak of the lead's profile, averaged over its rows, in parts of its area: 1/m^2 and 1/m. */
function sharpness({ current }: FourierSolution): { slope: number; peak: number } {
  const along = rows.filter(iy => inside(yOf(iy), -110, -55));
  const profile = columns.map(ix => mean(along.map(iy => current.ky[iy * nx + ix])));
  const area = columns.filter(ix => inside(xOf(ix), -15, 35)).reduce((sum, ix) => sum + Math.abs(profile[ix]) * dx, 0);
  const slopes = profile.slice(1).map((v, i) => Math.abs(v - profile[i]) / dx);
  return { slope: Math.max(...slopes) / area, peak: Math.max(...profile.map(Math.abs)) / area };
}

describe('a measured current in a thin film', () => {
  const plain = fourierInversion(map);
  const sensor = { kind: 'dipole', image: readImage(read('psf.npz')), height: 1e-6 } as const;
  const deblurred = fourierInversion(map, { sensor, exterior: plain.exterior });

  it('is read in its own geometry: 201 x 151 readings, 1 um above the film', () => {
    expect([nx, ny, scan.count]).toEqual([201, 151, 201 * 151]);
    expect(map.z).toBeCloseTo(1e-6, 12);
    expect([xOf(0), xOf(nx - 1)].map(x => Math.round(1e8 * x))).toEqual([-12924, 12924]);
  });

  it('is the same on every row of the lead', () => {
    expectBelow(variation(leadTotals(plain)), 0.007);
  });

  it('goes on in full in the sheet beside it', () => {
    const ratio = mean(sheetTotals(plain)) / mean(leadTotals(plain));
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.05);
  });

  it('has noise along its scan lines, so GCV is not believed', () => {
    expect(plain.lineNoise).toBeGreaterThan(10);
    expect(plain.choice.by).not.toBe('gcv');
  });

  it('is as well conserved, and its edges are sharper, with the measured point-spread function of the sensor', () => {
    expectBelow(variation(leadTotals(deblurred)), 0.0075);
    const [before, after] = [sharpness(plain), sharpness(deblurred)];
    expect(after.slope).toBeGreaterThan(1.03 * before.slope);
    expect(after.peak).toBeGreaterThan(1.01 * before.peak);
  });
});
