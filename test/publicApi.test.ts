import { describe, expect, it } from 'vitest';
import * as engine from '../index.js';
import * as node from '../node.js';

/** The public surface changes on purpose only. */
describe('public names', () => {
  it('of the engine', () => {
    expect(Object.keys(engine).sort()).toMatchSnapshot();
  });

  it('of savart/node', () => {
    expect(Object.keys(node).sort()).toMatchSnapshot();
  });
});
