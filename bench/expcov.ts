import { susceptibilityInversion } from '../inversion/susceptibility/susceptibilityInversion.js';
import { randomSlab, simulateSlab, slabScore } from './slabCases.js';
const [a, b] = [Number(process.argv[2]), Number(process.argv[3])];
for (let seed = a; seed < b; seed++) {
  const c = randomSlab(seed);
  const sim = simulateSlab(c);
  const t = performance.now();
  let line = `${seed} p${c.planes.length} ${c.drift} d=${((c.planes[0] - c.thickness / 2) * 1e3).toFixed(1)} n=${c.noise.toExponential(1)} B=${c.field.map(v => (v * 1e6).toFixed(0))} `;
  for (const prior of ['smooth', 'variation', undefined] as const) {
    if (prior !== undefined && process.argv[4] !== 'all') continue;
    const s = susceptibilityInversion(sim.scan, { outline: c.outline, thickness: c.thickness, field: c.field }, prior === undefined ? {} : { prior });
    const r = slabScore(s, sim);
    line += `| ${s.prior.slice(0, 3)} e ${r.error.toFixed(4)} v ${r.variation.toFixed(3)} m ${(r.mean * 1e6).toFixed(2)} (${r.meanSigmas.toFixed(1)}s) cov ${r.within1.toFixed(2)} ${r.within2.toFixed(2)} `;
    if (prior === undefined) line += `off ${Math.max(...r.offsetSigmas.map(Math.abs)).toFixed(1)} ${s.drift} chi2 ${s.chi2.toFixed(3)} df ${s.degrees.toFixed(0)} res ${(s.resolution * 1e3).toFixed(1)} rej ${s.rejected} n ${s.map.chi.length}`;
  }
  console.log(line, ((performance.now() - t) / 1000).toFixed(1));
}
