import { z } from 'zod';
import { InputError } from '../../src/errors.js';
import type { ViewerDocument } from '../state/document.js';
import { parseMaps } from './diagnosisMaps.js';
import { shownDiagnosis } from './fromDiagnosis.js';

/** What `savart diagnose --json` prints, as far as it is shown; what is not finite stands there as null. */
const number = z.number().nullable();
const MOST = 100_000;
const text = z.string().max(4000);
const pair = z.tuple([z.number(), z.number()]);

const packedCell = z.object({
  name: text,
  outline_mm: z.array(pair).min(3).max(2000),
  tabs: z.array(z.object({ start_mm: pair, end_mm: pair, share: z.number() })).max(200),
});
const cell = z.object({
  name: text,
  current_A: number,
  sigma_A: number,
  share: number,
  expectedShare: number,
  resistanceDeviation: number,
  sigmaDeviation: number,
  flagged: z.boolean(),
  t2Contribution: number.optional(),
  qContribution: number.optional(),
});
const scan = z.object({
  scan: text,
  t2: number,
  q: number,
  flagged: z.boolean(),
  scores: z.array(number).max(1000).optional(),
  cells: z.array(cell).max(1000).optional(),
  where_mm: pair.nullable().optional(),
  pAdjusted: number.optional(),
  pT2: number.optional(),
  pQ: number.optional(),
  inReference: z.boolean().optional(),
});
const limit = z.object({ 95: number, 99: number });
const output = z.object({
  scans: z.array(scan).min(1).max(MOST),
  pack: z.object({ name: text, cells: z.array(packedCell).max(1000) }).optional(),
  pca: z.object({
    components: z.number(),
    explained: z.array(number).max(1000),
    scoreVariances: z.array(number).max(1000).optional(),
    t2Limit: number,
    qLimit: number,
    t2Limits: limit.optional(),
    qLimits: limit.optional(),
    why: text.optional(),
    reference: z.number().optional(),
  }),
  threshold: z.number().optional(),
  spread: number.optional(),
  warnings: z.array(text).max(1000).optional(),
  maps: z.string().optional(),
});
export type DiagnosisOutput = z.infer<typeof output>;

/** Whether a text may be a diagnosis. */
export function isJson(bytes: Uint8Array): boolean {
  return /^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)));
}

/** The page of a diagnosis. @throws {InputError} when the text is none */
export function diagnosisDocument(id: string, name: string, bytes: Uint8Array): ViewerDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new InputError('is no JSON', { file: name, advice: 'save what savart diagnose --json prints', cause });
  }
  const found = output.safeParse(parsed);
  if (!found.success) {
    const [issue] = found.error.issues;
    throw new InputError(`is not what savart diagnose --json prints (${issue.path.join('.')}: ${issue.message})`, {
      file: name,
      advice: 'save the output of savart diagnose … --json as a file',
    });
  }
  const { data } = found;
  const maps = data.maps === undefined ? undefined : parseMaps(data.maps, data.scans.length, name);
  return shownDiagnosis(id, name, data, maps);
}
