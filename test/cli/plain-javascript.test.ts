/** Which files are loaded without hooks; what is loaded, and how, is in load.test.ts. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isPlainJavaScript } from '../../cli/plain-javascript.js';
import { folderWith } from '../support/folders.js';
import { hub, installLink, p4ts, prelude, root } from './command.js';

const esm = { 'package.json': '{ "type": "module" }' };
const pipeline = prelude + hub('hub');

function installed(files: Readonly<Record<string, string>>, p4tsAt = root): string {
  const folder = folderWith(files);
  installLink(folder, 'p4ts', p4tsAt);
  return folder;
}

test('modules in JavaScript that import this p4ts are, and p4ts checks them', async () => {
  const folder = installed({ ...esm, 'x.js': `import './y.mjs';\nimport 'node:fs';\n${pipeline}`, 'y.mjs': "import './x.js';" });
  expect(isPlainJavaScript(join(folder, 'x.js'))).toBe(true);
  expect(await p4ts(['check', 'x.js'], folder)).toEqual({ status: 0, stdout: 'hub: no errors\n', stderr: '' });
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['of a package that does not say so', { 'x.js': pipeline }],
  ['of a CommonJS package', { 'package.json': '{ "type": "commonjs" }', 'x.js': pipeline }],
  ['below a package.json that is none', { 'package.json': '{', 'x.js': pipeline }],
  ['that imports TypeScript by its own name', { ...esm, 'x.js': "import './y.ts';", 'y.ts': '' }],
  ['that imports TypeScript as tsc has it', { ...esm, 'x.js': 'import "./y.js";', 'y.ts': '' }],
  ['that imports TypeScript one module further', { ...esm, 'x.js': "export * from './y.js';", 'y.js': "import('./z')", 'z.ts': '' }],
  ['that imports what is not there', { ...esm, 'x.js': "import './y.js';" }],
])('a file %s is not', (_what, files) => {
  expect(isPlainJavaScript(join(installed(files), 'x.js'))).toBe(false);
});

test('a file that would import another copy of p4ts, or none, is not', () => {
  const other = folderWith({ 'package.json': '{ "name": "p4ts" }' });
  expect(isPlainJavaScript(join(installed({ ...esm, 'x.js': pipeline }, other), 'x.js'))).toBe(false);
  expect(isPlainJavaScript(join(folderWith({ ...esm, 'x.js': pipeline }), 'x.js'))).toBe(false);
});
