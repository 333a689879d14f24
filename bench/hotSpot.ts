import { susceptibilitySeries } from '../inversion/series/susceptibilitySeries.js';
import { rectangleOutline } from '../src/model/outline.js';
import { type SlabCase, simulateSlab } from './slabCases.js';

/**
 * A discharge in six states of charge with a spot where 10 % more charge was taken, seen by sensors of two kinds at 10 mm, 1 s
 * per point: which of them finds it, and where. `node dist/bench/hotSpot.js`
 */

/** Change of chi over a full discharge, from the range quoted for layered oxides by Hu et al. (PNAS 117, 10667, 2020). */
const FULL = 100e-6;
export const SPOT = { x: 27e-3, y: 22e-3, radius: 6e-3, excess: 0.1 };
/** White noise of a reading, T: density times the root of the bandwidth of 1 s per point, 0.5 Hz. */
export const SENSORS = { opm: 15e-15 * Math.sqrt(0.5), amr: 0.3e-9 * Math.sqrt(0.5) };

/** chi against charge that was taken, with a kink as where the next ion is oxidised. */
export function chiOfCharge(taken: number): number {
  return 150e-6 + FULL * (taken < 0.5 ? 0.6 * taken : 0.3 + 1.4 * (taken - 0.5));
}

/** The scan at a state of charge; sensors, offsets and drift as in other cases. */
export function dischargeCase(soc: number, noise: number, seed: number, pitch = 4e-3): SlabCase {
  const taken = 1 - soc;
  return {
    outline: rectangleOutline(40e-3, 60e-3),
    thickness: 4e-3,
    field: [0, 0, 100e-6],
    chi: (x, y) => {
      const own = Math.hypot(x - SPOT.x, y - SPOT.y) < SPOT.radius ? 1 + SPOT.excess : 1;
      return chiOfCharge(own * taken * (1 + 0.02 * (y / 60e-3 - 0.5)));
    },
    planes: [10e-3],
    pitch,
    margin: 12e-3,
    noise,
    drift: 'linear',
    seed,
    finePitch: 1.1e-3,
  };
}

export function dischargeSeries(noise: number, seed: number, pitch?: number) {
  return [1, 0.8, 0.6, 0.4, 0.2, 0].map((soc, k) => {
    const { scan } = simulateSlab(dischargeCase(soc, noise, 100 * seed + k, pitch));
    return { name: `soc ${soc}`, at: soc, scan };
  });
}

if (process.argv[1]?.endsWith('hotSpot.js')) {
  for (const [name, noise] of Object.entries(SENSORS)) {
    for (let seed = 1; seed <= 2; seed++) {
      const slab = dischargeCase(0, noise, 0);
      const series = susceptibilitySeries(dischargeSeries(noise, seed), slab, { pitch: 2.5e-3 }, 0);
      for (const { at, hotSpots, change } of series.states) {
        if (hotSpots === undefined) continue;
        const spots = hotSpots.spots.map(
          s =>
            `(${(1e3 * s.x).toFixed(1)}, ${(1e3 * s.y).toFixed(1)}) r ${(1e3 * s.radius).toFixed(1)} ${(100 * s.relative).toFixed(1)} % ${s.sigmas.toFixed(1)} sigma +-${(1e3 * s.placeError).toFixed(2)} mm`,
        );
        console.log(
          name,
          seed,
          at,
          `change ${(1e6 * change!.mean).toFixed(2)} +- ${(1e6 * change!.meanError).toFixed(2)} chi2 ${change!.chi2.toFixed(2)} smallest ${(1e6 * hotSpots.smallest).toFixed(3)} ppm`,
          spots.join('; '),
        );
      }
      console.log(series.regions[0].fit?.kinks, series.regions[0].fit?.slopes, series.notes);
    }
  }
}
