import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { boundaryPsi, tabSpans } from '../../src/model/boundaryStreamFunction.js';
import { boundingBox, outlineArea, pointAt } from '../../src/model/outline.js';
import { parseCell } from '../../src/model/parseCell.js';
import { complaint, inputErrorOf, SOUND } from './support.js';

const CASES = fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const missing = !existsSync(CASES);
if (missing) console.warn('skipped: no ../shared/cases beside the project');

/** The sound cell with one line replaced (counted from 1). */
function withLine(line: number, text: string): string {
  const lines = SOUND.split('\n');
  lines[line - 1] = text;
  return lines.join('\n');
}

describe('a cell that is sound', () => {
  it('is read into SI, with its tabs anticlockwise', () => {
    const cell = parseCell(SOUND, 'cell.yaml');
    expect(cell.name).toBe('sound');
    expect([...cell.outline.corners]).toEqual([0, 0, 0.1, 0, 0.1, 0.13, 0, 0.13]);
    expect(cell.thickness).toBe(0.008);
    expect([...cell.sheets]).toEqual([0.003, -0.003]);
    expect(cell.current).toBe(10);
    expect(cell.tabs).toEqual([
      { name: 'positive', start: [0.04, 0.13], end: [0.02, 0.13], share: 1, polarity: 'positive' },
      { name: 'negative', start: [0.08, 0.13], end: [0.06, 0.13], share: -1, length: 0.012, polarity: 'negative' },
    ]);
    expect([cell.leads, cell.masked, cell.magneticParts]).toEqual([[], [], []]);
  });

  it('needs only a name, an outline and a thickness', () => {
    const cell = parseCell('name: a\noutline_mm: {width: 1, height: 2}\nthickness_mm: 3\n', 'a.yaml');
    expect([...cell.sheets]).toEqual([0]);
    expect(cell.tabs).toEqual([]);
    for (const key of ['current', 'returnPlate', 'appliedField', 'electrical']) expect(cell).not.toHaveProperty(key);
    expect(boundaryPsi(cell)(0.0015)).toBe(0);
  });

  it('holds everything that surrounds it', () => {
    const cell = parseCell(
      `${SOUND}leads:
  - {name: busbar, path_mm: [[30, 130], [30, 160], [30, 160, 40]], width_mm: 5, share: -1}
return_plate: {z_mm: -12}
applied_field_uT: [0, 0, 250]
electrical:
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 8, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
masked:
  - at_mm: [[0, 100], [20, 130], [0, 130]]
magnetic_parts:
  - {name: screw, at_mm: [-5, 140], z_mm: 2}
`,
      'cell.yaml',
    );
    expect(cell.leads).toEqual([
      {
        name: 'busbar',
        path: [
          [0.03, 0.13, 0],
          [0.03, 0.16, 0],
          [0.03, 0.16, 0.04],
        ],
        width: 0.005,
        share: -1,
      },
    ]);
    expect(cell.returnPlate).toEqual({ z: -0.012, share: -1 });
    expect(cell.appliedField).toEqual([0, 0, 250e-6]);
    expect(cell.electrical).toEqual({
      pairs: 1,
      positiveFoil: { thickness: 10e-6, conductivity: 3.78e7 },
      negativeFoil: { thickness: 8e-6, conductivity: 5.96e7 },
      areaResistance: 1e-3,
    });
    expect(outlineArea(cell.masked[0])).toBeCloseTo(300e-6, 15);
    expect(cell.magneticParts).toEqual([{ name: 'screw', position: [-0.005, 0.14, 0.002] }]);
  });

  it('does not depend on which way round the outline and the tabs are written', () => {
    const clockwise = withLine(2, 'outline_mm: [[0, 0], [0, 130], [100, 130], [100, 0]]')
      .replace('[[20, 130], [40, 130]]', '[[40, 130], [20, 130]]')
      .replaceAll('\n', '\r\n');
    expect(parseCell(`\ufeff${clockwise}`, 'cell.yaml')).toEqual(parseCell(SOUND, 'cell.yaml'));
  });

  it('may have a tab across a corner where the outline goes straight on, and tabs that touch', () => {
    const cell = parseCell(
      withLine(2, 'outline_mm: [[30, 130], [0, 130], [0, 0], [100, 0], [100, 130]]').replace('[[60,', '[[40,'),
      'cell.yaml',
    );
    expect(cell.tabs.map(tab => tab.start)).toEqual([
      [0.04, 0.13],
      [0.08, 0.13],
    ]);
    expect(tabSpans(cell).map(span => span.length)).toEqual([expect.closeTo(0.02, 12), expect.closeTo(0.04, 12)]);
  });

  it('may have three tabs whose thirds are written with six digits', () => {
    const text = withLine(7, '  - {name: a, at_mm: [[5, 130], [15, 130]], share: 0.333333}')
      .concat('  - {name: b, at_mm: [[0, 5], [0, 15]], share: 0.333333}\n')
      .concat('  - {name: c, at_mm: [[0, 25], [0, 35]], share: 0.333333}\n');
    expect(parseCell(text, 'cell.yaml').tabs).toHaveLength(4);
  });
});

describe.skipIf(missing)('the cells of the cases', () => {
  const files = missing
    ? []
    : readdirSync(CASES, { recursive: true, encoding: 'utf8' }).filter(f => /cell\.yaml$/.test(f));

  it.each(files)('%s', file => {
    const cell = parseCell(readFileSync(join(CASES, file), 'utf8'), file);
    expect(boundingBox(cell.outline)).toMatchObject({ x0: 0, y0: 0 });
    const psi = boundaryPsi(cell);
    for (const { start, length } of tabSpans(cell)) {
      expect(pointAt(cell.outline, start).every(Number.isFinite)).toBe(true);
      expect(Math.abs(psi(start + length + 1e-6) - psi(start - 1e-6))).toBeCloseTo(1, 3);
    }
  });
});

describe('what is wrong with the values of a cell', () => {
  const tab = (at: string, share = -1, name = 'negative') => `  - {name: ${name}, at_mm: ${at}, share: ${share}}`;
  it.each([
    [
      'shares that do not add up',
      withLine(8, tab('[[60, 130], [80, 130]]', -0.9)),
      `cell.yaml, line 7, 'tabs': the shares of the tabs add up to 0.1, not to 0 (positive 1, negative -0.9); let what enters through some tabs (+) leave through the others (-).`,
    ],
    [
      'a single tab',
      withLine(8, ''),
      `cell.yaml, line 7, 'tabs': the shares of the tabs add up to 1, not to 0 (positive 1); let what`,
    ],
    [
      'a tab off the outline',
      withLine(8, tab('[[60, 130], [80, 128]]')),
      `cell.yaml, line 8, 'tabs[1].at_mm[1]': the end (80, 128) mm of the tab 'negative' is 2 mm off the outline; move it onto the outline, whose nearest point is (80, 130) mm.`,
    ],
    [
      'a tab beyond a corner',
      withLine(8, tab('[[60, 130], [110, 130]]')),
      `cell.yaml, line 8, 'tabs[1].at_mm[1]': the end (110, 130) mm of the tab 'negative' is 10 mm off the outline; move it onto the outline, whose nearest point is (100, 130) mm.`,
    ],
    [
      'a tab round a corner',
      withLine(8, tab('[[80, 130], [100, 110]]')),
      `cell.yaml, line 8, 'tabs[1].at_mm': the ends (80, 130) mm and (100, 110) mm of the tab 'negative' lie on different edges of the outline; keep a tab on one straight edge; give a tab round a corner as two tabs.`,
    ],
    [
      'a tab without length',
      withLine(8, tab('[[60, 130], [60, 130]]')),
      `cell.yaml, line 8, 'tabs[1].at_mm': the tab 'negative' has no length along the outline; give two different ends.`,
    ],
    [
      'tabs over one another',
      withLine(8, tab('[[80, 130], [30, 130]]')),
      `cell.yaml, line 8, 'tabs[1].at_mm': the tab 'negative' overlaps the tab 'positive'; give each tab its own part of the outline.`,
    ],
    [
      'the same tab twice',
      withLine(8, tab('[[40, 130], [20, 130]]')),
      `cell.yaml, line 8, 'tabs[1].at_mm': the tab 'negative' overlaps the tab 'positive'`,
    ],
    [
      'two tabs of one name',
      withLine(8, tab('[[60, 130], [80, 130]]', -1, 'positive')),
      `cell.yaml, line 8, 'tabs[1].name': the name 'positive' is taken by tabs[0]; give each its own name.`,
    ],
    [
      'an outline that crosses itself',
      withLine(2, 'outline_mm:\n  - [0, 0]\n  - [100, 130]\n  - [100, 0]\n  - [0, 130]'),
      `cell.yaml, line 3, 'outline_mm[0]': edge 1 from (0, 0) mm to (100, 130) mm and edge 3 from (100, 0) mm to (0, 130) mm cross or touch; list the corners in order along the outline.`,
    ],
    [
      'a corner that stands twice',
      withLine(2, 'outline_mm:\n  - [0, 0]\n  - [100, 0]\n  - [100, 130]\n  - [0, 130]\n  - [0, 0]'),
      `cell.yaml, line 7, 'outline_mm[4]': corner 5 at (0, 0) mm repeats corner 1; leave it out: the outline closes by itself.`,
    ],
    [
      'an outline without area',
      withLine(2, 'outline_mm: [[0, 0], [50, 0], [100, 0]]'),
      `cell.yaml, line 2, 'outline_mm[0]': all corners lie on one line and enclose no area; check the coordinates.`,
    ],
    [
      'a rectangle without area',
      withLine(2, 'outline_mm: {width: 1.0e-9, height: 130}'),
      `cell.yaml, line 2, 'outline_mm.width': 1e-9 is less than 0.01; give the size along x, mm.`,
    ],
    [
      'a sheet that stands twice',
      withLine(4, 'sheets_mm: [3, -3, 3.0]'),
      `cell.yaml, line 4, 'sheets_mm[2]': the sheet at 3 mm stands twice; give each height once.`,
    ],
    [
      'a lead that stands still',
      `${SOUND}leads:\n  - name: wire\n    path_mm: [[0, 0], [0, 0, 0], [1, 1]]\n    share: 1\n`,
      `cell.yaml, line 11, 'leads[0].path_mm[1]': the path stays at (0, 0) mm from point 1 to point 2; leave one of the two out.`,
    ],
    [
      'a mask that crosses itself',
      `${SOUND}masked:\n  - at_mm: [[0, 0], [9, 9], [9, 0], [0, 9]]\n`,
      `cell.yaml, line 10, 'masked[0].at_mm[0]': edge 1 from (0, 0) mm to (9, 9) mm and edge 3`,
    ],
  ])('%s', (_, text, message) => {
    expect(complaint(text)).toContain(message);
  });

  it('is an InputError with its file, line, key path and advice apart', () => {
    const error = inputErrorOf(() => parseCell(withLine(4, 'sheets_mm: [0, 0]'), 'x/cell.yaml'));
    expect(error).toMatchObject({
      code: 'input',
      file: 'x/cell.yaml',
      line: 4,
      column: 'sheets_mm[1]',
      message: 'the sheet at 0 mm stands twice',
      advice: 'give each height once',
    });
  });
});
