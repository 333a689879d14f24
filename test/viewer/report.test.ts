import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadResult } from '../../src/formats/node.js';
import { random } from '../../src/random.js';
import type { InversionResult } from '../../src/result.js';
import { packReport, reportDocuments } from '../../viewer/report/content.js';
import { emptyFolder, frameCsv, savart } from '../cli/support.js';
import { BROWSER_MISSING, hover, launch, quantity, WHY_MISSING, watchedPage } from './browser.js';
import { HOSTILE, process, result } from './fixtures.js';

describe('the content of a report', () => {
  it('shows the same layers with the same values as the file', () => {
    const content = { kind: 'result' as const, name: HOSTILE, result: result(), cells: [], totalCurrent: 4 };
    const shown = reportDocuments(packReport(content))[0];
    expect(shown.name).toBe(HOSTILE);
    expect(shown.totalCurrent).toBe(4);
    const kx = shown.layers.find(layer => layer.id === 'sheet0.kx')!;
    content.result.sheets[0].kx.forEach((value, i) => {
      expect(Math.abs(kx.values[i] - value)).toBeLessThanOrEqual(8e-6 * Math.abs(value));
    });
    expect(shown.samples!.rejected![123]).toBe(1);
  });

  it('of 256 x 256 with three components and their residuals leaves room for the page and the figures in 3 MB', () => {
    const n = 256;
    const grid = { nx: n, ny: n, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 };
    const rng = random(1);
    const map = (size: number, noise: number, phase: number) =>
      Float64Array.from({ length: n * n }, (_, i) => {
        const [x, y] = [i % n, Math.floor(i / n)];
        return size * Math.sin(x / 20 + phase) * Math.cos(y / 25) + noise * rng.normal();
      });
    const place = (f: (i: number) => number) => Float64Array.from({ length: n * n }, (_, i) => f(i));
    const packed = packReport({
      kind: 'result',
      name: 'large',
      cells: [],
      result: {
        sheets: [
          {
            grid,
            z: 0,
            psi: map(1, 1e-4, 0),
            kx: map(100, 0.3, 1),
            ky: map(100, 0.3, 2),
            kxErrors: map(1, 0, 0).map(Math.abs),
            kyErrors: map(1, 0, 0).map(Math.abs),
            resolution: map(5e-3, 0, 0).map(Math.abs),
          },
        ],
        field: {
          grid,
          z: 0.01,
          components: { bx: map(4e-5, 1e-7, 0), by: map(4e-5, 1e-7, 1), bz: map(4e-5, 1e-7, 2) },
        },
        residual: {
          x: place(i => (i % n) * 1e-3),
          y: place(i => Math.floor(i / n) * 1e-3),
          z: place(() => 0.01),
          components: { bx: map(0, 1, 0), by: map(0, 1, 0), bz: map(0, 1, 0) },
          rejected: new Uint8Array(n * n),
        },
        process: process(),
      },
    });
    // In base64; page, fonts and figures take 0.4, 0.2 and some 0.5 MB.
    expect((4 / 3) * packed.length).toBeLessThan(1.9e6);
  });
});

describe.skipIf(BROWSER_MISSING)(`a report with maps${WHY_MISSING}`, () => {
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let hosts: Set<string>;
  let path: string;
  let file: InversionResult;

  beforeAll(async () => {
    const folder = emptyFolder();
    const scan = join(folder, '<b onclick=alert(1)>.csv');
    writeFileSync(scan, frameCsv());
    path = join(folder, 'report.html');
    const out = join(folder, 'result.h5');
    const { status, stderr } = savart(['invert', scan, '--report', path, '-o', out]);
    expect(status, stderr).toBe(0);
    file = await loadResult(out);
    browser = await launch();
    ({ page, faults, hosts } = await watchedPage(browser));
    await page.goto(`file://${path}`);
    await page.locator('.panel').first().waitFor();
  });
  afterAll(() => browser?.close());

  it('keeps verdict, statements of what the scan could have seen, and the record', async () => {
    expect(await page.locator('h1').innerText()).toBe('Current map of <b onclick=alert(1)>.csv');
    expect(await page.locator('.verdict .lead').innerText()).toMatch(/strongest sheet current/);
    expect(await page.locator('.sight li').count()).toBeGreaterThan(2);
    expect(await page.locator('.process').count()).toBe(1);
    expect(await page.locator('b').count()).toBe(0);
  });

  it('shows the file’s values under the cursor', async () => {
    await page.locator('.panel select').first().selectOption('sheet0.kx');
    await page.locator('.marks').first().scrollIntoViewIfNeeded();
    await hover(page, 0, 0.42, 0.62);
    const [, x, y] = /x = (.*) mm, y = (.*) mm/.exec(await page.locator('.cursor .place').innerText())!;
    const metres = (text: string) => 1e-3 * Number(text.replace('−', '-'));
    const { grid, kx, kxErrors } = file.sheets[0];
    const i = Math.round((metres(y) - grid.y0) / grid.dy) * grid.nx + Math.round((metres(x) - grid.x0) / grid.dx);
    const shown = quantity(await page.locator('.panel .value').first().innerText(), 'A/m');
    expect(Math.abs(shown.value - kx[i])).toBeLessThanOrEqual(0.51 * shown.digit);
    expect(Math.abs(shown.error! - kxErrors![i])).toBeLessThanOrEqual(0.51 * shown.digit);
  });

  it('inverts live, saves what it shows, and reaches for nothing', async () => {
    await page.locator('.live-start').click();
    await expect.poll(async () => Number(await page.locator('.live').getAttribute('data-maps'))).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Save …' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('menuitem', { name: /^Kx|live \(CSV\)/ })
        .first()
        .click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    expect(await page.getByRole('menuitem', { name: /HDF5/ }).count()).toBe(0);
    expect(faults).toEqual([]);
    expect([...hosts]).toEqual(['file://']);
  });

  it('prints as the figures on A4, without the controls', async () => {
    expect(await page.locator('section.pictures').first().isHidden()).toBe(true);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.viewer').isHidden()).toBe(true);
    expect(await page.locator('section.pictures').first().isVisible()).toBe(true);
    // The style of the interactive part stands behind the report's own and must not win on paper.
    const [size, padding] = await page.evaluate(() => {
      const main = document.querySelector('body > main')!;
      return [getComputedStyle(document.body).fontSize, getComputedStyle(main).padding];
    });
    expect(Number.parseFloat(size)).toBeCloseTo(40 / 3, 2);
    expect(padding).toBe('0px');
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf).toMatch(/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
    await page.emulateMedia({ media: 'screen' });
  });

  it('is a report without scripts, too', async () => {
    const plain = await browser.newPage({ javaScriptEnabled: false });
    await plain.goto(`file://${path}`);
    expect(await plain.locator('section.pictures svg').count()).toBeGreaterThan(3);
    expect(await plain.locator('.panel').count()).toBe(0);
    await plain.close();
  });

  it('runs no other script than its own', () => {
    const html = readFileSync(path, 'utf8');
    expect(html).toMatch(/script-src 'sha256-[\w+/=]+' 'wasm-unsafe-eval'; worker-src blob:">/);
    expect(html.match(/<script/g)).toHaveLength(2);
  });
});
