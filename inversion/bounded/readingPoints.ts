import { type FieldVectors, type Positions, zeroField } from '../../src/biotSavart/index.js';
import { type Footprint, POINT_SENSOR, type Readings } from '../../src/forward/index.js';
import { findSites } from '../../src/forward/readings.js';

/** The points at which the field of a closed form is needed for readings, each place once. */
export interface ReadingPoints {
  /** Every point of the footprint at every place. */
  readonly positions: Positions;
  /** The field at these points -> readings, T along their directions. */
  readings(field: FieldVectors): Float64Array;
}

/** @param footprint where each sensor averages; default a point */
export function readingPoints(readings: Readings, footprint: Footprint = POINT_SENSOR): ReadingPoints {
  const { count, example, ofReading } = findSites(readings);
  const per = footprint.weight.length;
  const positions = zeroField(count * per);
  for (let s = 0, i = 0; s < count; s++) {
    for (let q = 0; q < per; q++, i++) {
      positions.bx[i] = readings.x[example[s]] + footprint.dx[q];
      positions.by[i] = readings.y[example[s]] + footprint.dy[q];
      positions.bz[i] = readings.z[example[s]] + footprint.dz[q];
    }
  }
  return {
    positions: { x: positions.bx, y: positions.by, z: positions.bz },
    readings({ bx, by, bz }) {
      return Float64Array.from(ofReading, (site, r) => {
        let sum = 0;
        for (let q = 0, i = site * per; q < per; q++, i++) {
          sum += footprint.weight[q] * (readings.nx[r] * bx[i] + readings.ny[r] * by[i] + readings.nz[r] * bz[i]);
        }
        return sum;
      });
    },
  };
}
