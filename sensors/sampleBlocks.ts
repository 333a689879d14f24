import type { SampleBlock } from './samples.js';

/** Blocks one behind the other as one. */
export function joinBlocks(blocks: readonly SampleBlock[], channels: number): SampleBlock {
  if (blocks.length === 1) return blocks[0];
  const count = blocks.reduce((sum, block) => sum + block.count, 0);
  const joined = (of: (block: SampleBlock) => Float64Array, each: number) => {
    const out = new Float64Array(count * each);
    let at = 0;
    for (const block of blocks) {
      out.set(of(block).subarray(0, block.count * each), at);
      at += block.count * each;
    }
    return out;
  };
  const flags = new Uint16Array(count);
  let at = 0;
  for (const block of blocks) {
    flags.set(block.flags.subarray(0, block.count), at);
    at += block.count;
  }
  return {
    count,
    channels,
    counter: joined(b => b.counter, 1),
    deviceTime: joined(b => b.deviceTime, 1),
    hostTime: joined(b => b.hostTime, 1),
    flags,
    raw: joined(b => b.raw, channels),
    field: joined(b => b.field, channels),
  };
}

/** Samples `from` to `to` of a block. */
export function sliceBlock(block: SampleBlock, from: number, to: number): SampleBlock {
  const { channels } = block;
  if (from === 0 && to === block.count) return block;
  return {
    count: to - from,
    channels,
    counter: block.counter.slice(from, to),
    deviceTime: block.deviceTime.slice(from, to),
    hostTime: block.hostTime.slice(from, to),
    flags: block.flags.slice(from, to),
    raw: block.raw.slice(from * channels, to * channels),
    field: block.field.slice(from * channels, to * channels),
  };
}
