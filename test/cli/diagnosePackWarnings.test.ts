import { describe, expect, it } from 'vitest';
import { doubtful, packWarnings } from '../../cli/diagnosePackWarnings.js';
import type { CellPlace, ScanCurrents } from '../../inversion/cellCurrents/cellCurrents.js';
import { packWiring } from '../../src/model/packWiring.js';
import { parseCell } from '../../src/model/parseCell.js';
import { parsePack } from '../../src/model/parsePack.js';

const MM = 1e-3;
const place = (shift: readonly [number, number] = [0, 0], turn = 0): CellPlace => ({
  shift,
  shiftError: [0.1 * MM, 0.1 * MM],
  turn,
  turnError: 1e-3,
});

function scan(more: Partial<ScanCurrents> = {}): ScanCurrents {
  return {
    current: Float64Array.of(5, 5, 5),
    covariance: new Float64Array(9),
    error: new Float64Array(3).fill(0.01),
    ownCovariance: new Float64Array(9),
    chi2: 1,
    readings: 1000,
    rejected: 0,
    rejectedSamples: new Uint8Array(1000),
    background: {},
    places: [place(), place(), place()],
    gainError: 0,
    positionError: 0,
    own: 0,
    strain: 1,
    ...more,
  };
}

describe('cells whose currents may be far from true', () => {
  it('are none where the model explains the field and the cells stand where they should', () => {
    expect([...doubtful([scan(), scan()], 3)]).toEqual([0, 0, 0]);
    expect([...doubtful([scan({ places: undefined })], 3)]).toEqual([0, 0, 0]);
  });

  it('are those that seem to stand elsewhere in most scans', () => {
    const shifted = scan({ places: [place(), place([1.2 * MM, -1.2 * MM]), place()] });
    const turned = scan({ places: [place(), place([1.2 * MM, 1.2 * MM]), place([0, 0], -0.04)] });
    expect([...doubtful([shifted, turned, turned], 3)]).toEqual([0, 1, 1]);
    expect([...doubtful([scan(), shifted, scan()], 3)]).toEqual([0, 0, 0]);
  });

  it('are all of them where most scans are not explained, or ask for currents below', () => {
    expect([...doubtful([scan({ chi2: 1.5 }), scan({ below: 4 * MM }), scan()], 3)]).toEqual([1, 1, 1]);
    expect([...doubtful([scan({ chi2: 1.5 }), scan(), scan()], 3)]).toEqual([0, 0, 0]);
  });

  it('are all of them where tabs would have to be what they cannot be', () => {
    expect([...doubtful([scan({ strain: 9 }), scan({ strain: 9 }), scan()], 3)]).toEqual([1, 1, 1]);
    expect([...doubtful([scan({ strain: 4 }), scan({ strain: 4 })], 3)]).toEqual([0, 0, 0]);
  });
});

describe('warnings of a pack', () => {
  const cell = parseCell(
    `name: c
outline_mm: {width: 60, height: 90}
thickness_mm: 8
current_A: 5
tabs:
  - {name: positive, at_mm: [[25, 90], [10, 90]], share: 1}
  - {name: negative, at_mm: [[50, 90], [35, 90]], share: -1}
`,
    'c.yaml',
  );
  const lead = { name: 'cable', share: 1, path: [[0.01, 0.1, 0] as const, [0.01, 0.5, 0] as const] };
  const pack = parsePack(
    `name: p
topology: parallel
cells:
  - {name: A, cell: c.yaml, at_mm: [0, 0]}
  - {name: B, cell: c.yaml, at_mm: [66, 0]}
  - {name: C, cell: c.yaml, at_mm: [132, 0]}
`,
    'p.yaml',
  );
  const names = Array.from({ length: 6 }, (_, s) => `scan-${s + 1}`);
  const told = (scans: readonly ScanCurrents[], leads: boolean) =>
    packWarnings(
      {
        pack: leads ? { ...pack, leads: [lead] } : pack,
        cells: pack.cells.map(({ name, at, rotate_deg }, k) => ({
          name,
          cell: leads && k === 1 ? { ...cell, leads: [lead] } : cell,
          placement: { at, rotate_deg },
        })),
        kinds: new Uint16Array(3),
        files: [],
      },
      names.map(name => ({ name, path: `${name}.csv`, scan: {} as never, input: { name, sha256: '' } })),
      { cells: ['A', 'B', 'C'], scans, geometries: 1, varying: 0 },
      names.map(() => undefined),
      { persistent: new Uint8Array(3), spreadFound: true, spread: 0.004 } as never,
      packWiring(pack),
    ).join('\n');

  it('are none for a pack that is as described', () => {
    expect(
      told(
        names.map(() => scan()),
        false,
      ),
    ).toBe('');
  });

  it('say that known leads are not used, of the pack and of its cells', () => {
    expect(
      told(
        names.map(() => scan()),
        true,
      ),
    ).toContain('described for the pack, B were not used');
  });

  it('name the first of many scans, and the cell that seems to stand elsewhere', () => {
    const poor = names.map(() => scan({ chi2: 1.4, places: [place(), place([3 * MM, 4 * MM]), place()] }));
    expect(told(poor, false)).toContain('does not explain scan-1, scan-2, scan-3 and 3 more');
    expect(told(poor, false)).toContain('B seems to stand 5.0 mm and 0.0 degrees off');
  });

  it('say that tabs would have to be what they cannot be', () => {
    const all = names.map(() => scan({ strain: 9.4 }));
    expect(told(all, false)).toContain(
      'scan-1, scan-2, scan-3 and 3 more: the current of the tabs would have to be spread otherwise than is likely, by 9 standard',
    );
  });
});
