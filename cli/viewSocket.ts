import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** A file of the command line. */
export interface ViewedFile {
  /** Without folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The socket `/socket` over which the page gets its files. It needs this computer's Host, the page's own Origin and, as second
 * protocol, the token. It says `{type: 'file', name}` and then the bytes, file by file, and
 * after the last one `{type: 'opened', files}`; what the page says is for who asks.
 * @param connected what else is said and heard over a connection
 * @returns ends all connections
 */
export function serveSocket(
  server: Server,
  hosts: () => readonly string[],
  token: string,
  files: readonly ViewedFile[],
  connected?: (socket: WebSocket) => void,
): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, handleProtocols: () => 'savart' });
  server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    connection.on('error', () => connection.destroy());
    if (!mayConnect(request, hosts(), token)) {
      connection.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, connection, head, socket => {
      socket.on('error', () => socket.terminate());
      connected?.(socket);
      for (const file of files) sendFile(socket, file);
      if (files.length > 0) socket.send(JSON.stringify({ type: 'opened', files: files.length }));
    });
  });
  return () => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  };
}

/** A file as the page takes it: its name, then its bytes. */
export function sendFile(socket: WebSocket, { name, bytes }: ViewedFile): void {
  socket.send(JSON.stringify({ type: 'file', name }));
  socket.send(bytes);
}

function mayConnect({ headers, method, url }: IncomingMessage, hosts: readonly string[], token: string): boolean {
  const { host = '', origin } = headers;
  const [name, given = ''] = (headers['sec-websocket-protocol'] ?? '').split(',').map(part => part.trim());
  return (
    method === 'GET' &&
    url === '/socket' &&
    hosts.includes(host) &&
    origin === `http://${host}` &&
    name === 'savart' &&
    given.length === token.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(token))
  );
}
