import { z } from 'zod';
import { label, MOST_ENTRIES, point_mm } from './schemaParts.js';

/** `pack.yaml`: cells that stand side by side. */
export const packSchema = z
  .strictObject({
    name: label.describe('the name of the pack'),
    topology: z.enum(['parallel', 'series']).default('parallel').describe('the way the cells are connected'),
    cells: z
      .array(
        z.strictObject({
          name: label.describe('the name of the cell within the pack'),
          cell: z.string().min(1).max(4000).describe("the path of the cell's YAML file, relative to this file"),
          at_mm: point_mm.describe('the lower left corner [x, y] of the bounding box of the unrotated outline, mm'),
          rotate_deg: z
            .number()
            .min(-3600)
            .max(3600)
            .default(0)
            .describe('the anticlockwise rotation about the centre of the bounding box, degrees'),
        }),
      )
      .min(1)
      .max(MOST_ENTRIES)
      .describe('the cells'),
  })
  .describe('A pack for Savart: which cells stand where');

/** `pack.yaml` with its defaults filled in, in the units of the file. */
export type PackFile = z.output<typeof packSchema>;

/** The JSON Schema (draft 2020-12) of `pack.yaml`, for editors. */
export function packJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(packSchema, { io: 'input' });
  return { $schema, title: 'Savart pack.yaml', ...rest };
}
