import type { PointSources } from './pointSources.js';

/** Some of the functions of a set, with no more sources than they are made of. @param which their indices */
export function selected(all: PointSources, which: Int32Array): PointSources {
  const { x, y, area, hats, count } = all;
  if (which.length === count) return all;
  const some = (from: Float64Array, indices: ArrayLike<number>) => {
    const out = new Float64Array(indices.length);
    for (let k = 0; k < out.length; k++) out[k] = from[indices[k]];
    return out;
  };
  const parts = (indices: ArrayLike<number>) => ({
    x: some(x, indices),
    y: some(y, indices),
    area: some(area, indices),
  });
  if (hats === undefined) return { ...all, ...parts(which), count: which.length };
  /** Where each source goes, one more than that; 0 for one that is not used. */
  const place = new Int32Array(x.length + 1);
  const used = new Int32Array(x.length);
  let sources = 0;
  const own = new Int32Array(9 * which.length);
  for (let f = 0, e = 0; f < which.length; f++) {
    for (let k = 0; k < 9; k++, e++) {
      const s = hats[9 * which[f] + k];
      if (s < x.length && place[s] === 0) {
        used[sources] = s;
        place[s] = ++sources;
      }
      own[e] = s;
    }
  }
  place[x.length] = sources + 1;
  for (let e = 0; e < own.length; e++) own[e] = place[own[e]] - 1;
  return { ...all, ...parts(used.subarray(0, sources)), count: which.length, hats: own };
}
