import type { RigSensor, ScanSettings } from '../../src/model/rig.js';

/** Mean over the interval: the constant of ln(record / average) in {@link averagedNoise}, 3/2 - Euler's gamma - ln(2 pi). */
const SLOW = 1.5 - 0.5772156649015329 - Math.log(2 * Math.PI);

/** How the current runs at a point, and for how long it is read. */
export type Course = Pick<ScanSettings, 'scheme' | 'average' | 'frequency'>;

/**
 * Standard deviation of the field that a point gets, T, from a noise with the one-sided density S (1 + corner / f),
 * S = 2 noise^2 / rate. With n = rate * average readings, after the mean of each interval:
 *
 * | scheme | what is taken | white | of the 1/f part, times S corner |
 * |---|---|---|---|
 * | steady | mean | noise^2 / n | ln(record / average) + 3/2 - gamma - ln 2 pi |
 * | reversed | half the difference of two halves | noise^2 / n | ln 2 |
 * | on_off | difference of two halves | 4 noise^2 / n | 4 ln 2 |
 * | lock_in | amplitude at the frequency | 2 noise^2 / n | 2 / (frequency * 2 average) |
 *
 * The integrals are those of |H|^2 / f over f: sinc^2 from 1 / record on, and sinc^2(u) sin^2(pi u) / u, which is ln 2.
 * @param record over which drift builds up before something takes it away (the whole scan, or from one repeat of the first
 * point to the next), s; matters to steady only
 */
export function averagedNoise(
  { noise, rate, corner }: Pick<RigSensor, 'noise' | 'rate' | 'corner'>,
  { scheme, average, frequency }: Course,
  record: number,
): number {
  const readings = Math.max(1, rate * average);
  const white = noise ** 2 / readings;
  const slow = ((2 * noise ** 2) / rate) * corner;
  switch (scheme) {
    case 'steady':
      return Math.sqrt(white + slow * Math.max(0, Math.log(record / average) + SLOW));
    case 'reversed':
      return Math.sqrt(white + slow * Math.LN2);
    case 'on_off':
      return 2 * Math.sqrt(white + slow * Math.LN2);
    case 'lock_in':
      return Math.sqrt(2 * white * (1 + corner / frequency!));
  }
}

/** The shortest averaging that reaches a standard deviation, s; at most the longest allowed. */
export function averagingFor(
  sigma: number,
  sensor: Pick<RigSensor, 'noise' | 'rate' | 'corner'>,
  course: Course,
  record: number,
): number {
  const at = (average: number) => averagedNoise(sensor, { ...course, average }, record);
  if (at(course.average) >= sigma) return course.average;
  let [low, high] = [1 / sensor.rate, course.average];
  for (let i = 0; i < 50; i++) {
    const middle = Math.sqrt(low * high);
    if (at(middle) > sigma) low = middle;
    else high = middle;
  }
  return high;
}
