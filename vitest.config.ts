import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    pool: 'threads',
    // A test may take a gigabyte, so not one for each of many processors.
    maxWorkers: Math.min(4, availableParallelism()),
  },
});
