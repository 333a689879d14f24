import type { Clock } from '../clock.js';
import { BaseLink, type ByteLink } from '../transport/byteLink.js';
import type { VirtualDevice } from './virtualDevice.js';

/** How often a device is asked what it has sent, s. */
const POLL_SECONDS = 0.005;

/** A link to a simulated device in this process: the same bytes as over a cable, in the time of the clock. */
export function virtualLink(clock: Clock, device: VirtualDevice, place: string): VirtualLink {
  return new VirtualLink(clock, device, place);
}

export class VirtualLink extends BaseLink implements ByteLink {
  #cancel: () => void;

  constructor(
    private readonly clock: Clock,
    private readonly device: VirtualDevice,
    readonly place: string,
  ) {
    super();
    this.#cancel = clock.after(0, () => this.#poll());
  }

  /** As if the cable were pulled. */
  unplug(): void {
    this.#cancel();
    this.closed('the cable was pulled');
  }

  protected send(bytes: Uint8Array): void {
    this.device.receive(bytes.slice(), this.clock.now());
  }

  protected async shut(): Promise<void> {
    this.#cancel();
  }

  #poll(): void {
    const bytes = this.device.poll(this.clock.now());
    if (bytes.length > 0) this.received(bytes);
    if (this.isOpen) this.#cancel = this.clock.after(POLL_SECONDS, () => this.#poll());
  }
}
