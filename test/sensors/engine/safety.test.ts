import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../sensors/clock.js';
import { type DeviceRole, rigDevices } from '../../../sensors/devices/openRig.js';
import { readScanJournal } from '../../../sensors/scan/scanJournal.js';
import { type ServedDevice, servePty, serveTcp } from '../../../sensors/virtual/serve.js';
import type { VirtualDevice } from '../../../sensors/virtual/virtualDevice.js';
import { virtualRig } from '../../../sensors/virtual/virtualRig.js';
import { parseRig } from '../../../src/model/parseRig.js';
import { savart } from '../../cli/support.js';
import { BUMP, emptyFolder, rigText, SOURCE, scanOnce } from './support.js';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const SERIAL = new URL('../../../dist/sensors/transport/serialLink.js', import.meta.url).href;
const SOCAT = spawnSync('socat', ['-V']).error === undefined;

/** A short travel, for homing takes its time. */
const SHORT = `  driver: grbl
  connect: {virtual: true}
  travel_mm: {x: [-24, 0], y: [-24, 0], z: [-12, 0]}
  cell_at_mm: [-14, -14, -9]
  settle_s: 0.1`;

/** A device whose every byte from the host is written down. */
class Overheard implements VirtualDevice {
  constructor(
    private readonly device: VirtualDevice,
    private readonly who: string,
    private readonly heard: string[],
  ) {}

  receive(bytes: Uint8Array, time: number): void {
    this.heard.push(`${this.who}: ${new TextDecoder('latin1').decode(bytes)}`);
    this.device.receive(bytes, time);
  }

  poll(time: number): Uint8Array {
    return this.device.poll(time);
  }
}

it('what lies beyond the limits of the controller itself is refused before anything moves', async () => {
  const heard: string[] = [];
  const outcome = await scanOnce({
    text: rigText({ current: SOURCE }),
    path: join(emptyFolder(), 'limits.journal'),
    // Its x axis travels 145 mm, not the 200 mm of rig.yaml: the cell lies at 150.
    arrange: (virtual, clock) => virtual.stage!.receive(new TextEncoder().encode('$130=145\n'), clock.now()),
    cable: (device: VirtualDevice, role: DeviceRole) => new Overheard(device, role.kind, heard),
  });
  expect(String(outcome.error)).toMatch(/x = -150 mm lies beyond its travel of -145 to 0 mm/);
  const told = heard.join('\n');
  expect(told).toMatch(/stage: \$\$/);
  expect(told).not.toMatch(/G[01]\b|\$H|\$J/);
  expect(told).not.toMatch(/current: .*OUTP(?:UT)? ON/i);
  expect(outcome.virtual.bench.position(outcome.clock.now())).toEqual(outcome.virtual.bench.position(0));
});

describe('a port that is lost and comes back', () => {
  it('hears nothing that was meant for it before', async () => {
    const rig = parseRig(rigText({ stage: SHORT }), 'rig.yaml');
    const virtual = virtualRig(rig, BUMP, systemClock);
    const heard: string[] = [];
    const device = new Overheard(virtual.stage!, 'stage', heard);
    const first = await serveTcp(device);
    const wired = { ...rig, stage: { ...rig.stage!, connect: { tcp: first.address } } };
    const connected = () => rigDevices(wired, { clock: systemClock, prompt: async () => '' }).stage!;
    const stage = connected();
    const events: string[] = [];
    stage.onEvent(({ kind }) => events.push(kind));
    await stage.open();
    await stage.home();
    const moving = stage.moveTo([-20e-3, -20e-3, -5e-3], 5e-3);
    moving.catch(() => undefined);
    await pause(300);
    first.unplug();
    await expect(moving).rejects.toThrow(/was lost/);
    await first.close();
    expect(events).toContain('lost');
    heard.length = 0;
    // Whoever still holds the old device and tries everything.
    await expect(stage.moveTo([-1e-3, -1e-3, -1e-3], 5e-3)).rejects.toThrow();
    await stage.halt();
    await expect(stage.home()).rejects.toThrow();
    const second = await serveTcp(device, Number(first.address.split(':')[1]));
    await expect(stage.open()).rejects.toThrow(/opened before/);
    await pause(200);
    expect(heard).toEqual([]);
    const again = connected();
    await again.open();
    expect(heard.join('')).not.toMatch(/G[01]\b|\$H/);
    await Promise.all([stage.close(), again.close()]);
    await second.close();
  });

  it.skipIf(!SOCAT)('a serial port forgets what is written while it is away', async () => {
    const folder = emptyFolder();
    const heard: string[] = [];
    const silent = { receive: () => {}, poll: () => new Uint8Array(0) };
    const device = new Overheard(silent, 'port', heard);
    const path = join(folder, 'tty');
    const first = await servePty(device, path);
    // In a process of its own: the driver of the ports does not run in threads.
    const script = `
      import { openSerial } from ${JSON.stringify(SERIAL)};
      const say = text => new TextEncoder().encode(text + '\\n');
      const link = await openSerial(process.argv[1], { baud: 115200 });
      const lost = new Promise(resolve => link.onClose(resolve));
      link.write(say('G0 X1'));
      process.stdout.write('open ');
      await lost;
      link.write(say('G0 X2'));
      process.stdout.write('lost ');
      await new Promise(resolve => process.stdin.once('data', resolve));
      link.write(say('G0 X3'));
      const again = await openSerial(process.argv[1], { baud: 115200 });
      again.write(say('?'));
      await new Promise(resolve => setTimeout(resolve, 300));
      process.exit(0);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', text => {
      said += String(text);
    });
    const until = async (word: string) => {
      while (!said.includes(word) && child.exitCode === null) await pause(20);
    };
    await until('open');
    while (!heard.join('').includes('X1')) await pause(20);
    first.unplug();
    await first.close();
    await until('lost');
    heard.length = 0;
    const second = await servePty(device, path);
    child.stdin.write('back');
    expect(await new Promise(resolve => child.once('exit', resolve))).toBe(0);
    expect(heard.join('')).toBe('port: ?\n');
    await second.close();
  });
});

it('Ctrl-C from a shell: the stage stops, then the current goes off, the data are kept, and the status is 130', async () => {
  const folder = emptyFolder();
  const text = rigText({ side: 10, stage: SHORT, current: SOURCE, scan: '  current_A: 2' });
  const virtual = virtualRig(parseRig(text, 'rig.yaml'), BUMP, systemClock);
  const heard: string[] = [];
  const served: ServedDevice[] = [];
  let wired = text;
  for (const [who, device] of [
    ['sensor', virtual.sensors[0]],
    ['stage', virtual.stage!],
    ['current', virtual.source!],
  ] as const) {
    const one = await serveTcp(new Overheard(device, who, heard));
    served.push(one);
    wired = wired.replace('{virtual: true}', `{tcp: '${one.address}'}`);
  }
  writeFileSync(join(folder, 'rig.yaml'), wired);
  const child = spawn(process.execPath, [MAIN, 'scan', 'rig.yaml', '-o', 'scan.h5'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', text => {
      said += String(text);
    });
  }
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
  const journal = join(folder, 'scan.h5.journal');
  // In the middle: two points are done, and the stage is on its way to the next.
  // A journal whose first line is being written cannot be read yet.
  const done = async () =>
    (existsSync(journal) ? (await readScanJournal(journal).catch(() => undefined))?.done.size : 0) ?? 0;
  while (child.exitCode === null && (await done()) < 2) await pause(50);
  expect(virtual.bench.current(systemClock.now())).toBeCloseTo(2, 3);
  heard.length = 0;
  child.kill('SIGINT');
  expect(await ended, said).toBe(130);
  const now = systemClock.now();
  expect(Math.abs(virtual.bench.current(now))).toBeLessThan(1e-6);
  expect(virtual.bench.position(now + 10)).toEqual(virtual.bench.position(now));
  const [held, off] = [/^stage: !/, /^current: .*OUTP.* OFF/].map(what => heard.findIndex(line => what.test(line)));
  expect(held).toBeGreaterThanOrEqual(0);
  expect(off).toBeGreaterThan(held);
  expect(said).toMatch(/stopping/);
  expect(said).toMatch(/--resume/);
  const state = await readScanJournal(journal);
  expect(state.done.size).toBeGreaterThanOrEqual(2);
  expect(state.ended).toBe(false);
  expect(existsSync(join(folder, 'scan.h5'))).toBe(false);
  // What is there is never overwritten by accident.
  const before = readFileSync(journal);
  expect(savart(['scan', 'rig.yaml', '-o', 'scan.h5'], folder)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/was begun before.*--resume/s),
  });
  expect(readFileSync(journal).equals(before)).toBe(true);
  await Promise.all(served.map(one => one.close()));
}, 60_000);
