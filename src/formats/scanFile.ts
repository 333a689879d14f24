import { InputError } from '../errors.js';
import type { FieldScan } from '../fieldScan.js';
import { formatScanCsv, parseScanCsv } from './csvScan.js';
import { isHdf5 } from './hdf5.js';
import { isMat } from './mat.js';
import { formatScanMat, parseScanMat } from './matScan.js';
import { formatScanHdf5, parseScanHdf5, type ScanExtras } from './nexusScan.js';
import { isNpy } from './npy.js';
import { formatScanNpy, formatScanNpz, parseScanNpy, parseScanNpz } from './npzScan.js';
import type { ScanReadOptions } from './scanReadOptions.js';
import { isZip } from './zip.js';

/** Scans in whatever format: told by the first bytes when reading, by the file's extension when writing. */

export type ScanFormat = 'csv' | 'npz' | 'npy' | 'mat' | 'hdf5';

const EXTENSIONS: Readonly<Record<string, ScanFormat>> = {
  csv: 'csv',
  txt: 'csv',
  tsv: 'csv',
  npz: 'npz',
  npy: 'npy',
  mat: 'mat',
  h5: 'hdf5',
  hdf5: 'hdf5',
  nxs: 'hdf5',
};

/** The format that a file's extension stands for. */
export function formatOfName(name: string): ScanFormat | undefined {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1].toLowerCase() ?? '';
  return Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
}

/** The format of the bytes; where they carry no signature, the one of the name, and CSV in the end. */
export function detectFormat(bytes: Uint8Array, name?: string): ScanFormat {
  if (isHdf5(bytes)) return 'hdf5';
  if (isZip(bytes)) return 'npz';
  if (isNpy(bytes)) return 'npy';
  if (isMat(bytes)) return 'mat';
  return (name === undefined ? undefined : formatOfName(name)) ?? 'csv';
}

/**
 * Reads a scan of any format.
 * @param options `file` names it in messages, and its extension helps where the content is not recognised.
 * @throws {InputError} with place and advice; never anything else, whatever the bytes are.
 */
export async function parseScan(bytes: Uint8Array, options: ScanReadOptions = {}): Promise<FieldScan> {
  switch (detectFormat(bytes, options.file)) {
    case 'hdf5':
      return parseScanHdf5(bytes, options);
    case 'npz':
      return parseScanNpz(bytes, options);
    case 'npy':
      return parseScanNpy(bytes, options);
    case 'mat':
      return parseScanMat(bytes, options);
    default:
      return parseScanCsv(bytes, options);
  }
}

/**
 * Writes a scan in the given format. Every format gives the scan back without rounding.
 * @param extras what only HDF5 has room for
 */
export async function formatScan(scan: FieldScan, format: ScanFormat, extras: ScanExtras = {}): Promise<Uint8Array> {
  switch (format) {
    case 'hdf5':
      return formatScanHdf5(scan, extras);
    case 'npz':
      return formatScanNpz(scan);
    case 'npy':
      return formatScanNpy(scan);
    case 'mat':
      return formatScanMat(scan);
    default:
      return formatScanCsv(scan);
  }
}

/**
 * The format in which to write a file of this name.
 * @throws {InputError} when its extension is none of those that Savart writes.
 */
export function requireFormat(name: string): ScanFormat {
  const format = formatOfName(name);
  if (format !== undefined) return format;
  throw new InputError('has an extension that names no format', {
    file: name,
    advice: 'end it in .csv, .npz, .npy, .mat or .h5',
  });
}
