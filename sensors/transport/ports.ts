import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SerialPort } from 'serialport';

export interface FoundPort {
  readonly path: string;
  /** Maker and product as the system knows them. */
  readonly description?: string;
  /** USB ids, such as 0403:6015. */
  readonly usb?: string;
}

/**
 * The serial ports of this computer. Where the system's own list is not to be had (no udev, a container), the device
 * files that look like serial ports.
 * @param folder where those device files are
 */
export async function listPorts(folder = '/dev'): Promise<FoundPort[]> {
  const found = new Map<string, FoundPort>();
  try {
    for (const { path, manufacturer, vendorId, productId } of await SerialPort.list()) {
      // The system lists every serial port of the board, most of them without anything behind.
      if (vendorId === undefined && /\/ttyS\d+$/.test(path)) continue;
      found.set(path, {
        path,
        ...(manufacturer === undefined ? {} : { description: manufacturer }),
        ...(vendorId === undefined ? {} : { usb: `${vendorId}:${productId ?? '????'}` }),
      });
    }
  } catch {
    // No udevadm: the device files below are all there is.
  }
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (DEVICE_FILE.test(name) && !found.has(path)) found.set(path, { path });
  }
  return [...found.values()].sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

/** USB and Bluetooth serial ports of Linux, macOS and BSD. */
const DEVICE_FILE = /^(ttyUSB\d+|ttyACM\d+|rfcomm\d+|cu\.(usb|SLAB|wch).*|cuaU\d+)$/;
