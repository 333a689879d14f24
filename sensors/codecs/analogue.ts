import { z } from 'zod';
import { InputError } from '../../src/errors.js';
import type { Codec } from './codec.js';
import { commandLine, lineDecoder, messageLine } from './lines.js';
import { parseNumber } from './numbers.js';
import { csvSeparator, splitFields } from './textLineForms.js';

/** `options` of the driver `analogue`: volts of a converter, over lines of text or asked for by SCPI. */
export const analogueSettings = z.strictObject({
  over: z.enum(['lines', 'scpi']).default('lines').describe('how the volts come: by themselves in lines, or asked for'),
  query: z.string().min(1).max(200).default('MEAS:VOLT:DC?').describe('the question for the volts (scpi)'),
  /** One entry per channel, in the order of the columns. */
  channels: z
    .array(
      z.strictObject({
        column: z.int().min(0).max(999).describe('the number of the column, from 0'),
        element: z.int().min(0).max(999).default(0).describe('the number of the element that it belongs to, from 0'),
        axis: z.int().min(0).max(2).describe("the number of the element's axis, from 0"),
        volts_per_tesla: z.number().positive().describe('the gain, V/T, such as 143000 for 143 mV/uT'),
        offset_V: z.number().default(0).describe('the voltage at no field, V'),
        polarity: z
          .union([z.literal(1), z.literal(-1)])
          .default(1)
          .describe('the sign: 1, or -1 where the voltage falls as the field grows'),
        limit_V: z.number().positive().optional().describe('the voltage beyond which the reading is clipped'),
      }),
    )
    .min(1)
    .max(192),
  separator: z.enum([',', ';', 'tab', 'space']).default(','),
});
export type AnalogueSettings = z.output<typeof analogueSettings>;
export type AnalogueChannel = AnalogueSettings['channels'][number];

export type AnalogueMessage =
  /** In the order of the channels. */
  { readonly kind: 'volts'; readonly volts: readonly number[] } | { readonly kind: 'text'; readonly text: string };
export interface AnalogueCommand {
  readonly kind: 'read';
}

const MOST = 4096;

/** Volts of an analogue-to-digital converter: one line per reading, numbers between separators. */
export function analogue(settings: AnalogueSettings): Codec<AnalogueMessage, AnalogueCommand> {
  const separator = csvSeparator(settings);
  const query = settings.over === 'scpi' ? settings.query : undefined;
  const parse = (line: string, out: AnalogueMessage[]) => {
    const fields = splitFields(line, separator);
    const volts = settings.channels.map(channel => parseNumber(fields[channel.column] ?? ''));
    out.push(volts.some(Number.isNaN) ? { kind: 'text', text: line } : { kind: 'volts', volts });
  };
  return {
    decoder: () => lineDecoder({ most: MOST }, parse),
    encode() {
      if (query !== undefined) return commandLine(query, '\n', MOST);
      throw new InputError('a converter that sends lines by itself takes no questions', {
        advice: "give over: 'scpi'",
      });
    },
    commandDecoder: () =>
      lineDecoder({ most: MOST }, (line, out) => {
        if (line === query) out.push({ kind: 'read' });
      }),
    encodeMessage(message) {
      if (message.kind === 'text') return messageLine(message.text);
      const columns = 1 + Math.max(...settings.channels.map(channel => channel.column));
      const fields = new Array<string>(columns).fill('0');
      settings.channels.forEach((channel, i) => {
        fields[channel.column] = String(message.volts[i]);
      });
      return messageLine(fields.join(separator));
    },
  };
}

/** T = polarity (V - offset) / (V/T). */
export function analogueField(channel: AnalogueChannel, volts: number): number {
  return (channel.polarity * (volts - channel.offset_V)) / channel.volts_per_tesla;
}

/** The voltage that {@link analogueField} turns into `field`. */
export function analogueVolts(channel: AnalogueChannel, field: number): number {
  return channel.offset_V + channel.polarity * field * channel.volts_per_tesla;
}
