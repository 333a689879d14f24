import { type ComponentName, type FieldComponent, type FieldScan, measuredComponents } from '../fieldScan.js';

/** What reverses with the current and what does not. */
export interface OddEven {
  /** (A - B) / 2 at currents +I and -I: the field of the current +I. */
  readonly odd: FieldScan;
  /** (A + B) / 2: magnets, the earth's field, offsets of the sensors. */
  readonly even: FieldScan;
  /** sum |a + b| / sum (|a| + |b|) over all readings: 0 where everything reverses, 1 where nothing does. */
  readonly antisymmetry: number;
  /** The same of every reading, |a + b| / (|a| + |b|); noise where the field is small. */
  readonly antisymmetryOf: Readonly<Partial<Record<ComponentName, Float64Array>>>;
  /** Root mean square of a reading. */
  readonly oddRms: number;
  readonly evenRms: number;
  /** Standard deviation of a reading of either part, root mean square; undefined where no noise is stated. */
  readonly sigma?: number;
}

/**
 * Odd and even part in the current. Where both scans carry their currents, of opposite sign, the parts are those of a field
 * that is proportional to the current, plus a constant one:
 *
 *     odd = I_a (a - b) / (I_a - I_b),   even = a - odd,
 *
 * which is (a - b) / 2 and (a + b) / 2 for I_b = -I_a, and for scans without currents. odd + even = a in any case. The
 * antisymmetry abs(a + b) / (abs(a) + abs(b)) is that of Romanenko et al. (Chem. Mater. 32 (2020) 2107), here as the ratio
 * of the sums over the readings, which no reading near zero can dominate.
 * @param a n samples
 * @param b the samples at the same places, in the same order
 */
export function oddEven(a: FieldScan, b: FieldScan): OddEven {
  const names = measuredComponents(a).filter(name => b.components[name] !== undefined);
  const share = oddShare(a, b);
  const odd: Partial<Record<ComponentName, FieldComponent>> = {};
  const even: Partial<Record<ComponentName, FieldComponent>> = {};
  const antisymmetryOf: Partial<Record<ComponentName, Float64Array>> = {};
  let [sums, sizes, oddSquares, evenSquares, variances, stated] = [0, 0, 0, 0, 0, 0];
  for (const name of names) {
    const [first, second] = [a.components[name]!, b.components[name]!];
    const noisy = hasNoise(a, name) || hasNoise(b, name);
    const oddValues = new Float64Array(a.count);
    const evenValues = new Float64Array(a.count);
    const oddSigma = new Float64Array(a.count);
    const evenSigma = new Float64Array(a.count);
    for (let i = 0; i < a.count; i++) {
      const [u, v, w] = [first.values[i], second.values[i], share[i]];
      oddValues[i] = w * (u - v);
      evenValues[i] = u - oddValues[i];
      sums += Math.abs(u + v);
      sizes += Math.abs(u) + Math.abs(v);
      oddSquares += oddValues[i] ** 2;
      evenSquares += evenValues[i] ** 2;
      if (!noisy) continue;
      const [su, sv] = [noiseOf(a, name, i), noiseOf(b, name, i)];
      oddSigma[i] = w * Math.hypot(su, sv);
      evenSigma[i] = Math.hypot((1 - w) * su, w * sv);
      variances += oddSigma[i] ** 2;
      stated++;
    }
    antisymmetryOf[name] = first.values.map(
      (u, i) => Math.abs(u + second.values[i]) / (Math.abs(u) + Math.abs(second.values[i])),
    );
    odd[name] = { values: oddValues, ...(noisy ? { sigma: oddSigma } : {}) };
    even[name] = { values: evenValues, ...(noisy ? { sigma: evenSigma } : {}) };
  }
  const readings = a.count * names.length;
  // The noise of each part stands with its readings, and the even part belongs to no current.
  const { sigma: _, ...rest } = a;
  const { current: __, ...still } = rest;
  return {
    odd: { ...rest, components: odd },
    even: { ...still, components: even },
    antisymmetry: sums / sizes,
    antisymmetryOf,
    oddRms: Math.sqrt(oddSquares / readings),
    evenRms: Math.sqrt(evenSquares / readings),
    ...(stated > 0 ? { sigma: Math.sqrt(variances / stated) } : {}),
  };
}

/** Whether the scans were taken with currents of opposite sign; undefined where they do not say. */
export function currentsReverse(a: FieldScan, b: FieldScan): boolean | undefined {
  const [ia, ib] = [meanCurrent(a), meanCurrent(b)];
  return ia === undefined || ib === undefined ? undefined : ia * ib < 0;
}

export function meanCurrent({ current }: FieldScan): number | undefined {
  return current === undefined ? undefined : current.reduce((sum, v) => sum + v, 0) / current.length;
}

/** I_a / (I_a - I_b) of every sample; one half where currents are not known or not opposite. */
function oddShare(a: FieldScan, b: FieldScan): Float64Array {
  return Float64Array.from({ length: a.count }, (_, i) => {
    const [ia, ib] = [a.current?.[i], b.current?.[i]];
    return ia === undefined || ib === undefined || !(ia * ib < 0) ? 0.5 : ia / (ia - ib);
  });
}

export function hasNoise(scan: FieldScan, name: ComponentName): boolean {
  return scan.sigma !== undefined || scan.components[name]?.sigma !== undefined;
}

/** Standard deviation of one reading, 0 where it is not stated. */
export function noiseOf(scan: FieldScan, name: ComponentName, i: number): number {
  return scan.components[name]?.sigma?.[i] ?? scan.sigma ?? 0;
}
