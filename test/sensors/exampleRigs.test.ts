import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../sensors/clock.js';
import { rigDevices } from '../../sensors/devices/openRig.js';
import { planScan } from '../../sensors/scan/planScan.js';
import { parseCell } from '../../src/model/parseCell.js';
import { parseRig } from '../../src/model/parseRig.js';

const FOLDER = fileURLToPath(new URL('../../examples/', import.meta.url));
const read = (name: string) => readFileSync(FOLDER + name, 'utf8');
const BENCHES = ['grbl-mmc5983', 'hmr2300', 'shielded-qzfm'].map(name => `rigs/${name}.yaml`);

describe('example rigs', () => {
  it.each(readdirSync(`${FOLDER}rigs`))('%s is read', name => {
    expect(parseRig(read(`rigs/${name}`), name).name).not.toBe('');
  });

  it.each(['demo/rig.yaml', ...BENCHES])(
    '%s: its drivers take its options, and its scan of the example cell fits the stage',
    name => {
      const rig = parseRig(read(name), name);
      const devices = rigDevices(rig, { clock: new SimulatedClock(), prompt: async () => '' });
      expect(devices.sensors.length).toBe(rig.sensors.length);
      const plan = planScan(rig, parseCell(read('demo/cell.yaml'), 'cell.yaml'));
      expect(plan.steps.length).toBeGreaterThan(50);
      expect(plan.warnings).toEqual([]);
    },
  );

  it('docs/rig.md shows the three benches as they are', () => {
    const page = readFileSync(`${FOLDER}../docs/rig.md`, 'utf8');
    const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
    expect(blocks).toEqual(BENCHES.map(read));
    for (const name of BENCHES) expect(page).toContain(`examples/${name}`);
  });
});
