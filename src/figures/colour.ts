import { interpolateCividis, interpolateInferno, interpolateMagma, interpolateViridis } from 'd3-scale-chromatic';

/**
 * Colour maps as tables. Entry 0 stands for 'no value' (transparent in a picture, light grey where nothing can be
 * transparent), entries 1 to 255 run from the lower to the upper limit. 255 levels are odd on purpose: the middle of a
 * signed map is one exact entry, 128, so zero is drawn in the neutral colour and nothing else.
 */
export interface ColourMap {
  readonly name: string;
  /** 256 entries of red, green, blue, 0..255. */
  readonly lut: Uint8Array;
}

/** The values at the two ends of a colour map. */
export interface Limits {
  readonly min: number;
  readonly max: number;
  /** Values beyond the ends exist and are drawn in the colour of the end. */
  readonly clippedLow?: boolean;
  readonly clippedHigh?: boolean;
}

/** `magnitude`: from a lower to an upper end; `signed`: symmetric about zero. */
export type MapKind = 'magnitude' | 'signed';

/** Number of colour levels: entries 1 to 255. */
export const LEVELS = 255;
const NO_VALUE = 0xd9;

function table(name: string, colour: (t: number) => readonly [number, number, number]): ColourMap {
  const lut = new Uint8Array(3 * (LEVELS + 1)).fill(NO_VALUE, 0, 3);
  for (let level = 0; level < LEVELS; level++) lut.set(colour(level / (LEVELS - 1)), 3 * (level + 1));
  return { name, lut };
}

/** `#rrggbb` or `rgb(r, g, b)`, the two notations of d3. */
function parseRgb(css: string): [number, number, number] {
  const hex = /^#(..)(..)(..)$/.exec(css);
  if (hex) return [1, 2, 3].map(i => Number.parseInt(hex[i], 16)) as [number, number, number];
  return css
    .match(/[\d.]+/g)!
    .slice(0, 3)
    .map(v => Math.round(Number(v))) as [number, number, number];
}

/**
 * A colour of OKLab (Ottosson 2020) as linear sRGB; components outside 0..1 are outside the gamut. `lightness` 0..1,
 * `hue` in degrees.
 */
function oklch(lightness: number, chroma: number, hue: number): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function toBytes(linear: readonly number[]): [number, number, number] {
  return linear.map(v => {
    const c = Math.min(1, Math.max(0, v));
    return Math.round(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
  }) as [number, number, number];
}

/**
 * Blue through near-white to red. Both arms have the same lightness at the same distance from zero, so that the sign
 * never makes a value look larger than its opposite; blue against red is told apart in every common colour blindness.
 */
function divergingColour(t: number): [number, number, number] {
  const s = Math.abs(2 * t - 1);
  const lightness = 0.972 - 0.35 * s - 0.23 * s ** 2.2;
  const wanted = 0.18 * Math.sin((Math.PI / 2) * Math.min(1, 1.1 * s)) * (1 - 0.22 * s ** 3);
  const hue = t < 0.5 ? 250 + 10 * s : 40 - 15 * s;
  let chroma = wanted;
  while (chroma > 0 && oklch(lightness, chroma, hue).some(v => v < -1e-3 || v > 1 + 1e-3)) chroma -= 0.002;
  return toBytes(oklch(lightness, Math.max(0, chroma), hue));
}

/** The colour maps by name; all are monotone in lightness (on each side of zero) and safe for the colour-blind. */
export const COLOUR_MAPS = {
  viridis: table('viridis', t => parseRgb(interpolateViridis(t))),
  cividis: table('cividis', t => parseRgb(interpolateCividis(t))),
  inferno: table('inferno', t => parseRgb(interpolateInferno(t))),
  magma: table('magma', t => parseRgb(interpolateMagma(t))),
  diverging: table('diverging', divergingColour),
} as const satisfies Record<string, ColourMap>;
export type ColourMapName = keyof typeof COLOUR_MAPS;

/** The colour map that suits a kind of quantity when nothing else is asked for. */
export function defaultColourMap(kind: MapKind): ColourMap {
  return kind === 'signed' ? COLOUR_MAPS.diverging : COLOUR_MAPS.viridis;
}

/** The entry of a value in a {@link ColourMap}: 1 to 255, clamped at the limits; 0 for NaN. */
export function levelOf(value: number, limits: Limits): number {
  if (Number.isNaN(value)) return 0;
  const t = (value - limits.min) / (limits.max - limits.min);
  return 1 + Math.round((LEVELS - 1) * Math.min(1, Math.max(0, t)));
}

/** The colour of an entry as `#rrggbb`. */
export function levelColour(map: ColourMap, level: number): string {
  return `#${[0, 1, 2].map(i => map.lut[3 * level + i].toString(16).padStart(2, '0')).join('')}`;
}
