import { FALSE_ALARM, findHotSpots } from '../inversion/series/hotSpots.js';
import { susceptibilityInversion } from '../inversion/susceptibility/susceptibilityInversion.js';
import { dischargeCase, SENSORS } from './hotSpot.js';
import { type SlabCase, simulateSlab } from './slabCases.js';

/**
 * `node dist/bench/falseHotSpots.js [SEARCHES]`: how often a cell that changed evenly gets a hot spot from noise, offsets and drift
 * alone, next to the rate that the search is set to: whole inversions of differences of two scans. Prints the table of
 * docs/susceptibility.md. Exit status 1 where claims are more by three binomial errors.
 */
const searches = Number(process.argv[2] ?? 200);
const say = (line: string) => process.stdout.write(`${line}\n`);

/** An even change of 20 ppm, or one with a slope, which pixels show as steps. */
function evenChange(noise: number, seed: number, slope: number, slab: Partial<SlabCase>): SlabCase {
  return {
    ...dischargeCase(0, noise * Math.SQRT2, seed, 6e-3),
    chi: (_, y) => 20e-6 * (1 + slope * y),
    finePitch: 2.5e-3,
    ...slab,
  };
}

const BENCHES: Readonly<Record<string, { noise: number; slope?: number; slab?: Partial<SlabCase> }>> = {
  'atomic, 15 fT/√Hz': { noise: SENSORS.opm },
  'atomic, change with a slope': { noise: SENSORS.opm, slope: 1 },
  'AMR, 0.3 nT/√Hz': { noise: SENSORS.amr },
  'AMR, Bz only, two planes': { noise: SENSORS.amr, slab: { planes: [8e-3, -8e-3], components: ['bz'] } },
};

say('| sensor | searches | set to | claims | rate |');
say('|---|---|---|---|---|');
const row = (name: string, count: number, alarm: number, claimed: number) => {
  const error = Math.sqrt((alarm * (1 - alarm)) / count);
  const percent = (v: number) => `${(100 * v).toPrecision(2)} %`;
  say(`| ${name} | ${count} | ${percent(alarm)} ± ${percent(error)} | ${claimed} | ${percent(claimed / count)} |`);
  if (claimed / count > alarm + 3 * error) process.exitCode = 1;
};
for (const [name, { noise, slope = 0, slab = {} }] of Object.entries(BENCHES)) {
  const alarms = [0.1, FALSE_ALARM];
  const claimed = alarms.map(() => 0);
  for (let seed = 1; seed <= searches; seed++) {
    const made = evenChange(noise, seed, slope, slab);
    susceptibilityInversion(simulateSlab(made).scan, made, {
      pitch: 5e-3,
      prior: 'smooth',
      errors: false,
      onForm: (form, lattice, variance, distance) => {
        alarms.forEach((alarm, k) => {
          if (findHotSpots(form, lattice, variance, distance, alarm).spots.length > 0) claimed[k]++;
        });
      },
    });
  }
  alarms.forEach((alarm, k) => {
    row(name, searches, alarm, claimed[k]);
  });
}
