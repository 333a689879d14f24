/**
 * The pictures of a scan that is watched in the browser: the simulated bench of `savart demo`, half way, on a desk and on a phone.
 * `node dist/bench/scanViewFigure.js [folder]`
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { recordScan } from '../cli/recordScan.js';
import { newScan } from '../cli/scanInput.js';
import { startScanView } from '../cli/scanView.js';
import { loadPage } from '../cli/viewPage.js';
import { virtualBench } from '../cli/virtualBench.js';
import { ScanMonitor } from '../sensors/scan/monitor.js';

const FOLDER = process.argv[2] ?? 'docs/figures';
/** Part of the scan that is done in the picture. */
const PART = 0.6;
const example = (name: string) => fileURLToPath(new URL(`../../examples/demo/${name}`, import.meta.url));

const input = await newScan(example('rig.yaml'), example('cell.yaml'), 'figure');
const monitor = new ScanMonitor(input.planned.plan);
const view = await startScanView(loadPage(), monitor, 'scan.h5', {
  name: 'cell.yaml',
  bytes: new TextEncoder().encode(input.begin.cell!.text),
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless=new'],
});

let half = () => {};
const paused = new Promise<void>(resolve => {
  half = resolve;
});
let held = false;
monitor.onChange(() => {
  const { state, done, plan } = monitor.snapshot(Number.POSITIVE_INFINITY);
  if (!held && done >= PART * plan.steps) {
    held = true;
    monitor.pause();
  }
  if (state === 'paused') half();
});
const recorded = recordScan(input, virtualBench(input, { errors: { noiseBy: 'place' } }), {
  journal: join(mkdtempSync(join(tmpdir(), 'savart-figures-')), 'scan.journal'),
  version: 'figure',
  monitor,
  decide: async () => 'stop',
  onEvent: () => {},
}).catch(() => undefined);
await paused;
for (const [name, width, height, dark] of [
  ['viewer-scan.png', 1280, 800, false],
  ['viewer-scan-phone.png', 390, 844, true],
] as const) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
  page.on('console', message => process.stderr.write(`${message.type()}: ${message.text()}\n`));
  await page.goto(view.url);
  await page.locator('.panel').first().waitFor();
  await page.locator('[data-key=outline]').waitFor();
  if (!dark) {
    const { x, y, width: w, height: h } = (await page.locator('.marks').first().boundingBox())!;
    await page.mouse.move(x + 0.5 * w, y + 0.46 * h);
  }
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(FOLDER, name) });
  await page.close();
}
await browser.close();
monitor.stop();
await recorded;
await view.close();
