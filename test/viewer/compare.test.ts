import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatResult } from '../../src/formats/nexusResult.js';
import { compareDocuments } from '../../viewer/compare/compareDocument.js';
import { resultDocument } from '../../viewer/files/fromResult.js';
import {
  BROWSER_MISSING,
  hover,
  launch,
  marks,
  quantity,
  type Served,
  serve,
  WHY_MISSING,
  watchedPage,
} from './browser.js';
import { result } from './fixtures.js';

/** The result with its Kx raised by 8 A/m in one pixel and its errors of Kx being 2 A/m there as everywhere. */
const PIXEL = 20 * 50 + 30;
function other() {
  const made = result();
  made.sheets[0].kx[PIXEL] += 8;
  return made;
}

describe('a comparison', () => {
  const [a, b] = [result(), other()].map((file, k) => resultDocument(`file${k}`, `${'ab'[k]}.h5`, file, [], undefined));
  const shown = compareDocuments(a, b, [0, 0]);
  const layer = (id: string) => shown.layers.find(one => one.id === id)!;

  it('of a document with itself is zero everywhere, and says so', () => {
    const same = compareDocuments(a, { ...a, id: 'copy' }, [0, 0]);
    for (const { id, values } of same.layers) {
      if (id.endsWith('.difference'))
        expect(
          values.every(v => v === 0 || Number.isNaN(v)),
          id,
        ).toBe(true);
    }
    expect(same.headline).toMatch(/differ nowhere by more than chance/);
  });

  it('turns its sign when the two change places', () => {
    const turned = compareDocuments(b, a, [0, 0]);
    const back = turned.layers.find(one => one.id === 'sheet0.kx.difference')!;
    layer('sheet0.kx.difference').values.forEach((v, i) => {
      expect(back.values[i]).toBe(v === 0 ? 0 : -v);
    });
  });

  it('holds A − B, its error, and that in standard errors, on one symmetric scale', () => {
    expect(layer('sheet0.kx.difference').values[PIXEL]).toBeCloseTo(-8, 12);
    expect(layer('sheet0.kx.difference').errors![PIXEL]).toBeCloseTo(Math.sqrt(8), 12);
    expect(layer('sheet0.kx.sigmas').values[PIXEL]).toBeCloseTo(-Math.sqrt(8), 12);
    const { kind, colours } = layer('sheet0.kx.difference');
    // Signed maps have limits symmetric about zero.
    expect([kind, colours]).toEqual(['signed', 'diverging']);
    expect(layer('sheet0.kx.swipe').against!.values[PIXEL]).toBe(
      b.layers.find(l => l.id === 'sheet0.kx')!.values[PIXEL],
    );
  });

  it('lays B on the grid of A where that is another one', () => {
    const coarse = result();
    const [sheet] = coarse.sheets;
    const { nx, ny, dx } = sheet.grid;
    const pick = (values: Float64Array) =>
      Float64Array.from(
        { length: (nx * ny) / 4 },
        (_, i) => values[2 * Math.floor(i / (nx / 2)) * nx + 2 * (i % (nx / 2))],
      );
    const grid = { ...sheet.grid, nx: nx / 2, ny: ny / 2, dx: 2 * dx, dy: 2 * dx };
    const map = { grid, z: 0, kx: pick(sheet.kx), ky: pick(sheet.ky), psi: pick(sheet.psi) };
    const { field, residual, healthy, ...rest } = coarse;
    const c = resultDocument('c', 'c.h5', { ...rest, sheets: [map] }, [], undefined);
    const difference = compareDocuments(a, c, [0, 0]).layers.find(one => one.id === 'sheet0.psi.difference')!;
    const known = difference.values.filter(Number.isFinite);
    expect(known.length).toBeGreaterThan(0.9 * nx * ny);
    // psi is smooth: cubic interpolation over 4 mm errs by less than a hundredth of it.
    expect(Math.max(...known.map(Math.abs))).toBeLessThan(0.02);
  });
});

describe.skipIf(BROWSER_MISSING)(`comparing on the page${WHY_MISSING}`, () => {
  let browser: Browser;
  let served: Served;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    served = await serve({ 'a.h5': await formatResult(result()), 'b.h5': await formatResult(other()) });
    browser = await launch();
    ({ page, faults } = await watchedPage(browser));
    await page.goto(served.url);
    await page.locator('.documents button').nth(1).waitFor();
    await page.locator('.documents button').first().click();
    await page.locator('.compare select').selectOption({ label: 'b.h5' });
    await page.locator('.swipe:visible').first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    served?.stop();
  });
  const choose = (id: string) => page.locator('.panel select').first().selectOption(id);
  const shot = async () => {
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
    return (await marks(page, 0).screenshot()).toString('base64');
  };

  it('the boundary moves with the pointer and with keys', async () => {
    const handle = page.locator('.swipe:visible').first();
    const at = async () => Number(await handle.getAttribute('aria-valuenow'));
    expect(await at()).toBe(50);
    const box = (await handle.boundingBox())!;
    const frame = (await marks(page, 0).boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(frame.x + 100, box.y + 80);
    await page.mouse.up();
    expect(await at()).toBeLessThan(35);
    const before = await shot();
    await handle.focus();
    await page.keyboard.press('End');
    expect(await at()).toBe(100);
    await page.keyboard.press('ArrowLeft');
    expect(await at()).toBe(98);
    expect(await shot()).not.toBe(before);
  });

  it('the difference under the cursor is that of the files, with its error', async () => {
    await choose('sheet0.kx.difference');
    // The plot's margins and the margin of 4 % about the map.
    const { width, height } = (await marks(page, 0).boundingBox())!;
    const per = Math.max(0.108 / (width - 118), 0.088 / (height - 44));
    await hover(
      page,
      0,
      (44 + (width - 118) / 2 + (0.061 - 0.05) / per) / width,
      1 - (8 + (height - 44) / 2 - (0.041 - 0.04) / per) / height,
    );
    const text = await page.locator('.panel .value').first().innerText();
    const shown = quantity(text, 'A/m');
    expect(shown.value).toBeCloseTo(-8, 1);
    expect(shown.error).toBeCloseTo(Math.sqrt(8), 1);
    expect(await page.locator('h1').innerText()).toMatch(/differ nowhere by more than chance/);
  });

  it('made no error', () => expect(faults).toEqual([]));
});
