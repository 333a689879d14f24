import type { CurrentMap } from '../currentMap.js';
import { InputError } from '../errors.js';
import type { InversionResult } from '../result.js';
import { agreement } from './agreement.js';
import { onCommonGrid, overlapOf } from './commonGrid.js';
import type { ComparedLayer, CompareOptions, Comparison } from './comparison.js';
import type { Motion } from './motion.js';
import { pairMaps } from './pairedValues.js';
import { estimateRegistration, toApply } from './registration.js';
import { resample } from './resample.js';
import { meanSimilarity } from './structuralSimilarity.js';
import { currentVectors } from './vectorMap.js';

/** Sheets whose heights differ by more than this are compared, but it is said, m. */
const SAME_HEIGHT = 0.1e-3;

/**
 * Compares two current maps, measured or simulated, sheet by sheet: on the coarser of their grids, where both have values,
 * with K as a vector. Errors of both maps are combined; a map without errors (a simulation) counts as exact.
 * @throws {InputError} for different units or numbers of sheets, and where the maps do not overlap
 */
export function compareResults(a: InversionResult, b: InversionResult, options: CompareOptions = {}): Comparison {
  const { register = 'none' } = options;
  const unit = commonUnit(a.sheets[0], b.sheets[0]);
  if (a.sheets.length !== b.sheets.length) {
    const count = ({ sheets }: InversionResult) => `${sheets.length} sheet${sheets.length === 1 ? '' : 's'}`;
    throw new InputError(`A has ${count(a)} of current, B has ${count(b)}`, {
      advice: 'give results of cells with the same sheets_mm',
    });
  }
  const notes: string[] = [];
  const heights = Math.max(...a.sheets.map((sheet, k) => Math.abs(sheet.z - b.sheets[k].z)));
  if (heights > SAME_HEIGHT) {
    notes.push(
      `The sheets of A and B lie up to ${Number((1e3 * heights).toPrecision(2))} mm apart in height; their currents were ` +
        'compared as they are.',
    );
  }
  const maps = a.sheets.map((sheet, k) => ({ a: currentVectors(sheet), b: currentVectors(b.sheets[k]) }));
  const registration = estimateRegistration(maps, register === 'none' ? {} : { model: register });
  const motion = toApply(register, registration, notes);
  const layers = maps.map(map => onCommonGrid(map.a, map.b, motion));
  const overlap = overlapOf(layers, maps);
  const pairs = pairMaps(layers, true);
  const one = maps.map(({ a: first, b: second }) => [first.sigma, second.sigma].filter(s => s === undefined).length);
  if (one.some(missing => missing === 1)) {
    notes.push('Only one of the two states its errors; the other was taken as exact.');
  }
  if (one.some(missing => missing < 2)) {
    notes.push(
      'Errors of neighbouring pixels of an inverted map are alike, so chi-squared scatters more about 1 than its number ' +
        'of readings says.',
    );
  }
  const hashes = new Set(a.process.inputs.map(input => input.sha256));
  // A description of the cell has no noise.
  const shared = b.process.inputs.find(({ name, sha256 }) => !/\.ya?ml$/i.test(name) && hashes.has(sha256));
  if (shared !== undefined && one.some(missing => missing === 0)) {
    notes.push(
      `Both results were made from ${shared.name}: they share its noise, so their difference is smaller than two errors ` +
        'that are independent would make it.',
    );
  }
  const ssim = meanSimilarity(
    layers.map(({ grid, a: first, b: second }) => ({ grid, a: first.values, b: second.values })),
  );
  return {
    kind: 'results',
    unit,
    by: 'grid',
    pairs,
    layers,
    agreement: agreement(pairs),
    layerAgreements: layers.length === 1 ? [] : layers.map(layer => agreement(pairMaps([layer], true))),
    ...(Number.isNaN(ssim) ? {} : { ssim }),
    overlap,
    ...(registration === undefined ? {} : { registration }),
    registered: motion !== undefined,
    difference: {
      result: { sheets: layers.map((layer, k) => differenceMap(layer, a.sheets[k], b.sheets[k], motion)) },
    },
    notes,
  };
}

/** A - B as a current map. */
function differenceMap(layer: ComparedLayer, a: CurrentMap, b: CurrentMap, motion: Motion | undefined): CurrentMap {
  const { grid, z } = layer;
  const [kx, ky] = layer.a.values.map((values, c) => values.map((v, p) => v - layer.b.values[c][p]));
  const scalar = (map: CurrentMap, moving?: Motion) =>
    resample({ grid: map.grid, z, names: ['psi'], values: [map.psi], independent: false }, grid, moving).values[0];
  // K is the slope of psi: a map stretched by s has the same K only with s times the psi.
  const psiB = scalar(b, motion).map(v => v * (motion?.scale ?? 1));
  const psi = scalar(a).map((v, p) => (Number.isNaN(kx[p]) ? Number.NaN : v - psiB[p]));
  const { sigma } = pairMaps([layer], true);
  return {
    grid,
    z,
    psi,
    kx,
    ky,
    ...(sigma === undefined ? {} : { kxErrors: sigma[0], kyErrors: sigma[1] }),
    ...(a.relativeUnit === undefined ? {} : { relativeUnit: a.relativeUnit }),
  };
}

function commonUnit(a: CurrentMap, b: CurrentMap): string {
  const unit = ({ relativeUnit }: CurrentMap) => (relativeUnit === undefined ? 'A/m' : `A/m (${relativeUnit})/T`);
  if (unit(a) === unit(b)) return unit(a);
  throw new InputError(`A is in ${unit(a)}, B in ${unit(b)}`, { advice: 'compare results in the same unit' });
}
