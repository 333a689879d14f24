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
  const place = new Int32Array(x.length + 1).fill(-1);
  const used: number[] = [];
  const own = new Int32Array(9 * which.length);
  for (let f = 0, e = 0; f < which.length; f++) {
    for (let k = 0; k < 9; k++, e++) {
      const s = hats[9 * which[f] + k];
      if (s < x.length && place[s] < 0) {
        place[s] = used.length;
        used.push(s);
      }
      own[e] = s;
    }
  }
  place[x.length] = used.length;
  return { ...all, ...parts(used), count: which.length, hats: own.map(s => place[s]) };
}
