import { z } from 'zod';
import {
  coordinate_mm,
  label,
  length_mm,
  MOST_ENTRIES,
  MOST_MASK_CORNERS,
  MOST_POINTS,
  point_mm,
  polygon_mm,
} from './schemaParts.js';

/*
 * Descriptions are noun phrases with their unit: editors show them, and errors say 'give <description>'.
 */

const share = z
  .number()
  .min(-100)
  .max(100)
  .describe(
    'the part of current_A that it carries, + into the plane of the cell; the shares of all tabs add up to zero',
  );

const tab = z
  .strictObject({
    name: label.describe('the name of the tab'),
    at_mm: z
      .tuple([point_mm, point_mm])
      .describe('the two ends [[x, y], [x, y]] of the segment of the outline where the tab joins the cell, mm'),
    share,
    length_mm: z
      .number()
      .nonnegative()
      .max(1e5)
      .optional()
      .describe(
        'the length of the strip from the outline to where the current is uniform, mm; without it the profile of the current is fitted',
      ),
    polarity: z
      .enum(['positive', 'negative'])
      .optional()
      .describe('the foil that the tab belongs to; by default its name, if that is positive or negative'),
  })
  .describe('a tab: a segment of the outline through which current enters or leaves');

/** A lead, in `cell.yaml` and `pack.yaml`. */
export const lead = z
  .strictObject({
    name: label.describe('the name of the lead'),
    path_mm: z
      .array(z.array(coordinate_mm).min(2).max(3).describe('a point [x, y] (at z = 0) or [x, y, z], mm'))
      .min(2)
      .max(MOST_POINTS)
      .describe('the points of the path, mm, in the direction of the current of a positive share'),
    width_mm: length_mm.optional().describe('the width of a flat lead whose face looks up, mm; without it a thin wire'),
    share: z.number().min(-100).max(100).describe('the part of current_A that flows along the path'),
  })
  .describe('a wire or strip whose path is known');

const returnPlate = z
  .strictObject({
    z_mm: coordinate_mm.describe('the height of the plate above the middle plane of the stack, mm'),
    share: z
      .number()
      .min(-100)
      .max(100)
      .default(-1)
      .describe("the plate's sheet current in units of the healthy cell's; -1 leads all of it back the same way"),
  })
  .describe('a plane plate parallel to the cell that carries its current back');

const foil = z.strictObject({
  thickness_um: z.number().positive().max(1e5).describe('the thickness of one foil, um'),
  conductivity_S_per_m: z.number().positive().max(1e10).describe('the conductivity of the foil, S/m'),
});

const electrical = z
  .strictObject({
    pairs: z.int().min(1).max(10_000).default(1).describe('the number of electrode pairs in parallel'),
    positive_foil: foil.describe('the current collector of the positive electrode'),
    negative_foil: foil.describe('the current collector of the negative electrode'),
    area_resistance_ohm_cm2: z
      .number()
      .positive()
      .max(1e9)
      .describe('the resistance of one electrode pair times its area, ohm cm2'),
    foil_distance_mm: z
      .number()
      .nonnegative()
      .max(1e5)
      .optional()
      .describe(
        'the distance of the two foils of a pair, mm; by default 0.15, or half the thickness per pair where that is less',
      ),
  })
  .describe('what a simulation needs to know of the foils and electrodes');

/** `cell.yaml`: what is known of a cell before it is measured. Lengths in mm as the keys say. */
export const cellSchema = z
  .strictObject({
    name: label.describe('the name of the cell'),
    outline_mm: z
      .union([
        z.strictObject({
          width: length_mm.min(0.01).describe('the size along x, mm'),
          height: length_mm.min(0.01).describe('the size along y, mm'),
        }),
        polygon_mm(MOST_POINTS),
      ])
      .describe(
        'the outline of the foils: {width, height} from the lower left corner, or the corners of a polygon, mm',
      ),
    thickness_mm: length_mm.describe('the thickness of the stack, mm'),
    sheets_mm: z
      .array(coordinate_mm)
      .min(1)
      .max(MOST_ENTRIES)
      .default([0])
      .describe('the heights of the current sheets above the middle plane of the stack, mm'),
    current_A: z
      .number()
      .min(-1e6)
      .max(1e6)
      .optional()
      .describe('the current that a share of 1 stands for, A; positive when charging if the positive tab has share 1'),
    tabs: z.array(tab).max(MOST_ENTRIES).default([]).describe('the tabs'),
    leads: z.array(lead).max(MOST_ENTRIES).default([]).describe('the wires and strips whose path is known'),
    return_plate: returnPlate.optional(),
    applied_field_uT: z
      .tuple([z.number().min(-1e9).max(1e9), z.number().min(-1e9).max(1e9), z.number().min(-1e9).max(1e9)])
      .optional()
      .describe('the applied field [x, y, z] that magnetises the cell, uT'),
    electrical: electrical.optional(),
    masked: z
      .array(z.strictObject({ at_mm: polygon_mm(MOST_MASK_CORNERS).describe('the corners of the polygon, mm') }))
      .max(MOST_ENTRIES)
      .default([])
      .describe('the parts of the view whose samples are left out, as polygons'),
    magnetic_parts: z
      .array(
        z.strictObject({
          name: label.describe('the name of the part'),
          at_mm: point_mm.describe('the place [x, y] of the part, mm'),
          z_mm: coordinate_mm.describe('the height of the part above the middle plane of the stack, mm'),
        }),
      )
      .max(MOST_ENTRIES)
      .default([])
      .describe('the steel or nickel parts, each fitted as a dipole'),
  })
  .describe('A battery cell for Savart: outline, tabs, sheets and what surrounds them');

/** `cell.yaml` with its defaults filled in, in the units of the file. */
export type CellFile = z.output<typeof cellSchema>;

/** The JSON Schema (draft 2020-12) of `cell.yaml`, for editors; units stand in the keys and descriptions. */
export function cellJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(cellSchema, { io: 'input' });
  return { $schema, title: 'Savart cell.yaml', ...rest };
}
