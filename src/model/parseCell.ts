import type { Vector3 } from '../biotSavart/buffers.js';
import { scaleByPowerOfTen } from '../units.js';
import type { Cell, Electrical, Foil, Lead, MagneticPart } from './cell.js';
import { type CellFile, cellSchema } from './cellSchema.js';
import { type Outline, type Point, polygonOutline, rectangleCorners } from './outline.js';
import { inMm, mm, outlineFault } from './outlineFault.js';
import { checkNames, metres, pointOf } from './parseParts.js';
import { parseTabs } from './parseTabs.js';
import { type KeyPath, readYaml, type YamlDocument } from './yamlDocument.js';

/** Sheets and points of a path closer than this are the same, m. */
const SAME = 1e-6;

/**
 * Reads `cell.yaml`. The outline may run either way round, the ends of a tab may come in either order: neither carries a
 * meaning, and the cell holds them anticlockwise. A tab without `polarity` whose name is positive or negative belongs to
 * that foil.
 * @param text content of the file, YAML 1.2
 * @param file its name, for errors
 * @throws {InputError} with file, line, key path (as `column`) and advice: YAML that cannot be read, unknown or missing
 * keys, values of the wrong kind or size, and what makes no cell: an outline that crosses itself or encloses nothing,
 * tabs off the outline or over one another, shares that do not add up to zero, sheets or names that stand twice.
 */
export function parseCell(text: string, file: string): Cell {
  const document = readYaml(text, file, cellSchema);
  const { data } = document;
  const outline = parseOutline(document);
  return {
    name: data.name,
    outline,
    thickness: metres(data.thickness_mm),
    sheets: parseSheets(document),
    ...(data.current_A === undefined ? {} : { current: data.current_A }),
    tabs: parseTabs(document, outline),
    leads: parseLeads(document),
    ...(data.return_plate === undefined
      ? {}
      : { returnPlate: { z: metres(data.return_plate.z_mm), share: data.return_plate.share } }),
    ...(data.applied_field_uT === undefined ? {} : { appliedField: teslas(data.applied_field_uT) }),
    ...(data.electrical === undefined ? {} : { electrical: electricalOf(data.electrical) }),
    masked: data.masked.map((part, i) => parsePolygon(document, ['masked', i, 'at_mm'], part.at_mm.map(pointOf))),
    magneticParts: parseMagneticParts(document),
  };
}

type CellDocument = YamlDocument<CellFile>;

function parseOutline(document: CellDocument): Outline {
  const given = document.data.outline_mm;
  const corners = Array.isArray(given)
    ? given.map(pointOf)
    : rectangleCorners(metres(given.width), metres(given.height));
  return parsePolygon(document, ['outline_mm'], corners);
}

function parsePolygon(document: CellDocument, path: KeyPath, corners: readonly Point[]): Outline {
  const fault = outlineFault(corners);
  if (fault === undefined) return polygonOutline(corners);
  throw document.fault([...path, fault.corner], fault.message, fault.advice);
}

function parseSheets(document: CellDocument): Float64Array {
  const sheets = document.data.sheets_mm.map(metres);
  for (const [i, z] of sheets.entries()) {
    const earlier = sheets.findIndex(other => Math.abs(other - z) <= SAME);
    if (earlier === i) continue;
    const message = `the sheet at ${mm(z)} mm stands twice`;
    throw document.fault(['sheets_mm', i], message, 'give each height once');
  }
  return Float64Array.from(sheets);
}

/** The leads of `cell.yaml` or `pack.yaml`. */
export function parseLeads(document: YamlDocument<Pick<CellFile, 'leads'>>): Lead[] {
  const { leads } = document.data;
  checkNames(document, 'leads', leads);
  return leads.map((lead, i) => {
    const path = lead.path_mm.map(([x, y, z = 0]): Vector3 => [metres(x), metres(y), metres(z)]);
    for (let k = 1; k < path.length; k++) {
      const [a, b] = [path[k - 1], path[k]];
      if (Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]) > SAME) continue;
      const message = `the path stays at ${inMm([b[0], b[1]])} from point ${k} to point ${k + 1}`;
      throw document.fault(['leads', i, 'path_mm', k], message, 'leave one of the two out');
    }
    return {
      name: lead.name,
      path,
      ...(lead.width_mm === undefined ? {} : { width: metres(lead.width_mm) }),
      share: lead.share,
    };
  });
}

function parseMagneticParts(document: CellDocument): MagneticPart[] {
  const parts = document.data.magnetic_parts;
  checkNames(document, 'magnetic_parts', parts);
  return parts.map(({ name, at_mm, z_mm }) => ({ name, position: [...pointOf(at_mm), metres(z_mm)] as const }));
}

function teslas([x, y, z]: readonly [number, number, number]): Vector3 {
  return [scaleByPowerOfTen(x, -6), scaleByPowerOfTen(y, -6), scaleByPowerOfTen(z, -6)];
}

function electricalOf(given: NonNullable<CellFile['electrical']>): Electrical {
  return {
    pairs: given.pairs,
    positiveFoil: foilOf(given.positive_foil),
    negativeFoil: foilOf(given.negative_foil),
    areaResistance: scaleByPowerOfTen(given.area_resistance_ohm_cm2, -4),
    ...(given.foil_distance_mm === undefined ? {} : { foilDistance: metres(given.foil_distance_mm) }),
  };
}

function foilOf(given: NonNullable<CellFile['electrical']>['positive_foil']): Foil {
  return { thickness: scaleByPowerOfTen(given.thickness_um, -6), conductivity: given.conductivity_S_per_m };
}
