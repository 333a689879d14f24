import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatResult } from '../../src/formats/nexusResult.js';
import { random } from '../../src/random.js';
import { png } from '../formats/pictures.js';
import { BROWSER_MISSING, hover, launch, marks, type Served, serve, WHY_MISSING, watchedPage } from './browser.js';
import { GRID, HOSTILE, result } from './fixtures.js';

const [W, H, MARGIN] = [120, 96, 10];

/** |K| of the result as a picture, bright on a dark rim: row 0 on top, the cell MARGIN pixels inside. */
function picture(): Uint8Array {
  const [{ kx, ky }] = result().sheets;
  const rng = random(4);
  const values = Array.from({ length: W * H }, (_, i) => {
    const [u, v] = [i % W, Math.floor(i / W)];
    const [x, y] = [(u - MARGIN + 0.5) * 1e-3, (H - MARGIN - v - 0.5) * 1e-3];
    const [ix, iy] = [Math.round((x - GRID.x0) / GRID.dx), Math.round((y - GRID.y0) / GRID.dy)];
    if (x < 0 || y < 0 || ix < 0 || iy < 0 || ix >= GRID.nx || iy >= GRID.ny) return Math.round(6 * rng.uniform());
    return Math.min(255, Math.round(150 + Math.hypot(kx[iy * GRID.nx + ix], ky[iy * GRID.nx + ix]) + 2 * rng.normal()));
  });
  return png(W, H, values);
}

describe.skipIf(BROWSER_MISSING)(`a picture over the maps${WHY_MISSING}`, () => {
  let browser: Browser;
  let served: Served;
  let page: Page;
  let faults: string[];
  let hosts: Set<string>;

  beforeAll(async () => {
    served = await serve({ 'result.h5': await formatResult(result()) });
    browser = await launch();
    ({ page, faults, hosts } = await watchedPage(browser));
    await page.goto(served.url);
    await page.locator('.panel').first().waitFor();
    await page.locator('input[type=file]').setInputFiles({
      name: `${HOSTILE.replaceAll('/', '')}.png`,
      mimeType: 'image/png',
      buffer: Buffer.from(picture()),
    });
    await page.locator('.picture-name').waitFor();
    await page.locator('.panel select').first().selectOption('sheet0.magnitude');
  });
  afterAll(async () => {
    await browser?.close();
    served?.stop();
  });

  const card = () => page.locator('.overlay');
  const row = async (name: string) => {
    const text = await card().locator('tr', { hasText: name }).innerText();
    return text.split('\t').map(cell => cell.trim().replaceAll('−', '-'));
  };
  const note = () => card().locator('.note').innerText();

  it('is laid over the outline, and told as text', async () => {
    expect(await card().locator('.picture-name').innerText()).toContain('onerror');
    expect(await page.locator('img').count()).toBe(0);
    expect(await note()).toMatch(/told from what is around it/);
    expect(await note()).not.toMatch(/wider|narrower/);
  });

  it('correlates with the map it is made of, in every quarter and in a region, with few effective samples', async () => {
    await expect.poll(() => card().locator('tbody tr').count()).toBe(5);
    for (const part of ['Whole cell', 'Upper left', 'Upper right', 'Lower left', 'Lower right']) {
      const [, r, interval, n] = await row(part);
      expect(Number(r), part).toBeGreaterThan(0.95);
      const [low, high] = interval.split(' to ').map(Number);
      expect(low).toBeLessThanOrEqual(Number(r));
      expect(high).toBeGreaterThanOrEqual(Number(r));
      expect(Number(n)).toBeLessThan((GRID.nx * GRID.ny) / 8);
    }
    await page.locator('[data-key=tool-region]').click();
    await hover(page, 0, 0.3, 0.35);
    await page.mouse.down();
    await hover(page, 0, 0.6, 0.7);
    await page.mouse.up();
    await expect.poll(() => card().locator('tbody tr').count()).toBe(6);
    expect(Number((await row('Region'))[1])).toBeGreaterThan(0.9);
    await page.locator('[data-key=tool-move]').click();
  });

  it('is as opaque as the slider says', async () => {
    const shot = async () => {
      await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
      return (await marks(page, 0).screenshot()).toString('base64');
    };
    const [slider, seen] = [card().locator('input').first(), new Set<string>()];
    for (const opacity of ['0', '0.5', '1']) {
      await slider.fill(opacity);
      seen.add(await shot());
    }
    expect(seen.size).toBe(3);
    expect(await card().locator('label output').first().innerText()).toBe('100 %');
  });

  it('can be turned and mirrored; mutual information lays it when it can tell', async () => {
    const seen = async () => (await card().locator('.picture-view').screenshot()).toString('base64');
    const before = await seen();
    await card().getByRole('button', { name: 'Mirror' }).click();
    await expect.poll(seen).not.toBe(before);
    await card().getByRole('button', { name: 'Mirror' }).click();
    await card().getByRole('button', { name: 'Turn' }).click();
    await expect.poll(note).toMatch(/than high/);
    for (let k = 0; k < 3; k++) await card().getByRole('button', { name: 'Turn' }).click();
    await expect.poll(async () => Number((await row('Whole cell'))[1])).toBeGreaterThan(0.95);
    await card().getByRole('button', { name: 'Mutual information' }).click();
    await expect
      .poll(note, { timeout: 20_000 })
      .toMatch(/Mutual information tells where.*moved by −?[01]\.\d, −?[01]\.\d mm/);
    expect(Number((await row('Whole cell'))[1])).toBeGreaterThan(0.95);
  });

  it('is laid by named points, and lies where they say', async () => {
    const view = card().locator('.picture-view');
    const points = [
      [0.35, 0.35],
      [0.55, 0.4],
      [0.45, 0.7],
    ] as const;
    // The picture's own corners are named so that it comes to lie turned by a half.
    for (const [along, up] of points) {
      await view.scrollIntoViewIfNeeded();
      const box = (await view.boundingBox())!;
      await page.mouse.click(box.x + along * box.width, box.y + up * box.height);
      await expect.poll(() => card().locator('.hint').innerText()).toMatch(/Now click point/);
      await marks(page, 0).scrollIntoViewIfNeeded();
      const map = (await marks(page, 0).boundingBox())!;
      await page.mouse.click(map.x + (0.85 - along) * map.width, map.y + (1 - up) * map.height);
    }
    await expect.poll(note).toMatch(/Laid by 3 pairs of points: they miss each other by/);
    await card().locator('select').nth(1).selectOption('affine');
    await expect.poll(note).toMatch(/just enough/);
    await card().getByRole('button', { name: 'Remove last point' }).click();
    await card().locator('select').nth(1).selectOption('similarity');
    await expect.poll(note).toMatch(/Laid by 2 pairs of points: just enough/);
    await card().getByRole('button', { name: 'Outline' }).click();
    await expect.poll(note).toMatch(/told from/);
  });

  it('can be pointed at with keys alone', async () => {
    const view = card().locator('.picture-view');
    await view.focus();
    for (const key of ['ArrowLeft', 'Shift+ArrowUp', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => card().locator('.hint').innerText()).toMatch(/Now click point 1/);
    await marks(page, 0).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => card().locator('.hint').innerText()).toMatch(/point 2/);
  });

  it('a matrix without geometry is a picture too; a damaged one is told, and goes', async () => {
    const give = (name: string, buffer: Buffer) =>
      page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    await give('heat.csv', Buffer.from('1,2,3,4\n2,3,4,5\n3,4,5,6\n'));
    await expect.poll(() => card().locator('.picture-name').innerText()).toBe('heat.csv, 4 × 3');
    await give('cut.png', Buffer.from(picture().slice(0, 300)));
    await expect.poll(() => page.locator('.message').first().innerText()).toMatch(/cut\.png: cannot be read as PNG/);
    await page.locator('.message button').click();
    await card().getByRole('button', { name: 'Remove the picture' }).click();
    await expect.poll(() => card().locator('.controls').isHidden()).toBe(true);
  });

  it('made no error, and asked no other host', () => {
    expect(faults).toEqual([]);
    expect([...hosts]).toEqual([served.origin]);
  });
});
