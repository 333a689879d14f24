import type { ColourMapName, Limits } from '../../src/figures/index.js';
import { frameOf, type PictureFile } from '../../src/formats/pictureFile.js';
import {
  type Extent,
  fitOutline,
  fitPoints,
  type InformationFit,
  oriented,
  type Picture,
  type PlaneMap,
  type PointPair,
} from '../../src/registration/index.js';

/** How a picture came to its place. */
export type RegisteredBy = 'outline' | 'points' | 'information';

/** A picture of the same cell that lies over the maps. */
export interface Overlay {
  readonly name: string;
  readonly file: PictureFile;
  readonly frame: number;
  /** Clockwise, after it was mirrored left to right. */
  readonly quarterTurns: number;
  readonly mirrored: boolean;
  /** The frame, turned. */
  readonly picture: Picture;
  readonly map: PlaneMap;
  readonly by: RegisteredBy;
  /** How well it fits, a sentence. */
  readonly note: string;
  /** 0 to 1. */
  readonly opacity: number;
  readonly colours: 'grey' | ColourMapName;
  readonly limits: Limits;
  readonly fit: 'similarity' | 'affine';
  /** Points that are named in the picture and on the map. */
  readonly pairs: readonly PointPair[];
  /** The point of the picture that waits for its partner on the map. */
  readonly waiting?: { readonly u: number; readonly v: number };
}

/** The picture of a frame laid over the cell by its outline, as the beginning. */
export function newOverlay(name: string, file: PictureFile, frame: number, box: Extent): Overlay {
  const picture = frameOf(file, frame);
  return {
    name,
    file,
    frame,
    quarterTurns: 0,
    mirrored: false,
    picture,
    ...byOutline(picture, box),
    opacity: 0.6,
    colours: 'grey',
    limits: limitsOf(picture),
    fit: 'similarity',
    pairs: [],
  };
}

/** Another frame of the file; it stays where the first one lies. */
export function withFrame(overlay: Overlay, frame: number): Overlay {
  const picture = oriented(frameOf(overlay.file, frame), overlay.quarterTurns, overlay.mirrored);
  return { ...overlay, frame, picture, limits: limitsOf(picture) };
}

/** Turned or mirrored: it is laid by its outline anew. */
export function turned(overlay: Overlay, quarterTurns: number, mirrored: boolean, box: Extent): Overlay {
  const { waiting, ...rest } = overlay;
  const picture = oriented(frameOf(overlay.file, overlay.frame), quarterTurns, mirrored);
  return { ...rest, quarterTurns: quarterTurns % 4, mirrored, picture, ...byOutline(picture, box), pairs: [] };
}

export function laidByOutline(overlay: Overlay, box: Extent): Overlay {
  const { waiting, ...rest } = overlay;
  return { ...rest, ...byOutline(overlay.picture, box), pairs: [] };
}

export function laidByInformation(overlay: Overlay, fit: InformationFit): Overlay {
  const [dx, dy] = fit.shift.map(v => (1e3 * v).toFixed(1));
  const move = fit.certain
    ? ` Against its start it moved by ${dx}, ${dy} mm, turned by ${((180 / Math.PI) * fit.angle).toFixed(1)}° and grew by ${(100 * (fit.scale - 1)).toFixed(1)} %.`
    : '';
  return {
    ...overlay,
    map: fit.map,
    by: fit.certain ? 'information' : overlay.by,
    note: fit.why + move.replaceAll('-', '−'),
  };
}

/** With a further pair of points, or fewer, or fitted otherwise: laid by them as soon as they suffice. */
export function withPairs(overlay: Overlay, pairs: readonly PointPair[], fit: Overlay['fit']): Overlay {
  const { waiting, ...rest } = overlay;
  const next = { ...rest, pairs, fit };
  const least = fit === 'affine' ? 3 : 2;
  if (pairs.length < least) return next;
  try {
    const { map, rms } = fitPoints(pairs, fit);
    const spare = pairs.length > least ? `they miss each other by ${(1e3 * rms).toFixed(2)} mm (rms)` : 'just enough';
    return { ...next, map, by: 'points', note: `Laid by ${pairs.length} pairs of points: ${spare}.` };
  } catch (error) {
    return { ...next, note: `Not laid by points: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

function byOutline(picture: Picture, box: Extent): Pick<Overlay, 'map' | 'by' | 'note'> {
  const { map, cell, stretch } = fitOutline(picture, box);
  const shape =
    Math.abs(stretch - 1) > 0.03
      ? ` Its pixels are ${stretch > 1 ? 'wider' : 'narrower'} than high by ${Math.round(100 * Math.abs(stretch - 1))} %: turn it, or name points, if that is not so.`
      : '';
  const found = cell.found
    ? 'The cell was told from what is around it in the picture.'
    : 'Nothing stands out from the picture’s rim: all of it was taken to be the cell.';
  return { map, by: 'outline', note: found + shape };
}

function limitsOf({ values }: Picture): Limits {
  const finite = values.filter(Number.isFinite).sort();
  const at = (part: number) => finite[Math.round(part * (finite.length - 1))] ?? 0;
  const [min, max] = [at(0.002), at(0.998)];
  return max > min ? { min, max } : { min: min - 0.5, max: min + 0.5 };
}
