import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OutputError } from '../src/errors.js';
import invert from './invert.js';
import { bold, type CommonOptions, say } from './run.js';

/** The example that comes with the package, two folders above the built file. */
const EXAMPLE = fileURLToPath(new URL('../../examples/squid_current_600Hz/', import.meta.url));

/** `savart demo`: the main job on measured data, everything chosen automatically. */
export default async function demo(
  _: string[],
  options: CommonOptions & { readonly out: string; readonly report?: string },
  version: string,
): Promise<void> {
  const folder = options.out;
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new OutputError('the folder cannot be made', { file: folder, advice: 'choose another with -o', cause });
  }
  say(options, bold(options, 'A current of 1 uA at 600 Hz in a thin film, imaged by a scanning SQUID'));
  say(options, '(201 x 151 points of 1.3 x 1.1 um, 1 um above the film; the window cuts off both leads)');
  say(options, '');
  const report = options.report ?? join(folder, 'report.html');
  await invert(
    [join(EXAMPLE, 'mag.npz')],
    {
      ...options,
      psf: join(EXAMPLE, 'psf.npz'),
      psfKind: 'dipole',
      out: join(folder, 'current.h5'),
      figure: join(folder, 'current.png'),
      report,
    },
    version,
  );
  say(options, '');
  say(options, `Open ${report} in a browser. Your own scan: savart invert scan.csv --report report.html`);
}
