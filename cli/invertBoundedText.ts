import { departures } from '../inversion/bounded/departure.js';
import type { Motion } from '../inversion/bounded/placement.js';
import type { BoundedSolution } from '../inversion/bounded/solution.js';
import type { ScanSight } from '../inversion/planner/scanSight.js';
import { formatWithError } from '../src/figures/format.js';
import type { ReportRow } from '../src/figures/index.js';
import type { Cell } from '../src/model/cell.js';

/** What `--json` prints of a bounded inversion. */
export function summaryOf(solution: BoundedSolution, cell: Cell, seconds: number, out: string | undefined) {
  const { bx, by, bz } = solution.background;
  const found = departures(solution, cell);
  return {
    method: 'bounded',
    target: 'current',
    lambda: solution.lambda,
    lambdaBy: solution.lambdaBy,
    lambdaWhy: solution.lambdaBy === 'given' ? null : solution.lambdaWhy,
    candidates: solution.candidates,
    chi2: solution.chi2,
    sigma_T: solution.sigma,
    sigmaStated: solution.sigmaStated,
    gainError: solution.gainError,
    positionError_mm: 1e3 * solution.positionError,
    degrees: solution.degrees,
    resolution_mm: 1e3 * solution.resolution,
    samples: solution.samples,
    rejected: solution.rejected,
    background_T: { x: bx ?? null, y: by ?? null, z: bz ?? null },
    nuisances: solution.nuisances,
    tabShares: solution.tabShares,
    sheets_m: solution.sheets.map(sheet => sheet.z),
    share: solution.share,
    shareError: solution.shareError,
    totalCurrent_A: solution.totalCurrent,
    departure: solution.departure,
    place: placeOf(solution),
    largestDeparture:
      found === undefined
        ? null
        : {
            x_mm: 1e3 * found.largest.x,
            y_mm: 1e3 * found.largest.y,
            z_m: solution.sheets[found.largest.sheet].z,
            size_A_per_m: found.largest.size,
            healthy_A_per_m: found.largest.healthy,
            error_A_per_m: found.largest.error ?? null,
            significant: found.significant ?? null,
          },
    estimate: solution.estimate,
    warnings: solution.warnings,
    seconds,
    out: out ?? null,
  };
}

/** How the scan was moved and how it might still be: mm and degrees. */
function placeOf({ place }: BoundedSolution) {
  if (place === undefined) return null;
  const of = ({ shift, turn }: Motion) => ({
    shift_mm: shift.map(v => 1e3 * v),
    turn_deg: turn.map(v => (180 / Math.PI) * v),
  });
  const { swelling } = place;
  const risen = swelling && {
    swelling_mm: swelling.coefficients.map(v => 1e3 * v),
    swellingError_mm: swelling.errors.map(v => 1e3 * v),
  };
  return { applied: of(place.applied), left: of(place.left), error: of(place.error), ...risen };
}

/** What the scan could have seen, mm and nT. */
export function sightOf(sight: ScanSight | undefined) {
  if (sight === undefined) return null;
  const radii = ({ foil, median, best, worst, blind }: ScanSight['holes'][number]) => ({
    foil,
    median_mm: 1e3 * median,
    best_mm: 1e3 * best.radius,
    worst_mm: 1e3 * worst.radius,
    blind,
  });
  return {
    smallestHole: sight.holes.map(radii),
    faults: sight.faults.map(({ text, peak, detectability, seen }) => ({
      text,
      peak_nT: 1e9 * peak,
      dprime: detectability,
      seen,
    })),
    places: sight.places,
    neededDprime: sight.needed,
    foilsAssumed: sight.assumed,
  };
}

/** The table of its report. */
export function rows(solution: BoundedSolution): ReportRow[] {
  const { sheets, share, shareError, background } = solution;
  const { bx, by, bz } = background;
  const constants = Object.entries({ bx, by, bz }).filter(([, value]) => value !== undefined);
  return [
    { label: 'Current of the cell', value: solution.totalCurrent, unit: 'A' },
    {
      label: 'Departure from the healthy cell',
      value: `${(100 * solution.departure).toFixed(1)} %`,
      note: 'norm of K − K_healthy over norm of K_healthy',
    },
    ...(sheets.length === 1
      ? []
      : sheets.map((sheet, k) => ({
          label: `Share of the sheet at z = ${(1e3 * sheet.z).toFixed(1)} mm`,
          value: formatWithError(share[k], shareError),
        }))),
    { label: 'Readings used', value: solution.samples, digits: 9 },
    { label: 'Readings rejected', value: solution.rejected, digits: 9 },
    {
      label: 'Noise of a reading',
      value: solution.sigma,
      unit: 'T',
      note: solution.sigmaStated ? 'stated' : 'estimated',
    },
    { label: 'Reduced chi-squared', value: solution.chi2, note: '1 where model and stated noise agree' },
    { label: 'Degrees of freedom of the model', value: Math.round(solution.degrees), digits: 9 },
    ...(Number.isNaN(solution.resolution)
      ? []
      : [{ label: 'Resolution', value: solution.resolution, unit: 'm', note: 'median full width at half maximum' }]),
    ...constants.map(([name, value]) => ({ label: `Background ${name}`, value: value as number, unit: 'T' })),
    ...(solution.gainError > 0 || solution.positionError > 0
      ? [
          { label: 'Gain error of a reading', value: `${(100 * solution.gainError).toFixed(2)} %` },
          { label: 'Position error along each axis', value: solution.positionError, unit: 'm' },
        ]
      : []),
    ...solution.tabShares.map(({ tab, stated, found, error }) => ({
      label: `Share of tab ${tab}`,
      value: error === undefined ? found.toPrecision(4) : formatWithError(found, error),
      note: `stated: ${stated}`,
    })),
    ...solution.nuisances.map(({ name, value, error }) => ({
      label: name.charAt(0).toUpperCase() + name.slice(1),
      value: error === undefined ? value.toPrecision(4) : formatWithError(value, error),
    })),
    {
      label: 'Lambda',
      value: solution.lambda.toExponential(3),
      note: solution.lambdaBy === 'given' ? 'given' : solution.lambdaWhy,
    },
    { label: 'Pitch of the map', value: sheets[0].grid.dx, unit: 'm' },
  ];
}
