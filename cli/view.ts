import { basename } from 'node:path';
import { readFileBytes } from '../src/formats/node.js';
import { openBrowser } from './openBrowser.js';
import { type CommonOptions, printJson, say } from './run.js';
import { loadPage } from './viewPage.js';
import { startViewer } from './viewServer.js';

export interface ViewOptions extends CommonOptions {
  readonly cell?: string;
  /** False with --no-open. */
  readonly open: boolean;
}

/** `savart view FILE...`: the page in the browser, until the program is interrupted. */
export default async function view(paths: string[], options: ViewOptions): Promise<void> {
  const asked = options.cell === undefined ? paths : [...paths, options.cell];
  const files = await Promise.all(
    asked.map(async path => ({ name: basename(path), bytes: await readFileBytes(path) })),
  );
  const viewer = await startViewer(loadPage(), files);
  say(options, `The page is at ${viewer.url}`);
  say(options, 'Only this computer can open it. Further files: drop them onto the page. Ctrl-C ends.');
  if (options.json) printJson({ url: viewer.url, files: files.map(file => file.name) });
  if (options.open) openBrowser(viewer.url);
}
