import { createHash, randomBytes } from 'node:crypto';
import { constants, unlinkSync } from 'node:fs';
import { access, chmod, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError, OutputError } from '../errors.js';
import type { FieldScan } from '../fieldScan.js';
import type { InversionResult } from '../result.js';
import { formatResult, parseResult } from './nexusResult.js';
import { formatOfName, formatScan, parseScan, requireFormat } from './scanFile.js';
import type { ScanReadOptions } from './scanReadOptions.js';

/** Files: reading with errors that help, and writing so that no half-written file is ever left or seen. */

/**
 * The bytes of a file.
 * @throws {InputError} when it is missing, a folder, empty, too large, or must not be read.
 */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  const fail = (message: string, advice: string, cause?: unknown) =>
    new InputError(message, { file: path, advice, cause });
  let bytes: Uint8Array;
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw fail('is a folder', 'give a file');
    if (info.isCharacterDevice() || info.isBlockDevice()) throw fail('is a device', 'give a file');
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const code = codeOf(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fail('there is no such file', 'check the path', cause);
    if (code === 'EACCES' || code === 'EPERM') throw fail('must not be read', 'change its permissions', cause);
    if (code === 'ERR_FS_FILE_TOO_LARGE') throw fail('is larger than 2 GB', 'split it', cause);
    throw fail(`cannot be read (${code})`, 'check the path and the disk', cause);
  }
  if (bytes.length === 0) throw fail('the file is empty', 'copy or export it again');
  return bytes;
}

/** SHA-256 of bytes, hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Name (without folder) and hash of an input file, as a {@link InversionResult} records them. */
export function describeInput(path: string, bytes: Uint8Array): { name: string; sha256: string } {
  return { name: basename(path), sha256: sha256(bytes) };
}

/** Files that are being written; they go away with the process, however it ends (short of SIGKILL). */
const unfinished = new Set<string>();
const interrupted = new Set<string>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function removeUnfinished(): void {
  for (const path of unfinished) {
    interrupted.add(path);
    try {
      unlinkSync(path);
    } catch {
      // Not yet made, or renamed already.
    }
  }
}

function onSignal(signal: NodeJS.Signals): void {
  removeUnfinished();
  // Someone else listens too and decides how the process goes on; otherwise the signal does what it always does.
  if (process.listenerCount(signal) > 1) return;
  process.removeListener(signal, onSignal);
  process.kill(process.pid, signal);
}

function watch(path: string): () => void {
  if (unfinished.size === 0) {
    process.on('exit', removeUnfinished);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  unfinished.add(path);
  return () => {
    unfinished.delete(path);
    interrupted.delete(path);
    if (unfinished.size > 0) return;
    process.removeListener('exit', removeUnfinished);
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
}

/**
 * Writes a file so that at every moment either the old or the whole new content is there: beside it under another name,
 * to the disk, read back and compared, renamed. When anything fails, and on SIGINT, the other file is removed and what
 * was there is untouched. A symbolic link keeps pointing to its file, which is replaced.
 * @param verify looks at the bytes that were read back, and throws when it does not like them.
 * @throws {OutputError} for a missing folder, a full disk, missing permission, or a difference.
 */
export async function writeFileSafely(
  path: string,
  bytes: Uint8Array,
  verify?: (written: Uint8Array) => void | Promise<void>,
): Promise<void> {
  let beside: string | undefined;
  let release: (() => void) | undefined;
  try {
    const { target, mode } = await findTarget(path);
    beside = join(dirname(target), `.savart-${randomBytes(6).toString('hex')}.tmp`);
    release = watch(beside);
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (mode !== undefined) await chmod(beside, mode);
    const written = await readFile(beside);
    if (Buffer.compare(written, bytes) !== 0) {
      throw new OutputError('did not read back as it was written', { file: path, advice: 'check the disk' });
    }
    await verify?.(written);
    if (interrupted.has(beside))
      throw new OutputError('the writing was interrupted', { file: path, advice: 'run it again' });
    await rename(beside, target);
    await syncFolder(dirname(target));
  } catch (cause) {
    const stopped = beside !== undefined && interrupted.has(beside);
    if (beside !== undefined) await unlink(beside).catch(() => undefined);
    throw stopped
      ? new OutputError('the writing was interrupted', { file: path, advice: 'run it again', cause })
      : outputError(path, cause);
  } finally {
    release?.();
  }
}

/** The file behind the path (which may be a link), and its permissions if it exists. */
async function findTarget(path: string): Promise<{ target: string; mode: number | undefined }> {
  let target: string;
  try {
    target = await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return { target: path, mode: undefined };
  }
  const info = await stat(target);
  if (info.isFile()) {
    // Renaming would replace a file that someone has protected.
    await access(target, constants.W_OK);
    return { target, mode: info.mode & 0o777 };
  }
  const what = info.isDirectory() ? 'a folder' : 'no ordinary file';
  throw new OutputError(`is ${what}`, { file: path, advice: 'choose the name of a file' });
}

/** Makes the rename itself last; not every system can open a folder. */
async function syncFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file is complete either way.
  }
}

function outputError(path: string, cause: unknown): OutputError {
  if (cause instanceof OutputError) return cause;
  const known: Readonly<Record<string, readonly [string, string]>> = {
    ENOENT: [`the folder '${dirname(path)}' does not exist`, 'create it, or choose another output'],
    ENOTDIR: [`'${dirname(path)}' is no folder`, 'choose another output'],
    EACCES: ['the file or its folder must not be written to', 'change its permissions, or choose another output'],
    EPERM: ['the file or its folder must not be written to', 'change its permissions, or choose another output'],
    EROFS: ['the disk is read-only', 'choose another output'],
    ENOSPC: ['the disk is full', 'make room, or choose another output'],
    EDQUOT: ['the disk quota is used up', 'make room, or choose another output'],
    ENAMETOOLONG: ['the name is too long', 'choose a shorter one'],
  };
  const code = codeOf(cause);
  const [message, advice] = known[code] ?? [
    cause instanceof Error && code === '' ? `was not accepted: ${cause.message}` : `cannot be written (${code})`,
    'check the path and the disk',
  ];
  return new OutputError(message, { file: path, advice, cause });
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code !== 'input' ? code : '';
}

/**
 * Reads a scan of any format, told by its content.
 * @throws {InputError} with file, place and advice.
 */
export async function loadScan(path: string, options: Omit<ScanReadOptions, 'file'> = {}): Promise<FieldScan> {
  return parseScan(await readFileBytes(path), { ...options, file: path });
}

/**
 * Writes a scan in the format of the path's extension: .csv, .npz, .npy, .mat, .h5.
 * @throws {InputError} for another extension.
 * @throws {OutputError} when it cannot be written.
 */
export async function saveScan(path: string, scan: FieldScan): Promise<void> {
  await writeFileSafely(path, await formatScan(scan, requireFormat(path)));
}

/**
 * Reads a result.
 * @throws {InputError} with file, place and advice.
 */
export async function loadResult(path: string): Promise<InversionResult> {
  return parseResult(await readFileBytes(path), { file: path });
}

/**
 * Writes a result (NeXus/HDF5).
 * @throws {InputError} when the extension is none of HDF5's.
 * @throws {OutputError} when it cannot be written.
 */
export async function saveResult(path: string, result: InversionResult): Promise<void> {
  if (formatOfName(path) !== 'hdf5') {
    throw new InputError('is no name of a result', { file: path, advice: 'end it in .h5' });
  }
  await writeFileSafely(path, await formatResult(result));
}
