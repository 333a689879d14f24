import type { TwinleafMetadata, TwinleafPacket } from './packet.js';
import { isTwinleafType, readTwinleafValue } from './values.js';

/** A stream whose columns are known. */
export interface TwinleafLayout {
  readonly stream: number;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly units: string; readonly type: number }[];
  /** Bytes. */
  readonly sampleSize: number;
  /** Samples per second; NaN: not known yet. */
  readonly rate: number;
}

/** Samples of one packet; the arrays are used again by the next one. */
export interface TwinleafSamples {
  readonly stream: number;
  readonly count: number;
  readonly columns: number;
  /** `[sample][column]`, in the columns' units. */
  readonly values: Float64Array;
  /** Start of each sample, s, in the stream's epoch; NaN: not known. */
  readonly time: Float64Array;
  /** Counter that goes on over segments. */
  readonly counter: Float64Array;
  /** Samples were lost, or time, rate or session changed, just before the first. */
  readonly boundary: boolean;
}

type Segment = Extract<TwinleafMetadata, { record: 'segment' }>;
type Column = Extract<TwinleafMetadata, { record: 'column' }>;

interface StreamState {
  description?: Extract<TwinleafMetadata, { record: 'stream' }>;
  readonly columns: Map<number, Column>;
  readonly segments: Map<number, Segment>;
  layout: TwinleafLayout | undefined;
  /** Of the last sample: its segment, number there, unwrapped counter, time; segment -1: none yet. */
  segment: number;
  number: number;
  counter: number;
  time: number;
  rate: number;
  epoch: number;
  changed: boolean;
}

/** The state of one device's streams: takes metadata, turns sample packets into numbers. */
export class TwinleafStreams {
  readonly #streams = new Map<number, StreamState>();
  #session: number | undefined;
  // The longest payload in the smallest type.
  readonly #values = new Float64Array(512);
  readonly #time = new Float64Array(512);
  readonly #counter = new Float64Array(512);

  /** True: the packet changed what is known of a stream. */
  metadata(packet: { readonly metadata: TwinleafMetadata }): boolean {
    const metadata = packet.metadata;
    if (metadata.record === 'device') return this.session(metadata.session);
    const state = this.#state(metadata.stream);
    const before = state.layout;
    if (metadata.record === 'stream') state.description = metadata;
    else if (metadata.record === 'column') state.columns.set(metadata.column, metadata);
    else state.segments.set(metadata.segment, metadata);
    state.layout = layoutOf(state);
    return JSON.stringify(before) !== JSON.stringify(state.layout);
  }

  /** A session that differs from the last says that the device began anew: streams are described again. */
  session(session: number): boolean {
    const anew = this.#session !== undefined && this.#session !== session;
    this.#session = session;
    if (anew) {
      for (const state of this.#streams.values()) {
        state.changed = true;
        state.segments.clear();
      }
    }
    return anew;
  }

  layout(stream: number): TwinleafLayout | undefined {
    return this.#streams.get(stream)?.layout;
  }

  /** Those whose columns are known. */
  layouts(): TwinleafLayout[] {
    return [...this.#streams.values()].flatMap(state => (state.layout === undefined ? [] : [state.layout]));
  }

  /** Undefined: the columns are not known yet, or the payload does not fit them. */
  samples(packet: Extract<TwinleafPacket, { kind: 'samples' }>): TwinleafSamples | undefined {
    const state = this.#streams.get(packet.stream);
    const layout = state?.layout;
    const size = layout?.sampleSize ?? 0;
    if (state === undefined || layout === undefined || packet.payload.length === 0) return undefined;
    if (packet.payload.length % size !== 0) return undefined;
    const count = packet.payload.length / size;
    const columns = layout.columns.length;
    const view = new DataView(packet.payload.buffer, packet.payload.byteOffset, packet.payload.byteLength);
    const values = this.#values.subarray(0, count * columns);
    for (let i = 0, at = 0, out = 0; i < count; i++) {
      for (let k = 0; k < columns; k++) {
        const type = layout.columns[k].type;
        values[out++] = readTwinleafValue(view, at, type);
        at += type >> 4;
      }
    }
    const boundary = this.#advance(state, packet.segment, packet.first);
    const segment = state.segments.get(packet.segment);
    const step = segment === undefined ? Number.NaN : segment.decimation / segment.rate;
    const start = segment?.startTime ?? Number.NaN;
    for (let i = 0; i < count; i++) {
      this.#time[i] = start + (packet.first + i) * step;
      this.#counter[i] = state.counter + i;
    }
    const backwards = this.#time[0] <= state.time;
    state.number = packet.first + count - 1;
    state.counter += count - 1;
    state.time = this.#time[count - 1];
    return {
      stream: packet.stream,
      count,
      columns,
      values,
      time: this.#time.subarray(0, count),
      counter: this.#counter.subarray(0, count),
      boundary: boundary || backwards,
    };
  }

  /** Moves the counter to the first sample of a packet; true: it does not follow the one before. */
  #advance(state: StreamState, segment: number, first: number): boolean {
    const known = state.segments.get(segment);
    const rate = known === undefined ? Number.NaN : known.rate / known.decimation;
    const epoch = known?.epoch ?? 0;
    let boundary = state.changed;
    if (state.segment >= 0) {
      const missing = first - (segment === state.segment ? state.number + 1 : 0);
      if (missing !== 0 || !Object.is(rate, state.rate) || epoch !== state.epoch) boundary = true;
      state.counter += 1 + Math.max(0, missing);
    } else state.counter = first;
    state.segment = segment;
    state.rate = rate;
    state.epoch = epoch;
    state.changed = false;
    return boundary;
  }

  #state(stream: number): StreamState {
    let state = this.#streams.get(stream);
    if (state === undefined) {
      state = {
        columns: new Map(),
        segments: new Map(),
        layout: undefined,
        segment: -1,
        number: 0,
        counter: 0,
        time: Number.NaN,
        rate: Number.NaN,
        epoch: 0,
        changed: false,
      };
      this.#streams.set(stream, state);
    }
    return state;
  }
}

function layoutOf(state: StreamState): TwinleafLayout | undefined {
  const { description } = state;
  if (description === undefined || description.columns === 0) return undefined;
  const columns: Column[] = [];
  for (let i = 0; i < description.columns; i++) {
    const column = state.columns.get(i);
    if (column === undefined || !isTwinleafType(column.type)) return undefined;
    columns.push(column);
  }
  const size = columns.reduce((sum, column) => sum + (column.type >> 4), 0);
  if (size !== description.sampleSize) return undefined;
  const active = [...state.segments.values()].find(segment => (segment.state & 2) !== 0);
  return {
    stream: description.stream,
    name: description.name,
    columns: columns.map(({ name, units, type }) => ({ name, units, type })),
    sampleSize: size,
    rate: active === undefined ? Number.NaN : active.rate / active.decimation,
  };
}
