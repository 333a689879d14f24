import type { PageStore } from '../state/page.js';
import { tell } from '../state/page.js';

/** What the server says in text; the bytes of a file follow its announcement. */
type Said = { readonly type: 'file'; readonly name: string };

/**
 * Takes the files of the command line from the server that gave the page. The token stands behind the # of the address, which
 * no request carries.
 */
export function connect(
  page: PageStore,
  expect: (name: string) => void,
  open: (name: string, bytes: Uint8Array) => Promise<void>,
): void {
  const token = /^#([0-9a-f]+)$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  const socket = new WebSocket(`ws://${location.host}/socket`, ['savart', token]);
  socket.binaryType = 'arraybuffer';
  let name = '';
  let last: Promise<void> = Promise.resolve();
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data === 'string') {
      const said = JSON.parse(data) as Said;
      if (said.type === 'file') {
        name = said.name;
        expect(name);
      }
      return;
    }
    const opened = name;
    last = last.then(() => open(opened, new Uint8Array(data)));
  });
  socket.addEventListener('close', ({ wasClean }) => {
    if (!wasClean)
      tell(page, 'The program behind this page has ended. What is open stays; start savart view again for more.');
  });
}
