/**
 * Which stops of the stage let the elements of an array visit every place of an axis, without needless ones.
 *
 * From the lowest place that is still missing on, each of the elements is tried there; the stop that brings most missing
 * places is taken, and among equals the one that reaches least beyond the axis. An element visits a place when it stands
 * within a quarter of the pitch of it, so neighbouring readings are never further apart than one and a half pitches. A
 * group whose elements are displaced by a part of a pitch visits places displaced by as much.
 * @param places ascending, at the pitch, m
 * @param groups offsets of the elements, m; each group has to visit every place by itself
 * @returns positions of the stage's point, m, ascending
 */
export function stops(places: Float64Array, pitch: number, groups: readonly (readonly number[])[]): Float64Array {
  const first = groups[0][0];
  const tracks = groups.map(offsets => {
    const shift = offsets[0] - first;
    const phase = shift - pitch * Math.round(shift / pitch);
    return { offsets: offsets.map(offset => offset - phase), missing: new Uint8Array(places.length).fill(1) };
  });
  const out: number[] = [];
  for (let p = 0; p < places.length; p++) {
    for (const { offsets, missing } of tracks) {
      if (missing[p] === 0) continue;
      let best = { gain: -1, beyond: Infinity, at: 0 };
      for (const offset of offsets) {
        const at = places[p] - offset;
        const gain = visited(places, pitch, tracks, at).reduce((sum, found) => sum + found.length, 0);
        const beyond = overhang(places, tracks, at);
        if (gain > best.gain || (gain === best.gain && beyond < best.beyond - 1e-12)) best = { gain, beyond, at };
      }
      visited(places, pitch, tracks, best.at).forEach((found, t) => {
        for (const place of found) tracks[t].missing[place] = 0;
      });
      out.push(best.at);
    }
  }
  return Float64Array.from(out).sort();
}

interface Track {
  readonly offsets: readonly number[];
  readonly missing: Uint8Array;
}

/** The missing places of each track at which its elements stand. */
function visited(places: Float64Array, pitch: number, tracks: readonly Track[], at: number): number[][] {
  const tolerance = pitch / 4 + 1e-9;
  return tracks.map(({ offsets, missing }) => {
    const found = new Set<number>();
    for (const offset of offsets) {
      const place = at + offset;
      const p = Math.round((place - places[0]) / pitch);
      if (p >= 0 && p < places.length && Math.abs(places[p] - place) <= tolerance && missing[p] === 1) found.add(p);
    }
    return [...found];
  });
}

/** How far the elements stand beyond the ends of the axis, summed, m. */
function overhang(places: Float64Array, tracks: readonly Track[], at: number): number {
  let sum = 0;
  for (const { offsets } of tracks) {
    for (const offset of offsets) {
      sum += Math.max(0, places[0] - at - offset, at + offset - places[places.length - 1]);
    }
  }
  return sum;
}
