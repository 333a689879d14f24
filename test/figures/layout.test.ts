import { describe, expect, it } from 'vitest';
import { figure } from '../../src/figures/layout.js';
import { embedFonts, fontFaceCss, renderPng } from '../../src/figures/node.js';
import type { Panel } from '../../src/figures/panel.js';
import { plainText, richHtml, textElement, textWidth, wrapText } from '../../src/figures/text.js';
import { checkMarkup, decodePng } from './helpers.js';

const panel = (x: number, y: number, width: number, height: number): Panel => ({
  width,
  height,
  plot: { x, y, width: width - x - 5, height: height - y - 5 },
  body: '<path d="M0 0"/>',
  label: `panel ${width}`,
});

/** Upper left corners of the panels. */
function places(svg: string): [number, number][] {
  return [...svg.matchAll(/<g transform="translate\(([-\d.]+) ([-\d.]+)\)">/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
}

const panels = [panel(40, 20, 300, 200), panel(60, 44, 200, 300), panel(50, 28, 340, 100)];

describe('figure', () => {
  it('aligns the plots of a row by their upper edge and those of a column by their left edge', () => {
    const at = places(figure(panels, { columns: 2 }));
    expect(at[0][1] + panels[0].plot.y).toBeCloseTo(at[1][1] + panels[1].plot.y, 6);
    expect(at[0][0] + panels[0].plot.x).toBeCloseTo(at[2][0] + panels[2].plot.x, 6);
  });

  it('panels neither overlap nor leave the sheet', () => {
    for (const columns of [1, 2, 3, 9]) {
      const svg = figure(panels, { columns });
      const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
      const boxes = places(svg).map(([x, y], i) => ({
        x,
        y,
        right: x + panels[i].width,
        bottom: y + panels[i].height,
      }));
      boxes.forEach((a, i) => {
        expect(a.x >= 0 && a.y >= 0 && a.right <= width && a.bottom <= height).toBe(true);
        for (const b of boxes.slice(i + 1)) {
          expect(a.right <= b.x || b.right <= a.x || a.bottom <= b.y || b.bottom <= a.y).toBe(true);
        }
      });
    }
  });

  it('describes itself and draws letters and the caption on request', () => {
    const svg = figure(panels, { letters: true, caption: 'What is seen.' });
    expect(svg).toContain('role="img" aria-label="panel 300. panel 200. panel 340"');
    for (const text of ['>a<', '>b<', '>c<', '>What is seen.<']) expect(svg).toContain(text);
    expect(figure(panels)).not.toContain('>a<');
    expect(() => checkMarkup(svg, false)).not.toThrow();
  });

  it('has a white background in a file and none on a page', () => {
    expect(figure(panels)).toContain('fill="#fff"');
    expect(figure(panels, { background: 'none' })).not.toContain('fill="#fff"');
  });
});

describe('PNG and fonts', () => {
  it('the size follows the scale', () => {
    const svg = figure([panel(10, 10, 100, 50)]);
    for (const scale of [1, 2.5]) {
      const { width, height } = decodePng(renderPng(svg, { scale }));
      expect([width, height]).toEqual([Math.round(120 * scale), Math.round(70 * scale)]);
    }
  });

  it('texts are drawn, each face of the bundled font in its own way', () => {
    const ink = (text: string) => {
      const { rgba } = decodePng(renderPng(figure([{ ...panel(10, 10, 200, 40), body: text }]), { scale: 1 }));
      let sum = 0;
      for (let i = 0; i < rgba.length; i += 4) sum += 255 - rgba[i];
      return sum;
    };
    const plain = ink(textElement(5, 30, 'Kλµ −1', { size: 20 }));
    expect(plain).toBeGreaterThan(5000);
    expect(ink(textElement(5, 30, 'Kλµ −1', { size: 20, bold: true }))).toBeGreaterThan(1.15 * plain);
    expect(ink(textElement(5, 30, [{ italic: 'Kλµ −1' }], { size: 20 }))).not.toBe(plain);
    expect(ink('')).toBe(0);
  });

  it('embedded fonts are those that are used, and nothing is loaded', () => {
    const plain = embedFonts(figure([{ ...panel(10, 10, 100, 50), body: textElement(0, 9, 'a') }]));
    expect(plain.match(/@font-face/g)).toHaveLength(1);
    const all = embedFonts(
      figure([{ ...panel(10, 10, 100, 50), body: textElement(0, 9, [{ italic: 'B' }, ' b'], { bold: true }) }]),
    );
    expect(all.match(/@font-face/g)).toHaveLength(3);
    expect(fontFaceCss()).not.toMatch(/url\((?!data:)/);
    expect(() => checkMarkup(all, false)).not.toThrow();
    expect(renderPng(all).length).toBeGreaterThan(100);
  });
});

describe('labels', () => {
  it('a plain string is taken literally, runs are set', () => {
    expect(richHtml('B_z <b>')).toBe('B_z &lt;b&gt;');
    expect(richHtml([{ italic: 'B' }, { sub: 'z' }, ' & K'])).toBe('<i>B</i><sub>z</sub> &amp; K');
    expect(plainText([{ italic: 'B' }, { sub: 'z' }])).toBe('Bz');
  });

  it('the baseline returns after a subscript', () => {
    const svg = textElement(0, 0, ['a', { sub: 'b' }, 'c'], { size: 10 });
    const shifts = [...svg.matchAll(/dy="([-\d.]+)"/g)].map(m => Number(m[1]));
    expect(shifts.reduce((sum, v) => sum + v, 0)).toBeCloseTo(0, 9);
  });

  it('wrapped lines are no wider than asked for and lose no letter', () => {
    const text = `Aword averyveryveryveryveryverylongword ${'lorem ipsum '.repeat(20)}`;
    const lines = wrapText(text, 90, 11);
    for (const line of lines) expect(textWidth(line, 11)).toBeLessThanOrEqual(90);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    expect(wrapText('', 50, 10)).toEqual([]);
  });
});
