import type { Point } from './outline.js';
import { packSchema } from './packSchema.js';
import { checkNames, pointOf } from './parseParts.js';
import { readYaml } from './yamlDocument.js';

/** Where one cell of a pack stands. */
export interface PackedCell {
  readonly name: string;
  /** Path of the cell's file as `pack.yaml` gives it, relative to that file. */
  readonly cellFile: string;
  /** Lower left corner of the bounding box of the unrotated outline, m. */
  readonly at: Point;
  /** Anticlockwise, about the centre of that box, degrees: quarter turns stay exact. */
  readonly rotate_deg: number;
}

export interface Pack {
  readonly name: string;
  readonly topology: 'parallel' | 'series';
  /** In the order of the file; names differ. */
  readonly cells: readonly PackedCell[];
}

/**
 * Reads `pack.yaml`. The cells' own files are for the caller to read (`parseCell`) and to place (`placeCell`).
 * @param text content of the file, YAML 1.2
 * @param file its name, for errors
 * @throws {InputError} as `parseCell`; also for two cells of one name.
 */
export function parsePack(text: string, file: string): Pack {
  const document = readYaml(text, file, packSchema);
  const { name, topology, cells } = document.data;
  checkNames(document, 'cells', cells);
  return {
    name,
    topology,
    cells: cells.map(cell => ({
      name: cell.name,
      cellFile: cell.cell,
      at: pointOf(cell.at_mm),
      rotate_deg: cell.rotate_deg,
    })),
  };
}
