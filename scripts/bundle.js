/**
 * Makes the JavaScript in dist: a file for each entry point, and in dist/chunks what several of them share. A command
 * that reads twenty files begins sooner than one that reads two hundred, so the libraries are in them too, except those
 * that package.json has as dependencies. dist/third-party.txt has their licenses.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import ts from 'typescript';
import { forEsbuild } from './asset-modules.js';

const options = {
  outdir: 'dist',
  outbase: '.',
  bundle: true,
  splitting: true,
  plugins: [forEsbuild],
  format: 'esm',
  logLevel: 'warning',
  metafile: true,
};
const onNode = await build({
  ...options,
  entryPoints: [
    'compiler/node.ts',
    // What the headers import, which are not bundled.
    'compiler/index.ts',
    'compiler/support/diagnostics.ts',
    'compiler/support/location.ts',
    'compiler/imported-p4/node.ts',
    'runtime/node.ts',
    'runtime/testing/node.ts',
    'targets/bmv2/node.ts',
    'cli/main.ts',
    'cli/register.ts',
    'cli/hooks.ts',
  ],
  chunkNames: 'chunks/[name]-[hash]',
  external: Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies),
  // Libraries that are CommonJS require Node's own modules.
  banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  platform: 'node',
  target: 'node20',
});
// What parses P4 and STF is in files of its own, which are loaded when they are needed.
const inBrowsers = await build({
  ...options,
  entryPoints: ['browser/index.ts', 'browser/headers.ts'],
  chunkNames: 'browser/[name]-[hash]',
  platform: 'browser',
  target: 'es2022',
  minifySyntax: true,
  minifyWhitespace: true,
});

const inputs = [onNode, inBrowsers].flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeFileSync('dist/third-party.txt', [...libraries(inputs)].map(notice).join(`\n${'-'.repeat(80)}\n\n`));

/** The folders of the packages that these files are from. */
function libraries(files) {
  return new Set(files.flatMap((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []).sort());
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(`${folder}/${file}`, 'utf8')}`;
}

// The comments of header types reach users' P4, as those of users' own modules do: these files stay as they are.
mkdirSync('dist/compiler/headers', { recursive: true });
const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
for (const name of readdirSync('compiler/headers')) {
  const { outputText } = ts.transpileModule(readFileSync(`compiler/headers/${name}`, 'utf8'), { compilerOptions });
  writeFileSync(`dist/compiler/headers/${name.replace(/ts$/, 'js')}`, outputText);
}
