import { heightText } from './inversionPanel.js';

/** Samples that a picture shows together. */
export interface MeasuringPlane {
  /** ', z = 7 mm'; empty where there is one plane only. */
  readonly name: string;
  readonly samples: readonly number[];
}

/** Heights closer than this are one plane, m. */
const SAME_PLANE = 0.5e-3;
const MOST_PLANES = 3;

/**
 * The samples by their heights, highest first, where there are two or three planes; above and below the cell where the
 * heights vary; else all together. Samples of different planes lie over one another on a picture.
 */
export function measuringPlanes(z: Float64Array): MeasuringPlane[] {
  const all = Array.from(z, (_, i) => i);
  const heights: number[] = [];
  for (const height of z) {
    if (heights.some(h => Math.abs(h - height) < SAME_PLANE)) continue;
    heights.push(height);
    if (heights.length > MOST_PLANES) break;
  }
  if (heights.length === 1) return [{ name: '', samples: all }];
  if (heights.length <= MOST_PLANES) {
    return heights
      .sort((a, b) => b - a)
      .map(height => ({
        name: `, z = ${heightText(height)}`,
        samples: all.filter(i => Math.abs(z[i] - height) < SAME_PLANE),
      }))
      .filter(plane => plane.samples.length > 0);
  }
  const above = all.filter(i => z[i] >= 0);
  const below = all.filter(i => z[i] < 0);
  if (above.length === 0 || below.length === 0) return [{ name: '', samples: all }];
  return [
    { name: ', above', samples: above },
    { name: ', below', samples: below },
  ];
}

/** The values of some samples. */
export function pickSamples(values: Float64Array, samples: readonly number[]): Float64Array {
  return Float64Array.from(samples, i => values[i]);
}
