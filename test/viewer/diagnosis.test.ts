import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { formatScan } from '../../src/formats/scanFile.js';
import { diagnosisDocument } from '../../viewer/files/diagnosisFile.js';
import { BROWSER_MISSING, launch, type Served, serve, WHY_MISSING, watchedPage } from './browser.js';
import { HOSTILE, scan } from './fixtures.js';

const NAMES = ['A', 'B', HOSTILE];

/** What the program prints for a pack of three cells; the second is out of line in the third scan. */
function pack() {
  const square = (x: number) => [
    [x, 0],
    [x + 60, 0],
    [x + 60, 90],
    [x, 90],
  ];
  return {
    pack: {
      name: 'box',
      topology: 'parallel',
      cells: NAMES.map((name, k) => ({
        name,
        outline_mm: square(66 * k),
        tabs: [{ start_mm: [66 * k + 25, 90], end_mm: [66 * k + 10, 90], share: 1 }],
      })),
    },
    scans: Array.from({ length: 8 }, (_, s) => ({
      scan: s === 3 ? 'scan' : `scan-${s}`,
      cells: NAMES.map((name, k) => {
        const share = s === 2 ? [0.36, 0.28, 0.36][k] : 1 / 3;
        return {
          name,
          current_A: 15 * share,
          sigma_A: 0.02,
          share,
          expectedShare: 1 / 3,
          resistanceDeviation: s === 2 && k === 1 ? 0.3 : 0,
          sigmaDeviation: 0.01,
          adjustedP: 1,
          flagged: s === 2 && k === 1,
        };
      }),
      t2: s === 2 ? 40 : 0.5 + s / 10,
      q: s === 2 ? 0.02 : 1e-4 * (s + 1),
      scores: [s === 2 ? 0.06 : 1e-3 * s],
      chi2: 1,
      rejected: 0,
      flagged: s === 2,
    })),
    pca: { components: 1, explained: [0.9], scoreVariances: [1e-4], t2Limit: 9, qLimit: 1e-3 },
    threshold: 0.03,
    spread: 0.004,
    warnings: [HOSTILE],
  };
}

function cohort() {
  return {
    scans: ['one', 'two', 'three', 'four'].map((name, s) => ({
      scan: name,
      t2: s === 3 ? null : 1 + s,
      q: 2e-5 * (s + 1),
      flagged: s === 1,
      where_mm: s === 1 ? [12.5, 40] : null,
      pAdjusted: s === 1 ? 1e-5 : 1,
      scores: [1e-6 * s, -1e-6 * s],
      inReference: s > 1,
    })),
    pca: {
      components: 2,
      explained: [0.7, 0.2],
      scoreVariances: [1e-12, 1e-12],
      t2Limit: 9,
      qLimit: 3e-5,
      t2Limits: { 95: 6, 99: 9 },
      qLimits: { 95: 2e-5, 99: 3e-5 },
      why: 'Asked for.',
      reference: 12,
    },
  };
}

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('a diagnosis', () => {
  it('keeps every number of the file', () => {
    const { diagnosis, headline, frames } = diagnosisDocument('d', 'pack.json', bytes(pack()));
    expect(headline).toBe('1 cell is out of line: B in scan-2.');
    expect(frames!.first).toBe(2);
    diagnosis!.samples.forEach((sample, s) => {
      const { cells, t2 } = pack().scans[s];
      expect(sample.t2).toBe(t2);
      expect(sample.cells.map(c => [c.current, c.sigma, c.share])).toEqual(
        cells.map(c => [c.current_A, c.sigma_A, c.share]),
      );
    });
    expect(diagnosis!.cells[1].drawing.outline[2]).toEqual([0.126, 0.09]);
    const judged = diagnosisDocument('c', 'cohort.json', bytes(cohort()));
    expect(judged.headline).toBe('1 of 4 scans differs from the reference: two.');
    expect(judged.diagnosis!.samples[3].t2).toBeNaN();
    expect(judged.diagnosis!.limits.map(l => l.level)).toEqual([0.95, 0.99]);
  });

  it('tells the cells without the shape of the pack too', () => {
    const { pack: _, ...rest } = pack();
    const { diagnosis, notes } = diagnosisDocument('d', 'old.json', bytes(rest));
    expect(diagnosis!.cells.map(c => c.name)).toEqual(NAMES);
    expect(notes.some(note => /in a row/.test(note.text))).toBe(true);
  });

  it.each([
    ['no JSON', '{"scans": ['],
    ['another JSON', '{"a": 1}'],
    ['no scan', JSON.stringify({ ...pack(), scans: [] })],
    [
      'scans of other cells',
      JSON.stringify({ ...pack(), scans: [pack().scans[0], { ...pack().scans[1], cells: [] }] }),
    ],
  ])('%s: says so', (_, text) => {
    expect(() => diagnosisDocument('d', 'bad.json', new TextEncoder().encode(text))).toThrow(InputError);
  });
});

describe.skipIf(BROWSER_MISSING)(`a diagnosis on the page${WHY_MISSING}`, () => {
  let browser: Browser;
  let served: Served;
  let page: Page;
  let faults: string[];
  let hosts: Set<string>;

  beforeAll(async () => {
    served = await serve({
      'scan.csv': await formatScan(scan(), 'csv'),
      'cohort.json': bytes(cohort()),
      'pack.json': bytes(pack()),
    });
    browser = await launch();
    ({ page, faults, hosts } = await watchedPage(browser));
    await page.goto(served.url);
    await page.locator('.documents [aria-current]', { hasText: 'pack.json' }).waitFor();
    await page.locator('.scores svg').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    served?.stop();
  });
  const card = () => page.locator('.card.sample');

  it('begins with the flagged scan: pack with numbers, charts, table', async () => {
    expect(await card().locator('h2').innerText()).toBe('scan-2');
    expect(await page.locator('.pack svg').innerHTML()).toMatch(/28\.0 %.*−16\.0 %.*out of line/s);
    expect(await page.locator('.pack .cell').count()).toBe(3);
    for (const chart of ['scores', 'control']) {
      expect(await page.locator(`.${chart} .point`).count()).toBe(8);
      expect(await page.locator(`.${chart} .point.flagged`).count()).toBe(1);
      expect(await page.locator(`.${chart} .limit`).count()).toBe(2);
    }
    const rows = await page.locator('.samples tbody tr').allInnerTexts();
    expect(rows).toHaveLength(8);
    expect(rows[2]).toMatch(/scan-2\s+40\s+0\.02\s+36\.00\s+28\.00 ⚑\s+36\.00\s+flagged/);
    expect(await card().locator('tr.flagged').innerText()).toMatch(/B ⚑\s+4\.200\s±\s0\.020\s+−16\.0 %\s+\+30\.0 %/);
  });

  it('a click on a sample shows its cells, and its map where it is open', async () => {
    await page.locator('.control .point').nth(3).click();
    await expect.poll(() => card().locator('h2').innerText()).toBe('scan');
    expect(await card().locator('.verdict').innerText()).toBe('No cell is out of line.');
    await page.locator('.sample-map').waitFor();
    expect(await page.locator('figure:has(.sample-map) figcaption').innerText()).toBe('scan.csv: Bz');
    await page.locator('.samples tbody button').nth(5).click();
    await expect.poll(() => card().locator('h2').innerText()).toBe('scan-5');
    expect(await page.locator('.sample-map').isHidden()).toBe(true);
    await page.locator('.scores svg').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => card().locator('h2').innerText()).toBe('scan');
    await card().getByRole('button', { name: 'Go to scan.csv' }).click();
    await page.locator('.panel').first().waitFor();
    expect(await page.locator('.diagnosis').isHidden()).toBe(true);
  });

  it('of a cohort shows where a scan differs, with ellipses', async () => {
    await page.locator('.documents button', { hasText: 'cohort.json' }).click();
    await expect.poll(() => card().locator('.verdict').innerText()).toMatch(/Most at x = 12\.5 mm, y = 40 mm/);
    expect(await page.locator('.pack').isHidden()).toBe(true);
    expect(await page.locator('.scores .limit').count()).toBe(2);
    // The last one has no T².
    expect(await page.locator('.control .point').count()).toBe(3);
    expect(await page.locator('.scores svg').innerHTML()).toContain('10⁻⁶');
  });

  it('shows hostile names as text, and fits a phone', async () => {
    await page.locator('.documents button', { hasText: 'pack.json' }).click();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.pack svg').waitFor();
    expect(await page.locator('.headline').innerText()).toContain(HOSTILE);
    expect(await page.locator('img').count()).toBe(0);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  it('a JSON that is none is told', async () => {
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"a":1}') });
    await expect
      .poll(() => page.locator('.message').first().innerText())
      .toMatch(/x\.json: is not what savart diagnose/);
  });

  it('made no error, and asked no other host', () => {
    expect(faults).toEqual([]);
    expect([...hosts]).toEqual([served.origin]);
  });
});
