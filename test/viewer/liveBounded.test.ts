import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadResult } from '../../src/formats/node.js';
import { emptyFolder, savart } from '../cli/support.js';
import { BROWSER_MISSING, hover, launch, quantity, type Served, serve, WHY_MISSING, watchedPage } from './browser.js';

const CELL = `name: small
outline_mm: {width: 50, height: 60}
thickness_mm: 0.3
current_A: 5
tabs:
  - {name: in, at_mm: [[35, 60], [15, 60]], share: 1}
  - {name: out, at_mm: [[15, 0], [35, 0]], share: -1}
`;

describe.skipIf(BROWSER_MISSING)(`live inversion of a bounded result${WHY_MISSING}`, () => {
  let browser: Browser;
  let served: Served;
  let page: Page;
  let faults: string[];
  const folder = emptyFolder();
  const path = (name: string) => join(folder, name);
  beforeAll(async () => {
    writeFileSync(path('cell.yaml'), CELL);
    const scan = ['--height-mm', '6', '--pitch-mm', '4', '--margin-mm', '16', '--seed', '3', '-o', path('scan.csv')];
    for (const args of [
      ['simulate', path('cell.yaml'), ...scan],
      ['invert', path('scan.csv'), '--cell', path('cell.yaml'), '--no-errors', '-o', path('result.h5')],
    ]) {
      const { status, stderr } = savart(args);
      expect(status, stderr).toBe(0);
    }
    served = await serve({ 'result.h5': readFileSync(path('result.h5')) });
    browser = await launch();
    ({ page, faults } = await watchedPage(browser));
    await page.goto(served.url);
    await page.locator('.live-start').click();
    // Progress comes before the first map.
    await page.locator('.live progress[value]').waitFor();
    await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('.live')!.dataset.maps) > 0, null, {
      timeout: 60_000,
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    served?.stop();
  });

  it('begins with the map of the file, at its lambda', async () => {
    await page.locator('.panel select').first().selectOption('live.ky');
    await hover(page, 0, 0.45, 0.5);
    const [, x, y] = /x = (.*) mm, y = (.*) mm/.exec(await page.locator('.cursor .place').innerText())!;
    const { sheets, process } = await loadResult(path('result.h5'));
    const { grid, ky } = sheets[0];
    const at = (text: string, first: number, step: number) => Math.round((1e-3 * Number(text) - first) / step);
    const value = ky[at(y, grid.y0, grid.dy) * grid.nx + at(x, grid.x0, grid.dx)];
    const shown = quantity(await page.locator('.panel .value').first().innerText(), 'A/m');
    expect(Math.abs(shown.value - value)).toBeLessThanOrEqual(0.51 * shown.digit);
    const lambda = await page.locator('.live output').first().innerText();
    expect(
      Number(
        lambda.replace(/\u00a0×\u00a010/, 'e').replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]/g, c => '-0123456789'['⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c)]),
      ) / (process.parameters.lambda as number),
    ).toBeCloseTo(1, 2);
  });

  it('follows lambda, by the slider and on the curve, but not what the cell says', async () => {
    const maps = async () => Number(await page.locator('.live').getAttribute('data-maps'));
    const before = await maps();
    await page.locator('.live input[type=range]').first().fill('2');
    await expect.poll(maps).toBeGreaterThan(before);
    const slid = await page.locator('.live output').first().innerText();
    // Without a cursor on the map its card is lower, and the curves are higher up.
    await page.mouse.move(5, 5);
    await page.locator('.cursor', { hasText: 'Point at a map.' }).waitFor();
    const chart = (await page.locator('.live .u-over').first().boundingBox())!;
    await page.mouse.move(chart.x + 0.3 * chart.width, chart.y + 0.5 * chart.height);
    await page.mouse.down();
    await page.mouse.move(chart.x + 0.4 * chart.width, chart.y + 0.5 * chart.height, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => page.locator('.live output').first().innerText()).not.toBe(slid);
    // Standoff and current are known.
    expect(await page.locator('.live label:visible').count()).toBe(1);
  });

  it('the Fourier method is there as well, and is told apart', async () => {
    await page.locator('.live').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Fourier method' }).click();
    await expect.poll(() => page.locator('.live .note:visible').innerText()).toMatch(/^Fourier method/);
    expect(await page.locator('.live label:visible').count()).toBe(3);
    expect(await page.locator('.panel optgroup').first().getAttribute('label')).toMatch(/Fourier/);
    expect(faults).toEqual([]);
  });
});
