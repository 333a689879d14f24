import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Arrays, BenchCase } from './benchCase.js';

const FOLDER = fileURLToPath(new URL('../../../bench/suite/', import.meta.url));

/** How long runs took: seconds of each, and the processor's time of all, of every thread. */
export interface Times {
  readonly seconds: readonly number[];
  readonly cpu: number;
}

/** A Python process that does the work of the other side when told to, and waits in between. */
export class Peer {
  private readonly answers: AsyncIterator<string>;
  private complaint = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'savart-bench-'));
  versions = { numpy: '', scipy: '', python: '' };

  private constructor(private readonly process: ChildProcessWithoutNullStreams) {
    this.answers = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
    process.stderr.on('data', text => {
      this.complaint += text;
    });
    // A process that ended is told by its missing answer.
    process.stdin.on('error', () => {});
  }

  /**
   * @param workers threads of scipy.fft and of the BLAS library
   * @returns undefined where Python, numpy or scipy are missing
   */
  static async start(workers: number): Promise<Peer | undefined> {
    let python: string;
    try {
      python = execFileSync('sh', ['-c', 'command -pv python3'], { encoding: 'utf8' }).trim();
    } catch {
      return undefined;
    }
    const peer = new Peer(spawn(python, [join(FOLDER, 'peer.py'), String(workers)]));
    try {
      peer.versions = (await peer.answer()) as Peer['versions'];
      return peer;
    } catch {
      peer.close();
      return undefined;
    }
  }

  /** Hands the arrays of a case over and lets the other side prepare. */
  async open(job: string, { settings, arrays }: BenchCase): Promise<void> {
    for (const [name, values] of Object.entries(arrays)) writeFileSync(join(this.folder, `${name}.f64`), values);
    await this.ask({ open: job, settings, folder: this.folder });
  }

  /** Does the work so many times. */
  async run(times: number): Promise<Times> {
    return (await this.ask({ run: times })) as Times;
  }

  /** What the last run returned. */
  async result(): Promise<Arrays> {
    const { names } = (await this.ask({ result: true })) as { names: string[] };
    return Object.fromEntries(
      names.map(name => {
        const bytes = readFileSync(join(this.folder, `theirs-${name}.f64`));
        return [name, new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))];
      }),
    );
  }

  close(): void {
    this.process.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private ask(question: object): Promise<unknown> {
    this.process.stdin.write(`${JSON.stringify(question)}\n`);
    return this.answer();
  }

  private async answer(): Promise<unknown> {
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`the numpy side ended: ${this.complaint.trim().split('\n').slice(-3).join(' ')}`);
    return JSON.parse(value);
  }
}
