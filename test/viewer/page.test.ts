import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLOUR_MAPS, levelOf } from '../../src/figures/colour.js';
import { formatResult, parseResult } from '../../src/formats/nexusResult.js';
import { readNpy } from '../../src/formats/npy.js';
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
import { files, GRID, HOSTILE, psiAt, result } from './fixtures.js';

describe.skipIf(BROWSER_MISSING)(`the page of savart view${WHY_MISSING}`, () => {
  let browser: Browser;
  let served: Served;
  let page: Page;
  let faults: string[];
  let hosts: Set<string>;
  let all: Record<string, Uint8Array>;

  beforeAll(async () => {
    all = await files();
    [browser, served] = await Promise.all([launch(), serve(all)]);
    ({ page, faults, hosts } = await watchedPage(browser));
    await page.goto(served.url);
    await page
      .locator('.documents button')
      .nth(Object.keys(all).length - 1)
      .waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    served?.stop();
  });

  const show = async (name: string) => {
    await page.locator('.documents button', { hasText: name }).click();
    await page.locator('.panel').first().waitFor();
    await frame();
  };
  /** Until the next picture is drawn. */
  const frame = () =>
    page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
  const choose = async (panel: number, id: string) => {
    await page.locator('.panel select').nth(panel).selectOption(id);
    await frame();
  };
  const place = async () => {
    const text = await page.locator('.cursor .place').innerText();
    const [, x, y] = /x = (−?[\d.]+) mm, y = (−?[\d.]+) mm/.exec(text)!;
    return { x: 1e-3 * Number(x.replace('−', '-')), y: 1e-3 * Number(y.replace('−', '-')) };
  };
  const pixelAt = ({ x, y }: { x: number; y: number }) =>
    Math.round((y - GRID.y0) / GRID.dy) * GRID.nx + Math.round((x - GRID.x0) / GRID.dx);
  /** Colours of points of a screenshot of a map: parts of the frame. */
  const colours = async (panel: number, points: readonly (readonly [number, number])[]) => {
    const png = await marks(page, panel).screenshot();
    return page.evaluate(
      async ([data, at]) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.width, image.height];
        const context = canvas.getContext('2d', { willReadFrequently: true })!;
        context.drawImage(image, 0, 0);
        return at.map(([px, py]) => [...context.getImageData(px, py, 1, 1).data.slice(0, 3)]);
      },
      [png.toString('base64'), points] as const,
    );
  };

  it('opens every kind of file with a headline, maps and figures', async () => {
    for (const [name, headline, layers] of [
      ['result.h5', /departs from a healthy cell’s by .*A\/m at x = 61 mm, y = 41 mm/, 12],
      ['scan.csv', /strongest at x = 49 mm, y = 1 mm: Bx = 23.5\sµT/, 2],
      ['scattered.csv', /strongest at/, 1],
      ['stack.h5', /1 hot spot; the strongest at x = 50 mm, y = 40 mm/, 3],
      ['chi.h5', /Mean susceptibility/, 3],
    ] as const) {
      await show(name);
      expect(await page.locator('h1').innerText()).toMatch(headline);
      expect(await page.locator('.panel select').first().locator('option').count()).toBeGreaterThanOrEqual(layers);
      expect(await page.locator('.facts tr').count()).toBeGreaterThan(2);
      expect(await page.title()).toBe(`${name} – Savart`);
    }
  });

  it('shows under the cursor exactly what the file holds, with its error, in every map of a result', async () => {
    const file = await parseResult(all['result.h5']);
    const [sheet] = file.sheets;
    await show('result.h5');
    const expected = {
      'sheet0.kx': [sheet.kx, 'A/m', sheet.kxErrors],
      'sheet0.ky': [sheet.ky, 'A/m', sheet.kyErrors],
      'sheet0.psi': [sheet.psi, 'A', undefined],
      'sheet0.magnitude': [sheet.kx.map((v, i) => Math.hypot(v, sheet.ky[i])), 'A/m', undefined],
      'sheet0.resolution': [sheet.resolution!, 'm', undefined],
      'field.bz': [file.field!.components.bz!, 'T', undefined],
      'residual.0.bz': [file.residual!.components.bz!, 'σ', undefined],
      'sheet0.departure': [
        sheet.kx.map((v, i) => Math.hypot(v - file.healthy![0].kx[i], sheet.ky[i] - file.healthy![0].ky[i])),
        'A/m',
        undefined,
      ],
    } as const;
    for (const [id, [values, unit, errors]] of Object.entries(expected)) {
      await choose(0, id);
      for (const [along, up] of [
        [0.4, 0.55],
        [0.6, 0.6],
      ]) {
        await hover(page, 0, along, up);
        const i = pixelAt(await place());
        const text = await page.locator('.panel .value').first().innerText();
        const shown = quantity(text, unit);
        expect(Math.abs(shown.value - values[i]), `${id}: ${text} against ${values[i]}`).toBeLessThanOrEqual(
          0.501 * Math.max(shown.digit, 1e-4 * Math.abs(values[i])),
        );
        if (errors !== undefined) expect(shown.error).toBeCloseTo(errors[i], 6);
      }
    }
  });

  it('draws each value in its colour at its place, as a screenshot shows', async () => {
    await show('result.h5');
    await choose(0, 'sheet0.psi');
    await page.locator('[data-key=direction]').selectOption('none');
    await page.locator('[data-key=outline]').click();
    await page.mouse.move(5, 5);
    await frame();
    const { width, height } = (await marks(page, 0).boundingBox())!;
    // The plot's margins and the margin of 4 % about the maps, as the picture is laid out.
    const [left, right, top, bottom] = [44, 74, 8, 36];
    const perPixel = Math.max(0.108 / (width - left - right), 0.088 / (height - top - bottom));
    const points: [number, number][] = [];
    const values: number[] = [];
    for (let iy = 1; iy < GRID.ny - 1; iy += 3) {
      for (let ix = 1; ix < GRID.nx - 1; ix += 3) {
        const [x, y] = [GRID.x0 + ix * GRID.dx, GRID.y0 + iy * GRID.dy];
        points.push([
          Math.round(left + (width - left - right) / 2 + (x - 0.05) / perPixel),
          Math.round(top + (height - top - bottom) / 2 - (y - 0.04) / perPixel),
        ]);
        values.push(psiAt(x, y));
      }
    }
    const limits = { min: -Math.max(...values), max: Math.max(...values) };
    const { lut } = COLOUR_MAPS.diverging;
    const found = await colours(0, points);
    const far = found.filter((colour, k) => {
      const level = levelOf(values[k], limits);
      return colour.some((c, i) => Math.abs(c - lut[3 * level + i]) > 14);
    });
    expect(points.length).toBeGreaterThan(150);
    expect(far.length).toBeLessThan(0.03 * points.length);
    await page.locator('[data-key=outline]').click();
  });

  it('tells the current through a line, its profile, and the figures of a region', async () => {
    await show('result.h5');
    await choose(0, 'sheet0.psi');
    const drag = async (key: string, a: readonly [number, number], b: readonly [number, number]) => {
      await page.locator(`[data-key=${key}]`).click();
      await hover(page, 0, ...a);
      const from = await place();
      await page.mouse.down();
      await hover(page, 0, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
      await hover(page, 0, ...b);
      const to = await place();
      await page.mouse.up();
      await frame();
      return { from, to };
    };
    const { from, to } = await drag('tool-line', [0.3, 0.35], [0.45, 0.55]);
    const through = quantity(await page.locator('.through').first().innerText(), 'A');
    // From left to right flows psi(B) - psi(A).
    const truth = psiAt(to.x, to.y) - psiAt(from.x, from.y);
    expect(Math.abs(through.value - truth)).toBeLessThan(0.02 * Math.abs(truth));
    expect(through.error).toBeGreaterThan(0);
    expect(await page.locator('.line .chart canvas').count()).toBe(2);

    const region = await drag('tool-region', [0.35, 0.4], [0.55, 0.6]);
    const within: number[] = [];
    const psi = result().sheets[0].psi;
    for (let i = 0; i < psi.length; i++) {
      const [x, y] = [GRID.x0 + (i % GRID.nx) * GRID.dx, GRID.y0 + Math.floor(i / GRID.nx) * GRID.dy];
      const inside = (v: number, a: number, b: number) => v >= Math.min(a, b) && v <= Math.max(a, b);
      if (inside(x, region.from.x, region.to.x) && inside(y, region.from.y, region.to.y)) within.push(psi[i]);
    }
    const rows = await page.locator('.region table').first().locator('tr').allInnerTexts();
    const row = (name: string) => rows.find(text => text.startsWith(name))!.split('\t')[1];
    expect(Number(row('Values'))).toBe(within.length);
    const mean = quantity(row('Mean'), 'A');
    expect(Math.abs(mean.value - within.reduce((s, v) => s + v, 0) / within.length)).toBeLessThanOrEqual(mean.digit);
    expect(quantity(row('Largest'), 'A').value).toBeCloseTo(Math.max(...within), 2);
    await page.locator('[data-key=tool-move]').click();
  });

  it('moves and zooms all maps together, and shows one, two or four', async () => {
    await show('result.h5');
    for (const count of [4, 1, 2]) {
      await page.locator(`[data-key=count-${count}]`).click();
      expect(await page.locator('.panel').count()).toBe(count);
    }
    await frame();
    const at = async (panel: number) => {
      await hover(page, panel, 0.3, 0.5);
      return place();
    };
    const [before, other] = [await at(0), await at(1)];
    expect(other).toEqual(before);
    await page.mouse.wheel(0, -600);
    const [closer, otherCloser] = [await at(0), await at(1)];
    expect(closer).toEqual(otherCloser);
    expect(closer).not.toEqual(before);
    await hover(page, 0, 0.4, 0.5);
    await page.mouse.down();
    await hover(page, 0, 0.5, 0.4);
    await page.mouse.up();
    expect(await at(1)).not.toEqual(otherCloser);
    await page.locator('[data-key=fit]').click();
    expect(await at(0)).toEqual(before);
  });

  it('obeys the keyboard and speaks what it shows', async () => {
    await show('result.h5');
    await choose(0, 'sheet0.kx');
    await hover(page, 0, 0.45, 0.5);
    await marks(page, 0).focus();
    const start = await place();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowUp');
    const moved = await place();
    expect(moved.x - start.x).toBeCloseTo(GRID.dx, 5);
    expect(moved.y - start.y).toBeCloseTo(10 * GRID.dy, 5);
    await page.keyboard.press('l');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('l');
    await page.keyboard.press('r');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('r');
    await page.keyboard.press('+');
    await page.keyboard.press('0');
    await expect.poll(() => page.locator('.through').count()).toBeGreaterThan(0);
    await expect.poll(() => page.locator('.region table').count()).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await frame();
    expect(await page.locator('.line').isHidden()).toBe(true);
    await expect.poll(() => page.locator('.cursor [aria-live=polite]').innerText()).toMatch(/Kx 4\.\d\s±\s2\.0\sA\/m/);
    expect(await marks(page, 0).getAttribute('aria-label')).toMatch(/Map of Kx/);
  });

  it('offers directions, colours, samples and the dark', async () => {
    await show('result.h5');
    await choose(0, 'sheet0.magnitude');
    const picture = async () => (await marks(page, 0).screenshot()).toString('base64');
    let last = await picture();
    const changes = async (work: () => Promise<unknown>) => {
      await work();
      await frame();
      const next = await picture();
      expect(next).not.toBe(last);
      last = next;
    };
    const direction = page.locator('[data-key=direction]');
    await changes(() => direction.selectOption('none'));
    await changes(() => direction.selectOption('arrows'));
    await changes(() => page.locator('[data-key=colours]').selectOption('cividis'));
    await changes(() => page.locator('[data-key=colours]').selectOption(''));
    await page.getByRole('button', { name: 'Scale' }).first().click();
    const high = page.locator('.scale input').nth(1);
    await changes(async () => {
      await high.fill('30');
      await high.press('Tab');
    });
    await changes(() => page.locator('.scale').getByRole('button', { name: 'Reset' }).click());
    await page.getByRole('button', { name: 'Scale' }).first().click();
    await changes(() => page.locator('[data-key=samples]').click());
    await changes(() => page.locator('.theme').click());
    await page.locator('.theme').click();
    await page.locator('.theme').click();
    await page.locator('[data-key=samples]').click();
  });

  it('scrubs and plays a series', async () => {
    await show('stack.h5');
    await choose(0, 'change');
    const slider = page.locator('.frames input');
    for (const state of [0, 3]) {
      await slider.fill(String(state));
      await hover(page, 0, 0.45, 0.5);
      const { x, y } = await place();
      const i = pixelAt({ x, y });
      const truth =
        1e-5 * state * psiAt(GRID.x0 + (i % GRID.nx) * GRID.dx, GRID.y0 + Math.floor(i / GRID.nx) * GRID.dy);
      const text = await page.locator('.panel .value').first().innerText();
      expect(Math.abs(quantity(text, '').value - truth)).toBeLessThan(1e-7);
    }
    expect(await page.locator('.frame-label').innerText()).toBe('SOC 0.75 (4 of 5)');
    await page.locator('.frames button').click();
    await expect.poll(() => page.locator('.frame-label').innerText()).toMatch(/\(1 of 5\)/);
    await page.locator('.frames button').click();
  });

  it('inverts in the page: the map follows lambda, standoff and current', async () => {
    await show('result.h5');
    await page.locator('.live-start').click();
    const live = page.locator('.live');
    const maps = async () => Number(await live.getAttribute('data-maps'));
    await expect.poll(maps).toBeGreaterThan(0);
    expect(await page.locator('.panel select').first().inputValue()).toBe('live.magnitude');
    expect(await page.locator('.curves canvas').count()).toBe(2);
    const value = async () => {
      await hover(page, 0, 0.35, 0.55);
      return quantity(await page.locator('.panel .value').first().innerText(), 'A/m').value;
    };
    let last = await value();
    for (const [k, to] of [
      [2, '0.5'],
      [1, '0.3'],
      [0, '3'],
    ] as const) {
      const before = await maps();
      await live.locator('input').nth(k).fill(to);
      await expect.poll(maps).toBeGreaterThan(before);
      const next = await value();
      expect(next).not.toBe(last);
      if (k === 2) expect(next / last).toBeCloseTo(Math.sqrt(3), 1);
      last = next;
    }
    // The point on the curve can be dragged, and back to where the rule puts it.
    const before = await maps();
    const over = page.locator('.curves .u-over').first();
    const box = (await over.boundingBox())!;
    await page.mouse.move(box.x + 0.3 * box.width, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.6 * box.width, box.y + 10);
    await page.mouse.up();
    await expect.poll(maps).toBeGreaterThan(before);
    await live.getByRole('button', { name: 'Best λ' }).click();
    await live.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('.panel select').first().inputValue()).not.toMatch(/^live/);
  });

  it('saves CSV, NPY, PNG and HDF5', async () => {
    await show('result.h5');
    await choose(0, 'sheet0.kx');
    const saved = async (name: RegExp) => {
      await page.getByRole('button', { name: 'Save …' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name }).click(),
      ]);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      return { name: download.suggestedFilename(), bytes: new Uint8Array(Buffer.concat(chunks)) };
    };
    const kx = result().sheets[0].kx;
    const csv = await saved(/^Kx \(CSV\)/);
    expect(csv.name).toBe('result-sheet0.kx.csv');
    const rows = new TextDecoder().decode(csv.bytes).trim().split('\n');
    expect(rows[0]).toBe('x_mm,y_mm,sheet0_kx_A_per_m,sheet0_kx_errors_A_per_m');
    expect(rows.slice(1).map(row => Number(row.split(',')[2]))).toEqual([...kx]);
    const npy = readNpy((await saved(/^Kx \(NPY\)/)).bytes);
    expect(npy).toMatchObject({ kind: 'array', shape: [GRID.ny, GRID.nx], data: kx });
    const png = await saved(/PNG/);
    expect([...png.bytes.subarray(1, 4)]).toEqual([...new TextEncoder().encode('PNG')]);
    expect(png.bytes.length).toBeGreaterThan(20_000);
    expect((await parseResult((await saved(/HDF5/)).bytes)).sheets[0].kx).toEqual(kx);
    await show('scan.csv');
    expect([...(await saved(/HDF5/)).bytes.subarray(1, 4)]).toEqual([...new TextEncoder().encode('HDF')]);
  });

  it('tells what is wrong with a file, and goes on', async () => {
    const chooser = page.locator('input[type=file]');
    const damaged = all['result.h5'].slice(0, 3000);
    for (const [name, bytes, message] of [
      ['notes.txt', 'hello', /notes\.txt/],
      ['cut.h5', damaged, /cut\.h5: cannot be read as HDF5.*; the file is truncated or damaged/],
      ['empty.csv', '', /empty\.csv: the file is empty/],
      ['bad.csv', 'x_mm,y_mm,z_mm,bz_uT\n1,2,3,oops\n', /bad\.csv, line 2/],
    ] as const) {
      await chooser.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
      const told = page.locator('.message').first();
      await told.waitFor();
      expect(await told.innerText()).toMatch(message);
      await told.getByRole('button').click();
    }
    await chooser.setInputFiles({ name: 'again.csv', mimeType: 'text/csv', buffer: Buffer.from(all['scan.csv']) });
    await page.locator('.documents [aria-current]', { hasText: 'again.csv' }).waitFor();
    expect(await page.locator('h1').innerText()).toMatch(/strongest/);
  });

  it('shows hostile names and records as text', async () => {
    const bytes = await formatResult(result({ method: HOSTILE, [HOSTILE]: HOSTILE }, HOSTILE));
    const name = `${HOSTILE.replaceAll('/', '')}.h5`;
    const dropped = await page.evaluateHandle(
      ([file, base64]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], file));
        return transfer;
      },
      [name, Buffer.from(bytes).toString('base64')] as const,
    );
    await page.dispatchEvent('body', 'drop', { dataTransfer: dropped });
    await page.locator('.documents [aria-current]', { hasText: 'onerror' }).waitFor();
    await page.locator('summary').click();
    expect(await page.locator('.facts').innerText()).toContain(HOSTILE);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await show('result.h5');
    await page.locator('[data-key=count-1]').click();
    await frame();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const { width } = (await marks(page, 0).boundingBox())!;
    expect(width).toBeGreaterThan(340);
  });

  it('made no error, and asked no other host', () => {
    expect(faults).toEqual([]);
    expect([...hosts]).toEqual([served.origin]);
  });
});
