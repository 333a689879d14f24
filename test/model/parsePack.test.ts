import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryPsi, tabSpans } from '../../src/model/boundaryStreamFunction.js';
import { boundingBox, outlineArea, perimeter } from '../../src/model/outline.js';
import { parseCell } from '../../src/model/parseCell.js';
import { parsePack } from '../../src/model/parsePack.js';
import { placeCell } from '../../src/model/placeCell.js';
import { fraction, inputErrorOf, SOUND } from './support.js';

const PACK = `name: pair
cells:
  - {name: A, cell: cell.yaml, at_mm: [0, 0]}
  - {name: B, cell: cell.yaml, at_mm: [110, 0], rotate_deg: 180}
`;
const cell = parseCell(`${SOUND}magnetic_parts: [{name: screw, at_mm: [0, 0], z_mm: 5}]\n`, 'cell.yaml');

describe('pack.yaml', () => {
  it('says which cell stands where', () => {
    expect(parsePack(PACK, 'pack.yaml')).toEqual({
      name: 'pair',
      topology: 'parallel',
      cells: [
        { name: 'A', cellFile: 'cell.yaml', at: [0, 0], rotate_deg: 0 },
        { name: 'B', cellFile: 'cell.yaml', at: [0.11, 0], rotate_deg: 180 },
      ],
    });
  });

  it('needs cells of different names, and known keys', () => {
    const say = (text: string) => inputErrorOf(() => parsePack(text, 'pack.yaml')).sentence();
    expect(say(PACK.replace('name: B', 'name: A'))).toBe(
      `pack.yaml, line 4, 'cells[1].name': the name 'A' is taken by cells[0]; give each its own name.`,
    );
    expect(say(PACK.replace('rotate_deg', 'rotate'))).toContain(
      `line 4, 'cells[1].rotate': the key 'rotate' is unknown; write 'rotate_deg'`,
    );
    expect(say('name: a\ncells: []\n')).toContain(`line 2, 'cells': has 0 values, fewer than the 1 needed`);
  });

  const shared = fileURLToPath(new URL('../../../shared/cases/pack-4p/pack.yaml', import.meta.url));
  if (!existsSync(shared)) console.warn('skipped: no ../shared/cases/pack-4p beside the project');
  it.skipIf(!existsSync(shared))('of the case is read', () => {
    const { cells } = parsePack(readFileSync(shared, 'utf8'), shared);
    expect(cells.map(({ name, at }) => [name, at[0]])).toEqual([
      ['A', 0],
      ['B', 0.066],
      ['C', 0.132],
      ['D', 0.198],
    ]);
  });
});

describe('a cell in its pack', () => {
  it('stands with its lower left corner at the given point when it is not turned', () => {
    const placed = placeCell(cell, { at: [0.11, 0.02], rotate_deg: 0 });
    expect(boundingBox(placed.outline)).toEqual({
      x0: expect.closeTo(0.11, 12),
      y0: expect.closeTo(0.02, 12),
      x1: expect.closeTo(0.21, 12),
      y1: expect.closeTo(0.15, 12),
    });
    expect(placed.magneticParts[0].position).toEqual([expect.closeTo(0.11, 12), expect.closeTo(0.02, 12), 0.005]);
  });

  it('turns about the middle of its box: upside down it fills the same box, a quarter turn keeps the middle', () => {
    const at = [0, 0] as const;
    const down = placeCell(cell, { at, rotate_deg: 180 });
    expect(down.tabs[0].start).toEqual([expect.closeTo(0.06, 12), expect.closeTo(0, 12)]);
    expect(down.tabs[0].end).toEqual([expect.closeTo(0.08, 12), expect.closeTo(0, 12)]);
    const quarter = boundingBox(placeCell(cell, { at, rotate_deg: 90 }).outline);
    expect(quarter.x0).toBeCloseTo(0.05 - 0.065, 12);
    expect(quarter.y1).toBeCloseTo(0.065 + 0.05, 12);
    // Anticlockwise: what was at the top is at the left.
    expect(placeCell(cell, { at, rotate_deg: 90 }).tabs[0].start[0]).toBeCloseTo(-0.015, 12);
  });

  it('keeps its area, its perimeter and its psi, arc for arc, at any angle', () => {
    fc.assert(
      fc.property(fraction, fraction, fraction, fraction, (u, v, w, s) => {
        const placed = placeCell(cell, { at: [2 * u - 1, v], rotate_deg: 720 * w - 360 });
        const turn = perimeter(cell.outline);
        expect(outlineArea(placed.outline)).toBeCloseTo(outlineArea(cell.outline), 13);
        expect(perimeter(placed.outline)).toBeCloseTo(turn, 13);
        expect(boundaryPsi(placed)(s * turn)).toBeCloseTo(boundaryPsi(cell)(s * turn), 9);
        tabSpans(placed).forEach((span, k) => {
          expect(span.start).toBeCloseTo(tabSpans(cell)[k].start, 12);
        });
      }),
      { seed: 21 },
    );
  });
});
