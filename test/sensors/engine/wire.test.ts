import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemClock } from '../../../sensors/clock.js';
import { type ServedDevice, servePty, serveTcp } from '../../../sensors/virtual/serve.js';
import { virtualRig } from '../../../sensors/virtual/virtualRig.js';
import { loadScan } from '../../../src/formats/node.js';
import { parseRig } from '../../../src/model/parseRig.js';
import { BUMP, emptyFolder, rigText } from './support.js';

/* In real time, over real pseudo-terminals and sockets. */

const SOCAT = spawnSync('socat', ['-V']).error === undefined;
if (!SOCAT) console.warn('socat is not installed: nothing is tested over pseudo-terminals');

/** A short travel, for homing takes its time. */
const SHORT = `  driver: grbl
  connect: {virtual: true}
  travel_mm: {x: [-24, 0], y: [-24, 0], z: [-12, 0]}
  cell_at_mm: [-14, -14, -9]
  settle_s: 0.1`;

const LINKS = ['tcp', ...(SOCAT ? ['pty' as const] : [])] as const;

const CELL = `name: small
outline_mm: {width: 10, height: 10}
thickness_mm: 4
current_A: 2
tabs:
  - {name: positive, at_mm: [[1, 10], [4, 10]], share: 1}
  - {name: negative, at_mm: [[6, 10], [9, 10]], share: -1}
`;

it.each(LINKS)(
  'a scan over %s, from end to end',
  async link => {
    const folder = emptyFolder();
    const text = rigText({ side: 5, repeat: 0, stage: SHORT });
    const virtual = virtualRig(parseRig(text, 'rig.yaml'), BUMP, systemClock, { current: 2 });
    const serve = (device: Parameters<typeof serveTcp>[0], name: string): Promise<ServedDevice> =>
      link === 'tcp' ? serveTcp(device) : servePty(device, join(folder, name));
    const [sensor, stage] = [await serve(virtual.sensors[0], 'sensor'), await serve(virtual.stage!, 'stage')];
    const connect = ({ address }: ServedDevice) => (link === 'tcp' ? `{tcp: '${address}'}` : `{port: ${address}}`);
    const [first, second] = [connect(sensor), connect(stage)];
    writeFileSync(join(folder, 'rig.yaml'), text.replace('{virtual: true}', first).replace('{virtual: true}', second));
    writeFileSync(join(folder, 'cell.yaml'), CELL);
    const { code, stderr } = await run(folder, ['scan', 'rig.yaml', '--cell', 'cell.yaml', '-o', 'scan.h5']);
    await Promise.all([sensor.close(), stage.close()]);
    expect(code, stderr).toBe(0);
    const scan = await loadScan(join(folder, 'scan.h5'));
    expect(scan.count).toBe(4);
    const truth = new Float64Array(3);
    for (let i = 0; i < scan.count; i++) {
      BUMP.field(Float64Array.of(scan.x[i], scan.y[i], scan.z[i]), 2, 0, truth);
      (['bx', 'by', 'bz'] as const).forEach((name, c) => {
        // Ten readings of 20 nT each.
        expect(Math.abs(scan.components[name]!.values[i] - truth[c])).toBeLessThan(5 * 20e-9);
      });
    }
  },
  60_000,
);

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** Runs the command beside this process, which serves the devices. */
function run(folder: string, args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', text => {
    stderr += String(text);
  });
  return new Promise(resolve => child.once('exit', code => resolve({ code, stderr })));
}
