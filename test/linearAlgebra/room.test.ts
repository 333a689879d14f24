import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { denseWorkspace } from '../../src/linearAlgebra/index.js';
import { PlainWorkspace } from '../../src/linearAlgebra/plainWorkspace.js';
import { positive, relativeError, symmetric } from './support.js';

describe.each([
  ['kernel', () => denseWorkspace(4e5)],
  ['plain', () => new PlainWorkspace(4e5)],
])('the room of a workspace, %s', (_, make) => {
  it('ends where it was said to end, with an error; what stands in it stays', () => {
    const workspace = make();
    const first = workspace.allocate(40_000).fill(3);
    expect(() => workspace.allocate(1e7)).toThrow(UsageError);
    expect(first.every(v => v === 3)).toBe(true);
    expect(workspace.allocate(100).every(v => v === 0)).toBe(true);
  });

  it('is zero where an array is allocated, whatever stood there', () => {
    const workspace = make();
    workspace.temporarily(() => workspace.room(2000).fill(5));
    const array = workspace.temporarily(() => workspace.allocate(3000));
    expect(array.every(v => v === 0)).toBe(true);
    expect(workspace.room(0).length).toBe(0);
  });

  it('is given back where the work fails', () => {
    const workspace = make();
    for (let round = 0; round < 4; round++) {
      expect(() =>
        workspace.temporarily(() => {
          workspace.allocate(40_000);
          throw new Error('on purpose');
        }),
      ).toThrow(/on purpose/);
    }
    expect(workspace.allocate(40_000).length).toBe(40_000);
  });

  it('temporaries may be nested; what is around them is not touched', () => {
    const workspace = make();
    const inner = workspace.temporarily(() => {
      const outer = workspace.allocate(1000).fill(1);
      const sum = workspace.temporarily(() =>
        workspace
          .allocate(1000)
          .fill(2)
          .reduce((a, b) => a + b, 0),
      );
      expect(outer.every(v => v === 1)).toBe(true);
      return sum;
    });
    expect(inner).toBe(2000);
  });

  it('matrices from elsewhere are worked on in place too', () => {
    const workspace = make();
    const n = 37;
    const own = positive(n, 5);
    const there = workspace.allocate(n * n);
    there.set(own);
    workspace.cholesky(own, n);
    workspace.cholesky(there, n);
    expect(relativeError(symmetric(own, n), symmetric(there, n))).toBeLessThan(1e-15);
  });
});
