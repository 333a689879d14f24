import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inversionFigure, inversionFigures, inversionPanels } from '../../src/figures/inversionFigures.js';
import { inversionReport, type ReportInput } from '../../src/figures/report.js';
import type { InversionResult, ProcessRecord } from '../../src/result.js';
import { checkMarkup, HOSTILE, random } from './helpers.js';

const N = 24;
const grid = { nx: N, ny: N, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 };
const on = (f: (x: number, y: number) => number) =>
  Float64Array.from({ length: N * N }, (_, i) => f((i % N) - 11.5, Math.floor(i / N) - 11.5));
const process: ProcessRecord = {
  program: 'savart',
  version: '1.2.3',
  date: '2025-11-20T14:05:33.120Z',
  inputs: [{ name: 'scan.csv', sha256: createHash('sha256').update('scan').digest('hex') }],
  cell: 'outline_mm: {width: 24, height: 24}\n',
  parameters: {
    method: 'bounded',
    lattice: { pitch: 0.0025, exterior: true },
    lambdas: new Float64Array(100),
    nothing: undefined,
  },
};
const psi = on((x, y) => Math.exp(-(x * x + y * y) / 60));
const sheet = {
  grid,
  z: 0,
  psi,
  kx: on((x, y) => -y * x),
  ky: on(x => x),
  kxErrors: on(() => 1),
  kyErrors: on(() => 1),
  resolution: on(() => 0.004),
};
const next = random(5);
const noise = () => on(() => next() - 0.5);
const result: InversionResult = {
  sheets: [sheet],
  field: { grid, z: 0.01, components: { bx: noise(), by: noise(), bz: noise() } },
  residual: {
    x: on(x => x),
    y: on((_, y) => y),
    z: on(() => 0.01),
    components: { bx: noise(), bz: noise().map(v => 12 * v) },
    rejected: new Uint8Array(N * N).fill(1, 0, 3),
  },
  process,
};
const lambda = Float64Array.of(1e-6, 1e-5, 1e-4);
const curve = {
  lambda,
  gcv: lambda.map(v => 1 + v),
  residualNorm: lambda,
  solutionNorm: lambda,
  chosen: { rule: 'gcv', lambda: 1e-5 },
  candidates: { lcurve: 1e-6 },
} as const;

const input: ReportInput = {
  title: 'Cell 17',
  verdict: ['The current avoids a spot.', 'It is significant.'],
  warnings: ['the window truncates the field'],
  figures: inversionFigures(result, { curve }),
  table: [{ label: 'Noise', value: 5.2e-8, unit: 'T', note: 'from the file' }],
  canSee: ['A hole wider than 6 mm.'],
  process,
};

/** Everything in a page that could make a browser fetch something. */
function fetches(html: string): string[] {
  return [...html.matchAll(/(?:href|src|srcset|action|data|poster|background)="([^"]*)"|url\(([^)]*)\)|@import[^;]*/g)]
    .map(m => m[1] ?? m[2] ?? m[0])
    .filter(target => !target.startsWith('data:'));
}

describe('report', () => {
  const html = inversionReport(input);

  it('is well-formed, loads nothing and runs nothing', () => {
    expect(() => checkMarkup(html, true)).not.toThrow();
    expect(fetches(html)).toEqual([]);
    const own = html.replaceAll(/ xmlns(?::xlink)?="[^"]*"|"data:[^"]*"/g, '');
    expect(/https?:|\/\/[a-z]/i.exec(own)?.[0]).toBeUndefined();
    expect(/<script|<link|<iframe|<object|<embed|\son\w+="|javascript:/i.exec(own)?.[0]).toBeUndefined();
    expect(html).toContain("default-src 'none'");
  });

  it('shows the answer, then the warnings, then the pictures, then the figures and the record', () => {
    const order = [
      'avoids a spot',
      'truncates the field',
      '<figure',
      'In numbers',
      'could and could not have seen',
      'How this result came about',
    ];
    const at = order.map(text => html.indexOf(text));
    expect(at.every(i => i > 0)).toBe(true);
    expect(at).toEqual([...at].sort((a, b) => a - b));
  });

  it('holds the whole record', () => {
    for (const text of [
      process.inputs[0].sha256,
      'scan.csv',
      'savart 1.2.3',
      '2025-11-20 14:05 UTC',
      'lattice.pitch',
      '0.0025',
      'outline_mm',
      'and 76 more',
      '52\u00a0nT',
    ]) {
      expect(html).toContain(text);
    }
  });

  it('every picture has an alternative text and a caption', () => {
    const pictures = html.match(/<svg /g)!.length;
    expect(html.match(/role="img" aria-label="[^"]{10,}"/g)).toHaveLength(pictures);
    expect(html.match(/<figcaption>/g)).toHaveLength(html.match(/<figure/g)!.length);
    expect(html).not.toMatch(/\sid="/);
  });

  it('is made for dark rooms, phones and paper', () => {
    for (const text of [
      'prefers-color-scheme:dark',
      'max-width:700px',
      '@media print',
      'size:A4',
      'width=device-width',
      'lang="en"',
    ])
      expect(html).toContain(text);
  });

  it('survives every name that a file can have', () => {
    for (const text of HOSTILE) {
      const hostile = inversionReport({
        ...input,
        title: text,
        verdict: [text],
        warnings: [text, text],
        figures: input.figures.slice(0, 1).map(f => ({ ...f, caption: text, group: text })),
        table: [{ label: text, value: text, unit: text, note: text }],
        canSee: [text],
        process: {
          program: text,
          version: text,
          date: text,
          inputs: [{ name: text, sha256: text }],
          cell: text,
          parameters: { [text]: { [text]: [text, { [text]: text }] } },
        },
      });
      expect(() => checkMarkup(hostile, true)).not.toThrow();
      expect(hostile).not.toMatch(/<script|<img|\sonload="|\sonerror="/);
      expect(fetches(hostile)).toEqual([]);
    }
  });

  it('leaves out what there is not', () => {
    const bare = inversionReport({
      ...input,
      verdict: [],
      warnings: [],
      figures: [],
      table: [],
      canSee: [],
      process: { ...process, inputs: [], parameters: {} },
    });
    expect(() => checkMarkup(bare, true)).not.toThrow();
    expect(bare).not.toMatch(/<figure|<ul>|<table|class="warnings"/);
  });

  it('is the same twice', () => {
    expect(inversionReport(input)).toBe(html);
  });
});

describe('figures of an inversion', () => {
  it('are all there, the current first and large', () => {
    expect(inversionPanels(result, { curve }).map(p => p.group)).toEqual([
      'current',
      'current',
      'current',
      'field',
      'field',
      'field',
      'residual',
      'residual',
      'regularisation',
      'regularisation',
    ]);
    const [first, ...others] = inversionFigures(result, { curve });
    expect(first.wide).toBe(true);
    expect(others.some(f => f.wide)).toBe(false);
  });

  it('only what the result holds is drawn; several sheets are told apart', () => {
    const { kx, ky, psi: p } = sheet;
    const only = {
      sheets: [
        { grid, z: 1e-3, psi: p, kx, ky },
        { grid, z: -1e-3, psi: p, kx, ky },
      ],
      process,
    };
    const panels = inversionPanels(only);
    expect(panels).toHaveLength(3);
    expect(panels[0].panel.label).toContain('z = 1\u00a0mm');
    expect(panels[1].panel.label).toContain('z = −1\u00a0mm');
    expect(panels[2].panel.label).toContain('Height of the current');
  });

  it('a scan in relative units gives a current that is called relative', () => {
    const relative = inversionPanels({
      ...result,
      sheets: [{ ...sheet, relativeUnit: 'Phi0/A' }],
      field: { ...result.field!, relativeUnit: 'Phi0/A' },
    });
    const text = relative.map(p => p.panel.body).join('');
    expect(text).toMatch(/>(10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+\u00a0)?relative</);
    expect(text).toContain('>Phi0/A<');
    expect(text).not.toMatch(/>[nµmk]?T<|>[nµmk]?A\/m</);
  });

  it('the figure for a publication has its panels lettered and is well-formed', () => {
    const svg = inversionFigure(result, { curve, caption: 'Everything at once.' });
    expect(() => checkMarkup(svg, false)).not.toThrow();
    for (const letter of 'abcd') expect(svg).toContain(`>${letter}<`);
    expect(svg).toContain('Everything at once.');
  });
});
