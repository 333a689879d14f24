import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadResult } from '../../src/formats/node.js';
import { emptyFolder, frameCsv, savart } from './support.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const CELL = `name: small
outline_mm: {width: 40, height: 30}
thickness_mm: 5
current_A: 1
tabs:
  - {name: positive, at_mm: [[12, 30], [6, 30]], share: 1}
  - {name: negative, at_mm: [[34, 30], [28, 30]], share: -1}
`;

/** The small scan with its values times a factor. */
const scaled = (factor: number) =>
  frameCsv(([head, ...rows]) => [
    head,
    ...rows.map(row => {
      const [x, y, z, b] = row.split(',');
      return [x, y, z, Number(b) * factor].join(',');
    }),
  ]);

const folder = emptyFolder();
const path = (name: string) => join(folder, name);
const run = (...args: string[]) => savart(['invert', ...args], folder);
for (const k of [1, 2, 3, 4]) writeFileSync(path(`s${k}.csv`), scaled(k));
writeFileSync(path('bad.csv'), 'x_mm,y_mm,z_mm,bz_uT\n1,2,3,none\n');
const SCANS = ['s1.csv', 's2.csv', 's3.csv', 's4.csv'];

/** A result without the date and the name of what made it. */
async function content(file: string) {
  const { process: made, ...maps } = await loadResult(path(file));
  const { date, ...record } = made;
  return { ...maps, record };
}

/** Status of every scan by name. */
const statuses = (stdout: string) =>
  Object.fromEntries(
    JSON.parse(stdout).scans.map(({ scan, status }: { scan: string; status: string }) => [scan, status]),
  );

describe('savart invert of several scans', () => {
  const outcome = run('s1.csv', 'bad.csv', 's2.csv', '-o', 'out', '--json');

  it('goes on past one that fails, and says which and why', () => {
    expect(outcome.status).toBe(1);
    expect(statuses(outcome.stdout)).toStrictEqual({ 's1.csv': 'done', 'bad.csv': 'failed', 's2.csv': 'done' });
    const { scans, failed, error } = JSON.parse(outcome.stdout);
    expect(failed).toBe(1);
    expect(error.message).toContain('bad.csv');
    expect(scans[1].failure).toMatchObject({ code: 'input', file: 'bad.csv', line: 2 });
    expect(outcome.stderr).toContain(scans[1].failure.sentence);
    expect(outcome.stderr).toContain('1 of 3 scans failed: bad.csv');
    // Where in the program it happened is told with --debug only.
    expect(outcome.stdout).not.toContain('stack');
  });

  it('writes a result for each of the others, and a table', () => {
    expect(readdirSync(path('out')).sort()).toStrictEqual(['batch.csv', 'batch.jsonl', 's1.h5', 's2.h5']);
    const lines = readFileSync(path('out/batch.csv'), 'utf8').trim().split('\n');
    expect(lines[1]).toBe(
      'scan,out,status,method,target,error_pct,chi2,lambda,resolution_mm,samples,rejected,seconds,warnings,failure',
    );
    expect(lines.slice(2).map(line => line.split(',').slice(0, 4).join())).toStrictEqual([
      's1.csv,out/s1.h5,done,fourier',
      'bad.csv,out/bad.h5,failed,',
      's2.csv,out/s2.h5,done,fourier',
    ]);
  });

  it('gives what each scan gives alone', async () => {
    expect(run('s2.csv', '-o', 'alone.h5').status).toBe(0);
    expect(await content('out/s2.h5')).toStrictEqual(await content('alone.h5'));
  });

  it('by the bounded method as well, however many workers there are', async () => {
    writeFileSync(path('cell.yaml'), CELL);
    const names = ['a', 'b', 'c'];
    for (const [k, name] of names.entries()) {
      expect(savart(['simulate', 'cell.yaml', '-o', `${name}.csv`, '--seed', `${k}`], folder).status).toBe(0);
    }
    const scans = names.map(name => `${name}.csv`);
    for (const workers of ['1', '2']) {
      const made = run(...scans, '--cell', 'cell.yaml', '-o', `bounded${workers}`, '--workers', workers);
      expect(made.status, made.stderr).toBe(0);
    }
    expect(run('c.csv', '--cell', 'cell.yaml', '-o', 'c.h5').status).toBe(0);
    const alone = await content('c.h5');
    for (const workers of ['1', '2']) expect(await content(`bounded${workers}/c.h5`)).toStrictEqual(alone);
  }, 300_000);
});

describe('--resume', () => {
  const resume = (...more: string[]) => {
    const { stdout, status, stderr } = run(...SCANS, '-o', 'resumed', '--resume', '--json', ...more);
    expect(status, stderr).toBe(0);
    return Object.values(statuses(stdout)).join(' ');
  };

  it('inverts what is not there, was made from other bytes or with other options, or is spoilt', () => {
    expect(resume()).toBe('done done done done');
    expect(resume()).toBe('kept kept kept kept');
    writeFileSync(path('s2.csv'), scaled(5));
    rmSync(path('resumed/s3.h5'));
    const whole = readFileSync(path('resumed/s4.h5'));
    writeFileSync(path('resumed/s4.h5'), whole.subarray(0, whole.length / 2));
    expect(resume()).toBe('kept done done done');
    // A line that was torn when the power went.
    writeFileSync(path('resumed/batch.jsonl'), readFileSync(path('resumed/batch.jsonl'), 'utf8').slice(0, -20));
    expect(Object.values(resume().split(' ')).filter(status => status === 'done')).toHaveLength(1);
    expect(resume('--order', '2')).toBe('done done done done');
  });

  it('does not care in which order the options are given', () => {
    expect(resume('--order', '2', '--background', 'fit')).toBe('done done done done');
    expect(resume('--background', 'fit', '--order', '2')).toBe('kept kept kept kept');
  });
});

describe('what is wrong with all scans', () => {
  it('an option: is told once, and leaves an earlier batch as it is', () => {
    expect(run(...SCANS, '-o', 'earlier').status).toBe(0);
    const before = ['batch.csv', 'batch.jsonl', 's1.h5'].map(name => readFileSync(path(`earlier/${name}`)));
    const { status, stderr } = run(...SCANS, '-o', 'earlier', '--lambda', 'abc');
    expect(status).toBe(2);
    expect(stderr.trim()).toBe("savart: --lambda needs a number, not 'abc'.");
    const after = ['batch.csv', 'batch.jsonl', 's1.h5'].map(name => readFileSync(path(`earlier/${name}`)));
    expect(after).toStrictEqual(before);
  });

  it('a table that cannot be written: the scans are told all the same', () => {
    mkdirSync(path('untold/batch.csv'), { recursive: true });
    const { status, stdout, stderr } = run('s1.csv', 's2.csv', '-o', 'untold', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ done: 2, failed: 0, error: { code: 'output' } });
    expect(stderr).toContain('batch.csv: is a folder');
  });

  it('a folder that is a link to that of the scans: is refused', () => {
    expect(run('s1.csv', 's2.csv', '-o', 'measured').status).toBe(0);
    symlinkSync('measured', path('link'));
    const before = readFileSync(path('measured/s1.h5'));
    const { status, stderr } = run('measured/s1.h5', 'measured/s2.h5', '-o', 'link');
    expect(status).toBe(2);
    expect(stderr).toContain('link/s1.h5: is an input or another output already');
    expect(readFileSync(path('measured/s1.h5'))).toStrictEqual(before);
  });

  it('a cell that is changed meanwhile: no map of it is written, and --resume makes what is left', async () => {
    writeFileSync(path('own.yaml'), CELL);
    const names = Array.from({ length: 3 }, (_, k) => `m${k}.csv`);
    for (const [k, name] of names.entries()) {
      expect(savart(['simulate', 'own.yaml', '-o', name, '--seed', `${k}`], folder).status).toBe(0);
    }
    const args = [...names, '--cell', 'own.yaml', '-o', 'changed', '--workers', '1', '--json'];
    const child = spawn(process.execPath, [MAIN, 'invert', ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.on('data', text => {
      stdout += text;
    });
    const ended = new Promise<number | null>(resolve => child.on('close', resolve));
    while (!existsSync(path('changed/m0.h5'))) await new Promise(resolve => setTimeout(resolve, 5));
    writeFileSync(path('own.yaml'), CELL.replace('[34, 30], [28, 30]', '[38, 30], [32, 30]'));
    expect(await ended).toBe(1);
    const { scans } = JSON.parse(stdout);
    expect(scans[0].status).toBe('done');
    expect(scans[2].failure).toMatchObject({ code: 'input', file: 'own.yaml' });
    expect(existsSync(path('changed/m2.h5'))).toBe(false);

    writeFileSync(path('own.yaml'), CELL);
    const rest = run(...args, '--resume');
    expect(rest.status, rest.stderr).toBe(0);
    expect(run('m2.csv', '--cell', 'own.yaml', '-o', 'm2.h5').status).toBe(0);
    expect(await content('changed/m2.h5')).toStrictEqual(await content('m2.h5'));
  }, 300_000);

  it('names that would colour the terminal: stand there with question marks', () => {
    const evil = 'e\u001b[31mvil.csv';
    writeFileSync(path(evil), 'x_mm\n1\n');
    const { stdout, stderr } = run('s1.csv', evil, '-o', 'evil');
    expect(stdout + stderr).not.toContain('\u001b[31mvil');
    expect(stdout).toContain('e?[31mvil.csv');
  });
});

describe('an interrupted batch', () => {
  it('keeps what is finished, leaves no half of a file, and goes on from there', async () => {
    const names = Array.from({ length: 40 }, (_, k) => `i${k}.csv`);
    for (const [k, name] of names.entries()) writeFileSync(path(name), scaled(1 + k / 40));
    const args = [MAIN, 'invert', ...names, '-o', 'stopped', '--json', '--workers', '1'];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    let stdout = '';
    child.stdout.on('data', text => {
      stdout += text;
    });
    const ended = new Promise<number | null>(resolve => child.on('close', resolve));
    const results = () => (existsSync(path('stopped')) ? readdirSync(path('stopped')) : []);
    while (!results().some(name => name.endsWith('.h5'))) await new Promise(resolve => setTimeout(resolve, 5));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const { interrupted, done, left } = JSON.parse(stdout);
    expect(interrupted).toBe(true);
    expect(done).toBeGreaterThan(0);
    expect(done + left).toBe(names.length);
    const files = results().filter(name => !name.startsWith('batch.'));
    expect(files.length).toBeGreaterThanOrEqual(done);
    for (const file of files) {
      expect(file).toMatch(/^i\d+\.h5$/);
      expect((await loadResult(path(`stopped/${file}`))).sheets).toHaveLength(1);
    }
    const rest = run(...names, '-o', 'stopped', '--resume', '--json');
    expect(rest.status).toBe(0);
    expect(JSON.parse(rest.stdout)).toMatchObject({ kept: done, done: left, failed: 0, left: 0 });
  });
});

describe('wrong usage of a batch', () => {
  it.each([
    ['two scans of one name', ['s1.csv', 'sub/s1.h5', '-o', 'w'], "'s1.csv' and 'sub/s1.h5' would both become w/s1.h5"],
    ['one scan twice', ['s1.csv', 's1.csv', '-o', 'w'], 'give it once'],
    ['a file in place of the folder', ['s1.csv', 's3.csv', '-o', 'w.h5'], 'give the name of a folder'],
    ['no folder', ['s1.csv', 's3.csv'], 'give -o folder'],
    ['a report', ['s1.csv', 's3.csv', '-o', 'w', '--report', 'r.html'], '--report shows one scan'],
    ['no worker', ['s1.csv', 's3.csv', '-o', 'w', '--workers', '0'], '--workers must be between 1 and 256'],
  ])('%s', (_, args, said) => {
    const { status, stderr } = run(...args);
    expect(stderr).toContain(said);
    expect(status).toBe(2);
    expect(existsSync(path('w'))).toBe(false);
  });
});
