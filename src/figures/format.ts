/**
 * Numbers and units for people: a true minus sign, a sensible count of digits, SI prefixes where the unit takes one.
 */

const MINUS = '\u2212';
/** Keeps a number and its unit on one line. */
const NBSP = '\u00a0';
const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

/** An integer as superscript: 10 + superscript(-3) is 10⁻³. */
export function superscript(exponent: number): string {
  return [...String(exponent)].map(c => SUPERSCRIPTS[c]).join('');
}

/**
 * A number with `digits` significant digits, without trailing zeros: 0.5, −12.3, 1.23 × 10⁻⁵. Plain notation from 1e-3
 * to 1e6; integers below 1e6 keep all their digits. No number is shown as an en dash.
 */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value < 0 ? `${MINUS}∞` : '∞';
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return sign(String(value + 0));
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (rounded === 0) return '0';
  if (size >= 1e-3 && size < 1e6) return sign(String(rounded));
  const exponent = Math.floor(Math.log10(size) + 1e-12);
  const mantissa = String(Number((rounded / 10 ** exponent).toPrecision(digits)));
  const power = `10${superscript(exponent)}`;
  return sign(mantissa === '1' ? power : `${mantissa}${NBSP}×${NBSP}${power}`);
}

/**
 * The labels of ticks that lie a constant step apart: all with the same number of decimals, as few as tell them apart,
 * so that nothing like 0.30000000000000004 shows.
 */
export function tickLabels(ticks: readonly number[]): string[] {
  if (ticks.length === 0) return [];
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : Math.abs(ticks[0]);
  let decimals = 0;
  while (
    decimals < 12 &&
    ticks.some(
      t =>
        Math.abs(t * 10 ** decimals - Math.round(t * 10 ** decimals)) > 1e-6 * Math.max(step, 1e-300) * 10 ** decimals,
    )
  ) {
    decimals++;
  }
  return ticks.map(t => {
    const text = t.toFixed(decimals);
    return sign(Number(text) === 0 ? (0).toFixed(decimals) : text);
  });
}

/** How a value is shown: value * factor, followed by `unit`. */
export interface DisplayUnit {
  readonly factor: number;
  readonly unit: string;
}

const PREFIXES: readonly (readonly [number, string])[] = [
  [-15, 'f'],
  [-12, 'p'],
  [-9, 'n'],
  [-6, 'µ'],
  [-3, 'm'],
  [0, ''],
  [3, 'k'],
  [6, 'M'],
  [9, 'G'],
];
/** SI units that take a prefix in front. Everything else is shown as it is, if need be with a power of ten. */
const PREFIXABLE = new Set(['T', 'A', 'A/m', 'A/m²', 'm', 's', 'V', 'Hz', 'W', 'Ω', 'T/m']);

/**
 * The unit in which values up to `maxAbs` are best read: T becomes nT, µT or mT so that the largest value lies between
 * 1 and 1000. Units without prefix (relative ones such as `Phi0/A`, `σ`, none) keep their name; far from 1 a power of
 * ten goes in front.
 */
export function displayUnit(unit: string, maxAbs: number): DisplayUnit {
  if (!(maxAbs > 0) || !Number.isFinite(maxAbs)) return { factor: 1, unit };
  // 999.9996 would be printed as 1000, so it already belongs to the next prefix.
  const thousands = 3 * Math.floor(Math.log10(maxAbs * (1 + 1e-9)) / 3);
  if (PREFIXABLE.has(unit)) {
    const exponent = Math.min(9, Math.max(-15, thousands));
    const prefix = PREFIXES.find(([e]) => e === exponent)![1];
    return { factor: 10 ** -exponent, unit: prefix + unit };
  }
  if (maxAbs >= 1e-2 && maxAbs < 1e4) return { factor: 1, unit };
  const exponent = Math.floor(Math.log10(maxAbs * (1 + 1e-9)));
  const power = `10${superscript(exponent)}`;
  return { factor: 10 ** -exponent, unit: unit === '' ? `×${NBSP}${power}` : `${power}${NBSP}${unit}` };
}

/** A value with its unit and the prefix that suits it: 81.2 µT, −3.4 A/m, 0.012 Phi0/A. */
export function formatQuantity(value: number, unit: string, digits = 3): string {
  if (!PREFIXABLE.has(unit) || !Number.isFinite(value)) return joinUnit(formatNumber(value, digits), unit);
  const shown = displayUnit(unit, Math.abs(Number(value.toPrecision(digits))));
  return joinUnit(formatNumber(value * shown.factor, digits), shown.unit);
}

/** The square of a unit: T², (A/m)², none of none. */
export function squaredUnit(unit: string): string {
  if (unit === '') return '';
  return /^\p{L}+$/u.test(unit) ? `${unit}²` : `(${unit})²`;
}

/** A number in front of a unit that may be empty; a per cent sign and a degree sign stand as typography wants them. */
export function joinUnit(number: string, unit: string): string {
  if (unit === '') return number;
  // A power of ten that stands before the unit belongs to the number.
  const times = /^10[⁻⁰¹²³⁴-⁹]/.test(unit) ? `×${NBSP}` : '';
  return unit === '°' ? number + unit : number + NBSP + times + unit;
}

/**
 * A value with its standard deviation, rounded where the deviation has two significant digits: 1.234 ± 0.056.
 * Both in the same unit.
 */
export function formatWithError(value: number, sigma: number): string {
  if (!(sigma > 0) || !Number.isFinite(sigma) || !Number.isFinite(value)) return formatNumber(value);
  const decimals = 1 - Math.floor(Math.log10(sigma));
  if (decimals > 8 || decimals < -6) return `${formatNumber(value, 6)} ± ${formatNumber(sigma, 2)}`;
  const round = (v: number) =>
    decimals >= 0 ? v.toFixed(decimals) : String(Math.round(v / 10 ** -decimals) * 10 ** -decimals);
  const text = round(value);
  return `${sign(Number(text) === 0 ? text.replace('-', '') : text)}${NBSP}±${NBSP}${round(sigma)}`;
}

function sign(text: string): string {
  return text.replace('-', MINUS);
}
