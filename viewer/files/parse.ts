import { InputError } from '../../src/errors.js';
import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { type Hdf5Reader, readHdf5 } from '../../src/formats/hdf5.js';
import { isMapStack, parseMapStack } from '../../src/formats/nexusMapStackRead.js';
import { parseResult } from '../../src/formats/nexusResult.js';
import { parseStack } from '../../src/formats/nexusStackRead.js';
import { parseSusceptibility } from '../../src/formats/nexusSusceptibility.js';
import { isPicture, type PictureFile, readPicture } from '../../src/formats/pictureFile.js';
import { detectFormat, parseScan } from '../../src/formats/scanFile.js';
import { parseCell } from '../../src/model/parseCell.js';
import type { ViewerDocument } from '../state/document.js';
import { cellOf, drawingsOf } from './cells.js';
import { diagnosisDocument, isJson } from './diagnosisFile.js';
import { mapStackDocument } from './fromMapStack.js';
import { resultDocument } from './fromResult.js';
import { scanDocument } from './fromScan.js';
import { seriesDocument } from './fromSeries.js';
import { susceptibilityDocument } from './fromSusceptibility.js';

/** One kind of HDF5 file that Savart writes: how it is told and how it is read. */
interface Kind {
  readonly is: (file: Hdf5Reader) => boolean;
  readonly read: (id: string, name: string, bytes: Uint8Array) => Promise<ViewerDocument>;
}

/** In this order; the first that fits is taken. A further kind of file is a further entry. */
const KINDS: readonly Kind[] = [
  {
    is: file => file.kind('/entry/scan') === 'group',
    read: async (id, name, bytes) => scanDocument(id, name, await parseScan(bytes, { file: name })),
  },
  {
    is: isMapStack,
    read: async (id, name, bytes) => {
      const stack = await parseMapStack(bytes, { file: name });
      return mapStackDocument(id, name, stack, drawingsOf(cellOf(stack.process)));
    },
  },
  {
    is: file => file.kind('/entry/series') === 'group',
    read: async (id, name, bytes) => {
      const stack = await parseStack(bytes, { file: name });
      return seriesDocument(id, name, stack, drawingsOf(cellOf(stack.process)));
    },
  },
  {
    is: file => file.kind('/entry/current_density') === 'group',
    read: async (id, name, bytes) => {
      const result = await parseResult(bytes, { file: name });
      const cell = cellOf(result.process);
      return resultDocument(id, name, result, drawingsOf(cell), cell?.current, cell);
    },
  },
  {
    is: file => file.kind('/entry/susceptibility') === 'group',
    read: async (id, name, bytes) => {
      const result = await parseSusceptibility(bytes, { file: name });
      return susceptibilityDocument(id, name, result, drawingsOf(cellOf(result.process)));
    },
  },
];

/** A document, or what belongs over the document that is shown: a cell's outline and tabs, or a picture. */
export type Parsed = ViewerDocument | { readonly cells: readonly CellDrawing[] } | { readonly picture: PictureFile };

/**
 * What the page shows of a file, told by its content; a cell by the file's extension.
 * @param id unique on the page @param name of the file, for messages
 * @throws {InputError} when it cannot be read, with place and advice
 */
export async function parseFile(id: string, name: string, bytes: Uint8Array): Promise<Parsed> {
  if (/\.ya?ml$/i.test(name)) {
    return { cells: drawingsOf(parseCell(new TextDecoder().decode(bytes), name)) };
  }
  if (bytes.length === 0) throw new InputError('the file is empty', { file: name, advice: 'copy or export it again' });
  if (isPicture(bytes)) return { picture: await located(name, async () => readPicture(bytes)) };
  if (detectFormat(bytes, name) === 'hdf5') {
    const kind = await located(name, () => readHdf5(bytes, file => KINDS.find(one => one.is(file))));
    if (kind !== undefined) return kind.read(id, name, bytes);
  }
  if (isJson(bytes)) return diagnosisDocument(id, name, bytes);
  try {
    return scanDocument(id, name, await parseScan(bytes, { file: name }));
  } catch (error) {
    // Numbers that are no scan may be a map of something else.
    const picture = error instanceof InputError ? pictureOf(bytes) : undefined;
    if (picture === undefined) throw error;
    return { picture };
  }
}

function pictureOf(bytes: Uint8Array): PictureFile | undefined {
  try {
    return readPicture(bytes);
  } catch {
    return undefined;
  }
}

async function located<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof InputError ? error.at({ file }) : error;
  }
}
