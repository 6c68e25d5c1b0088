import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { folderWith } from '../support/folders.js';
import { installLink, node, root } from './command.js';

/** The package as npm packs it, in the node_modules of a folder that `npm init -y` made. */
describe('the packed package', () => {
  let folder: string;
  let installed: string;

  beforeAll(() => {
    folder = folderWith({ 'package.json': '{ "name": "elsewhere", "type": "commonjs" }' });
    const tarball = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
    installed = join(folder, 'node_modules/p4ts');
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, tarball.split('\n').at(-1) as string), '--strip-components=1', '-C', installed]);
    const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) installLink(folder, name, join(root, 'node_modules', name));
  });

  test('holds what runs and nothing else', () => {
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'README.md',
        'LICENSE',
        'dist/cli/main.js',
        'dist/cli/templates/init/pipeline.ts',
        'dist/compiler/node.d.ts',
      ]),
    );
    expect(
      files.filter(
        (file) =>
          !/^(dist|docs|examples)\/|^(package\.json|README\.md|ARCHITECTURE\.md|CONTRIBUTING\.md|CHANGELOG\.md|LIMITATIONS\.md|LICENSE)$/.test(
            file,
          ),
      ),
    ).toEqual([]);
    expect(files.filter((file) => file.endsWith('.tsbuildinfo'))).toEqual([]);
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /^(compiler|runtime|targets)\/.*\.proto$/.test(path),
    );
    for (const source of sources) expect(files).toContain(`dist/${source}`);
    expect(statSync(join(installed, 'dist/cli/main.js')).mode & 0o111).toBe(0o111);
  });

  test('a project that it makes depends on where npm had it from', async () => {
    const lock = join(folder, 'node_modules/.package-lock.json');
    const dependency = async (name: string, resolved?: string): Promise<string> => {
      if (resolved !== undefined) writeFileSync(lock, JSON.stringify({ packages: { 'node_modules/p4ts': { resolved } } }));
      expect((await node([join(installed, 'dist/cli/main.js'), 'init', name], folder)).status).toBe(0);
      return JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')).dependencies.p4ts;
    };
    const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(await dependency('one')).toBe('file:../node_modules/p4ts');
    expect(await dependency('two', `file:p4ts-${version}.tgz`)).toBe(`file:../p4ts-${version}.tgz`);
    expect(await dependency('three', 'file:gone.tgz')).toBe('file:../node_modules/p4ts');
    expect(await dependency('four', `https://registry.npmjs.org/p4ts/-/p4ts-${version}.tgz`)).toBe(`^${version}`);
  });

  test('compiles and runs a copy of the router from a user’s CommonJS folder', async () => {
    cpSync(join(installed, 'examples/router'), join(folder, 'router'), { recursive: true });
    const p4ts = (...args: string[]) => node([join(installed, 'dist/cli/main.js'), ...args], folder);
    expect(await p4ts('check', 'router/pipeline.ts')).toEqual({ status: 0, stdout: 'router: no errors\n', stderr: '' });
    expect((await p4ts('compile', 'router/pipeline.ts', '-o', 'build')).status).toBe(0);
    expect(readFileSync(join(folder, 'build/router.p4'), 'utf8')).toContain('control ingress(');
    const traced = await p4ts('trace', 'router/pipeline.ts', '--in', 'router/traffic/port1.pcap', '--json');
    expect(traced.stdout.trim().split('\n')).toHaveLength(51);
    expect(JSON.parse(traced.stdout.split('\n')[0] as string).trace.events[0].loc.file).toBe(join(folder, 'router/pipeline.ts'));
    // The example in the package itself, below node_modules.
    expect((await p4ts('check', join(installed, 'examples/router/pipeline.ts'))).stdout).toBe('router: no errors\n');
  });
});
