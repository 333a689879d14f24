import { type FileHandle, open } from 'node:fs/promises';
import { InputError, OutputError } from '../../src/errors.js';
import { Deframer, frame } from './frame.js';
import { decodeRecord, encodeNote, encodeSamples, type NoteRecord, type SampleRecord } from './records.js';

/** The file under a journal, as far as it is needed; tests put a full disk here. */
export interface JournalStore {
  /** Writes all the bytes from this place of the file on. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Returns when the bytes are on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** An append-only record of a scan. Records are kept in memory until {@link Journal.flush} has them on the disk. */
export class Journal {
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    readonly path: string,
    private readonly file: JournalStore,
    private end = 0,
  ) {}

  /** Bytes that are not yet on their way to the disk. */
  get waiting(): number {
    return this.#bytes;
  }

  note<Note extends NoteRecord>(note: Note): void {
    this.#add(frame(encodeNote(note)));
  }

  samples(record: SampleRecord): void {
    if (record.block.count > 0) this.#add(frame(encodeSamples(record)));
  }

  #add(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
  }

  /**
   * Resolves when everything so far is on the disk.
   * @throws {OutputError} when it cannot be written: disk full, disk gone.
   */
  flush(): Promise<void> {
    // One after the other, also when the one before failed: what failed is tried again with the next.
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const pieces = this.#waiting;
    if (pieces.length === 0) return;
    this.#waiting = [];
    this.#bytes = 0;
    try {
      const bytes = Buffer.concat(pieces);
      await this.file.write(bytes, this.end);
      await this.file.sync();
      this.end += bytes.length;
    } catch (cause) {
      // Half of it may stand in the file already; the next flush writes over it.
      this.#waiting = [...pieces, ...this.#waiting];
      this.#bytes = this.#waiting.reduce((sum, piece) => sum + piece.length, 0);
      throw writeError(this.path, cause);
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function writeError(path: string, cause: unknown): OutputError {
  const code = (cause as { code?: string }).code;
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  return new OutputError(full ? 'the disk is full' : `cannot be written (${code ?? cause})`, {
    file: path,
    advice: `${full ? 'make room' : 'check the disk'}, then go on with --resume; what was recorded is kept`,
    cause,
  });
}

/**
 * Starts a journal.
 * @throws {OutputError} where one of this name is there already, or it cannot be made.
 */
export async function createJournal(path: string): Promise<Journal> {
  try {
    return new Journal(path, storeOf(await open(path, 'wx')));
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'EEXIST') throw writeError(path, cause);
    throw new OutputError('a scan of this name was begun before', {
      file: path,
      advice: 'go on with --resume, or choose another output',
      cause,
    });
  }
}

/** Goes on with a journal behind its last whole record; what was cut off there is removed. */
export async function continueJournal(path: string, end: number): Promise<Journal> {
  try {
    const handle = await open(path, 'r+');
    await handle.truncate(end);
    return new Journal(path, storeOf(handle), end);
  } catch (cause) {
    throw writeError(path, cause);
  }
}

function storeOf(handle: FileHandle): JournalStore {
  return {
    write: async (bytes, at) => {
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      }
    },
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/** What a journal file is besides its records. */
export interface JournalEnd {
  /** Where the last whole record ends, bytes. */
  readonly end: number;
  /** Bytes that belong to no whole record, without those behind the last one. */
  readonly damaged: number;
}

/**
 * Reads a journal from its beginning, record by record.
 * @throws {InputError} when it is not there or of another version.
 */
export async function readJournal(
  path: string,
  onRecord: (record: SampleRecord | NoteRecord) => void,
): Promise<JournalEnd> {
  const deframer = new Deframer();
  const take = (payload: Uint8Array) => {
    try {
      onRecord(decodeRecord(payload));
    } catch (error) {
      throw error instanceof InputError ? error.at({ file: path }) : error;
    }
  };
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ENOENT';
    throw new InputError(missing ? 'there is no journal of a scan' : 'the journal cannot be read', {
      file: path,
      advice: missing ? 'start the scan without --resume' : 'check the path and its permissions',
      cause,
    });
  }
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 20 })) deframer.push(chunk as Buffer, take);
    deframer.finish(take);
  } finally {
    await handle.close().catch(() => undefined);
  }
  return { end: deframer.end, damaged: deframer.damaged };
}
