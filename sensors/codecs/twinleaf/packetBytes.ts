import { InputError } from '../../../src/errors.js';
import { ByteReader, ByteWriter, utf8 } from './bytes.js';
import { formatMetadata, metadataKind, parseMetadata } from './metadata.js';
import type { TwinleafPacket, TwinleafPath } from './packet.js';

export const HEADER_BYTES = 4;
const MOST_PAYLOAD = 500;
const MOST_ROUTING = 8;
export const MOST_PACKET = HEADER_BYTES + MOST_PAYLOAD + MOST_ROUTING;

const TYPES = {
  log: 1,
  request: 2,
  reply: 3,
  refusal: 4,
  heartbeat: 5,
  metadata: 11,
  setting: 12,
  proxy: 64,
  stream0: 128,
} as const;
/** Payloads of these are left as they are: legacy timebase, source and stream, RPC update, legacy stream 0. */
const OLD_TYPES = new Set([6, 7, 8, 65, 128]);
const KNOWN_TYPES = new Set<number>([...Object.values(TYPES), ...OLD_TYPES]);
const BY_NAME = 0x8000;

/** Bytes of the packet whose header stands at the start; 0: that is none. @param bytes at least {@link HEADER_BYTES} */
export function packetLength(bytes: Uint8Array): number {
  const routing = bytes[1] & 0x0f;
  const payload = bytes[2] | (bytes[3] << 8);
  const known = bytes[0] > TYPES.stream0 || KNOWN_TYPES.has(bytes[0]);
  return known && routing <= MOST_ROUTING && payload <= MOST_PAYLOAD ? HEADER_BYTES + payload + routing : 0;
}

/** The packet that fills `bytes` exactly; undefined: its lengths do not fit. */
export function parsePacket(bytes: Uint8Array): TwinleafPacket | undefined {
  const [type, routing] = [bytes[0], bytes[1] & 0x0f];
  const payloadLength = bytes[2] | (bytes[3] << 8);
  if (routing > MOST_ROUTING || bytes.length !== HEADER_BYTES + payloadLength + routing) return undefined;
  // Routing bytes are the path in reverse.
  const path: TwinleafPath = [...bytes.subarray(HEADER_BYTES + payloadLength)].reverse();
  const payload = bytes.subarray(HEADER_BYTES, HEADER_BYTES + payloadLength);
  return parsePayload(type, payload, path) ?? { kind: 'raw', path, type, payload: payload.slice() };
}

function parsePayload(type: number, payload: Uint8Array, path: TwinleafPath): TwinleafPacket | undefined {
  const r = new ByteReader(payload);
  let packet: TwinleafPacket | undefined;
  if (type > TYPES.stream0) {
    const first = r.u8() + r.u16() * 256;
    packet = { kind: 'samples', path, stream: type - TYPES.stream0, first, segment: r.u8(), payload: r.rest() };
  } else if (type === TYPES.log) {
    packet = { kind: 'log', path, data: r.u32(), level: r.u8(), text: r.text(r.left) };
  } else if (type === TYPES.request) {
    const [id, method] = [r.u16(), r.u16()];
    const name = (method & BY_NAME) === 0 ? method : r.text(method & ~BY_NAME);
    packet = { kind: 'request', path, id, method: name, args: r.rest() };
  } else if (type === TYPES.reply) packet = { kind: 'reply', path, id: r.u16(), payload: r.rest() };
  else if (type === TYPES.refusal) packet = { kind: 'refusal', path, id: r.u16(), code: r.u16(), detail: r.rest() };
  else if (type === TYPES.heartbeat) {
    packet = { kind: 'heartbeat', path, ...(r.left === 0 ? {} : { session: r.u32() }) };
    if (r.left > 0) return undefined;
  } else if (type === TYPES.metadata) {
    const [kind, flags] = [r.u8(), r.u8()];
    const metadata = parseMetadata(kind, r.rest());
    packet = metadata === undefined ? undefined : { kind: 'metadata', path, flags, metadata };
  } else if (type === TYPES.setting) {
    const [length, flags] = [r.u8(), r.u8()];
    packet = { kind: 'setting', path, flags, name: r.text(length), value: r.rest() };
  } else if (type === TYPES.proxy && payload.length === 1) packet = { kind: 'proxy', path, status: r.u8() };
  return r.short ? undefined : packet;
}

/** The packet as it goes over TCP. @throws {InputError} too long, or a path of more than 8 steps. */
export function formatPacket(packet: TwinleafPacket): Uint8Array {
  const [type, payload] = formatPayload(packet);
  if (payload.length > MOST_PAYLOAD || packet.path.length > MOST_ROUTING) {
    throw new InputError(`a TIO packet takes ${MOST_PAYLOAD} bytes and a path of ${MOST_ROUTING}`, {
      advice: 'send less at once',
    });
  }
  const bytes = new Uint8Array(HEADER_BYTES + payload.length + packet.path.length);
  bytes.set([type, packet.path.length, payload.length & 0xff, payload.length >> 8]);
  bytes.set(payload, HEADER_BYTES);
  bytes.set([...packet.path].reverse(), HEADER_BYTES + payload.length);
  return bytes;
}

function formatPayload(packet: TwinleafPacket): [type: number, payload: Uint8Array] {
  const w = new ByteWriter();
  switch (packet.kind) {
    case 'log':
      return [TYPES.log, w.u32(packet.data).u8(packet.level).put(utf8(packet.text)).done()];
    case 'request': {
      w.u16(packet.id);
      if (typeof packet.method === 'number') w.u16(packet.method & ~BY_NAME);
      else {
        const name = utf8(packet.method);
        w.u16(BY_NAME | name.length).put(name);
      }
      return [TYPES.request, w.put(packet.args).done()];
    }
    case 'reply':
      return [TYPES.reply, w.u16(packet.id).put(packet.payload).done()];
    case 'refusal':
      return [TYPES.refusal, w.u16(packet.id).u16(packet.code).put(packet.detail).done()];
    case 'heartbeat':
      return [TYPES.heartbeat, packet.session === undefined ? w.done() : w.u32(packet.session).done()];
    case 'metadata': {
      w.u8(metadataKind(packet.metadata), packet.flags);
      return [TYPES.metadata, w.put(formatMetadata(packet.metadata)).done()];
    }
    case 'setting': {
      const name = utf8(packet.name);
      return [TYPES.setting, w.u8(name.length, packet.flags).put(name).put(packet.value).done()];
    }
    case 'proxy':
      return [TYPES.proxy, w.u8(packet.status).done()];
    case 'samples':
      return [TYPES.stream0 + packet.stream, w.u24(packet.first).u8(packet.segment).put(packet.payload).done()];
    default:
      return [packet.type, packet.payload];
  }
}
