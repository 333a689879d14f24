import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadResult, loadScan } from '../../src/formats/node.js';
import { emptyFolder, frameCsv, savart } from './support.js';

describe('savart invert', () => {
  const folder = emptyFolder();
  const path = (name: string) => join(folder, name);
  writeFileSync(path('scan.csv'), frameCsv());

  it('writes result, report and figure, and prints the numbers that scripts rely on', async () => {
    const args = ['--json', '-o', 'r.h5', '--report', 'r.html', '--figure', 'f.png'];
    const { status, stdout, stderr } = savart(['invert', 'scan.csv', ...args], folder);
    expect(status).toBe(0);
    const printed = JSON.parse(stdout);
    for (const key of ['method', 'target', 'lambda', 'lambdaBy', 'candidates', 'chi2', 'sigma_T', 'resolution_mm']) {
      expect(printed).toHaveProperty(key);
    }
    expect(printed).toMatchObject({
      method: 'fourier',
      samples: 1024,
      rejected: 0,
      sheets_m: [0],
      share: [1],
      out: 'r.h5',
    });
    expect(printed.background_T).toEqual({ x: null, y: null, z: expect.any(Number) });
    expect(printed.candidates[printed.lambdaBy]).toBe(printed.lambda);
    expect(stderr).toContain('Wrote r.h5');

    const result = await loadResult(path('r.h5'));
    expect(result.sheets[0].grid.nx).toBe(32);
    expect(result.process.parameters.lambda).toBe(printed.lambda);
    expect(result.process.inputs[0].sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(path('r.html'), 'utf8')).toContain('What this scan could and could not have seen');
    expect(readFileSync(path('f.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('gives the same map when it is run again, and whatever the order of the samples', async () => {
    savart(['invert', 'scan.csv', '-o', 'a.h5'], folder);
    writeFileSync(
      path('reversed.csv'),
      frameCsv(([head, ...rows]) => [head, ...rows.reverse()]),
    );
    savart(['invert', 'reversed.csv', '-o', 'b.h5'], folder);
    const [a, b] = [await loadResult(path('a.h5')), await loadResult(path('b.h5'))];
    expect(b.sheets[0].kx).toEqual(a.sheets[0].kx);
  });

  it('takes the standoff from the option, and is relative when told so', () => {
    const standoff = JSON.parse(savart(['invert', 'scan.csv', '--json', '--standoff-mm', '20'], folder).stdout);
    const own = JSON.parse(savart(['invert', 'scan.csv', '--json'], folder).stdout);
    expect(standoff.lambda).not.toBe(own.lambda);
    writeFileSync(
      path('volts.csv'),
      frameCsv(([, ...rows]) => ['x_mm,y_mm,z_mm,bz_V', ...rows]),
    );
    const relative = JSON.parse(savart(['invert', 'volts.csv', '--relative', 'V', '--json'], folder).stdout);
    expect(relative.relativeUnit).toBe('V');
  });

  it('rejects a spike and says so', () => {
    const spiked = frameCsv(lines => lines.map((line, i) => (i === 300 ? line.replace(/[^,]+$/, '900') : line)));
    writeFileSync(path('spike.csv'), spiked);
    const { stdout, stderr } = savart(['invert', 'spike.csv', '--json'], folder);
    expect(JSON.parse(stdout).rejected).toBe(1);
    expect(stderr).toContain('rejected');
  });
});

describe('savart convert', () => {
  it('takes a scan through every format and back unchanged', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'a.csv'), frameCsv());
    let from = 'a.csv';
    for (const to of ['b.npz', 'c.h5', 'd.mat', 'e.npy', 'f.csv']) {
      expect(savart(['convert', from, to], folder)).toMatchObject({ status: 0 });
      from = to;
    }
    const [first, last] = [await loadScan(join(folder, 'a.csv')), await loadScan(join(folder, 'f.csv'))];
    expect(last.components.bz!.values).toEqual(first.components.bz!.values);
    expect(last.x).toEqual(first.x);
  });
});

describe('savart demo', () => {
  it('inverts the example that comes with the package', () => {
    const folder = emptyFolder();
    const { status, stdout } = savart(['demo', '--measured', '-o', 'out'], folder);
    expect(status).toBe(0);
    expect(stdout).toContain('resolution');
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['current.h5', 'current.png', 'report.html']);
    expect(existsSync(join(folder, 'savart-demo'))).toBe(false);
  });
});
