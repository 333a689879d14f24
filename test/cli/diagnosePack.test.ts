import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, savart } from './support.js';

const folder = emptyFolder();
const file = (name: string) => join(folder, name);
const scans = [1, 2, 3].map(seed => file(`scan-${seed}.csv`));

/** Three cells side by side, the second with this much of the others' resistance. */
const packText = (factor: number) => `name: three
topology: parallel
current_A: 15
cells:
${[0, 1, 2]
  .map(
    k =>
      `  - {name: ${'ABC'[k]}, cell: cell.yaml, at_mm: [${46 * k}, 0], rotate_deg: 0, resistance_factor: ${k === 1 ? factor : 1}}`,
  )
  .join('\n')}
`;

beforeAll(() => {
  writeFileSync(
    file('cell.yaml'),
    `name: small
outline_mm: {width: 40, height: 50}
thickness_mm: 4
current_A: 5
tabs:
  - {name: positive, at_mm: [[16, 50], [6, 50]], share: 1, length_mm: 8}
  - {name: negative, at_mm: [[34, 50], [24, 50]], share: -1, length_mm: 8}
electrical:
  pairs: 1
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`,
  );
  writeFileSync(file('pack.yaml'), packText(1));
  writeFileSync(file('faulty.yaml'), packText(1.3));
  scans.forEach((path, s) => {
    const run = savart(
      ['simulate', 'faulty.yaml', '--height-mm', '6', '--pitch-mm', '5', '--seed', String(s + 1), '-o', path],
      folder,
    );
    expect(run.status, run.stderr).toBe(0);
  });
}, 60_000);

describe('savart diagnose --pack', () => {
  it('finds the current of every simulated cell and flags the one with 30 % more resistance', () => {
    const run = savart(
      ['diagnose', ...scans, '--pack', 'pack.yaml', '--json', '--report', 'pack.html', '--figure', 'pack.png'],
      folder,
    );
    expect(run.status, run.stderr).toBe(0);
    const found = JSON.parse(run.stdout);
    expect(Object.keys(found.pca)).toEqual(expect.arrayContaining(['components', 'explained', 't2Limit', 'qLimit']));
    const conductances = [1, 1 / 1.3, 1];
    const sum = conductances.reduce((a, b) => a + b, 0);
    expect(found.scans.map((s: { scan: string }) => s.scan)).toEqual(['scan-1', 'scan-2', 'scan-3']);
    for (const { cells, flagged } of found.scans) {
      expect(flagged).toBe(true);
      cells.forEach((cell: Record<string, number | string | boolean>, k: number) => {
        expect(cell.name).toBe('ABC'[k]);
        expect(cell.flagged).toBe(k === 1);
        expect(Math.abs((cell.current_A as number) / ((15 * conductances[k]) / sum) - 1)).toBeLessThan(0.02);
        expect(Math.abs((cell.share as number) - conductances[k] / sum)).toBeLessThan(0.005);
        expect(cell.sigma_A).toBeGreaterThan(0);
      });
      expect(cells[1].resistanceDeviation).toBeGreaterThan(0.25);
      expect(cells[1].resistanceDeviation).toBeLessThan(0.35);
    }
    expect(readFileSync(file('pack.html'), 'utf8')).toContain('out of line');
    expect(existsSync(file('pack.png'))).toBe(true);
  }, 60_000);

  it('one scan alone is judged by its like cells', () => {
    const run = savart(['diagnose', scans[1], '--pack', 'pack.yaml', '--json'], folder);
    expect(run.status, run.stderr).toBe(0);
    const [{ scan, cells }] = JSON.parse(run.stdout).scans;
    expect(scan).toBe('scan-2');
    expect(cells.map((cell: { flagged: boolean }) => cell.flagged)).toEqual([false, true, false]);
  }, 60_000);

  it('against scans of the same pack that count as good nothing is out of line', () => {
    const run = savart(
      ['diagnose', scans[2], '--pack', 'pack.yaml', '--reference', scans[0], scans[1], '--json'],
      folder,
    );
    expect(run.status, run.stderr).toBe(0);
    const { scans: judged } = JSON.parse(run.stdout);
    expect(judged).toHaveLength(1);
    for (const cell of judged[0].cells) {
      expect(cell.flagged).toBe(false);
      expect(Math.abs(cell.resistanceDeviation)).toBeLessThan(0.02);
    }
  }, 60_000);

  it('of cells in series each has the current of the pack, and none is compared', () => {
    writeFileSync(
      file('series.yaml'),
      packText(1).replace('parallel', 'series').replace('current_A: 15', 'current_A: 5'),
    );
    const simulated = savart(
      ['simulate', 'series.yaml', '--height-mm', '6', '--pitch-mm', '5', '-o', 'series.csv'],
      folder,
    );
    expect(simulated.status, simulated.stderr).toBe(0);
    const run = savart(['diagnose', 'series.csv', '--pack', 'series.yaml', '--json'], folder);
    expect(run.status, run.stderr).toBe(0);
    for (const cell of JSON.parse(run.stdout).scans[0].cells) {
      expect(Math.abs(cell.current_A / 5 - 1)).toBeLessThan(0.02);
      expect(cell.flagged).toBe(false);
    }
  }, 60_000);

  it.each([
    ['a pack that is not there', ['--pack', 'none.yaml'], 1, 'none.yaml'],
    ['a threshold that is none', ['--pack', 'pack.yaml', '--threshold', 'much'], 2, '--threshold'],
    ['neither a pack nor a reference', [], 2, '--pack'],
    ['a report over the pack', ['--pack', 'pack.yaml', '--report', 'pack.yaml'], 2, 'pack.yaml'],
  ])('%s: one sentence, nothing written', (_, args, status, sentence) => {
    const run = savart(['diagnose', scans[0], ...args], folder);
    expect(run.status).toBe(status);
    expect(run.stderr).toContain(sentence);
    expect(run.stderr).not.toContain('    at ');
    expect(run.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });

  it('says so where readings depart from the model by more than sensors do', () => {
    const lines = readFileSync(scans[0], 'utf8').split('\n');
    const header = lines.findIndex(line => line.startsWith('x_mm'));
    const columns = lines[header].split(',').map((name, c) => (name.startsWith('b') ? c : -1));
    const bent = lines.map((line, i) => {
      if (i <= header || line === '') return line;
      const factor = 1 + 0.08 * Math.sin(1.7 * i);
      return line
        .split(',')
        .map((v, c) => (columns.includes(c) ? String(factor * Number(v)) : v))
        .join(',');
    });
    writeFileSync(file('bent.csv'), bent.join('\n'));
    const run = savart(['diagnose', 'bent.csv', '--pack', 'pack.yaml', '--json'], folder);
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout).warnings.join(' ')).toMatch(
      /bent: the field departs from the model .* far from true/,
    );
  });
});
