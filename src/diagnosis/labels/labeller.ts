import type { Positions } from '../../biotSavart/index.js';
import { InputError } from '../../errors.js';
import { AXES, type AxisName } from '../../fieldMap.js';
import { gridSize } from '../../grid.js';
import type { Cell } from '../../model/cell.js';
import { boundingBox } from '../../model/outline.js';
import type { Defect } from '../../simulation/defects/defect.js';
import { cellStack } from '../../simulation/field/cellStack.js';
import { defectChange, type KnownStates } from '../../simulation/field/defectChange.js';
import { knownConductorField } from '../../simulation/field/knownConductors.js';
import { stackCurrents } from '../../simulation/field/stackCurrents.js';
import { outletField, stackField } from '../../simulation/field/stackField.js';
import { stackState } from '../../simulation/field/stackState.js';
import { withUsualFoils } from '../../simulation/field/usualFoils.js';
import type { Judgement } from '../judgement.js';
import type { MapLayout } from '../mapStack.js';
import type { MonitoringModel } from '../monitoring.js';
import { departureSpace } from './departureSpace.js';
import { type LabelCandidate, type LabelOptions, labelDeparture } from './labels.js';

/** Labels scans of one layout, all made at one height. Simulations are kept, so that the second scan costs less than the first. */
export interface Labeller {
  /** Whether foils and electrodes were assumed, because the cell says nothing of them. */
  readonly assumed: boolean;
  /** @param model that judged the scan @throws {InputError} for a scan that has too few of the pixels */
  label(model: MonitoringModel, judgement: Judgement): LabelCandidate[];
}

export interface LabellerOptions extends LabelOptions {
  /** Pixels of the simulation along the longer side; default 60. */
  readonly pixels?: number;
}

const PIXELS = 60;
/** Places at which a departure is looked at; of larger maps only every second, third, ... pixel. */
const MOST_PLACES = 2500;
/** The noise is never taken for less than this part of the departure. */
const QUIETEST = 1e-4;
/** How far a scan may stand from where it says, m, and by how much its current may differ: standard deviations. */
const MISPLACED = 0.3e-3;
const OTHER_CURRENT = 0.02;
/** From this part of the standoff on, the height of a pair shows in the field. */
const TALL = 0.15;

/**
 * @param z height of the scans, m
 * @throws {InputError} for maps that are not of a field in tesla, and a cell without current, tabs, or with the scan inside it
 */
export function labeller(given: Cell, layout: MapLayout, z: number, options: LabellerOptions = {}): Labeller {
  const axes = layout.channels.map(name => AXES.indexOf(name as AxisName));
  if (axes.includes(-1) || layout.unit !== 'T') {
    throw new InputError('labels need scans of the field in tesla', { advice: 'leave --cell out for other maps' });
  }
  const { current } = given;
  if (current === undefined || current === 0) {
    throw new InputError('the current of the cell is not known', { column: 'current_A', advice: 'give current_A' });
  }
  const cell = withUsualFoils(given);
  const { x0, x1, y0, y1 } = boundingBox(cell.outline);
  const stack = cellStack(cell, { pitch: Math.max(x1 - x0, y1 - y0) / (options.pixels ?? PIXELS) });
  const healthy = stackCurrents(stackState(stack, current));
  const { grid } = layout;
  const step = Math.ceil(Math.sqrt(gridSize(grid) / MOST_PLACES));
  const places: number[] = [];
  for (let iy = 0; iy < grid.ny; iy += step) for (let ix = 0; ix < grid.nx; ix += step) places.push(iy * grid.nx + ix);
  const points = {
    x: Float64Array.from(places, i => grid.x0 + (i % grid.nx) * grid.dx),
    y: Float64Array.from(places, i => grid.y0 + Math.floor(i / grid.nx) * grid.dy),
    z: new Float64Array(places.length).fill(z),
  };
  const known: KnownStates = { kernels: new Map(), risers: new Map(), solutions: new WeakMap() };
  const fields = new Map<string, readonly Float64Array[] | undefined>();
  const changeOf = (defect: Defect): readonly Float64Array[] | undefined => {
    const key = JSON.stringify(defect);
    if (!fields.has(key)) {
      fields.set(
        key,
        unlessImpossible(() => {
          const field = defectChange(stack, healthy, current, [defect], points, known);
          return axes.map(axis => field[AXES[axis]]);
        }),
      );
    }
    return fields.get(key);
  };
  const healthyField = (at: Positions) => {
    const field = stackField(healthy, at);
    const parts = [knownConductorField(cell, current, at, healthy)];
    if (cell.leads.length === 0) parts.push(outletField(healthy, at));
    return axes.map(axis => field[AXES[axis]].map((v, i) => parts.reduce((sum, part) => sum + part[AXES[axis]][i], v)));
  };
  const whole = healthyField(points);
  // What the scan shows where it stands a little off, or at another current.
  const harmless = [
    ...(['x', 'y', 'z'] as const).map(axis => {
      const moved = healthyField({ ...points, [axis]: points[axis].map(v => v + MISPLACED) });
      return moved.map((values, c) => values.map((v, i) => v - whole[c][i]));
    }),
    whole.map(values => values.map(v => OTHER_CURRENT * v)),
  ];
  const z0 = cell.sheets.reduce((sum, v) => sum + v / cell.sheets.length, 0);
  const standoff = Math.abs(z - z0);
  const pairs = cell.electrical!.pairs;
  const seesHeight = (cell.thickness * (pairs - 1)) / pairs > TALL * standoff;
  return {
    assumed: given.electrical === undefined,
    label(model, judgement) {
      const { values, noise, channel, place, patterns } = readingsOf(model, judgement, layout, places);
      const { square, trace } = model.rest;
      const readings = {
        x: Float64Array.from(place, k => points.x[k]),
        y: Float64Array.from(place, k => points.y[k]),
        z: new Float64Array(place.length).fill(z),
        axis: Uint8Array.from(channel, c => axes[c]),
      };
      const each = trace > 0 ? square / trace : 0;
      const variances = Array.from(model.newVariances, v => (each > 0 ? v / each : 0));
      const independent = trace > 0 ? Math.min(1, trace ** 2 / square / model.pixels.length) : 1;
      const space = departureSpace(readings, { noise, patterns, variances, independent }, z0, standoff);
      const template = (defect: Defect) => {
        const change = changeOf(defect);
        return change && space.coordinates(Float64Array.from(place, (k, i) => change[channel[i]][k]));
      };
      const departure = space.coordinates(values);
      const moved = harmless.map(change =>
        space.coordinates(Float64Array.from(place, (k, i) => change[channel[i]][k])),
      );
      const beyond = space.beyond(values);
      return labelDeparture(cell, space, template, departure, beyond, { seesHeight, harmless: moved, ...options });
    },
  };
}

function unlessImpossible<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The departure from the mean of those that judged it, T, at the places that are looked at, with the noise there. */
function readingsOf(model: MonitoringModel, judgement: Judgement, { grid, channels }: MapLayout, places: number[]) {
  const size = gridSize(grid);
  const slot = new Int32Array(channels.length * size).fill(-1);
  model.pixels.forEach((pixel, j) => {
    slot[pixel] = j;
  });
  const { square, trace } = model.rest;
  const scale = Math.sqrt((trace > 0 ? square / trace : 0) * (1 + 1 / model.count));
  const [values, noise, channel, place, slots]: number[][] = [[], [], [], [], []];
  for (let c = 0; c < channels.length; c++) {
    places.forEach((pixel, k) => {
      const at = c * size + pixel;
      const value = judgement.residual[at] + judgement.pattern[at];
      if (slot[at] < 0 || Number.isNaN(value)) return;
      values.push(value * model.sigma[slot[at]]);
      noise.push(scale * model.sigma[slot[at]]);
      channel.push(c);
      place.push(k);
      slots.push(slot[at]);
    });
  }
  if (values.length < 64) throw new InputError('has too few pixels for a label', { advice: 'scan the whole cell' });
  const least = QUIETEST * Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  return {
    values: Float64Array.from(values),
    noise: Float64Array.from(noise, v => Math.max(v, least)),
    channel: Uint8Array.from(channel),
    place: Int32Array.from(place),
    patterns: model.loadings.map(loading => Float64Array.from(slots, j => loading[j])),
  };
}
