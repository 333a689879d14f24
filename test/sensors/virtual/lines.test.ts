import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FaultyLine } from '../../../sensors/virtual/faultyLine.js';
import { servePty, serveTcp } from '../../../sensors/virtual/serve.js';
import type { VirtualDevice } from '../../../sensors/virtual/virtualDevice.js';
import { VirtualGrbl } from '../../../sensors/virtual/virtualGrbl.js';
import { VirtualLakeshore } from '../../../sensors/virtual/virtualLakeshore.js';
import { bytes } from '../codecs/support.js';

import { ramp } from './support.js';

describe('the faults of a line', () => {
  const echo = (): VirtualDevice => {
    let said: Uint8Array = new Uint8Array(0);
    return { receive: data => (said = data), poll: () => [said, (said = new Uint8Array(0))][0] };
  };
  it('drops and doubles what it is told to, stalls, is unplugged; the same for the same seed', () => {
    const line = new FaultyLine(echo());
    const pass = (text: string, time: number) => {
      line.receive(bytes(text), time);
      return String.fromCharCode(...line.poll(time));
    };
    line.drop('ok\r\n');
    line.double('error:9\r\n');
    expect([pass('ok\r\n', 0), pass('ok\r\n', 0), pass('error:9\r\n', 0)]).toEqual([
      '',
      'ok\r\n',
      'error:9\r\nerror:9\r\n',
    ]);
    line.stall(1, 2);
    expect([pass('a', 1), pass('b', 2)]).toEqual(['', 'b']);
    line.unplug(3);
    expect([pass('c', 3), line.unplugged(3)]).toEqual(['', true]);
    const noisy = () => {
      const faulty = new FaultyLine(echo(), { seed: 5, flip: 0.1, cut: 0.1, garbage: 0.3 });
      return Array.from({ length: 20 }, (_, i) => {
        faulty.receive(bytes('hello'), i);
        return [...faulty.poll(i)];
      });
    };
    expect(noisy()).toEqual(noisy());
    expect(noisy().some(part => String.fromCharCode(...part) !== 'hello')).toBe(true);
  });
});

const SOCAT = spawnSync('socat', ['-V']).status === 0;

describe('a simulated device behind a pseudo-terminal', () => {
  it.skipIf(!SOCAT)('is opened like a serial port, and goes when it is unplugged (needs socat)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'savart-'));
    const served = await servePty(new VirtualGrbl({ travel: { x: [-0.2, 0], y: [-0.2, 0] } }), join(folder, 'tty'));
    const port = await open(served.address, 'r+');
    await port.write('$I\n');
    const chunk = Buffer.alloc(4096);
    let heard = '';
    while (!heard.includes('[OPT:')) heard += chunk.toString('latin1', 0, (await port.read(chunk)).bytesRead);
    expect(heard).toContain('[VER:1.1h.20190825:]');
    served.unplug();
    const last = async () => {
      for (;;) if ((await port.read(chunk)).bytesRead === 0) return 'end';
    };
    // What is left is heard, then an end or a fault.
    expect(await last().catch((error: NodeJS.ErrnoException) => error.code)).toMatch(/end|EIO/);
    await port.close();
    await served.close();
    rmSync(folder, { recursive: true });
  });
});

describe('a simulated device behind TCP', () => {
  it('is heard and spoken to by one host at a time, until it is unplugged', async () => {
    const served = await serveTcp(new VirtualLakeshore('425', ramp(1)));
    const [host, port] = served.address.split(':');
    const socket = connect(Number(port), host);
    const heard = new Promise<string>(resolve => socket.once('data', data => resolve(data.toString('latin1'))));
    socket.write('*IDN?\n');
    expect(await heard).toBe('LSCI,MODEL425,4251234,1.0\r\n');
    const gone = new Promise<void>(resolve => socket.once('close', () => resolve()));
    served.unplug();
    await gone;
    await served.close();
  });
});
