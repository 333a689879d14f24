import { writeFileSync } from 'node:fs';
import { susceptibilitySeries } from '../inversion/series/susceptibilitySeries.js';
import { positionsOf, prismField, type Vector3, zeroField } from '../src/biotSavart/index.js';
import { MU0 } from '../src/constants.js';
import { curvePanel, figure } from '../src/figures/index.js';
import { renderPng } from '../src/figures/node.js';
import { dischargeCase, dischargeSeries, SENSORS } from './hotSpot.js';

/** `node dist/bench/susceptibilityFigures.js`: docs/figures/susceptibilityLimits.png, and the table of hot spots in docs/susceptibility.md. */
const [THICKNESS, HEIGHT, CHI, FIELD] = [4e-3, 8e-3, 100e-6, 100e-6];

function bz(side: number, x: number): number {
  const out = zeroField(1);
  const point: Vector3 = [x, 0, HEIGHT];
  prismField(
    positionsOf([point]),
    { centre: [0, 0, 0], sides: [side, side, THICKNESS] },
    [0, 0, (CHI * FIELD) / MU0],
    out,
  );
  return out.bz[0];
}

const sides = Float64Array.from({ length: 40 }, (_, k) => 10e-3 * 10 ** (k / 19.5));
const across = Float64Array.from({ length: 161 }, (_, k) => (k - 80) * 1e-3);
const middle = curvePanel({
  title: 'Over the middle of a uniform slab',
  subtitle: '4 mm thick, 100 ppm, 100 µT along z, 8 mm above',
  x: { label: 'side of the slab', unit: 'm', scale: 'log' },
  y: { label: '|B| there', unit: 'T', scale: 'log' },
  curves: [{ x: sides, y: sides.map(side => Math.abs(bz(side, 0))) }],
});
const profile = curvePanel({
  title: 'Across the slab',
  subtitle: 'the larger it is, the more of the field is at the edges',
  x: { label: 'x', unit: 'm', scale: 'linear' },
  y: { label: 'B along z', unit: 'T', scale: 'linear' },
  curves: [0.04, 0.08, 0.12].map(side => ({
    x: across,
    y: across.map(x => bz(side, x)),
    name: `${1e3 * side} mm`,
  })),
});
writeFileSync(
  'docs/figures/susceptibilityLimits.png',
  renderPng(figure([middle, profile], { columns: 2, letters: true })),
);

for (const [name, noise] of Object.entries(SENSORS)) {
  const slab = dischargeCase(0, noise, 0);
  const series = susceptibilitySeries(dischargeSeries(noise, 1, 5e-3), slab, { pitch: 3e-3 });
  for (const { at, hotSpots } of series.states) {
    if (hotSpots === undefined) continue;
    const [spot] = hotSpots.spots;
    const found =
      spot === undefined
        ? 'nothing claimed | - '
        : `(${(1e3 * spot.x).toFixed(2)}, ${(1e3 * spot.y).toFixed(2)}) mm | ${(1e6 * spot.excess).toFixed(2)} ppm`;
    console.log(`| ${name} | ${at} | ${found} | ${(1e6 * hotSpots.smallest).toPrecision(2)} ppm |`);
  }
}
