import { readFileBytes } from '../src/formats/node.js';
import { isPack } from '../src/model/isPack.js';
import { requireExtension, requireSeparate } from './options.js';
import { simulateCellFile } from './simulateCellFile.js';
import { checkSimulateOptions, type SimulateOptions } from './simulateOptions.js';
import { simulatePackFile } from './simulatePackFile.js';
import { utf8 } from './textFile.js';

/** `savart simulate CELL.yaml|PACK.yaml`: told apart by whether the file lists `cells`. */
export default async function simulate([path]: string[], options: SimulateOptions, version: string): Promise<void> {
  requireExtension('--out', options.out, ['.csv', '.txt', '.tsv', '.h5', '.hdf5', '.nxs', '.npz', '.mat']);
  requireExtension('--truth', options.truth, ['.h5', '.hdf5', '.nxs']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  checkSimulateOptions(options);
  requireSeparate([path, options.like], [options.out, options.truth, options.report, options.figure]);
  const bytes = await readFileBytes(path);
  const file = { path, bytes, text: utf8(path, bytes) };
  if (isPack(file.text)) await simulatePackFile(file, options, version);
  else await simulateCellFile(file, options, version);
}
