import { z } from 'zod';
import type { Codec } from './codec.js';

/** `options` of the driver `analogue`: volts of a converter, over lines of text or asked for by SCPI. */
export const analogueSettings = z.strictObject({
  over: z.enum(['lines', 'scpi']).default('lines').describe('how the volts come: by themselves in lines, or asked for'),
  query: z.string().min(1).max(200).default('MEAS:VOLT:DC?').describe('the question for the volts (scpi)'),
  /** One entry per channel, in the order of the columns. */
  channels: z
    .array(
      z.strictObject({
        column: z.int().min(0).max(999).describe('the number of the column, from 0'),
        element: z.int().min(0).max(999).default(0),
        axis: z.int().min(0).max(2),
        volts_per_tesla: z.number().positive(),
        offset_V: z.number().default(0),
        polarity: z.union([z.literal(1), z.literal(-1)]).default(1),
        limit_V: z.number().positive().optional().describe('the voltage beyond which the reading is clipped'),
      }),
    )
    .min(1)
    .max(192),
  separator: z.enum([',', ';', 'tab', 'space']).default(','),
});
export type AnalogueSettings = z.output<typeof analogueSettings>;

export type AnalogueMessage =
  /** In the order of the channels; NaN: not in the line. */
  { readonly kind: 'volts'; readonly volts: readonly number[] } | { readonly kind: 'text'; readonly text: string };
export interface AnalogueCommand {
  readonly kind: 'read';
}

export declare function analogue(settings: AnalogueSettings): Codec<AnalogueMessage, AnalogueCommand>;
/** T = polarity (V - offset) / (V/T). */
export declare function analogueField(channel: AnalogueSettings['channels'][number], volts: number): number;
