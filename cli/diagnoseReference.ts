import { holm } from '../src/diagnosis/falseDiscovery.js';
import {
  applyReference,
  type ControlLimits,
  type Judgement,
  judgeReference,
  type LabelCandidate,
  type MapLayout,
  modelLimits,
  pixelNoise,
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
import { labelCell, withLabels } from './diagnoseLabels.js';
import { cohortMaps, withMapsInside } from './diagnoseMaps.js';
import { cohortOptions, type DiagnoseOptions } from './diagnoseOptions.js';
import { cohortJson, tell } from './diagnoseOutput.js';
import { cohortReport } from './diagnoseReport.js';
import { progressLine } from './progress.js';
import { jsonText } from './run.js';

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
  readonly path: string;
  readonly layout: MapLayout;
  /** Height of the scan, m; absent for other maps. */
  readonly z?: number;
  /** What explains it, the most probable first; for flagged scans, where a cell was given. */
  readonly labels?: readonly LabelCandidate[];
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
  const cell = await labelCell(options);
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
  const judged = found.map(({ map, values, judgement, own }, i): Diagnosis => {
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
      path: map.path,
      layout,
      ...(map.z === undefined ? {} : { z: map.z }),
    };
  });
  const diagnoses = cell === undefined ? judged : withLabels(cell, layout, judged);
  const { monitoring } = reference.model;
  const process: ProcessRecord = {
    program: 'savart',
    version,
    date: new Date().toISOString(),
    inputs: [...reference.inputs, ...inputs, ...(cell === undefined ? [] : [cell.input])],
    parameters: {
      command: 'diagnose --reference',
      components: monitoring.loadings.length,
      componentsBy: monitoring.choice.by,
      robust: chosen.reference.robust,
      whitened: monitoring.sigma.some(s => s !== 1),
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
  const text = (content: string) => new TextEncoder().encode(content);
  if (options.out !== undefined || options.report !== undefined) {
    const maps = cohortMaps(cohort, cell?.model);
    if (options.out !== undefined) {
      await writeFileSafely(options.out, text(jsonText(withMapsInside(cohortJson(cohort), maps))));
    }
    if (options.report !== undefined) await writeFileSafely(options.report, text(cohortReport(cohort, maps)));
  }
  tell(options, cohort);
}

/** A saved model, or one made from scans. */
async function readReference(
  { reference = [], relative, whiten }: DiagnoseOptions,
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
  const { stack, sigma: told } = stackMaps(maps);
  const sigma = whiten ? pixelNoise(stack, options) : told;
  const settings = { ...options, ...(sigma === undefined ? {} : { sigma }) };
  const { model } = referenceModel(stack, settings);
  let own: Judgement[] | undefined;
  return {
    model,
    inputs: files.map(file => file.input),
    judge: map => {
      const place = maps.findIndex(other => sameValues(other.values, map.values));
      if (place < 0) {
        return { judgement: inFile(map, () => applyReference(model, onLayout(map, stack.layout))), own: false };
      }
      own ??= judgeReference(model, stack, settings);
      return { judgement: own[place], own: true };
    },
  };
}

/** A scan is one of the reference when it holds the same numbers, whatever its name. */
function sameValues(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

function inFile<T>(map: NamedMap, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InputError ? error.at({ file: map.path }) : error;
  }
}
