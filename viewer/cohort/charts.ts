import { superscript } from '../../src/figures/format.js';
import type { Diagnosis, Sample } from '../state/diagnosis.js';
import type { ScatterChart, ScatterCurve, ScatterPoint } from './scatter.js';

const ELLIPSE = 120;

function kindOf({ flagged, reference }: Sample): ScatterPoint['kind'] {
  return flagged ? 'flagged' : reference ? 'reference' : 'new';
}

/** Numbers far from 1 as multiples of a power of ten, which the label tells. */
function handy(values: readonly number[]): { readonly factor: number; readonly unit: string } {
  const most = Math.max(...values.filter(Number.isFinite).map(Math.abs));
  if (!(most > 0) || (most >= 0.05 && most < 1e4)) return { factor: 1, unit: '' };
  const exponent = Math.floor(Math.log10(most));
  return { factor: 10 ** -exponent, unit: `, in 10${superscript(exponent)}` };
}

/** Scores on the first two components with the limits of T2 as ellipses; over the number of the scan where there is one. */
export function scoreChart({ samples, limits, variances }: Diagnosis): ScatterChart | undefined {
  if (!samples.some(sample => sample.scores.length > 0)) return undefined;
  const two = samples.every(sample => sample.scores.length > 1);
  const [first, second] = [0, 1].map(j => handy(samples.map(sample => sample.scores[j] ?? Number.NaN)));
  const curves = limits.flatMap(({ level, t2 }, i): ScatterCurve[] => {
    if (!(variances[0] > 0) || (two && !(variances[1] > 0))) return [];
    const name = `${Math.round(100 * level)} % limit`;
    const dashed = i < limits.length - 1;
    const a = first.factor * Math.sqrt(t2 * variances[0]);
    if (!two) {
      const ends = [0.5, samples.length + 0.5];
      return [a, -a].map(v => ({ name, x: ends, y: [v, v], dashed }));
    }
    const b = second.factor * Math.sqrt(t2 * variances[1]);
    const turn = Array.from({ length: ELLIPSE + 1 }, (_, n) => (2 * Math.PI * n) / ELLIPSE);
    return [{ name, x: turn.map(v => a * Math.cos(v)), y: turn.map(v => b * Math.sin(v)), dashed }];
  });
  return {
    label: 'Scores',
    x: { label: two ? `Score on component 1${first.unit}` : 'Number of the scan', scale: 'linear' },
    y: {
      label: two ? `Score on component 2${second.unit}` : `Score on component 1${first.unit}`,
      scale: 'linear',
    },
    points: samples.map((sample, k) => ({
      name: sample.name,
      x: two ? first.factor * sample.scores[0] : k + 1,
      y: two ? second.factor * sample.scores[1] : first.factor * sample.scores[0],
      kind: kindOf(sample),
    })),
    curves,
  };
}

/** 'Scores: components 1 and 2 hold 73.0 % and 12.1 % of the variance'. */
export function scoreTitle({ samples, explained }: Diagnosis): string {
  const two = samples.every(sample => sample.scores.length > 1);
  const parts = explained.slice(0, two ? 2 : 1).map(part => `${(100 * part).toFixed(1)} %`);
  if (parts.length === 0) return 'Scores';
  return `Scores: ${two ? 'components 1 and 2 hold' : 'component 1 holds'} ${parts.join(' and ')} of the variance`;
}

/** Q against T2 with their limits, both axes logarithmic; very small values stand at the edge. */
export function controlChart({ samples, limits }: Diagnosis): ScatterChart | undefined {
  const last = limits.at(-1);
  if (last === undefined) return undefined;
  const floor = (value: number, limit: number) => Math.max(value, 1e-3 * limit);
  const points = samples.map(sample => ({
    name: sample.name,
    x: floor(sample.t2, last.t2),
    y: floor(sample.q, last.q),
    kind: kindOf(sample),
  }));
  const ends = (values: number[], limit: number) => {
    const known = values.filter(Number.isFinite);
    return [Math.min(limit / 3, ...known) / 1.4, 1.4 * Math.max(limit, ...known)];
  };
  const [xs, ys] = [
    ends(
      points.map(p => p.x),
      last.t2,
    ),
    ends(
      points.map(p => p.y),
      last.q,
    ),
  ];
  return {
    label: 'T² and Q',
    x: { label: 'T²: unusual amount of a known pattern', scale: 'log' },
    y: { label: 'Q: something new', scale: 'log' },
    points,
    curves: limits.flatMap(({ level, t2, q }, i) => {
      const dashed = i < limits.length - 1;
      const name = `${Math.round(100 * level)} % limit`;
      return [
        { name: `${name} of T²`, x: [t2, t2], y: ys, dashed },
        { name: `${name} of Q`, x: xs, y: [q, q], dashed },
      ];
    }),
  };
}
