import { createConnection, type Socket } from 'node:net';
import { DeviceError } from '../../src/errors.js';
import { BaseLink, type ByteLink } from './byteLink.js';

/** A host that does not answer is given up after this many seconds. */
const CONNECT_SECONDS = 5;

/**
 * Connects by TCP.
 * @param address host:port
 * @throws {DeviceError} when nobody listens there or the host does not answer.
 */
export function openTcp(address: string): Promise<ByteLink> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  const port = Number(address.slice(at + 1));
  const refuse = (what: string, cause?: unknown) =>
    new DeviceError(what, { file: address, advice: 'check the host, the port and that the device is on', cause });
  if (!(port >= 1 && port <= 65535)) return Promise.reject(refuse('has no port between 1 and 65535'));
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, noDelay: true });
    const failed = (what: string, cause?: unknown) => {
      socket.destroy();
      reject(refuse(what, cause));
    };
    const onError = (error: NodeJS.ErrnoException) =>
      failed(`cannot be reached (${error.code ?? error.message})`, error);
    socket.once('error', onError);
    socket.setTimeout(CONNECT_SECONDS * 1000, () => failed('does not answer'));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeListener('error', onError);
      resolve(new TcpLink(address, socket));
    });
  });
}

class TcpLink extends BaseLink {
  constructor(
    readonly place: string,
    private readonly socket: Socket,
  ) {
    super();
    socket.on('data', bytes => this.received(bytes));
    socket.on('error', (error: NodeJS.ErrnoException) => this.closed(error.code ?? error.message));
    socket.on('close', () => this.closed('the other end closed the connection'));
  }

  protected send(bytes: Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes.slice());
  }

  protected async shut(): Promise<void> {
    this.socket.destroySoon();
  }
}
