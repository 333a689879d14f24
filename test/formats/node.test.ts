import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError, OutputError } from '../../src/errors.js';
import {
  describeInput,
  loadResult,
  loadScan,
  readFileBytes,
  saveResult,
  saveScan,
  sha256,
  writeFileSafely,
} from '../../src/formats/node.js';
import { fullScan, renumberSensors } from './arbitraries.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'savart-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string) => join(folder, name);
const bytes = Uint8Array.of(1, 2, 3);
const isRoot = process.getuid?.() === 0;

async function failure<E>(kind: new (...args: never[]) => E, action: () => Promise<unknown>): Promise<E> {
  try {
    await action();
  } catch (error) {
    expect(error).toBeInstanceOf(kind);
    return error as E;
  }
  throw new Error('succeeded');
}

describe('reading', () => {
  it('a missing file, a folder, an empty file, a device', async () => {
    writeFileSync(at('empty'), '');
    for (const [path, message] of [
      [at('missing.csv'), /no such file/],
      [folder, /is a folder/],
      [at('empty'), /empty/],
      [join(at('empty'), 'x'), /no such file/],
      ['/dev/zero', /device/],
    ] as const) {
      const error = await failure(InputError, () => readFileBytes(path));
      expect(error.message).toMatch(message);
      expect(error).toMatchObject({ file: path, advice: expect.any(String) });
    }
  });

  it.skipIf(isRoot)('a file without permission', async () => {
    writeFileSync(at('secret'), 'x', { mode: 0 });
    expect((await failure(InputError, () => readFileBytes(at('secret')))).message).toMatch(/must not be read/);
  });

  it('hashes as the rest of the world does', () => {
    const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256(new TextEncoder().encode('abc'))).toBe(hash);
    expect(describeInput('/some/where/scan.csv', new TextEncoder().encode('abc'))).toEqual({
      name: 'scan.csv',
      sha256: hash,
    });
  });
});

describe('writing', () => {
  it('makes and replaces a file, and leaves nothing else', async () => {
    await writeFileSafely(at('a'), bytes);
    chmodSync(at('a'), 0o640);
    await writeFileSafely(at('a'), Uint8Array.of(4));
    expect([...readFileSync(at('a'))]).toEqual([4]);
    expect(statSync(at('a')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('goes through a symbolic link', async () => {
    writeFileSync(at('real'), 'old');
    symlinkSync(at('real'), at('link'));
    await writeFileSafely(at('link'), bytes);
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect([...readFileSync(at('real'))]).toEqual([1, 2, 3]);
  });

  it('keeps the old file when the new one is not liked', async () => {
    writeFileSync(at('a'), 'old');
    const error = await failure(OutputError, () =>
      writeFileSafely(at('a'), bytes, written => {
        expect([...written]).toEqual([1, 2, 3]);
        throw new Error('too short');
      }),
    );
    expect(error.message).toMatch(/too short/);
    expect(readFileSync(at('a'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('says where it cannot write', async () => {
    mkdirSync(at('sub'));
    writeFileSync(at('file'), 'x');
    for (const [path, message] of [
      [at('none/a.csv'), /'.*none' does not exist/],
      [at('sub'), /is a folder/],
      [at('file/a.csv'), /is no folder/],
      ['/dev/null', /no ordinary file/],
    ] as const) {
      const error = await failure(OutputError, () => writeFileSafely(path, bytes));
      expect(error.message).toMatch(message);
      expect(error).toMatchObject({ file: path, advice: expect.any(String) });
    }
    expect(readdirSync(folder).sort()).toEqual(['file', 'sub']);
  });

  it.skipIf(isRoot)('refuses a protected file or folder', async () => {
    writeFileSync(at('a'), 'old', { mode: 0o444 });
    expect((await failure(OutputError, () => writeFileSafely(at('a'), bytes))).message).toMatch(/must not be written/);
    chmodSync(folder, 0o555);
    expect((await failure(OutputError, () => writeFileSafely(at('b'), bytes))).message).toMatch(/must not be written/);
    chmodSync(folder, 0o755);
    expect(readFileSync(at('a'), 'utf8')).toBe('old');
  });

  it('on a full disk leaves the old file alone', async context => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    } catch {
      context.skip('a small disk cannot be mounted here');
    }
    try {
      writeFileSync(at('a'), 'old');
      const error = await failure(OutputError, () => writeFileSafely(at('a'), new Uint8Array(200_000)));
      expect(error.message).toBe('the disk is full');
      expect(error.advice).toMatch(/make room/);
      expect(readFileSync(at('a'), 'utf8')).toBe('old');
      expect(readdirSync(folder)).toEqual(['a']);
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it('stops at a signal: nothing new remains, and listeners are gone afterwards', async () => {
    writeFileSync(at('a'), 'old');
    const listeners = process.listenerCount('SIGINT');
    // Another listener keeps the signal from ending this process.
    const other = () => undefined;
    process.on('SIGINT', other);
    try {
      const error = await failure(OutputError, () =>
        writeFileSafely(at('a'), bytes, () => {
          expect(readdirSync(folder)).toHaveLength(2);
          process.emit('SIGINT');
        }),
      );
      expect(error.message).toMatch(/interrupted/);
    } finally {
      process.removeListener('SIGINT', other);
    }
    expect(readdirSync(folder)).toEqual(['a']);
    expect(readFileSync(at('a'), 'utf8')).toBe('old');
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });
});

describe('scans and results', () => {
  it.each(['csv', 'npz', 'npy', 'mat', 'h5', 'nxs'])('a scan as .%s', async extension => {
    const path = at(`scan.${extension}`);
    await saveScan(path, fullScan);
    expect(await loadScan(path)).toEqual(renumberSensors(fullScan));
    // The content says what it is, whatever the name.
    writeFileSync(at('copy'), readFileSync(path));
    expect(await loadScan(at('copy'))).toEqual(renumberSensors(fullScan));
  });

  it('a result', async () => {
    const grid = { nx: 2, ny: 1, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 };
    const values = Float64Array.of(1, Number.NaN);
    const result = {
      sheets: [{ grid, z: 0, psi: values, kx: values, ky: values }],
      process: {
        program: 'savart',
        version: '0',
        date: '2024-01-01T00:00:00Z',
        inputs: [],
        parameters: { lambda: 1e-3 },
      },
    };
    await saveResult(at('r.h5'), result);
    expect(await loadResult(at('r.h5'))).toEqual(result);
    await failure(InputError, () => saveResult(at('r.csv'), result));
    const error = await failure(InputError, () => loadScan(at('r.h5')));
    expect(error.message).toMatch(/a result, not a scan/);
    expect(error.file).toBe(at('r.h5'));
  });

  it('an unknown extension', async () => {
    const error = await failure(InputError, () => saveScan(at('scan.xls'), fullScan));
    expect(error.advice).toMatch(/\.csv/);
  });

  it('a file that is not what its name says', async () => {
    for (const [name, message] of [
      ['a.h5', /not an HDF5 file/],
      ['a.npz', /not an NPZ file/],
      ['a.npy', /not a NumPy file/],
      ['a.mat', /not a MATLAB file/],
      ['a.csv', /not a column/],
    ] as const) {
      writeFileSync(at(name), 'hello world\n');
      const error = await failure(InputError, () => loadScan(at(name)));
      expect(error.message).toMatch(message);
      expect(error.file).toBe(at(name));
    }
  });
});
