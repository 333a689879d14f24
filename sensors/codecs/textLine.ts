import type { Codec } from './codec.js';
import type { TextLineSettings } from './textLineSettings.js';

export type TextLineMessage =
  | {
      readonly kind: 'sample';
      /** In the order of the settings' `columns`, as they stand in the line; NaN: not in it. */
      readonly values: readonly number[];
      /** The element that the line names, where the settings have an element column; an index or -1 (unknown). */
      readonly element?: number;
      /** In the unit of the column, not unwrapped; absent: no such column. */
      readonly time?: number;
      readonly sequence?: number;
    }
  /** A line whose checksum is wrong. */
  | { readonly kind: 'damaged'; readonly text: string }
  /** Header, comment, log. */
  | { readonly kind: 'text'; readonly text: string };

export interface TextLineCommand {
  readonly kind: 'line';
  readonly text: string;
}

export declare function textLine(settings: TextLineSettings): Codec<TextLineMessage, TextLineCommand>;

/** Where a value of a message belongs: T = (raw - offset) * scale. */
export interface TextLineChannel {
  readonly element: number;
  readonly axis: number;
  readonly scale: number;
  readonly offset: number;
}
/** One per entry of {@link TextLineSettings.columns}. @param elements names of the sensor's elements */
export declare function textLineChannels(settings: TextLineSettings, elements: readonly string[]): TextLineChannel[];
