import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadResult } from '../../src/formats/node.js';
import { random } from '../../src/random.js';
import { pythonHas, runPython } from '../formats/python.js';
import { emptyFolder, savart } from './support.js';

const CELL = `name: small
outline_mm: {width: 40, height: 60}
thickness_mm: 6
sheets_mm: [2, -2]
current_A: 4
tabs:
  - {name: positive, at_mm: [[0, 60], [40, 60]], share: 1}
  - {name: negative, at_mm: [[0, 0], [40, 0]], share: -1}
`;

interface Csv {
  readonly columns?: string;
  readonly noise?: string;
  readonly z?: readonly number[];
  /** Further columns of sample i at (x, y, z), mm. */
  readonly more?: (i: number) => string;
  /** Offset of the positions, mm, and factor of the field. */
  readonly shift?: number;
  readonly field?: number;
  readonly left?: number;
}

/**
 * Two planes of samples over the cell above, whose healthy current is even: the field of two endless strips, as wide as
 * the cell, that carry `field` amperes towards -y, in uT with noise as stated.
 */
function scanCsv(csv: Csv = {}): string {
  const { columns = '', noise = '# sigma_uT: 0.05\n', z = [7, -7], more, shift = 0, field = 4, left = -8 } = csv;
  const rng = random(1);
  const rows: string[] = [];
  const k = (-0.2 * field) / 0.04 / 2; // mu0 / (2 pi) K_y of one sheet, uT
  for (const height of z) {
    for (let y = -10; y <= 70; y += 4) {
      for (let x = left; x <= 48; x += 4) {
        let [bx, bz] = [0.05 * rng.normal(), 0.05 * rng.normal()];
        for (const sheet of [2, -2]) {
          const h = height - sheet;
          bx += k * (Math.atan(x / h) - Math.atan((x - 40) / h));
          bz -= k * Math.log(Math.hypot(x, h) / Math.hypot(x - 40, h));
        }
        const own = [x + shift, y, height, bx, 0.05 * rng.normal(), bz].map(v => Number(v.toPrecision(8)));
        rows.push(`${own.join(',')}${more?.(rows.length) ?? ''}`);
      }
    }
  }
  return `${noise}x_mm,y_mm,z_mm,bx_uT,by_uT,bz_uT${columns}\n${rows.join('\n')}\n`;
}

const folder = emptyFolder();
const path = (name: string) => join(folder, name);
const file = (name: string, content: string) => {
  writeFileSync(path(name), content);
  return name;
};
const run = (...args: string[]) => savart(['invert', ...args], folder);
file('cell.yaml', CELL);
file('scan.csv', scanCsv());

describe('savart invert --cell', () => {
  const three = Array(3).fill(expect.any(Number));
  const args = ['--json', '-o', 'r.h5', '--report', 'r.html', '--figure', 'f.png'];
  const outcome = run('scan.csv', '--cell', 'cell.yaml', ...args);

  it('is bounded by default and prints the numbers that scripts rely on', () => {
    expect(outcome).toMatchObject({ status: 0 });
    const printed = JSON.parse(outcome.stdout);
    expect(printed).toMatchObject({
      method: 'bounded',
      target: 'current',
      lambda: expect.any(Number),
      lambdaBy: expect.stringMatching(/^(gcv|discrepancy|lcurve)$/),
      candidates: { gcv: expect.any(Number) },
      chi2: expect.any(Number),
      sigma_T: expect.any(Number),
      degrees: expect.any(Number),
      departure: expect.any(Number),
      place: {
        applied: { shift_mm: three, turn_deg: three },
        left: { shift_mm: three, turn_deg: three },
        error: { shift_mm: three, turn_deg: three },
      },
      resolution_mm: expect.any(Number),
      samples: expect.any(Number),
      rejected: expect.any(Number),
      background_T: { x: expect.any(Number), y: expect.any(Number), z: expect.any(Number) },
      sheets_m: [0.002, -0.002],
      totalCurrent_A: expect.any(Number),
      seconds: expect.any(Number),
      estimate: { unknowns: expect.any(Number), megaBytes: expect.any(Number), seconds: expect.any(Number) },
      out: 'r.h5',
    });
    expect(printed.share[0] + printed.share[1]).toBeCloseTo(1, 12);
    expect(printed.totalCurrent_A).toBeCloseTo(4, 0);
    expect(printed.samples + printed.rejected).toBe(3 * (scanCsv().split('\n').length - 3));
    expect(Object.keys(printed.largestDeparture)).toEqual(
      expect.arrayContaining(['x_mm', 'y_mm', 'size_A_per_m', 'error_A_per_m', 'significant']),
    );
  });

  it('takes what is known of the bench, and prints what it fitted', () => {
    const bench = ['--gain-error-pct', '0.5', '--position-error-mm', '0.1', '--current-error-pct', '1'];
    const sensors = ['--sensor-disc-mm', '2', '--background', 'linear', '--place', 'given', '--no-errors'];
    const { status, stdout } = run('scan.csv', '--cell', 'cell.yaml', '--json', ...bench, ...sensors);
    expect(status).toBe(0);
    const printed = JSON.parse(stdout);
    expect(printed).toMatchObject({ gainError: 0.005, positionError_mm: 0.1 });
    const names = printed.nuisances.map(({ name }: { name: string }) => name);
    expect(names).toContain('total current');
    expect(names.filter((name: string) => name.startsWith('background slope')).length).toBe(5);
  });

  it('says the verdict first, then what the fit means, and what was written', () => {
    const { stdout, status } = run('scan.csv', '--cell', 'cell.yaml');
    expect(status).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/departure from the healthy cell.* at x = .*mm, y = .*mm/);
    expect(stdout).toMatch(/chi2 = \d/);
    expect(outcome.stderr).toContain('Wrote r.h5');
  });

  it('writes every sheet, the healthy cell, the residual and the record', async () => {
    const result = await loadResult(path('r.h5'));
    expect(result.sheets.map(sheet => sheet.z)).toEqual([0.002, -0.002]);
    expect(result.healthy).toHaveLength(2);
    expect(result.share).toHaveLength(2);
    const { kx, ky, kxErrors, resolution, grid } = result.sheets[0];
    for (const values of [kx, ky, kxErrors!, resolution!]) expect(values.some(Number.isFinite)).toBe(true);
    expect(grid.x0).toBeLessThan(1e-3);
    // The current comes in at the top and goes out below.
    const middle = Math.floor(grid.ny / 2) * grid.nx;
    const down = result.sheets.flatMap(sheet => [...sheet.ky.slice(middle, middle + grid.nx)]);
    expect(down.reduce((sum, v) => sum + (Number.isNaN(v) ? 0 : v), 0) * grid.dx).toBeCloseTo(-4, 0);
    expect(result.process.cell).toBe(CELL);
    expect(result.process.inputs.map(input => input.name)).toEqual(['scan.csv', 'cell.yaml']);
    expect(result.process.parameters.method).toBe('bounded');
    expect(result.residual!.rejected).toHaveLength(result.residual!.x.length);
  });

  it('reports each sheet, its departure, errors and residuals of each plane, and what could be seen', () => {
    const html = readFileSync(path('r.html'), 'utf8');
    for (const text of [
      'Departure from the healthy cell',
      'Sheet current density, z = 2',
      'Error of the current density, z = −2',
      'Residual of B',
      'Choice of the regularisation',
      'dead spot',
      'susceptibility',
      'samples above and below',
      'Share of the sheet',
      'The cell as it was read',
    ])
      expect(html.replaceAll('\u00a0', ' ')).toContain(text);
    expect(readFileSync(path('f.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  const readable = pythonHas('h5py', 'numpy');
  it.runIf(readable)('h5py finds everything where it belongs', () => {
    const read = runPython(
      `
import h5py, json, sys, numpy as np
with h5py.File(sys.argv[1]) as f:
    c = f['entry/current_density']; h = f['entry/healthy_current_density']; r = f['entry/residual']; p = f['entry/process']
    text = lambda d: d[()].decode()
    print(json.dumps(dict(
        signal=c.attrs['signal'], axes=list(c.attrs['axes']), z=c['z'][()].tolist(), share=c['share'][()].tolist(),
        shapes=[list(c[n].shape) == [2, len(c['y']), len(c['x'])] for n in ('magnitude', 'Kx', 'Ky', 'Kx_errors', 'Ky_errors')],
        healthy=[list(h[n].shape) for n in ('Kx', 'Ky')] == [list(c[n].shape) for n in ('Kx', 'Ky')], kind=h.attrs['NX_class'],
        ascending=bool((np.diff(c['y'][()]) > 0).all()), units=[c['Kx'].attrs['units'], h['Kx'].attrs['units']],
        residual=sorted(r.keys()), counts=len({len(r[n]) for n in r}), cell=text(p['cell']), method=json.loads(text(p['parameters']))['method'],
        resolution=list(f['entry/resolution/resolution'].shape) == list(c['Kx'].shape))))
`,
      path('r.h5'),
    );
    expect(read).toMatchObject({
      signal: 'magnitude',
      axes: ['z', 'y', 'x'],
      z: [0.002, -0.002],
      shapes: [true, true, true, true, true],
      healthy: true,
      kind: 'NXdata',
      ascending: true,
      units: ['A/m', 'A/m'],
      residual: ['bx', 'by', 'bz', 'rejected', 'x', 'y', 'z'],
      counts: 1,
      cell: CELL,
      method: 'bounded',
      resolution: true,
    });
  });

  it('leaves out errors when told so, and takes lambda when given', async () => {
    const { status, stdout } = run(
      'scan.csv',
      '--cell',
      'cell.yaml',
      '--no-errors',
      '--lambda',
      '1e-5',
      '--json',
      '-o',
      'n.h5',
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      lambda: 1e-5,
      lambdaBy: 'given',
      largestDeparture: { significant: null },
    });
    expect((await loadResult(path('n.h5'))).sheets[0].kxErrors).toBeUndefined();
  });

  it('warns of a tab that the scan does not reach', () => {
    const rows = scanCsv().split('\n');
    file('cut.csv', rows.filter(row => !(Number(row.split(',')[1]) > 40)).join('\n'));
    expect(run('cut.csv', '--cell', 'cell.yaml').stderr).toMatch(/warning: .*does not reach tab 'positive'/);
  });
});

describe('the current', () => {
  it('of the scan wins over that of the cell', () => {
    file('current.csv', scanCsv({ columns: ',current_A', more: i => `,${2 + 0.001 * (i % 2)}`, field: 2 }));
    const { stdout } = run('current.csv', '--cell', 'cell.yaml', '--json');
    expect(JSON.parse(stdout).totalCurrent_A).toBeCloseTo(2, 0);
  });

  it('must be steady', () => {
    file('unsteady.csv', scanCsv({ columns: ',current_A', more: i => `,${i < 20 ? 3.5 : 4}` }));
    const { status, stderr } = run('unsteady.csv', '--cell', 'cell.yaml');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /unsteady\.csv, 'current_A': the current runs from 3\.5 A to 4 A, up to 13 % off its median of 4 A/,
    );
  });

  it('must be known', () => {
    file('bare.yaml', CELL.replace('current_A: 4\n', ''));
    const { status, stderr } = run('scan.csv', '--cell', 'bare.yaml');
    expect(status).toBe(1);
    expect(stderr).toMatch(/bare\.yaml: the current is not known; give current_A/);
  });
});

describe('--reference', () => {
  it('takes the field without current away', () => {
    file('off.csv', scanCsv({ shift: 0.15, field: 0 }));
    const { status, stdout } = run(
      'scan.csv',
      '--cell',
      'cell.yaml',
      '--reference',
      'off.csv',
      '--json',
      '-o',
      'ref.h5',
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout).sigma_T).toBeCloseTo(Math.SQRT2 * 5e-8, 12);
  });

  it('must have been taken at the same places', () => {
    file('off.csv', scanCsv({ left: 0, field: 0 }));
    const { status, stderr } = run('scan.csv', '--cell', 'cell.yaml', '--reference', 'off.csv');
    expect(status).toBe(1);
    expect(stderr).toMatch(/off\.csv: 84 of 630 samples of the scan have no sample of the reference within 0\.2 mm/);
  });
});

describe('a cell that is wrong is told by file and line', () => {
  it.each([
    ['an unknown key', CELL.replace('thickness_mm', 'thicknes_mm'), /bad\.yaml, line 3, 'thicknes_mm'.*thickness_mm/],
    ['a tab off the outline', CELL.replace('[[0, 60]', '[[0, 61]'), /bad\.yaml, line 7, 'tabs\[0\].*;/],
    ['shares that do not add up', CELL.replace('share: -1', 'share: -0.9'), /bad\.yaml, line [678].*share.*;/],
    ['no YAML', 'name: [small\n', /bad\.yaml, line \d.*;/],
    ['no tabs', CELL.slice(0, CELL.indexOf('tabs:')), /bad\.yaml, 'tabs': the cell has no tabs.*;/],
  ])('%s', (_, text, sentence) => {
    file('bad.yaml', text);
    const before = readdirSync(folder).sort();
    const { status, stderr, stdout } = run('scan.csv', '--cell', 'bad.yaml', '-o', 'never.h5', '--json');
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(sentence);
    expect(JSON.parse(stdout).error.file).toBe('bad.yaml');
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('a cell that is not there, or a folder', () => {
    mkdirSync(path('folder.yaml'), { recursive: true });
    expect(run('scan.csv', '--cell', 'none.yaml').stderr).toMatch(/none\.yaml: there is no such file;/);
    expect(run('scan.csv', '--cell', 'folder.yaml').stderr).toMatch(/folder\.yaml: is a folder;/);
  });
});

describe('options of one method are wrong usage with the other', () => {
  it.each([
    ['bounded without a cell', ['--method', 'bounded'], /--cell cell\.yaml/],
    ['order', ['--cell', 'cell.yaml', '--order', '2'], /--order is an option of the Fourier method/],
    ['standoff', ['--cell', 'cell.yaml', '--standoff-mm', '6'], /--standoff-mm.*z/],
    ['no background', ['--cell', 'cell.yaml', '--background', 'none'], /--background none is a choice of the Fourier/],
    ['slopes', ['--background', 'linear'], /--background linear is an option of the bounded method/],
    ['gain', ['--gain-error-pct', '1'], /--gain-error-pct is an option of the bounded method/],
    ['a negative error', ['--cell', 'cell.yaml', '--position-error-mm', '-1'], /--position-error-mm must be between 0/],
    ['place', ['--place', 'given'], /--place is an option of the bounded method/],
    ['no errors', ['--no-errors'], /--no-errors is an option of the bounded method/],
    ['pitch', ['--cell', 'cell.yaml', '--method', 'fourier', '--pitch-mm', '1'], /--pitch-mm/],
    ['a lambda that is none', ['--cell', 'cell.yaml', '--lambda', '0'], /--lambda must be larger than 0/],
    ['an output over the cell', ['--cell', 'cell.h5', '-o', 'cell.h5'], /is an input/],
    ['an unknown method', ['--method', 'magic'], /bounded, fourier/],
  ])('%s', (_, args, sentence) => {
    const { status, stderr } = run('scan.csv', ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
  });
});
