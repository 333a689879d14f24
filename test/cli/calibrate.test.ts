import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCalibration } from '../../sensors/calibration/calibrationFile.js';
import { random } from '../../src/random.js';
import { emptyFolder, savart } from './support.js';

const RIG = `name: r
sensors:
  - {name: top, driver: text_line, connect: {virtual: true}, preset: MMC5983MA, rate_Hz: 100}
`;
const GAIN = [1.03, 0.97, 1.01];
const OFFSET = [3, -12, 0.5];

/** Readings in uT of a sensor turned at random in a field of 48 uT. */
function turned(): string {
  const rng = random(2);
  const rows = Array.from({ length: 60 }, () => {
    const u = [rng.normal(), rng.normal(), rng.normal()];
    const v = u.map((x, c) => (48 * x) / Math.hypot(...u) / GAIN[c] + OFFSET[c] + 0.02 * rng.normal());
    return ['0,0,0', ...v.map(b => b.toFixed(5))].join(',');
  });
  return `x_mm,y_mm,z_mm,bx_uT,by_uT,bz_uT\n${rows.join('\n')}\n`;
}

const folder = emptyFolder();
writeFileSync(join(folder, 'rig.yaml'), RIG);
writeFileSync(join(folder, 'turned.csv'), turned());

describe('savart calibrate', () => {
  it('writes gain and offset with date, residual and the hash of the input, and tells them', () => {
    const args = ['calibrate', 'rig.yaml', '--rotations', 'turned.csv', '--field-uT', '48', '-o', 'top.yaml', '--json'];
    const { status, stdout, stderr } = savart([...args, '--report', 'top.html'], folder);
    expect(status, stderr).toBe(0);
    const found = parseCalibration(readFileSync(join(folder, 'top.yaml'), 'utf8'), 'top.yaml');
    const [element] = found.elements;
    for (let c = 0; c < 3; c++) {
      expect(element.gain[c][c]).toBeCloseTo(GAIN[c], 2);
      expect(Math.abs(element.offset_nT[c] - 1e3 * OFFSET[c])).toBeLessThan(5 * element.errors.offset_nT![c]);
    }
    expect(found.steps[0]).toMatchObject({ kind: 'rotations', input: 'turned.csv', readings: 60 });
    expect(found.steps[0].sha256).toMatch(/^[0-9a-f]{64}$/);
    const told = JSON.parse(stdout);
    expect(told.fits[0].residual_T).toBeGreaterThan(10e-9);
    expect(told.fits[0].residual_T).toBeLessThan(30e-9);
    expect(stderr).toContain('1 element calibrated');
    expect(readFileSync(join(folder, 'top.html'), 'utf8')).toContain('Calibration of top');
  });

  it.each([
    [['--rotations', 'none.csv'], 1, /none\.csv: there is no such file/],
    [[], 2, /nothing to calibrate from/],
    [['--wire', 'turned.csv'], 2, /1 files of --wire and 0 paths/],
    [['--wire', 'turned.csv', '--wire-path-mm', '0,0,0 0,100,0'], 1, /does not say the current/],
    [['--rotations', 'turned.csv', '--sensor', 'low'], 1, /has no sensor low; give --sensor, one of top/],
  ])('%j is refused', (options, expected, message) => {
    const { status, stderr } = savart(['calibrate', 'rig.yaml', ...options, '-o', 'x.yaml'], folder);
    expect(status).toBe(expected);
    expect(stderr).toMatch(message);
  });
});
