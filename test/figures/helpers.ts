import { unzlibSync } from 'fflate';

/** Pixels of an 8-bit PNG as red, green, blue, alpha; enough of the format for palettes and true colour with alpha. */
export function decodePng(png: Uint8Array): { width: number; height: number; rgba: Uint8Array } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  let offset = 8;
  let [width, height, colourType] = [0, 0, 0];
  let palette = new Uint8Array();
  let alpha = new Uint8Array();
  const data: number[] = [];
  while (offset < png.length) {
    const length = view.getUint32(offset);
    const type = String.fromCharCode(...png.subarray(offset + 4, offset + 8));
    const body = png.slice(offset + 8, offset + 8 + length);
    if (type === 'IHDR') {
      width = view.getUint32(offset + 8);
      height = view.getUint32(offset + 12);
      colourType = body[9];
    } else if (type === 'PLTE') palette = body;
    else if (type === 'tRNS') alpha = body;
    else if (type === 'IDAT') for (const byte of body) data.push(byte);
    offset += 12 + length;
  }
  const channels = colourType === 3 ? 1 : colourType === 6 ? 4 : 3;
  const raw = unfilter(unzlibSync(Uint8Array.from(data)), width, height, channels);
  const rgba = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    if (channels === 1) rgba.set([...palette.subarray(3 * raw[i], 3 * raw[i] + 3), alpha[raw[i]] ?? 255], 4 * i);
    else rgba.set([...raw.subarray(channels * i, channels * i + 3), channels === 4 ? raw[4 * i + 3] : 255], 4 * i);
  }
  return { width, height, rgba };
}

function unfilter(rows: Uint8Array, width: number, height: number, channels: number): Uint8Array {
  const stride = width * channels;
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? out[y * stride + x - channels] : 0;
      const up = y > 0 ? out[(y - 1) * stride + x] : 0;
      const corner = x >= channels && y > 0 ? out[(y - 1) * stride + x - channels] : 0;
      const estimate = left + up - corner;
      const [a, b, c] = [left, up, corner].map(v => Math.abs(estimate - v));
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const predicted = [0, left, up, (left + up) >> 1, paeth][filter];
      out[y * stride + x] = rows[y * (stride + 1) + 1 + x] + predicted;
    }
  }
  return out;
}

const VOID = new Set(['meta', 'br', 'hr', 'img', 'link', 'input']);

/**
 * Throws unless every element is closed in order, every attribute quoted and given once, and every `&` a reference.
 * Elements without end tag are allowed in HTML only.
 */
export function checkMarkup(text: string, html: boolean): void {
  const stack: string[] = [];
  const source = text.replace(/^<!doctype html>\s*/i, '').replace(/<style>[^<]*<\/style>/g, '');
  const token = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<>]+)|(.)/gs;
  for (const [all, end, name, attributes, selfClosing, content, stray] of source.matchAll(token)) {
    if (stray !== undefined) throw new Error(`stray '${stray}'`);
    const references = /&(?!(?:amp|lt|gt|quot|#39|#\d+);)/;
    if (references.test(content ?? attributes)) throw new Error(`bare ampersand in ${all.slice(0, 80)}`);
    if (content !== undefined) continue;
    const names = [...attributes.matchAll(/([\w:-]+)="/g)].map(m => m[1]);
    if (new Set(names).size !== names.length) throw new Error(`attribute given twice in ${all.slice(0, 80)}`);
    if (selfClosing === '/' || (html && VOID.has(name))) continue;
    if (end === '') stack.push(name);
    else if (stack.pop() !== name) throw new Error(`</${name}> closes something else`);
  }
  if (stack.length > 0) throw new Error(`<${stack.join('> <')}> not closed`);
}

/** What a file may be called to do harm. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  ']]><svg/onload=alert(1)>',
  '</style></title><script src=//evil.example/x.js></script>',
  '<!-- & &amp; &#60; -->',
  '\u0000\u001b[31m\ud800 \ufffe',
  'scan_μ 電池 \u202egpj.exe',
] as const;

/** Deterministic numbers in [0, 1). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
