import { InputError } from '../errors.js';

/** The longest transform along one direction; twice as long inside, for the sine and cosine transforms of type I. */
export const LONGEST = 8192;

/** Whether n is a product of twos, threes and fives, from 1 on. */
export function isProductOf235(n: number): boolean {
  if (!Number.isInteger(n) || n < 1) return false;
  for (const p of [2, 3, 5]) while (n % p === 0) n /= p;
  return n === 1;
}

/**
 * The smallest length >= n that the transforms support, 2^a 3^b 5^c.
 * @throws {InputError} beyond {@link LONGEST}.
 */
export function transformLength(n: number): number {
  let length = Math.max(1, Math.ceil(n));
  while (length <= LONGEST && !isProductOf235(length)) length++;
  return checkedLength(length);
}

/** n, if it is a length that the transforms support. @throws {InputError} if it is not. */
export function checkedLength(n: number): number {
  if (!isProductOf235(n) || n > LONGEST) {
    throw new InputError(`no transform of length ${n}`, {
      advice: `use a length 2^a 3^b 5^c from 1 to ${LONGEST}; transformLength(n) gives the next one`,
    });
  }
  return n;
}

/**
 * cos and sin of 2 pi j / n, correct to the last bit but one: the angle is brought into the first eighth of the circle,
 * where the two functions are as exact as their argument.
 */
export function unitRoot(j: number, n: number): { cos: number; sin: number } {
  j = ((j % n) + n) % n;
  if (2 * j > n) {
    const { cos, sin } = unitRoot(n - j, n);
    return { cos, sin: -sin };
  }
  if (4 * j > n) {
    const { cos, sin } = unitRoot(n - 2 * j, 2 * n);
    return { cos: -cos, sin };
  }
  if (8 * j > n) {
    const { cos, sin } = unitRoot(n - 4 * j, 4 * n);
    return { cos: sin, sin: cos };
  }
  const angle = (2 * Math.PI * j) / n;
  return { cos: Math.cos(angle), sin: Math.sin(angle) };
}

/** How a transform of one length is carried out: what `kernel/lines.ts` reads. */
export interface LengthPlan {
  readonly n: number;
  /** Radix of the first butterflies: 8, 4, or 1 where there are none. */
  readonly first: number;
  /** Index of the first input of each of the n / first butterflies. */
  readonly permutation: Int32Array;
  /** The later stages: radix, span between inputs, twiddle factors exp(-2 pi i jq / (span radix)), [j][q = 1..]. */
  readonly stages: readonly { radix: number; span: number; twiddles: Float64Array }[];
}

const plans = new Map<number, LengthPlan>();

/** The plan of a length 2^a 3^b 5^c; made once. */
export function lengthPlan(n: number): LengthPlan {
  let plan = plans.get(n);
  if (plan === undefined) plans.set(n, (plan = makePlan(n)));
  return plan;
}

function makePlan(n: number): LengthPlan {
  let twos = 0;
  while (n % 2 ** (twos + 1) === 0) twos++;
  const first = twos >= 3 && twos % 2 === 1 ? 8 : twos >= 2 ? 4 : 1;
  const radices: number[] = [];
  let rest = n / first;
  // Fours last: the larger the span, the more a stage costs in twiddle factors, and fours need the fewest.
  for (const r of [5, 3]) for (; rest % r === 0; rest /= r) radices.push(r);
  if (Math.log2(rest) % 2 === 1) {
    radices.push(2);
    rest /= 2;
  }
  for (; rest > 1; rest /= 4) radices.push(4);

  const permutation = new Int32Array(n / first);
  for (let b = 0; b < permutation.length; b++) {
    // b = d1 + r1 (d2 + ...): the digit of the last stage is the fastest in the input.
    let step = n / first;
    let index = 0;
    let digits = b;
    for (const r of radices) {
      step /= r;
      index += (digits % r) * step;
      digits = Math.floor(digits / r);
    }
    permutation[b] = index;
  }

  let span = first;
  const stages = radices.map(radix => {
    const twiddles = new Float64Array(2 * span * (radix - 1));
    for (let j = 0, t = 0; j < span; j++) {
      for (let q = 1; q < radix; q++) {
        const { cos, sin } = unitRoot(j * q, span * radix);
        twiddles[t++] = cos;
        twiddles[t++] = -sin;
      }
    }
    const stage = { radix, span, twiddles };
    span *= radix;
    return stage;
  });
  return { n, first, permutation, stages };
}
