import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText } from '../../src/figures/escape.js';
import { checkMarkup, HOSTILE } from './helpers.js';

const anyString = fc.array(fc.integer({ min: 0, max: 0xffff })).map(codes => String.fromCharCode(...codes));
const spicy = fc
  .array(fc.oneof(fc.constantFrom(...'<>&"\'];-![/ ', ...HOSTILE), fc.string({ unit: 'binary' })))
  .map(parts => parts.join(''));

function unescaped(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}

fc.configureGlobal({ seed: 20 });

describe('escapeText', () => {
  it('leaves nothing that could end a text or an attribute, in any string', () => {
    fc.assert(
      fc.property(fc.oneof(anyString, spicy), text => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(escaped).not.toContain(']]>');
        expect(() => checkMarkup(`<a b="${escaped}">${escaped}</a>`, false)).not.toThrow();
      }),
    );
  });

  it('loses nothing but what XML cannot hold', () => {
    fc.assert(
      fc.property(fc.oneof(anyString, spicy), text => {
        const back = unescaped(escapeText(text));
        expect(back).toHaveLength(text.length);
        for (let i = 0; i < text.length; i++) if (back[i] !== '\ufffd') expect(back[i]).toBe(text[i]);
        expect(() => encodeURIComponent(back)).not.toThrow();
      }),
    );
    expect(unescaped(escapeText('µ < 漢 & 𝛙\n'))).toBe('µ < 漢 & 𝛙\n');
  });

  it('replaces control characters and half surrogates', () => {
    expect(escapeText('a\u0000b\ud800c\udc00\ufffe')).toBe('a\ufffdb\ufffdc\ufffd\ufffd');
  });
});
