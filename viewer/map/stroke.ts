import type { Ink } from './ink.js';

/** Strokes a path over a wider one of another colour, so that it stands out from any map: the colour and width of each, px. */
export function strokeHaloed(
  context: CanvasRenderingContext2D,
  path: Path2D,
  halo: readonly [colour: string, width: number],
  line: readonly [colour: string, width: number],
): void {
  for (const [colour, width] of [halo, line]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(path);
  }
}

/** A disc with a name in it. */
export function drawBadge(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  name: string,
  ink: Ink,
  textColour: string,
): void {
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.fillStyle = ink.accent;
  context.fill();
  context.strokeStyle = '#fff';
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = textColour;
  context.font = '600 11px Inter, system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(name, x, y + 0.5);
}
