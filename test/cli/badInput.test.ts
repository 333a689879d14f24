import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { random } from '../../src/random.js';
import { emptyFolder, frameCsv, savart } from './support.js';

const folder = emptyFolder();
const path = (name: string) => join(folder, name);
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(path(name), content);
  return name;
};
const edited = (line: number, text: (old: string) => string) =>
  frameCsv(lines => lines.map((l, i) => (i === line ? text(l) : l)));
const rng = random(1);

/** What the user did, the file, and what the sentence must say: the place and what to do. */
const table: [string, string, RegExp][] = [
  ['missing file', 'nowhere.csv', /nowhere\.csv: .*;/],
  ['empty file', file('empty.csv', ''), /empty\.csv: .*empty.*;/],
  ['header only', file('header.csv', 'x_mm,y_mm,z_mm,bz_uT\n'), /header\.csv.*;/],
  [
    'missing unit',
    file(
      'unit.csv',
      edited(0, () => 'x_mm,y_mm,z_mm,bz'),
    ),
    /unit\.csv, line 1.*bz.*;/,
  ],
  [
    'NaN',
    file(
      'nan.csv',
      edited(5, l => l.replace(/[^,]+$/, 'nan')),
    ),
    /nan\.csv, line 6, 'bz_uT'.*;/,
  ],
  [
    'ragged row',
    file(
      'ragged.csv',
      edited(7, l => `${l},1`),
    ),
    /ragged\.csv, line 8.*;/,
  ],
  ['truncated file', file('cut.csv', frameCsv().slice(0, -20)), /cut\.csv, line 1025.*;/],
  [
    'random bytes',
    file(
      'junk.csv',
      Uint8Array.from({ length: 5000 }, () => 256 * rng.uniform()),
    ),
    /junk\.csv.*;/,
  ],
  [
    'one row',
    file(
      'row.csv',
      frameCsv(lines => lines.slice(0, 33)),
    ),
    /row\.csv.*8 lines.*\./,
  ],
  [
    'source plane',
    file(
      'plane.csv',
      frameCsv(lines => lines.map(l => l.replace(',10,', ',0,'))),
    ),
    /plane of the current.*standoff/,
  ],
  ['wrong dtype', file('text.npy', npy("'<U4'", '(2, 2)', 64)), /text\.npy.*;/],
];

describe('bad input ends with status 1, one sentence with place and advice, no stack and no output', () => {
  it.each(table)('%s', (_, name, sentence) => {
    const before = readdirSync(folder).sort();
    const { status, stdout, stderr } = savart(['invert', name, '-o', 'never.h5', '--json'], folder);
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('    at ');
    const { error } = JSON.parse(stdout);
    expect(error.message.length).toBeGreaterThan(5);
    expect(error.advice.length).toBeGreaterThan(5);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('an output folder that does not exist', () => {
    const scan = file('good.csv', frameCsv());
    const { status, stderr } = savart(['invert', scan, '-o', 'no/such/folder/r.h5'], folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/no\/such\/folder.*does not exist; /);
  });

  it('an output that is a folder, and one of an unknown kind', () => {
    const scan = file('good.csv', frameCsv());
    mkdirSync(path('folder.h5'), { recursive: true });
    expect(savart(['invert', scan, '-o', 'folder.h5'], folder)).toMatchObject({ status: 1 });
    expect(savart(['invert', scan, '-o', 'result.xls'], folder).stderr).toMatch(/end its name in \.h5/);
  });

  it('a failure leaves an existing output as it was', () => {
    writeFileSync(path('kept.h5'), 'something dear');
    expect(savart(['invert', 'nan.csv', '-o', 'kept.h5'], folder).status).toBe(1);
    expect(readFileSync(path('kept.h5'), 'utf8')).toBe('something dear');
  });
});

describe('wrong usage ends with status 2', () => {
  it.each([
    ['no command that exists', ['frobnicate']],
    ['an unknown option', ['invert', 'scan.csv', '--frobnicate']],
    ['a missing argument', ['invert']],
    ['a number that is none', ['invert', 'scan.csv', '--standoff-mm', 'six']],
    ['a number out of bounds', ['invert', 'scan.csv', '--order', '7']],
  ])('%s', (_, args) => {
    const { status, stderr } = savart(args, folder);
    expect(status).toBe(2);
    expect(stderr.length).toBeGreaterThan(10);
    expect(stderr).not.toContain('    at ');
  });

  it('--debug shows where an error came from', () => {
    expect(savart(['invert', 'nowhere.csv', '--debug'], folder).stderr).toContain('    at ');
  });
});

describe('help', () => {
  it.each(['invert', 'convert', 'demo'])('%s --help has an example', name => {
    const { status, stdout } = savart([name, '--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`Example:\\n {2}savart ${name}`));
    for (const option of ['--json']) expect(stdout).toContain(option);
  });

  it('savart --help and --version end with status 0', () => {
    expect(savart(['--help'])).toMatchObject({ status: 0 });
    expect(savart(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

/** A NPY file with any header and zeroes behind it. */
function npy(descr: string, shape: string, bytes: number): Uint8Array {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117, ' ') + '\n';
  const head = Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0, ...Buffer.from(header)]);
  return Buffer.concat([head, new Uint8Array(bytes)]);
}
