import type { SampleBlock } from '../samples.js';

/** Part of the delays below which the line of the clocks runs: bytes come late, never early. */
const EARLY = 0.05;

/**
 * When the samples were taken, on the host's clock, s. Bytes come in bursts; the device's own clock (else its counter,
 * else the place in the row) runs evenly, so host time is a straight line of it, and what comes late does not count: the
 * line lies at the early side of the arrivals.
 */
export function sampleTimes(block: Pick<SampleBlock, 'count' | 'hostTime' | 'deviceTime' | 'counter'>): Float64Array {
  const { count, hostTime, deviceTime, counter } = block;
  if (count < 3) return hostTime.slice(0, count);
  const known = (clock: Float64Array) => Number.isFinite(clock[0]) && Number.isFinite(clock[count - 1]);
  const ticks = known(deviceTime)
    ? deviceTime
    : known(counter)
      ? counter
      : Float64Array.from({ length: count }, (_, i) => i);
  let [meanTick, meanHost] = [0, 0];
  for (let i = 0; i < count; i++) {
    meanTick += ticks[i] / count;
    meanHost += hostTime[i] / count;
  }
  let [square, product] = [0, 0];
  for (let i = 0; i < count; i++) {
    square += (ticks[i] - meanTick) ** 2;
    product += (ticks[i] - meanTick) * (hostTime[i] - meanHost);
  }
  if (!(square > 0)) return hostTime.slice(0, count);
  // A short row of a device clock says nothing of the ratio of the clocks; both count seconds.
  const slope = ticks === deviceTime && Math.abs(product / square - 1) > 1e-3 ? 1 : product / square;
  const late = Float64Array.from({ length: count }, (_, i) => hostTime[i] - slope * ticks[i]).sort();
  const start = late[Math.floor(EARLY * (count - 1))];
  return Float64Array.from({ length: count }, (_, i) => start + slope * ticks[i]);
}

/** Readings per second, from the times of the samples; NaN for fewer than two. */
export function sampleRate(times: Float64Array): number {
  const n = times.length;
  return n < 2 || times[n - 1] <= times[0] ? Number.NaN : (n - 1) / (times[n - 1] - times[0]);
}
