import { loadingMap, type PcaModel, zMap } from '../src/diagnosis/index.js';
import {
  type CohortPoint,
  channelPanels,
  controlPanel,
  figure,
  inversionReport,
  type Panel,
  type ReportFigure,
  type ReportRow,
  scorePanel,
  squaredUnit,
} from '../src/figures/index.js';
import { fontFaceCss } from '../src/figures/node.js';
import type { DiagnosisMaps } from '../viewer/files/diagnosisMaps.js';
import { LABEL_STATEMENT, labelText, toldLabels } from './diagnoseLabels.js';
import { cohortJson, shownProbability, verdictOf, whereMm } from './diagnoseOutput.js';
import type { Cohort, Diagnosis } from './diagnoseReference.js';
import { withMaps } from './viewReport.js';

/** Loadings, and flagged scans, that are drawn. */
const MOST_LOADINGS = 4;
const MOST_SCANS = 8;

/** The report of a cohort: scores, control chart, loadings, and for each flagged scan what sets it apart. */
export function cohortReport(cohort: Cohort, maps: DiagnosisMaps): string {
  const { model, diagnoses, process } = cohort;
  const flagged = diagnoses.filter(d => d.flagged);
  const drawn = [...flagged].sort((a, b) => a.adjusted - b.adjusted).slice(0, MOST_SCANS);
  return inversionReport({
    title: 'Cohort against its reference',
    verdict: [verdictOf(diagnoses), model.monitoring.choice.why],
    warnings: warningsOf(cohort, flagged.length),
    figures: [...charts(cohort), ...loadingFigures(model.monitoring), ...drawn.flatMap(d => scanFigures(cohort, d))],
    table: rows(cohort),
    canSee: [
      'T² tells an unusual amount of the patterns that the reference itself shows; Q tells what none of these patterns holds.',
      'A fault that all maps of the reference share cannot be seen, and one that changes the map less than they differ among themselves hardly.',
      `A scan is flagged when the probability of its T² or Q without fault, corrected for ${diagnoses.length} scans (Holm), is below ${Number((100 * cohort.alpha).toPrecision(3))} %.`,
      ...(diagnoses.some(d => d.labels !== undefined) ? [LABEL_STATEMENT] : []),
    ],
    sightHeading: 'What a comparison with this reference can and cannot see',
    process,
    fontCss: fontFaceCss(),
    ...withMaps({ kind: 'diagnosis', name: 'diagnosis', cells: maps.cells, output: cohortJson(cohort), maps }),
  });
}

const inline = (panel: Panel) => figure([panel], { columns: 1, background: 'none' });

/** Whether the numbers are in units of the noise, or of the maps. */
function unitOf({ sigma, layout }: PcaModel): string {
  return sigma.every(s => s === 1) ? layout.unit : 'σ';
}

function charts({ model, diagnoses, explained, limits }: Cohort): ReportFigure[] {
  const points = diagnoses.map(
    ({ name, judgement, flagged, reference }): CohortPoint => ({
      name,
      scores: judgement.scores,
      t2: judgement.t2,
      q: judgement.q,
      flagged,
      reference,
    }),
  );
  const { newVariances } = model.monitoring;
  // Scans of a small reference were judged by the others, whose components may be turned: they are shown in the model's own.
  const shown = points.map((point, i) =>
    point.reference ? { ...point, scores: scoresIn(model.monitoring, diagnoses[i].map) } : point,
  );
  return [
    {
      svg: inline(scorePanel(shown, newVariances, explained, limits, unitOf(model.monitoring))),
      caption: 'How much of the first patterns each scan shows. Outside the ellipses a scan shows an unusual amount.',
      group: 'Control charts',
    },
    {
      svg: inline(controlPanel(points, limits)),
      caption: 'Each scan by its two statistics; scans of the reference are judged by the others.',
      group: 'Control charts',
    },
  ];
}

function scoresIn({ loadings, pixels, mean, sigma }: PcaModel, map: Float64Array): Float64Array {
  return Float64Array.from(loadings, loading => {
    let t = 0;
    for (let i = 0; i < pixels.length; i++) {
      const value = map[pixels[i]];
      if (!Number.isNaN(value)) t += loading[i] * ((value - mean[i]) / sigma[i]);
    }
    return t;
  });
}

function loadingFigures(model: PcaModel): ReportFigure[] {
  return model.loadings.slice(0, MOST_LOADINGS).flatMap((_, j) => {
    const percent = ((100 * model.variances[j]) / model.totalVariance).toFixed(1);
    return channelPanels(
      model.layout,
      loadingMap(model, j),
      `Pattern ${j + 1}`,
      '',
      {},
      `${percent} % of the variance`,
    ).map(panel => ({
      svg: inline(panel),
      caption: `Loading of component ${j + 1}: where maps of the reference differ from each other.`,
      group: 'Patterns of the reference',
    }));
  });
}

function scanFigures({ model, alpha }: Cohort, d: Diagnosis): ReportFigure[] {
  const { layout } = model.monitoring;
  const unit = unitOf(model.monitoring);
  const group = `What sets ${d.name} apart`;
  const { judgement } = d;
  const place = whereMm(d);
  const here = place === null ? '' : ` Most at x = ${place[0]} mm, y = ${place[1]} mm.`;
  const square = squaredUnit(unit);
  const newPart = channelPanels(layout, judgement.qContributions, `${d.name}: Q`, square).map(panel => ({
    svg: inline(panel),
    caption: `What each pixel adds to Q, with the sign of the residual.${judgement.pQ <= judgement.pT2 ? here : ''}`,
    group,
  }));
  const known = channelPanels(layout, judgement.t2Contributions, `${d.name}: T²`, '').map(panel => ({
    svg: inline(panel),
    caption: `What each pixel adds to T².${judgement.pT2 < judgement.pQ ? here : ''}`,
    group,
  }));
  const z = channelPanels(layout, zMap(model.usual, d.map).z, `${d.name}: z`, '').map(panel => ({
    svg: inline(panel),
    caption: `Departure of each pixel in standard deviations of the reference; ${d.pixels} pixels differ at a false discovery rate of 5 %.`,
    group,
  }));
  return judgement.pQ <= Math.max(alpha, judgement.pT2) ? [...newPart, ...known, ...z] : [...known, ...newPart, ...z];
}

function rows({ model, limits, diagnoses }: Cohort): ReportRow[] {
  const { monitoring } = model;
  const square = squaredUnit(unitOf(monitoring));
  return [
    { label: 'Maps of the reference', value: monitoring.count, digits: 9 },
    { label: 'Components', value: monitoring.loadings.length, note: monitoring.choice.by },
    ...limits.flatMap(({ level, t2, q }) => [
      { label: `${100 * level} % limit of T²`, value: t2.toPrecision(4) },
      { label: `${100 * level} % limit of Q`, value: q.toPrecision(4), unit: square },
    ]),
    ...diagnoses.map(d => ({
      label: d.name,
      value: d.flagged ? 'flagged' : 'as usual',
      note: `${d.labels === undefined ? '' : `${toldLabels(d.labels).map(labelText).join(', or ')}; `}T² ${d.judgement.t2.toPrecision(3)}, Q ${d.judgement.q.toPrecision(3)}, corrected probability ${shownProbability(d.adjusted)}`,
    })),
  ];
}

function warningsOf({ model, diagnoses }: Cohort, flagged: number): string[] {
  const { count } = model.monitoring;
  const thin = diagnoses.filter(d => d.judgement.covered < 0.9);
  return [
    ...(count < 10
      ? [`The reference holds only ${count} maps: its limits are wide. Ten or more tell finer differences.`]
      : []),
    ...(flagged > MOST_SCANS ? [`${flagged} scans are flagged; the first ${MOST_SCANS} are drawn.`] : []),
    ...thin.map(d => `${d.name} has only ${Math.round(100 * d.judgement.covered)} % of the reference's pixels.`),
  ];
}
