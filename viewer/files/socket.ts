import { parseScanNews, type ScanNews, type ScanOrder } from '../../src/liveScan.js';
import type { PageStore } from '../state/page.js';
import { tell } from '../state/page.js';

/** Who hears what the server says. */
export interface Listener {
  /** The name of a file, before its bytes. */
  expect(name: string): void;
  /** A file of the command line, or a scan that is finished. */
  file(name: string, bytes: Uint8Array): Promise<void>;
  /** All files of the command line have been given to {@link Listener.file}. */
  opened(): void;
  /** How a scan stands. */
  scan(news: ScanNews): void;
  /** The program behind the page has ended. */
  closed(): void;
}

/**
 * Talks with the server that gave the page. The token stands behind the # of the address, which no request carries.
 * @returns steers the scan behind the page
 */
export function connect(page: PageStore, listener: Listener): (order: ScanOrder) => void {
  const token = /^#([0-9a-f]+)$/.exec(location.hash)?.[1];
  if (token === undefined) return () => {};
  const socket = new WebSocket(`ws://${location.host}/socket`, ['savart', token]);
  socket.binaryType = 'arraybuffer';
  let name = '';
  let last: Promise<void> = Promise.resolve();
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data !== 'string') {
      const opened = name;
      last = last.then(() => listener.file(opened, new Uint8Array(data)));
      return;
    }
    const said = parseJson(data);
    const announced = announcedName(said);
    if (isOpened(said)) {
      last = last.then(() => listener.opened());
      return;
    }
    const news = announced === undefined ? parseScanNews(said) : undefined;
    if (announced !== undefined) {
      name = announced;
      listener.expect(name);
    } else if (news !== undefined) listener.scan(news);
    else tell(page, 'The program behind this page said something that the page does not understand: reload the page.');
  });
  socket.addEventListener('close', ({ wasClean }) => {
    listener.closed();
    if (!wasClean)
      tell(page, 'The program behind this page has ended. What is open stays; start savart view again for more.');
  });
  return order => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(order));
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `{type: 'opened'}`: what was named on the command line is through. */
function isOpened(said: unknown): boolean {
  return typeof said === 'object' && said !== null && 'type' in said && said.type === 'opened';
}

/** The name in `{type: 'file', name}`: the bytes of the file follow. */
function announcedName(said: unknown): string | undefined {
  if (typeof said !== 'object' || said === null || !('type' in said) || said.type !== 'file') return undefined;
  return 'name' in said && typeof said.name === 'string' ? said.name : undefined;
}
