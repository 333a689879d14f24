import { InputError } from '../../src/errors.js';
import type { Codec } from './codec.js';
import { frameDecoder } from './frames.js';

/** One of the 40 samples of a block, 1 ms apart. */
export interface MagElementFrame {
  readonly frameId: number;
  readonly systemStatus: number;
  /** Counts of 5e-5 nT of the two heads. */
  readonly mag1: number;
  readonly mag1Status: number;
  readonly mag2: number;
  readonly mag2Status: number;
  readonly aux: readonly number[];
  readonly adc: readonly number[];
}

export type MagElementMessage =
  | { readonly kind: 'block'; readonly index: number; readonly frames: readonly MagElementFrame[] }
  | {
      readonly kind: 'decimated';
      readonly index: number;
      /** nT. */
      readonly field: number;
      readonly strength: number;
      readonly valid: number;
      readonly compass: readonly number[];
      readonly acceleration: readonly number[];
      readonly gyro: readonly number[];
      readonly temperature: number;
    }
  /** 100 bytes that are not described. */
  | { readonly kind: 'heartbeat'; readonly payload: Uint8Array };

/** T per count of {@link MagElementFrame.mag1}. */
export const MAGELEMENT_T_PER_COUNT = 5e-14;
/** Bits of {@link MagElementFrame.frameId}: head 1 and 2 valid, and the counter's. */
export const MAGELEMENT_FRAME = { mag1Valid: 0x4000, mag2Valid: 0x8000, counter: 0x7ff } as const;
/** Bit of {@link MagElementFrame.mag1Status}: the head is in its dead zone. */
export const MAGELEMENT_DEAD_ZONE = 0x1;

const FRAMES = 40;
const FRAME_BYTES = 32;
const RECORDS = {
  block: { type: 0x1001f, size: 16 + FRAMES * FRAME_BYTES },
  decimated: { type: 0x10022, size: 88 },
  heartbeat: { type: 0x10023, size: 108 },
} as const;
const KINDS = ['block', 'decimated', 'heartbeat'] as const;

/** Geometrics MagElement and MFAM, over TCP; it only speaks. */
export const magelement: Codec<MagElementMessage, never> = {
  decoder: () =>
    frameDecoder<MagElementMessage>(RECORDS.block.size, (bytes, out) => {
      if (bytes.length < 8) return 0;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const type = view.getUint32(0, true);
      const size = view.getUint32(4, true);
      const kind = KINDS.find(name => RECORDS[name].type === type && RECORDS[name].size === size);
      if (kind === undefined) return 1;
      if (bytes.length < size) return 0;
      const message = READERS[kind](view, bytes);
      if (message === undefined) return 1;
      out.push(message);
      return size;
    }),
  encode() {
    throw new InputError('a MagElement takes no commands');
  },
  commandDecoder: () => ({ push() {}, reset() {} }),
  encodeMessage(message) {
    const { type, size } = RECORDS[message.kind];
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, type, true);
    view.setUint32(4, size, true);
    if (message.kind === 'block') writeBlock(message, view);
    else if (message.kind === 'decimated') writeDecimated(message, view);
    else bytes.set(message.payload.subarray(0, size - 8), 8);
    return bytes;
  },
};

type Of<Kind> = Extract<MagElementMessage, { kind: Kind }>;

const READERS: Record<(typeof KINDS)[number], (view: DataView, bytes: Uint8Array) => MagElementMessage | undefined> = {
  block: readBlock,
  decimated: readDecimated,
  heartbeat: (_view, bytes) => ({ kind: 'heartbeat', payload: bytes.slice(8, RECORDS.heartbeat.size) }),
};

/** A 64-bit count; beyond 2^53 it is rounded. */
function readIndex(view: DataView): number {
  return view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32;
}

function writeIndex(index: number, view: DataView): void {
  view.setUint32(8, index % 2 ** 32, true);
  view.setUint32(12, Math.floor(index / 2 ** 32), true);
}

function readBlock(view: DataView): Of<'block'> {
  const shorts = (at: number) => [0, 2, 4, 6].map(i => view.getUint16(at + i, true));
  const frames = Array.from({ length: FRAMES }, (_, k): MagElementFrame => {
    const at = 16 + k * FRAME_BYTES;
    return {
      frameId: view.getUint16(at, true),
      systemStatus: view.getUint16(at + 2, true),
      mag1: view.getUint32(at + 4, true),
      mag1Status: view.getUint16(at + 8, true),
      mag2Status: view.getUint16(at + 10, true),
      mag2: view.getUint32(at + 12, true),
      aux: shorts(at + 16),
      adc: shorts(at + 24),
    };
  });
  return { kind: 'block', index: readIndex(view), frames };
}

function writeBlock(message: Of<'block'>, view: DataView): void {
  if (message.frames.length !== FRAMES) throw new InputError(`a block of a MagElement holds ${FRAMES} frames`);
  writeIndex(message.index, view);
  message.frames.forEach((frame, k) => {
    const at = 16 + k * FRAME_BYTES;
    view.setUint16(at, frame.frameId, true);
    view.setUint16(at + 2, frame.systemStatus, true);
    view.setUint32(at + 4, frame.mag1, true);
    view.setUint16(at + 8, frame.mag1Status, true);
    view.setUint16(at + 10, frame.mag2Status, true);
    view.setUint32(at + 12, frame.mag2, true);
    for (let i = 0; i < 4; i++) {
      view.setUint16(at + 16 + 2 * i, frame.aux[i], true);
      view.setUint16(at + 24 + 2 * i, frame.adc[i], true);
    }
  });
}

/** Undefined where a field is not finite: then it is no record, but garbage that begins like one. */
function readDecimated(view: DataView): Of<'decimated'> | undefined {
  const field = view.getFloat64(16, true);
  const floats = Array.from({ length: 10 }, (_, i) => view.getFloat32(32 + 4 * i, true));
  const strength = view.getFloat32(24, true);
  if (!Number.isFinite(field) || !Number.isFinite(strength) || !floats.every(Number.isFinite)) return undefined;
  return {
    kind: 'decimated',
    index: readIndex(view),
    field,
    strength,
    valid: view.getUint32(28, true),
    compass: floats.slice(0, 3),
    acceleration: floats.slice(3, 6),
    gyro: floats.slice(6, 9),
    temperature: floats[9],
  };
}

function writeDecimated(message: Of<'decimated'>, view: DataView): void {
  writeIndex(message.index, view);
  view.setFloat64(16, message.field, true);
  view.setFloat32(24, message.strength, true);
  view.setUint32(28, message.valid, true);
  [...message.compass, ...message.acceleration, ...message.gyro, message.temperature].forEach((value, i) => {
    view.setFloat32(32 + 4 * i, value, true);
  });
}
