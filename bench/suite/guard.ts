import { setTransformThreads } from '../../src/transforms/index.js';
import { guarded, guardRatio } from './guardRatios.js';
import { Peer } from './peer.js';
import { environmentOf, readResults } from './results.js';

/**
 * `npm run bench:guard`: exit status 1 where a ratio to numpy and scipy has become worse by more than a quarter against the committed
 * bench/results.json. A ratio that looks worse is measured up to four times more, and the best counts. Where it was measured on
 * another processor or with other versions of numpy and scipy, ratios are shown and not judged.
 */
const WORST = 1.25;
const ATTEMPTS = 5;

const peer = await Peer.start(1);
if (peer === undefined) {
  process.stdout.write('speed is not guarded here: there is no Python with numpy and scipy\n');
  process.exit(0);
}
setTransformThreads(1);
try {
  const { environment: then, guard } = readResults();
  const now = environmentOf(peer, 1);
  const others = (['processor', 'numpy', 'scipy'] as const).filter(key => then[key] !== now[key]);
  const judged = others.length === 0;
  if (!judged) {
    const both = others.map(key => `${key} ${now[key]}, there ${then[key]}`).join('; ');
    process.stdout.write(`ratios are shown, not judged: bench/results.json is from elsewhere (${both})\n`);
  }
  const worse: string[] = [];
  for (const one of guarded) {
    const before = guard[one.key];
    if (before === undefined) {
      process.stdout.write(`${one.key.padEnd(30)} not in bench/results.json: run npm run bench\n`);
      continue;
    }
    let best = Number.POSITIVE_INFINITY;
    let attempts = 0;
    while (attempts < (judged ? ATTEMPTS : 1) && best > WORST * before) {
      best = Math.min(best, await guardRatio(one, peer));
      attempts++;
    }
    const change = `${best > before ? '+' : ''}${(100 * (best / before - 1)).toFixed(0)} %`;
    const tries = attempts > 1 ? `, best of ${attempts}` : '';
    process.stdout.write(
      `${one.key.padEnd(30)} ${best.toFixed(2).padStart(6)}, was ${before.toFixed(2)} (${change}${tries})\n`,
    );
    if (best > WORST * before) worse.push(one.key);
  }
  if (judged && worse.length > 0) {
    process.stderr.write(
      `slower against numpy and scipy by more than ${Math.round(100 * (WORST - 1))} %: ${worse.join(', ')}; ` +
        'find out why, or commit new ratios with npm run bench\n',
    );
    process.exitCode = 1;
  }
} finally {
  peer.close();
}
