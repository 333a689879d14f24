/** Readings of one place, repeated over time, of one channel; several places where planes follow one another. */
export interface Repeats {
  /** Ascending, s. */
  readonly time: Float64Array;
  /** T. */
  readonly value: Float64Array;
  /** T. */
  readonly sigma: Float64Array;
  /** Which place, 0, 1, ... in the order of time. */
  readonly place: Int32Array;
}

/** A smooth function of time. */
export interface Drift {
  /** T, about zero. */
  at(time: number): number;
  /** One standard deviation of it, T. */
  errorAt(time: number): number;
  /** Root mean square at the repetitions, T. */
  readonly size: number;
  /** Variance that it gains per second, T^2/s; 0: the repetitions agree within their errors. */
  readonly rate: number;
}

const NO_DRIFT: Drift = { at: () => 0, errorAt: () => 0, size: 0, rate: 0 };

/**
 * Drift from repeated points: a random walk whose rate follows from the differences of neighbours,
 * E (y_{k+1} - y_k)^2 = rate dt + sigma_k^2 + sigma_{k+1}^2, and whose course from least squares (a smoothing spline of
 * first order): sum ((y - c_place - d) / sigma)^2 + sum (d_{k+1} - d_k)^2 / (rate dt). Between repetitions it is a straight
 * line, with the variance of a bridge of the walk. Where the differences are no larger than their errors there is no drift.
 */
export function repeatDrift({ time, value, sigma, place }: Repeats): Drift {
  const n = time.length;
  let [excess, weight, spread] = [0, 0, 0];
  for (let k = 0; k + 1 < n; k++) {
    if (place[k] !== place[k + 1]) continue;
    const dt = time[k + 1] - time[k];
    const noise = sigma[k] ** 2 + sigma[k + 1] ** 2;
    excess += (value[k + 1] - value[k]) ** 2 - noise;
    // Neighbouring differences share a reading: three instead of two.
    spread += 3 * noise ** 2;
    weight += dt;
  }
  // Noise alone exceeds its mean by this once in a hundred times.
  if (!(weight > 0) || excess < 2.6 * Math.sqrt(spread)) return NO_DRIFT;
  const rate = excess / weight;
  const { course, variance } = smoothed({ time, value, sigma, place }, rate);
  const bracket = (t: number) => {
    let k = 0;
    while (k < n - 2 && time[k + 1] < t) k++;
    const span = time[k + 1] - time[k];
    return {
      k,
      u: Math.min(1, Math.max(0, (t - time[k]) / span)),
      span,
      beyond: Math.max(0, time[0] - t, t - time[n - 1]),
    };
  };
  return {
    at: t => {
      const { k, u } = bracket(t);
      return (1 - u) * course[k] + u * course[k + 1];
    },
    errorAt: t => {
      const { k, u, span, beyond } = bracket(t);
      const ends = (1 - u) * variance[k] + u * variance[k + 1];
      return Math.sqrt(ends + rate * (u * (1 - u) * span + beyond));
    },
    size: Math.sqrt(course.reduce((sum, d) => sum + d * d, 0) / n),
    rate,
  };
}

/**
 * The course of the walk and its variance. The level of each place is free, so the course is found up to a constant,
 * which is chosen such that its mean is zero. Levels and course are found in turns; the course by elimination of its
 * tridiagonal system.
 */
function smoothed({ time, value, sigma, place }: Repeats, rate: number) {
  const n = time.length;
  const link = Float64Array.from({ length: n - 1 }, (_, k) => 1 / (rate * Math.max(1e-9, time[k + 1] - time[k])));
  const diagonal = new Float64Array(n);
  for (let k = 0; k < n; k++) diagonal[k] = 1 / sigma[k] ** 2 + (link[k - 1] ?? 0) + (link[k] ?? 0);
  const forward = new Float64Array(n);
  const backward = new Float64Array(n);
  for (let k = 0; k < n; k++) forward[k] = diagonal[k] - (k > 0 ? link[k - 1] ** 2 / forward[k - 1] : 0);
  for (let k = n - 1; k >= 0; k--) backward[k] = diagonal[k] - (k < n - 1 ? link[k] ** 2 / backward[k + 1] : 0);
  const places = Math.max(...place) + 1;
  const levels = new Float64Array(places);
  let course = new Float64Array(n);
  for (let pass = 0; pass < 200; pass++) {
    let change = 0;
    for (let p = 0; p < places; p++) {
      let [sum, weights] = [0, 0];
      for (let k = 0; k < n; k++) {
        if (place[k] !== p) continue;
        sum += (value[k] - course[k]) / sigma[k] ** 2;
        weights += 1 / sigma[k] ** 2;
      }
      const level = weights > 0 ? sum / weights : 0;
      change = Math.max(change, Math.abs(level - levels[p]) * Math.sqrt(weights));
      levels[p] = level;
    }
    const right = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      const carried = k > 0 ? (link[k - 1] * right[k - 1]) / forward[k - 1] : 0;
      right[k] = (value[k] - levels[place[k]]) / sigma[k] ** 2 + carried;
    }
    const next = new Float64Array(n);
    for (let k = n - 1; k >= 0; k--) next[k] = (right[k] + (k < n - 1 ? link[k] * next[k + 1] : 0)) / forward[k];
    course = next;
    if (change < 1e-3) break;
  }
  const mean = course.reduce((sum, d) => sum + d, 0) / n;
  return {
    course: course.map(d => d - mean),
    variance: course.map((_, k) => 1 / (forward[k] + backward[k] - diagonal[k])),
  };
}
