import { formatOfName } from '../../src/formats/scanFile.js';
import type { Parsed } from './parse.js';
import type { ReadAnswer, ReadRequest, WarmRequest } from './worker.js';

/** Reads files in a worker, one after the other. */
export interface FileReaderWorker {
  /** @throws {Error} with a sentence for the user */
  read(name: string, bytes: Uint8Array): Promise<Parsed>;
  /** Gets ready for a file of this name, which is on its way. */
  expect(name: string): void;
  /** A file that was read, by its document's id, as HDF5. @throws {Error} with a sentence for the user */
  hdf5(id: string): Promise<Uint8Array>;
}

export function fileReader(): FileReaderWorker {
  const begin = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  // At once: its code loads while the first file is on its way.
  let worker: Worker | undefined = begin();
  let jobs = 0;
  let last: Promise<unknown> = Promise.resolve();
  const originals = new Map<string, { readonly name: string; readonly bytes: Uint8Array }>();

  const send = (request: ReadRequest) =>
    new Promise<ReadAnswer>((resolve, reject) => {
      worker ??= begin();
      const fail = (message: string) => {
        // A damaged file may leave the HDF5 library in an unknown state: the next file gets a fresh one.
        worker?.terminate();
        worker = undefined;
        reject(new Error(message));
      };
      worker.onerror = event => fail(`${request.name}: cannot be read (${event.message}).`);
      worker.onmessage = ({ data }: MessageEvent<ReadAnswer>) => {
        if (data.job !== request.job) return;
        if ('error' in data) fail(data.error);
        else resolve(data);
      };
      worker.postMessage(request);
    });
  const inTurn = (request: ReadRequest): Promise<ReadAnswer> => {
    const result = last.then(() => send(request));
    last = result.catch(() => undefined);
    return result;
  };

  return {
    async read(name, bytes) {
      const job = ++jobs;
      const id = `file${job}`;
      const answer = await inTurn({ job, id, name, bytes, wanted: 'document' });
      originals.set(id, { name, bytes });
      return (answer as ReadAnswer & { parsed: Parsed }).parsed;
    },
    expect(name) {
      worker ??= begin();
      if (formatOfName(name) === 'hdf5') worker.postMessage({ warm: true } satisfies WarmRequest);
    },
    async hdf5(id) {
      const original = originals.get(id);
      if (original === undefined) throw new Error('its file is not at hand');
      const answer = await inTurn({ job: ++jobs, id, ...original, wanted: 'hdf5' });
      return (answer as ReadAnswer & { hdf5: Uint8Array }).hdf5;
    },
  };
}
