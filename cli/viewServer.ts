import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocket } from 'ws';
import type { PageFile } from './viewPage.js';
import { serveSocket, type ViewedFile } from './viewSocket.js';

/** A running viewer. */
export interface Viewer {
  /** With the token behind the #, which browsers never send. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

/**
 * Serves the page on the loopback interface, at a port that was free. Only GET (and HEAD), only the files of the page, only
 * requests whose Host is this computer by a name that no other site can have (DNS rebinding); the user's files go over a
 * socket that needs a random token.
 * @param files of every page that connects @param connected hears of every page that connects
 */
export async function startViewer(
  page: ReadonlyMap<string, PageFile>,
  files: readonly ViewedFile[],
  connected?: (socket: WebSocket) => void,
): Promise<Viewer> {
  const token = randomBytes(24).toString('hex');
  let hosts: readonly string[] = [];
  const server = createServer((request, response) => answer(request, response, page, hosts));
  const closeSockets = serveSocket(server, () => hosts, token, files, connected);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  return {
    url: `http://127.0.0.1:${port}/#${token}`,
    port,
    token,
    close: () =>
      new Promise(resolve => {
        closeSockets();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  page: ReadonlyMap<string, PageFile>,
  hosts: readonly string[],
): void {
  const refusal = refusalOf(request, page, hosts);
  if (refusal !== undefined) {
    const [status, text] = refusal;
    response.writeHead(status, { ...SECURITY, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    return;
  }
  const file = page.get(pathOf(request))!;
  response.writeHead(200, {
    ...SECURITY,
    'content-security-policy': policy(hosts),
    'content-type': file.type,
    'content-length': file.bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0];
}

function refusalOf(
  request: IncomingMessage,
  page: ReadonlyMap<string, PageFile>,
  hosts: readonly string[],
): readonly [status: number, text: string] | undefined {
  if (!hosts.includes(request.headers.host ?? '')) return [403, 'This page is for this computer only.'];
  if (request.method !== 'GET' && request.method !== 'HEAD') return [405, 'Only GET.'];
  return page.has(pathOf(request)) ? undefined : [404, 'There is no such page.'];
}

/** Isolation also gives the engine in the page its threads (shared memory). */
const SECURITY = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
} as const;

/** Scripts, styles and fonts of the page itself; WebAssembly; nothing inline, nothing from elsewhere. */
function policy(hosts: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    `connect-src 'self' ${hosts.map(host => `ws://${host}`).join(' ')}`,
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
