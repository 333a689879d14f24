import { ByteReader, ByteWriter, utf8 } from './bytes.js';
import type { TwinleafMetadata } from './packet.js';

const KINDS = ['device', 'stream', 'segment', 'column'] as const;
/** Bytes of the fixed part as described; a longer one has fields that are not known here. */
const FIXED = { device: 9, stream: 9, segment: 27, column: 7 } as const;

/** @param body from the length of the fixed part on. Undefined: not as described. */
export function parseMetadata(kind: number, body: Uint8Array): TwinleafMetadata | undefined {
  const record = KINDS[kind - 1];
  const r = new ByteReader(body);
  const fixed = r.u8();
  if (record === undefined || fixed < FIXED[record]) return undefined;
  let metadata: TwinleafMetadata;
  if (record === 'device') {
    const nameLength = r.u8();
    const session = r.u32();
    const serialLength = r.u8();
    const firmwareLength = r.u8();
    const streams = r.u8();
    r.moveTo(fixed);
    const [name, serial, firmware] = [nameLength, serialLength, firmwareLength].map(length => r.text(length));
    metadata = { record, streams, session, name, serial, firmware };
  } else if (record === 'stream') {
    const [stream, columns, segments] = [r.u8(), r.u8(), r.u8()];
    const [sampleSize, bufferedSamples] = [r.u16(), r.u16()];
    const nameLength = r.u8();
    r.moveTo(fixed);
    metadata = { record, stream, columns, segments, sampleSize, bufferedSamples, name: r.text(nameLength) };
  } else if (record === 'segment') {
    const [stream, segment, state, epoch, serialLength] = [r.u8(), r.u8(), r.u8(), r.u8(), r.u8()];
    const [session, startTime, rate, decimation] = [r.u32(), r.u32(), r.u32(), r.u32()];
    const cutoff = r.f32();
    const filter = r.u8();
    r.moveTo(fixed);
    const serial = r.text(serialLength);
    // biome-ignore format: one record
    metadata = { record, stream, segment, state, epoch, session, startTime, rate, decimation, cutoff, filter, serial };
  } else {
    const [stream, column, type] = [r.u8(), r.u8(), r.u8()];
    const lengths = [r.u8(), r.u8(), r.u8()];
    r.moveTo(fixed);
    const [name, units, description] = lengths.map(length => r.text(length));
    metadata = { record, stream, column, type, name, units, description };
  }
  return r.short ? undefined : metadata;
}

export function metadataKind(metadata: TwinleafMetadata): number {
  return KINDS.indexOf(metadata.record) + 1;
}

/** The body that {@link parseMetadata} reads. */
export function formatMetadata(m: TwinleafMetadata): Uint8Array {
  const w = new ByteWriter().u8(FIXED[m.record]);
  if (m.record === 'device') {
    const texts = [m.name, m.serial, m.firmware].map(utf8);
    w.u8(texts[0].length).u32(m.session).u8(texts[1].length, texts[2].length, m.streams);
    for (const text of texts) w.put(text);
  } else if (m.record === 'stream') {
    const name = utf8(m.name);
    w.u8(m.stream, m.columns, m.segments).u16(m.sampleSize).u16(m.bufferedSamples).u8(name.length).put(name);
  } else if (m.record === 'segment') {
    const serial = utf8(m.serial);
    w.u8(m.stream, m.segment, m.state, m.epoch, serial.length);
    w.u32(m.session).u32(m.startTime).u32(m.rate).u32(m.decimation).f32(m.cutoff).u8(m.filter).put(serial);
  } else {
    const texts = [m.name, m.units, m.description].map(utf8);
    w.u8(m.stream, m.column, m.type, ...texts.map(text => text.length));
    for (const text of texts) w.put(text);
  }
  return w.done();
}

/** Records of a reply to the RPC `dev.metadata`: kind, length, body of each; those not as described are left out. */
export function parseMetadataReply(payload: Uint8Array): TwinleafMetadata[] {
  const records: TwinleafMetadata[] = [];
  const r = new ByteReader(payload);
  while (r.left >= 2) {
    const kind = r.u8();
    const body = r.take(r.u8());
    if (r.short) break;
    const metadata = parseMetadata(kind, body);
    if (metadata !== undefined) records.push(metadata);
  }
  return records;
}

/** The reply that {@link parseMetadataReply} reads. */
export function formatMetadataReply(records: readonly TwinleafMetadata[]): Uint8Array {
  const w = new ByteWriter();
  for (const record of records) {
    const body = formatMetadata(record);
    w.u8(metadataKind(record), body.length).put(body);
  }
  return w.done();
}
