/**
 * Sustained rates through the real adapters: 20 000 samples/s of a Twinleaf stream over TCP, 2 000 lines/s of text over a
 * pseudo-terminal (socat) or, without it, TCP. The simulated device runs in a process of its own. Counted are samples,
 * samples lost (by the device's counter) and the longest time for which the event loop was blocked.
 * `node dist/bench/rig.js [seconds]`
 */
import { fork } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { systemClock, wait } from '../sensors/clock.js';
import { textLineSettings } from '../sensors/codecs/textLineSettings.js';
import { rigDevices } from '../sensors/devices/openRig.js';
import { createJournal } from '../sensors/journal/journalFile.js';
import { FLAGS } from '../sensors/samples.js';
import { Recorder } from '../sensors/scan/recorder.js';
import { type ServedDevice, servePty, serveTcp } from '../sensors/virtual/serve.js';
import { VirtualTextLine } from '../sensors/virtual/virtualTextLine.js';
import { VirtualTwinleaf } from '../sensors/virtual/virtualTwinleaf.js';
import { parseRig } from '../src/model/parseRig.js';

const SELF = fileURLToPath(import.meta.url);
const RATES = { twinleaf: 20_000, text_line: 2_000 } as const;
type Kind = keyof typeof RATES;
const MOST_BLOCKED_MS = 50;

const TEXT = { time: { column: 0, unit: 'us' }, sequence: { column: 1 } } as const;
const COLUMNS = [2, 3, 4].map((column, axis) => ({ column, axis }));

/** A field that changes, so that no two readings are alike. */
const model = {
  channels: 3,
  read(time: number, out: Float64Array): number {
    for (let c = 0; c < 3; c++) out[c] = 4e-5 * Math.sin(6 * time + c);
    return 0;
  },
};

async function served(kind: Kind): Promise<ServedDevice> {
  const rate = RATES[kind];
  if (kind === 'twinleaf') return serveTcp(new VirtualTwinleaf({ model, transport: 'tcp', rate }));
  const settings = textLineSettings.parse({ ...TEXT, columns: COLUMNS });
  const [axes, offset] = [[[1, 0, 0] as const, [0, 1, 0] as const, [0, 0, 1] as const], [0, 0, 0] as const];
  const device = new VirtualTextLine({ settings, elements: [{ name: 'e', offset, axes, delay: 0 }], model, rate });
  const path = join(mkdtempSync(join(tmpdir(), 'savart-rig-')), 'tty');
  return servePty(device, path).catch(() => serveTcp(device));
}

/** Receives for so many seconds; the samples go through the recorder into a journal on the disk. */
async function receive(kind: Kind, seconds: number, address: string) {
  const connect = address.startsWith('/') ? `{port: ${address}}` : `{tcp: '${address}'}`;
  const options = kind === 'twinleaf' ? {} : { ...TEXT, columns: COLUMNS };
  const rig = parseRig(
    `name: bench\nsensors: [{name: s, driver: ${kind}, connect: ${connect}, options: ${JSON.stringify(options)}, noise_nT: 1, rate_Hz: ${RATES[kind]}}]`,
    'rig.yaml',
  );
  const { sensors } = rigDevices(rig, { clock: systemClock, prompt: async () => '' });
  await sensors[0].open();
  const journal = await createJournal(join(mkdtempSync(join(tmpdir(), 'savart-rig-')), 'journal'));
  const recorder = new Recorder(rig, sensors, journal, systemClock, error => {
    throw error;
  });
  await recorder.start();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let [samples, lost, gaps] = [0, 0, 0];
  let last = Number.NaN;
  // In windows of a second, as a long point would be; none of them is held in memory.
  delay.enable();
  const start = performance.now();
  let window = recorder.open({ step: 0, attempt: 1, phase: 0 });
  for (let second = 0; second < seconds; second++) {
    await wait(systemClock, 1 - ((performance.now() - start) / 1000 - second));
    const [{ block }] = window.close();
    // At once, so that nothing falls between two windows.
    window = recorder.open({ step: second + 1, attempt: 1, phase: 0 });
    for (let i = 0; i < block.count; i++) {
      if (block.counter[i] - last > 1) lost += block.counter[i] - last - 1;
      last = block.counter[i];
      if ((block.flags[i] & FLAGS.gap) !== 0) gaps++;
    }
    samples += block.count;
    await journal.flush();
  }
  const took = (performance.now() - start) / 1000;
  delay.disable();
  await recorder.stop();
  await sensors[0].close();
  await journal.close();
  return { rate: samples / took, samples, lost, gaps, blocked: delay.max / 1e6, median: delay.percentile(50) / 1e6 };
}

if (process.argv[2] === 'serve') {
  const device = await served(process.argv[3] as Kind);
  process.send!(device.address);
  process.once('disconnect', () => void device.close().then(() => process.exit()));
} else {
  const seconds = Number(process.argv[2] ?? 60);
  console.log('| stream | link | seconds | samples/s | lost | gaps | event loop blocked, most (ms) | median (ms) |');
  console.log('|---|---|---|---|---|---|---|---|');
  let failed = false;
  for (const kind of Object.keys(RATES) as Kind[]) {
    const child = fork(SELF, ['serve', kind]);
    const address = await new Promise<string>(resolve => child.once('message', message => resolve(String(message))));
    const { rate, lost, gaps, blocked, median } = await receive(kind, seconds, address);
    child.disconnect();
    const link = address.startsWith('/') ? 'pseudo-terminal' : 'TCP';
    console.log(
      `| ${kind} | ${link} | ${seconds} | ${rate.toFixed(0)} | ${lost} | ${gaps} | ${blocked.toFixed(1)} | ${median.toFixed(1)} |`,
    );
    failed ||= lost > 0 || gaps > 1 || blocked > MOST_BLOCKED_MS || Math.abs(rate / RATES[kind] - 1) > 0.02;
  }
  if (failed) process.exitCode = 1;
}
