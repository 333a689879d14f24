import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    pool: 'threads',
    // A worker may take a gigabyte; the one more than there are processors free fills the gaps where threads wait for one another.
    maxWorkers: Math.min(4, availableParallelism()),
  },
});
