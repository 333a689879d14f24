import { InputError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import { isResult, parseResult } from '../src/formats/nexusResult.js';
import { describeInput, readFileBytes } from '../src/formats/node.js';
import { detectFormat, parseScan } from '../src/formats/scanFile.js';
import { subtractReference } from '../src/referenceScan.js';
import type { InversionResult, ProcessRecord } from '../src/result.js';
import { located } from './invertInput.js';

export type Compared =
  | { readonly kind: 'result'; readonly result: InversionResult }
  | { readonly kind: 'scan'; readonly scan: FieldScan };

export interface CompareInput {
  readonly a: Compared;
  readonly b: Compared;
  readonly files: ProcessRecord['inputs'];
}

/**
 * Reads what is to be compared: two results or two scans, from which a scan without current is subtracted where one is given.
 * @throws {InputError} for one of each
 */
export async function readCompared(
  pathA: string,
  pathB: string,
  options: { readonly relative?: string; readonly reference?: string },
): Promise<CompareInput> {
  const [a, b] = [await readScanOrResult(pathA, options.relative), await readScanOrResult(pathB, options.relative)];
  if (a.content.kind !== b.content.kind) {
    const [scan, result] = a.content.kind === 'scan' ? [pathA, pathB] : [pathB, pathA];
    throw new InputError(`is a scan, but ${result} is a result`, {
      file: scan,
      advice: 'invert the scan first, or give two scans or two results',
    });
  }
  if (options.reference === undefined) return { a: a.content, b: b.content, files: [a.input, b.input] };
  const { reference } = options;
  if (a.content.kind === 'result') {
    throw new InputError('only scans have a scan without current to be subtracted', {
      file: reference,
      advice: 'leave out --reference',
    });
  }
  const off = await readScanOrResult(reference, options.relative);
  if (off.content.kind === 'result') {
    throw new InputError('is a result, not a scan', { file: reference, advice: 'give a scan without current' });
  }
  const { scan } = off.content;
  const without = (content: Compared): Compared =>
    content.kind === 'scan'
      ? { kind: 'scan', scan: located(reference, () => subtractReference(content.scan, scan)) }
      : content;
  return { a: without(a.content), b: without(b.content), files: [a.input, b.input, off.input] };
}

/** A scan or a result, as the bytes say. */
export async function readScanOrResult(
  path: string,
  relativeUnit: string | undefined,
): Promise<{ readonly content: Compared; readonly input: ProcessRecord['inputs'][number] }> {
  const bytes = await readFileBytes(path);
  const input = describeInput(path, bytes);
  if (detectFormat(bytes, path) === 'hdf5' && (await isResult(bytes, path))) {
    return { content: { kind: 'result', result: await parseResult(bytes, { file: path }) }, input };
  }
  const scan = await parseScan(bytes, { file: path, ...(relativeUnit === undefined ? {} : { relativeUnit }) });
  return { content: { kind: 'scan', scan }, input };
}
