import { z } from 'zod';

/** Nothing on a bench is further away, mm: catches metres written as micrometres, and keeps squares in range. */
export const FARTHEST_MM = 1e5;
/** Most entries of a list (tabs, leads, sheets, cells, parts). */
export const MOST_ENTRIES = 200;
/** Most corners of a polygon and points of a lead's path: the search for crossings is quadratic. */
export const MOST_POINTS = 2000;
/** Most corners of one of many polygons. */
export const MOST_MASK_CORNERS = 200;

/** A coordinate, mm. */
export const coordinate_mm = z.number().min(-FARTHEST_MM).max(FARTHEST_MM);
/** A length, mm, positive. */
export const length_mm = z.number().positive().max(FARTHEST_MM);
/** A name for people, one line. */
export const label = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, 'holds a line break or another control character');
/** A point on the cell's face, mm. */
export const point_mm = z.tuple([coordinate_mm, coordinate_mm]).describe('a point [x, y], mm');
/** Corners of a polygon, mm, in order. */
export const polygon_mm = (most: number) => z.array(point_mm).min(3).max(most);
