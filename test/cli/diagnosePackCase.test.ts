import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readNpy } from '../../src/formats/npy.js';
import { emptyFolder, savart } from './support.js';

const CASE = fileURLToPath(new URL('../../../shared/cases/pack-4p/', import.meta.url));
const MISSING = !existsSync(CASE);
if (MISSING) console.warn('skipped: ../shared/cases/pack-4p is not there');

describe.skipIf(MISSING)('pack-4p: 24 scans of four cells in parallel, wires that nobody describes', () => {
  it('currents, shares, flags', () => {
    const scans = readdirSync(`${CASE}scans`).sort();
    const run = savart(
      ['diagnose', ...scans.map(name => `${CASE}scans/${name}`), '--pack', `${CASE}pack.yaml`, '--json'],
      emptyFolder(),
    );
    expect(run.status, run.stderr).toBe(0);
    const found: { scan: string; cells: Record<string, number & string & boolean>[] }[] = JSON.parse(run.stdout).scans;
    const currents = readNpy(readFileSync(`${CASE}truth/cell_current_A.npy`));
    if (currents.kind !== 'array') throw new Error('cell_current_A.npy holds no plain array');
    const truth = currents.data as Float64Array;
    const { imbalanced } = JSON.parse(readFileSync(`${CASE}truth/case.json`, 'utf8'));
    let [square, within] = [0, 0];
    found.forEach(({ cells }, s) => {
      const own = truth.subarray(4 * s, 4 * s + 4);
      const total = own.reduce((sum, v) => sum + v, 0);
      cells.forEach(({ current_A: current, sigma_A: sigma, share }, k) => {
        square += (current / own[k] - 1) ** 2 / truth.length;
        if (Math.abs(current - own[k]) < 3 * sigma) within++;
        expect(Math.abs(share - own[k] / total)).toBeLessThan(5e-4);
      });
    });
    expect(Math.sqrt(square)).toBeLessThan(0.002);
    expect(within).toBe(truth.length);
    const flags = found.flatMap(({ scan, cells }) =>
      cells.flatMap(({ name, flagged }) => (flagged ? [[scan, name]] : [])),
    );
    expect(flags).toEqual(Object.entries<[string, number]>(imbalanced).map(([scan, [name]]) => [scan, name]));
  }, 300_000);
});
