import type { ScanNews } from '../../src/liveScan.js';
import { addDocument, type PageStore } from '../state/page.js';
import { FillingMap } from './fillingMap.js';

/** The document of the scan that is going on. */
export const SCAN = 'scan';

/** Keeps the map of a scan that is going on in the page. @returns takes the next news */
export function watchScan(page: PageStore): (news: ScanNews) => void {
  let map: FillingMap | undefined;
  let [plane, from] = [0, 0];
  return news => {
    const { scan } = news;
    map ??= new FillingMap(scan.plan);
    map.add(scan.points);
    const { documents, current, panels } = page.get();
    const before = documents.find(document => document.id === SCAN);
    const next = map.document(SCAN, news, before?.cells ?? []);
    if (before === undefined) {
      // Closed: the finished scan has taken its place.
      if (from === 0) addDocument(page, next);
    } else {
      page.set({ documents: documents.map(document => (document === before ? next : document)) });
      // The maps follow the scan from one height to the next.
      if (current === SCAN && map.plane !== plane)
        page.set({ panels: panels.map(id => id.replace(`scan.${plane}.`, `scan.${map!.plane}.`)) });
    }
    plane = map.plane;
    from++;
  };
}
