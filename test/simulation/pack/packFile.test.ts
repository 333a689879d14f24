import { describe, expect, it } from 'vitest';
import { parsePack } from '../../../src/model/parsePack.js';
import { inputErrorOf } from '../../model/support.js';

const PACK = `name: pair
topology: parallel
current_A: 12
busbar: {segment_ohm: 0.0002, terminals: opposite_ends}
load:
  - {current_A: 12, duration_s: 600, every_s: 60}
  - {current_A: 0, duration_s: 1800}
leads:
  - {name: supply, path_mm: [[0, 100], [0, 150, 20]], share: 1}
cells:
  - name: A
    cell: cell.yaml
    at_mm: [0, 0]
    group: left
    resistance_ohm: {soc: [0, 0.5, 1], ohm: [0.04, 0.03, 0.05]}
    resistance_factor: 1.2
    connection_ohm: 0.001
    capacity_Ah: 2.5
    soc: 0.3
    ocv_V: {soc: [0, 1], V: [3, 4.2]}
  - {name: B, cell: cell.yaml, at_mm: [110, 0], resistance_ohm: 0.03, ocv_V: 3.7}
`;

describe('the electrical part of pack.yaml', () => {
  it('is read in SI', () => {
    const { cells, ...pack } = parsePack(PACK, 'pack.yaml');
    expect(pack).toEqual({
      name: 'pair',
      topology: 'parallel',
      current: 12,
      busbar: { segment: 2e-4, joint: 0, terminals: 'opposite_ends' },
      load: [
        { current: 12, duration: 600, every: 60 },
        { current: 0, duration: 1800 },
      ],
      leads: [
        {
          name: 'supply',
          path: [
            [0, 0.1, 0],
            [0, 0.15, 0.02],
          ],
          share: 1,
        },
      ],
    });
    expect(cells[0]).toEqual({
      name: 'A',
      cellFile: 'cell.yaml',
      at: [0, 0],
      rotate_deg: 0,
      group: 'left',
      resistance: { soc: Float64Array.of(0, 0.5, 1), values: Float64Array.of(0.04, 0.03, 0.05) },
      resistanceFactor: 1.2,
      connectionResistance: 0.001,
      capacity: 9000,
      soc: 0.3,
      openCircuit: { soc: Float64Array.of(0, 1), values: Float64Array.of(3, 4.2) },
    });
    expect(cells[1]).toMatchObject({ resistance: 0.03, openCircuit: 3.7 });
  });

  it.each([
    ['ohm: [0.04, 0.03, 0.05]', 'ohm: [0.04, 0.03]', 'holds 3 states of charge and 2 values; give one value for each'],
    ['[0, 0.5, 1]', '[0, 0.5, 0.5, 1]', "'cells[0].resistance_ohm.ohm': holds 4 states of charge"],
    ['soc: [0, 0.5, 1], ohm', 'soc: [0, 1, 1], ohm', "'cells[0].resistance_ohm.soc[2]': 1 comes after 1"],
    ['soc: [0, 1], V', 'soc: [0.1, 1], V', 'the table runs from 0.1 to 1; let it run from 0 (empty) to 1 (full)'],
    ['V: [3, 4.2]', 'volt: [3, 4.2]', "'cells[0].ocv_V.volt': the key 'volt' is unknown"],
    ['capacity_Ah: 2.5', 'capacity_Ah: 0', "'cells[0].capacity_Ah': 0 is not more than 0"],
    ['capacity_Ah: 2.5', 'capacity: 2.5', "the key 'capacity' is unknown; write 'capacity_Ah' if that is meant"],
    ['resistance_ohm: 0.03', 'resistance_ohm: -1', "'cells[1].resistance_ohm'"],
    ['soc: 0.3', 'soc: 30', '30 is more than 1; give the state of charge at the beginning, 0 to 1'],
    ['segment_ohm', 'segments_ohm', "the key 'segments_ohm' is unknown; write 'segment_ohm'"],
    ['duration_s: 1800', 'duration_s: 0', "'load[1].duration_s'"],
    ['[0, 150, 20]', '[0, 100]', "'leads[0].path_mm[1]': the path stays at"],
  ])('with %s -> %s is refused in words', (sound, spoilt, words) => {
    expect(PACK).toContain(sound);
    const text = PACK.replace(sound, spoilt);
    expect(inputErrorOf(() => parsePack(text, 'pack.yaml')).sentence()).toContain(words);
  });
});
