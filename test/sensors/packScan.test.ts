import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recordScan, writeRecorded } from '../../cli/recordScan.js';
import { begunScan, newScan } from '../../cli/scanInput.js';
import { virtualBench } from '../../cli/virtualBench.js';
import { ScanMonitor } from '../../sensors/scan/monitor.js';
import { packFieldOf } from '../../sensors/virtual/worldOfCell.js';
import { zeroField } from '../../src/biotSavart/buffers.js';
import { parseCell } from '../../src/model/parseCell.js';
import { parsePack } from '../../src/model/parsePack.js';
import { emptyFolder, rigText } from './engine/support.js';

const CELL = `name: small
outline_mm: {width: 20, height: 20}
thickness_mm: 4
current_A: 2
tabs:
  - {name: positive, at_mm: [[2, 20], [8, 20]], share: 1}
  - {name: negative, at_mm: [[12, 20], [18, 20]], share: -1}
`;
const PACK = `name: two
topology: parallel
current_A: 4
cells:
  - {name: left, cell: cell.yaml, at_mm: [0, 0], resistance_ohm: 0.02}
  - {name: right, cell: cell.yaml, at_mm: [30, 0], resistance_ohm: 0.03}
`;

it('a pack stands under a simulated rig: its area is around all cells, and the readings are its field', async () => {
  const folder = emptyFolder();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  file('cell.yaml', CELL);
  const rig = file(
    'rig.yaml',
    rigText({ repeat: 0 })
      .replace('area_mm: {x: [0, 10], y: [0, 10]}', 'margin_mm: 5')
      .replace('pitch_mm: 5', 'pitch_mm: 10'),
  );
  const pack = file('pack.yaml', PACK);
  const input = await newScan(rig, pack, '0');
  const { plan } = input.planned;
  expect([...plan.columns].map(x => Math.round(1e3 * x))).toEqual([-5, 5, 15, 25, 35, 45, 55]);
  expect(input.current).toBe(4);
  const journal = join(folder, 'scan.journal');
  await recordScan(input, virtualBench(input), {
    journal,
    version: '0',
    monitor: new ScanMonitor(plan),
    decide: async () => 'stop',
    onEvent: () => {},
  });
  const { scan } = await writeRecorded(journal, input.planned, join(folder, 'scan.h5'), 'hdf5');
  const field = zeroField(scan.count);
  const cell = parseCell(CELL, 'cell.yaml');
  packFieldOf(parsePack(PACK, 'pack.yaml'), [cell, cell])({ x: scan.x, y: scan.y, z: scan.z }, field);
  for (const name of ['bx', 'by', 'bz'] as const) {
    // Ten readings of 20 nT each.
    scan.components[name]!.values.forEach((value, i) => {
      expect(Math.abs(value - 4 * field[name][i])).toBeLessThan(5 * 7e-9 + 2e-3 * Math.abs(value));
    });
  }
  // The journal alone is enough to go on: it holds the pack and its cells.
  expect((await begunScan(journal, rig, pack)).planned.pack!.cells).toHaveLength(2);
});
