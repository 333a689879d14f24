import type { Vector3 } from '../biotSavart/buffers.js';
import type { Outline, Point } from './outline.js';

/** Which foil a tab belongs to. */
export type Polarity = 'positive' | 'negative';

/** A straight segment of the outline through which current enters (share > 0) or leaves (share < 0). */
export interface Tab {
  readonly name: string;
  /** The end that comes first along the anticlockwise outline, m. */
  readonly start: Point;
  /** The other end, m. */
  readonly end: Point;
  /** Part of the cell's current, + into the cell's plane. Shares of all tabs add up to zero within 1e-6. */
  readonly share: number;
  /** Length of the strip from the outline to where its current is uniform, m; absent: the profile is unknown. */
  readonly length?: number;
  readonly polarity?: Polarity;
}

/** A wire or strip whose path is known. */
export interface Lead {
  readonly name: string;
  /** Points of the path, m, in the direction of the current of a positive share; neighbours differ. */
  readonly path: readonly Vector3[];
  /** Width of a flat lead whose normal is z, m; absent: a thin wire. */
  readonly width?: number;
  /** Part of the cell's current. */
  readonly share: number;
}

/** A plane plate parallel to the cell that carries its current back. */
export interface ReturnPlate {
  /** Height above the middle plane, m. */
  readonly z: number;
  /** Sheet current of the plate in units of the healthy cell's; -1: all of it, the same way back. */
  readonly share: number;
}

/** One current collector of an electrode pair. */
export interface Foil {
  /** m. */
  readonly thickness: number;
  /** S/m. */
  readonly conductivity: number;
}

/** What a simulation needs to know of the foils and electrodes. */
export interface Electrical {
  /** Electrode pairs in parallel. */
  readonly pairs: number;
  readonly positiveFoil: Foil;
  readonly negativeFoil: Foil;
  /** Resistance of one electrode pair times its area, ohm m^2. */
  readonly areaResistance: number;
  /** Distance of the two foils of a pair, m, where it is known. */
  readonly foilDistance?: number;
}

/** A part of steel or nickel, small against its distance to the sensors: a dipole of unknown moment. */
export interface MagneticPart {
  readonly name: string;
  /** m. */
  readonly position: Vector3;
}

/**
 * What is known of a cell before it is measured, in SI: m, A, T, S/m. x right and y up along the face, z out of the
 * face, z = 0 the middle plane of the stack. Tabs join all sheets at z = 0.
 */
export interface Cell {
  readonly name: string;
  readonly outline: Outline;
  /** Thickness of the stack, m. */
  readonly thickness: number;
  /** Heights of the current sheets, m, in the order of the file; at least one, all different. */
  readonly sheets: Float64Array;
  /** The current that a share of 1 stands for, A. */
  readonly current?: number;
  /** In the order of the file; none overlap. */
  readonly tabs: readonly Tab[];
  readonly leads: readonly Lead[];
  readonly returnPlate?: ReturnPlate;
  /** Applied field that magnetises the cell, T. */
  readonly appliedField?: Vector3;
  readonly electrical?: Electrical;
  /** Parts of the view whose samples are left out. */
  readonly masked: readonly Outline[];
  readonly magneticParts: readonly MagneticPart[];
}
