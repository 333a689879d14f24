import { element, oncePerFrame } from '../controls/dom.js';
import { readInk } from '../map/ink.js';
import type { PageStore } from '../state/page.js';
import { drawNumber, pictureCanvas } from './draw.js';

/** Highest that the picture stands in its card, px. */
const HIGHEST = 240;

/** The picture by itself, to name points in: a click, or arrow keys and Enter; the partner is clicked on a map. */
export function pictureView(page: PageStore): HTMLElement {
  const canvas = element('canvas', {
    class: 'picture-view',
    tabindex: '0',
    role: 'application',
    'aria-label': 'The picture. Arrow keys move a cross, Enter names the point; then name the same point on a map.',
  });
  let cross: { u: number; v: number } | undefined;
  let factor = 1;
  const draw = oncePerFrame(() => {
    const { overlay } = page.get();
    const width = canvas.parentElement?.clientWidth ?? 0;
    if (overlay === undefined || width === 0) return;
    const { picture, pairs, waiting } = overlay;
    factor = Math.min(width / picture.width, HIGHEST / picture.height);
    const scale = window.devicePixelRatio || 1;
    const [w, h] = [Math.max(1, picture.width * factor), Math.max(1, picture.height * factor)];
    canvas.width = Math.round(w * scale);
    canvas.height = Math.round(h * scale);
    // The style sheet's own rules forbid inline styles; attributes of the canvas give its size.
    canvas.style.setProperty('width', `${w}px`);
    canvas.style.setProperty('height', `${h}px`);
    const context = canvas.getContext('2d')!;
    context.scale(scale, scale);
    context.imageSmoothingEnabled = factor < 1;
    context.drawImage(pictureCanvas(overlay), 0, 0, w, h);
    const ink = readInk();
    const at = (k: number) => (k + 0.5) * factor;
    for (const [k, { u, v }] of pairs.entries()) drawNumber(context, at(u), at(v), k + 1, ink);
    if (waiting !== undefined) drawNumber(context, at(waiting.u), at(waiting.v), pairs.length + 1, ink);
    if (cross === undefined || document.activeElement !== canvas) return;
    const [x, y] = [at(cross.u), at(cross.v)];
    for (const [colour, line] of [
      ['#fff', 3],
      ['#000', 1],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.beginPath();
      for (const [x0, y0, x1, y1] of [
        [x - 9, y, x + 9, y],
        [x, y - 9, x, y + 9],
      ]) {
        context.moveTo(x0, y0);
        context.lineTo(x1, y1);
      }
      context.stroke();
    }
  });
  const name = (u: number, v: number) => {
    const { overlay } = page.get();
    if (overlay !== undefined) page.set({ overlay: { ...overlay, waiting: { u, v } } });
  };
  canvas.addEventListener('click', event => {
    const box = canvas.getBoundingClientRect();
    name((event.clientX - box.left) / factor - 0.5, (event.clientY - box.top) / factor - 0.5);
  });
  canvas.addEventListener('keydown', event => {
    const { overlay } = page.get();
    if (overlay === undefined) return;
    const { width, height } = overlay.picture;
    cross ??= { u: (width - 1) / 2, v: (height - 1) / 2 };
    const step = Math.max(width, height) / (event.shiftKey ? 20 : 200);
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (move !== undefined) {
      cross = {
        u: Math.min(width - 1, Math.max(0, cross.u + step * move[0])),
        v: Math.min(height - 1, Math.max(0, cross.v + step * move[1])),
      };
      draw();
    } else if (event.key === 'Enter') name(cross.u, cross.v);
    else return;
    event.preventDefault();
  });
  for (const type of ['focus', 'blur']) canvas.addEventListener(type, draw);
  page.watch(['overlay', 'theme'], draw);
  new ResizeObserver(draw).observe(canvas);
  return element('div', {}, [canvas]);
}
