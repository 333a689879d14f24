import { describe, expect, it } from 'vitest';
import { BatchQueue } from '../../cli/batchQueue.js';

/** Items such as 'a1': the letter is the geometry. */
const queueOf = (items: readonly string[]) => new BatchQueue(items, item => item[0]);
const group = (name: string, count: number) => Array.from({ length: count }, (_, k) => `${name}${k + 1}`);

/** What lanes that take turns are given. */
function dealt(queue: BatchQueue<string>, lanes: number): string[][] {
  const out = Array.from({ length: lanes }, (): string[] => []);
  const open = new Set(out.keys());
  while (open.size > 0) {
    for (const lane of [...open]) {
      const item = queue.next(lane);
      if (item === undefined) open.delete(lane);
      else out[lane].push(item);
    }
  }
  return out;
}

describe('the queue of a batch', () => {
  it.each([1, 2, 3, 5])('gives out every scan once, for %i lanes', lanes => {
    const items = ['a', 'b', 'c', 'd'].flatMap((name, k) => group(name, [1, 20, 3, 9][k]));
    const mixed = items.map((_, k) => items[(k * 13) % items.length]);
    expect(dealt(queueOf(mixed), lanes).flat().sort()).toStrictEqual([...items].sort());
  });

  it('lets a lane go on with its geometry, and two lanes begin different ones', () => {
    const [first, second] = dealt(queueOf(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']), 2);
    expect(first).toStrictEqual(['a1', 'a2', 'a3']);
    expect(second).toStrictEqual(['b1', 'b2', 'b3']);
  });

  it('shares out one geometry among all lanes, in order', () => {
    const [first, second] = dealt(queueOf(group('a', 20)), 2);
    expect(first).toHaveLength(10);
    expect(second).toHaveLength(10);
    expect(first[1]).toBe('a3');
  });

  it('does not begin a geometry again for the last few scans', () => {
    const queue = queueOf([...group('a', 4), 'b1']);
    const first = [queue.next(0), queue.next(0)];
    expect([...first, queue.next(1), queue.next(1)]).toStrictEqual(['a1', 'a2', 'b1', undefined]);
  });
});
