import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { score, type Truth } from '../../bench/truth.js';
import { recordScan, writeRecorded } from '../../cli/recordScan.js';
import { newScan } from '../../cli/scanInput.js';
import { virtualBench } from '../../cli/virtualBench.js';
import { boundedInversion } from '../../inversion/bounded/boundedInversion.js';
import { ScanMonitor } from '../../sensors/scan/monitor.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { xAxis, yAxis } from '../../src/grid.js';
import { parseCell } from '../../src/model/parseCell.js';
import type { Defect } from '../../src/simulation/defects/index.js';
import { planLike, simulateCell } from '../../src/simulation/field/index.js';

const CELL = `name: small
outline_mm: {width: 60, height: 40}
thickness_mm: 4
current_A: 3
tabs:
  - {name: positive, at_mm: [[8, 40], [22, 40]], share: 1}
  - {name: negative, at_mm: [[38, 40], [52, 40]], share: -1}
electrical:
  pairs: 1
  positive_foil: {thickness_um: 12, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 8, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 8
`;
const RIG = `name: small
sensors:
  - name: s
    driver: text_line
    connect: {virtual: true}
    noise_nT: 60
    rate_Hz: 50
    options: {time: {column: 0, unit: ms}}
stage:
  driver: grbl
  connect: {virtual: true}
  travel_mm: {x: [-200, -5], y: [-200, -5], z: [-60, -5]}
  cell_at_mm: [-150, -120, -50]
  feed_mm_per_s: 100
  acceleration_mm_per_s2: 1000
  settle_s: 0.1
scan: {margin_mm: 12, pitch_mm: 4, heights_mm: [6], average_s: 0.2, mains_Hz: 0, repeat_every: 0}
`;
const HOLE: readonly Defect[] = [{ kind: 'hole', foil: 'negative', at: [0.035, 0.022], radius: 6e-3, pair: 'all' }];

const folder = mkdtempSync(join(tmpdir(), 'savart-virtual-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('a virtual scan of a cell with a hole in a foil, through adapters, bytes and engine', () => {
  it('is inverted to the simulated current as well as a directly simulated scan of the same noise', async () => {
    const cell = parseCell(CELL, 'cell.yaml');
    const input = await newScan(file('rig.yaml', RIG), file('cell.yaml', CELL), '0');
    const journal = join(folder, 'scan.journal');
    await recordScan(
      input,
      virtualBench(input, {
        defects: HOLE,
        surroundings: { background: [18e-6, 3e-6, -44e-6] },
        errors: { seed: 3 },
      }),
      {
        journal,
        version: '0',
        monitor: new ScanMonitor(input.planned.plan),
        decide: async () => 'stop',
        onEvent: () => {},
      },
    );
    const { scan, quality, warnings } = await writeRecorded(journal, input.planned, join(folder, 'scan.h5'), 'hdf5');
    expect(scan.count).toBe(22 * 17);
    expect(warnings).toEqual([]);
    // 60 nT over the square root of ten samples.
    expect(quality.sigma).toBeGreaterThan(17e-9);
    expect(quality.sigma).toBeLessThan(21e-9);

    const direct = simulateCell(cell, planLike(scan), { defects: HOLE, noise: quality.sigma, seed: 5 });
    // The readings differ from the field by their stated errors and the background.
    for (const [c, name] of (['bx', 'by', 'bz'] as const).entries()) {
      const { values, sigma } = scan.components[name]!;
      let square = 0;
      values.forEach((v, i) => {
        square += ((v - direct.field[name][i] - [18e-6, 3e-6, -44e-6][c]) / sigma![i]) ** 2 / scan.count;
      });
      expect(square).toBeGreaterThan(0.8);
      expect(square).toBeLessThan(1.25);
    }

    const [sheet] = direct.sheets;
    const truth: Truth = {
      x: xAxis(sheet.grid),
      y: yAxis(sheet.grid),
      mask: Uint8Array.from(sheet.kx, v => (Number.isFinite(v) ? 1 : 0)),
      sheets: [sheet],
      healthy: direct.healthy[0],
    };
    const errorOf = (given: FieldScan) => {
      const { sheets } = boundedInversion(given, cell, { errors: false, place: 'given' });
      return score(truth, sheets);
    };
    const [scanned, simulated] = [errorOf(scan), errorOf(direct.scan)];
    expect(simulated.sum).toBeLessThan(0.7 * simulated.uniform);
    // Directly simulated scans of other seeds differ from each other by 1 %.
    expect(scanned.sum).toBeLessThan(1.04 * simulated.sum);
  });
});
