import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatResult } from '../../src/formats/nexusResult.js';
import { parseCell } from '../../src/model/parseCell.js';
import { cellText, packReport, reportDocuments } from '../../viewer/report/content.js';
import { emptyFolder, savart } from '../cli/support.js';
import { BROWSER_MISSING, hover, launch, quantity, WHY_MISSING, watchedPage } from './browser.js';
import { GRID, HOSTILE, process, result } from './fixtures.js';

const CELL = `name: ${JSON.stringify(HOSTILE)}
outline_mm: {width: 60, height: 80}
thickness_mm: 0.3
current_A: 2
tabs:
  - {name: positive, at_mm: [[6, 80], [24, 80]], share: 1}
  - {name: negative, at_mm: [[36, 80], [54, 80]], share: -1}
electrical:
  pairs: 1
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 5
`;

/** A result whose Kx is larger by 8 A/m everywhere. */
function raised() {
  const made = result({}, 'other.csv');
  made.sheets[0].kx.forEach((v, i) => {
    made.sheets[0].kx[i] = v + 8;
  });
  return made;
}

describe('the content of a report', () => {
  it('of a plan shows the radii where a hole is found, and nothing elsewhere', () => {
    const radius = new Float64Array(GRID.nx * GRID.ny).fill(2e-3);
    radius.set([Infinity, Number.NaN, 5e-2]);
    const holes = [{ foil: 'positive' as const, grid: GRID, radius, median: 2e-3 }];
    const [shown] = reportDocuments(packReport({ kind: 'plan', name: HOSTILE, cells: [], holes }));
    const [layer] = shown.layers;
    expect([...layer.values.subarray(0, 2)]).toEqual([Number.NaN, Number.NaN]);
    expect(layer.values[2]).toBeCloseTo(5e-2, 6);
    expect(layer.limits).toEqual({ min: 0, max: 6e-3, clippedHigh: true });
  });

  it('keeps the cell with all its digits, for the bounded method', () => {
    const cell = { ...parseCell(CELL, 'cell.yaml'), sheets: Float64Array.of(1 / 3) };
    const made = result({ target: 'current', gainError: 0, positionError_m: 0, lambda: 3, lambdaBy: 'given' });
    const [shown] = reportDocuments(
      packReport({ kind: 'result', name: 'r', cells: [], result: made, cell: cellText(cell) }),
    );
    expect(shown.field!.bounded!.cell).toEqual({ ...cell, current: 4 });
    expect(shown.field!.bounded!.lambda).toBe(3);
    // What the field does not carry, such as the sensor's size, leaves the Fourier method.
    const disc = { ...made, process: process({ ...made.process.parameters, given: { sensorDiscMm: '3' } }) };
    const [other] = reportDocuments(
      packReport({ kind: 'result', name: 'r', cells: [], result: disc, cell: cellText(cell) }),
    );
    expect(other.field!.bounded).toBeUndefined();
  });
});

describe.skipIf(BROWSER_MISSING)(`reports of the other commands${WHY_MISSING}`, () => {
  let browser: Browser;
  const folder = emptyFolder();
  const path = (name: string) => join(folder, name);
  const run = (...args: string[]) => {
    const { status, stderr } = savart(args);
    expect(status, stderr).toBe(0);
  };
  beforeAll(async () => {
    browser = await launch();
    writeFileSync(path('cell.yaml'), CELL);
    writeFileSync(path(`${HOSTILE}.h5`), await formatResult(result()));
    writeFileSync(path('b.h5'), await formatResult(raised()));
  });
  afterAll(() => browser?.close());

  /** Opens a report, and looks for what none may have. */
  const opened = async (name: string) => {
    const { page, faults, hosts } = await watchedPage(browser);
    await page.goto(`file://${path(name)}`);
    await page.locator('.panel').first().waitFor();
    const close = async () => {
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
      await page.setViewportSize({ width: 390, height: 844 });
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      expect(pdf).toMatch(/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
      expect(faults).toEqual([]);
      expect([...hosts]).toEqual(['file://']);
      await page.close();
      expect(readFileSync(path(name)).length).toBeLessThan(3e6);
    };
    return { page, close };
  };

  it('compare: the boundary, the difference under the cursor, the histograms', async () => {
    run('compare', path(`${HOSTILE}.h5`), path('b.h5'), '--report', path('compare.html'));
    const { page, close } = await opened('compare.html');
    expect(await page.locator('h1').innerText()).toBe(`${HOSTILE}.h5 against b.h5`);
    await page.locator('.swipe').first().focus();
    await page.keyboard.press('Home');
    expect(await page.locator('.swipe').first().getAttribute('aria-valuenow')).toBe('0');
    await page.locator('.panel select').nth(1).selectOption('0.Kx.difference');
    await hover(page, 1, 0.4, 0.5);
    const { value, error } = quantity(await page.locator('.panel .value').nth(1).innerText(), 'A/m');
    expect(value).toBeCloseTo(-8, 1);
    expect(error).toBeCloseTo(Math.sqrt(8), 1);
    expect(await page.locator('figure.keep').first().isVisible()).toBe(true);
    await close();
  });

  it('design: two designs beside each other on one scale', async () => {
    writeFileSync(path('other.yaml'), CELL.replace('[[36, 80], [54, 80]]', '[[54, 0], [36, 0]]'));
    run('design', path('cell.yaml'), path('other.yaml'), '--pitch-mm', '2', '--report', path('design.html'));
    const { page, close } = await opened('design.html');
    expect(await page.locator('.panel').count()).toBe(2);
    const names = await page
      .locator('.panel select')
      .evaluateAll(all => all.map(one => (one as HTMLSelectElement).selectedOptions[0].text));
    expect(names).toEqual([`${HOSTILE}: electrodes`, `${HOSTILE}: electrodes`]);
    await close();
  });

  it('simulate: the scan, and the true current beside it', async () => {
    const scan = ['-o', path('scan.h5'), '--height-mm', '6', '--pitch-mm', '5'];
    run('simulate', path('cell.yaml'), ...scan, '--model-pitch-mm', '2', '--report', path('simulate.html'));
    const { page, close } = await opened('simulate.html');
    expect(await page.locator('.documents button').allInnerTexts()).toEqual(['Scan', 'True current']);
    await page.locator('.documents button').nth(1).click();
    await expect
      .poll(() =>
        page
          .locator('.panel select')
          .first()
          .evaluate(one => (one as HTMLSelectElement).value),
      )
      .toBe('sheet0.magnitude');
    await close();
  });
});
