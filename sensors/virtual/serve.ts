import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { DeviceError } from '../../src/errors.js';
import type { VirtualDevice } from './virtualDevice.js';

/** A simulated device that can be reached from outside. */
export interface ServedDevice {
  /** `host:port`, or the path of the terminal. */
  readonly address: string;
  /** Cuts the connections that are open: unplugged. */
  unplug(): void;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** s between looks at what the device has to say. */
  readonly interval?: number;
  /** Monotonic clock, s. */
  readonly clock?: () => number;
  /** A host has connected, at a time of the clock: many boards begin anew then. */
  readonly onConnect?: (time: number) => void;
}

const seconds = () => performance.now() / 1000;
const HOST = '127.0.0.1';
/** How long the terminal may take to come, s. */
const PATIENCE = 5;

/**
 * Puts a simulated device behind a TCP port, in real time. One host at a time; a new one takes the place of the old.
 * @param port 0: any that is free
 */
export async function serveTcp(device: VirtualDevice, port = 0, options: ServeOptions = {}): Promise<ServedDevice> {
  const { server, unplug } = listen(device, options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return { address: `${HOST}:${bound}`, unplug, close: () => closed(server, unplug) };
}

/**
 * Puts a simulated device behind a pseudo-terminal that can be opened like a serial port, by way of `socat`.
 * @param path of the terminal to be made
 * @throws {DeviceError} when socat is missing or does not make it
 */
export async function servePty(device: VirtualDevice, path: string, options: ServeOptions = {}): Promise<ServedDevice> {
  const socket = `${path}.sock`;
  rmSync(socket, { force: true });
  const { server, unplug } = listen(device, options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  const close = async (child?: ChildProcess) => {
    child?.kill();
    await closed(server, unplug);
    rmSync(socket, { force: true });
  };
  const child = spawn('socat', [`PTY,raw,echo=0,link=${path}`, `UNIX-CONNECT:${socket}`], { stdio: 'ignore' });
  let fault: string | undefined;
  child.once('error', error => (fault = error.message));
  child.once('exit', () => (fault ??= 'socat ended'));
  for (const end = seconds() + PATIENCE; !existsSync(path) && fault === undefined && seconds() < end; ) await wait(5);
  if (fault !== undefined || !isLink(path)) {
    await close(child);
    throw new DeviceError(`no terminal could be made at ${path}${fault === undefined ? '' : ` (${fault})`}`, {
      advice: 'install socat, or use TCP',
    });
  }
  return {
    address: path,
    // The terminal goes with its process, as a device goes with its plug.
    unplug() {
      child.kill();
      unplug();
    },
    close: () => close(child),
  };
}

function isLink(path: string): boolean {
  return existsSync(path) && lstatSync(path).isSymbolicLink();
}

/** A server whose one client talks to the device; the device lives on without one, as a powered device does. */
function listen(device: VirtualDevice, options: ServeOptions): { server: Server; unplug: () => void } {
  const clock = options.clock ?? seconds;
  let client: Socket | undefined;
  const pump = () => {
    const bytes = device.poll(clock());
    // Nobody listens: what is said is lost.
    if (bytes.length > 0 && client !== undefined && !client.destroyed) client.write(bytes);
  };
  const timer = setInterval(pump, 1000 * (options.interval ?? 0.002));
  timer.unref();
  const server = createServer(socket => {
    client?.destroy();
    client = socket;
    socket.setNoDelay(true);
    options.onConnect?.(clock());
    socket.on('data', data => {
      device.receive(data, clock());
      pump();
    });
    // Unplugging is part of the game.
    socket.on('error', () => socket.destroy());
  });
  server.on('close', () => clearInterval(timer));
  return { server, unplug: () => client?.destroy() };
}

function closed(server: Server, unplug: () => void): Promise<void> {
  unplug();
  return new Promise(resolve => server.close(() => resolve()));
}
