import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { recordScan } from '../../cli/recordScan.js';
import { type ScanView, startScanView } from '../../cli/scanView.js';
import { loadPage } from '../../cli/viewPage.js';
import { SimulatedClock } from '../../sensors/clock.js';
import { rigDevices } from '../../sensors/devices/openRig.js';
import { Interrupted } from '../../sensors/scan/guard.js';
import { ScanMonitor } from '../../sensors/scan/monitor.js';
import { readScanJournal } from '../../sensors/scan/scanJournal.js';
import { plannedScan } from '../../sensors/scan/scanResult.js';
import { virtualRig } from '../../sensors/virtual/virtualRig.js';
import { BUMP, beginNote, emptyFolder, rigText } from '../sensors/engine/support.js';
import { BROWSER_MISSING, hover, launch, quantity, WHY_MISSING, watchedPage } from './browser.js';

const PAGE = fileURLToPath(new URL('../../dist/viewer/page', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const TEXT = rigText({ side: 20 });

/** A simulated clock that stands still before every write to the disk until it is allowed. */
class SteppedClock extends SimulatedClock {
  #allowed = 0;
  #waiting: (() => void)[] = [];

  allow(steps: number): void {
    this.#allowed += steps;
    while (this.#allowed > 0 && this.#waiting.length > 0) {
      this.#allowed--;
      this.#waiting.shift()!();
    }
  }

  override async outside<T>(work: Promise<T>): Promise<T> {
    return super.outside(
      work.then(async value => {
        if (this.#allowed > 0) this.#allowed--;
        else await new Promise<void>(resolve => this.#waiting.push(resolve));
        return value;
      }),
    );
  }
}

/** A scan that goes on step by step, with its page. */
async function watchedScan() {
  const begin = beginNote(TEXT);
  const planned = plannedScan(begin);
  const monitor = new ScanMonitor(planned.plan);
  const view = await startScanView(loadPage(PAGE), monitor, 'scan.h5');
  const clock = new SteppedClock();
  const prompt = async () => '';
  const { link } = virtualRig(planned.rig, BUMP, clock, { current: 0, errors: { noiseBy: 'place', seed: 7 } });
  const journal = join(emptyFolder(), 'scan.journal');
  const ended = recordScan(
    { begin, planned, current: 0 },
    { clock, prompt, devices: rigDevices(planned.rig, { clock, prompt, virtual: link }) },
    { journal, version: 'test', monitor, decide: async () => 'stop', onEvent: () => {} },
  ).catch((error: unknown) => error);
  return { monitor, view, clock, journal, ended, plan: planned.plan };
}

describe('the socket of a scan', () => {
  let scan: Awaited<ReturnType<typeof watchedScan>>;
  beforeAll(async () => {
    scan = await watchedScan();
  });
  afterAll(async () => {
    scan.clock.allow(Infinity);
    scan.monitor.stop();
    await scan.ended;
    await scan.view.close();
  });
  const dial = (view: ScanView, given?: string, origin?: string) =>
    new WebSocket(`ws://127.0.0.1:${view.port}/socket`, ['savart', given ?? view.token], {
      origin: origin ?? `http://127.0.0.1:${view.port}`,
    });
  const refused = (socket: WebSocket) =>
    new Promise<number>(resolve => {
      socket.on('unexpected-response', (_, response) => {
        resolve(response.statusCode!);
        socket.terminate();
      });
      socket.on('error', () => {});
    });

  it('is for the page with the token alone', async () => {
    const { view } = scan;
    expect(
      await refused(
        dial(
          view,
          view.token.replace(/^./, c => (c === '0' ? '1' : '0')),
        ),
      ),
    ).toBe(403);
    expect(await refused(dial(view, view.token, 'http://evil.example'))).toBe(403);
  });

  it('is closed to whoever says what no page says, and the scan does not notice', async () => {
    for (const nonsense of ['stop', '{"type":"steer","to":"explode"}', Buffer.from([1, 2, 3])]) {
      const socket = dial(scan.view);
      const code = await new Promise<number>(resolve => {
        socket.on('open', () => socket.send(nonsense));
        socket.on('close', resolve);
      });
      expect(code).toBe(1008);
    }
    expect(scan.monitor.signal.aborted).toBe(false);
    expect(scan.monitor.snapshot().state).not.toBe('pausing');
  });

  it('obeys a page, and a page that breaks off leaves the scan as it is', async () => {
    const socket = dial(scan.view);
    await new Promise(resolve => socket.on('open', resolve));
    socket.send(JSON.stringify({ type: 'steer', to: 'pause' }));
    await new Promise<void>(resolve => {
      const end = scan.monitor.onChange(() => {
        end();
        resolve();
      });
    });
    expect(scan.monitor.snapshot().state).toBe('pausing');
    socket.terminate();
    scan.monitor.resume();
    scan.clock.allow(3);
    await until(scan.monitor, () => scan.monitor.snapshot().done >= 3);
  });
});

/** As soon as it holds. */
async function until(monitor: ScanMonitor, holds: () => boolean): Promise<void> {
  await new Promise<void>(resolve => {
    const check = () => {
      if (!holds()) return;
      end();
      resolve();
    };
    const end = monitor.onChange(check);
    queueMicrotask(check);
  });
}

describe.skipIf(BROWSER_MISSING)(`the page of savart scan --view${WHY_MISSING}`, () => {
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let hosts: Set<string>;
  let scan: Awaited<ReturnType<typeof watchedScan>>;
  beforeAll(async () => {
    [browser, scan] = await Promise.all([launch(), watchedScan()]);
    ({ page, faults, hosts } = await watchedPage(browser));
    await page.goto(scan.view.url);
  });
  afterAll(async () => {
    await browser?.close();
    scan?.clock.allow(Infinity);
    scan?.monitor.stop();
    await scan?.ended;
    await scan?.view.close();
  });
  const says = (text: string) => page.locator('.scan-bar', { hasText: text }).waitFor();
  const press = (name: string) => page.locator('.scan-bar').getByRole('button', { name }).click();
  const steps = () => scan.monitor.snapshot().done;
  /** Readings in the table of figures. */
  const readings = async () =>
    Number(await page.locator('.facts tr', { hasText: 'Readings' }).locator('td').innerText());

  it('the map fills as the rig scans, with the readings of the monitor under the cursor', async () => {
    await says('Preparing');
    scan.clock.allow(7);
    await says(`7 of ${scan.plan.steps.length} steps`);
    const { read, points } = scan.monitor.snapshot();
    await expect.poll(readings).toBe(read);
    expect(await page.locator('.scan-bar').innerText()).toMatch(/left[\s\S]*noise [\d.]+\snT/);
    expect(await page.locator('.panel select').first().inputValue()).toBe('scan.0.bz');
    // The first reading is the lowest left pixel of 5 by 5; the map has a margin of 4 %.
    const { x, y, width, height } = await page.evaluate(() => {
      const { width: w, height: h } = document.querySelector('.marks')!.getBoundingClientRect();
      return { x: 44, y: 8, width: w - 44 - 74, height: h - 8 - 36 };
    });
    const side = Math.min(width, height) / 1.08;
    const corner = [x + width / 2 - 0.4 * side, y + height / 2 + 0.4 * side];
    const box = (await page.locator('.marks').first().boundingBox())!;
    await hover(page, 0, corner[0] / box.width, 1 - corner[1] / box.height);
    const shown = quantity(await page.locator('.panel .value').first().innerText(), 'T');
    const first = points.find(({ at }) => Math.hypot(at[0], at[1]) < 1e-6)!;
    expect(Math.abs(shown.value - first.values[2])).toBeLessThanOrEqual(shown.digit);
  });

  it('every component and its noise can be chosen, and the list stays as it is while values come', async () => {
    const list = page.locator('.panel select').first();
    const names = await list.locator('option').allInnerTexts();
    expect(names).toEqual(['Bx', 'By', 'Bz', 'Noise of Bx', 'Noise of By', 'Noise of Bz']);
    await list.evaluate(made => made.setAttribute('data-kept', 'yes'));
    const before = steps();
    scan.clock.allow(2);
    await says(`${before + 2} of`);
    expect(await list.getAttribute('data-kept')).toBe('yes');
  });

  it('a pause holds after the point in progress, and the scan goes on when it is told', async () => {
    const before = steps();
    await press('Pause');
    await says('Pausing after this point');
    scan.clock.allow(1);
    await says('Paused');
    expect(steps()).toBe(before + 1);
    scan.clock.allow(4);
    await page.waitForTimeout(100);
    expect(steps()).toBe(before + 1);
    await press('Resume');
    await says('Scanning');
    await until(scan.monitor, () => steps() > before + 1);
  });

  it('a page that is loaded again shows all that was read before', async () => {
    await page.reload();
    await expect.poll(readings).toBe(scan.monitor.snapshot().read);
  });

  it('stops when it was asked twice; what was read is kept', async () => {
    await press('Stop …');
    expect(await page.locator('.scan-bar .question').innerText()).toContain('Stop?');
    await press('No, go on');
    expect(scan.monitor.signal.aborted).toBe(false);
    await press('Stop …');
    await press('Stop now');
    await expect.poll(() => scan.monitor.signal.aborted).toBe(true);
    scan.clock.allow(Infinity);
    expect(await scan.ended).toBeInstanceOf(Interrupted);
    await says('the scan was stopped; go on with --resume');
    expect(await page.locator('.scan-bar .buttons').isVisible()).toBe(false);
    const { done } = await readScanJournal(scan.journal);
    expect(done.size).toBeGreaterThanOrEqual(steps());
    expect(await readings()).toBe(scan.monitor.snapshot().read);
    expect(faults).toEqual([]);
    expect([...hosts]).toEqual([new URL(scan.view.url).origin]);
  });
});

describe.skipIf(BROWSER_MISSING)(`savart scan --view${WHY_MISSING}`, () => {
  const CELL = `name: small
outline_mm: {width: 20, height: 20}
thickness_mm: 5
current_A: 1
tabs:
  - {name: in, at_mm: [[2, 20], [8, 20]], share: 1}
  - {name: out, at_mm: [[12, 20], [18, 20]], share: -1}
`;
  /** The command with a simulated rig. */
  const start = async (rig: string) => {
    const folder = emptyFolder();
    const out = join(folder, 'scan.h5');
    writeFileSync(join(folder, 'rig.yaml'), rig);
    writeFileSync(join(folder, 'cell.yaml'), CELL);
    const args = [
      'scan',
      join(folder, 'rig.yaml'),
      '--cell',
      join(folder, 'cell.yaml'),
      '-o',
      out,
      '--view',
      '--no-open',
    ];
    const child: ChildProcess = spawn(process.execPath, [MAIN, ...args]);
    let told = '';
    const status = new Promise<number | null>(resolve => child.on('exit', resolve));
    const said = (wanted: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const check = () => {
          const found = wanted.exec(told);
          if (found !== null) resolve(found[0]);
        };
        child.stderr!.on('data', check);
        child.on('exit', () => reject(new Error(told)));
        check();
      });
    child.stderr!.on('data', text => {
      told += text;
    });
    const url = await said(/http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]+(?=\s)/);
    return { child, out, url, status, said };
  };

  it('shows the finished scan at the end and ends with Ctrl-C', async () => {
    const { child, out, url, status } = await start(TEXT);
    const browser = await launch();
    const { page, faults } = await watchedPage(browser);
    await page.goto(url);
    await page.locator('.scan-bar', { hasText: 'Complete' }).waitFor();
    await page.locator('.facts tr', { hasText: 'Samples' }).locator('td', { hasText: '25' }).waitFor();
    await page.locator('[data-key=outline]').waitFor();
    expect(await page.locator('.documents button').allInnerTexts()).toEqual(['scan.h5']);
    child.kill('SIGINT');
    expect(await status).toBe(0);
    expect(existsSync(out)).toBe(true);
    expect(faults).toEqual([]);
    await browser.close();
  });

  it('Ctrl-C during the scan stops it in order', async () => {
    const { child, out, status, said } = await start(TEXT.replace('pitch_mm: 5', 'pitch_mm: 1'));
    await said(/^scanning/m);
    child.kill('SIGINT');
    expect(await status).toBe(130);
    expect(existsSync(`${out}.journal`)).toBe(true);
  });
});
