// `p4ts entries` and `p4ts shell` on a running switch.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { complete } from '../../cli/shell/complete.js';
import { runLine } from '../../cli/shell/run.js';
import { buildSchema } from '../../compiler/control/build.js';
import { AnySwitch } from '../../runtime/client/any-switch.js';
import { grpcTransport } from '../../runtime/grpc/transport.js';
import { folderWith } from '../support/folders.js';
import { labP4Info } from '../support/switches.js';
import { main, p4ts, root, start } from './command.js';

let address = '';
let child: ReturnType<typeof start>;
beforeAll(async () => {
  child = start(['--import', './dist/cli/register.js', 'test/support/lab-process.ts'], root);
  const [line] = await once(child.stdout?.setEncoding('utf8') as NodeJS.ReadableStream, 'data');
  address = String(line).trim();
});
afterAll(() => {
  child.kill('SIGKILL');
});

/** The shell, given these lines. */
async function shell(...lines: string[]) {
  const running = start([main, 'shell', '--grpc', address], root);
  running.stdin?.end(lines.map((line) => `${line}\n`).join(''));
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    running[stream]?.setEncoding('utf8').on('data', (more: string) => (text[stream] += more));
  const [status] = await once(running, 'close');
  return { status, output: text.stdout.trimEnd().split('\n'), errors: text.stderr.trimEnd().split('\n') };
}

/** The shell on a terminal: each text is typed after the prompt. Gives what the terminal showed. */
async function terminal(historyFile: string, ...typed: string[]): Promise<string> {
  const command = `'${process.execPath}' '${main}' shell --grpc ${address}`;
  const env = { ...process.env, P4TS_HISTORY: historyFile, NO_COLOR: '1' };
  const running = spawn('script', ['-qfec', command, '/dev/null'], { env, stdio: 'pipe' });
  let shown = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    // The prompt is drawn at the start of a line.
    if (text.includes('p4ts> ') && typed.length > 0) running.stdin.write(`${typed.shift()}\r`);
  });
  await once(running, 'close');
  return shown;
}
const hasTerminal = spawnSync('script', ['--version']).status === 0;

describe('on a running switch', () => {
  test.skipIf(!hasTerminal)(
    'lines typed at a terminal are there the next time (needs script of util-linux)',
    { timeout: 60_000 },
    async () => {
      const file = join(folderWith({}), 'history');
      expect(await terminal(file, 'tables', 'quit')).toContain('ingress.routes');
      expect(readFileSync(file, 'utf8')).toBe('quit\ntables\n');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const up = '\u001b[A';
      expect(await terminal(file, `${up}${up}`, 'quit')).toContain('ingress.routes');
      const ctrl = { c: '\u0003', left: '\u001b[D' };
      expect(await terminal(file, `frobnicate${ctrl.left}${ctrl.c}quit`)).not.toContain('There is no command');
      expect(await terminal('/proc/no/such/file', 'tables', 'quit')).toContain('ingress.routes');
    },
  );

  const yaml = `tables:
  routes:
    - { match: { dst: 10.0.0.0/8 }, action: forward, params: { port: 1, dst: 02:00:00:00:00:01 } }
    - { match: { dst: 10.2.0.0/16 }, action: drop }
multicast: { 1: [1, 2] }
`;

  test('a file is compared, applied, dumped, and applied again', { timeout: 240_000 }, async () => {
    const folder = folderWith({ 'e.yaml': yaml, 'less.yaml': yaml.replace(/ {4}- { match: { dst: 10\.2.*\n/, ''), 'empty.yaml': '' });
    const entries = (...args: string[]) => p4ts(['entries', ...args, '--grpc', address], folder);
    const difference = [
      '+ multicast 1: 1, 2',
      '+ ingress.routes dst=10.0.0.0/8 -> forward(port=1, dst=02:00:00:00:00:01)',
      '+ ingress.routes dst=10.2.0.0/16 -> drop()',
      '3 to insert, 0 to modify, 0 to delete, 0 as desired',
      '',
    ].join('\n');
    expect(await entries('diff', 'e.yaml')).toEqual({ status: 1, stdout: difference, stderr: '' });
    expect(await entries('apply', 'e.yaml', '--dry-run')).toEqual({ status: 0, stdout: difference, stderr: '' });
    expect(await entries('apply', 'e.yaml')).toEqual({ status: 0, stdout: difference, stderr: '' });
    const same = { status: 0, stdout: '0 to insert, 0 to modify, 0 to delete, 3 as desired\n', stderr: '' };
    expect(await entries('diff', 'e.yaml')).toEqual(same);
    const { stdout: dumped } = await entries('dump', '--format', 'json');
    const again = folderWith({ 'd.json': dumped });
    expect(await p4ts(['entries', 'diff', 'd.json', '--grpc', address], again)).toEqual(same);
    expect((await entries('apply', 'less.yaml')).stdout).toBe('0 to insert, 0 to modify, 0 to delete, 2 as desired\n');
    expect((await entries('apply', 'empty.yaml', '--replace', '--table', 'routes')).stdout).toContain('2 to delete');
    expect((await entries('dump')).stdout).toBe('multicast 1: 1, 2\n');
    expect((await entries('apply', 'empty.yaml', '--replace')).stdout).toContain('- multicast 1: 1, 2\n');
  });

  test('mistakes and refusals end with status 1', async () => {
    const text = (n: number): string => Array.from({ length: n }, (_, i) => `routes dst=${i + 1}.0.0.0/8 -> drop\n`).join('');
    const folder = folderWith({ 'wrong.txt': 'routes dst=10 -> drop\n', 'many.txt': text(5), 'none.txt': '' });
    const wrong = await p4ts(['entries', 'apply', 'wrong.txt', '--grpc', address], folder);
    expect(wrong).toMatchObject({ status: 1, stdout: '' });
    expect(wrong.stderr).toContain('wrong.txt:1:12 - error entry-value: key dst: "10" is not an IPv4 prefix');
    const full = await p4ts(['entries', 'apply', 'many.txt', '--grpc', address], folder);
    expect(full.status).toBe(1);
    expect(full.stderr).toContain('insert ingress.routes dst=5.0.0.0/8 -> drop(): RESOURCE_EXHAUSTED');
    await p4ts(['entries', 'apply', 'none.txt', '--replace', '--grpc', address], folder);
    const nobody = await p4ts(['entries', 'dump', '--grpc', '127.0.0.1:1'], folder);
    expect(nobody.status).toBe(1);
    expect(nobody.stderr).toContain('error switch-unreachable');
  });

  test('for machines: what changes, where the file has it, and what is refused', { timeout: 60_000 }, async () => {
    const text = Array.from({ length: 5 }, (_, i) => `routes dst=${i + 1}.0.0.0/8 -> drop\n`).join('');
    const folder = folderWith({
      'many.txt': text,
      'other.txt': 'routes dst=1.0.0.0/8 -> punt(reason=2)\n',
      'none.txt': '',
      'wrong.txt': 'x',
    });
    const entries = async (...args: string[]) => {
      const { status, stdout } = await p4ts(['entries', ...args, '--json', '--grpc', address], folder);
      return { status, output: JSON.parse(stdout) };
    };
    const entity = (n: number): string => `ingress.routes dst=${n}.0.0.0/8 -> drop()`;
    const refused = { code: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('4') };
    const changes = [1, 2, 3, 4, 5].map((n) => ({ kind: 'insert', entity: entity(n), place: { file: 'many.txt', line: n, column: 1 } }));
    expect(await entries('diff', 'many.txt')).toEqual({ status: 1, output: { changes, unchanged: 0 } });
    const applied = changes.map((change, i) => (i === 4 ? { ...change, refused } : change));
    expect(await entries('apply', 'many.txt')).toEqual({ status: 1, output: { changes: applied, unchanged: 0 } });
    const modified = { kind: 'modify', entity: 'ingress.routes dst=1.0.0.0/8 -> punt(reason=2)', before: entity(1) };
    const deleted = [2, 3, 4].map((n) => ({ kind: 'delete', entity: entity(n) }));
    expect(await entries('diff', 'other.txt')).toEqual({
      status: 1,
      output: { changes: [{ ...modified, place: { file: 'other.txt', line: 1, column: 1 } }, ...deleted], unchanged: 0 },
    });
    expect((await entries('apply', 'wrong.txt')).output).toMatchObject({ diagnostics: [{ loc: { file: 'wrong.txt', line: 1 } }] });
    expect((await entries('apply', 'missing.txt')).output).toMatchObject({ diagnostics: [{ code: 'file-unreadable' }] });
    const routes = { 'ingress.routes': expect.objectContaining({ entries: expect.any(Array) }) };
    expect((await entries('dump')).output).toMatchObject({ tables: routes });
    expect(await entries('apply', 'none.txt', '--replace')).toMatchObject({ status: 0, output: { unchanged: 0 } });
    expect(await entries('apply', 'none.txt', '--replace')).toEqual({ status: 0, output: { changes: [], unchanged: 0 } });
  });

  test('lines of the shell; those that fail are told by their number, and end in status 1', async () => {
    const lines = [
      'insert routes dst=11.0.0.0/8 -> punt(reason=2)',
      'insert routes dst=11.0.0.0/8 -> drop',
      'insert acl protocol=6 ip=1 priority=2 -> count(cell=1)',
      'modify routes dst=11.0.0.0/8 -> drop',
      'default routes -> punt(reason=1)',
      'show routes',
      'delete acl protocol=6 ip=1 priority=3',
      'delete acl protocol=6 ip=1 priority=2',
      'delete acl protocol',
      'counter hits 2',
      'delete routs',
      'frobnicate',
      'multicast 3: 1, 2',
      'delete routes',
      'show',
      'status',
      'quit',
    ];
    expect(await shell(...lines)).toEqual({
      status: 1,
      output: [
        'ingress.routes dst=11.0.0.0/8 -> drop()',
        '2: 0 packets, 0 bytes',
        '+ multicast 3: 1, 2',
        '1 to insert, 0 to modify, 0 to delete, 0 as desired',
        '1 deleted',
        'multicast 3: 1, 2',
        `${address}, device 1: primary, election id 1`,
      ],
      errors: [
        'line 2: insert ingress.routes dst=11.0.0.0/8 -> drop(): ALREADY_EXISTS: table ingress.routes: there is an entry dst=11.0.0.0/8 already',
        expect.stringMatching(/^line 7: delete ingress\.acl protocol=6 ip=1 priority=3 -> nothing: NOT_FOUND: /),
        'line 9: "protocol" is not KEY=VALUE.',
        'line 11: the pipeline: there is no table "routs"; did you mean "routes"?',
        '  the names are ingress.routes, ingress.acl, ingress.types',
        'line 12: There is no command "frobnicate"; help lists them.',
      ],
    });
    const help = await shell('# only this', '', 'help');
    expect([help.status, help.errors]).toEqual([0, ['']]);
    for (const command of ['insert', 'show', 'apply']) expect(help.output.join('\n')).toMatch(new RegExp(`^${command} `, 'm'));
  });
});

test('a switch without a pipeline', async () => {
  const empty = start(['--import', './dist/cli/register.js', 'test/support/switch-process.ts', '127.0.0.1:0'], root);
  const [line] = await once(empty.stdout?.setEncoding('utf8') as NodeJS.ReadableStream, 'data');
  const { status, stderr } = await p4ts(['entries', 'dump', '--grpc', String(line).trim()], root);
  empty.kill('SIGKILL');
  expect([status, stderr.split('\n')[0]]).toEqual([
    1,
    `error switch-without-pipeline: The switch at ${String(line).trim()} has no pipeline.`,
  ]);
});

test('a switch that goes away is looked for, and written again once it is back', { timeout: 60_000 }, async () => {
  const serveAt = async (at: string, pipeline = 'examples/router/pipeline.ts') => {
    const process = start([main, 'switch', pipeline, '--grpc', at], root);
    const [line] = await once(process.stdout?.setEncoding('utf8') as NodeJS.ReadableStream, 'data');
    return { process, at: /P4Runtime on (\S+),/.exec(String(line))?.[1] as string };
  };
  const first = await serveAt('127.0.0.1:0');
  const running = start([main, 'shell', '--grpc', first.at], root);
  let shown = '';
  for (const stream of [running.stdout, running.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (shown += text));
  /** What the shell says of the line. */
  const answer = async (line: string): Promise<string> => {
    shown = '';
    running.stdin?.write(`${line}\n`);
    await expect.poll(() => shown, { timeout: 20_000 }).toContain('\n');
    return shown.trim();
  };
  expect(await answer('status')).toContain('primary');
  first.process.kill('SIGKILL');
  await once(first.process, 'close');
  const away = `${first.at} does not answer; it is looked for`;
  await expect.poll(() => answer('status'), { timeout: 20_000 }).toBe(away);
  expect(await answer('insert routes4 dst=10.0.0.0/8 -> via(nextHop=1)')).toContain(away);
  expect(await answer('tables')).toContain('ingress.routes4');
  const second = await serveAt(first.at);
  await expect.poll(() => answer('status'), { timeout: 20_000 }).toContain('primary');
  running.stdin?.write('insert routes4 dst=10.0.0.0/8 -> via(nextHop=1)\n');
  expect(await answer('show routes4')).toBe('ingress.routes4 dst=10.0.0.0/8 -> via(nextHop=1)');
  second.process.kill('SIGKILL');
  await once(second.process, 'close');
  await expect.poll(() => answer('status'), { timeout: 20_000 }).toBe(away);
  const other = await serveAt(first.at, 'examples/shaper/pipeline.ts');
  await expect.poll(() => answer('status'), { timeout: 20_000 }).toContain('primary');
  expect(await answer('show routes4')).toContain('there is no table "routes4"');
  running.stdin?.end('quit\n');
  await once(running, 'close');
  other.process.kill('SIGKILL');
});

test('what a line reads comes as it is read, until it is stopped', async () => {
  const transport = grpcTransport(address);
  const sw = await AnySwitch.open(transport, { address, deviceId: 1n });
  const controller = new AbortController();
  const all = async (line: string, signal = controller.signal): Promise<string[]> => {
    const output: string[] = [];
    for await (const { text } of runLine(line, sw, signal)) output.push(text);
    return output;
  };
  for (const n of [1, 2, 3]) expect(await all(`insert routes dst=${n}.0.0.0/8 -> drop`)).toEqual([]);
  const output = runLine('show routes', sw, controller.signal);
  expect((await output.next()).value).toEqual({ text: 'ingress.routes dst=1.0.0.0/8 -> drop()', isError: false });
  controller.abort();
  expect(await output.next()).toEqual({ done: false, value: { text: 'stopped', isError: false } });
  expect(await output.next()).toMatchObject({ done: true });
  expect(await all('delete routes')).toEqual(['stopped; some of it may have been written']);
  expect(await all('delete routes', new AbortController().signal)).toEqual(['3 deleted']);
  await sw.close();
});

describe('completion', () => {
  const schema = buildSchema(labP4Info);
  test.each<[string, string[], string]>([
    ['ins', ['insert '], 'ins'],
    ['insert r', ['routes '], 'r'],
    ['insert ingress.', ['ingress.routes ', 'ingress.acl ', 'ingress.types '], 'ingress.'],
    ['show ingress.r', ['ingress.routes'], 'ingress.r'],
    ['insert ingress.routes dst=10.0.0.0/8 -> ingress.f', ['ingress.forward(', 'ingress.flood('], 'ingress.f'],
    ['insert routes ', ['dst='], ''],
    ['insert acl src=10.0.0.1 p', ['protocol=', 'priority='], 'p'],
    ['insert routes dst=10.0.0.0/8 ', ['-> '], ''],
    ['insert routes dst=10.0.0.0/8 -> f', ['forward(', 'flood('], 'f'],
    ['insert routes dst=10.0.0.0/8 -> forward(', ['port=', 'dst='], ''],
    ['insert routes dst=10.0.0.0/8 -> forward(port=1, ', ['dst='], ''],
    ['delete routes dst=10.0.0.0/8 ', [], ''],
    ['default routes ', ['-> '], ''],
    ['counter ', ['ingress.hits'], ''],
    ['counter h', ['hits'], 'h'],
    ['show t', ['types'], 't'],
    ['show nothing ', [], ''],
  ])('%s', (line, found, word) => expect(complete(line, schema)).toEqual([found, word]));
});
