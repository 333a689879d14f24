import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OutputError } from '../src/errors.js';

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const FOLDER = fileURLToPath(new URL('../viewer/page', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

/**
 * Every file of the built page by the path under which it is served. What is not in this list cannot be asked for.
 * @throws {OutputError} where the page was not built
 */
export function loadPage(folder = FOLDER): ReadonlyMap<string, PageFile> {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new OutputError('the page of the viewer was not built', { advice: 'run npm run build' });
  }
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    files.set(`/${name.split(sep).join('/')}`, { type, bytes: readFileSync(join(folder, name)) });
  }
  files.set('/', files.get('/index.html')!);
  return files;
}
