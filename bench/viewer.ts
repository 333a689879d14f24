import { type Browser, chromium, type Page } from 'playwright-core';
import { loadPage } from '../cli/viewPage.js';
import { startViewer } from '../cli/viewServer.js';
import { boundedInversion } from '../inversion/bounded/boundedInversion.js';
import { boundedResult } from '../inversion/bounded/boundedRecord.js';
import { formatResult } from '../src/formats/nexusResult.js';
import { formatStack } from '../src/formats/nexusStack.js';
import { formatScan } from '../src/formats/scanFile.js';
import type { Grid } from '../src/grid.js';
import { parseCell } from '../src/model/parseCell.js';
import { random } from '../src/random.js';
import type { ProcessRecord } from '../src/result.js';
import { rasterPlan } from '../src/simulation/field/samplePlan.js';
import { simulateCell } from '../src/simulation/field/simulateCell.js';
import { frame, measured, planePoints } from './analyticCases.js';

/**
 * How fast the page is, in Debian's Chromium without a graphics card: first picture of a 512 x 512 map, pan and zoom, scrub
 * through 200 maps, live inversion. Frames are those that the browser really drew.
 */

const SECONDS = 3;
const CELL = `name: square
outline_mm: {width: 128, height: 128}
thickness_mm: 8
current_A: 10
tabs:
  - {name: in, at_mm: [[50, 128], [20, 128]], share: 1}
  - {name: out, at_mm: [[108, 128], [78, 128]], share: -1}
`;
const MADE: ProcessRecord = { program: 'savart', version: '0', date: '', inputs: [], parameters: {} };

function square(n: number): Grid {
  return { nx: n, ny: n, x0: -0.124, y0: -0.124, dx: 0.248 / (n - 1), dy: 0.248 / (n - 1) };
}

function smooth({ nx, ny }: Grid, phase: number): Float64Array {
  return Float64Array.from(
    { length: nx * ny },
    (_, i) => Math.sin((6 * (i % nx)) / nx + phase) * Math.cos((5 * Math.floor(i / nx)) / ny),
  );
}

async function largeResult(n: number): Promise<Uint8Array> {
  const grid = square(n);
  const rng = random(1);
  const noisy = (phase: number) => smooth(grid, phase).map(v => 100 * v + rng.normal());
  const flat = (value: number) => new Float64Array(n * n).fill(value);
  return formatResult({
    sheets: [
      {
        grid,
        z: 0,
        psi: smooth(grid, 0),
        kx: noisy(1),
        ky: noisy(2),
        kxErrors: flat(1),
        kyErrors: flat(1),
        resolution: flat(2e-3),
      },
    ],
    process: MADE,
  });
}

async function longStack(n: number, states: number): Promise<Uint8Array> {
  const grid = square(n);
  const maps = Array.from({ length: states }, (_, k) => smooth(grid, k / 20).map(v => 1e-5 * v));
  const errors = maps.map(() => new Float64Array(n * n).fill(1e-6));
  return formatStack({
    grid,
    by: 't_s',
    at: Float64Array.from(maps.keys()),
    names: maps.map((_, k) => String(k)),
    reference: 0,
    chi: maps,
    chiErrors: errors,
    change: maps,
    changeErrors: errors,
    regions: [],
    hotSpots: [],
    process: MADE,
  });
}

/** A bounded result of a cell of 128 x 128 mm, its map n x n. */
async function boundedOf(n: number): Promise<Uint8Array> {
  const cell = parseCell(CELL, 'cell.yaml');
  const at = rasterPlan([cell.outline], { heights: [6e-3], pitch: 4e-3, margin: 20e-3 });
  const { scan } = simulateCell(cell, at, { noise: 50e-9, seed: 1 });
  const current = cell.current!;
  const solution = boundedInversion(scan, { ...cell, current }, { pitch: 0.128 / n, errors: false, place: 'given' });
  return formatResult(boundedResult(solution, scan, { ...MADE, cell: CELL, given: {} }));
}

async function frameScan(n: number): Promise<Uint8Array> {
  const grid = square(n);
  const { components } = measured(frame(0.01, 0, grid), ['bz'], 0.01, 1);
  const { x, y, z } = planePoints(grid, 0.01);
  return formatScan({ count: x.length, x, y, z, components: { bz: { values: components.bz! } } }, 'hdf5');
}

/** Opens a file and gives the page with the time from the start of loading to the first picture, s. */
async function opened(browser: Browser, name: string, bytes: Uint8Array) {
  const viewer = await startViewer(loadPage(), [{ name, bytes }]);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(viewer.url, { waitUntil: 'commit' });
  const milliseconds = await page.evaluate(
    () =>
      new Promise<number>(resolve => {
        const look = () => {
          const canvas = document.querySelector<HTMLCanvasElement>('canvas.picture');
          const drawn =
            canvas !== null &&
            canvas.width > 0 &&
            canvas.getContext('2d')!.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[3] > 0;
          if (drawn) resolve(performance.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  return { page, viewer, seconds: milliseconds / 1000 };
}

/** Does something before every picture for some seconds; pictures per second. */
async function rate(page: Page, what: 'wheel' | 'pan' | 'scrub'): Promise<number> {
  return page.evaluate(
    ([kind, seconds]) =>
      new Promise<number>(resolve => {
        const canvas = document.querySelector<HTMLElement>('.marks')!;
        const slider = document.querySelector<HTMLInputElement>('.frames input')!;
        const box = canvas.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        const pointer = (type: string, dx: number) =>
          canvas.dispatchEvent(
            new PointerEvent(type, { clientX: x + dx, clientY: y, button: 0, buttons: 1, pointerId: 1, bubbles: true }),
          );
        canvas.setPointerCapture = () => {};
        if (kind === 'pan') pointer('pointerdown', 0);
        let count = 0;
        const start = performance.now();
        const step = () => {
          const passed = (performance.now() - start) / 1000;
          if (passed > seconds) {
            if (kind === 'pan') pointer('pointerup', 0);
            resolve(count / passed);
            return;
          }
          if (kind === 'wheel') {
            const deltaY = Math.sin(2 * passed) > 0 ? -40 : 40;
            canvas.dispatchEvent(new WheelEvent('wheel', { clientX: x, clientY: y, deltaY, cancelable: true }));
          } else if (kind === 'pan') pointer('pointermove', 80 * Math.sin(3 * passed));
          else {
            slider.value = String(count % (Number(slider.max) + 1));
            slider.dispatchEvent(new Event('input'));
          }
          count++;
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    [what, SECONDS] as const,
  );
}

/** Moves lambda and standoff all the time; maps per second. */
async function liveRate(page: Page): Promise<number> {
  await page.locator('.live-start').click();
  await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('.live')!.dataset.maps) > 0);
  await page.waitForTimeout(1000);
  return page.evaluate(
    seconds =>
      new Promise<number>(resolve => {
        const live = document.querySelector<HTMLElement>('.live')!;
        const [lambda, standoff] = live.querySelectorAll('input');
        const first = Number(live.dataset.maps);
        const start = performance.now();
        const step = () => {
          const passed = (performance.now() - start) / 1000;
          if (passed > seconds) {
            resolve((Number(live.dataset.maps) - first) / passed);
            return;
          }
          lambda.value = String(Math.sin(3 * passed));
          standoff.value = String(0.3 * Math.sin(2 * passed));
          lambda.dispatchEvent(new Event('input'));
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    SECONDS,
  );
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless=new'],
});
const rows: string[] = [];
const row = (text: string, value: number, unit: string, wanted: string) => {
  rows.push(`| ${text} | ${value.toPrecision(3)} ${unit} | ${wanted} |`);
  console.log(rows.at(-1));
};
const large = await opened(browser, 'large.h5', await largeResult(512));
row('512 x 512 result: first picture after opening', large.seconds, 's', '<= 1.5 s');
row('512 x 512, two maps: zoom', await rate(large.page, 'wheel'), 'frames/s', '>= 30');
row('512 x 512, two maps: pan', await rate(large.page, 'pan'), 'frames/s', '>= 30');
await large.page.close();
await large.viewer.close();
const stack = await opened(browser, 'stack.h5', await longStack(128, 200));
row('200 maps of 128 x 128: scrub', await rate(stack.page, 'scrub'), 'frames/s', '>= 15');
await stack.page.close();
await stack.viewer.close();
for (const [n, wanted] of [
  [128, '>= 10'],
  [256, '>= 20'],
] as const) {
  const scan = await opened(browser, 'scan.h5', await frameScan(n));
  row(`Live inversion at ${n} x ${n}, Bz`, await liveRate(scan.page), 'maps/s', wanted);
  await scan.page.close();
  await scan.viewer.close();
}
for (const [n, wanted] of [
  [128, '>= 10'],
  [256, '>= 20'],
] as const) {
  const bounded = await opened(browser, 'result.h5', await boundedOf(n));
  const start = performance.now();
  const rate = await liveRate(bounded.page);
  const before = (performance.now() - start) / 1000 - SECONDS;
  row(`Live bounded inversion, map of ${n} x ${n}: before the first map`, before, 's', '');
  row(`Live bounded inversion, map of ${n} x ${n}`, rate, 'maps/s', wanted);
  await bounded.page.close();
  await bounded.viewer.close();
}
await browser.close();
