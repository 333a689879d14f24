import { z } from 'zod';
import type { Vector3 } from './model/rig.js';

/**
 * What a scan is doing: `pausing` ends when the point in progress is done; `ended` is a scan that is complete, stopped or
 * broken off, and `doing` says which.
 */
export type ScanState = 'preparing' | 'scanning' | 'pausing' | 'paused' | 'ended';

/** A place of the map that was read. */
export interface LivePoint {
  /** Index in the elements of the plan. */
  readonly element: number;
  /** Index in the heights of the plan. */
  readonly plane: number;
  /** In the cell's axes, m. */
  readonly at: Vector3;
  /** Along the element's axes, T. */
  readonly values: readonly number[];
  /** Standard errors, T. */
  readonly sigma: readonly number[];
}

/** A scan as it stands, in SI: numbers, strings and lists of them. */
export interface ScanSnapshot {
  readonly state: ScanState;
  /** What is being done, in words. */
  readonly doing: string;
  readonly plan: {
    /** The raster of the map, m. */
    readonly columns: readonly number[];
    readonly rows: readonly number[];
    readonly pitch: number;
    readonly heights: readonly number[];
    readonly elements: readonly { readonly name: string; readonly axes: readonly Vector3[] }[];
    /** Of the whole scan, repetitions included. */
    readonly steps: number;
  };
  /** Steps that are done. */
  readonly done: number;
  /** Until the end, s; before the first step the plan's estimate. */
  readonly remaining: number;
  /** Median standard error of the places, but for the very last ones, and axes, T; null: nothing was read yet. */
  readonly sigma: number | null;
  /** The places that were read, in their order, from the one on that was asked for. */
  readonly points: readonly LivePoint[];
  /** How many there are altogether: ask from here next time. */
  readonly read: number;
  /** The last sentences for people, oldest first. */
  readonly messages: readonly string[];
}

/** From the program that scans to its page: the points follow those of the news before. */
export interface ScanNews {
  readonly type: 'scan';
  /** Of the file that the scan is for. */
  readonly name: string;
  readonly scan: ScanSnapshot;
}

/** From the page to the program that scans. */
export interface ScanOrder {
  readonly type: 'steer';
  readonly to: 'pause' | 'resume' | 'stop';
}

/** Points that one piece of news holds at most. */
export const MOST_NEWS = 5000;

const MOST_PLACES = 1e6;
const text = z.string().max(5000);
const finite = z.number();
const places = z.array(finite).min(1).max(MOST_PLACES);
const vector = z.tuple([finite, finite, finite]);
/** JSON has no NaN and writes null. */
const known = z
  .number()
  .nullable()
  .transform(value => value ?? Number.NaN);
const count = z.int().min(0);

const newsSchema = z
  .strictObject({
    type: z.literal('scan'),
    name: text,
    scan: z.strictObject({
      state: z.enum(['preparing', 'scanning', 'pausing', 'paused', 'ended']),
      doing: text,
      plan: z.strictObject({
        columns: places,
        rows: places,
        pitch: z.number().positive(),
        heights: z.array(finite).min(1).max(1000),
        elements: z
          .array(z.strictObject({ name: text, axes: z.array(vector).min(1).max(3) }))
          .min(1)
          .max(1000),
        steps: count,
      }),
      done: count,
      remaining: z.number().min(0),
      sigma: z.number().nullable(),
      points: z
        .array(
          z.strictObject({
            element: count,
            plane: count,
            at: vector,
            values: z.array(known).max(3),
            sigma: z.array(known).max(3),
          }),
        )
        .max(MOST_NEWS),
      read: count,
      messages: z.array(text).max(1000),
    }),
  })
  .refine(({ scan: { plan } }) => plan.columns.length * plan.rows.length <= MOST_PLACES)
  .refine(({ scan: { points, plan } }) =>
    points.every(({ element, plane, values, sigma }) => {
      const channels = plan.elements[element]?.axes.length;
      return plane < plan.heights.length && values.length === channels && sigma.length === channels;
    }),
  );

const orderSchema = z.strictObject({ type: z.literal('steer'), to: z.enum(['pause', 'resume', 'stop']) });

/** News of a scan; undefined: it is none. @param json as `JSON.parse` gives it */
export function parseScanNews(json: unknown): ScanNews | undefined {
  return newsSchema.safeParse(json).data;
}

/** An order of the page; undefined: it is none. @param message as it came over the socket */
export function parseScanOrder(message: string): ScanOrder | undefined {
  try {
    return orderSchema.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}
