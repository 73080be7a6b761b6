import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

// Node 20 lacks Map.groupBy, which vitest's reporters call when a test fails.
if (!('groupBy' in Map)) {
  const groupBy = (items: Iterable<unknown>, keyOf: (item: unknown) => unknown): Map<unknown, unknown[]> => {
    const groups = new Map<unknown, unknown[]>();
    for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
    return groups;
  };
  Object.defineProperty(Map, 'groupBy', { value: groupBy });
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/{core,electron,models}/**/*.test.ts', 'test/renderer/**/*.node.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins: [svelte(), svelteTesting()],
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['test/renderer/**/*.test.ts'],
          exclude: ['test/renderer/**/*.node.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // real windows on a machine that does other things too; what fails twice is wrong
          retry: 1,
        },
      },
    ],
  },
});
