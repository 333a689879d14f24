import { z } from 'zod';

/*
 * Descriptions are noun phrases with their unit: errors say 'give <description>'.
 */

const vector = z.tuple([z.number(), z.number(), z.number()]);
const matrix = z.tuple([vector, vector, vector]);

const element = z
  .strictObject({
    name: z.string().min(1).max(200).describe('the name of the element, as in the rig'),
    gain: matrix.describe('the matrix M: what the readings less their offset are multiplied with, row by row'),
    offset_nT: vector.describe('the offset o at the reference temperature, along the channels, nT'),
    offset_slope_nT_per_K: vector.default([0, 0, 0]).describe('the growth of the offset with temperature, nT/K'),
    gain_slope_per_K: z
      .number()
      .default(0)
      .describe('the relative growth of the gain of the sensor with temperature, 1/K'),
    reference_degC: z.number().optional().describe('the temperature at which gain and offset hold, degC'),
    turn_deg: vector
      .default([0, 0, 0])
      .describe('the rotation vector from the axes of the element to those of the rig, degrees'),
    shift_mm: vector.default([0, 0, 0]).describe('the place of the sensing volume less that which the rig gives, mm'),
    errors: z
      .strictObject({
        gain: matrix.optional(),
        offset_nT: vector.optional(),
        offset_slope_nT_per_K: vector.optional(),
        gain_slope_per_K: z.number().optional(),
        turn_deg: vector.optional(),
        shift_mm: vector.optional(),
      })
      .default({})
      .describe('one standard deviation of each'),
  })
  .describe('the calibration of one element');

/** A file that `savart calibrate` writes. */
export const calibrationSchema = z
  .strictObject({
    savart_calibration: z.literal(1).describe('the version of this format'),
    sensor: z.string().min(1).max(200).describe('the name of the sensor, as in the rig'),
    date: z.string().max(60).describe('when it was made, ISO 8601'),
    program: z.string().max(60).describe('what made it'),
    steps: z
      .array(
        z.strictObject({
          kind: z.enum(['rotations', 'wire', 'flips', 'temperature']),
          date: z.string().max(60),
          input: z.string().max(4000),
          sha256: z.string().max(64),
          readings: z.int().min(0),
          residual_nT: z.number().min(0),
        }),
      )
      .max(100)
      .describe('the measurements behind it, with the root mean square of what each fit left'),
    elements: z.array(element).min(1).max(4096),
  })
  .describe('Gain, axes, offset and place of the elements of a sensor');

export type Calibration = z.output<typeof calibrationSchema>;
export type ElementCalibration = Calibration['elements'][number];
