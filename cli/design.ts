import { InputError } from '../src/errors.js';
import {
  cellDrawing,
  designFigure,
  designFigures,
  designMaps,
  formatNumber,
  formatQuantity,
  inversionReport,
} from '../src/figures/index.js';
import { embedFonts, fontFaceCss, renderPng } from '../src/figures/node.js';
import { describeInput, readFileBytes, writeFileSafely } from '../src/formats/node.js';
import type { Cell } from '../src/model/cell.js';
import { parseCell } from '../src/model/parseCell.js';
import type { ProcessRecord } from '../src/result.js';
import {
  cellModel,
  type FiguresOfMerit,
  figuresOfMerit,
  netSheetCurrent,
  type SolvedState,
  steadyState,
} from '../src/simulation/cell/index.js';
import { designRows, designVerdict, milliohms, pairsOf, wholeResistance } from './designText.js';
import { located } from './invertInput.js';
import { millimetres, requireExtension, requireSeparate } from './options.js';
import { bold, type CommonOptions, printJson, say } from './run.js';
import { utf8 } from './textFile.js';
import { textTable } from './textTable.js';
import { withMaps } from './viewReport.js';

export interface DesignOptions extends CommonOptions {
  readonly figure?: string;
  readonly report?: string;
  readonly pitchMm?: string;
}

/** A design as it was read, and what was simulated of one of its electrode pairs. */
export interface Design {
  readonly path: string;
  readonly cell: Cell;
  readonly input: ProcessRecord['inputs'][number];
  /** Current of one pair, A. */
  readonly current: number;
  readonly state: SolvedState;
  readonly merit: FiguresOfMerit;
}

const CAPTION =
  'Simulated, one electrode pair with its part of the current. For each design: current density through the electrodes over its mean; sheet current of both foils together, the same current between neighbouring lines; sheet current of the positive and of the negative foil. Each quantity has one scale.';

/** `savart design CELL.yaml...`: tab designs side by side, simulated. */
export default async function design(paths: string[], options: DesignOptions, version: string): Promise<void> {
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireSeparate(paths, [options.figure, options.report]);
  const pitch = millimetres('--pitch-mm', options.pitchMm, 0);
  const designs: Design[] = [];
  for (const path of paths) designs.push(await simulated(path, pitch));
  const outputs: [string, Uint8Array][] = [];
  if (options.figure !== undefined) outputs.push([options.figure, figureBytes(options.figure, designs)]);
  if (options.report !== undefined) {
    outputs.push([options.report, new TextEncoder().encode(reportHtml(designs, version, pitch))]);
  }
  for (const [name, content] of outputs) await writeFileSafely(name, content);
  const [lead, ...more] = designVerdict(designs);
  say(options, textTable(TABLE_HEAD, designs.map(tableRow)));
  say(options, '');
  say(options, bold(options, lead));
  for (const line of more) say(options, line);
  for (const [name] of outputs) say(options, `Wrote ${name}`);
  if (options.json) printJson({ designs: designs.map(jsonOf) });
}

async function simulated(path: string, pitch: number | undefined): Promise<Design> {
  const bytes = await readFileBytes(path);
  const text = utf8(path, bytes);
  const cell = parseCell(text, path);
  return located(path, () => {
    if (cell.current === 0) {
      throw new InputError('the current is zero', { column: 'current_A', advice: 'give the current to simulate' });
    }
    const current = (cell.current ?? 1) / pairsOf(cell);
    const state = steadyState(cellModel(cell, pitch === undefined ? {} : { pitch }), current);
    return { path, cell, input: describeInput(path, bytes), current, state, merit: figuresOfMerit(state) };
  });
}

const TABLE_HEAD = [
  'design',
  'J max',
  'J min',
  'J std %',
  'R',
  'constriction',
  'foils +',
  'foils -',
  'electrodes',
  '|K| max',
  'hottest at',
];

function tableRow({ cell, merit }: Design): string[] {
  const pairs = pairsOf(cell);
  const { reaction, sheet, losses, constriction, hottest } = merit;
  const largest = sheet.net.maxOverMean * sheet.net.mean * pairs;
  return [
    cell.name,
    reaction.maxOverMean.toFixed(3),
    reaction.minOverMean.toFixed(3),
    formatNumber(100 * reaction.stdOverMean),
    milliohms(wholeResistance(merit, cell)),
    milliohms(constriction / pairs),
    formatQuantity(losses.positiveFoil * pairs, 'W'),
    formatQuantity(losses.negativeFoil * pairs, 'W'),
    formatQuantity(losses.electrodes * pairs, 'W'),
    formatQuantity(largest, 'A/m'),
    `(${formatNumber(hottest.x * 1e3)}, ${formatNumber(hottest.y * 1e3)}) mm`,
  ];
}

/** The fields of DESIGN and some more. Currents and losses are those of the whole cell, all pairs together. */
function jsonOf({ path, cell, state, merit }: Design): object {
  const pairs = pairsOf(cell);
  const { reaction, sheet, losses, constriction, hottest } = merit;
  const spread = ({ mean, ...ratios }: typeof reaction) => ({ mean_A_per_m: mean * pairs, ...ratios });
  const watts = Object.fromEntries(Object.entries(losses).map(([name, value]) => [name, value * pairs]));
  return {
    name: cell.name,
    maxOverMean: reaction.maxOverMean,
    minOverMean: reaction.minOverMean,
    stdOverMean: reaction.stdOverMean,
    resistance_ohm: wholeResistance(merit, cell),
    constriction_ohm: constriction / pairs,
    current_A: state.current * pairs,
    pairs,
    losses_W: watts,
    hottest: { x_mm: hottest.x * 1e3, y_mm: hottest.y * 1e3, pair_W_per_m2: hottest.dissipation },
    sheet: { net: spread(sheet.net), positive: spread(sheet.positive), negative: spread(sheet.negative) },
    pixels: [state.model.grid.nx, state.model.grid.ny],
    pitch_mm: [state.model.grid.dx * 1e3, state.model.grid.dy * 1e3],
    file: path,
  };
}

function figureBytes(name: string, designs: readonly Design[]): Uint8Array {
  const svg = designFigure(designs, CAPTION);
  return name.toLowerCase().endsWith('.png') ? renderPng(svg) : new TextEncoder().encode(embedFonts(svg));
}

function reportHtml(designs: readonly Design[], version: string, pitch: number | undefined): string {
  return inversionReport({
    title: designs.length === 1 ? `Design ${designs[0].cell.name}` : `${designs.length} designs side by side`,
    verdict: designVerdict(designs),
    warnings: [],
    canSee: [],
    figures: designFigures(designs),
    table: designRows(designs),
    process: {
      program: 'savart',
      version,
      date: new Date().toISOString(),
      inputs: designs.map(({ input }) => input),
      parameters: {
        command: 'design',
        ...(pitch === undefined ? {} : { pitch_m: pitch }),
        pixels: designs.map(({ state }) => [state.model.grid.nx, state.model.grid.ny]),
      },
    },
    fontCss: fontFaceCss(),
    ...withMaps({
      kind: 'designs',
      name: 'designs',
      cells: [],
      shown: {
        designs: designs.map(({ cell, current, state }) => ({
          name: cell.name,
          grid: state.model.grid,
          cell: cellDrawing({ ...cell, current }),
          ...netSheetCurrent(state),
        })),
        quantities: designMaps(designs),
      },
    }),
  });
}
