import { InputError } from '../../src/errors.js';
import type { SampleBlock } from '../samples.js';

/** Where samples belong. */
export interface SampleKey {
  /** Index in `ScanPlan.steps`. */
  readonly step: number;
  /** Index in the phases of the step, in the order of time. */
  readonly phase: number;
  /** Index in `Rig.sensors`. */
  readonly sensor: number;
  /** Index in the elements of that sensor. */
  readonly element: number;
  /** Which attempt at the step: one that is repeated replaces those before it. */
  readonly attempt: number;
}

/** Samples as they were recorded. */
export interface SampleRecord extends SampleKey {
  readonly kind: 'samples';
  readonly block: SampleBlock;
}

/** Anything else, as JSON with a `kind` of its own. */
export interface NoteRecord {
  readonly kind: string;
}

const JSON_RECORD = 1;
const SAMPLES_RECORD = 2;
const SAMPLE_HEAD = 24;

/** The payload of a record that is no block of samples. */
export function encodeNote(note: NoteRecord): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(note));
  const out = new Uint8Array(1 + text.length);
  out[0] = JSON_RECORD;
  out.set(text, 1);
  return out;
}

/**
 * The payload of a block of samples, little-endian: u8 kind, u8 channels, u16 sensor, u16 element, u16 phase, u32 step,
 * u32 attempt, u32 count, u32 0, then counters, device times, host times (f64 each), raw and field (f64,
 * `[sample][channel]`), flags (u16).
 */
export function encodeSamples({ step, phase, sensor, element, attempt, block }: SampleRecord): Uint8Array {
  const { count, channels } = block;
  const out = new Uint8Array(SAMPLE_HEAD + count * (24 + 16 * channels + 2));
  const view = new DataView(out.buffer);
  out[0] = SAMPLES_RECORD;
  out[1] = channels;
  view.setUint16(2, sensor, true);
  view.setUint16(4, element, true);
  view.setUint16(6, phase, true);
  view.setUint32(8, step, true);
  view.setUint32(12, attempt, true);
  view.setUint32(16, count, true);
  let at = SAMPLE_HEAD;
  for (const [values, length] of columns(block)) {
    for (let i = 0; i < length; i++, at += 8) view.setFloat64(at, values[i], true);
  }
  for (let i = 0; i < count; i++, at += 2) view.setUint16(at, block.flags[i], true);
  return out;
}

function columns(block: Omit<SampleBlock, 'flags'>): [Float64Array, number][] {
  const { count, channels, counter, deviceTime, hostTime, raw, field } = block;
  const values = count * channels;
  return [
    [counter, count],
    [deviceTime, count],
    [hostTime, count],
    [raw, values],
    [field, values],
  ];
}

/** @throws {InputError} for a payload of another version of Savart. */
export function decodeRecord(payload: Uint8Array): SampleRecord | NoteRecord {
  if (payload[0] === SAMPLES_RECORD) return decodeSamples(payload);
  if (payload[0] === JSON_RECORD) {
    const note: unknown = parsed(new TextDecoder().decode(payload.subarray(1)));
    if (typeof note === 'object' && note !== null && typeof (note as NoteRecord).kind === 'string') {
      return note as NoteRecord;
    }
  }
  throw new InputError('holds a record that this version does not know', {
    advice: 'use the version of Savart that wrote it',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decodeSamples(payload: Uint8Array): SampleRecord {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const channels = payload[1];
  const count = payload.length < SAMPLE_HEAD ? Number.NaN : view.getUint32(16, true);
  if (payload.length !== SAMPLE_HEAD + count * (24 + 16 * channels + 2)) {
    throw new InputError('holds a block of samples of the wrong length', { advice: 'restore it from a copy' });
  }
  const numbers = (length: number) => new Float64Array(length);
  const block = {
    count,
    channels,
    counter: numbers(count),
    deviceTime: numbers(count),
    hostTime: numbers(count),
    raw: numbers(count * channels),
    field: numbers(count * channels),
    flags: new Uint16Array(count),
  };
  let at = SAMPLE_HEAD;
  for (const [values, length] of columns(block)) {
    for (let i = 0; i < length; i++, at += 8) values[i] = view.getFloat64(at, true);
  }
  for (let i = 0; i < count; i++, at += 2) block.flags[i] = view.getUint16(at, true);
  return {
    kind: 'samples',
    sensor: view.getUint16(2, true),
    element: view.getUint16(4, true),
    phase: view.getUint16(6, true),
    step: view.getUint32(8, true),
    attempt: view.getUint32(12, true),
    block,
  };
}
