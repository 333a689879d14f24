import { InputError } from '../../src/errors.js';
import type { ReportRow } from '../../src/figures/report.js';
import type { CellShare, Diagnosis, PackCell, Sample } from '../state/diagnosis.js';
import type { Note, Spot, ViewerDocument } from '../state/document.js';
import type { DiagnosisOutput } from './diagnosisFile.js';
import { diagnosisLayers } from './diagnosisLayers.js';
import type { DiagnosisMaps } from './diagnosisMaps.js';

/** A statistic that a scan without fault exceeds more rarely has its place marked. */
const UNUSUAL = 0.01;

/** The page of what `savart diagnose` found. @param maps of the scans, where they are at hand */
export function shownDiagnosis(id: string, name: string, data: DiagnosisOutput, maps?: DiagnosisMaps): ViewerDocument {
  const judged = diagnosisOf(data, name);
  const flagged = judged.samples.findIndex(sample => sample.flagged);
  const first = Math.max(0, flagged);
  const { layers, shown, most } =
    maps === undefined ? { layers: [], shown: [], most: [] } : diagnosisLayers(maps, first);
  const diagnosis = {
    ...judged,
    samples: judged.samples.map((sample, k) => (most[k] === undefined ? sample : { ...sample, most: most[k] })),
  };
  const { samples } = diagnosis;
  return {
    id,
    name,
    kind: 'diagnosis',
    headline: headlineOf(diagnosis),
    notes: notesOf(data, diagnosis, maps),
    layers,
    shown,
    together: shown.length,
    currents: [],
    cells: maps?.cells ?? [],
    facts: factsOf(data, diagnosis),
    record: [],
    frames: {
      name: 'Scan',
      unit: '',
      at: Float64Array.from(samples, (_, k) => k),
      labels: samples.map(sample => sample.name),
      first,
      spots: samples.map(spotsOf),
    },
    diagnosis,
  };
}

/** Where most of what sets a flagged scan apart comes from; of another one the place is one of chance. */
function spotsOf({ most, flagged, alone }: Sample): Spot[] {
  if (!flagged || most === undefined || alone === undefined) return [];
  const least = Math.max(UNUSUAL, Math.min(alone.q, alone.t2));
  return [...(alone.q <= least ? [most.q] : []), ...(alone.t2 <= least ? [most.t2] : [])].filter(
    spot => spot !== undefined,
  );
}

function diagnosisOf({ scans, pack, pca }: DiagnosisOutput, file: string): Diagnosis {
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
            t2: nan(c.t2Contribution ?? null),
            q: nan(c.qContribution ?? null),
          }),
        ),
        ...(one.where_mm ? { where: [1e-3 * one.where_mm[0], 1e-3 * one.where_mm[1]] as const } : {}),
        ...(one.pT2 == null || one.pQ == null ? {} : { alone: { t2: one.pT2, q: one.pQ } }),
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

function drawn({ name, outline_mm, tabs }: NonNullable<DiagnosisOutput['pack']>['cells'][number]): PackCell {
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

function notesOf(
  { warnings, pca, pack }: DiagnosisOutput,
  { cells, limits }: Diagnosis,
  maps: DiagnosisMaps | undefined,
): Note[] {
  const without = maps?.scans.filter(scan => scan === null).length ?? 0;
  return [
    ...(warnings ?? []).map(warning => ({ text: warning, warning: true })),
    ...(cells.length > 0 && pack === undefined
      ? [{ text: 'The file does not tell the shape of the pack: its cells stand in a row.', warning: false }]
      : []),
    ...(limits.length === 0
      ? [{ text: 'So few scans make no patterns: there are neither scores nor limits.', warning: false }]
      : []),
    ...(without > 0
      ? [
          {
            text: `To keep the file small it holds no maps of ${without} of the scans that differ least.`,
            warning: false,
          },
        ]
      : []),
    ...(pca.why === undefined ? [] : [{ text: pca.why, warning: false }]),
  ];
}

function factsOf({ pca, threshold, spread }: DiagnosisOutput, { samples, limits, cells }: Diagnosis): ReportRow[] {
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
