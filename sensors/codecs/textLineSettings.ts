import { z } from 'zod';
import { CHIPS } from './chipCounts.js';

const column = z
  .union([z.string().min(1).max(60), z.int().min(0).max(999)])
  .describe('a column: its name (key, header, group) or its number from 0');

const UNITS = ['T', 'mT', 'uT', 'nT', 'pT', 'G', 'mG', 'counts'] as const;

/** `options` of the driver `text_line`. */
export const textLineSettings = z.strictObject({
  format: z
    .enum(['csv', 'json', 'teleplot', 'words', 'regex', 'registers'])
    .default('csv')
    .describe(
      'the form of the lines: csv, json (also with bare keys), teleplot, words (X: 1 Y: 2), regex, or registers (the data bytes of the chip of the preset in hexadecimal)',
    ),
  columns: z
    .array(
      z.strictObject({
        column,
        element: z
          .union([z.string().min(1).max(60), z.int().min(0).max(999)])
          .default(0)
          .describe('the element that it belongs to: name or number from 0'),
        axis: z.int().min(0).max(2).describe("the number of the element's axis, from 0"),
      }),
    )
    .min(1)
    .max(192)
    .default([
      { column: 1, element: 0, axis: 0 },
      { column: 2, element: 0, axis: 1 },
      { column: 3, element: 0, axis: 2 },
    ])
    .describe('the columns that hold readings'),
  element_column: column.optional().describe('the column that names the element, where every line is one element'),
  unit: z.enum(UNITS).default('uT').describe('the unit of the readings'),
  preset: z.enum(CHIPS).optional().describe('the chip whose counts the readings are'),
  range: z.string().max(20).optional().describe('the range or cycle count of the chip, such as 1.3G, 8G, 200'),
  scale: z.number().optional().describe('the number that a reading is multiplied by, in its unit'),
  offset: z.number().optional().describe('the number that is taken from a reading before'),
  time: z
    .strictObject({
      column,
      unit: z.enum(['s', 'ms', 'us', 'ns']).default('ms'),
      wrap: z.number().positive().optional().describe('the value at which it begins at 0 again; by default 2^32'),
    })
    .optional()
    .describe("the device's own time"),
  sequence: z
    .strictObject({
      column,
      wrap: z.number().positive().optional().describe('the value at which it begins at 0 again'),
      step: z.number().positive().default(1),
    })
    .optional()
    .describe('the counter of the lines'),
  checksum: z.enum(['none', 'xor', 'nmea']).default('none').describe('the checksum at the end of a line'),
  header: z
    .array(z.string().min(1).max(60))
    .max(1000)
    .optional()
    .describe('the names of the columns of csv; by default the header line that the device sends gives them'),
  count: z.int().min(1).max(1000).optional().describe('the number of columns of csv; lines with another are dropped'),
  end: z.string().length(1).optional().describe('the character that ends a line; by default a line feed or return'),
  separator: z.enum([',', ';', 'tab', 'space']).default(',').describe('what stands between the columns of csv'),
  comment: z.string().min(1).max(4).default('#').describe('how a line begins that is to be skipped'),
  pattern: z.string().min(1).max(200).optional().describe('the regular expression of a line, with named groups'),
  start: z.array(z.string().max(200)).max(20).default([]).describe('the lines sent to begin'),
  stop: z.array(z.string().max(200)).max(20).default([]).describe('the lines sent to end'),
});
export type TextLineSettings = z.output<typeof textLineSettings>;
/** A column's name, or its number from 0. */
export type TextLineColumn = z.output<typeof column>;
