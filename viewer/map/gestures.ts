import type { Layer } from '../state/document.js';
import { withPairs } from '../state/overlay.js';
import type { PageStore, Point, Tool, Viewport } from '../state/page.js';
import { type Box, panBy, toPlane, zoomAt } from './viewport.js';

/** What gestures act on: a panel's canvas and how it shows the plane now. */
export interface GestureTarget {
  readonly page: PageStore;
  readonly canvas: HTMLCanvasElement;
  readonly plot: () => Box;
  readonly view: () => Viewport;
  readonly whole: () => Viewport;
  readonly layer: () => Layer | undefined;
}

const WHEEL = 0.0015;
const KEY_ZOOM = 1.25;
/** A line or region shorter than this is a click, px. */
const CLICK = 4;

/**
 * Pointer: drag moves the map, draws a line or a region, as the tool says (Shift: always a line, Alt: always a region); wheel
 * and pinch zoom at the pointer; a double click shows all. All maps follow, for they share the page's viewport.
 */
export function followPointer({ page, canvas, plot, view, whole }: GestureTarget): void {
  const down = new Map<number, Point>();
  let drag: { tool: Tool; start: Point; from: Point; at: Point } | undefined;
  const local = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const inPlane = (p: Point) => toPlane(view(), plot(), p.x, p.y);

  canvas.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const at = local(event);
    down.set(event.pointerId, at);
    if (down.size > 1) {
      drag = undefined;
      return;
    }
    const tool = event.shiftKey ? 'line' : event.altKey ? 'region' : page.get().tool;
    drag = { tool, start: at, from: inPlane(at), at };
    page.set({ cursor: inPlane(at) });
  });
  canvas.addEventListener('pointermove', event => {
    const at = local(event);
    const before = down.get(event.pointerId);
    if (before !== undefined && down.size === 2) {
      pinch(event.pointerId, before, at);
      return;
    }
    if (drag !== undefined && before !== undefined) {
      if (drag.tool === 'move') page.set({ viewport: panBy(view(), at.x - before.x, at.y - before.y) });
      else if (Math.hypot(at.x - drag.start.x, at.y - drag.start.y) > CLICK) {
        const segment = { from: drag.from, to: inPlane(at) };
        page.set(drag.tool === 'line' ? { line: segment } : { region: segment });
      }
      down.set(event.pointerId, at);
    }
    page.set({ cursor: inPlane(at) });
  });
  const pinch = (id: number, before: Point, now: Point) => {
    const [, other] = [...down].find(([key]) => key !== id)!;
    const [old, next] = [
      Math.hypot(before.x - other.x, before.y - other.y),
      Math.hypot(now.x - other.x, now.y - other.y),
    ];
    down.set(id, now);
    if (!(old > 0 && next > 0)) return;
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const moved = panBy(view(), (now.x - before.x) / 2, (now.y - before.y) / 2);
    page.set({ viewport: zoomAt(moved, plot(), middle.x, middle.y, next / old, whole()) });
  };
  const end = (event: PointerEvent) => {
    const at = local(event);
    if (drag !== undefined && Math.hypot(at.x - drag.start.x, at.y - drag.start.y) <= CLICK)
      namePoint(page, inPlane(at));
    down.delete(event.pointerId);
    drag = undefined;
  };
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', event => {
    down.delete(event.pointerId);
    drag = undefined;
  });
  canvas.addEventListener('pointerleave', event => {
    if (event.pointerType === 'mouse' && down.size === 0) page.set({ cursor: undefined });
  });
  canvas.addEventListener('dblclick', () => page.set({ viewport: undefined }));
  canvas.addEventListener(
    'wheel',
    event => {
      event.preventDefault();
      const at = local(event);
      const factor = Math.exp(-WHEEL * event.deltaY * (event.deltaMode === 1 ? 16 : 1));
      page.set({ viewport: zoomAt(view(), plot(), at.x, at.y, factor, whole()) });
    },
    { passive: false },
  );
}

/** The partner of the point that was named in the picture over the maps. */
function namePoint(page: PageStore, { x, y }: Point): void {
  const { overlay } = page.get();
  if (overlay?.waiting === undefined) return;
  page.set({ overlay: withPairs(overlay, [...overlay.pairs, { ...overlay.waiting, x, y }], overlay.fit) });
}

/** Keys, while a map has the focus: everything that the pointer can do. */
export function followKeys({ page, canvas, plot, view, whole, layer }: GestureTarget): void {
  let begun: { readonly kind: 'line' | 'region'; readonly from: Point } | undefined;
  const moveCursor = (dx: number, dy: number) => {
    const shape = layer()?.shape;
    const [stepX, stepY] =
      shape === undefined
        ? [1e-3, 1e-3]
        : shape.type === 'grid'
          ? [shape.grid.dx, shape.grid.dy]
          : [shape.pitch, shape.pitch];
    const at = page.get().cursor ?? view();
    const cursor = { x: at.x + dx * stepX, y: at.y + dy * stepY };
    page.set({ cursor });
    if (begun !== undefined) page.set({ [begun.kind]: { from: begun.from, to: cursor } });
  };
  const zoom = (factor: number) => {
    const box = plot();
    page.set({ viewport: zoomAt(view(), box, box.x + box.width / 2, box.y + box.height / 2, factor, whole()) });
  };
  const toggle = (kind: 'line' | 'region') => {
    const from = page.get().cursor ?? { x: view().x, y: view().y };
    begun = begun?.kind === kind ? undefined : { kind, from };
    if (begun !== undefined) page.set({ cursor: from, [kind]: { from, to: from } });
  };
  canvas.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 10 : 1;
    switch (event.key) {
      case 'ArrowLeft':
        moveCursor(-far, 0);
        break;
      case 'ArrowRight':
        moveCursor(far, 0);
        break;
      case 'ArrowUp':
        moveCursor(0, far);
        break;
      case 'ArrowDown':
        moveCursor(0, -far);
        break;
      case '+':
      case '=':
        zoom(KEY_ZOOM);
        break;
      case '-':
        zoom(1 / KEY_ZOOM);
        break;
      case '0':
        page.set({ viewport: undefined });
        break;
      case 'l':
      case 'L':
        toggle('line');
        break;
      case 'r':
      case 'R':
        toggle('region');
        break;
      case 'Enter':
        namePoint(page, page.get().cursor ?? view());
        break;
      case 'Escape':
        begun = undefined;
        page.set({ line: undefined, region: undefined });
        break;
      default:
        return;
    }
    event.preventDefault();
  });
}
