import { z } from 'zod';
import { InputError } from '../../src/errors.js';
import type { ReportRow } from '../../src/figures/report.js';
import type { CellShare, Diagnosis, PackCell, Sample } from '../state/diagnosis.js';
import type { Note, ViewerDocument } from '../state/document.js';

/** What `savart diagnose --json` prints, as far as it is shown; what is not finite stands there as null. */
const number = z.number().nullable();
const MOST = 100_000;
const text = z.string().max(4000);
const pair = z.tuple([z.number(), z.number()]);

const packedCell = z.object({
  name: text,
  outline_mm: z.array(pair).min(3).max(2000),
  tabs: z.array(z.object({ start_mm: pair, end_mm: pair, share: z.number() })).max(200),
});
const cell = z.object({
  name: text,
  current_A: number,
  sigma_A: number,
  share: number,
  expectedShare: number,
  resistanceDeviation: number,
  sigmaDeviation: number,
  flagged: z.boolean(),
});
const scan = z.object({
  scan: text,
  t2: number,
  q: number,
  flagged: z.boolean(),
  scores: z.array(number).max(1000).optional(),
  cells: z.array(cell).max(1000).optional(),
  where_mm: pair.nullable().optional(),
  pAdjusted: number.optional(),
  inReference: z.boolean().optional(),
});
const limit = z.object({ 95: number, 99: number });
const output = z.object({
  scans: z.array(scan).min(1).max(MOST),
  pack: z.object({ name: text, cells: z.array(packedCell).max(1000) }).optional(),
  pca: z.object({
    components: z.number(),
    explained: z.array(number).max(1000),
    scoreVariances: z.array(number).max(1000).optional(),
    t2Limit: number,
    qLimit: number,
    t2Limits: limit.optional(),
    qLimits: limit.optional(),
    why: text.optional(),
    reference: z.number().optional(),
  }),
  threshold: z.number().optional(),
  spread: number.optional(),
  warnings: z.array(text).max(1000).optional(),
});
type Output = z.infer<typeof output>;

/** Whether a text may be a diagnosis. */
export function isJson(bytes: Uint8Array): boolean {
  return /^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)));
}

/** The page of a diagnosis. @throws {InputError} when the text is none */
export function diagnosisDocument(id: string, name: string, bytes: Uint8Array): ViewerDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new InputError('is no JSON', { file: name, advice: 'save what savart diagnose --json prints', cause });
  }
  const found = output.safeParse(parsed);
  if (!found.success) {
    const [issue] = found.error.issues;
    throw new InputError(`is not what savart diagnose --json prints (${issue.path.join('.')}: ${issue.message})`, {
      file: name,
      advice: 'save the output of savart diagnose … --json as a file',
    });
  }
  const { data } = found;
  const diagnosis = diagnosisOf(data, name);
  const { samples } = diagnosis;
  const flagged = samples.findIndex(sample => sample.flagged);
  return {
    id,
    name,
    kind: 'diagnosis',
    headline: headlineOf(diagnosis),
    notes: notesOf(data, diagnosis),
    layers: [],
    shown: [],
    currents: [],
    cells: [],
    facts: factsOf(data, diagnosis),
    record: [],
    frames: {
      name: 'Scan',
      unit: '',
      at: Float64Array.from(samples, (_, k) => k),
      labels: samples.map(sample => sample.name),
      first: Math.max(0, flagged),
    },
    diagnosis,
  };
}

function diagnosisOf({ scans, pack, pca }: Output, file: string): Diagnosis {
  const names = scans[0].cells?.map(one => one.name) ?? [];
  const uneven = scans.find(one => (one.cells?.length ?? 0) !== names.length);
  if (uneven !== undefined || (pack !== undefined && pack.cells.length !== names.length)) {
    throw new InputError('its scans do not have the same cells', { file, advice: 'write it again' });
  }
  const limits =
    pca.t2Limits !== undefined && pca.qLimits !== undefined
      ? ([95, 99] as const).map(p => ({ level: p / 100, t2: nan(pca.t2Limits![p]), q: nan(pca.qLimits![p]) }))
      : [{ level: 0.99, t2: nan(pca.t2Limit), q: nan(pca.qLimit) }];
  return {
    samples: scans.map(
      (one): Sample => ({
        name: one.scan,
        t2: nan(one.t2),
        q: nan(one.q),
        scores: (one.scores ?? []).map(nan),
        flagged: one.flagged,
        reference: one.inReference ?? false,
        cells: (one.cells ?? []).map(
          (c): CellShare => ({
            current: nan(c.current_A),
            sigma: nan(c.sigma_A),
            share: nan(c.share),
            expected: nan(c.expectedShare),
            deviation: nan(c.resistanceDeviation),
            deviationError: nan(c.sigmaDeviation),
            flagged: c.flagged,
          }),
        ),
        ...(one.where_mm ? { where: [1e-3 * one.where_mm[0], 1e-3 * one.where_mm[1]] as const } : {}),
        ...(one.pAdjusted == null ? {} : { probability: one.pAdjusted }),
      }),
    ),
    cells: pack === undefined ? inARow(names) : pack.cells.map(drawn),
    limits: limits.filter(({ t2, q }) => t2 > 0 && q > 0),
    explained: pca.explained.map(nan),
    variances: (pca.scoreVariances ?? []).map(nan),
  };
}

function nan(value: number | null): number {
  return value ?? Number.NaN;
}

function drawn({ name, outline_mm, tabs }: z.infer<typeof packedCell>): PackCell {
  const m = ([x, y]: readonly [number, number]) => [1e-3 * x, 1e-3 * y] as const;
  return {
    name,
    drawing: {
      outline: outline_mm.map(m),
      tabs: tabs.map(({ start_mm, end_mm, share }) => ({ start: m(start_mm), end: m(end_mm), into: share > 0 })),
    },
  };
}

/** Cells whose shape the file does not tell. */
function inARow(names: readonly string[]): PackCell[] {
  return names.map((name, k) => {
    const [x0, x1, y1] = [0.12 * k, 0.12 * k + 0.1, 0.15];
    return {
      name,
      drawing: {
        outline: [
          [x0, 0],
          [x1, 0],
          [x1, y1],
          [x0, y1],
        ],
        tabs: [],
      },
    };
  });
}

function headlineOf({ samples, cells }: Diagnosis): string {
  const flagged = samples.filter(sample => sample.flagged);
  const many = samples.length === 1 ? 'the scan' : `${samples.length} scans`;
  const listed = (names: readonly string[]) =>
    `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
  if (cells.length === 0) {
    if (flagged.length === 0) return `Nothing in ${many} differs from the reference.`;
    return `${flagged.length} of ${many} ${flagged.length === 1 ? 'differs' : 'differ'} from the reference: ${listed(flagged.map(s => s.name))}.`;
  }
  const out = flagged.flatMap(sample =>
    sample.cells.flatMap((c, k) => (c.flagged ? [`${cells[k].name} in ${sample.name}`] : [])),
  );
  if (out.length === 0) return `No cell is out of line in ${many}.`;
  return `${out.length} ${out.length === 1 ? 'cell is' : 'cells are'} out of line: ${listed(out)}.`;
}

function notesOf({ warnings, pca, pack }: Output, { cells, limits }: Diagnosis): Note[] {
  return [
    ...(warnings ?? []).map(warning => ({ text: warning, warning: true })),
    ...(cells.length > 0 && pack === undefined
      ? [{ text: 'The file does not tell the shape of the pack: its cells stand in a row.', warning: false }]
      : []),
    ...(limits.length === 0
      ? [{ text: 'So few scans make no patterns: there are neither scores nor limits.', warning: false }]
      : []),
    ...(pca.why === undefined ? [] : [{ text: pca.why, warning: false }]),
  ];
}

function factsOf({ pca, threshold, spread }: Output, { samples, limits, cells }: Diagnosis): ReportRow[] {
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  return [
    { label: 'Scans', value: samples.length, digits: 9 },
    { label: 'Flagged', value: samples.filter(s => s.flagged).length, digits: 9 },
    ...(cells.length > 0 ? [{ label: 'Cells', value: cells.length, digits: 9 }] : []),
    ...(pca.reference === undefined ? [] : [{ label: 'Maps of the reference', value: pca.reference, digits: 9 }]),
    { label: 'Components', value: pca.components, digits: 9 },
    ...limits.flatMap(({ level, t2, q }) => [
      { label: `${Math.round(100 * level)} % limit of T²`, value: t2 },
      { label: `${Math.round(100 * level)} % limit of Q`, value: q },
    ]),
    ...(threshold === undefined ? [] : [{ label: 'Threshold of the resistance', value: percent(threshold) }]),
    ...(spread == null ? [] : [{ label: 'Natural spread of a cell', value: percent(spread) }]),
  ];
}
