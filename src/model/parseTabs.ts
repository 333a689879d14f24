import type { InputError } from '../errors.js';
import type { Polarity, Tab } from './cell.js';
import type { CellFile } from './cellSchema.js';
import { arcLength, distanceToOutline, type Outline, type Point, pointAt } from './outline.js';
import { inMm, mm } from './outlineFault.js';
import { checkNames, metres, pointOf } from './parseParts.js';
import { spansOverlap, TAB_TOLERANCE, type TabSpan, tabSpan } from './tabSpan.js';
import type { YamlDocument } from './yamlDocument.js';

/** How far the shares may miss zero: thirds written with six digits are fine. */
const SHARE_TOLERANCE = 1e-6;

type CellDocument = YamlDocument<CellFile>;

/**
 * The tabs of a cell, each with its ends anticlockwise along the outline.
 * @throws {InputError} for tabs off the outline or round a corner, without length, over one another or of one name, and
 * for shares that do not add up to zero.
 */
export function parseTabs(document: CellDocument, outline: Outline): Tab[] {
  const { tabs } = document.data;
  checkNames(document, 'tabs', tabs);
  const spans: TabSpan[] = [];
  const parsed = tabs.map((tab, i) => {
    const ends = tab.at_mm.map(pointOf) as [Point, Point];
    const span = tabSpan(outline, ...ends);
    if (span === undefined) throw misplacedTab(document, outline, i, ends);
    for (const [k, other] of spans.entries()) {
      if (!spansOverlap(outline, other, span)) continue;
      const message = `the tab '${tab.name}' overlaps the tab '${tabs[k].name}'`;
      throw document.fault(['tabs', i, 'at_mm'], message, 'give each tab its own part of the outline');
    }
    spans.push(span);
    const [start, end] = startsAt(outline, span, ends[0]) ? ends : [ends[1], ends[0]];
    const polarity = tab.polarity ?? polarityOf(tab.name);
    return {
      name: tab.name,
      start,
      end,
      share: tab.share,
      ...(tab.length_mm === undefined ? {} : { length: metres(tab.length_mm) }),
      ...(polarity === undefined ? {} : { polarity }),
    };
  });
  checkShares(document);
  return parsed;
}

function polarityOf(name: string): Polarity | undefined {
  return name === 'positive' || name === 'negative' ? name : undefined;
}

function startsAt(outline: Outline, span: TabSpan, end: Point): boolean {
  return span.start === arcLength(outline, ...end);
}

function checkShares(document: CellDocument): void {
  const { tabs } = document.data;
  const sum = tabs.reduce((total, tab) => total + tab.share, 0);
  // The little more is for the rounding of the sum itself.
  if (Math.abs(sum) <= SHARE_TOLERANCE * 1.000001) return;
  const listed = tabs.map(tab => `${tab.name} ${tab.share}`).join(', ');
  throw document.fault(
    ['tabs'],
    `the shares of the tabs add up to ${Number(sum.toPrecision(6))}, not to 0 (${listed.slice(0, 200)})`,
    'let what enters through some tabs (+) leave through the others (-)',
  );
}

/** Says why a tab has no span. */
function misplacedTab(document: CellDocument, outline: Outline, i: number, ends: readonly [Point, Point]): InputError {
  const { name } = document.data.tabs[i];
  const at = (...keys: number[]) => ['tabs', i, 'at_mm', ...keys];
  for (const [k, end] of ends.entries()) {
    const away = distanceToOutline(outline, ...end);
    if (away <= TAB_TOLERANCE) continue;
    const near = pointAt(outline, arcLength(outline, ...end));
    const message = `the end ${inMm(end)} of the tab '${name}' is ${mm(away)} mm off the outline`;
    return document.fault(at(k), message, `move it onto the outline, whose nearest point is ${inMm(near)}`);
  }
  if (Math.hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]) <= TAB_TOLERANCE) {
    return document.fault(at(), `the tab '${name}' has no length along the outline`, 'give two different ends');
  }
  const message = `the ends ${inMm(ends[0])} and ${inMm(ends[1])} of the tab '${name}' lie on different edges of the outline`;
  return document.fault(at(), message, 'keep a tab on one straight edge; give a tab round a corner as two tabs');
}
