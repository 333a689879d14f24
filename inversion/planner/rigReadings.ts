import { AXES } from '../../src/fieldMap.js';
import type { Rig } from '../../src/model/rig.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { averagedNoise } from './readingNoise.js';
import type { ScanCourse } from './scanCourse.js';

/** What a rig will read. */
export interface RigReadings {
  /** Values are zero; sigma is the noise of a point after averaging. */
  readonly readings: ScanReadings;
  /** Largest field of either sign that each reading can show, T. */
  readonly range: Float64Array;
}

/** An axis within this of a Cartesian one counts as it. */
const ALONG = 1 - 1e-9;

/** The readings of all sensing elements that move, point by point of the stage. */
export function rigReadings(rig: Rig, course: ScanCourse): RigReadings {
  const elements = rig.sensors
    .filter(sensor => sensor.role === 'scan')
    .flatMap(sensor => {
      const sigma = averagedNoise(sensor, { ...rig.scan, average: course.average }, course.record);
      return sensor.elements.map(element => ({ ...element, sigma, range: sensor.range }));
    });
  const perPoint = elements.reduce((sum, element) => sum + element.axes.length, 0);
  const count = course.x.length * perPoint;
  const of = () => new Float64Array(count);
  const [x, y, z, nx, ny, nz, sigma, range] = [of(), of(), of(), of(), of(), of(), of(), of()];
  const sample = new Int32Array(count);
  const component = new Uint8Array(count);
  const sensor = new Int32Array(count);
  const first = new Int32Array(course.x.length * elements.length + 1);
  let [r, s] = [0, 0];
  for (let i = 0; i < course.x.length; i++) {
    elements.forEach((element, e) => {
      first[s] = r;
      for (const axis of element.axes) {
        x[r] = course.x[i] + element.offset[0];
        y[r] = course.y[i] + element.offset[1];
        z[r] = course.z[i] + element.offset[2];
        [nx[r], ny[r], nz[r]] = axis;
        sigma[r] = element.sigma;
        range[r] = element.range;
        sample[r] = s;
        sensor[r] = e;
        const along = axis.findIndex(v => Math.abs(v) > ALONG);
        component[r] = along < 0 ? 3 : along;
        r++;
      }
      s++;
    });
  }
  first[s] = r;
  const value = of();
  const readings: ScanReadings = {
    ...{ x, y, z, nx, ny, nz, count, value, sigma, first, sample, component },
    footprint: undefined,
    sigmaStated: true,
    raw: value,
    sensor: elements.length > 1 ? sensor : undefined,
    sensorNames: elements.map(element => element.name),
    axes: AXES.filter((_, k) => component.includes(k)),
  };
  return { readings, range };
}
