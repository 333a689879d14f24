import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The served page: everything in files of its own, nothing from elsewhere. */
export default defineConfig({
  root: from('.'),
  base: './',
  publicDir: false,
  build: {
    outDir: from('../dist/viewer/page'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 6000,
  },
  worker: { format: 'es' },
});
