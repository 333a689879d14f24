import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The interactive part of reports: one script and one style sheet, to be put inside. */
export default defineConfig({
  root: from('.'),
  publicDir: false,
  build: {
    outDir: from('../dist/viewer/report-parts'),
    emptyOutDir: true,
    target: 'es2023',
    reportCompressedSize: false,
    lib: {
      entry: from('report/entry.ts'),
      formats: ['iife'],
      name: 'savartReport',
      fileName: () => 'report.js',
      cssFileName: 'report',
    },
  },
  worker: { format: 'iife' },
});
