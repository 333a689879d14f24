import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadResult } from '../../src/formats/node.js';
import { emptyFolder, savart } from './support.js';

const CELL = `name: small
outline_mm: {width: 36, height: 44}
thickness_mm: 0.3
current_A: 5
tabs:
  - {name: positive, at_mm: [[4, 44], [14, 44]], share: 1}
  - {name: negative, at_mm: [[22, 44], [32, 44]], share: -1}
electrical:
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`;
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const PATIENCE = 600_000;

const folder = emptyFolder();
writeFileSync(join(folder, 'cell.yaml'), CELL);
const simulated = savart(
  [
    'simulate',
    'cell.yaml',
    '--defect',
    'thinned_foil: {foil: negative, at_mm: [18, 24], radius_mm: 6, conductance: 0.3}',
  ].concat(['--height-mm', '6', '--pitch-mm', '4', '--margin-mm', '12', '--noise-nT', '30', '-o', 'scan.csv']),
  folder,
);
const INVERT = ['invert', 'scan.csv', '--cell', 'cell.yaml', '--target', 'conductance', '--json'];

describe('savart invert --target conductance', () => {
  it('tells the range of a defect from an ensemble, in JSON, in the table and in the report', {
    timeout: PATIENCE,
  }, () => {
    expect(simulated.status, simulated.stderr).toBe(0);
    const { status, stdout, stderr } = savart(
      [...INVERT, '--pitch-mm', '1.5', '--ensemble', '3', '-o', 'map.h5', '--report', 'map.html'],
      folder,
    );
    expect(status, stderr).toBe(0);
    const { defects, foil, finished } = JSON.parse(stdout);
    expect({ foil, finished, count: defects.length }).toEqual({ foil: 'negative', finished: true, count: 1 });
    const [low, high] = defects[0].conductanceRange;
    expect(low).toBeLessThan(0.3);
    expect(high).toBeGreaterThan(0.3);
    expect(high / low).toBeLessThan(3);
    expect(stderr).toContain('90 % range');
    const html = readFileSync(join(folder, 'map.html'), 'utf8');
    for (const text of ['(90 %: ', 'What this scan could and could not have seen', 'Smallest hole', 'dead spot'])
      expect(html.toLowerCase()).toContain(text.toLowerCase());
  });

  it('keeps the last iterate after Ctrl-C: exit status 130, the file is written, and it says so', {
    timeout: PATIENCE,
  }, async () => {
    const child = spawn(process.execPath, [MAIN, ...INVERT, '--ensemble', '1000', '-o', 'stopped.h5'], { cwd: folder });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', text => {
      stdout += text;
    });
    // The first line of progress comes when the work is under way.
    child.stderr.on('data', text => {
      if (stderr === '') child.kill('SIGINT');
      stderr += text;
    });
    const status = await new Promise(resolve => child.once('close', resolve));
    expect(status, stderr).toBe(130);
    expect(stderr).toContain('the last iterate is kept');
    expect(stderr).toContain('this is the last iterate, not the solution');
    expect(JSON.parse(stdout).finished).toBe(false);
    expect(existsSync(join(folder, 'stopped.h5'))).toBe(true);
    const result = await loadResult(join(folder, 'stopped.h5'));
    expect(result.conductance?.[0].relative.some(Number.isFinite)).toBe(true);
    expect(result.process.parameters.finished).toBe(false);
  });
});
