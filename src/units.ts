/**
 * Units that may stand behind a column's name (`bz_uT`) or in a `units` attribute. Every absolute unit is a power of ten
 * of its SI unit, so a decimal number changes its unit by moving the point, which rounds nothing.
 */

/** What a unit measures. Temperatures stay in degC everywhere. */
export type Quantity = 'length' | 'field' | 'time' | 'current' | 'temperature';

export interface Unit {
  /** How Savart writes it: ASCII, no spaces (`uT`, `Phi0/A`). */
  readonly symbol: string;
  readonly quantity: Quantity;
  /** Value in SI = value in this unit x 10^exponent. 0 for relative units. */
  readonly exponent: number;
  /** A field reading whose scale in tesla is unknown: flux quanta, volts, hertz. */
  readonly relative: boolean;
}

const ABSOLUTE: Readonly<Record<Quantity, Readonly<Record<string, number>>>> = {
  length: { m: 0, cm: -2, mm: -3, um: -6, nm: -9 },
  field: { T: 0, mT: -3, uT: -6, nT: -9, pT: -12, fT: -15, G: -4, mG: -7 },
  time: { s: 0, ms: -3 },
  current: { A: 0, mA: -3, uA: -6 },
  temperature: { degC: 0, C: 0 },
};

const RELATIVE = /^[kMmunp]?(Phi0|V|Hz)(\/[munp]?A)?$/;

/** SI symbol of each quantity, as in the names of columns and in `units` attributes. */
export const SI_SYMBOL: Readonly<Record<Quantity, string>> = {
  length: 'm',
  field: 'T',
  time: 's',
  current: 'A',
  temperature: 'degC',
};

const units = new Map<string, Unit>();
for (const [quantity, symbols] of Object.entries(ABSOLUTE)) {
  for (const [symbol, exponent] of Object.entries(symbols)) {
    units.set(symbol, { symbol, quantity: quantity as Quantity, exponent, relative: false });
  }
}

/**
 * Reads a unit. Both micro signs (U+00B5, U+03BC) count as `u`, spaces are ignored, `Phi_0` is `Phi0`.
 * @returns undefined when the text is no unit that Savart knows.
 */
export function parseUnit(text: string): Unit | undefined {
  const symbol = text
    .replace(/\s+/g, '')
    .replace(/[\u00b5\u03bc]/g, 'u')
    .replace(/°C$/, 'degC')
    .replace(/Phi_0|\u03a60|\u03a6_0/, 'Phi0');
  const known = units.get(symbol);
  if (known !== undefined) return known;
  if (RELATIVE.test(symbol)) return { symbol, quantity: 'field', exponent: 0, relative: true };
  return undefined;
}

/**
 * Splits a column's header into name and unit: `bz_uT` into `bz` and `uT`, `bx_q_nT` into `bx_q` and `nT`,
 * `bz_Phi_0/A` into `bz` and `Phi0/A`. Without a known unit the whole header is the name.
 */
export function splitUnit(header: string): { readonly name: string; readonly unit: Unit | undefined } {
  for (let i = header.indexOf('_'); i >= 0; i = header.indexOf('_', i + 1)) {
    const unit = parseUnit(header.slice(i + 1));
    if (unit !== undefined && i > 0) return { name: header.slice(0, i), unit };
  }
  return { name: header, unit: undefined };
}

/** 1, 10, ..., 1e22: the powers of ten that a double holds exactly. */
export const POWERS_OF_TEN = Float64Array.from(Array.from({ length: 23 }, (_, i) => Number(`1e${i}`)));

/**
 * A value in SI from a value times 10^exponent, with one rounding: powers of ten up to 1e22 are exact in a double, their
 * inverses are not, so a negative exponent divides.
 */
export function scaleByPowerOfTen(value: number, exponent: number): number {
  return exponent >= 0 ? value * POWERS_OF_TEN[exponent] : value / POWERS_OF_TEN[-exponent];
}

/** {@link scaleByPowerOfTen} on an array, in place; returns it. */
export function scaleAllByPowerOfTen(values: Float64Array, exponent: number): Float64Array {
  if (exponent === 0) return values;
  const factor = POWERS_OF_TEN[Math.abs(exponent)];
  if (exponent > 0) for (let i = 0; i < values.length; i++) values[i] *= factor;
  else for (let i = 0; i < values.length; i++) values[i] /= factor;
  return values;
}

/** The units of a quantity for a message: `m, cm, mm, um, nm`. */
export function unitsOf(quantity: Quantity): string {
  return Object.keys(ABSOLUTE[quantity]).join(', ');
}
