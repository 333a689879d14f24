import type { FieldScan } from '../../src/fieldScan.js';
import type { InversionResult } from '../../src/result.js';
import { boundedResult, type Origin } from '../bounded/boundedRecord.js';
import type { ConductanceSolution } from './conductanceInversion.js';
import { withConductance } from './conductanceStatements.js';

/** A conductance as a result with its record, for a file or a report. */
export function conductanceResult(solution: ConductanceSolution, scan: FieldScan, origin: Origin): InversionResult {
  const result = boundedResult(withConductance(solution), scan, origin);
  return {
    ...result,
    conductance: solution.conductance,
    process: {
      ...result.process,
      parameters: {
        ...result.process.parameters,
        target: 'conductance',
        foil: solution.foil ?? null,
        shown: solution.shown ?? null,
        hypotheses: hypothesesOf(solution),
        variationWeight: solution.variationWeight,
        finished: solution.finished,
        defects: defectsOf(solution),
      },
    },
  };
}

/** The hypotheses for JSON. */
export function hypothesesOf({ hypotheses }: ConductanceSolution) {
  return hypotheses.map(({ foil, chi2, worse }) => ({ foil: foil ?? null, chi2, deltaChi2: worse }));
}

/** The defects for JSON, lengths in mm. */
export function defectsOf({ defects }: ConductanceSolution): Record<string, unknown>[] {
  const mm = (v: number) => 1e3 * v;
  return defects.map(defect => {
    if (defect.kind === 'weld') {
      const { tab, from, to, centre, moved, error, confidence } = defect;
      return { kind: 'weld', tab, from, to, centre_mm: centre.map(mm), moved, movedError: error, confidence };
    }
    const { foil, sheet, z, centre, area, box, ends, length, width, conductance, confidence, chi2Gain } = defect;
    return {
      kind: 'foil',
      foil: foil ?? null,
      sheet,
      z_mm: mm(z),
      centre_mm: centre.map(mm),
      area_mm2: 1e6 * area,
      box_mm: [box.x0, box.y0, box.x1, box.y1].map(mm),
      ends_mm: ends.map(end => end.map(mm)),
      length_mm: mm(length),
      width_mm: mm(width),
      conductance,
      conductanceRange: defect.logRange?.map(Math.exp) ?? null,
      addedResistance_ohm: defect.added ?? null,
      addedResistancePart: defect.addedPart,
      deltaChi2: chi2Gain,
      confidence,
    };
  });
}
