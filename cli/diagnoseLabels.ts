import { type LabelCandidate, type Labeller, labeller, UNKNOWN } from '../src/diagnosis/index.js';
import { InputError, UsageError } from '../src/errors.js';
import type { Cell } from '../src/model/cell.js';
import type { ProcessRecord } from '../src/result.js';
import type { DiagnoseOptions } from './diagnoseOptions.js';
import type { Diagnosis } from './diagnoseReference.js';
import { readCell } from './invertInput.js';
import { progressLine } from './progress.js';

/** Labels are found for so many flagged scans, those that differ most: each takes seconds. */
const MOST_LABELS = 20;

/** The cell that labels are simulated for. */
export interface LabelCell {
  readonly path: string;
  readonly model: Cell;
  readonly input: ProcessRecord['inputs'][number];
}

/** @throws {InputError | UsageError} before anything is computed */
export async function labelCell({ cell, pack }: DiagnoseOptions): Promise<LabelCell | undefined> {
  if (cell === undefined) return undefined;
  if (pack !== undefined) {
    throw new UsageError('--cell goes with --reference alone', {
      advice: 'a pack names its cells itself: leave --cell out',
    });
  }
  const { content, input } = await readCell(cell);
  return { path: cell, model: content.model, input };
}

/** The flagged scans with their labels. */
export function withLabels(
  { path, model }: LabelCell,
  layout: Diagnosis['layout'],
  diagnoses: readonly Diagnosis[],
): Diagnosis[] {
  const labelled = new Set(
    diagnoses
      .filter(d => d.flagged)
      .sort((a, b) => a.adjusted - b.adjusted)
      .slice(0, MOST_LABELS),
  );
  const progress = progressLine('labelling');
  const labellers = new Map<number, Labeller>();
  let done = 0;
  return diagnoses.map(d => {
    if (!labelled.has(d)) return d;
    progress(done++ / labelled.size, d.name);
    const z = d.z;
    if (z === undefined) {
      throw new InputError('is no scan of the field: labels are simulated at the height of a scan', {
        file: d.path,
        advice: 'give scans, or leave --cell out',
      });
    }
    const key = Math.round(1e6 * z);
    const own = labellers.get(key) ?? inCell(path, () => labeller(model, layout, z));
    labellers.set(key, own);
    const labels = own.label(d.judgement.model, d.judgement);
    if (done === labelled.size) progress(1, '');
    return { ...d, labels };
  });
}

function inCell<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InputError ? error.at({ file }) : error;
  }
}

/** The most probable label as `--json` gives it. */
export function labelJson(labels: readonly LabelCandidate[] | undefined) {
  if (labels === undefined) return null;
  const of = ({ kind, confidence, place, defect, amplitude }: LabelCandidate) => ({
    kind,
    confidence,
    x_mm: place === undefined ? null : 1e3 * place[0],
    y_mm: place === undefined ? null : 1e3 * place[1],
    ...(defect !== undefined && 'tab' in defect ? { tab: defect.tab } : {}),
    ...(defect !== undefined && 'foil' in defect ? { foil: defect.foil } : {}),
    ...(defect !== undefined && 'radius' in defect && place !== undefined ? { radius_mm: 1e3 * defect.radius } : {}),
    ...(amplitude === undefined ? {} : { amplitude }),
  });
  const [best, ...others] = labels;
  return { ...of(best), others: others.filter(c => c.confidence >= 0.01).map(of) };
}

/** 'hole 72 % at (33.0, 55.1) mm' */
export function labelText({ kind, confidence, place, defect }: LabelCandidate): string {
  const percent = confidence > 0.995 ? '> 99 %' : `${Math.round(100 * confidence)} %`;
  const tab = defect !== undefined && 'tab' in defect ? ` of tab ${defect.tab}` : '';
  const at = place === undefined || tab !== '' ? '' : ` at (${place.map(v => (1e3 * v).toFixed(1)).join(', ')}) mm`;
  return `${kind.replaceAll('_', ' ')}${tab} ${percent}${at}`;
}

/** The labels that are worth telling: the best, and others that are not much less probable. */
export function toldLabels(labels: readonly LabelCandidate[]): readonly LabelCandidate[] {
  return labels.filter((c, i) => i === 0 || c.confidence >= 0.1);
}

/** What labels rest on, for the report. */
export const LABEL_STATEMENT =
  'A label names the kind of the defect library that explains the departure best, simulated for this cell; its confidence is the probability ' +
  `among these kinds and '${UNKNOWN}', which stands for everything else. A dead spot or a soft short hardly changes the field and is offered only where it could be seen.`;
