import { InputError } from '../../errors.js';
import { metres, pointOf } from '../../model/parseParts.js';
import { readYaml } from '../../model/yamlDocument.js';
import type { Defect } from './defect.js';
import { DEFECT_NAMES, type DefectFile, defectsSchema } from './defectSchema.js';

/**
 * Reads defects: one, `hole: {foil: positive, at_mm: [50, 60], radius_mm: 8}`, several under one another, or a list.
 * @param text YAML 1.2
 * @param file its name, for errors
 * @throws {InputError} with file, line, key path and advice
 */
export function parseDefects(text: string, file: string): Defect[] {
  const { data } = readYaml(text, file, defectsSchema);
  const found = (Array.isArray(data) ? data : [data]).flatMap(defectsOf);
  if (found.length > 0) return found;
  throw new InputError('names no defect', { file, advice: `give one of ${DEFECT_NAMES.join(', ')}` });
}

function defectsOf(given: DefectFile): Defect[] {
  const out: Defect[] = [];
  const { hole, slit, thinned_foil, partial_weld, missing_tab, misalignment, fold } = given;
  if (hole) out.push({ kind: 'hole', foil: hole.foil, ...round(hole) });
  if (slit) {
    const { foil, from_mm, to_mm, width_mm, pair } = slit;
    out.push({ kind: 'slit', foil, from: pointOf(from_mm), to: pointOf(to_mm), width: metres(width_mm), pair });
  }
  if (thinned_foil) {
    const { foil, conductance } = thinned_foil;
    out.push({ kind: 'thinned_foil', foil, conductance, ...round(thinned_foil) });
  }
  if (partial_weld) out.push({ kind: 'partial_weld', ...partial_weld });
  if (missing_tab) out.push({ kind: 'missing_tab', ...missing_tab });
  if (misalignment) {
    out.push({ kind: 'misalignment', shift: pointOf(misalignment.shift_mm), pair: misalignment.pair });
  }
  if (fold) {
    const [from, to] = fold.line_mm;
    out.push({ kind: 'fold', foil: fold.foil, line: [pointOf(from), pointOf(to)], pair: fold.pair });
  }
  const { dead_spot, hot_spot, short, open_layer, external_short } = given;
  if (dead_spot) out.push({ kind: 'dead_spot', activity: dead_spot.activity, ...round(dead_spot) });
  if (hot_spot) out.push({ kind: 'hot_spot', resistance: hot_spot.resistance, ...round(hot_spot) });
  if (short) out.push({ kind: 'short', current: short.current_A, ...round(short) });
  if (open_layer) out.push({ kind: 'open_layer', pair: open_layer.pair });
  if (external_short) {
    const { current_A, path_mm } = external_short;
    const path = path_mm?.map(([x, y, z]) => [metres(x), metres(y), metres(z)] as const);
    out.push({ kind: 'external_short', current: current_A, ...(path === undefined ? {} : { path }) });
  }
  return out;
}

function round({ at_mm, radius_mm, pair }: Pick<NonNullable<DefectFile['hole']>, 'at_mm' | 'radius_mm' | 'pair'>) {
  return { at: pointOf(at_mm), radius: metres(radius_mm), pair };
}
