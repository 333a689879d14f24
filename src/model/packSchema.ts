import { z } from 'zod';
import { lead } from './cellSchema.js';
import { label, MOST_ENTRIES, point_mm } from './schemaParts.js';

/** Most points of a table over the state of charge. */
const MOST_TABLE_POINTS = 5000;
/** Most steps of a load. */
const MOST_STEPS = 10_000;

const soc = z.number().min(0).max(1);

const tableSoc = z
  .array(soc)
  .min(2)
  .max(MOST_TABLE_POINTS)
  .describe('the states of charge of the table, ascending from 0 to 1');
const tableOf = (value: z.ZodNumber, unit: string) =>
  z.array(value).min(2).max(MOST_TABLE_POINTS).describe(`the values of the table, ${unit}`);

const positiveOhm = z.number().positive().max(1e9);
const ohm = z.number().nonnegative().max(1e9);
const volt = z.number().min(-1e4).max(1e4);
const ampere = z.number().min(-1e6).max(1e6);

const packedCell = z.strictObject({
  name: label.describe('the name of the cell within the pack'),
  cell: z.string().min(1).max(4000).describe("the path of the cell's YAML file, relative to this file"),
  at_mm: point_mm.describe('the lower left corner [x, y] of the bounding box of the unrotated outline, mm'),
  rotate_deg: z
    .number()
    .min(-3600)
    .max(3600)
    .default(0)
    .describe('the anticlockwise rotation about the centre of the bounding box, degrees'),
  group: label
    .optional()
    .describe(
      'the name of its group: in a parallel pack the cells of a group are a string in series, in a series pack they are in parallel',
    ),
  resistance_ohm: z
    .union([positiveOhm, z.strictObject({ soc: tableSoc, ohm: tableOf(positiveOhm, 'ohm') })])
    .optional()
    .describe(
      "the resistance between the tabs of the cell, ohm: a number, or {soc: [...], ohm: [...]} over the state of charge; by default that of the electrodes in the cell's file, without the foils",
    ),
  resistance_factor: z
    .number()
    .positive()
    .max(1e6)
    .optional()
    .describe('the factor on the resistance of the cell: 1.2 for one 20 % higher; by default 1'),
  connection_ohm: ohm
    .optional()
    .describe('the resistance of the connection between the cell and the busbars, ohm; by default 0'),
  capacity_Ah: z
    .number()
    .positive()
    .max(1e6)
    .optional()
    .describe('the charge between state of charge 0 and 1, Ah; without it the state of charge stays'),
  soc: soc.optional().describe('the state of charge at the beginning, 0 to 1; by default 0.5'),
  ocv_V: z
    .union([volt, z.strictObject({ soc: tableSoc, V: tableOf(volt, 'V') })])
    .optional()
    .describe(
      'the open-circuit voltage, V: a number, or {soc: [...], V: [...]} over the state of charge; by default 0, so that the resistances alone share the current',
    ),
});

const busbar = z
  .strictObject({
    segment_ohm: ohm
      .default(0)
      .describe(
        'the resistance of the piece of one busbar between two neighbours in parallel (there are two such busbars), ohm',
      ),
    joint_ohm: ohm.default(0).describe('the resistance of the joint between two neighbours in series, ohm'),
    terminals: z
      .enum(['same_end', 'opposite_ends'])
      .default('same_end')
      .describe(
        'the ends of the two busbars at which the current comes and goes: both at the first cell, or crosswise',
      ),
  })
  .describe('the busbars between the cells');

const step = z
  .strictObject({
    current_A: ampere.describe('the current of the pack, A, positive when charging'),
    duration_s: z.number().positive().max(1e9).describe('the time that it lasts, s'),
    every_s: z
      .number()
      .positive()
      .max(1e9)
      .optional()
      .describe('the time between two results, s; by default the whole duration'),
  })
  .describe('a time of constant current');

/** `pack.yaml`: cells that stand side by side. */
export const packSchema = z
  .strictObject({
    name: label.describe('the name of the pack'),
    topology: z.enum(['parallel', 'series']).default('parallel').describe('the way the cells are connected'),
    cells: z.array(packedCell).min(1).max(MOST_ENTRIES).describe('the cells'),
    current_A: ampere
      .optional()
      .describe(
        "the current of the pack, A, positive when charging; by default what the current_A in the cells' files adds up to",
      ),
    busbar: busbar.optional(),
    load: z
      .array(step)
      .min(1)
      .max(MOST_STEPS)
      .optional()
      .describe('the current of the pack over time, step by step; by default current_A at one moment'),
    leads: z
      .array(lead)
      .max(MOST_ENTRIES)
      .default([])
      .describe('the wires and strips whose path is known and whose share is of the current of the pack'),
  })
  .describe('A pack for Savart: which cells stand where, and how they are connected');

/** `pack.yaml` with its defaults filled in, in the units of the file. */
export type PackFile = z.output<typeof packSchema>;

/** The JSON Schema (draft 2020-12) of `pack.yaml`, for editors. */
export function packJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(packSchema, { io: 'input' });
  return { $schema, title: 'Savart pack.yaml', ...rest };
}
