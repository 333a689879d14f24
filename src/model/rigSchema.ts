import { z } from 'zod';
import { coordinate_mm, label, length_mm, MOST_ENTRIES } from './schemaParts.js';

/*
 * Descriptions are noun phrases with their unit: editors show them, and errors say 'give <description>'.
 */

/** What a sensor may speak; each has a codec of its own in `sensors/`. */
export const SENSOR_DRIVERS = [
  'text_line',
  'hmr2300',
  'qzfm',
  'qtfm_gen1',
  'qtfm_gen2',
  'twinleaf',
  'lakeshore_f71',
  'lakeshore_425',
  'magelement',
  'analogue',
] as const;
export const STAGE_DRIVERS = ['grbl', 'marlin', 'manual'] as const;
export const CURRENT_DRIVERS = ['scpi_supply', 'scpi_load', 'manual'] as const;

const connect = z
  .union([
    z.strictObject({
      port: z.string().min(1).max(400).describe('the serial port, such as /dev/ttyUSB0 or COM3'),
      baud: z
        .int()
        .min(300)
        .max(12_000_000)
        .optional()
        .describe("the speed of the port, bit/s; by default the driver's"),
    }),
    z.strictObject({
      tcp: z
        .string()
        .max(300)
        .regex(/^[^\s/]+:\d{1,5}$/, 'no host and port')
        .describe('the host and port, such as 192.168.1.7:7855'),
    }),
    z.strictObject({ virtual: z.literal(true).describe('what stands for the device: true, a simulated one') }),
  ])
  .describe('the way to the device: {port: ..., baud: ...}, {tcp: host:port} or {virtual: true}');

/** Settings of one driver; each driver checks its own. */
const options = z
  .record(z.string().max(60), z.unknown())
  .default({})
  .describe('the settings of the driver (docs/rig.md)');

const direction = z
  .tuple([z.number().min(-1).max(1), z.number().min(-1).max(1), z.number().min(-1).max(1)])
  .describe("a direction [x, y, z] in the rig's axes");

const element = z
  .strictObject({
    name: label.describe('the name of the sensing element'),
    offset_mm: z
      .tuple([coordinate_mm, coordinate_mm, coordinate_mm])
      .default([0, 0, 0])
      .describe("the place [x, y, z] of the sensing volume from the stage's point, mm"),
    axes: z
      .array(direction)
      .min(1)
      .max(3)
      .default([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ])
      .describe('the directions that its channels measure, in their order; by default x, y, z'),
    delay_s: z
      .number()
      .min(0)
      .max(10)
      .default(0)
      .describe('the delay: how much later than its time stamp it was read, s'),
  })
  .describe('one magnetometer of an array');

const sensor = z.strictObject({
  name: label.describe('the name of the sensor'),
  driver: z.enum(SENSOR_DRIVERS).describe('what the sensor speaks'),
  connect,
  options,
  preset: label.optional().describe('the sensor whose noise, range and steps it has, such as MMC5983MA'),
  noise_nT: z.number().positive().max(1e9).optional().describe('the white noise of one reading, nT'),
  range_uT: z.number().positive().max(1e9).optional().describe('the largest reading of either sign, uT'),
  rate_Hz: z.number().positive().max(1e6).describe('the number of readings per second'),
  corner_Hz: z
    .number()
    .min(0)
    .max(1e5)
    .default(0)
    .describe('the frequency below which the noise grows as 1/f, Hz; 0: white'),
  role: z
    .enum(['scan', 'reference'])
    .default('scan')
    .describe('the role: scan (it moves over the cell) or reference (it stands still and records drift)'),
  elements: z
    .array(element)
    .min(1)
    .max(MOST_ENTRIES)
    .optional()
    .describe('the sensing elements; by default one at the stage point'),
  calibration: z
    .string()
    .min(1)
    .max(4000)
    .optional()
    .describe('the file that savart calibrate wrote, relative to this one'),
});

const interval_mm = z.tuple([coordinate_mm, coordinate_mm]).describe('the ends [from, to], mm');

const stage = z
  .strictObject({
    driver: z.enum(STAGE_DRIVERS).describe('what the gantry speaks'),
    connect: connect.optional(),
    options,
    travel_mm: z
      .strictObject({ x: interval_mm, y: interval_mm, z: interval_mm.optional() })
      .describe("the soft limits in the stage's own coordinates, {x: [from, to], y: ..., z: ...}, mm"),
    cell_at_mm: z
      .tuple([coordinate_mm, coordinate_mm, coordinate_mm])
      .describe("the stage's position when its point stands over the cell's origin at z = 0, mm"),
    flip: z
      .array(z.enum(['x', 'y', 'z']))
      .max(3)
      .default([])
      .describe("the axes along which the stage's coordinate falls where the cell's grows"),
    feed_mm_per_s: z.number().positive().max(1e4).default(50).describe('the speed of moves, mm/s'),
    acceleration_mm_per_s2: z.number().positive().max(1e6).default(500).describe('the acceleration of moves, mm/s2'),
    settle_s: z.number().min(0).max(60).default(0.2).describe('the wait after a move before a reading counts, s'),
    home: z.boolean().default(true).describe('the choice whether it is sent home before a scan'),
  })
  .describe('what moves the sensors over the cell');

const current = z
  .strictObject({
    driver: z.enum(CURRENT_DRIVERS).describe('what sets the current'),
    connect: connect.optional(),
    options,
    limit_A: z.number().positive().max(1e6).describe('the largest current of either sign that may be set, A'),
  })
  .describe('what drives the current through the cell');

const scan = z
  .strictObject({
    area_mm: z
      .strictObject({ x: interval_mm, y: interval_mm })
      .optional()
      .describe("the area in the cell's axes, {x: [from, to], y: [from, to]}, mm; by default outline and margin"),
    margin_mm: coordinate_mm
      .min(0)
      .default(20)
      .describe('the margin: how far the samples reach beyond the outline, mm'),
    pitch_mm: length_mm.default(2.5).describe('the distance of the samples, mm'),
    heights_mm: z
      .array(coordinate_mm)
      .min(1)
      .max(MOST_ENTRIES)
      .default([5])
      .describe('the heights of the planes above the middle of the stack, mm; below the cell negative'),
    mode: z
      .enum(['step', 'fly'])
      .default('step')
      .describe('the mode: step (stop at every point) or fly (read along moving lines)'),
    average_s: z.number().positive().max(3600).default(0.1).describe('the time of averaging per point, s'),
    target_sigma_nT: z
      .number()
      .positive()
      .max(1e9)
      .optional()
      .describe('the standard error at which a point is done before its time is over, nT'),
    scheme: z
      .enum(['steady', 'on_off', 'reversed', 'lock_in'])
      .default('steady')
      .describe('the course of the current at every point'),
    current_A: z.number().min(-1e6).max(1e6).optional().describe("the current, A; by default the cell's"),
    frequency_Hz: z.number().positive().max(1e5).optional().describe('the frequency of the current for lock_in, Hz'),
    mains_Hz: z
      .union([z.literal(50), z.literal(60), z.literal(0)])
      .default(50)
      .describe('the frequency of the mains: 50, 60 or 0 (none), Hz'),
    repeat_every: z
      .int()
      .min(0)
      .max(1e6)
      .default(50)
      .describe('the number of points after which the first is read again; 0: never'),
  })
  .describe('the plan of the scan');

/** `rig.yaml`: what measures, what moves, what drives the current, and how it is scanned. */
export const rigSchema = z
  .strictObject({
    name: label.describe('the name of the rig'),
    sensors: z.array(sensor).min(1).max(MOST_ENTRIES).describe('the magnetometers'),
    stage: stage.optional(),
    current: current.optional(),
    scan: scan.prefault({}),
    gain_error_pct: z
      .number()
      .min(0)
      .max(100)
      .default(0.5)
      .describe('the error of the gain from reading to reading, %'),
    position_error_mm: z
      .number()
      .min(0)
      .max(100)
      .default(0.1)
      .describe('the error of the position along each axis, mm'),
  })
  .describe('A scanning rig for Savart: sensors, stage, current source and plan');

/** `rig.yaml` with its defaults filled in, in the units of the file. */
export type RigFile = z.output<typeof rigSchema>;

/** The JSON Schema (draft 2020-12) of `rig.yaml`, for editors; units stand in the keys and descriptions. */
export function rigJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(rigSchema, { io: 'input' });
  return { $schema, title: 'Savart rig.yaml', ...rest };
}
