import { InputError } from '../errors.js';
import { type ComponentName, type FieldComponent, type FieldScan, measuredComponents } from '../fieldScan.js';
import { agreement } from './agreement.js';
import { onCommonGrid, overlapOf } from './commonGrid.js';
import type { ComparedLayer, CompareOptions, Comparison, ScanRelation } from './comparison.js';
import { proportion } from './linearity.js';
import { commonComponents, commonFieldUnit, type Matched, matchSamples } from './matchScans.js';
import { currentsReverse, hasNoise, meanCurrent, noiseOf, oddEven } from './oddEven.js';
import { combined, type PairedValues, pairMaps } from './pairedValues.js';
import { estimateRegistration, type Registration, toApply } from './registration.js';
import { matchPlanes, scanMaps } from './scanPlanes.js';
import { meanSimilarity } from './structuralSimilarity.js';
import { planarPair, type VectorMap } from './vectorMap.js';

/** A correlation below this says that the currents were reversed, where the scans do not say it themselves. */
const REVERSED = -0.5;

/**
 * Compares two scans of the field, measured or simulated. Samples at the same places (within 0.2 mm and a tenth of their
 * spacing) are compared one by one. Other scans, and scans whose registration is applied, are brought to maps plane by plane
 * (`toFieldMap`), and B to the grid of A or the coarser one. Noise of both is combined; a scan that states none counts as
 * exact beside one that does.
 * @throws {InputError} for different units, no common component, different heights, no overlap, and where samples neither
 * coincide nor make maps
 */
export function compareScans(a: FieldScan, b: FieldScan, options: CompareOptions = {}): Comparison {
  const { register = 'none' } = options;
  const unit = commonFieldUnit(a, b);
  const notes: string[] = [];
  const names = commonComponents(a, b, notes);
  const gridded = mapsOf(a, b, names, notes);
  const registration = gridded.maps && registrationOf(gridded.maps, register, notes);
  const motion = toApply(register, registration, notes);
  let layers = (gridded.maps ?? []).map(map => onCommonGrid(map.a, map.b, motion));

  let matched =
    (motion === undefined ? matchSamples(a, b, names, notes) : undefined) ??
    byGrid(layers, gridded.maps ?? fail(gridded.error), a, b);
  let pairs = pairScans(matched, layers);
  let background: Record<string, number> | undefined;
  if (options.background === 'fit') {
    const { bias } = agreement(pairs);
    const constants = Object.fromEntries(pairs.names.map((name, c) => [name, bias[c]]));
    background = constants;
    layers = layers.map(layer => ({ ...layer, a: { ...layer.a, values: without(layer.a, constants) } }));
    matched = { ...matched, a: scanWithout(matched.a, constants) };
    pairs = pairScans(matched, layers);
  }
  const told = [a, b].filter(scan => names.every(name => hasNoise(scan, name))).length;
  if (told === 1) notes.push('Only one of the two states its noise; the other was taken as exact.');

  const overall = agreement(pairs);
  const ssim = meanSimilarity(
    layers.map(({ grid, a: first, b: second }) => ({ grid, a: first.values, b: second.values })),
  );
  return {
    kind: 'scans',
    unit,
    by: matched.by,
    pairs,
    layers,
    agreement: overall,
    layerAgreements: layers.length < 2 ? [] : layers.map(layer => agreement(pairMaps([layer], false))),
    ...(Number.isNaN(ssim) ? {} : { ssim }),
    overlap: matched.overlap,
    ...(registration === undefined ? {} : { registration }),
    registered: motion !== undefined,
    ...(background === undefined ? {} : { background }),
    relation: relationOf(matched, pairs, overall.correlation),
    difference: { scan: differenceScan(matched) },
    notes,
  };
}

function fail(error: unknown): never {
  throw error;
}

/** The maps of matching planes, or why there are none. */
function mapsOf(
  a: FieldScan,
  b: FieldScan,
  names: readonly ComponentName[],
  notes: string[],
): { readonly maps?: { readonly a: VectorMap; readonly b: VectorMap }[]; readonly error?: unknown } {
  try {
    return { maps: matchPlanes(scanMaps(a, names), scanMaps(b, names), notes) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    notes.push(
      `No maps can be made of these samples (${error.message}), so neither registration nor structure is given.`,
    );
    return { error };
  }
}

function registrationOf(
  maps: readonly { readonly a: VectorMap; readonly b: VectorMap }[],
  asked: NonNullable<CompareOptions['register']>,
  notes: string[],
): Registration | undefined {
  const { names } = maps[0].a;
  const lone = planarPair(names) === undefined && (names.includes('bx') || names.includes('by'));
  if (lone && asked !== 'none' && asked !== 'shift') {
    notes.push(
      'Of the components in the plane only one was measured, which cannot be turned: only a shift was fitted.',
    );
  }
  const model = lone ? 'shift' : asked === 'none' ? 'similarity' : asked;
  return estimateRegistration(maps, { model, offsets: true });
}

/** The pixels of the maps as samples. */
function byGrid(
  layers: readonly ComparedLayer[],
  maps: readonly { readonly a: VectorMap; readonly b: VectorMap }[],
  a: FieldScan,
  b: FieldScan,
): Matched {
  const overlap = overlapOf(layers, maps);
  return { by: 'grid', a: gridScan(layers, 'a', a), b: gridScan(layers, 'b', b), overlap };
}

function gridScan(layers: readonly ComparedLayer[], which: 'a' | 'b', from: FieldScan): FieldScan {
  const { a, b, x, y, z } = pairMaps(layers, false);
  const values = which === 'a' ? a : b;
  const kept = Array.from(x.keys()).filter(i => !Number.isNaN(values[0][i]));
  const pick = (array: Float64Array) => Float64Array.from(kept, i => array[i]);
  const sigmas = layers.map(layer => layer[which].sigma);
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  layers[0].a.names.forEach((name, c) => {
    const sigma = sigmas.every(s => s !== undefined)
      ? pick(Float64Array.from(sigmas.flatMap(s => [...s![c]])))
      : undefined;
    components[name as ComponentName] = { values: pick(values[c]), ...(sigma === undefined ? {} : { sigma }) };
  });
  const current = meanCurrent(from);
  return {
    count: kept.length,
    x: pick(x),
    y: pick(y),
    z: pick(z),
    components,
    ...(current === undefined ? {} : { current: new Float64Array(kept.length).fill(current) }),
    ...(from.relativeUnit === undefined ? {} : { relativeUnit: from.relativeUnit }),
  };
}

function pairScans({ by, a, b }: Matched, layers: readonly ComparedLayer[]): PairedValues {
  if (by === 'grid') return pairMaps(layers, false);
  const names = measuredComponents(a);
  const noisy = names.some(name => hasNoise(a, name) || hasNoise(b, name));
  const known = (scan: FieldScan, name: ComponentName, i: number) =>
    hasNoise(scan, name) ? noiseOf(scan, name, i) : undefined;
  return {
    names,
    a: names.map(name => a.components[name]!.values),
    b: names.map(name => b.components[name]!.values),
    ...(noisy ? { sigma: names.map(name => a.x.map((_, i) => combined(known(a, name, i), known(b, name, i)))) } : {}),
    x: a.x,
    y: a.y,
    z: a.z,
    vector: false,
  };
}

function relationOf({ a, b }: Matched, pairs: PairedValues, correlation: number): ScanRelation {
  const line = proportion(pairs, rmsNoise(a), rmsNoise(b));
  const [ia, ib] = [meanCurrent(a), meanCurrent(b)];
  const currentRatio = ia === undefined || ib === undefined || ib === 0 || ia === 0 ? undefined : ia / ib;
  return {
    ...(line === undefined ? {} : { proportion: line }),
    ...(currentRatio === undefined ? {} : { currentRatio }),
    ...(line === undefined || currentRatio === undefined
      ? {}
      : { linearity: line.slope / currentRatio, linearityError: line.slopeError / Math.abs(currentRatio) }),
    oddEven: oddEven(a, b),
    reversed: currentsReverse(a, b) ?? correlation < REVERSED,
  };
}

/** The components of a map less a constant each. */
function without({ names, values }: VectorMap, constants: Readonly<Record<string, number>>): Float64Array[] {
  return names.map((name, c) => values[c].map(v => v - (constants[name] ?? 0)));
}

function scanWithout(scan: FieldScan, constants: Readonly<Record<string, number>>): FieldScan {
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  for (const name of measuredComponents(scan)) {
    const component = scan.components[name]!;
    components[name] = { ...component, values: component.values.map(v => v - constants[name]) };
  }
  return { ...scan, components };
}

/** Root mean square of the stated standard deviations, 0 where there are none. */
function rmsNoise(scan: FieldScan): number {
  const names = measuredComponents(scan);
  let sum = 0;
  for (const name of names) for (let i = 0; i < scan.count; i++) sum += noiseOf(scan, name, i) ** 2;
  return Math.sqrt(sum / (names.length * scan.count));
}

/** A - B at the places of both, with the noise of both. */
function differenceScan({ a, b }: Matched): FieldScan {
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  for (const name of measuredComponents(a)) {
    const [first, second] = [a.components[name]!.values, b.components[name]!.values];
    const noisy = hasNoise(a, name) || hasNoise(b, name);
    components[name] = {
      values: first.map((v, i) => v - second[i]),
      ...(noisy ? { sigma: first.map((_, i) => Math.hypot(noiseOf(a, name, i), noiseOf(b, name, i))) } : {}),
    };
  }
  const { count, x, y, z, direction, relativeUnit } = a;
  return {
    count,
    x,
    y,
    z,
    components,
    ...(direction === undefined ? {} : { direction }),
    ...(relativeUnit === undefined ? {} : { relativeUnit }),
  };
}
