import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCell } from '../../src/index.js';
import { random } from '../../src/random.js';
import { rasterPlan } from '../../src/simulation/field/samplePlan.js';
import { simulateCell } from '../../src/simulation/field/simulateCell.js';
import { emptyFolder, savart } from './support.js';

const CELL = `name: small
outline_mm: {width: 60, height: 50}
thickness_mm: 1
current_A: 5
tabs:
  - {name: left, at_mm: [[15, 50], [5, 50]], share: 0.5, polarity: positive}
  - {name: right, at_mm: [[55, 50], [45, 50]], share: 0.5, polarity: positive}
  - {name: negative, at_mm: [[20, 0], [40, 0]], share: -1, polarity: negative}
electrical:
  pairs: 1
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`;

const folder = emptyFolder();
const file = (name: string) => join(folder, name);
const good = Array.from({ length: 8 }, (_, i) => file(`good${i}.csv`));

beforeAll(() => {
  writeFileSync(file('cell.yaml'), CELL);
  const cell = parseCell(CELL, 'cell.yaml');
  const plan = rasterPlan([cell.outline], { heights: [6e-3], pitch: 5e-3, margin: 10e-3 });
  const write = (path: string, field: { bx: Float64Array; by: Float64Array; bz: Float64Array }, seed: number) => {
    const source = random(seed);
    const gain = 1 + 0.002 * source.normal();
    const rows = Array.from(plan.x, (x, i) => {
      const b = [field.bx[i], field.by[i], field.bz[i]].map(v => 1e6 * gain * v + 0.03 * source.normal());
      return [1e3 * x, 1e3 * plan.y[i], 6, ...b].join(',');
    });
    writeFileSync(path, `x_mm,y_mm,z_mm,bx_uT,by_uT,bz_uT\n${rows.join('\n')}\n`);
  };
  const { field } = simulateCell(cell, plan, { pitch: 1e-3 });
  good.forEach((path, i) => {
    write(path, field, i);
  });
  write(file('healthy.csv'), field, 50);
  const torn = simulateCell(cell, plan, { pitch: 1e-3, defects: [{ kind: 'missing_tab', tab: 'left', pair: 'top' }] });
  write(file('torn.csv'), torn.field, 51);
}, 60_000);

describe('savart diagnose --reference --cell', () => {
  it('names the defect of the scan that differs, in table, JSON and report', () => {
    const run = savart(
      [
        'diagnose',
        'healthy.csv',
        'torn.csv',
        '--reference',
        ...good,
        '--cell',
        'cell.yaml',
        '--json',
        '--report',
        'r.html',
      ],
      folder,
    );
    expect(run.status, run.stderr).toBe(0);
    const [healthy, torn] = JSON.parse(run.stdout).scans;
    expect(healthy).toMatchObject({ flagged: false, label: null });
    expect(torn).toMatchObject({ flagged: true, label: { kind: 'missing_tab', tab: 'left', x_mm: 10, y_mm: 50 } });
    expect(torn.label.confidence).toBeGreaterThan(0.9);
    expect(run.stderr).toContain('missing tab of tab left');
    expect(readFileSync(file('r.html'), 'utf8')).toContain('missing tab of tab left');
  }, 60_000);

  it('says in one sentence why there is no label', () => {
    const pack = savart(['diagnose', 'torn.csv', '--pack', 'pack.yaml', '--cell', 'cell.yaml'], folder);
    expect(pack.status).toBe(2);
    expect(pack.stderr).toContain('--cell');
    writeFileSync(file('idle.yaml'), CELL.replace('current_A: 5\n', ''));
    const idle = savart(['diagnose', 'torn.csv', '--reference', ...good, '--cell', 'idle.yaml'], folder);
    expect(idle.status).toBe(1);
    expect(idle.stderr).toContain('idle.yaml');
    expect(idle.stderr).toContain('current');
  }, 60_000);
});
