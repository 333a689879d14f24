import { cellDrawing, formatQuantity, type ReportRow } from '../src/figures/index.js';
import { describeInput } from '../src/formats/node.js';
import { parseCell } from '../src/model/parseCell.js';
import type { InversionResult, ProcessRecord } from '../src/result.js';
import { peaks, type Simulation, simulateCell } from '../src/simulation/field/simulateCell.js';
import { located } from './invertInput.js';
import { millimetres, numberOption } from './options.js';
import { printJson } from './run.js';
import { defectsOf, type Instrument, instrumentOf, planOf, type SimulateOptions } from './simulateOptions.js';
import { writeSimulation } from './simulateOutput.js';

/** A YAML file as it was read. */
export interface ModelFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** `savart simulate CELL.yaml`: the scan, and the truth as a result of the layout that `invert` writes. */
export async function simulateCellFile(file: ModelFile, options: SimulateOptions, version: string): Promise<void> {
  const cell = parseCell(file.text, file.path);
  const current = numberOption('--current-A', options.currentA);
  const pitch = millimetres('--model-pitch-mm', options.modelPitchMm, 0);
  const defects = await defectsOf(options);
  const plan = await planOf(options, [cell.outline]);
  const instrument = instrumentOf(options, plan);
  const start = performance.now();
  const simulation = located(file.path, () =>
    simulateCell(cell, plan, {
      defects,
      noise: instrument.noise,
      seed: instrument.seed,
      ...(instrument.range === undefined ? {} : { range: instrument.range }),
      ...(instrument.step === undefined ? {} : { step: instrument.step }),
      ...(current === undefined ? {} : { current }),
      ...(pitch === undefined ? {} : { pitch }),
      ...(options.leads === undefined ? {} : { outlets: options.leads }),
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const told = statements(simulation, instrument);
  const process: ProcessRecord = {
    program: 'savart',
    version,
    date: new Date().toISOString(),
    inputs: [describeInput(file.path, file.bytes)],
    cell: file.text,
    parameters: {
      method: 'simulation',
      target: 'current',
      current_A: simulation.current,
      defects,
      noise_T: instrument.noise,
      seed: instrument.seed,
      sensor: instrument.sensor ?? null,
      leads: simulation.outlets,
      modelPitch_m: simulation.stack.pairs[0].model.grid.dx,
    },
  };
  const damaged = defects.length > 0;
  const { scan, sheets, healthy, share } = simulation;
  const truth: InversionResult = { sheets, healthy, share, process };
  await writeSimulation(options, {
    title: `Simulated scan of ${cell.name}`,
    scan,
    truth,
    pictures: { scan, sheets, ...(damaged ? { healthy } : {}) },
    drawing: { cells: [cellDrawing(cell)], direction: 'arrows' },
    ...told,
    rows: rowsOf(simulation, instrument),
    process,
  });
  if (options.json) printJson({ ...summaryOf(simulation, instrument, damaged), seconds, ...outputs(options) });
}

/** The files that were written, for `--json`. */
export function outputs({ out, truth }: SimulateOptions) {
  return { out, truth: truth ?? null };
}

function statements(simulation: Simulation, instrument: Instrument) {
  const { cell, current, scan, outOfRange, stack, outlets, openTabs, defectField, state } = simulation;
  const verdict = [
    `${scan.count} samples of '${cell.name}' at ${formatQuantity(current, 'A')}, noise ${formatQuantity(instrument.noise, 'T')}.`,
  ];
  if (stack.assumed) {
    verdict.push(
      'The cell says nothing of its foils (electrical): it is simulated as sheets of uniform foils, whose net current is the harmonic one of outline and tabs.',
    );
  }
  if (defectField > 0) {
    const limit =
      instrument.noise > 0 ? `, ${(defectField / instrument.noise).toPrecision(2)} times the noise of a reading` : '';
    verdict.push(`The defects change the field by ${formatQuantity(defectField, 'T')} at most${limit}.`);
  }
  const warnings: string[] = [];
  if (outlets === 'none' && openTabs.length > 0) {
    warnings.push(`No known lead goes on at ${openTabs.join(', ')}: the circuit is open there, and so is the field.`);
  }
  if (outOfRange > 0) {
    warnings.push(`${outOfRange} samples are left out: a reading was beyond the range of ${instrument.sensor?.name}.`);
  }
  if (state.externalCurrent !== 0) {
    verdict.push(`${formatQuantity(state.externalCurrent, 'A')} flow through the external short.`);
  }
  return { verdict, warnings };
}

function rowsOf(simulation: Simulation, instrument: Instrument): ReportRow[] {
  const { current, scan, state, stack, field, ownField, outlets } = simulation;
  const names = ['Bx', 'By', 'Bz'];
  const own = peaks(ownField);
  return [
    { label: 'Current', value: current, unit: 'A' },
    { label: 'Samples', value: scan.count, digits: 9 },
    { label: 'Noise of a reading', value: instrument.noise, unit: 'T', note: instrument.sensor?.source ?? '' },
    { label: 'Electrode pairs', value: stack.pairs.reduce((sum, pair) => sum + pair.weight, 0), digits: 6 },
    { label: 'Voltage', value: state.voltage, unit: 'V', note: 'open-circuit voltage assumed to be 3.7 V' },
    ...peaks(field).map((value, k) => ({
      label: `Largest |${names[k]}|`,
      value,
      unit: 'T',
      note: `${formatQuantity(own[k], 'T')} without leads`,
    })),
    {
      label: 'Leads',
      value:
        outlets === 'strips'
          ? 'straight on from each tab, as wide as the tab, 1 m long'
          : simulation.cell.leads.length > 0
            ? 'those of the cell'
            : 'none',
    },
  ];
}

function summaryOf(simulation: Simulation, instrument: Instrument, damaged: boolean) {
  const { cell, current, scan, outOfRange, state, stack, field, ownField } = simulation;
  const inAxes = ([x, y, z]: readonly number[]) => ({ x, y, z });
  return {
    cell: cell.name,
    samples: scan.count,
    outOfRange,
    components: Object.keys(scan.components),
    current_A: current,
    externalShort_A: state.externalCurrent,
    voltage_V: state.voltage,
    noise_T: instrument.noise,
    seed: instrument.seed,
    sensor: instrument.sensor?.name ?? null,
    pairs: stack.pairs.reduce((sum, pair) => sum + pair.weight, 0),
    harmonicOnly: stack.assumed,
    sheets_m: Array.from(cell.sheets),
    share: simulation.share,
    leads: simulation.outlets === 'strips' ? 'strips' : cell.leads.length > 0 ? 'known' : 'none',
    openTabs: simulation.openTabs,
    peak_T: inAxes(peaks(field)),
    peakWithoutLeads_T: inAxes(peaks(ownField)),
    defectField_T: damaged ? simulation.defectField : null,
  };
}
