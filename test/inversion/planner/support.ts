import { type Cell, parseCell } from '../../../src/index.js';
import type { Rig, ScanSettings, SensorElement } from '../../../src/model/rig.js';

/** A small pouch cell, one pair, tabs on one side. */
export function cell(electrical = true): Cell {
  return parseCell(
    `name: small
outline_mm: {width: 40, height: 50}
thickness_mm: 2
current_A: 4
tabs:
  - {name: positive, at_mm: [[6, 50], [16, 50]], share: 1, length_mm: 8}
  - {name: negative, at_mm: [[24, 50], [34, 50]], share: -1, length_mm: 8}
${
  electrical
    ? `electrical:
  pairs: 1
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10`
    : ''
}
`,
    'cell.yaml',
  );
}

const WHOLE: SensorElement = {
  name: 's',
  offset: [0, 0, 0],
  axes: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  delay: 0,
};

/** One three-axis sensor of 40 nT, 5 mm pitch and height. */
export function rig(scan: Partial<ScanSettings> = {}, elements: readonly SensorElement[] = [WHOLE]): Rig {
  const sensor = {
    name: 's',
    driver: 'text_line',
    connect: { virtual: true },
    options: {},
    noise: 40e-9,
    range: 1e-3,
    rate: 100,
    corner: 0,
    role: 'scan',
    elements,
  } as const;
  return {
    name: 'test',
    sensors: [sensor],
    scan: {
      margin: 15e-3,
      pitch: 5e-3,
      heights: [6e-3],
      mode: 'step',
      average: 0.1,
      scheme: 'steady',
      mains: 50,
      repeatEvery: 50,
      ...scan,
    },
    gainError: 0.005,
    positionError: 1e-4,
  };
}
