import { z } from 'zod';
import { coordinate_mm, label, length_mm, MOST_ENTRIES, point_mm } from '../../model/schemaParts.js';

const foil = z.enum(['positive', 'negative']).describe('the foil, positive or negative');
const pair = z
  .union([z.int().min(1).max(10_000), z.enum(['top', 'bottom', 'all'])])
  .default('top')
  .describe('the electrode pair: a number from 1 (the lowest), top, bottom or all');
const at_mm = point_mm.describe('the middle [x, y] of the defect, mm');
const radius_mm = length_mm.describe('the radius, mm');
const fraction = z.number().min(0).max(1);

/** Every defect under its name; a document holds one or more. */
const defects = {
  hole: z.strictObject({ foil, at_mm, radius_mm, pair }).describe('a round hole in a foil'),
  slit: z
    .strictObject({
      foil,
      from_mm: point_mm.describe('the beginning [x, y] of the slit, mm'),
      to_mm: point_mm.describe('the end [x, y] of the slit, mm'),
      width_mm: length_mm.default(1).describe('the width of the slit, mm'),
      pair,
    })
    .describe('a straight cut through a foil'),
  thinned_foil: z
    .strictObject({
      foil,
      at_mm,
      radius_mm,
      conductance: z.number().min(0).max(100).default(0.5).describe('the conductance relative to the whole foil'),
      pair,
    })
    .describe('a round place where a foil conducts less'),
  partial_weld: z
    .strictObject({
      tab: label.describe('the name of the tab'),
      part: z
        .tuple([fraction, fraction])
        .refine(([a, b]) => b > a, 'the weld ends where it begins or before')
        .default([0, 0.5])
        .describe('the part [from, to] of the width that is welded, 0 to 1, anticlockwise along the outline'),
      pair,
    })
    .describe('a tab that is welded over a part of its width'),
  missing_tab: z
    .strictObject({ tab: label.describe('the name of the tab'), pair })
    .describe('a tab that is torn off; the others of its foil take its current over'),
  misalignment: z
    .strictObject({
      shift_mm: z
        .tuple([coordinate_mm, coordinate_mm])
        .describe('the shift [x, y] of one electrode against the other, mm'),
      pair,
    })
    .describe('electrodes that no longer face each other everywhere'),
  fold: z
    .strictObject({
      foil,
      line_mm: z.tuple([point_mm, point_mm]).describe('two points [[x, y], [x, y]] of the fold, mm'),
      pair,
    })
    .describe('an electrode folded over; the smaller part lies on the larger'),
  dead_spot: z
    .strictObject({ at_mm, radius_mm, activity: fraction.default(0).describe('the part of the reaction left'), pair })
    .describe('a place of the electrodes that takes no part'),
  hot_spot: z
    .strictObject({
      at_mm,
      radius_mm,
      resistance: z.number().min(1e-3).max(1).default(0.2).describe('the area resistance relative to the usual'),
      pair,
    })
    .describe('a place of the electrodes that takes more current'),
  short: z
    .strictObject({
      at_mm,
      radius_mm: radius_mm.default(2),
      current_A: z.number().positive().max(1e6).default(0.1).describe('the current of the short at open circuit, A'),
      pair,
    })
    .describe('a soft short between the foils'),
  open_layer: z.strictObject({ pair }).describe('an electrode pair that has lost its connection'),
  external_short: z
    .strictObject({
      current_A: z.number().positive().max(1e6).describe('the current of the short at open circuit, A'),
      path_mm: z
        .array(z.tuple([coordinate_mm, coordinate_mm, coordinate_mm]))
        .min(2)
        .max(MOST_ENTRIES)
        .optional()
        .describe('the path of its wire from the positive to the negative tab, mm; default: below the cell'),
    })
    .describe('a conductor across the tabs outside the cell'),
};

const one = z.strictObject(
  Object.fromEntries(Object.entries(defects).map(([name, schema]) => [name, schema.optional()])) as {
    [K in keyof typeof defects]: z.ZodOptional<(typeof defects)[K]>;
  },
);

/** `name: {...}`, or a list of such. Units stand in the keys. */
export const defectsSchema = z
  .union([one, z.array(one).min(1).max(MOST_ENTRIES)])
  .describe('a defect, as name: {place, size, strength}, or a list of them');

/** A map of defects in the units of the file. */
export type DefectFile = z.output<typeof one>;

/** The names of the library. */
export const DEFECT_NAMES = Object.keys(defects) as (keyof typeof defects)[];

/** The JSON Schema (draft 2020-12) of defects for `savart simulate --defect`. */
export function defectsJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(defectsSchema, { io: 'input' });
  return { $schema, title: 'Savart defects', ...rest };
}
