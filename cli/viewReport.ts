import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { InteractivePart } from '../src/figures/index.js';
import { packReport, type ReportContent } from '../viewer/report/content.js';

const part = (name: string) => fileURLToPath(new URL(`../viewer/report-parts/${name}`, import.meta.url));

/** What a report needs to be given for its maps; nothing where the package was built without the viewer. */
export function withMaps(content: ReportContent): { readonly interactive?: InteractivePart } {
  if (!existsSync(part('report.js'))) return {};
  // The end of a script element must not stand in the script itself.
  const script = readFileSync(part('report.js'), 'utf8').replaceAll('</script', '<\\/script');
  return {
    interactive: {
      script,
      scriptHash: createHash('sha256').update(script).digest('base64'),
      style: readFileSync(part('report.css'), 'utf8'),
      data: Buffer.from(packReport(content)).toString('base64'),
    },
  };
}
