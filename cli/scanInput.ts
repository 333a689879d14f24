import { dirname, resolve } from 'node:path';
import {
  type BeginNote,
  JOURNAL_VERSION,
  type JournalState,
  readScanJournal,
  type ScanText,
} from '../sensors/scan/scanJournal.js';
import { type PlannedScan, plannedScan } from '../sensors/scan/scanResult.js';
import { InputError, UsageError } from '../src/errors.js';
import { readFileBytes, sha256 } from '../src/formats/node.js';
import { isPack } from '../src/model/isPack.js';
import { parsePack } from '../src/model/parsePack.js';
import { parseRig } from '../src/model/parseRig.js';
import { utf8 } from './textFile.js';

/** A scan that is to be made, or that goes on. */
export interface ScanInput {
  readonly begin: BeginNote;
  readonly planned: PlannedScan;
  /** Through the cell, A; 0: none. */
  readonly current: number;
  readonly before?: JournalState;
}

/** Reads what a new scan needs: rig, cell and calibrations. */
export async function newScan(rigPath: string, cellPath: string | undefined, version: string): Promise<ScanInput> {
  const rig = await readText(rigPath);
  const { sensors } = parseRig(rig.text, rigPath);
  const calibrations: Record<string, ScanText> = {};
  for (const { name, calibration } of sensors) {
    if (calibration !== undefined) calibrations[name] = await readText(resolve(dirname(rigPath), calibration));
  }
  const begin = {
    kind: 'begin',
    journal: JOURNAL_VERSION,
    program: 'savart',
    version,
    date: new Date().toISOString(),
    rig,
    ...(cellPath === undefined ? {} : await readOver(cellPath)),
    calibrations,
  } as const;
  const planned = plannedScan(begin);
  return { begin: { ...begin, steps: planned.plan.steps.length }, planned, current: currentOf(planned) };
}

/**
 * Reads a scan that was begun. The journal holds rig and cell as they were; those that are given must be the same.
 * @throws {InputError} where the rig or the cell has changed since.
 */
export async function begunScan(path: string, rigPath: string, cellPath: string | undefined): Promise<ScanInput> {
  const before = await readScanJournal(path);
  const { begin } = before;
  for (const [given, was, what] of [
    [rigPath, begin.rig, 'rig'],
    [cellPath, begin.cell, 'cell'],
  ] as const) {
    if (given === undefined) continue;
    if ((await readText(given)).sha256 === was?.sha256) continue;
    throw new InputError(`is not the ${what} with which the scan was begun`, {
      file: given,
      advice: `give the ${what} as it was, or start a new scan under another name`,
    });
  }
  const planned = plannedScan(begin);
  if (planned.plan.steps.length !== begin.steps) {
    throw new InputError('was planned by another version of Savart', {
      file: path,
      advice: `go on with version ${begin.version}, or start a new scan under another name`,
    });
  }
  return { begin, planned, current: currentOf(planned), before };
}

/** A cell, or a pack with the files of its cells. */
async function readOver(path: string): Promise<Pick<BeginNote, 'cell' | 'packed'>> {
  const cell = await readText(path);
  if (!isPack(cell.text)) return { cell };
  const packed: Record<string, ScanText> = {};
  for (const { cellFile } of parsePack(cell.text, path).cells) {
    packed[cellFile] ??= await readText(resolve(dirname(path), cellFile));
  }
  return { cell, packed };
}

async function readText(path: string): Promise<ScanText> {
  const bytes = await readFileBytes(path);
  return { name: path, sha256: sha256(bytes), text: utf8(path, bytes) };
}

/** The current of the scan: the rig's, else that of the cell or the pack. */
function currentOf({ rig, cell, pack }: PlannedScan): number {
  const current = rig.scan.current ?? cell?.current ?? pack?.pack.current;
  if (current !== undefined) return current;
  if (rig.current === undefined && rig.scan.scheme === 'steady') return 0;
  throw new UsageError('the current of the scan is not known', {
    advice: 'give current_A in the rig (scan) or in the cell (--cell)',
  });
}
