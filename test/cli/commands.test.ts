import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logText } from '../../cli/log.js';
import { router } from '../../examples/router/pipeline.js';
import { connect } from '../../runtime/node.js';
import { formatPcap } from '../../runtime/pcap/index.js';
import { readPcap } from '../../runtime/pcap/node.js';
import { folderWith } from '../support/folders.js';
import { hub, installLink, main, node, p4ts, prelude, root, start } from './command.js';

const hubs = () => folderWith({ 'hub.ts': prelude + hub('hub') });
const routerFile = join(root, 'examples/router/pipeline.ts');
/** For PSA. */
const learnerFile = join(root, 'test/imported-p4/learner.p4');

describe.concurrent('usage', () => {
  test.each(['init', 'check', 'compile', 'fix', 'trace', 'switch'])('p4ts %s --help teaches by examples', async (command) => {
    const { status, stdout, stderr } = await p4ts([command, '--help'], root);
    expect(stdout).toContain(`Examples:\n  $ p4ts ${command} `);
    expect(stdout).toContain(`Usage: p4ts ${command}`);
    expect([status, stderr]).toEqual([0, '']);
  });

  test('help names every command, --version the version', async () => {
    const { stdout } = await p4ts(['--help'], root);
    for (const command of ['init', 'check', 'compile', 'fix', 'trace', 'switch'])
      expect(stdout).toMatch(new RegExp(`^  ${command} +\\w`, 'm'));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await p4ts(['--version'], root)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each<[string, string[], string]>([
    ['no command', [], 'Usage: p4ts'],
    ['an unknown command', ['comple'], "error: unknown command 'comple'\n(Did you mean compile?)"],
    ['an unknown option', ['check', 'x.ts', '--jsno'], "error: unknown option '--jsno'\n(Did you mean --json?)"],
    ['a missing argument', ['compile'], "error: missing required argument 'file'"],
    ['an unknown target', ['compile', 'x.ts', '-t', 'bmv'], 'error unknown-target: There is no target "bmv"; did you mean "bmv2"?'],
    ['another unknown target', ['compile', 'x.ts', '-t', 'asic'], 'error unknown-target: There is no target "asic"; there is bmv2.'],
    ['a port that does not exist', ['trace', routerFile, '--packet', '00', '--port', '512'], 'Give a whole number from 0 to 511.'],
    ['a port that PSA does not have', ['trace', learnerFile, '--packet', '00', '--port', '0x100000000'], 'from 0 to 4294967295.'],
    ['a port that is no number', ['trace', 'x.ts', '--packet', '00', '--port', '1x'], 'Give a whole number from 0 to 4294967295.'],
    ['a fate of packets that is none', ['trace', 'x.ts', '--only', 'lost'], 'Allowed choices are dropped, sent, controller.'],
    ['a tree in brief', ['trace', 'x.ts', '--brief', '--open', 't'], "option '--all' cannot be used with option '--brief'"],
    ['no runs', ['trace', 'x.ts', '--all', '--limit', '0'], 'Give a whole number from 1 to 10000000.'],
    ['two forms of a trace', ['trace', 'x.ts', '--brief', '--json'], "option '--brief' cannot be used with option '--json'"],
    ['no packets', ['trace', 'x.ts'], 'error: give the packets with --in PCAP or --packet HEX'],
    [
      'packets twice',
      ['trace', 'x.ts', '--packet', '00', '--in', 'x.pcap'],
      "option '--in <pcap>' cannot be used with option '--packet <hex>'",
    ],
  ])('%s is wrong usage', async (_, args, message) => {
    const { status, stdout, stderr } = await p4ts(args, root);
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([2, '']);
  });
});

describe.concurrent('check', () => {
  test('several mistakes are told at once, as text or as JSON', async () => {
    const folder = folderWith({ 'hub.ts': prelude + hub('hub', 'c.set(hdr.ethernet.etherType, 65536); c.forward(512);') });
    const text = await p4ts(['check', 'hub.ts'], folder);
    expect(text.stderr.match(/ - error literal-out-of-range: /g)).toHaveLength(2);
    expect([text.status, text.stdout]).toEqual([1, '']);
    const json = await p4ts(['check', 'hub.ts', '--json'], folder);
    const { diagnostics } = JSON.parse(json.stdout);
    expect(diagnostics.map((d: { code: string; loc: { line: number } }) => [d.code, d.loc.line])).toEqual([
      ['literal-out-of-range', 15],
      ['literal-out-of-range', 15],
    ]);
    expect(json.status).toBe(1);
  });

  test('JSON of a pipeline without mistakes', async () => {
    expect(await p4ts(['check', 'hub.ts', '--json'], hubs())).toMatchObject({ status: 0, stdout: '{\n  "diagnostics": []\n}\n' });
  });
});

describe.concurrent('fix', () => {
  const old = `#include <v1model.p4>
struct H { } struct M { }
parser P(packet_in p, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control V(inout H h, inout M m) { apply { } }
control I(inout H h, inout M m, inout standard_metadata_t s) { apply { mark_to_drop(); } }
control D(packet_out p, in H h) { apply { } }
V1Switch(P(), V(), I(), I(), V(), D()) main;
`;
  const today = old.replace('mark_to_drop()', 'mark_to_drop(s)');

  test('shows a diff with --check, then writes', async () => {
    const folder = folderWith({ 'old.p4': old });
    const shown = await p4ts(['fix', 'old.p4', '--check'], folder);
    expect([shown.status, shown.stderr]).toEqual([1, '']);
    expect(shown.stdout).toContain('\n-control I(');
    expect(readFileSync(join(folder, 'old.p4'), 'utf8')).toBe(old);
    expect(await p4ts(['fix', 'old.p4'], folder)).toEqual({ status: 0, stdout: 'old.p4:5  mark_to_drop → mark_to_drop(s)\n', stderr: '' });
    expect(readFileSync(join(folder, 'old.p4'), 'utf8')).toBe(today);
    expect(await p4ts(['fix', 'old.p4', '--check'], folder)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await p4ts(['fix', 'old.p4'], folder)).toEqual({ status: 0, stdout: 'old.p4: nothing to fix\n', stderr: '' });
  });

  test('a program with mistakes, and a pipeline in TypeScript, are not changed', async () => {
    const folder = folderWith({ 'wrong.p4': old.replace('apply { } }', 'apply { x(); } }'), 'hub.ts': prelude + hub('hub') });
    expect(await p4ts(['fix', 'wrong.p4'], folder)).toMatchObject({ status: 1, stdout: '' });
    expect(await p4ts(['fix', 'hub.ts'], folder)).toMatchObject({ status: 2, stdout: '' });
  });
});

describe.concurrent('compile', () => {
  test('writes the files of the target', async () => {
    const folder = hubs();
    const { status, stdout } = await p4ts(['compile', 'hub.ts', '-o', 'build/here'], folder);
    const files = readdirSync(join(folder, 'build/here'));
    expect(files).toEqual(expect.arrayContaining(['hub.p4', 'hub.p4info.txtpb']));
    expect(stdout.trim().split('\n').sort()).toEqual(files.map((file) => `wrote ${join('build/here', file)}`).sort());
    expect(readFileSync(join(folder, 'build/here/hub.p4'), 'utf8')).toContain('V1Switch(');
    expect(status).toBe(0);
    const json = await p4ts(['compile', 'hub.ts', '--json'], folder);
    expect(JSON.parse(json.stdout).files).toContain('hub.p4');
  });

  test('keeps the comments of header types that come with p4ts', async () => {
    const imports = "import { pipeline } from 'p4ts';\nimport { Ethernet } from 'p4ts/headers';\n";
    const folder = folderWith({ 'hub.ts': imports + hub('hub') });
    expect((await p4ts(['compile', 'hub.ts'], folder)).status).toBe(0);
    const p4 = readFileSync(join(folder, 'hub.p4'), 'utf8');
    expect(p4).toContain('/** IEEE 802.3: the addresses and the type of what follows. */\nheader ethernet_t {');
  });

  test('writes nothing when the pipeline is wrong, or when the folder cannot be written', async () => {
    const folder = folderWith({
      'hub.ts': prelude + hub('hub', 'c.forward(512);'),
      'good.ts': prelude + hub('good'),
      taken: '',
      'full/good.p4info.txtpb/x': '',
    });
    expect((await p4ts(['compile', 'hub.ts', '-o', 'out'], folder)).status).toBe(1);
    expect(existsSync(join(folder, 'out'))).toBe(false);
    const blocked = await p4ts(['compile', 'good.ts', '-o', 'taken/out'], folder);
    expect([blocked.status, blocked.stdout]).toEqual([1, '']);
    expect(blocked.stderr).toContain('error file-unwritable: Cannot write taken/out/good.p4: a part of the path is not a folder.');
    if (existsSync('/proc/self'))
      expect((await p4ts(['compile', 'good.ts', '-o', '/proc/out/in'], folder)).stderr).toContain(
        'error file-unwritable: Cannot write /proc/out/in/good.p4: no folder can be made there.',
      );
    expect((await p4ts(['compile', 'good.ts', '-o', 'full'], folder)).stderr).toContain('error file-unwritable');
    expect(readdirSync(join(folder, 'full'))).toEqual(['good.p4info.txtpb']);
  });
});

describe.concurrent('trace', () => {
  const frame = '020000000001 020000000011 1234 abcd';
  const spaceless = frame.replaceAll(' ', '');

  test('one packet in hexadecimal', async () => {
    const folder = hubs();
    const forwarded = await p4ts(['trace', 'hub.ts', '--packet', frame], folder);
    expect(forwarded.stdout).toMatch(/^port 1: 16 bytes received\n/);
    expect(forwarded.stdout).toMatch(/port 2: 16 bytes sent/);
    expect(forwarded.stdout).toContain('hub.ts:15:9');
    expect([forwarded.status, forwarded.stderr]).toEqual([0, '']);
    expect((await p4ts(['trace', 'hub.ts', '--packet', `0x${spaceless}`, '--port', '3'], folder)).stdout).not.toContain('sent');
  });

  test('a port of PSA, which has 32 bits', async () => {
    const { status, stdout } = await p4ts(['trace', learnerFile, '--packet', frame, '--port', '0xfffffff0'], root);
    expect(stdout).toMatch(/^port 4294967280: 16 bytes received\n/);
    expect(status).toBe(0);
  });

  test('a capture, as one line of JSON for each packet', async () => {
    const bytes = Buffer.from(spaceless, 'hex');
    const folder = folderWith({
      'hub.ts': prelude + hub('hub'),
      'x.pcap': formatPcap([
        { timestampNs: 1_000_000_007n, bytes },
        { timestampNs: 2n, bytes: bytes.subarray(0, 4), originalLength: 60 },
      ]),
    });
    const { status, stdout, stderr } = await p4ts(['trace', 'hub.ts', '--in', 'x.pcap', '--json'], folder);
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ number: 1, timestampNs: '1000000007', outputs: [{ port: 2, packet: spaceless }], trace: { port: 1 } });
    expect(second).toMatchObject({ number: 2, outputs: [] });
    expect(stderr).toContain('warning pcap-cut: 1 of the 2 packets in x.pcap were cut short');
    expect(status).toBe(0);
  });

  test('every outcome, with the place of the entry, as a tree and as JSON', async () => {
    const folder = folderWith({ 'routes.txt': '# The only route.\nroutes4 dst=10.0.2.0/24 -> via(nextHop=3)\n' });
    const command = ['trace', routerFile, '--entries', join(folder, 'routes.txt'), '--open', 'interfaces'];
    const all = [...command, '--in', join(root, 'examples/router/traffic/port1.pcap')];
    const [text, json] = await Promise.all([all, [...all, '--json']].map((args) => p4ts(args, root)));
    expect(text?.stdout).toMatch(/ingress\.interfaces: open, one of \d+ results/);
    expect(text?.stdout).toMatch(/ingress\.routes4: hit dst=10\.0\.2\.0\/24 -> ingress\.via\(nextHop=3\) +\S*routes\.txt:2:1/);
    const [first] = (json?.stdout ?? '').split('\n').map((line) => (line ? JSON.parse(line) : undefined));
    expect(first).toMatchObject({ number: 1, outcomes: expect.any(Array), tree: { port: 1, events: expect.any(Array) } });
    expect(first.outcomeCount).toBe(String(first.outcomes.length));
    expect(first.outcomes[0].lookups[0]).toMatchObject({ table: 'ingress.interfaces', hit: true });
    expect([text?.status, text?.stderr, json?.status]).toEqual([0, '', 0]);
  });

  test('a line for each packet, of which some are shown', async () => {
    const folder = folderWith({
      'routes.txt': `interfaces port=1 vlan=0 mac=02:00:00:00:00:01 priority=1 -> admit()
routes4 dst=10.0.2.0/24 -> via(nextHop=3)
next_hops id=3 -> untagged(port=2, srcMac=02:00:00:00:00:02, dstMac=02:00:00:00:00:22)
`,
    });
    const capture = join(root, 'examples/router/traffic/port1.pcap');
    const traced = async (...args: string[]) => {
      const command = ['trace', routerFile, '--entries', join(folder, 'routes.txt'), '--in', capture, ...args];
      const { status, stdout, stderr } = await p4ts(command, root);
      return { status, stderr, lines: stdout.split('\n').filter(Boolean) };
    };
    const numbers = (lines: readonly string[]): number[] => lines.map((line) => Number(/^ *(\d+) {2}port 1, /.exec(line)?.[1]));
    const { status, stderr, lines } = await traced('--brief');
    expect([status, stderr, numbers(lines)]).toEqual([0, '', Array.from({ length: 51 }, (_, i) => i + 1)]);
    expect(lines[0]).toMatch(
      /^ 1 {2}port 1, 42 bytes, ethernet arp: interfaces miss ignore\(\) -> dropped in ingress \(.*pipeline\.ts:\d+:\d+\)$/,
    );
    const hop = 'next_hops hit untagged(port=2, srcMac=02:00:00:00:00:02, dstMac=02:00:00:00:00:22)';
    const path = `interfaces hit admit(); local4 miss NoAction(); routes4 hit via(nextHop=3); ${hop}`;
    expect(lines[3]).toBe(` 4  port 1, 98 bytes, ethernet ipv4: ${path} -> port 2`);

    // Those that are dropped are the rest: this program makes no copies.
    const [dropped, sent, punted] = await Promise.all(['dropped', 'sent', 'controller'].map((only) => traced('--brief', '--only', only)));
    expect(sent?.lines.every((line) => line.endsWith(' -> port 2'))).toBe(true);
    expect(punted?.lines.every((line) => line.endsWith(' -> controller'))).toBe(true);
    expect(punted?.stderr).toBe('2 of 51 packets are shown\n');
    expect(numbers([dropped, sent, punted].flatMap((one) => one?.lines ?? [])).sort((a, b) => a - b)).toEqual(numbers(lines));
    const ofRoutes = lines.filter((line) => line.includes('routes4'));
    expect((await traced('--brief', '--table', 'routes4')).lines).toEqual(ofRoutes);
    const both = await traced('--json', '--table', 'ingress.routes4', '--only', 'dropped');
    expect(both.lines.map((line) => JSON.parse(line).number)).toEqual(numbers(ofRoutes.filter((line) => line.includes('dropped'))));
    const json = await traced('--json', '--to-port', '510');
    expect(json.lines.map((line) => JSON.parse(line))).toMatchObject(
      [41, 42].map((number) => ({ number, outputs: [], toController: [{ port: 510 }] })),
    );
    expect(await traced('--to-port', '7')).toEqual({ status: 0, stderr: '0 of 51 packets are shown\n', lines: [] });
    expect(await traced('--table', 'route4')).toMatchObject({
      status: 1,
      lines: [],
      stderr: expect.stringContaining('did you mean "routes4"?'),
    });
  });

  test.each([
    [
      'routes.txt',
      `# what lets the ping through
interfaces port=1 vlan=0 mac=_ priority=1 -> admit()
routes4 dst=10.0.2.0/24 -> via(nextHop=1)
next_hops id=1 -> untagged(port=2, srcMac=02:00:00:00:00:02, dstMac=02:00:00:00:00:22)
`,
    ],
    [
      'routes.yaml',
      `tables:
  interfaces: [{ match: { port: 1, vlan: 0 }, priority: 1, action: admit }]
  routes4: [{ match: { dst: 10.0.2.0/24 }, action: via, params: { nextHop: 1 } }]
  next_hops:
    - match: { id: 1 }
      action: untagged
      params: { port: 2, srcMac: 02:00:00:00:00:02, dstMac: 02:00:00:00:00:22 }
`,
    ],
    [
      's1-runtime.json',
      JSON.stringify({
        target: 'bmv2',
        table_entries: [
          { table: 'interfaces', match: { port: 1, vlan: 0 }, priority: 1, action_name: 'admit', action_params: {} },
          { table: 'routes4', match: { dst: ['10.0.2.0', 24] }, action_name: 'via', action_params: { nextHop: 1 } },
          {
            table: 'next_hops',
            match: { id: 1 },
            action_name: 'untagged',
            action_params: { port: 2, srcMac: '02:00:00:00:00:02', dstMac: '02:00:00:00:00:22' },
          },
        ],
      }),
    ],
  ])('entries are installed first: %s', async (name, text) => {
    const folder = folderWith({ [name]: text });
    const capture = join(root, 'examples/router/traffic/port1.pcap');
    const { status, stdout, stderr } = await p4ts(['trace', routerFile, '--entries', name, '--in', capture, '--json'], folder);
    expect([status, stderr]).toEqual([0, '']);
    const outputs = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).outputs as { port: number; packet: string }[]);
    const sent = readPcap(capture)[3]?.bytes ?? Buffer.of();
    // The fourth packet is a ping to h2: other MAC addresses, TTL 63, and the checksum one higher for it (RFC 1624).
    const expected = Buffer.from(sent);
    expected.set(Buffer.from('020000000022020000000002', 'hex'));
    expected.writeUInt8(63, 22);
    expected.writeUInt16BE(expected.readUInt16BE(24) + 0x100, 24);
    expect(outputs[3]).toEqual([{ port: 2, packet: expected.toString('hex') }]);
    expect(outputs.flat().every((o) => o.port === 2)).toBe(true);
  });

  test.each<[string, string[], string]>([
    [
      'odd',
      ['--packet', 'abc'],
      'error bad-packet-hex: The packet is not written in hexadecimal: it has 3 digits, and each byte needs two.',
    ],
    ['no digit', ['--packet', '00xy'], 'error bad-packet-hex: The packet is not written in hexadecimal: "x" is not a hexadecimal digit.'],
    [
      'pcapng',
      ['--in', 'ng.pcap'],
      'error pcap-is-pcapng: ng.pcap is a pcapng file; a classic pcap file is expected.\n  help: convert it: editcap -F pcap ng.pcap ng-classic.pcap',
    ],
    [
      'entries',
      ['--packet', '', '--entries', 'bad.txt'],
      'bad.txt:2:1 - error entry-unknown: the pipeline: there is no table "acl".\n  2 | acl x=1 -> drop\n    | ^^^',
    ],
  ])('broken input: %s', async (_, args, message) => {
    const folder = folderWith({
      'hub.ts': prelude + hub('hub'),
      'ng.pcap': Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a),
      'bad.txt': '\nacl x=1 -> drop\n',
    });
    const { status, stdout, stderr } = await p4ts(['trace', 'hub.ts', ...args], folder);
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([1, '']);
  });

  test('an empty packet is a packet', async () => {
    expect(await p4ts(['trace', 'hub.ts', '--packet', ''], hubs())).toMatchObject({ status: 0, stderr: '' });
  });

  test('whoever reads the output may stop early', async () => {
    const child = start([main, 'trace', routerFile, '--in', join(root, 'examples/router/traffic/port1.pcap')], root);
    let stderr = '';
    child.stderr?.on('data', (data) => {
      stderr += data;
    });
    child.stdout?.once('data', () => child.stdout?.destroy());
    await once(child, 'close');
    expect(stderr).toBe('');
  });
});

test('nobody reads what is wrong: the status says it all the same', async () => {
  const child = start([main, 'check', 'missing.ts'], folderWith({}));
  child.stderr?.destroy();
  expect(await once(child, 'close')).toEqual([2, null]);
});

describe('switch', () => {
  test('TLS with half of what it needs', async () => {
    const { status, stderr } = await p4ts(['switch', routerFile, '--grpc', '127.0.0.1:0', '--tls-cert', routerFile], folderWith({}));
    expect(status).toBe(1);
    expect(stderr).toContain('error tls-incomplete: TLS needs a certificate and its key.');
  });

  test('an address of the metrics that is none', async () => {
    const { status, stderr } = await p4ts(['switch', routerFile, '--grpc', '127.0.0.1:0', '--metrics', '9560'], folderWith({}));
    expect(status).toBe(1);
    expect(stderr).toContain('error address-not-usable: Cannot listen on 9560: it must be HOST:PORT, with a port from 0 to 65535.');
  });

  test.each([
    ['0.0.0.0:0', ['info', 'warn']],
    ['localhost:0', ['info']],
  ])('at %s the log has these levels: %j', async (grpc, levels) => {
    const child = start([main, 'switch', routerFile, '--grpc', grpc], folderWith({}));
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    await once(child.stdout!, 'data');
    while (log.split('\n').length <= levels.length) await once(child.stderr!, 'data');
    child.kill('SIGHUP');
    const [status] = await once(child, 'close');
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; msg: string; time: string });
    expect(lines.map((l) => l.level)).toEqual([...levels, 'info']);
    expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    if (levels.includes('warn')) expect(lines[1]?.msg).toContain('any machine that reaches this address can control the switch');
    expect([lines.at(-1)?.msg, status]).toEqual(['stopping', 0]);
  });

  test('a line of the log for people', () => {
    const line = '{"level":"warn","time":"2026-01-02T03:04:05.678Z","method":"Write","ms":1.5,"why":"no such table","msg":"call"}';
    expect(logText(line, false)).toBe('03:04:05.678 warn  call  method=Write  ms=1.5  why="no such table"');
  });

  test('serves P4Runtime with the entries installed, and ends when it is told to', async () => {
    const folder = folderWith({
      'entries.yaml': 'tables: { routes4: [{ match: { dst: 10.0.0.0/8 }, action: via, params: { nextHop: 5 } }] }',
    });
    const child = start([main, 'switch', routerFile, '--grpc', '127.0.0.1:0', '--device-id', '7', '--entries', 'entries.yaml'], folder);
    try {
      const [line] = await once(child.stdout!.setEncoding('utf8'), 'data');
      const [, address = ''] = /^router runs as device 7, P4Runtime on (127\.0\.0\.1:\d+), CPU port 510\n$/.exec(line) ?? [];
      const sw = await connect(router, { address, deviceId: 7n, push: 'never' });
      const found: unknown[] = [];
      for await (const { match, action } of sw.table(router.ingress.routes4).entries()) found.push([match.dst, action.args]);
      expect(found).toEqual([['10.0.0.0/8', { nextHop: 5 }]]);
      await sw.table(router.ingress.routes4).insert({ match: { dst: '11.0.0.0/8' }, action: router.ingress.via({ nextHop: 6 }) });
      await sw.close();

      const second = await p4ts(['switch', routerFile, '--grpc', address], folder);
      expect(second.stderr).toContain(`error address-in-use: The address ${address} is in use`);
      expect([second.status, second.stdout]).toEqual([1, '']);
    } finally {
      child.kill('SIGTERM');
    }
    const [status] = await once(child, 'close');
    expect(status).toBe(0);
  });
});

describe('init', () => {
  test('makes a project that runs at once and has no mistakes', async () => {
    const folder = folderWith({});
    const made = await p4ts(['init', 'My Router'], folder);
    expect([made.status, made.stderr]).toEqual([0, '']);
    const project = join(folder, 'My Router');
    const { name, scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    expect(name).toBe('my-router');
    installLink(project, 'p4ts', root);
    installLink(project, '@types/node', join(root, 'node_modules/@types/node'));

    const run = (script: string, ...more: string[]) => {
      const [command, ...args] = (scripts[script] as string).split(' ');
      return node([...(command === 'node' ? [] : [main]), ...args, ...more], project);
    };
    const started = await run('start');
    expect(started.stderr).toBe('');
    expect(started.stdout.split('\n').slice(0, 4)).toEqual([
      'to 10.0.2.20, TTL 64: forwarded to port 2, 02:00:00:00:00:22, TTL 63',
      'to 10.0.1.10, TTL 64: forwarded to port 1, 02:00:00:00:00:11, TTL 63',
      'to 192.0.2.1, TTL 64: dropped',
      'to 10.0.2.20, TTL 1: dropped',
    ]);
    expect((await node([join(root, 'node_modules/typescript/bin/tsc')], project)).stdout).toBe('');
    const readme = readFileSync(join(project, 'README.md'), 'utf8');
    const [, packet = ''] = /npm run trace -- --packet "([^"]+)"/.exec(readme) ?? [];
    expect((await run('trace', '--packet', packet)).stdout).toContain('port 2: 34 bytes sent');
    expect((await run('compile')).status).toBe(0);

    const again = await p4ts(['init', 'My Router'], folder);
    expect(again.stderr).toContain('error folder-not-empty: My Router is not empty (it has ');
    expect(again.status).toBe(2);
  });

  test('as the README says it, npm finds this copy of p4ts', { timeout: 120_000 }, () => {
    const [, lines = ''] = /## A project of your own\n\n```\n(.*?)\n```/s.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    const last = lines.split('\n').at(-1);
    expect(last).toBe('npx p4ts init ../mine && cd ../mine && npm install && npm start');
    const project = join(folderWith({}), 'mine');
    // The other dependencies are for the editor, and come from the registry.
    const install = 'npm install --omit=dev --offline --no-audit --no-fund';
    const told = last?.replaceAll('../mine', relative(root, project)).replace('npm install', install) as string;
    const { stdout, status } = spawnSync(told, { cwd: root, shell: true, encoding: 'utf8' });
    expect(stdout).toContain('to 10.0.2.20, TTL 64: forwarded to port 2');
    expect(status).toBe(0);
    const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    expect(realpathSync(join(project, dependencies.p4ts.slice('file:'.length)))).toBe(realpathSync(root));
  });

  test('takes an empty folder, and the one it is in', async () => {
    const folder = folderWith({});
    expect((await p4ts(['init', '.'], folder)).status).toBe(0);
    expect(readdirSync(folder)).toContain('.gitignore');
  });
});

describe('stf', () => {
  const files = {
    'hub.ts': prelude + hub('hub'),
    'good.stf': 'packet 1 000000000001 000000000002 0800\nexpect 2 000000000001 000000000002 08** $\n',
    'bad.stf': 'packet 3 000000000001 000000000002 0800\nexpect 2\n',
  };

  test('says which tests passed, and shows the packet that fails', async () => {
    const { status, stdout } = await p4ts(['stf', 'hub.ts', 'good.stf', 'bad.stf', 'none.stf'], folderWith(files));
    expect(stdout).toContain('✓ good.stf  1 packet sent, 1 expected\n✗ bad.stf  1 packet sent, 1 expected\n');
    expect(stdout).toContain('bad.stf:2:1 - error stf-missing: A packet is missing on port 2: one is expected, and none came.');
    expect(stdout).toContain('dropped in ingress');
    expect(stdout).toContain('1 of 3 tests passed\n');
    expect(status).toBe(1);
  });

  test('gives machines the same', async () => {
    const { status, stdout, stderr } = await p4ts(['stf', 'hub.ts', 'good.stf', '--json'], folderWith(files));
    expect(JSON.parse(stdout)).toEqual({ tests: [{ file: 'good.stf', packets: 1, expected: 1, failures: [], shown: [] }] });
    // How far it is, it says to people only.
    expect([status, stderr]).toEqual([0, '']);
  });
});
