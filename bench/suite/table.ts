import { readFileSync, writeFileSync } from 'node:fs';
import { jobs } from './jobs.js';
import type { Environment, Result, Results } from './results.js';

/** The results as lines for a terminal and as tables of README.md and docs/speed.md. */

/** One line of the README's table for each of these. */
const CHOSEN = [
  'transforms/real-512',
  'transforms/complex-1024',
  'transforms/sine1-511',
  'convolution/three-512',
  'interpolation/gather-100000',
  'poisson/dirichlet-511',
  'fourier/frame-4mm',
  'variation/frame-4mm',
  'bounded/solution',
  'pack/six-scans',
  'pca/svd-200',
];

export function line({ job, id, seconds, peerSeconds, ratio, range, aim, agreement }: Result): string {
  const missed = aim !== null && ratio > aim ? ` MISSED ${aim}` : '';
  const differ = agreement.difference > agreement.tolerance ? ` DIFFER ${agreement.of}` : '';
  return [
    `${job}/${id}`.padEnd(30),
    milliseconds(seconds).padStart(9),
    milliseconds(peerSeconds).padStart(9),
    ratio.toFixed(2).padStart(7),
    `(${range[0].toFixed(2)}-${range[1].toFixed(2)})`.padEnd(13),
    `${agreement.difference.toExponential(1)} (${agreement.tolerance.toExponential(1)})${missed}${differ}`,
  ].join(' ');
}

export const HEADER = [
  'job'.padEnd(30),
  'Savart ms'.padStart(9),
  'peer ms'.padStart(9),
  'ratio'.padStart(7),
  '(range)'.padEnd(13),
  'difference (tolerance)',
].join(' ');

export function described({ node, numpy, scipy, processor, cores, threads }: Environment): string {
  return `Node ${node.slice(1)}, numpy ${numpy}, scipy ${scipy}, ${threads} threads on ${cores} cores, ${processor}`;
}

/** Puts the tables between their markers. */
export function writeTables({ environment, results }: Results): void {
  const caption = `*Ratios of medians in one run, in brackets the least and the largest of the rounds. ${described(environment)}, ${environment.date.slice(0, 10)}.*`;
  const chosen = CHOSEN.flatMap(key => results.filter(({ job, id }) => `${job}/${id}` === key));
  replace('README.md', 'speed', [...table(chosen, true), '', caption]);
  const sections = jobs.flatMap(({ name, title }) => {
    const own = results.filter(({ job }) => job === name);
    return own.length === 0 ? [] : [`**${title}**`, '', ...table(own, false), ''];
  });
  replace('docs/speed.md', 'speed', [...sections, caption]);
}

function table(results: readonly Result[], titled: boolean): string[] {
  const titleOf = (name: string) => jobs.find(job => job.name === name)?.title ?? name;
  return [
    '| work | other side | Savart | other | ratio |',
    '|---|---|---|---|---|',
    ...results.map(({ job, work, peer, seconds, peerSeconds, ratio, range }) => {
      const what = titled ? `${titleOf(job)}: ${work}` : work;
      const spread = `${ratio.toFixed(2)} (${range[0].toFixed(2)}-${range[1].toFixed(2)})`;
      return `| ${what} | ${peer} | ${milliseconds(seconds)} ms | ${milliseconds(peerSeconds)} ms | ${spread} |`;
    }),
  ];
}

function milliseconds(seconds: number): string {
  const ms = 1e3 * seconds;
  return ms < 1 ? ms.toFixed(3) : ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

function replace(file: string, marker: string, lines: readonly string[]): void {
  const page = new URL(`../../../${file}`, import.meta.url);
  const between = new RegExp(`(<!-- ${marker} -->\n)[\\s\\S]*?(<!-- end ${marker} -->)`);
  const text = readFileSync(page, 'utf8');
  if (!between.test(text)) throw new Error(`${file} has no markers <!-- ${marker} -->`);
  writeFileSync(
    page,
    text.replace(between, (_, before, after) => `${before}${lines.join('\n')}\n${after}`),
  );
}
