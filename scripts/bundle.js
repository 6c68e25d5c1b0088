/**
 * Makes the JavaScript in dist: a file for each entry point, and in dist/chunks what several of them share. A command
 * that reads twenty files begins sooner than one that reads two hundred.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import ts from 'typescript';
import { forEsbuild } from './asset-modules.js';

await build({
  entryPoints: [
    'compiler/index.ts',
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

// The comments of header types reach users' P4, as those of users' own modules do: these files stay as they are.
mkdirSync('dist/compiler/headers', { recursive: true });
const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
for (const name of readdirSync('compiler/headers')) {
  const { outputText } = ts.transpileModule(readFileSync(`compiler/headers/${name}`, 'utf8'), { compilerOptions });
  writeFileSync(`dist/compiler/headers/${name.replace(/ts$/, 'js')}`, outputText);
}
