import { afterAll, describe, expect, it } from 'vitest';
import {
  type DenseWorkspace,
  denseWorkspace,
  setThreads,
  threads,
  withWorkspace,
} from '../../src/linearAlgebra/index.js';

describe('a workspace that is lent', () => {
  const usual = threads();
  afterAll(() => setThreads(usual));
  /** The memories of a workspace and of one beside it. */
  const memories = () =>
    withWorkspace(dense => [dense.allocate(10).buffer, dense.beside(1000).allocate(10).buffer] as const);

  it('is used again, with the one beside it, empty and zero where it is allocated', () => {
    const [first, beside] = memories();
    expect(first).not.toBe(beside);
    withWorkspace(dense => dense.room(5000).fill(7));
    const again = withWorkspace(dense => [dense.allocate(5000), dense.beside(1000).allocate(10)]);
    expect(again.map(({ buffer }) => buffer)).toEqual([first, beside]);
    expect(again[0].every(v => v === 0)).toBe(true);
    expect(again[0].byteOffset).toBe(withWorkspace(dense => dense.allocate(1).byteOffset));
  });

  it('gives what stood beside it away when its work ends, which one that is not lent does not', () => {
    const twice = (dense: DenseWorkspace) =>
      [3, 4].map(value => dense.temporarily(() => dense.beside(1000).allocate(10).fill(value)));
    expect(withWorkspace(dense => twice(dense).map(([first]) => first))).toEqual([4, 4]);
    expect(twice(denseWorkspace(1000)).map(([first]) => first)).toEqual([3, 4]);
  });

  it('is not lent to two at a time', () => {
    const [outer, inner] = withWorkspace(dense => [dense.allocate(1).buffer, withWorkspace(d => d.allocate(1).buffer)]);
    expect(inner).not.toBe(outer);
  });

  it('is not used again after an error, for other threads, or where it has grown large', () => {
    const lost: unknown[] = [];
    const fail = () =>
      withWorkspace(dense => {
        lost.push(dense.allocate(1).buffer);
        throw new Error('on purpose');
      });
    expect(fail).toThrow(/on purpose/);
    const next = () => withWorkspace(dense => dense.allocate(1).buffer);
    lost.push(withWorkspace(dense => dense.room(1.1e8).buffer));
    for (let i = 0; i < 3; i++) expect(lost).not.toContain(next());
    const before = next();
    setThreads(usual === 1 ? 2 : 1);
    expect(next()).not.toBe(before);
  });
});
