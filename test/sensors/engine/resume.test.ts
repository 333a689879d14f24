import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readScanJournal } from '../../../sensors/scan/scanJournal.js';
import type { ScanResult } from '../../../sensors/scan/scanResult.js';
import { random } from '../../../src/random.js';
import { beginNote, emptyFolder, resultOf, rigText, scanOnce } from './support.js';

const folder = emptyFolder();
const text = rigText();
const whole = join(folder, 'whole.journal');
let bytes: Buffer;
let undisturbed: ScanResult;
/** The beginning of the scan stands in the journal before anything can go wrong. */
let begun: number;

beforeAll(async () => {
  const outcome = await scanOnce({ text, path: whole });
  expect(outcome.error).toBeUndefined();
  bytes = readFileSync(whole);
  undisturbed = resultOf(text, outcome.state);
  begun = JSON.stringify(beginNote(text)).length + 100;
});

/** The maps agree to the last digits that summing in another order leaves. */
function expectSameMap(result: ScanResult): void {
  const { scan } = result;
  expect(scan.count).toBe(undisturbed.scan.count);
  expect(scan.x).toEqual(undisturbed.scan.x);
  expect(scan.y).toEqual(undisturbed.scan.y);
  for (const name of ['bx', 'by', 'bz'] as const) {
    const [now, before] = [scan.components[name]!.values, undisturbed.scan.components[name]!.values];
    for (let i = 0; i < now.length; i++) expect(Math.abs(now[i] - before[i])).toBeLessThan(1e-15);
  }
}

describe('a scan that is cut off at any byte of its journal and goes on', () => {
  const draw = random(3);
  it.each(Array.from({ length: 40 }, (_, k) => [k, (k + draw.uniform()) / 40]))('moment %i', async (k, part) => {
    const path = join(folder, `cut${k}.journal`);
    const cut = Math.floor(begun + part * (bytes.length - begun));
    // A power cut may also leave bytes that were never written.
    const torn = k % 3 === 0 ? Buffer.alloc(200) : Buffer.alloc(0);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, cut), torn]));
    const before = await readScanJournal(path);
    const outcome = await scanOnce({ text, path, resume: true });
    expect(outcome.error).toBeUndefined();
    expectSameMap(resultOf(text, outcome.state));
    // Nothing recorded is lost: what was complete stays as it was, sample by sample.
    for (const [step, done] of before.done) expect(outcome.state.done.get(step)!.samples).toEqual(done.samples);
    expect(outcome.state.ended).toBe(true);
  });
});

it('loses at most the point in progress', async () => {
  const complete = (await readScanJournal(whole)).done.size;
  const marks = [];
  for (let at = bytes.indexOf('"kind":"step"'); at >= 0; at = bytes.indexOf('"kind":"step"', at + 1)) marks.push(at);
  expect(marks.length).toBe(complete);
  for (const [k, mark] of marks.entries()) {
    const path = join(folder, `mark${k}.journal`);
    writeFileSync(path, bytes.subarray(0, mark + 5));
    expect((await readScanJournal(path)).done.size).toBe(k);
  }
});

it('takes zeros that a power cut left behind the mark of a record for what they are', async () => {
  const mark = bytes.indexOf('SAVJ', Math.floor(bytes.length / 2));
  const path = join(folder, 'zeros.journal');
  writeFileSync(path, Buffer.concat([bytes.subarray(0, mark + 4), Buffer.alloc(200)]));
  expect((await readScanJournal(path)).end).toBe(mark);
});

it('passes over damage in the middle and reads those points again', async () => {
  const path = join(folder, 'damaged.journal');
  const damaged = Buffer.from(bytes);
  damaged.fill(0x55, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 300);
  writeFileSync(path, damaged);
  const before = await readScanJournal(path);
  expect(before.damaged).toBeGreaterThan(0);
  const outcome = await scanOnce({ text, path, resume: true });
  expect(outcome.error).toBeUndefined();
  expectSameMap(resultOf(text, outcome.state));
});

it('asks when the points that it reads again have changed', async () => {
  const path = join(folder, 'moved.journal');
  writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length / 2)));
  const outcome = await scanOnce({ text, path, resume: true, current: 7 });
  expect(String(outcome.error)).toMatch(/points read again differ/);
});
