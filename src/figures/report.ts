import type { ProcessRecord } from '../result.js';
import { escapeText } from './escape.js';
import { formatQuantity, joinUnit } from './format.js';
import { processSection } from './processSection.js';
import { REPORT_STYLE } from './reportStyle.js';
import { FONT_FAMILY, type RichText, richHtml } from './text.js';

/** A picture of a report. */
export interface ReportFigure {
  /** From `figure(..., { background: 'none' })`; inserted as it is. */
  readonly svg: string;
  /** The same picture laid out for the width of a phone, when `svg` is too wide to be shrunk to it. */
  readonly narrow?: string;
  readonly caption: RichText;
  /** Heading under which neighbouring figures stand together. */
  readonly group?: string;
  /** Twice as wide as the others where the page allows it. */
  readonly wide?: boolean;
  /** Stays on the screen where the report has interactive maps: they do not show it. */
  readonly keep?: boolean;
}

/** A line of the table of results. */
export interface ReportRow {
  readonly label: string;
  /** A number is rounded for the table; SI units get the prefix that suits it. */
  readonly value: number | string;
  readonly unit?: string;
  readonly note?: string;
  /** Significant digits of a number, 3 if left out. */
  readonly digits?: number;
}

export interface ReportInput {
  readonly title: string;
  /** The answer: the first sentence is set large, the others explain it. */
  readonly verdict: readonly string[];
  /** What the reader must know before he believes the pictures. */
  readonly warnings: readonly string[];
  readonly figures: readonly ReportFigure[];
  readonly table: readonly ReportRow[];
  /** What this scan could and could not have seen, one statement each. */
  readonly canSee: readonly string[];
  /** Heading of those statements, where the report is not about a scan. */
  readonly sightHeading?: string;
  readonly process: ProcessRecord;
  /** `@font-face` rules with the fonts inside (`fontFaceCss` of savart/node); system fonts if left out. */
  readonly fontCss?: string;
  /** Maps to move, zoom and measure in; the pictures then are what is printed, and what shows without scripts. */
  readonly interactive?: InteractivePart;
}

/** The interactive part of a report. Script, style and data are inserted as they are and must come from this package. */
export interface InteractivePart {
  readonly style: string;
  readonly script: string;
  /** Base64 of the script's SHA-256: nothing else may run. */
  readonly scriptHash: string;
  /** Base64. */
  readonly data: string;
}

/**
 * A report as one HTML file: everything inside, nothing loaded, no scripts but that of the interactive part (and a content
 * security policy that forbids both). Reads on a phone, in the dark and on A4 paper. Every text is escaped; only the pictures (`svg`, `narrow`) and
 * `fontCss` are inserted as they are and must come from this package.
 */
export function inversionReport(input: ReportInput): string {
  const { title, verdict, warnings, figures, table, canSee, process, interactive } = input;
  const body = [
    header(title, process),
    section(
      'verdict',
      'Verdict',
      verdict.map((v, i) => `<p${i === 0 ? ' class="lead"' : ''}>${escapeText(v)}</p>`).join('\n'),
      true,
    ),
    warningBox(warnings),
    interactive === undefined ? '' : '<section id="savart-maps" aria-label="Maps"></section>',
    figureGroups(figures),
    section('numbers', 'In numbers', resultTable(table)),
    section('sight', input.sightHeading ?? 'What this scan could and could not have seen', list(canSee)),
    processSection(process),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(interactive)}">
<title>${escapeText(title)}</title>
<style>
${input.fontCss ?? ''}
body{font-family:${FONT_FAMILY}}
${REPORT_STYLE}${interactive?.style ?? ''}</style>
</head>
<body>
<main>
${body.filter(part => part !== '').join('\n')}
</main>
${interactive === undefined ? '' : `<script type="text/plain" id="savart-data">${interactive.data}</script>\n<script>${interactive.script}</script>\n`}</body>
</html>
`;
}

function contentPolicy(interactive: InteractivePart | undefined): string {
  const common = "default-src 'none'; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  if (interactive === undefined) return `${common}; img-src data:`;
  return `${common}; img-src data: blob:; script-src 'sha256-${interactive.scriptHash}' 'wasm-unsafe-eval'; worker-src blob:`;
}

function header(title: string, { program, version, date, inputs }: ProcessRecord): string {
  const source = inputs.length === 0 ? '' : ` <span>from ${inputs.map(i => escapeText(i.name)).join(', ')}</span>`;
  const made = `<span>${escapeText(`${program} ${version}`)}</span> <span><time datetime="${escapeText(date)}">${escapeText(shownDate(date))}</time></span>`;
  return `<header>\n<h1>${escapeText(title)}</h1>\n<p class="made">${made}${source}</p>\n</header>`;
}

/** 2025-11-20T14:05:33.123Z becomes 2025-11-20 14:05 UTC; anything else stays. */
function shownDate(iso: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::[\d.]+)?Z$/.exec(iso);
  return parts === null ? iso : `${parts[1]} ${parts[2]} UTC`;
}

function section(id: string, heading: string, content: string, silent = false): string {
  if (content === '') return '';
  return `<section class="${id}"${silent ? ` aria-label="${escapeText(heading)}"` : ''}>\n${silent ? '' : `<h2>${escapeText(heading)}</h2>\n`}${content}\n</section>`;
}

function warningBox(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const heading = warnings.length === 1 ? 'Warning' : `${warnings.length} warnings`;
  return `<section class="warnings" role="note" aria-label="${heading}">\n<h2>${heading}</h2>\n${list(warnings)}\n</section>`;
}

function list(items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<ul>\n${items.map(item => `<li>${escapeText(item)}</li>`).join('\n')}\n</ul>`;
}

/** Neighbours of the same group share a heading and a grid. */
function figureGroups(figures: readonly ReportFigure[]): string {
  const groups: { heading: string; figures: ReportFigure[] }[] = [];
  for (const f of figures) {
    const heading = f.group ?? '';
    if (groups.at(-1)?.heading !== heading) groups.push({ heading, figures: [] });
    groups.at(-1)!.figures.push(f);
  }
  return groups
    .map(({ heading, figures: members }) => {
      const content = `<div class="figures">\n${members.map(figureElement).join('\n')}\n</div>`;
      return heading === ''
        ? `<section class="pictures" aria-label="Figures">\n${content}\n</section>`
        : section('pictures', heading, content);
    })
    .join('\n');
}

function figureElement({ svg, narrow, caption, wide, keep }: ReportFigure): string {
  const inline = (text: string) => text.replace(/^\s*<\?xml[^>]*\?>\s*/, '');
  // Of the two only one is displayed, so a screen reader meets one, too.
  const picture =
    narrow === undefined
      ? inline(svg)
      : `<div class="broad">${inline(svg)}</div>\n<div class="narrow">${inline(narrow)}</div>`;
  const classes = [...(wide ? ['wide'] : []), ...(keep ? ['keep'] : [])].join(' ');
  return `<figure${classes === '' ? '' : ` class="${classes}"`}>\n${picture}\n<figcaption>${richHtml(caption)}</figcaption>\n</figure>`;
}

function resultTable(rows: readonly ReportRow[]): string {
  if (rows.length === 0) return '';
  const body = rows.map(({ label, value, unit = '', note, digits }) => {
    const shown = typeof value === 'number' ? formatQuantity(value, unit, digits) : joinUnit(value, unit);
    return `<tr><th scope="row">${escapeText(label)}</th><td class="value">${escapeText(shown)}</td><td class="note">${escapeText(note ?? '')}</td></tr>`;
  });
  return `<table>\n<thead class="unseen"><tr><th scope="col">Quantity</th><th scope="col">Value</th><th scope="col">Remark</th></tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>`;
}
