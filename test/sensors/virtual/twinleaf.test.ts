import { describe, expect, it } from 'vitest';
import { twinleafSerial, twinleafTcp } from '../../../sensors/codecs/twinleaf/codec.js';
import { parseMetadataReply } from '../../../sensors/codecs/twinleaf/metadata.js';
import type { TwinleafMessage } from '../../../sensors/codecs/twinleaf/packet.js';
import { TwinleafStreams } from '../../../sensors/codecs/twinleaf/streams.js';
import { TWINLEAF_TYPES } from '../../../sensors/codecs/twinleaf/values.js';
import { FaultyLine } from '../../../sensors/virtual/faultyLine.js';
import { VirtualTwinleaf } from '../../../sensors/virtual/virtualTwinleaf.js';

import { fieldAt, ramp, talk } from './support.js';

describe('a simulated Twinleaf', () => {
  const poke = { kind: 'heartbeat', path: [] } as const;
  const request = (method: string, args = new Uint8Array(0)) =>
    ({ kind: 'request', path: [], id: 9, method, args }) as const;
  const samplesOf = (messages: TwinleafMessage[]) => {
    const streams = new TwinleafStreams();
    const out: { time: number; counter: number; x: number; z: number; boundary: boolean }[] = [];
    for (const message of messages) {
      if (message.kind === 'metadata') streams.metadata(message);
      const samples = message.kind === 'samples' ? streams.samples(message) : undefined;
      for (let i = 0; i < (samples?.count ?? 0); i++) {
        const [x, z] = [samples!.values[3 * i], samples!.values[3 * i + 2]];
        const boundary = samples!.boundary && i === 0;
        out.push({ time: samples!.time[i], counter: samples!.counter[i], x: x * 1e-9, z: z * 1e-9, boundary });
      }
    }
    return out;
  };

  it('speaks text until it is spoken to, answers RPC, and streams 20 000 samples a second without a gap', () => {
    const device = new VirtualTwinleaf({ model: ramp(3), transport: 'serial', rate: 20_000 });
    const { hear, tell } = talk(device, twinleafSerial);
    expect(hear(1.5)).toEqual([
      { kind: 'text', text: 'Twinleaf VMR R5' },
      { kind: 'text', text: 'Twinleaf VMR R5' },
    ]);
    const samples = samplesOf(tell(poke, 1));
    expect(samples.length).toBeGreaterThan(19_900);
    samples.forEach((sample, k) => {
      if (sample.counter !== k || sample.boundary) throw new Error(`sample ${k} does not follow`);
    });
    expect(samples[999].time - samples[0].time).toBeCloseTo(999 / 20_000, 6);
    expect(samples[0].x).toBeCloseTo(fieldAt(1.5, 0), 8);
    const reply = tell(request('dev.metadata'), 0.001).find(m => m.kind === 'reply');
    const records = parseMetadataReply(reply?.kind === 'reply' ? reply.payload : new Uint8Array(0));
    expect(records.map(r => r.record)).toEqual(['device', 'stream', 'segment', 'column', 'column', 'column']);
    expect(tell(request('no.such')).some(m => m.kind === 'refusal' && m.code === 2)).toBe(true);
  });

  it('segments roll without a boundary; skipped samples and a restart are boundaries', () => {
    const options = { model: ramp(3), rate: 100, segmentLength: 200, type: TWINLEAF_TYPES.i24 } as const;
    const device = new VirtualTwinleaf({ ...options, transport: 'tcp' });
    const { hear, now } = talk(device, twinleafTcp);
    const first = hear(5);
    const rolled = samplesOf(first);
    expect(rolled.length).toBe(500);
    rolled.forEach((sample, k) => {
      expect(sample.time).toBeCloseTo(1_700_000_000 + k / 100, 6);
    });
    expect(rolled.some(sample => sample.boundary)).toBe(false);
    expect(rolled[499].z).toBeCloseTo(fieldAt(5, 2), 9);
    device.skip(7);
    const second = hear(1);
    device.restart(now());
    const all = samplesOf([...first, ...second, ...hear(1)]);
    expect(all.flatMap((sample, k) => (sample.boundary ? [k] : []))).toEqual([500, 600]);
    expect(all[500].counter - all[499].counter).toBe(8);
  });

  it('a damaged frame is a gap, not a wrong reading', () => {
    const device = new VirtualTwinleaf({ model: ramp(3), transport: 'serial', rate: 1000 });
    const { tell } = talk(new FaultyLine(device, { flip: 2e-4, seed: 3 }), twinleafSerial);
    const messages = tell(poke, 5);
    expect(messages.some(m => m.kind === 'damaged')).toBe(true);
    const samples = samplesOf(messages);
    expect(samples.length).toBeGreaterThan(3000);
    expect(samples.some(sample => sample.boundary)).toBe(true);
    for (const { x, counter } of samples) expect(Math.abs(x - fieldAt((counter + 1) / 1000, 0))).toBeLessThan(2e-9);
  });

  it('gives another rate when asked', () => {
    const device = new VirtualTwinleaf({ model: ramp(3), transport: 'tcp', rate: 1000 });
    const { hear, tell } = talk(device, twinleafTcp);
    hear(1);
    const rate = new Uint8Array(4);
    new DataView(rate.buffer).setFloat32(0, 100, true);
    const messages = tell(request('data.rate', rate), 1);
    expect(messages.find(m => m.kind === 'reply')).toMatchObject({ payload: rate });
    expect(messages.filter(m => m.kind === 'samples').length).toBe(100);
  });
});
