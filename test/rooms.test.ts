import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A room imports only itself and rooms before it; the sensors do not know the inversion, nor the viewer the sensors. */
const ROOMS = ['src', 'inversion', 'sensors', 'viewer', 'cli'];

const files = ROOMS.flatMap(room =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(room, name)),
);

/** Where a file's imports point to: paths from the root for its own, names for packages. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, target]) =>
    target.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), target)) : target,
  );
}

describe('rooms', () => {
  it('there are files in each of them', () => {
    for (const room of ROOMS) expect(files.filter(f => f.startsWith(room + sep)).length).toBeGreaterThan(3);
  });

  it.each(files)('%s imports only downwards', file => {
    const room = ROOMS.indexOf(file.split(sep)[0]);
    for (const target of importsOf(file)) {
      const other = ROOMS.indexOf(target.split(sep)[0]);
      if (other >= 0) expect(other, `${file} imports ${target}`).toBeLessThanOrEqual(room);
      if (ROOMS[room] === 'sensors') expect(ROOMS[other], `${file} imports ${target}`).not.toBe('inversion');
      if (ROOMS[room] === 'viewer') expect(ROOMS[other], `${file} imports ${target}`).not.toBe('sensors');
    }
  });

  it('the engine runs in a browser: only files named node.ts touch files or native modules', () => {
    const nodeOnly = (target: string) =>
      target.startsWith('node:') || target === '@resvg/resvg-js' || /node\.js$/.test(target);
    for (const file of files) {
      if (/^(cli|sensors|viewer.vite)/.test(file) || file.endsWith(`${sep}node.ts`)) continue;
      expect(importsOf(file).filter(nodeOnly), file).toEqual([]);
    }
  });
});
