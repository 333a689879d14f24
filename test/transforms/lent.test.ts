import { describe, expect, it } from 'vitest';
import { type RealTransform2D, realTransform2D, withRealTransforms } from '../../src/transforms/index.js';

describe('the memory of a transform', () => {
  it('is zero where it is allocated anew, whatever stood there', () => {
    const transform = realTransform2D(12, 10);
    transform.allocate(500).fill(3);
    transform.free();
    const [first, second] = [transform.allocate(200), transform.allocate(400)];
    expect([...first, ...second].every(v => v === 0)).toBe(true);
    first.fill(1);
    expect(second.every(v => v === 0)).toBe(true);
  });

  it('is lent to the next of its size, to one at a time, and not after an error', () => {
    const used = (ny = 12, nx = 10) =>
      withRealTransforms(realTransform => {
        const transform = realTransform(ny, nx);
        transform.allocate(100).fill(5);
        return transform;
      });
    const first = used();
    expect(used()).toBe(first);
    withRealTransforms(realTransform => {
      expect(realTransform(12, 10)).toBe(first);
      expect(realTransform(12, 10)).not.toBe(first);
      expect(used()).not.toBe(first);
    });
    const other = used(8, 10);
    expect(used(8, 10)).toBe(other);
    let lost: RealTransform2D | undefined;
    const fail = () =>
      withRealTransforms(realTransform => {
        lost = realTransform(8, 10);
        throw new Error('on purpose');
      });
    expect(fail).toThrow(/on purpose/);
    expect(lost).toBe(other);
    expect(used(8, 10)).not.toBe(lost);
  });
});
