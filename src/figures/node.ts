import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { OutputError } from '../errors.js';

/** The bundled faces of Inter (SIL Open Font License 1.1, see assets/fonts/LICENSE). */
const FACES = [
  { file: 'Inter-Regular', weight: 400, style: 'normal' },
  { file: 'Inter-SemiBold', weight: 600, style: 'normal' },
  { file: 'Inter-Italic', weight: 400, style: 'italic' },
] as const;

/** Texts that the bundled fonts can draw completely: Latin, Greek, Cyrillic, punctuation, the usual mathematics. */
const COVERED =
  /^[\n\r\t\u0020-\u007e\u00a0-\u017f\u0386-\u03ce\u0400-\u045f\u2010-\u2027\u202f-\u203a\u2070\u2071\u2074-\u208e\u20ac\u2126\u2190-\u2199\u2202\u2205\u2206\u2211\u2212\u221a\u221e\u2248\u2260\u2264\u2265]*$/;

let folder: string | undefined;

/** Path of a file in assets/fonts. This module stands two folders below the root in the sources, three in a package. */
function fontPath(name: string): string {
  folder ??= ['../../assets/fonts/', '../../../assets/fonts/']
    .map(relative => fileURLToPath(new URL(relative, import.meta.url)))
    .find(path => existsSync(path));
  if (folder === undefined) {
    throw new OutputError('the folder assets/fonts is missing from this installation', {
      advice: 'install savart again',
    });
  }
  return folder + name;
}

export interface PngOptions {
  /** Pixels of the picture per px of the SVG. */
  readonly scale?: number;
}

/**
 * Draws an SVG (see `figure`) as PNG with the bundled font, so that the picture is the same on every computer. Only when
 * a text needs a script that the bundled font does not have, the fonts of the system help out.
 */
export function renderPng(svg: string, { scale = 2 }: PngOptions = {}): Uint8Array {
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      fontFiles: FACES.map(({ file }) => fontPath(`${file}.ttf`)),
      defaultFontFamily: 'Inter',
      sansSerifFamily: 'Inter',
      loadSystemFonts: !COVERED.test(svg),
    },
  });
  return resvg.render().asPng();
}

/** `@font-face` rules with the bundled fonts inside, for an SVG or an HTML page; only the faces asked for. */
export function fontFaceCss(
  faces: { readonly semiBold?: boolean; readonly italic?: boolean } = { semiBold: true, italic: true },
): string {
  return FACES.filter(f => (f.weight === 600 ? faces.semiBold : f.style === 'italic' ? faces.italic : true))
    .map(({ file, weight, style }) => {
      const data = readFileSync(fontPath(`${file}.woff2`)).toString('base64');
      return `@font-face{font-family:Inter;font-weight:${weight};font-style:${style};src:url(data:font/woff2;base64,${data}) format("woff2")}`;
    })
    .join('\n');
}

/** The same SVG with the faces it uses inside (60 to 190 kB more): looks the same in every browser. */
export function embedFonts(svg: string): string {
  const css = fontFaceCss({ semiBold: svg.includes('font-weight="600"'), italic: svg.includes('font-style="italic"') });
  const end = svg.indexOf('>', svg.indexOf('<svg')) + 1;
  return `${svg.slice(0, end)}<style>${css}</style>${svg.slice(end)}`;
}
