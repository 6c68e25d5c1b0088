/**
 * Makes the JavaScript in dist: a file for each entry point, and in dist/chunks what several of them share. A command
 * that reads twenty files begins sooner than one that reads two hundred.
 */
import { build } from 'esbuild';
import { forEsbuild } from './asset-modules.js';

await build({
  entryPoints: [
    'compiler/index.ts',
    'compiler/headers/index.ts',
    'runtime/index.ts',
    'runtime/testing.ts',
    'targets/bmv2/index.ts',
    'cli/main.ts',
    'cli/register.ts',
    'cli/hooks.ts',
  ],
  outdir: 'dist',
  outbase: '.',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  plugins: [forEsbuild],
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
