import { SerialPort } from 'serialport';
import { DeviceError } from '../../src/errors.js';
import { BaseLink, type ByteLink } from './byteLink.js';

export interface SerialOptions {
  readonly baud: number;
  readonly dataBits?: 7 | 8;
  readonly parity?: 'none' | 'odd' | 'even';
  readonly rtscts?: boolean;
}

/**
 * Opens a serial port. Opening raises DTR and RTS, which resets many microcontrollers: whoever speaks to one waits for its
 * banner. `hupcl` is off, so that closing does not reset it again.
 * @throws {DeviceError} for a port that is not there, in use, or not allowed.
 */
export function openSerial(path: string, options: SerialOptions): Promise<ByteLink> {
  return new Promise((resolve, reject) => {
    const { baud, dataBits = 8, parity = 'none', rtscts = false } = options;
    const settings = { path, baudRate: baud, dataBits, parity, rtscts, hupcl: false, autoOpen: false };
    let port: SerialPort;
    try {
      port = new SerialPort(settings);
    } catch (cause) {
      reject(portError(path, cause as Error));
      return;
    }
    port.open(error => {
      if (error) reject(portError(path, error));
      else resolve(new SerialLink(path, port));
    });
  });
}

/** A serial port, opened once: a port object that is opened again would send what was written while it was closed. */
class SerialLink extends BaseLink {
  constructor(
    readonly place: string,
    private readonly port: SerialPort,
  ) {
    super();
    port.on('data', (bytes: Buffer) => this.received(bytes));
    port.on('close', (error?: Error) => this.closed(error?.message ?? 'the port was closed'));
    port.on('error', (error: Error) => {
      this.closed(error.message);
      void this.shut();
    });
  }

  protected send(bytes: Uint8Array): void {
    if (this.port.isOpen) this.port.write(Buffer.from(bytes));
  }

  protected shut(): Promise<void> {
    return new Promise(resolve => {
      if (!this.port.isOpen) resolve();
      else this.port.close(() => resolve());
    });
  }
}

function portError(path: string, cause: Error): DeviceError {
  const message = cause.message;
  const known: readonly (readonly [RegExp, string, string])[] = [
    [
      /no such file|cannot find|not found|enoent/i,
      'there is no such port',
      "check the cable and the name ('savart devices' lists ports)",
    ],
    [
      /lock port|busy|temporarily unavailable|access denied/i,
      'is in use by another program',
      'close that program (a serial monitor, another scan)',
    ],
    [
      /permission|eacces/i,
      'this user may not open it',
      'add the user to the group that owns the port (dialout, uucp), then log in again',
    ],
  ];
  const [, what, advice] = known.find(([pattern]) => pattern.test(message)) ?? [
    undefined,
    `cannot be opened (${message})`,
    'check the cable, the name and the speed',
  ];
  return new DeviceError(what, { file: path, advice, cause });
}
