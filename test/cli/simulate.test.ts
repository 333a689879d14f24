import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadResult, loadScan } from '../../src/formats/node.js';
import { emptyFolder, savart } from './support.js';

const CELL = `name: small
outline_mm: {width: 40, height: 60}
thickness_mm: 6
current_A: 4
tabs:
  - {name: positive, at_mm: [[4, 60], [16, 60]], share: 1}
  - {name: negative, at_mm: [[24, 60], [36, 60]], share: -1}
`;
const ELECTRICAL = `electrical:
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`;
const PACK = `name: two
cells:
  - {name: A, cell: cell.yaml, at_mm: [0, 0]}
  - {name: B, cell: cell.yaml, at_mm: [45, 0], rotate_deg: 180, resistance_factor: 1.2}
`;
const HOLE = 'hole: {foil: positive, at_mm: [20, 30], radius_mm: 6}';

const folder = emptyFolder();
const path = (name: string) => join(folder, name);
writeFileSync(path('cell.yaml'), CELL + ELECTRICAL);
writeFileSync(path('plain.yaml'), CELL);
writeFileSync(path('pack.yaml'), PACK);
const coarse = ['--model-pitch-mm', '1', '--pitch-mm', '5'];
const run = (...args: string[]) =>
  savart(['simulate', ...args, ...coarse.slice(0, args.includes('--like') ? 2 : 4)], folder);

describe('savart simulate', () => {
  const outcome = run(
    'cell.yaml',
    '-o',
    's.csv',
    '--truth',
    't.h5',
    '--report',
    'r.html',
    '--figure',
    'f.svg',
    '--json',
    '--defect',
    HOLE,
  );

  it('writes scan, truth, report and figure and prints what it did', () => {
    expect(outcome).toMatchObject({ status: 0 });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      cell: 'small',
      samples: 17 * 21,
      outOfRange: 0,
      components: ['bx', 'by', 'bz'],
      current_A: 4,
      noise_T: 50e-9,
      seed: 1,
      pairs: 1,
      harmonicOnly: false,
      sheets_m: [0],
      share: [1],
      leads: 'strips',
      defectField_T: expect.any(Number),
      out: 's.csv',
      truth: 't.h5',
    });
    expect(readFileSync(path('r.html'), 'utf8')).toContain('Simulated scan of small');
    expect(readFileSync(path('f.svg'), 'utf8')).toMatch(/^<svg/);
  });

  it('makes a scan with the noise and the current that it states', async () => {
    const scan = await loadScan(path('s.csv'));
    expect(scan.count).toBe(17 * 21);
    expect(scan.sigma).toBe(50e-9);
    expect(scan.current?.[0]).toBe(4);
    expect([scan.x[0], scan.y[0], scan.z[0]]).toEqual([-0.02, -0.02, 5e-3]);
  });

  it('makes a truth of the layout of a result', async () => {
    const truth = await loadResult(path('t.h5'));
    const [sheet] = truth.sheets;
    expect([sheet.grid.nx, sheet.grid.ny, sheet.z]).toEqual([40, 60, 0]);
    expect(truth.share).toEqual([1]);
    const middle = 30 * 40 + 20;
    expect(Math.abs(sheet.ky[middle] - truth.healthy![0].ky[middle])).toBeGreaterThan(0);
    expect(truth.process.parameters).toMatchObject({ method: 'simulation', seed: 1, defects: [{ kind: 'hole' }] });
    // All of the current crosses the line between the tabs.
    let across = 0;
    for (let iy = 0; iy < 60; iy++) across += sheet.kx[iy * 40 + 20] * sheet.grid.dy;
    expect(across).toBeCloseTo(4, 1);
  });

  it('reads like another scan, with a sensor, and says what is left out', async () => {
    const like = run(
      'cell.yaml',
      '-o',
      'l.h5',
      '--like',
      's.csv',
      '--sensor',
      'hmc5883l',
      '--json',
      '--current-A',
      '-8',
    );
    expect(like.status).toBe(0);
    expect(JSON.parse(like.stdout)).toMatchObject({ sensor: 'HMC5883L', current_A: -8, noise_T: 2e-7 });
    const [a, b] = [await loadScan(path('s.csv')), await loadScan(path('l.h5'))];
    expect(b.count).toBeLessThanOrEqual(a.count);
    expect(like.stderr).toMatch(/samples are left out/);
  });

  it('reads on both sides, and the same for the same seed', async () => {
    const both = ['cell.yaml', '--height-mm', '5,-7', '--components', 'bz', '--noise-nT', '20'];
    expect(run(...both, '-o', 'a.csv', '--seed', '3').status).toBe(0);
    expect(run(...both, '-o', 'b.csv', '--seed', '3').status).toBe(0);
    expect(readFileSync(path('a.csv'))).toEqual(readFileSync(path('b.csv')));
    const scan = await loadScan(path('a.csv'));
    expect(Object.keys(scan.components)).toEqual(['bz']);
    expect(new Set(scan.z)).toEqual(new Set([5e-3, -7e-3]));
  });

  it('takes a cell without electrical for sheets of uniform foils, and says so', () => {
    const plain = run('plain.yaml', '-o', 'p.csv');
    expect(plain.status).toBe(0);
    expect(plain.stdout).toMatch(/uniform foils/);
  });

  it('simulates a pack', async () => {
    const pack = run('pack.yaml', '-o', 'pack.csv', '--json', '--current-A', '9');
    expect(pack.status).toBe(0);
    const { cells } = JSON.parse(pack.stdout);
    expect(cells).toMatchObject([{ name: 'A' }, { name: 'B' }]);
    expect(cells[0].share / cells[1].share).toBeCloseTo(1.2, 6);
    expect(cells[0].current_A + cells[1].current_A).toBeCloseTo(9, 9);
    const scan = await loadScan(path('pack.csv'));
    expect(Math.max(...scan.x)).toBeGreaterThan(0.1);
  });

  it('reads defects from a file', () => {
    writeFileSync(path('defects.yaml'), `- ${HOLE}\n- dead_spot: {at_mm: [10, 10], radius_mm: 4}\n`);
    const found = run('cell.yaml', '-o', 'd.csv', '--defect', 'defects.yaml', '--json');
    expect(JSON.parse(found.stdout).defectField_T).toBeGreaterThan(1e-7);
  });
});

describe('what cannot be simulated', () => {
  it.each([
    [['cell.yaml', '-o', 'x.csv', '--defect', 'hole: {foil: copper, at_mm: [1, 2], radius_mm: 3}'], 1, /hole\.foil/],
    [['cell.yaml', '-o', 'x.csv', '--defect', 'dead_spot: {at_mm: [400, 2], radius_mm: 3}'], 1, /beside the cell/],
    [['plain.yaml', '-o', 'x.csv', '--defect', HOLE], 1, /electrical/],
    [['cell.yaml', '-o', 'x.csv', '--height-mm', '0'], 1, /among the foils/],
    [['cell.yaml', '-o', 'x.csv', '--sensor', 'nose'], 1, /no sensor preset/],
    [['cell.yaml', '-o', 'x.csv', '--sensor', 'RM3100', '--noise-nT', '5'], 2, /--noise-nT/],
    [['cell.yaml', '-o', 'x.csv', '--like', 'cell.yaml', '--height-mm', '5'], 2, /--like/],
    [['cell.yaml', '-o', 'x.doc'], 2, /kind of file/],
    [['cell.yaml', '-o', 'cell.yaml.csv', '--truth', 'cell.yaml'], 2, /--truth/],
    [['cell.yaml'], 2, /--out/],
    [['pack.yaml', '-o', 'x.csv', '--defect', HOLE], 2, /for a cell/],
    [['none.yaml', '-o', 'x.csv'], 1, /no such file/],
  ] as const)('%j ends with status %s', (args, status, message) => {
    const outcome = run(...args);
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
  });
});
