import { it } from 'vitest';
import { estimateRegistration } from '../../src/comparison/registration.js';
import { eddyMap, PLAIN } from './support.js';

const motion = { shift: [7.3e-3, -5.1e-3] as const, angle: 0.06, scale: 1.02, centre: [0.06, 0.04] as const };
it('x', () => {
  const t0 = Date.now();
  console.log(JSON.stringify(estimateRegistration([{ a: eddyMap(PLAIN), b: eddyMap(PLAIN, { motion, gain: 0.9 }) }])));
  console.log('ms', Date.now() - t0);
  console.log(JSON.stringify(estimateRegistration([{ a: eddyMap(PLAIN), b: eddyMap(PLAIN, {}) }])));
  for (const noise of [2, 10, 30]) {
    const z: number[][] = [[], [], [], []];
    let far = 0;
    for (let seed = 0; seed < 60; seed++) {
      const r = estimateRegistration([
        { a: eddyMap(PLAIN, { noise, seed: 2 * seed }), b: eddyMap(PLAIN, { motion, noise, seed: 2 * seed + 1 }) },
      ]);
      if (!r) {
        far++;
        continue;
      }
      // centre differs: compare place of the true centre
      const c = r.motion.centre;
      const [tx, ty] = [0, 1].map(k => {
        const d = [c[0] - motion.centre[0], c[1] - motion.centre[1]];
        const [co, si] = [motion.scale * Math.cos(motion.angle), motion.scale * Math.sin(motion.angle)];
        const img = [
          motion.centre[0] + co * d[0] - si * d[1] + motion.shift[0],
          motion.centre[1] + si * d[0] + co * d[1] + motion.shift[1],
        ];
        return img[k] - c[k];
      });
      z[0].push((r.motion.shift[0] - tx) / r.shiftErrors[0]);
      z[1].push((r.motion.shift[1] - ty) / r.shiftErrors[1]);
      z[2].push((r.motion.angle - motion.angle) / r.angleError);
      z[3].push((r.motion.scale - motion.scale) / r.scaleError);
      if (seed === 0) console.log(noise, JSON.stringify(r));
    }
    console.log(
      noise,
      far,
      z.map(v =>
        [v.reduce((a, b) => a + b, 0) / v.length, Math.sqrt(v.reduce((a, b) => a + b * b, 0) / v.length)]
          .map(q => q.toFixed(2))
          .join(' '),
      ),
    );
  }
  console.log('ms', Date.now() - t0);
});
