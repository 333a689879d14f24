/**
 * The pictures of docs/viewer.md: a simulated cell with a hole in a foil, inverted, looked at on a desk and on a phone.
 * `node dist/bench/viewerFigures.js [folder]`
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { loadPage } from '../cli/viewPage.js';
import { startViewer } from '../cli/viewServer.js';

const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const CELL = fileURLToPath(new URL('../../examples/designs/same-side.yaml', import.meta.url));
const FOLDER = process.argv[2] ?? 'docs/figures';
const HOLE = 'hole: {foil: positive, at_mm: [45, 120], radius_mm: 9}';

const work = mkdtempSync(join(tmpdir(), 'savart-figures-'));
const savart = (...args: string[]) => execFileSync(process.execPath, [MAIN, ...args], { cwd: work, stdio: 'inherit' });
writeFileSync(join(work, 'cell.yaml'), readFileSync(CELL, 'utf8').replace('current_A: 1', 'current_A: 10'));
savart('simulate', 'cell.yaml', '--defect', HOLE, '--height-mm', '6', '--pitch-mm', '3', '-o', 'scan.h5');
savart('invert', 'scan.h5', '--cell', 'cell.yaml', '-o', 'result.h5', '--report', 'report.html');

savart('simulate', 'cell.yaml', '--height-mm', '6', '--pitch-mm', '3', '-o', 'healthy-scan.h5');
savart('invert', 'healthy-scan.h5', '--cell', 'cell.yaml', '-o', 'healthy.h5');
simulatePack();
simulateCohort();

/** Four small cells in parallel in eight scans; in the last two the third has a fifth more resistance. */
function simulatePack(): void {
  const names = ['A', 'B', 'C', 'D'];
  const scans = Array.from({ length: 8 }, (_, s) => `pack-${s + 1}.csv`);
  const small = readFileSync(CELL, 'utf8')
    .replace('{width: 140, height: 200}', '{width: 40, height: 50}')
    .replace('[[13, 200], [57, 200]]', '[[6, 50], [16, 50]]')
    .replace('[[83, 200], [127, 200]]', '[[24, 50], [34, 50]]');
  writeFileSync(join(work, 'small.yaml'), small);
  const describe = (factor: number) => {
    const cells = names.map((name, k) => {
      const own = name === 'C' ? `, resistance_factor: ${factor}` : '';
      return `  - {name: ${name}, cell: small.yaml, at_mm: [${46 * k}, 0]${own}}`;
    });
    return `name: four\ntopology: parallel\ncurrent_A: 20\ncells:\n${cells.join('\n')}\n`;
  };
  writeFileSync(join(work, 'pack.yaml'), describe(1));
  for (const [s, path] of scans.entries()) {
    writeFileSync(join(work, 'now.yaml'), describe(s < 6 ? 1 : 1.2));
    savart('simulate', 'now.yaml', '--height-mm', '6', '--pitch-mm', '5', '--seed', String(s + 1), '-o', path);
  }
  savart('diagnose', ...scans, '--pack', 'pack.yaml', '-o', 'pack.json');
}

/** Twelve good cells at currents that differ by some percent, and one with a hole of 4 mm radius. */
function simulateCohort(): void {
  const good = Array.from({ length: 12 }, (_, k) => `good-${k + 1}.csv`);
  const common = ['--height-mm', '6', '--pitch-mm', '5'];
  good.forEach((path, k) => {
    savart('simulate', 'cell.yaml', '--current-A', `${10 + (k % 5) / 10}`, ...common, '--seed', `${k + 1}`, '-o', path);
  });
  savart('simulate', 'cell.yaml', '--defect', HOLE.replace('9}', '4}'), ...common, '--seed', '77', '-o', 'new-1.csv');
  savart('simulate', 'cell.yaml', ...common, '--seed', '78', '-o', 'new-2.csv');
  savart(
    'diagnose',
    'new-1.csv',
    'new-2.csv',
    ...good,
    '--reference',
    ...good,
    '--cell',
    'cell.yaml',
    '-o',
    'cohort.json',
  );
}

/** A picture of a page after `act`. */
async function picture(
  browser: Browser,
  name: string,
  files: readonly string[],
  options: { readonly width: number; readonly height: number; readonly dark?: boolean },
  act: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  const given = files.map(file => ({ name: basename(file), bytes: readFileSync(join(work, file)) }));
  const viewer = await startViewer(loadPage(), given);
  const { width, height, dark } = options;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
  await page.goto(viewer.url);
  await page
    .locator('.documents button')
    // A picture of a cell lies over the maps and has no name among the files.
    .nth(files.filter(file => !file.endsWith('.txt')).length - 1)
    .waitFor();
  await page.locator('.panel, .diagnosis svg').first().waitFor();
  await act(page);
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(FOLDER, name) });
  await page.close();
  await viewer.close();
}

/** A drag over the first map, in parts of its frame. */
async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const { x, y, width, height } = (await page.locator('.marks').first().boundingBox())!;
  await page.mouse.move(x + from[0] * width, y + from[1] * height);
  await page.mouse.down();
  await page.mouse.move(x + to[0] * width, y + to[1] * height, { steps: 4 });
  await page.mouse.up();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless=new'],
});
const desk = { width: 1280, height: 800 };
await picture(browser, 'viewer.png', ['result.h5'], desk, async page => {
  await page.locator('[data-key=tool-line]').click();
  await drag(page, [0.466, 0.88], [0.466, 0.1]);
  const { x, y, width, height } = (await page.locator('.marks').first().boundingBox())!;
  await page.mouse.move(x + 0.35 * width, y + 0.4 * height);
});
await picture(browser, 'viewer-dark.png', ['result.h5'], { ...desk, dark: true }, async page => {
  await page.locator('[data-key=count-4]').click();
  const { x, y, width, height } = (await page.locator('.marks').first().boundingBox())!;
  await page.mouse.move(x + 0.4 * width, y + 0.45 * height);
});
await picture(browser, 'viewer-live.png', ['result.h5'], desk, async page => {
  await page.locator('.live-start').click();
  await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('.live')!.dataset.maps) > 0, null, {
    timeout: 120_000,
  });
});
await picture(browser, 'viewer-phone.png', ['result.h5'], { width: 390, height: 844, dark: true });
// Two results compare themselves.
await picture(browser, 'viewer-compare.png', ['result.h5', 'healthy.h5'], desk, async page => {
  await page.locator('.ways-back').waitFor();
});
await picture(browser, 'viewer-pack.png', ['pack.json'], { ...desk, height: 1000 });
await picture(browser, 'viewer-contributions.png', ['cohort.json'], { ...desk, height: 1000 });
// Temperatures that others measured, over a map of another cell: how it looks, not what it means.
const heat = new URL('../shared/data/pouch_thermography/SurfaceT_t2500s.txt', `file://${process.cwd()}/`);
if (existsSync(heat)) {
  writeFileSync(join(work, 'temperatures.txt'), readFileSync(heat));
  await picture(
    browser,
    'viewer-overlay.png',
    ['result.h5', 'temperatures.txt'],
    { ...desk, height: 1000 },
    async page => {
      await page.locator('.overlay .picture-name').waitFor();
      await page.locator('.overlay tbody tr').nth(4).waitFor();
      await page.locator('.overlay select').first().selectOption('inferno');
    },
  );
} else console.error('viewer-overlay.png skipped: no ../shared/data/pouch_thermography beside the project');
await browser.close();
