import { describe, expect, it } from 'vitest';
import { Memo } from '../../../inversion/bounded/memo.js';

describe('a memo', () => {
  it('makes a thing once, and what failed not again', () => {
    const memo = new Memo();
    let calls = 0;
    const failing = () => {
      calls++;
      throw new Error('no');
    };
    expect([memo.once('a', () => ++calls), memo.once('a', () => ++calls)]).toStrictEqual([1, 1]);
    for (const _ of [1, 2]) expect(() => memo.once('b', failing)).toThrow('no');
    expect(calls).toBe(2);
  });

  it('forgets what was asked for longest ago; with no room, everything', () => {
    const [two, none] = [new Memo(2), new Memo(0)];
    let made = '';
    const ask = (memo: Memo, names: string) => {
      made = '';
      for (const name of names) {
        memo.once(name, () => {
          made += name;
        });
      }
      return made;
    };
    expect(ask(two, 'abacab')).toBe('abcb');
    expect(ask(none, 'aa')).toBe('aa');
    expect([two.keeps, none.keeps]).toStrictEqual([true, false]);
  });
});
