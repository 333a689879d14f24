import type { WebSocket } from 'ws';
import type { ScanMonitor } from '../sensors/scan/monitor.js';
import { MOST_NEWS, parseScanOrder, type ScanNews } from '../src/liveScan.js';
import type { PageFile } from './viewPage.js';
import { startViewer } from './viewServer.js';
import { sendFile, type ViewedFile } from './viewSocket.js';

/** News go out so often, ms, and not to a page that has so much still to take, bytes. */
const EVERY = 200;
const MOST_WAITING = 5e5;
/** After the last page is gone, so long for one that comes back (a reload), ms. */
const GRACE = 10_000;
/** The time that a page gets to say goodbye, ms. */
const GOODBYE = 1000;
/** The page said what no page of Savart says (RFC 6455, policy violation). */
const NOT_UNDERSTOOD = 1008;

/** A scan as it is seen in the browser. */
export interface ScanView {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Shows a file in every page, and in those that connect later. */
  show(file: ViewedFile): void;
  /** Resolves when no page has been connected for some seconds, or the signal is aborted. */
  left(signal: AbortSignal): Promise<void>;
  /** The last news are sent, then the connections end. */
  close(): Promise<void>;
}

/**
 * Serves the page of the viewer beside a scan: it gets the news of the monitor and steers it. A page that is slow, closed or
 * talks nonsense changes nothing for the scan.
 * @param page the files of the page @param name of the file that the scan is for
 * @param cell its cell.yaml, to be drawn over the map
 */
export async function startScanView(
  page: ReadonlyMap<string, PageFile>,
  monitor: ScanMonitor,
  name: string,
  cell?: ViewedFile,
): Promise<ScanView> {
  const files: ViewedFile[] = [];
  /** How many points every page knows. */
  const pages = new Map<WebSocket, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastSeen = performance.now();

  const tell = (socket: WebSocket) => {
    for (;;) {
      if (socket.bufferedAmount > MOST_WAITING) return soon();
      const known = pages.get(socket) ?? 0;
      const scan = monitor.snapshot(known);
      const points = scan.points.slice(0, MOST_NEWS);
      socket.send(JSON.stringify({ type: 'scan', name, scan: { ...scan, points } } satisfies ScanNews));
      pages.set(socket, known + points.length);
      if (points.length === scan.points.length) return;
    }
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const socket of pages.keys()) tell(socket);
  };
  function soon(): void {
    timer ??= setTimeout(flush, EVERY);
  }

  const viewer = await startViewer(page, files, socket => {
    socket.on('close', () => {
      pages.delete(socket);
      lastSeen = performance.now();
    });
    socket.on('message', (data, binary) => {
      const order = binary ? undefined : parseScanOrder(String(data));
      if (order === undefined) socket.close(NOT_UNDERSTOOD);
      else monitor[order.to]();
    });
    tell(socket);
    if (cell !== undefined && files.length === 0) sendFile(socket, cell);
  });
  const forget = monitor.onChange(soon);

  return {
    ...viewer,
    show(file) {
      flush();
      const added = cell === undefined ? [file] : [file, cell];
      files.push(...added);
      for (const socket of pages.keys()) for (const one of added) sendFile(socket, one);
    },
    left: signal =>
      new Promise(resolve => {
        lastSeen = performance.now();
        const check = setInterval(() => {
          if (!signal.aborted && (pages.size > 0 || performance.now() - lastSeen < GRACE)) return;
          clearInterval(check);
          resolve();
        }, EVERY);
      }),
    async close() {
      forget();
      flush();
      const gone = [...pages.keys()].map(
        socket =>
          new Promise<void>(resolve => {
            socket.once('close', () => resolve());
            socket.close(1000);
            setTimeout(resolve, GOODBYE).unref();
          }),
      );
      await Promise.all(gone);
      clearTimeout(timer);
      await viewer.close();
    },
  };
}
