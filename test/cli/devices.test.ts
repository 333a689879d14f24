import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemClock } from '../../sensors/clock.js';
import { servePty, serveTcp } from '../../sensors/virtual/serve.js';
import { virtualRig } from '../../sensors/virtual/virtualRig.js';
import { parseRig } from '../../src/model/parseRig.js';
import { BUMP, rigText } from '../sensors/engine/support.js';
import { emptyFolder } from './support.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SOCAT = spawnSync('socat', ['-V']).error === undefined;

/** Runs the command beside this process, which serves the devices. */
function devices(args: readonly string[], environment: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [MAIN, 'devices', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', text => {
    stdout += String(text);
  });
  child.stderr.on('data', text => {
    stderr += String(text);
  });
  return new Promise<{ status: number | null; stdout: string; stderr: string }>(resolve =>
    child.once('exit', status => resolve({ status, stdout, stderr })),
  );
}

it('lists ports where there is no udevadm, says so where there are none, and fails at nothing', async () => {
  const empty = join(emptyFolder(), 'bin');
  mkdirSync(empty);
  const { status, stdout, stderr } = await devices(['--list', '--json'], { ...process.env, PATH: empty });
  expect(status, stderr).toBe(0);
  const { ports } = JSON.parse(stdout);
  expect(Array.isArray(ports)).toBe(true);
  if (ports.length === 0) expect(stderr).toMatch(/No serial ports\. Plug a device in, or name a port with --port/);
});

it('a port that is not there is told, with what to do', async () => {
  const { status, stdout } = await devices(['--port', '/dev/tty-of-nobody']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/tty-of-nobody.*there is no such port/);
});

it.skipIf(!SOCAT)('a controller on a terminal answers with its name', async () => {
  const virtual = virtualRig(parseRig(rigText(), 'rig.yaml'), BUMP, systemClock);
  const served = await servePty(virtual.stage!, join(emptyFolder(), 'tty'));
  const { status, stdout } = await devices(['--port', served.address]);
  await served.close();
  expect(status).toBe(0);
  expect(stdout).toMatch(/VER:1\.1h/);
});

it('of a rig: what answers and what does not, and nothing moves', async () => {
  const text = rigText();
  const virtual = virtualRig(parseRig(text, 'rig.yaml'), BUMP, systemClock);
  const served = await serveTcp(virtual.stage!);
  const rig = join(emptyFolder(), 'rig.yaml');
  const before = virtual.bench.position(systemClock.now());
  const wired = text
    .replace('{virtual: true}', "{tcp: '127.0.0.1:9'}")
    .replace('{virtual: true}', `{tcp: '${served.address}'}`);
  writeFileSync(rig, wired);
  const { status, stdout } = await devices(['--rig', rig]);
  await served.close();
  expect(status).toBe(1);
  expect(stdout).toMatch(/probe .*cannot be reached \(ECONNREFUSED\)/);
  expect(stdout).toMatch(/the stage .*GRBL \(1\.1h.*answers/);
  expect(stdout).toMatch(/1 of 2 devices do not answer/);
  expect(virtual.bench.position(systemClock.now())).toEqual(before);
});
