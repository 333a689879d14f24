import type { Clock } from '../clock.js';
import { BaseLink, type ByteLink } from './byteLink.js';

/** Both ends of a connection inside this process. */
export interface MemoryLinks {
  readonly host: ByteLink;
  readonly device: ByteLink;
}

/**
 * A connection in memory, in the time of a clock: bytes arrive in their order, `latency` seconds after they were sent; when
 * one end closes, the other hears of it as of an unplugged cable.
 */
export function memoryLinks(clock: Clock, place: string, latency = 0): MemoryLinks {
  const host = new MemoryEnd(clock, place, latency);
  const device = new MemoryEnd(clock, place, latency);
  host.other = device;
  device.other = host;
  return { host, device };
}

class MemoryEnd extends BaseLink {
  other!: MemoryEnd;

  constructor(
    private readonly clock: Clock,
    readonly place: string,
    private readonly latency: number,
  ) {
    super();
  }

  protected send(bytes: Uint8Array): void {
    const sent = bytes.slice();
    this.clock.after(this.latency, () => this.other.received(sent));
  }

  protected async shut(): Promise<void> {
    this.other.closed('the other end closed the connection');
  }
}
