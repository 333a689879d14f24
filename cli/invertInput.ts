import type { SharedGeometry } from '../inversion/bounded/sharedGeometry.js';
import { InputError, NumericalError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import { describeInput, readFileBytes } from '../src/formats/node.js';
import { parseScan } from '../src/formats/scanFile.js';
import type { Cell } from '../src/model/cell.js';
import { subtractReference } from '../src/referenceScan.js';
import type { ProcessRecord } from '../src/result.js';
import type { InvertOptions } from './invertOptions.js';
import { numberOption } from './options.js';
import { utf8 } from './textFile.js';

/** Who inverts, and what may be kept from scan to scan. */
export interface InvertContext {
  readonly version: string;
  /** Whether nothing is said on the way. */
  readonly quiet?: boolean;
  /** Of the bounded method: what scans of one cell, inverted with the same options, share. */
  readonly geometry?: SharedGeometry;
}

/** The scan as it will be inverted, the cell if one was given, and the files that they came from. */
export interface InvertInput {
  readonly path: string;
  readonly scan: FieldScan;
  readonly cell?: { readonly path: string; readonly text: string; readonly model: Cell };
  readonly files: ProcessRecord['inputs'];
}

/**
 * Reads what an inversion needs: the cell first, for its mistakes are quick to find; then the scan, with the noise of the
 * command line and without the reference.
 */
export async function readInput(path: string, options: InvertOptions): Promise<InvertInput> {
  const sigma_uT = numberOption('--sigma-uT', options.sigmaUT, { above: 0 });
  const cell = options.cell === undefined ? undefined : await readCell(options.cell);
  const on = await readScan(path, options.relative, sigma_uT);
  const { reference } = options;
  const off = reference === undefined ? undefined : await readScan(reference, options.relative, sigma_uT);
  return {
    path,
    scan: off === undefined ? on.scan : located(off.path, () => subtractReference(on.scan, off.scan)),
    ...(cell === undefined ? {} : { cell: cell.content }),
    files: [on, off, cell].flatMap(read => read?.input ?? []),
  };
}

/** A scan with the noise of the command line. */
export async function readScan(path: string, relativeUnit: string | undefined, sigma_uT: number | undefined) {
  const bytes = await readFileBytes(path);
  const read = await parseScan(bytes, { file: path, ...(relativeUnit === undefined ? {} : { relativeUnit }) });
  const unit = read.relativeUnit === undefined ? 1e-6 : 1;
  const scan = sigma_uT === undefined ? read : withSigma(read, sigma_uT * unit);
  return { path, scan, input: describeInput(path, bytes) };
}

/** A cell with its text. What reads YAML is loaded for those who have a cell. */
export async function readCell(path: string) {
  const { parseCell } = await import('../src/model/parseCell.js');
  const bytes = await readFileBytes(path);
  const text = utf8(path, bytes);
  return { content: { path, text, model: parseCell(text, path) }, input: describeInput(path, bytes) };
}

/** One noise for all readings, in place of what the file says of each. */
function withSigma(scan: FieldScan, sigma: number): FieldScan {
  const components = Object.entries(scan.components).map(([name, { values, quadrature }]) => [
    name,
    { values, ...(quadrature === undefined ? {} : { quadrature }) },
  ]);
  return { ...scan, sigma, components: Object.fromEntries(components) };
}

/** Adds the file to errors that come from its content. */
export function located<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InputError || error instanceof NumericalError ? error.at({ file }) : error;
  }
}
