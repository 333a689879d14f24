/**
 * Noise without memory: every value follows from a seed and a number, so that what is read at a time is the same
 * however often and in whatever order it is asked for.
 */

/** A normal number for a seed and two whole numbers, by Box and Muller from two mixed words. */
export function noiseAt(seed: number, stream: number, index: number): number {
  const low = index >>> 0;
  const high = Math.floor(index / 2 ** 32) >>> 0;
  const a = mix(mix(mix(mix(seed >>> 0) ^ (stream >>> 0)) ^ high) ^ low);
  const b = mix(a ^ 0x9e3779b9);
  const u = (a + 1) / 4294967297;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos((2 * Math.PI * b) / 4294967296);
}

/** Bits of a word spread over all others (the finaliser of MurmurHash3, A. Appleby, public domain). */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  return (h + 0x6d2b79f5) >>> 0;
}

/** A smooth random function of t with variance about 1 and changes within about 1: normal values at whole t, cubics between. */
export function heldNoise(seed: number, stream: number, t: number): number {
  const k = Math.floor(t);
  const u = t - k;
  const s = u * u * (3 - 2 * u);
  const [a, b] = [noiseAt(seed, stream, k), noiseAt(seed, stream, k + 1)];
  // Between two independent values the variance would sag to a half.
  return (a * (1 - s) + b * s) / Math.sqrt((1 - s) ** 2 + s ** 2);
}

/** Longest period of 1/f noise in samples: 2^20, some hours at 100 Hz. */
const OCTAVES = 20;

/**
 * White noise of unit variance per sample and 1/f noise that equals it at the corner: for each octave a value that is
 * held for 2^j samples (R. F. Voss, after M. Gardner, Scientific American 238 (1978) 16). With variance v per octave
 * the spectral density is v / (f ln 2); that of the white noise is 2 / rate.
 * @param corner over rate
 */
export function sensorNoise(seed: number, stream: number, sample: number, corner: number): number {
  const white = noiseAt(seed, stream, sample);
  if (corner === 0) return white;
  let pink = 0;
  for (let j = 0; j < OCTAVES; j++) pink += noiseAt(seed, stream + 7919 * (j + 1), Math.floor(sample / 2 ** j));
  return white + Math.sqrt(2 * Math.LN2 * corner) * pink;
}
