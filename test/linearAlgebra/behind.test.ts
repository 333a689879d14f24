import { describe, expect, it } from 'vitest';
import { denseWorkspace, setThreads } from '../../src/linearAlgebra/index.js';
import { KernelBackground } from '../../src/linearAlgebra/kernelBackground.js';
import type { KernelMemory } from '../../src/linearAlgebra/kernelMemory.js';
import { lower, multiplied, normal, relativeError, transposed, workspaces } from './support.js';

const [ROWS, N] = [300, 130];

describe.each(workspaces())('sums behind the caller, %s', (_, workspace) => {
  it('are those of the same calls, whatever becomes of what was multiplied', () => {
    const a = normal(ROWS * N, 1);
    const weights = normal(ROWS, 2);
    const which = Int32Array.from({ length: N }, (_, i) => 2 * i);
    const [expected, inner] = [new Float64Array(4 * N * N), new Float64Array(N * N)];
    workspace.addGram(a, ROWS, N, inner);
    workspace.addGram(a, 10, N, inner, { sign: -1, weights: weights.subarray(0, 10) });
    workspace.addScattered(inner, N, which, expected, { strideC: 2 * N, rowsAt: which, lower: true });
    workspace.temporarily(() => {
      const sums = workspace.allocate(4 * N * N);
      const rows = workspace.allocate(ROWS * N);
      workspace.behind(4e6, background => {
        for (let round = 0; round < 40; round++) {
          background.temporarily(() => {
            const part = background.triangle(N);
            rows.set(a);
            background.addGram(rows, ROWS, N, part);
            background.addGram(rows, 10, N, part, { sign: -1, weights: weights.subarray(0, 10) });
            rows.fill(Number.NaN);
            background.addScattered(part, N, which, sums, { strideC: 2 * N, rowsAt: which, lower: true });
          });
        }
      });
      expect(
        relativeError(
          lower(sums, 2 * N),
          lower(expected, 2 * N).map(v => 40 * v),
        ),
      ).toBeLessThan(1e-13);
    });
  });

  it('are finished where the caller fails', () => {
    const sums = workspace.allocate(N * N);
    const fail = () =>
      workspace.behind(1e6, background => {
        background.addGram(normal(ROWS * N, 3), ROWS, N, sums);
        throw new Error('as it happens');
      });
    expect(fail).toThrow('as it happens');
    const same = workspace.allocate(N * N);
    workspace.addGram(normal(ROWS * N, 3), ROWS, N, same);
    expect(sums).toEqual(same);
  });
});

describe('sums behind the caller', () => {
  it('have a room, and want their matrices in the workspace', () => {
    const workspace = denseWorkspace(8e6);
    workspace.behind(1e5, background => {
      expect(() => background.triangle(200)).toThrow(/no room for 320000 bytes/);
      expect(() => background.addGram(normal(N, 1), 1, N, new Float64Array(N * N))).toThrow(
        /needs its numbers in the workspace/,
      );
    });
  });

  it('find room for half of it at a time, however late the helpers are', () => {
    const HALF = 1 << 20;
    let waiting = false;
    let waits = 0;
    const memory = {
      reserve: () => 64,
      get settled() {
        return !waiting;
      },
      settle() {
        waiting = false;
        waits++;
      },
    };
    const background = new KernelBackground(memory as unknown as KernelMemory, 2 * HALF);
    const inUse: [number, number][] = [];
    /** Takes so many bytes, in parts within parts, and looks whether they are anybody else's. */
    const take = (bytes: number, depth: number): void =>
      background.temporarily(() => {
        const mark = inUse.length;
        const own = bytes / 4;
        for (let k = 0; k < 2; k++) {
          const at = background.reserve(own);
          expect(inUse.every(([from, to]) => at >= to || at + own <= from)).toBe(true);
          expect(at).toBeGreaterThanOrEqual(64);
          expect(at + own).toBeLessThanOrEqual(64 + 2 * HALF);
          inUse.push([at, at + own]);
          waiting = true;
        }
        if (depth > 0) for (let k = 0; k < 3; k++) take(bytes / 2, depth - 1);
        inUse.length = mark;
      });
    for (let round = 0; round < 50; round++) take(HALF * (1 - round / 100), 3);
    expect(waits).toBeGreaterThan(0);
  });

  it('do not depend on the number of threads, next to steps that share them', async () => {
    const a = normal(ROWS * N, 5);
    const all = () => {
      const workspace = denseWorkspace(8e6);
      const [sums, front] = [workspace.allocate(N * N), workspace.allocate(N * N)];
      return () => {
        sums.fill(0);
        front.fill(0);
        workspace.behind(4e6, background => {
          for (let round = 0; round < 50; round++) {
            background.addGram(a.subarray(round * N), ROWS - round, N, sums, { single: round % 2 === 1 });
            workspace.addGram(a, ROWS, N, front);
          }
        });
        return [sums.slice(), front.slice()];
      };
    };
    setThreads(1);
    const alone = all()();
    setThreads(3);
    const together = all();
    for (let round = 0; round < 6; round++) {
      if (round % 3 === 2) await new Promise(resolve => setTimeout(resolve, 20));
      expect(together()).toEqual(alone);
    }
  });
});

describe.each(workspaces())('a matrix that is given transposed, %s', (_, workspace) => {
  it('multiplies as the matrix does, wherever its rows begin', () => {
    const [rows, n, k, stride] = [37, 21, 11, 40];
    const a = normal(rows * n, 6);
    const b = normal(rows * k, 7);
    const upright = transposed(a, rows, n);
    const given = new Float64Array(n * stride).fill(Number.NaN);
    for (let i = 0; i < n; i++) given.set(upright.subarray(i * rows, (i + 1) * rows), i * stride);
    const [gram, cross] = [new Float64Array(n * n), new Float64Array(n * k)];
    workspace.addGram(given, rows, n, gram, { transposed: true, stride });
    workspace.addCross(given, rows, n, b, k, cross, { transposed: true, stride });
    expect(relativeError(lower(gram, n), lower(multiplied(upright, a, n, rows, n), n))).toBeLessThan(1e-14);
    expect(relativeError(cross, multiplied(upright, b, n, rows, k))).toBeLessThan(1e-14);
    const vector = new Float64Array(n);
    workspace.addCross(upright, rows, n, b.subarray(0, rows), 1, vector, { transposed: true });
    expect(relativeError(vector, multiplied(upright, b.subarray(0, rows), n, rows, 1))).toBeLessThan(1e-14);
  });
});
