const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;

/** A number written in full: digits, a point, an exponent; NaN for anything else, also `Infinity`, `0x1` and ``. */
export function parseNumber(text: string): number {
  if (text.length > 40 || !DECIMAL.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Numbers between commas; undefined where one of them is none. */
export function parseNumbers(text: string): number[] | undefined {
  const values = text.split(',').map(part => parseNumber(part.trim()));
  return values.some(Number.isNaN) ? undefined : values;
}

/** A whole number without a sign, up to 2^53; NaN for anything else. */
export function parseCount(text: string): number {
  if (text.length === 0 || text.length > 16 || !/^\d+$/.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** With so many decimals as devices print, or with more where these would change the value. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === value && text.length < 40 ? text : String(value);
}
