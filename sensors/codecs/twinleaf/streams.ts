import type { TwinleafPacket } from './packet.js';

/** A stream whose columns are known. */
export interface TwinleafLayout {
  readonly stream: number;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly units: string; readonly type: number }[];
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

/** The state of one device's streams: takes metadata, turns sample packets into numbers. */
export declare class TwinleafStreams {
  /** True: the packet changed what is known of a stream. */
  metadata(packet: TwinleafPacket & { readonly kind: 'metadata' }): boolean;
  layout(stream: number): TwinleafLayout | undefined;
  /** Undefined: the columns are not known yet, or the payload does not fit them. */
  samples(packet: TwinleafPacket & { readonly kind: 'samples' }): TwinleafSamples | undefined;
}
