import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failToLoad } from '../../cli/load-errors.js';
import { folderWith } from '../support/folders.js';
import { hub, main, node, p4ts, prelude, root } from './command.js';

const commonJs = '{ "name": "made-by-npm-init", "type": "commonjs" }';

describe.concurrent('users’ files', () => {
  test('TypeScript needs no build step, whatever package.json says', async () => {
    const folder = folderWith({
      'package.json': commonJs,
      'pipeline.ts': `import { Ethernet as fromJs } from './headers.js';
import { Ethernet as bare } from './headers';
import { Ethernet as fromTs } from './headers.ts';
import { answer } from 'dependency';
import { pipeline, type HeaderType } from 'p4ts';
enum Answer { right = 42 }
if (answer !== Answer.right || fromJs !== bare || bare !== fromTs) throw new Error('not loaded once');
const Ethernet = await Promise.resolve(fromJs as HeaderType) as typeof fromJs;
${hub('hub')}`,
      'headers.ts': `import { bit, header, mac } from 'p4ts';
export const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });`,
      'node_modules/dependency/package.json': '{ "name": "dependency", "main": "index.js" }',
      'node_modules/dependency/index.js': 'exports.answer = 42;',
    });
    expect(await p4ts(['check', 'pipeline.ts'], folder)).toEqual({ status: 0, stdout: 'hub: no errors\n', stderr: '' });
  });

  test('JavaScript with import and export is a module in a CommonJS folder too; other JavaScript is left alone', async () => {
    const folder = folderWith({
      'package.json': commonJs,
      'pipeline.js': `import helper from './helper.js';\nif (helper.value !== 1) throw new Error('helper');\n${prelude}${hub('hub')}`,
      'helper.js': 'module.exports = { value: 1 };',
    });
    expect(await p4ts(['check', 'pipeline.js'], folder)).toEqual({ status: 0, stdout: 'hub: no errors\n', stderr: '' });
  });

  test('places are those of the TypeScript, after syntax that is transformed away', async () => {
    const folder = folderWith({
      'package.json': commonJs,
      'pipeline.ts': `interface Removed {
  readonly one: number;
  readonly two: number;
}

${prelude}${hub('hub', 'const x: number = 300 as number; c.set(hdr.ethernet.etherType, x + 70000);')}`,
    });
    const { status, stderr } = await p4ts(['check', 'pipeline.ts'], folder);
    const line = 6 + 2 + 12;
    const column = 7 + 'const x: number = 300 as number; c.'.length;
    expect(stderr.split('\n')[0]).toMatch(new RegExp(`^pipeline\\.ts:${line}:${column} - error literal-out-of-range: 70300`));
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(1);
  });

  test('one of several pipelines is chosen by its export or its name; the same one under two names is one', async () => {
    const folder = folderWith({
      'pipelines.ts': `${prelude}${hub('left')}${hub('right')}`,
      'twice.ts': `${prelude}${hub('hub')}export default hub;`,
    });
    const several = await p4ts(['check', 'pipelines.ts'], folder);
    expect(several.status).toBe(2);
    expect(several.stderr).toContain('error several-pipelines: pipelines.ts exports several pipelines: left, right.');
    expect((await p4ts(['check', 'pipelines.ts', '--pipeline', 'right'], folder)).stdout).toBe('right: no errors\n');
    const unknown = await p4ts(['check', 'pipelines.ts', '--pipeline', 'rigth'], folder);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('error unknown-pipeline: pipelines.ts exports no pipeline "rigth"; did you mean "right"?');
    expect((await p4ts(['check', 'twice.ts'], folder)).status).toBe(0);
  });
});

describe.concurrent('files that cannot be loaded', () => {
  test.each<[string, Readonly<Record<string, string>>, number, string]>([
    ['x.ts', { 'x.ts': 'export const a = 1, b = 2;' }, 1, 'error no-pipeline: x.ts exports no pipeline; it exports a, b.'],
    ['x.ts', { 'x.ts': '' }, 1, 'error no-pipeline: x.ts exports no pipeline; it exports nothing.'],
    [
      'x.ts',
      { 'x.ts': 'const a = 1;\nconst b: number = ;' },
      1,
      'x.ts:2:19 - error syntax-error: Unexpected ";".\n  2 | const b: number = ;\n    |                   ^',
    ],
    ['x.js', { 'x.js': 'export const a = 1;\nconst b = ;' }, 1, 'x.js:2:11 - error syntax-error: Unexpected ";".'],
    [
      'x.ts',
      { 'x.ts': "import { y } from './y.js';\ny();", 'y.ts': '\n  export const y = (;' },
      1,
      'y.ts:2:21 - error syntax-error: Unexpected ";".',
    ],
    [
      'x.ts',
      { 'x.ts': "import { z } from './y.js';\nz();", 'y.ts': 'export const y = 1;' },
      1,
      'x.ts:1:10 - error syntax-error: No matching export in "y.ts" for import "z".',
    ],
    [
      'x.ts',
      { 'x.ts': 'const hdr = { ttl: 1 } as any;\nhdr.tll.gt(1);' },
      1,
      'help: what stands before it is not declared: a header, a field or a part of the metadata; tsc says which',
    ],
    ['x.ts', { 'x.ts': "import { z } from './none.js';\nz();" }, 1, 'x.ts:1:19 - error syntax-error: Could not resolve "./none.js".'],
    [
      'x.ts',
      { 'x.ts': "// here\nimport { z } from 'not-installed/x';\nz();" },
      1,
      'x.ts:2:19 - error package-missing: The package "not-installed" is not installed.',
    ],
    [
      'x.ts',
      { 'x.ts': "interface A {}\nfunction f(): never {\n  throw new TypeError('oops');\n}\n\nf();" },
      1,
      "x.ts:3:9 - error exception-in-file: The file threw an exception: TypeError: oops\n  3 |   throw new TypeError('oops');\n    |         ^^^\n  x.ts:6:1 - note: called from here",
    ],
    [
      'x.ts',
      { 'x.ts': "interface A {}\nimport {\n  Ethernet,\n  IPv4 as Ip,\n} from 'p4ts/headers';\nexport const x = [Ethernet, Ip];" },
      1,
      'x.ts:4:3 - error export-missing: "p4ts/headers" exports no "IPv4"; did you mean "Ipv4"?',
    ],
    [
      'x.ts',
      { 'x.ts': 'const counter: any = {};\ncounter.count(1);' },
      1,
      'TypeError: counter.count is not a function\n  2 | counter.count(1);\n    |         ^^^^^\n  help: write c.count(counter, index)',
    ],
    ['x.ts', { 'x.ts': 'throw { status: 3 };' }, 1, 'error exception-in-file: The file threw an exception: { status: 3 }'],
    [
      'x.ts',
      { 'x.ts': "import { header } from 'p4ts';\n  header('x', undefined as never);" },
      1,
      'x.ts:2:3 - error bad-argument: header takes an object as `fields`, not undefined.',
    ],
    ['x.ts', { 'x.ts': 'await new Promise(() => {});' }, 1, 'error file-never-finishes: x.ts never finishes loading'],
    ['x.ts', {}, 2, 'error file-unreadable: Cannot read x.ts: there is no such file.'],
    ['x.ts', { 'x.ts/y': '' }, 2, 'error file-unreadable: Cannot read x.ts: it is a folder.'],
    ['x.p4', { 'x.p4': 'parser p(in bit<8> x) {}' }, 1, 'x.p4:1:8 - error missing-start: The parser p has no state "start".'],
    ['x.cjs', { 'x.cjs': '' }, 2, 'error unknown-file-kind: p4ts cannot read files such as x.cjs.'],
  ])('%s %j', async (file, files, status, message) => {
    const result = await p4ts(['check', file], folderWith(files));
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(result.stdout).toBe('');
    expect(result.status).toBe(status);
  });

  test('a part of a package that it does not export', async () => {
    const { status, stderr } = await p4ts(['check', 'x.ts'], folderWith({ 'x.ts': "\nimport 'p4ts/header';" }));
    expect(stderr).toContain('x.ts:2:8 - error package-part-missing: The package p4ts has no "p4ts/header"; did you mean "p4ts/headers"?');
    expect(status).toBe(1);
  });

  test('an exception of p4ts in a call of the user has the place of the call, and that in p4ts', async () => {
    const error = new TypeError('x is undefined');
    error.stack = `TypeError: x is undefined\n    at f (${join(root, 'compiler/dsl/table.ts')}:7:3)\n    at /users/pipeline.ts:2:5`;
    await expect(failToLoad(error, '/users/pipeline.ts', 'pipeline.ts')).rejects.toMatchObject({
      diagnostics: [
        {
          code: 'exception-in-call',
          message: 'This call of p4ts threw an exception: TypeError: x is undefined (compiler/dsl/table.ts:7:3)',
          loc: { file: '/users/pipeline.ts', line: 2, column: 5 },
          help: 'tsc says what the call expects; if tsc finds nothing wrong, this is a bug in p4ts: please report it',
        },
      ],
    });
  });

  test('a bug of p4ts itself shows its stack, and says what it is', async () => {
    const breaks = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
      const { statSync } = fs;
      fs.statSync = (path, ...more) => { if (path === 'x.ts') throw new Error('unforeseen'); return statSync(path, ...more); };
      syncBuiltinESMExports();`;
    const importing = `data:text/javascript,${encodeURIComponent(breaks)}`;
    const { status, stderr } = await node(['--import', importing, main, 'check', 'x.ts'], root);
    expect(stderr).toMatch(/^Error: unforeseen\n {4}at /);
    expect(stderr).toContain('This is a bug in p4ts, not in your program.');
    expect(status).toBe(1);
  });

  test('all syntax errors of all files are told at once', async () => {
    const folder = folderWith({ 'x.ts': "import './y.js';\nimport './z.js';", 'y.ts': 'let a = ;', 'z.ts': 'let b = ;' });
    const { stderr } = await p4ts(['check', 'x.ts'], folder);
    expect(stderr).toContain('y.ts:1:9 - error syntax-error');
    expect(stderr).toContain('z.ts:1:9 - error syntax-error');
  });
});

describe.concurrent('node --import p4ts/register', () => {
  const run = (files: Readonly<Record<string, string>>) =>
    node(['--import', join(root, 'dist/cli/register.js'), 'controller.ts'], folderWith(files));
  const pipeline = { 'package.json': commonJs, 'pipeline.ts': prelude + hub('hub') };

  test('runs a controller; the place of a mistake is told without a stack', async () => {
    const controller = `import { simulate } from 'p4ts/runtime';
import { hub } from './pipeline.js';
type Nothing = {};
const sw = await simulate(hub);
console.log((await sw.send(1, new Uint8Array(20))).map((sent) => sent.port));
sw.table({} as never);`;
    const { status, stdout, stderr } = await run({ ...pipeline, 'controller.ts': controller });
    expect(stdout).toBe('[ 2 ]\n');
    expect(stderr).toMatch(/^controller\.ts:6:4 - error not-a-handle: .*\n {2}6 \| sw\.table\(\{\} as never\);\n {4}\| {4}\^\^\^\^\^/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });

  test('other errors are told as ever, and a program may handle its own', async () => {
    const thrown = await run({ 'controller.ts': "interface A {}\nthrow new RangeError('mine');" });
    expect(thrown.stderr).toMatch(/^Uncaught RangeError: mine\n {4}at .*controller\.ts:2:7/);
    expect(thrown.status).toBe(1);
    const handled = await run({ 'controller.ts': "process.on('uncaughtException', () => process.exit(3));\nthrow new Error();" });
    expect(handled).toEqual({ status: 3, stdout: '', stderr: '' });
  });
});
