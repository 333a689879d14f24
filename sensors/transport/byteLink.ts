/**
 * One connection that carries bytes: a serial port, TCP, or memory. It is opened once and closed once; after a loss there
 * is another link, so that nothing which was meant for the old connection can reach the new one.
 */
export interface ByteLink {
  /** The port or host, as people know it. */
  readonly place: string;
  readonly isOpen: boolean;
  /** Sends; on a closed link the bytes are gone, never kept for later. */
  write(bytes: Uint8Array): void;
  /** The only listener; bytes that come before there is one are thrown away. The array may be used again after the call. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** Called once, however it ends; `reason` is absent when this side closed it. */
  onClose(listener: (reason?: string) => void): void;
  /** Never throws; safe to call twice. */
  close(): Promise<void>;
}

/** What every link does alike: one listener, closed once. */
export abstract class BaseLink implements ByteLink {
  abstract readonly place: string;
  #open = true;
  #onBytes: ((bytes: Uint8Array) => void) | undefined;
  readonly #onClose: ((reason?: string) => void)[] = [];

  get isOpen(): boolean {
    return this.#open;
  }

  write(bytes: Uint8Array): void {
    if (this.#open) this.send(bytes);
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#onBytes = listener;
  }

  onClose(listener: (reason?: string) => void): void {
    this.#onClose.push(listener);
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.closed();
    await this.shut();
  }

  protected received(bytes: Uint8Array): void {
    if (this.#open) this.#onBytes?.(bytes);
  }

  /** The connection is gone; whoever listens is told once. */
  protected closed(reason?: string): void {
    if (!this.#open) return;
    this.#open = false;
    for (const listener of this.#onClose) listener(reason);
  }

  protected abstract send(bytes: Uint8Array): void;
  protected abstract shut(): Promise<void>;
}
