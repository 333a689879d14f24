import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cohortMaps } from '../../cli/diagnoseMaps.js';
import type { Cohort } from '../../cli/diagnoseReference.js';
import { packPca } from '../../src/diagnosis/index.js';
import { InputError } from '../../src/errors.js';
import { formatScan } from '../../src/formats/scanFile.js';
import type { Grid } from '../../src/grid.js';
import { type Random, random } from '../../src/random.js';
import { diagnosisDocument } from '../../viewer/files/diagnosisFile.js';
import type { ViewerDocument } from '../../viewer/state/document.js';
import { emptyFolder, savart } from '../cli/support.js';
import { BROWSER_MISSING, hover, launch, quantity, WHY_MISSING, watchedPage } from './browser.js';
import { HOSTILE, onGrid } from './fixtures.js';

const SMALL: Grid = { nx: 20, ny: 15, x0: 0, y0: 0, dx: 4e-3, dy: 4e-3 };
const SPOT = { x: 0.052, y: 0.02 };

/** A scan with some of one pattern, noise, and a spot of a height in standard deviations. */
function scanOf(rng: Random, amount: number, height = 0) {
  const values = (phase: number) =>
    onGrid((x, y) => {
      const bump = Math.exp(-((x - SPOT.x) ** 2 + (y - SPOT.y) ** 2) / 4e-5);
      const pattern = Math.sin(40 * x + phase) * Math.cos(30 * y);
      return 1e-5 + 1e-6 * amount * pattern + 5e-8 * (rng.normal() + height * bump);
    }, SMALL);
  return {
    count: SMALL.nx * SMALL.ny,
    x: onGrid(x => x, SMALL),
    y: onGrid((_, y) => y, SMALL),
    z: onGrid(() => 0.01, SMALL),
    components: { bx: { values: values(0) }, bz: { values: values(1) } },
  };
}

/** Eight scans of the reference, one of them judged, a new one with a spot and one with much of the pattern. */
async function diagnosed() {
  const folder = emptyFolder();
  const rng = random(4);
  const write = async (name: string, amount: number, height?: number) => {
    const path = join(folder, name);
    writeFileSync(path, await formatScan(scanOf(rng, amount, height), 'csv'));
    return path;
  };
  const good: string[] = [];
  for (let k = 0; k < 8; k++) good.push(await write(`good${k}.csv`, rng.normal()));
  const bad = [await write(`${HOSTILE}.csv`, 0.3, 12), await write('strong.csv', 9)];
  const [out, report] = [join(folder, 'cohort.json'), join(folder, 'cohort.html')];
  const args = ['diagnose', ...bad, good[2], '--reference', ...good, '-o', out, '--report', report, '--json'];
  const { status, stdout, stderr } = savart(args);
  expect(status, stderr).toBe(0);
  const told = JSON.parse(stdout) as { scans: { t2: number; q: number; flagged: boolean }[] };
  return { bytes: readFileSync(out), report, told };
}

const found = await diagnosed();

describe('contributions', () => {
  const shown = diagnosisDocument('d', 'cohort.json', found.bytes);
  const frame = (document: ViewerDocument, id: string, k: number) =>
    document.layers.find(layer => layer.id === id)!.frames![k].values;
  const sum = (values: Float64Array) => values.reduce((total, v) => total + v, 0);

  it('add up to T2 and Q of every scan, also of one that is of the reference', () => {
    expect(found.told.scans.map(scan => scan.flagged)).toEqual([true, true, false]);
    found.told.scans.forEach(({ t2, q }, k) => {
      expect(sum(frame(shown, 't2.all', k)) / t2).toBeCloseTo(1, 3);
      expect(sum(frame(shown, 'q.all', k)) / q).toBeCloseTo(1, 3);
      const parts = ['q.bx', 'q.bz'].map(id => frame(shown, id, k).map(Math.abs));
      expect((sum(parts[0]) + sum(parts[1])) / q).toBeCloseTo(1, 3);
    });
  });

  it('are largest where the fault is, and the scan is what was measured', () => {
    const [spot] = shown.frames!.spots![0];
    expect(Math.hypot(spot.x - SPOT.x, spot.y - SPOT.y)).toBeLessThan(SMALL.dx);
    // The one that differs in its pattern is marked for T2.
    expect(shown.frames!.spots![1].map(({ text }) => text)).toContain('most of T²');
    expect(shown.frames!.spots![2]).toEqual([]);
    const rng = random(4);
    for (let k = 0; k < 8; k++) scanOf(rng, rng.normal());
    const measured = scanOf(rng, 0.3, 12).components.bz.values;
    frame(shown, 'map.bz', 0).forEach((value, i) => {
      expect(Math.abs(value - measured[i])).toBeLessThan(1e-3 * Math.abs(measured[i]));
    });
  });

  it('of a file that was tampered with are refused', () => {
    const told = JSON.parse(found.bytes.toString()) as { maps: string };
    const tampered = (maps: string) => new TextEncoder().encode(JSON.stringify({ ...told, maps }));
    for (const maps of ['!', 'AAAA', told.maps.slice(0, 400), `AAAA${told.maps.slice(4)}`]) {
      expect(() => diagnosisDocument('d', 'bad.json', tampered(maps))).toThrow(InputError);
    }
  });

  it('of a large cohort are kept of the scans that differ most, without patterns that would fill the file', () => {
    const grid = { ...SMALL, nx: 300, ny: 300 };
    const length = grid.nx * grid.ny;
    const zeros = new Float64Array(length);
    const model = (components: number) => ({
      layout: { grid, channels: ['bz'], unit: 'T' },
      pixels: Int32Array.from(zeros.keys()),
      mean: zeros,
      sigma: zeros.map(() => 1),
      loadings: Array.from({ length: components }, () => zeros),
      variances: new Float64Array(components),
      newVariances: new Float64Array(components),
    });
    for (const [components, scans, kept] of [
      [1, 9, 5],
      [8, 9, 2],
      [2, 1, 1],
    ]) {
      const monitoring = model(components);
      const diagnoses = Array.from({ length: scans }, (_, k) => ({
        map: zeros,
        adjusted: (k + 4) % scans,
        reference: false,
        judgement: { model: monitoring, p: 0, residual: zeros, t2Contributions: zeros },
      }));
      const maps = cohortMaps({ model: { monitoring }, diagnoses } as unknown as Cohort);
      expect(maps.scans.filter(scan => scan !== null)).toHaveLength(kept);
      expect(maps.scans[(2 * scans - 4) % scans]).not.toBeNull();
      expect(maps.reference!.loadings).toHaveLength(components === 8 ? 0 : components);
    }
  });

  it('of the cells of a pack add up, too', () => {
    const rng = random(2);
    const shares = Float64Array.from({ length: 10 * 5 }, () => 0.2 + 0.01 * rng.normal());
    const pca = packPca(shares, 10, 5)!;
    for (let s = 0; s < 10; s++) {
      expect(sum(pca.t2Contributions[s]) / pca.t2[s]).toBeCloseTo(1, 9);
      expect(sum(pca.qContributions[s].map(Math.abs)) / pca.q[s]).toBeCloseTo(1, 9);
    }
  });
});

describe.skipIf(BROWSER_MISSING)(`the report of a cohort${WHY_MISSING}`, () => {
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let hosts: Set<string>;

  beforeAll(async () => {
    browser = await launch();
    ({ page, faults, hosts } = await watchedPage(browser));
    await page.goto(`file://${found.report}`);
    await page.locator('.panel').first().waitFor();
  });
  afterAll(() => browser?.close());
  const card = () => page.locator('.card.sample');

  it('shows the scan with its contributions, and another one after a click', async () => {
    expect(await page.locator('.panel').count()).toBe(3);
    expect(await card().locator('h2').innerText()).toBe(HOSTILE);
    expect(await card().innerText()).toMatch(/Most of Q at\s+5[0-4]\.?\d*, (19|2\d)/);
    await page.locator('.control .point').nth(1).click();
    await expect.poll(() => card().locator('h2').innerText()).toBe('strong');
    expect(await page.locator('.frame-label').innerText()).toBe('strong (2 of 3)');
  });

  it('tells the contribution under the cursor, with its unit', async () => {
    await page.locator('.samples tbody button').first().click();
    await expect.poll(() => card().locator('h2').innerText()).toBe(HOSTILE);
    await page.locator('.panel select').nth(1).selectOption('q.all');
    await page.locator('.marks').nth(1).scrollIntoViewIfNeeded();
    await hover(page, 1, 0.5, 0.5);
    const [, x, y] = /x = (.*) mm, y = (.*) mm/.exec(await page.locator('.cursor .place').innerText())!;
    const index = Math.round((1e-3 * Number(y)) / SMALL.dy) * SMALL.nx + Math.round((1e-3 * Number(x)) / SMALL.dx);
    const value = diagnosisDocument('d', 'x', found.bytes).layers.find(({ id }) => id === 'q.all')!.frames![0].values[
      index
    ];
    const text = await page.locator('.panel .value').nth(1).innerText();
    const shown = quantity(text, 'T²');
    expect(text).toContain('T²');
    expect(Math.abs(shown.value - value)).toBeLessThan(1e-2 * value);
  });

  it('keeps hostile names as text, and reaches for nothing', async () => {
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(faults).toEqual([]);
    expect([...hosts]).toEqual(['file://']);
  });
});
