import type { TwinleafMetadata } from '../codecs/twinleaf/packet.js';

/** Number of the only stream, and how many segments it counts before it begins anew. */
export const STREAM = 1;
export const SEGMENTS = 4;

/** What the metadata of a virtual Twinleaf sensor tell of it. */
export interface TwinleafState {
  readonly name: string;
  readonly columns: readonly string[];
  /** One of {@link TWINLEAF_TYPES}, the same for every column. */
  readonly type: number;
  /** Bytes of a sample in all columns. */
  readonly sampleSize: number;
  readonly session: number;
  readonly segment: number;
  /** s of the Unix epoch. */
  readonly segmentStart: number;
  /** Samples per second before decimation. */
  readonly rate: number;
  readonly decimation: number;
}

const KINDS = ['device', 'stream', 'segment', 'column'] as const;

export function serialOf(name: string): string {
  return `${name}0001`;
}

/** One of its records, in the units of the protocol: samples in nT. */
export function twinleafRecord(state: TwinleafState, record: (typeof KINDS)[number], column = 0): TwinleafMetadata {
  const { name, columns, type, sampleSize, session, segment, segmentStart, rate, decimation } = state;
  switch (record) {
    case 'device':
      return { record, streams: 1, session, name, serial: serialOf(name), firmware: 'abc123' };
    case 'stream':
      return {
        record,
        stream: STREAM,
        columns: columns.length,
        segments: SEGMENTS,
        sampleSize,
        bufferedSamples: 0,
        name: 'vector',
      };
    case 'segment':
      return {
        record,
        stream: STREAM,
        segment,
        state: 3,
        epoch: 3,
        session,
        startTime: segmentStart,
        rate,
        decimation,
        cutoff: Math.fround(0.4 * (rate / decimation)),
        filter: 1,
        serial: serialOf(name),
      };
    default: {
      const own = columns[column];
      return { record, stream: STREAM, column, type, name: own, units: 'nT', description: `Field ${own}` };
    }
  }
}

/** All of its records, in the order in which they are sent. */
export function twinleafRecords(state: TwinleafState): TwinleafMetadata[] {
  const columns = state.columns.map((_, i) => twinleafRecord(state, 'column', i));
  return [
    twinleafRecord(state, 'device'),
    twinleafRecord(state, 'stream'),
    twinleafRecord(state, 'segment'),
    ...columns,
  ];
}

/** The records that (kind, stream, index) triples ask for; all without any. */
export function wantedRecords(state: TwinleafState, args: Uint8Array): TwinleafMetadata[] {
  if (args.length === 0) return twinleafRecords(state);
  const records: TwinleafMetadata[] = [];
  for (let i = 0; i + 2 < args.length; i += 3) {
    const kind = KINDS[args[i] - 1];
    if (kind !== undefined && (kind !== 'column' || args[i + 2] < state.columns.length)) {
      records.push(twinleafRecord(state, kind, args[i + 2]));
    }
  }
  return records;
}
