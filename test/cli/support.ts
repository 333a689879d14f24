import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { frame, measured, planePoints } from '../../bench/analyticCases.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
if (!existsSync(MAIN)) throw new Error('the tests of the command line need the built package: run npm run build first');

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command as a user's shell does. */
export function savart(args: readonly string[], cwd?: string): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { status, stdout, stderr };
}

/** An empty folder of its own. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'savart-cli-'));
}

/** A small scan of the frame as CSV text: 32 x 32 samples of 8 mm, Bz at 10 mm. */
export function frameCsv(edit: (lines: string[]) => string[] = lines => lines): string {
  const grid = { nx: 32, ny: 32, x0: -0.124, y0: -0.124, dx: 8e-3, dy: 8e-3 };
  const truth = frame(0.01, 0, grid);
  const { components } = measured(truth, ['bz'], 0.01, 1);
  const { x, y, z } = planePoints(grid, 0.01);
  const rows = Array.from(x, (_, i) => [x[i] * 1e3, y[i] * 1e3, z[i] * 1e3, components.bz![i] * 1e6].join(','));
  return `${edit(['x_mm,y_mm,z_mm,bz_uT', ...rows]).join('\n')}\n`;
}
