/** A tree of devices: `[0, 2]` is the device behind port 2 of the one behind port 0; `[]` the root. */
export type TwinleafPath = readonly number[];

export type TwinleafMetadata =
  | {
      readonly record: 'device';
      readonly streams: number;
      readonly session: number;
      readonly name: string;
      readonly serial: string;
      readonly firmware: string;
    }
  | {
      readonly record: 'stream';
      readonly stream: number;
      readonly columns: number;
      readonly segments: number;
      /** Bytes. */
      readonly sampleSize: number;
      readonly bufferedSamples: number;
      readonly name: string;
    }
  | {
      readonly record: 'segment';
      readonly stream: number;
      readonly segment: number;
      /** 1 valid, 2 active. */
      readonly state: number;
      /** 1 zero, 2 systime, 3 unix. */
      readonly epoch: number;
      readonly session: number;
      /** s. */
      readonly startTime: number;
      /** Hz, before decimation. */
      readonly rate: number;
      readonly decimation: number;
      readonly cutoff: number;
      readonly filter: number;
      readonly serial: string;
    }
  | {
      readonly record: 'column';
      readonly stream: number;
      readonly column: number;
      /** One of {@link TWINLEAF_TYPES}. */
      readonly type: number;
      readonly name: string;
      readonly units: string;
      readonly description: string;
    };

/** Both directions; `path` is where the packet comes from or goes to. */
export type TwinleafPacket = { readonly path: TwinleafPath } & (
  | { readonly kind: 'log'; readonly data: number; readonly level: number; readonly text: string }
  | { readonly kind: 'request'; readonly id: number; readonly method: string | number; readonly args: Uint8Array }
  | { readonly kind: 'reply'; readonly id: number; readonly payload: Uint8Array }
  | { readonly kind: 'refusal'; readonly id: number; readonly code: number; readonly detail: Uint8Array }
  | { readonly kind: 'heartbeat'; readonly session?: number }
  /** `flags`: 1 periodic, 2 update, 4 last. */
  | { readonly kind: 'metadata'; readonly flags: number; readonly metadata: TwinleafMetadata }
  | { readonly kind: 'setting'; readonly flags: number; readonly name: string; readonly value: Uint8Array }
  /** 0 disconnected, 1 reconnected, 2 and 3 failed. */
  | { readonly kind: 'proxy'; readonly status: number }
  | {
      readonly kind: 'samples';
      readonly stream: number;
      /** Number of the first sample within its segment. */
      readonly first: number;
      readonly segment: number;
      readonly payload: Uint8Array;
    }
  /** Types that are old or not known, and payloads that are not as described. */
  | { readonly kind: 'raw'; readonly type: number; readonly payload: Uint8Array }
);

export type TwinleafMessage =
  | TwinleafPacket
  /** A line of the text mode, before binary. */
  | { readonly kind: 'text'; readonly text: string }
  /** A frame whose length or CRC is wrong: something was lost here. */
  | { readonly kind: 'damaged' };

export type TwinleafCommand = TwinleafPacket;
