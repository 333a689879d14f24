import { InputError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import { measuredComponents } from '../src/fieldScan.js';
import { loadScan, saveScan } from '../src/formats/node.js';
import { requireFormat } from '../src/formats/scanFile.js';
import type { ScanReadOptions } from '../src/formats/scanReadOptions.js';
import { millimetres } from './options.js';
import { type CommonOptions, printJson, say } from './run.js';

export interface ConvertOptions extends CommonOptions {
  readonly relative?: string;
  readonly pitchMm?: string;
  readonly component: 'bx' | 'by' | 'bz';
  readonly unit: string;
  readonly zMm?: string;
}

/** `savart convert IN OUT`; the format of the output is told by its name, that of the input by its content. */
export default async function convert([from, to]: string[], options: ConvertOptions): Promise<void> {
  requireFormat(to);
  const scan = await loadScan(from, readOptions(from, options));
  await saveScan(to, scan);
  say(options, `Wrote ${to}: ${describe(scan)}`);
  if (options.json) {
    const components = measuredComponents(scan);
    printJson({ in: from, out: to, samples: scan.count, components, relativeUnit: scan.relativeUnit ?? null });
  }
}

function readOptions(from: string, options: ConvertOptions): ScanReadOptions {
  const pitch = millimetres('--pitch-mm', options.pitchMm, 0);
  const z = millimetres('--z-mm', options.zMm);
  if ((pitch === undefined) !== (z === undefined)) {
    throw new InputError('a bare array needs both its pitch and its height', {
      file: from,
      advice: 'give --pitch-mm and --z-mm',
    });
  }
  return {
    ...(options.relative === undefined ? {} : { relativeUnit: options.relative }),
    ...(pitch === undefined || z === undefined
      ? {}
      : { map: { pitch, z, component: options.component, unit: options.unit } }),
  };
}

function describe(scan: FieldScan): string {
  return `${scan.count} samples of ${measuredComponents(scan).join(', ')}`;
}
