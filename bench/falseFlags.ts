import { imbalance } from '../src/diagnosis/imbalance.js';
import { random } from '../src/random.js';

/**
 * `node dist/bench/falseFlags.js [PACKS]`: how often a healthy pack gets a flag, over simulated packs (default 1000) of 4 cells in
 * 6 scans with 0.4 % of natural spread and 0.2 % of measuring error, next to the rate that each diagnosis states; with every
 * significant departure flagged (threshold 0) and with the default threshold. Exit status 1 beyond three binomial errors.
 */
const packs = Number(process.argv[2] ?? 1000);
const [SCANS, CELLS, SPREAD, ERROR, CURRENT] = [6, 4, 0.004, 0.002, 5];
const rng = random(7);

function healthyRun() {
  const habit = Array.from({ length: CELLS }, () => 1 + 0.01 * rng.normal());
  return Array.from({ length: SCANS }, () => {
    const current = Float64Array.from(habit, own => {
      return CURRENT * own * (1 + SPREAD * rng.normal()) + CURRENT * ERROR * rng.normal();
    });
    const covariance = new Float64Array(CELLS * CELLS);
    for (let k = 0; k < CELLS; k++) covariance[k * CELLS + k] = (CURRENT * ERROR) ** 2;
    return { current, covariance };
  });
}

let [stated, flagged, beyond] = [0, 0, 0];
for (let pack = 0; pack < packs; pack++) {
  const found = imbalance(healthyRun(), { threshold: 0 });
  stated += found.falseFlags.rate / packs;
  const flags = found.scans.flat().filter(cell => cell.flagged);
  if (flags.length > 0) flagged++;
  if (flags.some(cell => Math.abs(cell.resistanceDeviation) > 0.03)) beyond++;
}
const error = Math.sqrt((stated * (1 - stated)) / packs);
process.stdout.write(
  `${packs} healthy packs: flagged by significance alone ${((100 * flagged) / packs).toFixed(2)} %, stated ${(100 * stated).toFixed(2)} ` +
    `+- ${(100 * error).toFixed(2)} % (binomial); beyond 3 % of resistance as well ${((100 * beyond) / packs).toFixed(2)} %\n`,
);
if (Math.abs(flagged / packs - stated) > 3 * error) process.exitCode = 1;
