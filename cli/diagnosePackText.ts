import { cornerAt, cornerCount } from '../src/model/outline.js';
import { placeCell } from '../src/model/placeCell.js';
import type { DiagnosePackOptions, PackDiagnosis } from './diagnosePack.js';
import { bold, printJson, say } from './run.js';

/** The answer in one sentence. */
export function packVerdict({ scans, series, result }: PackDiagnosis): string {
  const flagged = scans.flatMap(({ name, cells }) => cells.filter(c => c.flagged).map(c => ({ scan: name, ...c })));
  const many = scans.length === 1 ? 'the scan' : `${scans.length} scans`;
  if (series) return `The currents of ${scans[0].cells.length} cells in series, in ${many}.`;
  if (flagged.length === 0) return `No cell is out of line in ${many}.`;
  const list = flagged
    .slice(0, 5)
    .map(c => `${c.name} in ${c.scan} (resistance ${percentOf(c.resistanceDeviation)})`)
    .join(', ');
  const more = flagged.length > 5 ? ` and ${flagged.length - 5} more` : '';
  const threshold = `beyond ${100 * result.threshold} %`;
  return `${flagged.length} ${flagged.length === 1 ? 'cell is' : 'cells are'} out of line (${threshold}): ${list}${more}.`;
}

/** What significance means here. */
export function significanceStatement({ result, scans }: PackDiagnosis): string {
  const { falseFlags, level, spread, spreadFound } = result;
  const error = Math.sqrt(Math.max(falseFlags.rate * (1 - falseFlags.rate), 1 / falseFlags.runs) / falseFlags.runs);
  return (
    `Natural spread of a cell ${(100 * spread).toFixed(2)} % (${spreadFound ? 'found in the scans' : 'assumed'}). ` +
    `Significance is corrected for ${scans.length} x ${scans[0].cells.length} tests (Holm, level ${100 * level} %); ` +
    `a healthy pack gets a flag in such a run with a probability of ${(100 * falseFlags.rate).toFixed(1)} ± ` +
    `${(100 * error).toFixed(1)} % (by significance alone ${(100 * falseFlags.bySignificance).toFixed(1)} %; ` +
    `${falseFlags.runs} simulated runs).`
  );
}

export function percentOf(part: number): string {
  return Number.isFinite(part) ? `${part < 0 ? '-' : '+'}${(100 * Math.abs(part)).toFixed(1)} %` : 'open';
}

/** The table, or the JSON, and the names of the files written. */
export function tell(options: DiagnosePackOptions, diagnosis: PackDiagnosis): void {
  const { scans, warnings, result } = diagnosis;
  say(options, bold(options, packVerdict(diagnosis)));
  if (!diagnosis.series) say(options, significanceStatement(diagnosis));
  for (const line of warnings) process.stderr.write(`warning: ${line}\n`);
  const width = Math.max(4, ...scans.map(s => s.name.length));
  const names = Math.max(4, ...scans[0].cells.map(c => c.name.length));
  const row = (scan: string, cell: string, rest: readonly string[]) =>
    `${scan.padEnd(width)} ${cell.padEnd(names)} ${rest.map(c => c.padStart(10)).join(' ')}`.trimEnd();
  say(options, row('scan', 'cell', ['I / A', '+-', 'share / %', 'dR / %', '+-', 'p', '']));
  for (const scan of scans) {
    scan.cells.forEach((cell, k) => {
      const deviation = Number.isFinite(cell.resistanceDeviation)
        ? (100 * cell.resistanceDeviation).toFixed(2)
        : 'open';
      const numbers = [
        cell.current.toFixed(4),
        cell.sigma.toFixed(4),
        (100 * cell.share).toFixed(3),
        ...(Number.isNaN(cell.resistanceDeviation)
          ? ['-', '-', '-']
          : [deviation, (100 * cell.error).toFixed(2), cell.adjustedP.toPrecision(2)]),
        cell.flagged ? 'FLAGGED' : '',
      ];
      say(options, row(k === 0 ? scan.name : '', cell.name, numbers));
    });
  }
  result.trends.forEach(({ slope, error, significant }, k) => {
    if (!significant) return;
    const name = scans[0].cells[k].name;
    say(
      options,
      `${name}: resistance ${slope > 0 ? 'rises' : 'falls'} by ${(100 * Math.abs(slope)).toFixed(3)} +- ${(100 * error).toFixed(3)} % per ${diagnosis.perHour ? 'hour' : 'scan'}.`,
    );
  });
  for (const name of [options.out, options.report, options.figure])
    if (name !== undefined) say(options, `Wrote ${name}`);
  if (options.json) printJson(packJson(diagnosis));
}

/** What `--json` prints of a pack. */
export function packJson(diagnosis: PackDiagnosis) {
  const { scans, pca, warnings, result } = diagnosis;
  return {
    pack: {
      name: diagnosis.input.pack.name,
      topology: diagnosis.input.pack.topology,
      cells: diagnosis.input.cells.map(drawnCell),
    },
    scans: scans.map((scan, s) => ({
      scan: scan.name,
      cells: scan.cells.map(cell => ({
        name: cell.name,
        current_A: cell.current,
        sigma_A: cell.sigma,
        share: cell.share,
        expectedShare: cell.expectedShare,
        resistanceDeviation: cell.resistanceDeviation,
        sigmaDeviation: cell.error,
        adjustedP: cell.adjustedP,
        flagged: cell.flagged,
        t2Contribution: cell.t2,
        qContribution: cell.q,
      })),
      t2: scan.t2,
      q: scan.q,
      scores: [...(pca?.scores[s] ?? [])],
      chi2: scan.chi2,
      rejected: scan.rejected,
      flagged: scan.flagged,
    })),
    pca: {
      components: pca?.components.length ?? 0,
      explained: [...(pca?.explained ?? [])],
      scoreVariances: [...(pca?.variances ?? [])],
      t2Limit: pca?.t2Limit ?? null,
      qLimit: pca?.qLimit ?? null,
    },
    threshold: result.threshold,
    spread: result.spread,
    falseFlagRate: result.falseFlags.rate,
    places_mm: placesOf(diagnosis),
    warnings: [...warnings],
  };
}

/** Outline and tabs of a cell in the axes of the pack, for those who draw it. */
function drawnCell({ name, cell, placement }: PackDiagnosis['input']['cells'][number]) {
  const { outline, tabs } = placeCell(cell, placement);
  const round = (metres: number) => Number((1e3 * metres).toPrecision(9));
  const mm = ([x, y]: readonly [number, number]): [number, number] => [round(x), round(y)];
  return {
    name,
    outline_mm: Array.from({ length: cornerCount(outline) }, (_, i) => mm(cornerAt(outline, i))),
    tabs: tabs.map(({ start, end, share }) => ({ start_mm: mm(start), end_mm: mm(end), share })),
  };
}

/** Shifts and turns of the cells against the pack's description, in the first scan. */
export function placesOf({ currents, input }: PackDiagnosis) {
  return (currents.scans[0].places ?? []).map(({ shift, shiftError, turn, turnError }, k) => ({
    name: input.cells[k].name,
    shift_mm: shift.map(v => 1e3 * v),
    sigma_mm: shiftError.map(v => 1e3 * v),
    turn_deg: (180 / Math.PI) * turn,
    sigma_deg: (180 / Math.PI) * turnError,
  }));
}
