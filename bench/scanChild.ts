/**
 * `node dist/bench/scanChild.js FOLDER [resume]`: scans a small simulated rig over a bent wire into FOLDER/scan.h5, or goes on with
 * that; the process that `killedScans` kills. Rig, engine, adapters and journal are those of `savart scan`; only the field is a
 * closed form, so that a process is over in less than a second.
 */
import { join } from 'node:path';
import { recordScan, writeRecorded } from '../cli/recordScan.js';
import { begunScan, newScan } from '../cli/scanInput.js';
import { benchIn } from '../cli/virtualBench.js';
import { ScanMonitor } from '../sensors/scan/monitor.js';
import type { World } from '../sensors/virtual/world.js';
import { polylineField, positionsOf, zeroField } from '../src/biotSavart/index.js';

const WIRE = positionsOf([[-0.1, 0.003, 0], [0.006, 0.003, 0], [0.006, 0.1, 0]]); // biome-ignore format: a path
const EARTH = [18e-6, 3e-6, -44e-6];
const OVER_WIRE: World = {
  field(points, current, _, out) {
    const n = points.length / 3;
    const of = (k: number) => Float64Array.from({ length: n }, (_, i) => points[3 * i + k]);
    const { bx, by, bz } = zeroField(n);
    polylineField({ x: of(0), y: of(1), z: of(2) }, WIRE, current, { bx, by, bz });
    for (let i = 0; i < n; i++) out.set([bx[i] + EARTH[0], by[i] + EARTH[1], bz[i] + EARTH[2]], 3 * i);
  },
};

const [folder, how] = process.argv.slice(2);
const [rig, journal] = [join(folder, 'rig.yaml'), join(folder, 'scan.journal')];
const input = how === 'resume' ? await begunScan(journal, rig, undefined) : await newScan(rig, undefined, 'bench');
const { planned, current } = input;
if (input.before?.ended !== true) {
  await recordScan(input, benchIn(OVER_WIRE, planned.rig, current, { noiseBy: 'place', seed: 7 }), {
    journal,
    version: 'bench',
    monitor: new ScanMonitor(planned.plan),
    decide: async () => 'stop',
    onEvent: () => {},
  });
}
await writeRecorded(journal, planned, join(folder, 'scan.h5'), 'hdf5');
