import { dirname, resolve } from 'node:path';
import { UsageError } from '../src/errors.js';
import { cellDrawing, formatQuantity, type ReportRow } from '../src/figures/index.js';
import { describeInput, readFileBytes } from '../src/formats/node.js';
import type { Cell } from '../src/model/cell.js';
import { boundingBox } from '../src/model/outline.js';
import { parseCell } from '../src/model/parseCell.js';
import { type Pack, parsePack } from '../src/model/parsePack.js';
import { placeCell } from '../src/model/placeCell.js';
import type { ProcessRecord } from '../src/result.js';
import { readField } from '../src/simulation/field/readField.js';
import { peaks } from '../src/simulation/field/simulateCell.js';
import { type PackedStack, packedStack } from '../src/simulation/field/stackCellField.js';
import { type PackSimulation, simulatePack } from '../src/simulation/pack/index.js';
import { located } from './invertInput.js';
import { millimetres, numberOption } from './options.js';
import { printJson } from './run.js';
import { type ModelFile, outputs } from './simulateCellFile.js';
import { instrumentOf, planOf, type SimulateOptions } from './simulateOptions.js';
import { writeSimulation } from './simulateOutput.js';
import { utf8 } from './textFile.js';

/** Pixels along the longer side of a cell of a pack. */
const PACK_PIXELS = 100;

/** `savart simulate PACK.yaml`: the currents of the cells at the beginning, and the field of all of them. */
export async function simulatePackFile(file: ModelFile, options: SimulateOptions, version: string): Promise<void> {
  refuse(options);
  const pack = parsePack(file.text, file.path);
  const { cells, files } = await readCells(pack, file.path);
  const current = numberOption('--current-A', options.currentA);
  const placed = pack.cells.map((place, k) => placeCell(cells[k], place));
  const plan = await planOf(
    options,
    placed.map(cell => cell.outline),
  );
  const instrument = instrumentOf(options, plan);
  const start = performance.now();
  const stackOf = stacks(pack, options);
  const simulation = located(file.path, () =>
    simulatePack(pack, cells, {
      ...(current === undefined ? {} : { current }),
      points: plan,
      cellField: cell => stackOf(cell).field,
      resistanceOf: cell => stackOf(cell).resistance,
    }),
  );
  const field = located(file.path, () => simulation.fieldAt());
  const { scan, outOfRange } = readField(field, plan, { ...instrument, current: simulation.history.current[0] });
  const seconds = (performance.now() - start) / 1000;
  const found = cellsOf(pack, simulation);
  const process: ProcessRecord = {
    program: 'savart',
    version,
    date: new Date().toISOString(),
    inputs: [describeInput(file.path, file.bytes), ...files],
    parameters: { method: 'simulation', cells: found, noise_T: instrument.noise, seed: instrument.seed },
  };
  await writeSimulation(options, {
    title: `Simulated scan of ${pack.name}`,
    scan,
    pictures: { scan },
    drawing: { cells: placed.map(cell => cellDrawing(cell)) },
    verdict: [
      `${scan.count} samples of '${pack.name}' at ${formatQuantity(simulation.history.current[0], 'A')}, noise ${formatQuantity(instrument.noise, 'T')}.`,
      `Currents of the cells: ${found.map(({ name, current_A }) => `${name} ${formatQuantity(current_A, 'A')}`).join(', ')}.`,
    ],
    warnings:
      outOfRange > 0
        ? [`${outOfRange} samples are left out: a reading was beyond the range of ${instrument.sensor?.name}.`]
        : [],
    rows: found.map(({ name, current_A, share }): ReportRow => {
      return { label: `Current of ${name}`, value: current_A, unit: 'A', note: `${(100 * share).toFixed(2)} %` };
    }),
    process,
  });
  if (!options.json) return;
  const [x, y, z] = peaks(field);
  printJson({
    pack: pack.name,
    samples: scan.count,
    outOfRange,
    components: Object.keys(scan.components),
    current_A: simulation.history.current[0],
    cells: found,
    noise_T: instrument.noise,
    seed: instrument.seed,
    sensor: instrument.sensor?.name ?? null,
    peak_T: { x, y, z },
    seconds,
    ...outputs(options),
  });
}

/** @throws {UsageError} for what only a single cell has. */
function refuse(options: SimulateOptions): void {
  for (const [flag, value] of [
    ['--truth', options.truth],
    ['--defect', options.defect],
  ] as const) {
    if (value === undefined) continue;
    throw new UsageError(`${flag} is for a cell, not for a pack`, { advice: 'leave it out, or give one of the cells' });
  }
}

/** The files of the cells, each read once: equal cells are one object and share one solution. */
async function readCells(
  pack: Pack,
  path: string,
): Promise<{ cells: Cell[]; files: { name: string; sha256: string }[] }> {
  const known = new Map<string, Cell>();
  const files: { name: string; sha256: string }[] = [];
  const cells: Cell[] = [];
  for (const { cellFile } of pack.cells) {
    const name = resolve(dirname(path), cellFile);
    let cell = known.get(name);
    if (cell === undefined) {
      const bytes = await readFileBytes(name);
      cell = parseCell(utf8(name, bytes), name);
      known.set(name, cell);
      files.push(describeInput(name, bytes));
    }
    cells.push(cell);
  }
  return { cells, files };
}

/** The solution of each cell, made once. Cells between known leads of the pack get no leads of their own. */
function stacks(pack: Pack, options: SimulateOptions): (cell: Cell) => PackedStack {
  const given = millimetres('--model-pitch-mm', options.modelPitchMm, 0);
  const outlets = options.leads ?? ((pack.leads ?? []).length > 0 ? ('none' as const) : undefined);
  const known = new Map<Cell, PackedStack>();
  return cell => {
    let stack = known.get(cell);
    if (stack === undefined) {
      stack = packedStack(cell, {
        pitch: given ?? usualPitch(cell),
        ...(outlets === undefined ? {} : { outlets }),
      });
      known.set(cell, stack);
    }
    return stack;
  };
}

/** The field of every cell is wanted over the whole pack, so its pixels are larger than those of a cell by itself. */
function usualPitch({ outline }: Cell): number {
  const { x0, y0, x1, y1 } = boundingBox(outline);
  return Math.max(x1 - x0, y1 - y0) / PACK_PIXELS;
}

/** The current of each cell as its tabs' shares count it, and its part of all. */
function cellsOf(pack: Pack, { history, chargingSigns }: PackSimulation) {
  const currents = pack.cells.map((_, k) => history.cellCurrents[k]);
  const total = currents.reduce((sum, v) => sum + v, 0);
  return pack.cells.map(({ name }, k) => ({
    name,
    current_A: chargingSigns[k] * currents[k],
    share: currents[k] / total,
  }));
}
