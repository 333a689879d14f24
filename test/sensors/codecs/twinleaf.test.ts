import { describe, expect, it } from 'vitest';
import { twinleafSerial, twinleafTcp } from '../../../sensors/codecs/twinleaf/codec.js';
import { TwinleafStreams } from '../../../sensors/codecs/twinleaf/streams.js';
import { bytes, concat, decoded, hex, text } from './support.js';

/** The dialogues and frames of public documents, drivers and captures, byte by byte. */

describe('Twinleaf TIO', () => {
  const says = (frame: string) => decoded(twinleafSerial.decoder(), hex(frame));
  const back = (frame: string) => {
    const [packet] = says(frame);
    if (packet.kind === 'text' || packet.kind === 'damaged') throw new Error(packet.kind);
    return twinleafSerial.encode(packet);
  };
  const FRAMES = {
    heartbeat: 'c0050000002e2f9a16c0',
    request: 'c002000c00679d08806465762e646573638647717ec0',
    reply: 'c003001100679d5477696e6c65616620564d522052359a72fddfc0',
    refusal: 'c004000400679d02001e15f51bc0',
    device: 'c00b001b000101090344332211070601564d52564d5230303031616263313233f55a300fc0',
    stream: 'c00b0011000201090103100c00000006766563746f7234cdd538c0',
    segment: 'c00b00240003011b01000303074433221100f15365e80300000a0000000000204201564d523030303184d2f4b4c0',
    x: 'c00b001300040107010042010207786e544669656c642058e5ab3c33c0',
    y: 'c00b001300040107010142010207796e544669656c642059a52b0212c0',
    z: 'c00b0013000405070102420102077a6e544669656c64205a637ce97ac0',
    samples: 'c081001c00050000000000c9420000a2c100803b470000cb420000aac100813b47b5c3bb53c0',
    routed: 'c081021c00050000000000c9420000a2c100803b470000cb420000aac100813b470200d7cbd585c0',
    log: 'c001000e00070000000274656d70207761726e05a8cbd4c0',
    all: 'c002001000af1e0c806465762e6d6574616461746134599b9cc0',
    some: 'c002001900af1e0c806465762e6d65746164617461040100040101030100e1868e60c0',
  };

  it.each(Object.entries(FRAMES))('%s: read and written again to the byte', (_name, frame) => {
    expect(back(frame)).toEqual(hex(frame));
  });

  it('says what stands in them', () => {
    expect(says(FRAMES.request)[0]).toEqual({
      kind: 'request',
      path: [],
      id: 0x9d67,
      method: 'dev.desc',
      args: new Uint8Array(0),
    });
    expect(says(FRAMES.reply)[0]).toMatchObject({ kind: 'reply', id: 0x9d67, payload: bytes('Twinleaf VMR R5') });
    expect(says(FRAMES.refusal)[0]).toMatchObject({ kind: 'refusal', code: 2 });
    expect(says(FRAMES.log)[0]).toMatchObject({ kind: 'log', data: 7, level: 2, text: 'temp warn' });
    expect(says(FRAMES.routed)[0]).toMatchObject({ kind: 'samples', path: [0, 2], stream: 1, first: 5, segment: 0 });
    expect(says(FRAMES.z)[0]).toMatchObject({
      flags: 5,
      metadata: { record: 'column', column: 2, type: 0x42, name: 'z', units: 'nT', description: 'Field Z' },
    });
    expect(says('c081000800dbdc0000dbdddbdcdbdd0102d1c86717c0')).toMatchObject([
      { kind: 'samples', first: 0xc0, segment: 0xdb, payload: Uint8Array.of(0xc0, 0xdb, 1, 2) },
    ]);
  });

  it('metadata and samples become numbers and times', () => {
    const streams = new TwinleafStreams();
    for (const frame of [FRAMES.device, FRAMES.stream, FRAMES.segment, FRAMES.x, FRAMES.y, FRAMES.z]) {
      const [packet] = says(frame);
      if (packet.kind === 'metadata') streams.metadata(packet);
    }
    expect(streams.layout(1)).toMatchObject({ name: 'vector', rate: 100, sampleSize: 12 });
    const [packet] = says(FRAMES.samples);
    const samples = packet.kind === 'samples' ? streams.samples(packet) : undefined;
    expect([...samples!.values]).toEqual([100.5, -20.25, 48_000, 101.5, -21.25, 48_001]);
    expect(samples!.time[0]).toBeCloseTo(1_700_000_000.05, 6);
    expect(samples!.time[1]).toBeCloseTo(1_700_000_000.06, 6);
    expect([...samples!.counter]).toEqual([5, 6]);
    expect(samples!.boundary).toBe(false);
  });

  it('over TCP the same packets stand bare', () => {
    const packets = Object.values(FRAMES).flatMap(says);
    const stream = concat(packets.map(twinleafTcp.encodeMessage));
    expect(text(stream).startsWith('\x05\0\0\0')).toBe(true);
    expect(decoded(twinleafTcp.decoder(), stream, [5])).toEqual(packets);
  });

  it('text mode, zeros of the USB converter and half a frame before the first good packet are no damage', () => {
    const opening = concat([hex('000000'), hex('c98467c0'), hex('54776e0d0a'), hex(FRAMES.heartbeat)]);
    expect(decoded(twinleafSerial.decoder(), opening, [2])).toEqual([
      { kind: 'text', text: 'Twn' },
      { kind: 'heartbeat', path: [] },
    ]);
    const bad = hex(FRAMES.log);
    bad[10] ^= 1;
    expect(decoded(twinleafSerial.decoder(), concat([hex(FRAMES.log), bad])).map(m => m.kind)).toEqual([
      'log',
      'damaged',
    ]);
  });
});
