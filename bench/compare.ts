import { estimateRegistration } from '../src/comparison/index.js';
import { type Motion, moved } from '../src/comparison/motion.js';
import { smoothed } from '../src/comparison/smoothing.js';
import type { VectorMap } from '../src/comparison/vectorMap.js';
import type { Grid } from '../src/grid.js';
import { eddyMap, PLAIN } from './eddies.js';

/** Whether the errors of a registration are what they say, how far it reaches, and what it costs. */

const SEEDS = 200;
const motion: Motion = { shift: [7.3e-3, -5.1e-3], angle: 0.06, scale: 1.02, centre: [0.06, 0.04] };
const LARGEST = 57;

type Pair = (seed: number) => [VectorMap, VectorMap];

function coverage(label: string, pair: Pair): void {
  const squares = [0, 0, 0, 0];
  const within = [0, 0, 0, 0];
  let found = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const [a, b] = pair(seed);
    const one = estimateRegistration([{ a, b }]);
    if (one === undefined) continue;
    found++;
    const { centre, shift, angle, scale } = one.motion;
    const [x, y] = moved(motion, ...centre);
    const errors = [shift[0] - (x - centre[0]), shift[1] - (y - centre[1]), angle - motion.angle, scale - motion.scale];
    const sd = [...one.shiftErrors, one.angleError, one.scaleError];
    errors.forEach((error, i) => {
      squares[i] += (error / sd[i]) ** 2;
      if (Math.abs(error) < 2 * sd[i]) within[i]++;
    });
  }
  const rms = squares.map(s => Math.sqrt(s / found).toFixed(2)).join(' ');
  const part = within.map(n => `${Math.round((100 * n) / found)} %`).join(' ');
  console.log(
    `${label.padEnd(42)} found ${found}/${SEEDS}  error/stated (x y angle scale) ${rms}  within 2 sigma ${part}`,
  );
}

function alike(made: Parameters<typeof eddyMap>[1], size: number, seed: number): VectorMap {
  const clean = eddyMap(PLAIN, made);
  const noise = eddyMap(PLAIN, { gain: 0, noise: size, seed });
  const values = clean.values.map((v, c) => {
    const smooth = smoothed(PLAIN, noise.values[c], 5e-3, 0.1);
    return v.map((value, p) => value + smooth[p]);
  });
  return { ...clean, values };
}

for (const part of [0.03, 0.2, 0.5]) {
  coverage(`independent noise, ${100 * part} % of the largest |K|`, seed => [
    eddyMap(PLAIN, { noise: part * LARGEST, seed: 2 * seed }),
    eddyMap(PLAIN, { motion, noise: part * LARGEST, seed: 2 * seed + 1 }),
  ]);
}
coverage('noise alike over 2.5 pixels, 5 %', seed => [
  alike({}, 0.45 * LARGEST, 2 * seed),
  alike({ motion }, 0.45 * LARGEST, 2 * seed + 1),
]);

for (const distance of [1, 4, 8, 12]) {
  const shifted: Motion = {
    ...motion,
    shift: [0.8 * distance * PLAIN.dx, 0.6 * distance * PLAIN.dy],
    angle: 0,
    scale: 1,
  };
  const one = estimateRegistration([{ a: eddyMap(PLAIN), b: eddyMap(PLAIN, { motion: shifted }) }], { model: 'shift' });
  const error =
    one === undefined
      ? Number.NaN
      : Math.hypot(one.motion.shift[0] - shifted.shift[0], one.motion.shift[1] - shifted.shift[1]) / PLAIN.dx;
  console.log(`shift of ${String(distance).padStart(2)} pixels, no noise: found to ${error.toExponential(1)} pixels`);
}
for (const degrees of [1, 5, 10, 20]) {
  const turned: Motion = { ...motion, shift: [0, 0], angle: (degrees * Math.PI) / 180, scale: 1 };
  const one = estimateRegistration([{ a: eddyMap(PLAIN), b: eddyMap(PLAIN, { motion: turned }) }], { model: 'rigid' });
  const error = one === undefined ? Number.NaN : (180 / Math.PI) * Math.abs(one.motion.angle - turned.angle);
  console.log(
    `rotation by ${String(degrees).padStart(2)} degrees, no noise: found to ${error.toExponential(1)} degrees`,
  );
}

for (const n of [64, 128, 256, 512, 1024]) {
  const grid: Grid = { nx: n, ny: n, x0: 0, y0: 0, dx: 0.12 / n, dy: 0.09 / n };
  const [a, b] = [eddyMap(grid, { noise: 3, seed: 1 }), eddyMap(grid, { motion, noise: 3, seed: 2 })];
  const start = performance.now();
  estimateRegistration([{ a, b }]);
  console.log(`registration of ${n} x ${n} pixels: ${((performance.now() - start) / 1000).toFixed(2)} s`);
}
