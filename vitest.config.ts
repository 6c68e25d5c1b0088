import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { forVite } from './scripts/asset-modules.js';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [forVite],
  resolve: {
    alias: [
      { find: /^p4ts$/, replacement: source('./compiler/node.ts') },
      { find: /^p4ts\/headers$/, replacement: source('./compiler/headers/index.ts') },
      { find: /^p4ts\/(runtime)$/, replacement: source('./runtime/node.ts') },
      { find: /^p4ts\/browser$/, replacement: source('./browser/index.ts') },
      { find: /^p4ts\/p4$/, replacement: source('./compiler/imported-p4/node.ts') },
      { find: /^p4ts\/testing$/, replacement: source('./runtime/testing/node.ts') },
      { find: /^p4ts\/targets\/(\w+)$/, replacement: source('./targets/$1/node.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Files that a worker runs share the modules that they import, which is half of the time of a run.
    isolate: false,
    // One for each processor; the default leaves one processor idle.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
