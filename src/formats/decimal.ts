import { POWERS_OF_TEN } from '../units.js';

/**
 * Decimal numbers to doubles and back, with a power of ten folded in: `12.5` in a column of millimetres is read as
 * 12.5e-3 with a single rounding, exactly what `Number('12.5e-3')` gives, and a double is written as the shortest
 * decimal that reads back to it, its point moved. So no value changes by a bit on its way through a text file.
 */

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;

/** Digits that fit into `hi` exactly (10^15 < 2^53), and into `hi` and `lo` together. */
const HI_DIGITS = 15;
const ALL_DIGITS = 22;

/** Splits a double into two halves of 26 bits (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;

/** Reads numbers out of a byte array; an object, so that the position survives without allocating anything. */
export class DecimalReader {
  /** Where to read; afterwards the first byte that does not belong to the number. */
  pos = 0;

  /**
   * @param bytes ASCII text.
   * @param decimalComma whether a comma stands for the decimal point too.
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly decimalComma: boolean,
  ) {}

  /**
   * The number at `pos`, times 10^shift, correctly rounded; `NaN`, with `pos` on the offending byte, where there is
   * none. Clinger's fast path: up to 15 digits and a power of ten up to 22 are one exact operation. Up to 22 digits go
   * through double-double arithmetic whose error bound decides whether the rounding is certain; the rest, and doubtful
   * cases, through `Number`.
   */
  read(shift: number): number {
    const bytes = this.bytes;
    const start = this.pos;
    let p = start;
    let c = bytes[p];
    const negative = c === MINUS;
    const signed = negative || c === PLUS;
    if (signed) c = bytes[++p];
    let hi = 0;
    let lo = 0;
    let digits = 0;
    let any = false;
    while (c >= ZERO && c <= NINE) {
      any = true;
      if (digits < HI_DIGITS) hi = hi * 10 + (c - ZERO);
      else if (digits < ALL_DIGITS) lo = lo * 10 + (c - ZERO);
      if (hi !== 0) digits++;
      c = bytes[++p];
    }
    let exponent = 0;
    if (c === POINT || (c === COMMA && this.decimalComma)) {
      const first = p + 1;
      c = bytes[++p];
      while (c >= ZERO && c <= NINE) {
        any = true;
        if (digits < HI_DIGITS) hi = hi * 10 + (c - ZERO);
        else if (digits < ALL_DIGITS) lo = lo * 10 + (c - ZERO);
        if (hi !== 0) digits++;
        c = bytes[++p];
      }
      exponent = first - p;
    }
    if (!any) {
      this.pos = p;
      return Number.NaN;
    }
    const mantissaEnd = p;
    let written = 0;
    if (c === 0x65 || c === 0x45) {
      c = bytes[++p];
      const down = c === MINUS;
      if (down || c === PLUS) c = bytes[++p];
      if (!(c >= ZERO && c <= NINE)) {
        this.pos = p;
        return Number.NaN;
      }
      while (c >= ZERO && c <= NINE) {
        if (written < 100_000) written = written * 10 + (c - ZERO);
        c = bytes[++p];
      }
      if (down) written = -written;
    }
    this.pos = p;
    exponent += written + shift;
    let value: number;
    if (digits <= HI_DIGITS && exponent >= -22 && exponent <= 22) {
      value = exponent < 0 ? hi / POWERS_OF_TEN[-exponent] : hi * POWERS_OF_TEN[exponent];
    } else {
      value = Number.NaN;
      if (digits <= ALL_DIGITS && exponent < 0 && exponent >= -44) {
        value = divideByPowerOfTen(hi, lo, Math.max(0, digits - HI_DIGITS), -exponent);
      }
      if (Number.isNaN(value)) value = this.slow(signed ? start + 1 : start, mantissaEnd, written + shift);
    }
    return negative ? -value : value;
  }

  private slow(start: number, end: number, exponent: number): number {
    let text = '';
    for (let i = start; i < end; i++) text += String.fromCharCode(this.bytes[i] === COMMA ? POINT : this.bytes[i]);
    return Number(`${text}e${exponent}`);
  }
}

/**
 * (hi 10^m + lo) / 10^k for integers hi < 10^15, lo < 10^m, m <= 7, k <= 44, correctly rounded; `NaN` where the error
 * of about 2^-102 leaves the rounding open. Dekker's double-double arithmetic: every number is an unevaluated sum.
 */
function divideByPowerOfTen(hi: number, lo: number, m: number, k: number): number {
  const scaled = hi * POWERS_OF_TEN[m];
  let h = scaled + lo;
  let l = lo - (h - scaled) + productError(hi, POWERS_OF_TEN[m], scaled);
  while (k > 0) {
    const power = POWERS_OF_TEN[Math.min(k, 22)];
    const quotient = h / power;
    const product = quotient * power;
    const rest = (h - product - productError(quotient, power, product) + l) / power;
    h = quotient + rest;
    l = rest - (h - quotient);
    k -= 22;
  }
  const doubt = h * 2 ** -96;
  const value = h + (l - doubt);
  return value === h + (l + doubt) ? value : Number.NaN;
}

/** a b - fl(a b), exactly. */
function productError(a: number, b: number, product: number): number {
  const as = a * SPLITTER;
  const ah = as - (as - a);
  const al = a - ah;
  const bs = b * SPLITTER;
  const bh = bs - (bs - b);
  const bl = b - bh;
  return ah * bh - product + ah * bl + al * bh + al * bl;
}

/**
 * The shortest decimal that {@link DecimalReader} with the shift `-exponent` turns into `value` again: the value times
 * 10^exponent (`formatDecimal(0.0125, 3)` is `12.5`). Plain notation between 1e-6 and 1e21, else scientific.
 */
export function formatDecimal(value: number, exponent: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const sign = value < 0 ? '-' : '';
  let digits = String(Math.abs(value));
  if (!Number.isFinite(value)) return sign + digits;
  let point = exponent;
  const e = digits.indexOf('e');
  if (e >= 0) {
    point += Number(digits.slice(e + 1));
    digits = digits.slice(0, e);
  }
  const dot = digits.indexOf('.');
  if (dot < 0) point += digits.length;
  else {
    point += dot;
    digits = digits.slice(0, dot) + digits.slice(dot + 1);
  }
  let lead = 0;
  while (digits.charCodeAt(lead) === ZERO) lead++;
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === ZERO) end--;
  digits = digits.slice(lead, end);
  point -= lead;
  const n = digits.length;
  if (point > 0 && point <= 21) {
    return sign + (n <= point ? digits + '0'.repeat(point - n) : `${digits.slice(0, point)}.${digits.slice(point)}`);
  }
  if (point <= 0 && point > -6) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.charAt(0)}${n > 1 ? `.${digits.slice(1)}` : ''}e${point - 1}`;
}
