import { InputError } from '../../errors.js';

/** A quantity over the state of charge: linear between the points, along the first and last piece beyond them. */
export interface SocTable {
  /** States of charge, ascending, at least two. */
  readonly soc: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Reads a table at many places. */
export interface SocCurve {
  value(soc: number): number;
  /** Derivative by the state of charge. */
  slope(soc: number): number;
}

/** @throws {InputError} where a table is not ascending, has fewer than two points or holds what is no number. */
export function socCurve({ soc, values }: SocTable, name: string): SocCurve {
  const n = soc.length;
  const complain = (message: string) =>
    new InputError(`the table of the ${name} ${message}`, {
      advice: 'give pairs of numbers in ascending order of the state of charge',
    });
  if (n < 2 || values.length !== n) throw complain(`has ${n} states of charge and ${values.length} values`);
  for (let k = 0; k < n; k++) {
    if (!Number.isFinite(soc[k]) || !Number.isFinite(values[k])) throw complain(`holds no number at entry ${k + 1}`);
    if (k > 0 && !(soc[k] > soc[k - 1])) throw complain(`does not ascend from entry ${k} to ${k + 1}`);
  }
  const s = Float64Array.from(soc);
  const v = Float64Array.from(values);
  const piece = (at: number) => {
    let k = 0;
    for (let above = n - 1; above - k > 1; ) {
      const middle = (k + above) >> 1;
      if (s[middle] <= at) k = middle;
      else above = middle;
    }
    return k;
  };
  const slopeOf = (k: number) => (v[k + 1] - v[k]) / (s[k + 1] - s[k]);
  return {
    value(at) {
      const k = piece(at);
      return v[k] + (at - s[k]) * slopeOf(k);
    },
    slope: at => slopeOf(piece(at)),
  };
}
