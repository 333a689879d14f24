import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { random } from '../../src/random.js';
import { emptyFolder, savart } from './support.js';

/** A scan of 12 x 10 samples: a pattern of random strength, noise, and a spot where it is asked for. */
function scanCsv(seed: number, spot = 0): string {
  const source = random(seed);
  const strength = source.normal();
  const rows = ['x_mm,y_mm,z_mm,bz_uT'];
  for (let iy = 0; iy < 10; iy++) {
    for (let ix = 0; ix < 12; ix++) {
      const bump = spot * Math.exp(-((ix - 8) ** 2 + (iy - 3) ** 2) / 2);
      rows.push([5 * ix, 5 * iy, 10, 50 + 2 * strength * Math.sin(ix / 4) + 0.1 * source.normal() + bump].join(','));
    }
  }
  return `${rows.join('\n')}\n`;
}

const folder = emptyFolder();
const good = Array.from({ length: 12 }, (_, i) => join(folder, `good${i}.csv`));
good.forEach((path, i) => {
  writeFileSync(path, scanCsv(i));
});
const fresh = join(folder, 'fresh.csv');
const bad = join(folder, 'bad.csv');
writeFileSync(fresh, scanCsv(100));
writeFileSync(bad, scanCsv(101, 2));
const model = join(folder, 'model.h5');

describe('savart diagnose --reference', () => {
  it('flags the scan that differs and says where; saves the model; writes a report that stands alone', () => {
    const report = join(folder, 'report.html');
    const run = savart([
      'diagnose',
      fresh,
      bad,
      '--reference',
      ...good,
      '--save-reference',
      model,
      '--report',
      report,
      '--json',
    ]);
    expect(run.status, run.stderr).toBe(0);
    const { scans, pca } = JSON.parse(run.stdout);
    expect(scans.map((s: { scan: string; flagged: boolean }) => [s.scan, s.flagged])).toEqual([
      ['fresh', false],
      ['bad', true],
    ]);
    expect(Math.hypot(scans[1].where_mm[0] - 40, scans[1].where_mm[1] - 15)).toBeLessThan(4);
    expect(scans[1].q).toBeGreaterThan(pca.qLimit);
    expect(scans[0].t2).toBeLessThan(pca.t2Limit);
    expect(pca.components).toBe(1);
    expect(pca.explained[0]).toBeGreaterThan(0.9);
    expect(run.stderr).toContain('bad');
    const html = readFileSync(report, 'utf8');
    expect(html).toContain('Control chart');
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toMatch(/src="http/);
  });

  it('a saved model gives what the scans gave', () => {
    const statistics = (args: string[]) =>
      JSON.parse(savart(['diagnose', fresh, bad, ...args, '--json']).stdout).scans.map(
        (s: { t2: number; q: number }) => [s.t2, s.q],
      );
    expect(statistics(['--reference', model])).toEqual(statistics(['--reference', ...good]));
  });

  it('a cohort is judged map by map, each by the others', () => {
    const run = savart(['diagnose', ...good.slice(0, 8), bad, '--reference', ...good.slice(0, 8), bad, '--json']);
    const { scans } = JSON.parse(run.stdout);
    expect(scans.every((s: { inReference: boolean }) => s.inReference)).toBe(true);
    expect(scans.filter((s: { flagged: boolean }) => s.flagged).map((s: { scan: string }) => s.scan)).toEqual(['bad']);
  });

  it.each([
    ['nothing to compare with', [fresh], 2, '--reference'],
    ['too small a reference', [fresh, '--reference', ...good.slice(0, 2)], 1, 'too few'],
    ['a file that is not there', [join(folder, 'none.csv'), '--reference', ...good], 1, 'no such file'],
    ['an impossible number of components', [fresh, '--reference', ...good, '--components', '12'], 2, '1 to 11'],
    ['a model that would replace its scans', [fresh, '--reference', model, '--save-reference', model], 2, 'already'],
    ['a model as scan', [model, '--reference', ...good], 1, 'not a scan'],
  ])('%s: one sentence, the right status, no file', (_, args, status, words) => {
    const out = join(folder, 'never.html');
    const run = savart(['diagnose', ...args, '--report', out]);
    expect(run.status, run.stderr).toBe(status);
    expect(run.stderr).toContain(words);
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(out)).toBe(false);
  });

  it('maps of another kind are refused by name', () => {
    const other = join(folder, 'bx.csv');
    writeFileSync(other, scanCsv(5).replace('bz_uT', 'bx_uT'));
    const run = savart(['diagnose', other, '--reference', ...good]);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/bx\.csv.*bx in T.*bz in T/);
  });
});
