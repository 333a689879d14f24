import { mapLength } from '../src/diagnosis/index.js';
import { labelJson, labelText, toldLabels } from './diagnoseLabels.js';
import type { DiagnoseOptions } from './diagnoseOptions.js';
import type { Cohort, Diagnosis } from './diagnoseReference.js';
import { bold, printJson, say } from './run.js';

/** A place in mm, rounded to 0.01. */
export function whereMm({ where }: Diagnosis): [number, number] | null {
  return where === undefined ? null : [round(where.x), round(where.y)];
}

function round(metres: number): number {
  return Number((1e3 * metres).toPrecision(4));
}

/** Tails beyond the range of doubles are no certainty. */
export function shownProbability(p: number): string {
  return p < 1e-99 ? '<1e-99' : p.toPrecision(2);
}

/** The table for people, or the JSON object. */
export function tell(options: DiagnoseOptions, cohort: Cohort): void {
  const { model, limits, diagnoses, alpha } = cohort;
  const { monitoring } = model;
  say(options, bold(options, verdictOf(diagnoses)));
  say(options, `Reference of ${monitoring.count} maps. ${monitoring.choice.why}`);
  say(options, `Probability of any false flag in this run: ${Number((100 * alpha).toPrecision(3))} %.`);
  const width = Math.max(4, ...diagnoses.map(d => d.name.length));
  const row = (name: string, cells: readonly string[]) =>
    `${name.padEnd(width)} ${cells.map(c => c.padStart(11)).join(' ')}`;
  say(options, row('scan', ['T2', 'Q', 'p', 'where / mm', '']));
  for (const d of diagnoses) {
    const { t2, q } = d.judgement;
    const place =
      whereMm(d)
        ?.map(v => v.toFixed(1))
        .join(', ') ?? '-';
    say(
      options,
      row(d.name, [
        t2.toPrecision(4),
        q.toPrecision(4),
        shownProbability(d.adjusted),
        place,
        d.flagged ? 'flagged' : '',
      ]) + (d.labels === undefined ? '' : `  ${toldLabels(d.labels).map(labelText).join(', or ')}`),
    );
  }
  for (const { level, t2, q } of limits) {
    say(options, row(`${Math.round(100 * level)} % limit`, [t2.toPrecision(4), q.toPrecision(4), '', '', '']));
  }
  for (const name of [options.out, options.saveReference, options.report])
    if (name !== undefined) say(options, `Wrote ${name}`);
  if (options.json) printJson({ ...cohortJson(cohort), out: options.saveReference ?? null });
}

/** What `--json` prints of a cohort. */
export function cohortJson({ model: { monitoring }, limits, explained, diagnoses }: Cohort) {
  return {
    scans: diagnoses.map(d => ({
      scan: d.name,
      t2: d.judgement.t2,
      q: d.judgement.q,
      flagged: d.flagged,
      where_mm: whereMm(d),
      pT2: d.judgement.pT2,
      pQ: d.judgement.pQ,
      pAdjusted: d.adjusted,
      scores: [...d.judgement.scores],
      differentPixels: d.pixels / mapLength(monitoring.layout),
      inReference: d.reference,
      label: labelJson(d.labels),
    })),
    flagged: diagnoses.filter(d => d.flagged).map(d => d.name),
    pca: {
      components: monitoring.loadings.length,
      explained: [...explained],
      scoreVariances: [...monitoring.newVariances],
      t2Limit: limits[1].t2,
      qLimit: limits[1].q,
      t2Limits: { 95: limits[0].t2, 99: limits[1].t2 },
      qLimits: { 95: limits[0].q, 99: limits[1].q },
      chosenBy: monitoring.choice.by,
      why: monitoring.choice.why,
      reference: monitoring.count,
    },
  };
}

/** The answer in one sentence. */
export function verdictOf(diagnoses: readonly Diagnosis[]): string {
  const flagged = diagnoses.filter(d => d.flagged);
  const of = `of ${diagnoses.length} ${diagnoses.length === 1 ? 'scan' : 'scans'}`;
  if (flagged.length === 0) {
    return diagnoses.length === 1
      ? 'The scan does not differ from the reference.'
      : `None ${of} differs from the reference.`;
  }
  const names = flagged.slice(0, 6).map(d => {
    const place = whereMm(d);
    if (d.labels !== undefined) return `${d.name} (${labelText(d.labels[0])})`;
    return place === null ? d.name : `${d.name} (most at x = ${place[0]} mm, y = ${place[1]} mm)`;
  });
  const more = flagged.length > 6 ? ` and ${flagged.length - 6} more` : '';
  return `${flagged.length} ${of} ${flagged.length === 1 ? 'differs' : 'differ'} from the reference: ${names.join(', ')}${more}.`;
}
