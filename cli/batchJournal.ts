import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OutputError } from '../src/errors.js';
import { readFileBytes, sha256 } from '../src/formats/node.js';
import type { BatchFigures } from './batchJob.js';

/** In the folder of a batch: one line of JSON for every result, added once the result is in its place. */
export const JOURNAL = 'batch.jsonl';
const VERSION = 1;

const figures = z.object({
  method: z.string(),
  target: z.string(),
  error_pct: z.number().nullable(),
  chi2: z.number().nullable(),
  lambda: z.number().nullable(),
  resolution_mm: z.number().nullable(),
  samples: z.number(),
  rejected: z.number(),
  seconds: z.number(),
  warnings: z.array(z.string()).readonly(),
}) satisfies z.ZodType<BatchFigures>;

const note = z.object({
  batch: z.literal(VERSION),
  /** Base name of the result. */
  out: z.string(),
  /** Hash of all that the result was made from: the bytes of the inputs, the settings, the version of Savart. */
  made: z.string(),
  /** Hash of the result. */
  sha256: z.string(),
  figures,
});

export type BatchNote = z.infer<typeof note>;

/** Begins a journal, in place of an earlier one. @throws {OutputError} where it cannot be written. */
export async function beginJournal(folder: string): Promise<void> {
  await writeFile(join(folder, JOURNAL), '').catch(cause => fail(folder, cause));
}

/**
 * Adds a line. It begins with a line end, so that one that was torn by a power cut does not spoil it.
 * @throws {OutputError} where it cannot be written.
 */
export async function addNote(folder: string, entry: Omit<BatchNote, 'batch'>): Promise<void> {
  const line = `\n${JSON.stringify({ batch: VERSION, ...entry })}`;
  await appendFile(join(folder, JOURNAL), line).catch(cause => fail(folder, cause));
}

function fail(folder: string, cause: NodeJS.ErrnoException): never {
  throw new OutputError(`the journal of the batch cannot be written (${cause.code})`, {
    file: join(folder, JOURNAL),
    advice: 'look at the disk and the permissions of the folder; --resume goes on from there',
    cause,
  });
}

/** The notes of a journal by the name of the result, the last one of each; lines that are none are passed over. */
export async function readJournal(folder: string): Promise<Map<string, BatchNote>> {
  const text = await readFile(join(folder, JOURNAL), 'utf8').catch(() => '');
  const notes = new Map<string, BatchNote>();
  for (const line of text.split('\n')) {
    try {
      const entry = note.parse(JSON.parse(line));
      notes.set(entry.out, entry);
    } catch {
      // Torn, or of another version: that result is made anew.
    }
  }
  return notes;
}

/** Whether the result that a note tells of is there, whole and unchanged. */
export async function isWhole(folder: string, { out, sha256: hash }: BatchNote): Promise<boolean> {
  try {
    return sha256(await readFileBytes(join(folder, out))) === hash;
  } catch {
    return false;
  }
}
