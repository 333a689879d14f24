import type { MapStack } from '../src/diagnosis/mapStack.js';
import { monitoringModel } from '../src/diagnosis/monitoring.js';
import { principalComponents } from '../src/diagnosis/pca.js';
import { random } from '../src/random.js';

/** `node dist/bench/diagnosis.js`: time and memory of the components of 5 000 maps of 100 x 100, read one by one. */
const NX = 100;
const STRENGTHS = [300, 150, 80, 40, 20];
const layout = { grid: { nx: NX, ny: NX, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 }, channels: ['bz'], unit: 'T' };
const pixels = NX * NX;
const shapes = STRENGTHS.map((_, k) => {
  const shape = Float64Array.from({ length: pixels }, (_, i) => {
    const [x, y] = [((i % NX) + 0.5) / NX, (Math.floor(i / NX) + 0.5) / NX];
    return (2 / NX) * Math.cos(Math.PI * (k + 1) * x) * Math.cos(Math.PI * (k + 2) * y);
  });
  return shape;
});

/** Noise of unit variance out of a table: a map costs less to make than to decompose. */
const table = (() => {
  const source = random(1);
  return Float64Array.from({ length: 1 << 20 }, () => source.normal());
})();

function fill(i: number, out: Float64Array): Float64Array {
  const source = random(1000 + i);
  out.fill(0);
  shapes.forEach((shape, k) => {
    const t = STRENGTHS[k] * source.normal();
    for (let q = 0; q < pixels; q++) out[q] += t * shape[q];
  });
  let at = Math.floor(source.uniform() * table.length);
  for (let q = 0; q < pixels; q++) {
    if (q % 50 === 0) at = Math.floor(source.uniform() * (table.length - 50));
    out[q] += table[at + (q % 50)];
  }
  return out;
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const seconds = <T>(work: () => T): [number, T] => {
  const start = performance.now();
  const out = work();
  return [(performance.now() - start) / 1000, out];
};

const buffer = new Float64Array(pixels);
let making = 0;
const stack: MapStack = {
  layout,
  count: 5000,
  read: i => {
    const [time, map] = seconds(() => fill(i, buffer));
    making += time;
    return map;
  },
};
const [time, pca] = seconds(() => principalComponents(stack));
monitoringModel(pca);
const memory = process.resourceUsage().maxRSS / 1024;
const shown = Array.from(pca.variances, v => Math.sqrt(v).toFixed(1)).join(' ');
say(
  `5 000 maps of 100 x 100: ${time.toFixed(1)} s, of which ${making.toFixed(1)} s to make the maps; ${memory.toFixed(0)} MB at most`,
);
say(`components ${pca.choice.components}, standard deviations ${shown} (true ${STRENGTHS.join(' ')} and noise)`);
