import { resolve } from 'node:path';
import { holm } from '../src/diagnosis/falseDiscovery.js';
import {
  applyReference,
  type ControlLimits,
  type Judgement,
  judgeReference,
  mapLength,
  modelLimits,
  type ReferenceModel,
  referenceModel,
  whereDifferent,
  zMap,
} from '../src/diagnosis/index.js';
import { InputError } from '../src/errors.js';
import { isHdf5 } from '../src/formats/hdf5.js';
import { formatReference, isReference, parseReference } from '../src/formats/nexusReference.js';
import { describeInput, readFileBytes, writeFileSafely } from '../src/formats/node.js';
import type { ProcessRecord } from '../src/result.js';
import { type NamedMap, onLayout, readMaps, stackMaps } from './diagnoseInput.js';
import { cohortOptions, type DiagnoseOptions } from './diagnoseOptions.js';
import { cohortReport } from './diagnoseReport.js';
import { progressLine } from './progress.js';
import { bold, printJson, say } from './run.js';

/** A scan with its judgement. */
export interface Diagnosis {
  readonly name: string;
  /** On the reference's grid. */
  readonly map: Float64Array;
  readonly judgement: Judgement;
  readonly flagged: boolean;
  /** m. */
  readonly where: { readonly x: number; readonly y: number } | undefined;
  /** Whether the scan is one of the reference, and was judged by the others. */
  readonly reference: boolean;
  /** Probability of a false flag, corrected for the number of scans. */
  readonly adjusted: number;
  /** Pixels that differ, at a false discovery rate of 5 %. */
  readonly pixels: number;
}

/** What the report shows besides the scans. */
export interface Cohort {
  readonly model: ReferenceModel;
  readonly limits: readonly [ControlLimits, ControlLimits];
  readonly explained: Float64Array;
  readonly diagnoses: readonly Diagnosis[];
  readonly alpha: number;
  readonly process: ProcessRecord;
}

interface Reference {
  readonly model: ReferenceModel;
  readonly inputs: ProcessRecord['inputs'];
  /** Judges a map of a scan; `own` where it is one of the reference. */
  readonly judge: (map: NamedMap) => { judgement: Judgement; own: boolean };
}

const PIXEL_RATE = 0.05;

/** `savart diagnose SCAN... --reference SCAN...|MODEL.h5`. */
export async function diagnoseReference(
  paths: readonly string[],
  options: DiagnoseOptions,
  version: string,
): Promise<void> {
  const chosen = cohortOptions(paths, options);
  const reference = await readReference(options, chosen);
  const progress = progressLine('diagnosing');
  const inputs: ProcessRecord['inputs'][number][] = [];
  const found: { map: NamedMap; values: Float64Array; judgement: Judgement; own: boolean }[] = [];
  const { layout } = reference.model.monitoring;
  for (const [i, path] of paths.entries()) {
    progress(i / paths.length, path);
    const { maps, input } = await readMaps(path, options.relative);
    inputs.push(input);
    for (const map of maps) found.push({ map, values: onLayout(map, layout), ...reference.judge(map) });
  }
  progress(1, '');
  const adjusted = holm(Float64Array.from(found, f => f.judgement.p));
  const diagnoses = found.map(({ map, values, judgement, own }, i): Diagnosis => {
    const { adjusted: rates } = zMap(reference.model.usual, values);
    return {
      name: map.name,
      map: values,
      judgement,
      flagged: adjusted[i] <= chosen.alpha,
      where: whereDifferent(layout, judgement),
      reference: own,
      adjusted: adjusted[i],
      pixels: rates.reduce((sum, rate) => sum + (rate <= PIXEL_RATE ? 1 : 0), 0),
    };
  });
  const { monitoring } = reference.model;
  const process: ProcessRecord = {
    program: 'savart',
    version,
    date: new Date().toISOString(),
    inputs: [...reference.inputs, ...inputs],
    parameters: {
      command: 'diagnose --reference',
      components: monitoring.loadings.length,
      componentsBy: monitoring.choice.by,
      robust: chosen.reference.robust,
      falseAlarms: chosen.alpha,
    },
  };
  const explained = monitoring.variances.map(v => (monitoring.totalVariance > 0 ? v / monitoring.totalVariance : 0));
  const cohort = {
    model: reference.model,
    limits: modelLimits(reference.model),
    explained,
    diagnoses,
    alpha: chosen.alpha,
    process,
  };
  if (options.saveReference !== undefined) {
    const own = { ...process, inputs: reference.inputs };
    await writeFileSafely(options.saveReference, await formatReference(reference.model, own));
  }
  if (options.report !== undefined) {
    await writeFileSafely(options.report, new TextEncoder().encode(cohortReport(cohort)));
  }
  tell(options, cohort);
}

/** A saved model, or one made from scans. */
async function readReference(
  { reference = [], relative }: DiagnoseOptions,
  { reference: options }: ReturnType<typeof cohortOptions>,
): Promise<Reference> {
  if (reference.length === 1) {
    const bytes = await readFileBytes(reference[0]);
    if (isHdf5(bytes) && (await isReference(bytes))) {
      const { model } = await parseReference(bytes, { file: reference[0] });
      const { layout } = model.monitoring;
      const judge = (map: NamedMap) => ({
        judgement: inFile(map, () => applyReference(model, onLayout(map, layout))),
        own: false,
      });
      return { model, inputs: [describeInput(reference[0], bytes)], judge };
    }
  }
  const files = [];
  for (const path of reference) files.push(await readMaps(path, relative));
  const maps = files.flatMap(file => file.maps);
  const { stack, sigma } = stackMaps(maps);
  const settings = { ...options, ...(sigma === undefined ? {} : { sigma }) };
  const { model } = referenceModel(stack, settings);
  const keyOf = (map: NamedMap) => `${resolve(map.path)}\n${map.name}`;
  const places = new Map(maps.map((map, i) => [keyOf(map), i]));
  let own: Judgement[] | undefined;
  return {
    model,
    inputs: files.map(file => file.input),
    judge: map => {
      const place = places.get(keyOf(map));
      if (place === undefined) {
        return { judgement: inFile(map, () => applyReference(model, onLayout(map, stack.layout))), own: false };
      }
      own ??= judgeReference(model, stack, settings);
      return { judgement: own[place], own: true };
    },
  };
}

function inFile<T>(map: NamedMap, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InputError ? error.at({ file: map.path }) : error;
  }
}

/** A place in mm, rounded to 0.01. */
export function whereMm({ where }: Diagnosis): [number, number] | null {
  return where === undefined ? null : [round(where.x), round(where.y)];
}

function round(metres: number): number {
  return Number((1e3 * metres).toPrecision(6));
}

function tell(options: DiagnoseOptions, { model, limits, explained, diagnoses, alpha }: Cohort): void {
  const { monitoring } = model;
  const flagged = diagnoses.filter(d => d.flagged);
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
      row(d.name, [t2.toPrecision(4), q.toPrecision(4), d.adjusted.toPrecision(2), place, d.flagged ? 'flagged' : '']),
    );
  }
  for (const { level, t2, q } of limits) {
    say(options, row(`${Math.round(100 * level)} % limit`, [t2.toPrecision(4), q.toPrecision(4), '', '', '']));
  }
  for (const name of [options.saveReference, options.report]) if (name !== undefined) say(options, `Wrote ${name}`);
  if (!options.json) return;
  printJson({
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
    })),
    flagged: flagged.map(d => d.name),
    pca: {
      components: monitoring.loadings.length,
      explained: [...explained],
      t2Limit: limits[1].t2,
      qLimit: limits[1].q,
      t2Limits: { 95: limits[0].t2, 99: limits[1].t2 },
      qLimits: { 95: limits[0].q, 99: limits[1].q },
      chosenBy: monitoring.choice.by,
      why: monitoring.choice.why,
      reference: monitoring.count,
    },
    out: options.saveReference ?? null,
  });
}

/** The answer in one sentence. */
export function verdictOf(diagnoses: readonly Diagnosis[]): string {
  const flagged = diagnoses.filter(d => d.flagged);
  const of = `of ${diagnoses.length} ${diagnoses.length === 1 ? 'scan' : 'scans'}`;
  if (flagged.length === 0) return `None ${of} differs from the reference.`;
  const names = flagged.slice(0, 6).map(d => {
    const place = whereMm(d);
    return place === null ? d.name : `${d.name} (most at x = ${place[0].toFixed(1)} mm, y = ${place[1].toFixed(1)} mm)`;
  });
  const more = flagged.length > 6 ? ` and ${flagged.length - 6} more` : '';
  return `${flagged.length} ${of} ${flagged.length === 1 ? 'differs' : 'differ'} from the reference: ${names.join(', ')}${more}.`;
}
