import {
  type FieldVectors,
  type Positions,
  polylineField,
  positionsOf,
  stripField,
  wireField,
  zeroField,
} from '../../biotSavart/index.js';
import { gaussLegendre } from './gauss.js';
import { addPixelField, type KnownKernels, type SheetSource, type ThroughSource } from './pixelField.js';
import { type FoilFlow, OUTLET_LENGTH, type PairFlow, type StackCurrents } from './stackCurrents.js';
import type { TabFace } from './tabFaces.js';

/** What states of one cell have in common at the same points: see {@link stackField}. */
export interface KnownFields {
  readonly kernels: KnownKernels;
  /** Field of one ampere in each piece of a riser. */
  readonly risers: Map<string, FieldVectors>;
}

/** Height at which the tabs collect all foils, m. */
const TAB_Z = 0;
/** Inflows below this part of the largest are rounding. */
const NOTHING = 1e-15;

/**
 * The field (T) of a stack: every foil at its own height, the current through the electrodes between them, vertical risers
 * along the tabs that join the foils at z = 0, necks of tabs at z = 0, an external short. The current is closed and
 * conserved, pixel by pixel, but for the ends of the tabs, where it comes from outside: see {@link outletField}.
 * @param known parts of earlier calls with other states of the cell at the same points
 * @param least pieces of risers with less, A, count for nothing
 * @throws {InputError} for points among the foils
 */
export function stackField(currents: StackCurrents, points: Positions, known?: KnownFields, least = 0): FieldVectors {
  const out = zeroField(points.x.length);
  const { sheets, throughs } = stackSources(currents);
  addPixelField(currents.grid, sheets, throughs, points, out, known?.kernels);
  addRisers(currents, points, least, out, known?.risers);
  addWires(currents, points, false, out);
  return out;
}

/**
 * The field (T) of the conductors by which the current comes and goes where no leads are known: from the end of every tab
 * straight on in a flat strip as wide as the tab, {@link OUTLET_LENGTH} long, at z = 0. With them the circuit is open only
 * at the far ends of the strips.
 * @param least strips with less, A/m, count for nothing
 */
export function outletField(currents: StackCurrents, points: Positions, least = 0): FieldVectors {
  const out = zeroField(points.x.length);
  addOutlets(currents, points, least, out);
  addWires(currents, points, true, out);
  return out;
}

function addWires({ wires }: StackCurrents, points: Positions, outlet: boolean, out: FieldVectors): void {
  for (const wire of wires)
    if (wire.outlet === outlet) polylineField(points, positionsOf(wire.path), wire.current, out);
}

/** The sources on pixels: pairs that flow alike are one source at several heights. */
export function stackSources({ grid, inside, pairs }: StackCurrents): {
  readonly sheets: SheetSource[];
  readonly throughs: ThroughSource[];
} {
  const groups = new Map<PairFlow, (typeof pairs)[number][]>();
  for (const pair of pairs) groups.set(pair.flow, [...(groups.get(pair.flow) ?? []), pair]);
  const sheets: SheetSource[] = [];
  const throughs: ThroughSource[] = [];
  const necks = emptyFlow(grid.nx * grid.ny);
  for (const [flow, members] of groups) {
    for (const polarity of ['positive', 'negative'] as const) {
      const heights = members.map(pair => ({
        z: polarity === 'positive' ? pair.positiveZ : pair.negativeZ,
        weight: pair.weight,
      }));
      sheets.push({ ...masked(flow[polarity], inside, 1), heights });
      const weight = heights.reduce((sum, height) => sum + height.weight, 0);
      addFlow(necks, masked(flow[polarity], inside, 0), weight);
    }
    const spans = members.map(({ positiveZ, negativeZ, weight }) => ({ from: positiveZ, to: negativeZ, weight }));
    throughs.push({ current: flow.through, spans });
  }
  if (FLOWS.some(key => necks[key].some(v => v !== 0))) sheets.push({ ...necks, heights: [{ z: TAB_Z, weight: 1 }] });
  return { sheets, throughs: throughs.filter(({ spans }) => spans.some(({ from, to }) => from !== to)) };
}

const FLOWS = ['alongX', 'alongY', 'growthX', 'growthY'] as const;

function emptyFlow(n: number): FoilFlow {
  const of = () => new Float64Array(n);
  return { alongX: of(), alongY: of(), growthX: of(), growthY: of() };
}

function masked(flow: FoilFlow, inside: Uint8Array, wanted: 0 | 1): FoilFlow {
  const of = (values: Float64Array) => values.map((v, i) => (inside[i] === wanted ? v : 0));
  return { alongX: of(flow.alongX), alongY: of(flow.alongY), growthX: of(flow.growthX), growthY: of(flow.growthY) };
}

function addFlow(sum: FoilFlow, flow: FoilFlow, weight: number): void {
  for (const key of FLOWS) {
    const [to, from] = [sum[key], flow[key]];
    for (let i = 0; i < to.length; i++) to[i] += weight * from[i];
  }
}

/** The vertical currents along the tabs: on each face of the outline three wires, whose current steps at every foil. */
function addRisers(
  { faces, pairs }: StackCurrents,
  points: Positions,
  least: number,
  out: FieldVectors,
  known?: KnownFields['risers'],
): void {
  const nothing = Math.max(least, NOTHING * largestInflow(pairs));
  faces.forEach((face, f) => {
    if (!face.riser) return;
    const foils = pairs.flatMap(({ flow, weight, positiveZ, negativeZ }) => [
      { z: positiveZ, current: weight * flow.positiveInflow[f] },
      { z: negativeZ, current: weight * flow.negativeInflow[f] },
    ]);
    for (const side of [1, -1]) {
      const beyond = foils.filter(({ z }) => side * (z - TAB_Z) > 0).sort((a, b) => side * (b.z - a.z));
      // From the outermost foil inwards: what flows below a foil is all that goes to it and beyond.
      let current = 0;
      beyond.forEach((foil, k) => {
        current += foil.current;
        const from = beyond[k + 1]?.z ?? TAB_Z;
        if (from === foil.z || !(Math.abs(current) > nothing)) return;
        if (known === undefined) {
          addRiser(points, face, from, foil.z, current, out);
          return;
        }
        const key = JSON.stringify([face, from, foil.z]);
        let unit = known.get(key);
        if (unit === undefined) {
          unit = zeroField(points.x.length);
          addRiser(points, face, from, foil.z, 1, unit);
          known.set(key, unit);
        }
        for (const c of ['bx', 'by', 'bz'] as const) {
          const [to, values] = [out[c], unit[c]];
          for (let i = 0; i < to.length; i++) to[i] += current * values[i];
        }
      });
    }
  });
}

function addRiser(
  points: Positions,
  face: TabFace,
  from: number,
  to: number,
  current: number,
  out: FieldVectors,
): void {
  const { nodes, weights } = gaussLegendre(3);
  nodes.forEach((t, n) => {
    const along = (t * face.width) / 2;
    const [x, y] = [face.x + along * face.outward[1], face.y + along * face.outward[0]];
    wireField(points, [x, y, from], [x, y, to], (current * weights[n]) / 2, out);
  });
}

function largestInflow(pairs: StackCurrents['pairs']): number {
  let largest = 0;
  for (const { flow } of pairs) {
    for (const values of [flow.positiveInflow, flow.negativeInflow]) {
      for (const v of values) largest = Math.max(largest, Math.abs(v));
    }
  }
  return largest;
}

/** The strips by which the tabs' currents come from afar, one per run of neighbouring faces with the same current. */
function addOutlets({ faces, pairs }: StackCurrents, points: Positions, least: number, out: FieldVectors): void {
  const density = faces.map(({ width }, f) => {
    let sum = 0;
    for (const { flow, weight } of pairs) sum += weight * (flow.positiveInflow[f] + flow.negativeInflow[f]);
    return sum / width;
  });
  const largest = density.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  for (const { face, value } of runs(faces, density, Math.max(least, NOTHING * largest))) {
    const far = [face.x + OUTLET_LENGTH * face.outward[0], face.y + OUTLET_LENGTH * face.outward[1], TAB_Z] as const;
    const strip = { from: far, to: [face.x, face.y, TAB_Z] as const, width_m: face.width, normal: [0, 0, 1] as const };
    stripField(points, strip, value * face.width, out);
  }
}

/** Neighbouring outlets in a row with one current density, A/m, as one. */
function runs(
  faces: readonly TabFace[],
  density: readonly number[],
  nothing: number,
): { readonly face: TabFace; readonly value: number }[] {
  const merged: { face: TabFace; value: number }[] = [];
  const order = faces
    .map((face, f) => ({ face, value: density[f] }))
    .filter(({ face, value }) => face.outlet && Math.abs(value) > nothing)
    .sort(({ face: a }, { face: b }) => sideNumber(a) - sideNumber(b) || across(a) - across(b) || along(a) - along(b));
  for (const next of order) {
    const last = merged.at(-1);
    const same =
      last !== undefined &&
      sideNumber(last.face) === sideNumber(next.face) &&
      Math.abs(across(last.face) - across(next.face)) < 1e-6 * next.face.width &&
      Math.abs(along(next.face) - along(last.face) - (next.face.width + last.face.width) / 2) <
        1e-6 * next.face.width &&
      Math.abs(last.value - next.value) < 1e-12 * Math.abs(next.value);
    if (!same) {
      merged.push({ ...next });
      continue;
    }
    const width = last.face.width + next.face.width;
    const middle = along(last.face) - last.face.width / 2 + width / 2;
    const place = next.face.outward[0] !== 0 ? { y: middle } : { x: middle };
    last.face = { ...last.face, ...place, width };
  }
  return merged;
}

function sideNumber({ outward }: TabFace): number {
  return 2 * outward[0] + outward[1];
}

function along({ x, y, outward }: TabFace): number {
  return outward[0] !== 0 ? y : x;
}

function across({ x, y, outward }: TabFace): number {
  return outward[0] !== 0 ? x : y;
}
