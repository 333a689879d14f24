import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareResults } from '../../src/comparison/index.js';
import { formatMapStack } from '../../src/formats/nexusMapStack.js';
import { formatResult } from '../../src/formats/nexusResult.js';
import type { MapStack } from '../../src/series/mapStack.js';
import { BROWSER_MISSING, hover, launch, quantity, type Served, serve, WHY_MISSING, watchedPage } from './browser.js';
import { GRID, onGrid, process, psiAt, result } from './fixtures.js';

/** Bz of nine states that grows with the square of the state's number. */
function stack(): MapStack {
  const maps = Array.from({ length: 9 }, (_, k) => onGrid((x, y) => 1e-6 * k * k * psiAt(x, y)));
  const numbers = (f: (k: number) => number) => Float64Array.from(maps, (_, k) => f(k));
  return {
    grid: GRID,
    unit: 'T',
    by: 't_s',
    at: numbers(k => 60 * k),
    names: maps.map((_, k) => `scan${k}.csv`),
    reference: 0,
    layers: [{ name: 'bz', values: maps, change: maps }],
    change: numbers(k => 1e-6 * k * k),
    noise: numbers(() => Number.NaN),
    process: process({}, 'scan0.csv'),
  };
}

describe.skipIf(BROWSER_MISSING)(`several files at once${WHY_MISSING}`, () => {
  let browser: Browser;
  let served: Served | undefined;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    served?.stop();
  });
  const open = async (files: Record<string, Uint8Array>) => {
    served?.stop();
    served = await serve(files);
    ({ page, faults } = await watchedPage(browser));
    await page.goto(served.url);
    await page.locator('.panel').first().waitFor();
  };
  const tabs = () => page.locator('.documents button').allInnerTexts();
  const shown = () => page.locator('.documents [aria-current]').innerText();

  it('two results compare themselves, and each is one press away', async () => {
    const other = result();
    other.sheets[0].ky.forEach((v, i) => {
      other.sheets[0].ky[i] = v + 3;
    });
    const difference = compareResults(result(), other).difference as { result: Parameters<typeof formatResult>[0] };
    const written = { ...difference.result, process: { ...process(), parameters: { command: 'compare', chi2: 4 } } };
    await open({ 'a.h5': await formatResult(result()), 'b.h5': await formatResult(other) });
    await expect.poll(tabs).toEqual(['a.h5', 'b.h5', 'a.h5 − b.h5']);
    expect(await shown()).toBe('a.h5 − b.h5');
    await page.locator('.panel select').nth(1).selectOption('sheet0.ky.difference');
    await hover(page, 1, 0.45, 0.5);
    const { value } = quantity(await page.locator('.panel .value').nth(1).innerText(), 'A/m');
    expect(value).toBeCloseTo(-3, 1);
    await page.getByRole('button', { name: '← B: b.h5' }).click();
    await expect.poll(shown).toBe('b.h5');
    await page.locator('.documents button').nth(2).click();
    await page.getByRole('button', { name: 'End the comparison' }).click();
    await expect.poll(tabs).toEqual(['a.h5', 'b.h5']);
    expect(await shown()).toBe('a.h5');
    // What savart compare wrote is told as a difference, not as a current.
    await page.locator('input[type=file]').setInputFiles({
      name: 'difference.h5',
      mimeType: 'application/x-hdf5',
      buffer: Buffer.from(await formatResult(written)),
    });
    await expect.poll(shown).toBe('difference.h5');
    expect(await page.locator('.headline h1').innerText()).toMatch(/^The difference A − B is largest/);
    expect(await page.locator('.headline .warning').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('one result compares itself with nothing', async () => {
    await open({ 'a.h5': await formatResult(result()) });
    expect(await tabs()).toEqual(['a.h5']);
    expect(await page.locator('.ways-back').count()).toBe(0);
  });

  it('a stack of maps is scrubbed: slider, keys, and the value of each state', async () => {
    await open({ 'stack.h5': await formatMapStack(stack()) });
    await page.locator('.panel select').first().selectOption('bz');
    await hover(page, 0, 0.45, 0.5);
    const slider = page.locator('.frames input');
    const bz = async () => quantity(await page.locator('.panel .value').first().innerText(), 'T').value;
    const last = await bz();
    await slider.focus();
    for (let k = 7; k >= 2; k--) {
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => page.locator('.frame-label').innerText()).toContain(`(${k + 1} of 9)`);
      expect((await bz()) / last).toBeCloseTo((k * k) / 64, 2);
    }
    await page.locator('.frames button').click();
    await expect.poll(() => slider.inputValue()).not.toBe('2');
    await page.locator('.frames button').click();
    expect(faults).toEqual([]);
  });
});
