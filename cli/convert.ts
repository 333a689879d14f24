import { basename } from 'node:path';
import { InputError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import { measuredComponents } from '../src/fieldScan.js';
import { figure, inversionReport, samplePanel } from '../src/figures/index.js';
import { fontFaceCss } from '../src/figures/node.js';
import { describeInput, loadScan, readFileBytes, saveScan, writeFileSafely } from '../src/formats/node.js';
import { requireFormat } from '../src/formats/scanFile.js';
import type { ScanReadOptions } from '../src/formats/scanReadOptions.js';
import { millimetres, requireExtension, requireSeparate } from './options.js';
import { type CommonOptions, printJson, say } from './run.js';
import { withMaps } from './viewReport.js';

export interface ConvertOptions extends CommonOptions {
  readonly report?: string;
  readonly relative?: string;
  readonly pitchMm?: string;
  readonly component: 'bx' | 'by' | 'bz';
  readonly unit: string;
  readonly zMm?: string;
}

/** `savart convert IN OUT`; the format of the output is told by its name, that of the input by its content. */
export default async function convert([from, to]: string[], options: ConvertOptions, version: string): Promise<void> {
  requireFormat(to);
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireSeparate([from], [to, options.report]);
  const scan = await loadScan(from, readOptions(from, options));
  const report = options.report === undefined ? undefined : reportHtml(from, scan, await readFileBytes(from), version);
  await saveScan(to, scan);
  if (options.report !== undefined) await writeFileSafely(options.report, new TextEncoder().encode(report));
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

/** Every component where it was read, and how much of it there is. */
function reportHtml(path: string, scan: FieldScan, bytes: Uint8Array, version: string): string {
  const unit = scan.relativeUnit ?? 'T';
  const figures = measuredComponents(scan).map(name => {
    const { values } = scan.components[name]!;
    const panel = samplePanel({ x: scan.x, y: scan.y, values, unit, title: name, kind: 'signed' });
    return {
      svg: figure([panel], { columns: 1, background: 'none' }),
      caption: `${name} at the samples' own positions.`,
    };
  });
  const [low, high] = scan.z.reduce(([a, b], z) => [Math.min(a, z), Math.max(b, z)], [Infinity, -Infinity]);
  return inversionReport({
    title: `Scan ${basename(path)}`,
    verdict: [`The scan holds ${describe(scan)}.`],
    warnings: [],
    figures,
    table: [
      { label: 'Samples', value: scan.count, digits: 9 },
      { label: 'Lowest z', value: low, unit: 'm' },
      { label: 'Highest z', value: high, unit: 'm' },
      { label: 'Stated noise', value: scan.sigma ?? 'none', ...(scan.sigma === undefined ? {} : { unit }) },
    ],
    sightHeading: 'What this is',
    canSee: ['Nothing was inverted: this is the measured field.'],
    process: {
      program: 'savart',
      version,
      date: new Date().toISOString(),
      inputs: [describeInput(path, bytes)],
      parameters: {},
    },
    fontCss: fontFaceCss(),
    ...withMaps({ kind: 'scan', name: basename(path), scan, cells: [] }),
  });
}
