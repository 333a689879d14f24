import { drivenCell, planScan, type ScanPlan } from '../inversion/planner/planScan.js';
import { standardDefects } from '../inversion/planner/standardDefects.js';
import { type WantedPlan, wantedPlan } from '../inversion/planner/wantedPlan.js';
import { cellDrawing, planFigure, planFigures } from '../src/figures/index.js';
import { embedFonts, fontFaceCss, renderPng } from '../src/figures/node.js';
import { inversionReport } from '../src/figures/report.js';
import { describeInput, readFileBytes, writeFileSafely } from '../src/formats/node.js';
import { parseCell } from '../src/model/parseCell.js';
import { parseRig } from '../src/model/parseRig.js';
import type { ProcessRecord } from '../src/result.js';
import { parseDefects } from '../src/simulation/defects/parseDefects.js';
import { located } from './invertInput.js';
import { numberOption, requireExtension, requireSeparate } from './options.js';
import {
  canSee,
  DEFECT_HEAD,
  defectRow,
  planRows,
  verdictOf,
  WANTED_HEAD,
  wantedRows,
  warningsOf,
} from './planText.js';
import { progressLine } from './progress.js';
import { bold, type CommonOptions, printJson, say } from './run.js';
import { utf8 } from './textFile.js';
import { textTable } from './textTable.js';
import { withMaps } from './viewReport.js';

export interface PlanCommandOptions extends CommonOptions {
  readonly rig: string;
  readonly detect?: readonly string[];
  readonly dprime?: string;
  readonly figure?: string;
  readonly report?: string;
}

/** `savart plan CELL --rig RIG`: what a scan can detect, before it is made. */
export default async function plan([path]: string[], options: PlanCommandOptions, version: string): Promise<void> {
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireSeparate([path, options.rig], [options.figure, options.report]);
  const cellBytes = await readFileBytes(path);
  const rigBytes = await readFileBytes(options.rig);
  const cell = parseCell(utf8(path, cellBytes), path);
  const rig = parseRig(utf8(options.rig, rigBytes), options.rig);
  const driven = located(options.rig, () => drivenCell(cell, rig));
  const texts = options.detect ?? (cell.electrical === undefined ? [] : standardDefects(driven));
  const defects = texts.flatMap(text => parseDefects(text, '--detect').map(defect => ({ text, defect })));
  const planned = located(path, () => planScan(cell, rig, defects, { onProgress: progressLine('planning') }));
  const wanted = numberOption('--dprime', options.dprime, { above: 0 }) ?? planned.neededSearched;
  const ways = (options.detect === undefined ? [] : defects).map((defect, k) => ({
    text: defect.text,
    plan: located(path, () =>
      wantedPlan(cell, rig, defect, wanted, planned.defects[k].detectability, progressLine('settings')),
    ),
  }));

  const inputs = [describeInput(path, cellBytes), describeInput(options.rig, rigBytes)];
  const outputs: [string, Uint8Array][] = [];
  if (options.figure !== undefined) outputs.push([options.figure, figureBytes(options.figure, planned)]);
  if (options.report !== undefined) {
    const html = reportHtml(planned, ways, inputs, version, options);
    outputs.push([options.report, new TextEncoder().encode(html)]);
  }
  for (const [name, content] of outputs) await writeFileSafely(name, content);

  const [lead, ...more] = verdictOf(planned);
  say(options, bold(options, lead));
  for (const line of more) say(options, line);
  say(options, '');
  if (planned.defects.length > 0) {
    say(
      options,
      textTable(
        DEFECT_HEAD,
        planned.defects.map(defect => defectRow(defect, planned)),
      ),
    );
    say(options, '');
  }
  for (const { text, plan: found } of ways) {
    say(options, bold(options, `${text}: to reach d' = ${Number(found.wanted.toPrecision(3))}`));
    say(options, textTable(WANTED_HEAD, wantedRows(found)));
    say(options, '');
  }
  for (const line of canSee(planned)) say(options, line);
  for (const line of warningsOf(planned)) process.stderr.write(`warning: ${line}\n`);
  for (const [name] of outputs) say(options, `Wrote ${name}`);
  if (options.json) printJson(jsonOf(planned, ways));
}

type Ways = readonly { readonly text: string; readonly plan: WantedPlan }[];

function jsonOf(plan: ScanPlan, ways: Ways): object {
  const { course, defects, holes } = plan;
  return {
    rig: plan.rig.name,
    cell: plan.simulated.cell.name,
    current_A: plan.current,
    points: course.x.length,
    readings: plan.readings,
    beyondRange: plan.beyondRange,
    time_s: course.time,
    average_s: course.average,
    standoff_mm: 1e3 * plan.standoff,
    sigma_T: plan.sigma,
    deviation_T: plan.deviation,
    resolution_mm: 1e3 * plan.resolution,
    places: plan.places,
    neededDprime: { searched: plan.neededSearched, known: plan.neededKnown },
    foilsAssumed: plan.simulated.assumed,
    defects: defects.map(({ text, kind, peak, detectability, withoutNuisances, electrodeFault }) => ({
      defect: text,
      kind,
      peak_nT: 1e9 * peak,
      dprime: detectability,
      dprimeWithoutNuisances: withoutNuisances,
      electrodeFault,
      found: detectability >= plan.neededSearched,
      foundIfPlaceKnown: detectability >= plan.neededKnown,
    })),
    smallestHole: holes.map(({ foil, grid, radius, median, best, worst, blind }) => ({
      foil,
      median_mm: 1e3 * median,
      best_mm: 1e3 * best.radius,
      worst_mm: 1e3 * worst.radius,
      blind,
      map: {
        nx: grid.nx,
        ny: grid.ny,
        x0_mm: 1e3 * grid.x0,
        y0_mm: 1e3 * grid.y0,
        dx_mm: 1e3 * grid.dx,
        dy_mm: 1e3 * grid.dy,
        radius_mm: Array.from(radius, r => 1e3 * r),
      },
    })),
    wanted: ways.map(({ text, plan: { wanted, detectability, seconds, settings, quickest } }) => ({
      defect: text,
      wantedDprime: wanted,
      dprime: detectability,
      seconds,
      settings: settings.map(({ value, detectability: dprime, ...rest }) => ({ ...rest, value_SI: value, dprime })),
      quickest:
        quickest === undefined
          ? null
          : {
              pitch_mm: 1e3 * quickest.pitch,
              average_s: quickest.average,
              dprime: quickest.detectability,
              seconds: quickest.seconds,
            },
    })),
  };
}

function figureBytes(name: string, plan: ScanPlan): Uint8Array {
  const svg = planFigure(plan.simulated.cell, plan.holes);
  return name.toLowerCase().endsWith('.png') ? renderPng(svg) : new TextEncoder().encode(embedFonts(svg));
}

function reportHtml(
  plan: ScanPlan,
  ways: Ways,
  inputs: ProcessRecord['inputs'],
  version: string,
  options: PlanCommandOptions,
): string {
  return inversionReport({
    title: `Plan: ${plan.simulated.cell.name} by ${plan.rig.name}`,
    verdict: verdictOf(plan),
    warnings: warningsOf(plan),
    canSee: canSee(plan),
    sightHeading: 'What this scan can and cannot see',
    figures: planFigures(plan.simulated.cell, plan.holes),
    table: planRows(plan, ways),
    process: {
      program: 'savart',
      version,
      date: new Date().toISOString(),
      inputs,
      parameters: {
        command: 'plan',
        ...(options.detect === undefined ? {} : { detect: options.detect }),
        ...(options.dprime === undefined ? {} : { dprime: Number(options.dprime) }),
      },
    },
    fontCss: fontFaceCss(),
    ...(plan.holes.length === 0
      ? {}
      : withMaps({
          kind: 'plan',
          name: plan.simulated.cell.name,
          cells: [cellDrawing(plan.simulated.cell)],
          holes: plan.holes.map(({ foil, grid, radius, median }) => ({ foil, grid, radius, median })),
        })),
  });
}
