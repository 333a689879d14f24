import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

/** Debian's browser, or the one that CHROMIUM names. */
const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  path => path !== undefined && existsSync(path),
);
export const BROWSER_MISSING = CHROMIUM === undefined;
export const WHY_MISSING = BROWSER_MISSING ? ' (skipped: there is no chromium; install it or set CHROMIUM)' : '';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', '--headless=new'] });
}

export interface Served {
  readonly url: string;
  /** Without the token. */
  readonly origin: string;
  readonly token: string;
  stop(): void;
}

/** `savart view` of these files, as a user starts it. */
export async function serve(files: Readonly<Record<string, Uint8Array | string>>): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'savart-view-'));
  const paths = Object.entries(files).map(([name, content]) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  });
  const child: ChildProcess = spawn(process.execPath, [MAIN, 'view', '--no-open', '--json', ...paths]);
  const told = await new Promise<string>((resolve, reject) => {
    let [out, err] = ['', ''];
    child.stderr!.on('data', text => {
      err += text;
    });
    child.stdout!.on('data', text => {
      out += text;
      if (out.includes('\n')) resolve(out);
    });
    child.on('exit', () => reject(new Error(err)));
  });
  const { url } = JSON.parse(told) as { url: string };
  const [origin, token] = url.split('/#');
  return { url, origin, token, stop: () => child.kill() };
}

/** A page that notes what must not happen: errors on the console, and requests to anywhere but the server. */
export async function watchedPage(browser: Browser, options: Parameters<Browser['newPage']>[0] = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  const faults: string[] = [];
  const hosts = new Set<string>();
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', error => faults.push(String(error)));
  page.on('request', request => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:') hosts.add(`${protocol}//${host}`);
  });
  return { page, faults, hosts };
}

/** Points at a part (0..1) of a map's frame. */
export async function hover(page: Page, panel: number, along: number, up: number): Promise<void> {
  const { x, y, width, height } = (await marks(page, panel).boundingBox())!;
  await page.mouse.move(x + along * width, y + (1 - up) * height);
}

export function marks(page: Page, panel: number): Locator {
  return page.locator('.marks').nth(panel);
}

const PREFIX: Readonly<Record<string, number>> = { f: 1e-15, p: 1e-12, n: 1e-9, µ: 1e-6, m: 1e-3, '': 1, k: 1e3 };

/** 68.2 ± 3.1 µT as numbers in SI. @param unit without prefix */
export function quantity(text: string, unit: string): { value: number; error?: number; digit: number } {
  const match = /^(−?[\d.]+)(?:\u00a0±\u00a0([\d.]+))?(?:\u00a0×\u00a010([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(?:\u00a0(.*))?$/.exec(text);
  if (match === null) throw new Error(`no quantity: ${text}`);
  const [, number, error, exponent, shown = ''] = match;
  const power =
    exponent === undefined
      ? 0
      : Number(
          [...exponent]
            .map(c => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))
            .map((k, i) => (i === 0 && k === 0 ? '-' : k - 1))
            .join(''),
        );
  const scale = (PREFIX[shown.slice(0, shown.length - unit.length)] ?? Number.NaN) * 10 ** power;
  const digit = 10 ** -(number.split('.')[1]?.length ?? 0);
  return {
    value: scale * Number(number.replace('−', '-')),
    ...(error === undefined ? {} : { error: scale * Number(error) }),
    digit: scale * digit,
  };
}
