import { describe, expect, test } from 'vitest';
import { buildSchema } from '../../compiler/control/build.js';
import { programOf } from '../../compiler/dsl/handles.js';
import {
  bit,
  exact,
  header,
  ipv4,
  ipv6,
  lpm,
  mac,
  optional,
  type Pipeline,
  pipeline,
  port,
  range,
  ternary,
  valid,
} from '../../compiler/node.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { describeEntity } from '../../runtime/client/describe.js';
import { embeddedTarget } from '../../runtime/client/target.js';
import { applyEntries, parseEntries } from '../../runtime/entries/index.js';
import { simulate } from '../../runtime/node.js';
import { frame, services } from '../support/services.js';

const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
const Ipv4 = header('ipv4_t', { rest: bit(64), ttl: bit(8), protocol: bit(8), checksum: bit(16), src: ipv4, dst: ipv4 });
const Ipv6 = header('ipv6_t', { rest: bit(64), src: ipv6, dst: ipv6 });

const example = pipeline('example', {
  headers: { ethernet: Ethernet, ip4: Ipv4, ip6: Ipv6 },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(0x0800, 'four').when(0x86dd, 'six').otherwise('accept');
    },
    four(p, { hdr }) {
      p.extract(hdr.ip4);
      return p.accept();
    },
    six(p, { hdr }) {
      p.extract(hdr.ip6);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const forward = ctl.action('forward', { port, nextHop: mac }, (c, a) => {
      c.forward(a.port);
      c.set(hdr.ethernet.dst, a.nextHop);
    });
    const flood = ctl.action('flood', { group: bit(16) }, (c, a) => c.multicast(a.group));
    const routes4 = ctl.table('routes4', { key: { dst: lpm(hdr.ip4.dst) }, actions: [forward, flood, drop], default: drop() });
    const routes6 = ctl.table('routes6', { key: { dst: lpm(hdr.ip6.dst) }, actions: [forward, drop], default: drop() });
    const acl = ctl.table('acl', {
      key: { src: ternary(hdr.ip4.src), protocol: exact(hdr.ip4.protocol), ttl: range(hdr.ip4.ttl), mac: optional(hdr.ethernet.src) },
      actions: [drop],
    });
    const kinds = ctl.table('kinds', { key: { isIpv4: exact(valid(hdr.ip4)) }, actions: [drop] });
    ctl.apply((c) => {
      c.apply(kinds);
      c.if(valid(hdr.ip4), () => {
        c.apply(routes4);
        c.apply(acl);
      }).else(() => c.apply(routes6));
    });
    return { routes4, routes6, acl, kinds, drop, forward };
  },
  egress(ctl, { hdr }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const acl = ctl.table('acl', { key: { dst: exact(hdr.ethernet.dst) }, actions: [drop] });
    ctl.apply((c) => c.apply(acl));
    return { acl };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.ip4, hdr.ip6);
  },
});

const program = programOf(example as Pipeline<any, any, any, any, any>)?.ir;
if (!program) throw new Error('no program');
const { p4info, binding } = await embeddedTarget.configure(program);
const schema = buildSchema(p4info, { program, binding });
const parse = (text: string) => parseEntries(program, text, 'test.entries');

/** `line:column code: message` of every mistake. */
async function mistakes(text: string): Promise<string[]> {
  try {
    await parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map((d) => `${d.loc.line}:${d.loc.column} ${d.code}: ${d.message}`);
  }
}

describe('what is written', () => {
  test('every kind of statement and match', async () => {
    const statements = await parse(`
      # comments and empty lines

      ingress.routes4 dst=10.0.1.0/24 -> forward(port=1, nextHop=02:00:00:00:00:11)   # and here
      routes4 dst = 0.0.0.0/0->ingress.drop
      routes4 dst=_ -> drop
      routes6 dst=2001:db8::/32 -> forward(nextHop=2:0:0:0:0:22,port=0x2)
      ingress.acl src=10.0.0.0&255.0.0.0 protocol=6 ttl=0..3 priority=10 -> drop()
      ingress.acl src=10.0.0.0/8 protocol=17 ttl=64 mac=02:00:00:00:00:11 priority=9 -> drop()
      ingress.acl src=_ ttl=_ mac=_ protocol=0x2f priority=1 -> drop()
      kinds isIpv4=true -> drop()
      default routes4 -> flood(group=7)
      multicast 7: 1, 2, 3
    `);
    const shown = statements.map((s) => describeEntity(s.entity, schema));
    expect(shown).toEqual([
      'ingress.routes4 dst=10.0.1.0/24 -> forward(port=1, nextHop=02:00:00:00:00:11)',
      'ingress.routes4 dst=0.0.0.0/0 -> drop()',
      'ingress.routes4 dst=0.0.0.0/0 -> drop()',
      'ingress.routes6 dst=2001:db8::/32 -> forward(port=2, nextHop=02:00:00:00:00:22)',
      'ingress.acl src=10.0.0.0&255.0.0.0 protocol=6 ttl=0..3 priority=10 -> drop()',
      'ingress.acl src=10.0.0.0&255.0.0.0 protocol=17 ttl=64..64 mac=02:00:00:00:00:11 priority=9 -> drop()',
      'ingress.acl protocol=47 priority=1 -> drop()',
      'ingress.kinds isIpv4=true -> drop()',
      'default ingress.routes4 -> flood(group=7)',
      'multicast 7: 1, 2, 3',
    ]);
    expect(statements.map((s) => s.loc.line)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  test('lines may end as on any system, and the last need not', async () => {
    expect(await parse('routes4 dst=10.0.0.0/8 -> drop\r\nkinds isIpv4=false -> drop')).toHaveLength(2);
    expect(await parse('')).toEqual([]);
  });

  test('the switch does what the file says', async () => {
    await using sw = await simulate(example);
    await applyEntries(
      sw,
      await parse(`
        routes4 dst=10.0.1.0/24 -> forward(port=4, nextHop=02:00:00:00:00:11)
        default routes4 -> flood(group=1)
        multicast 1: 2, 3
        ingress.acl protocol=6 src=192.0.2.0/24 priority=1 -> drop()
      `),
    );
    const packet = (dst: string, protocol: number, src = '192.0.2.9') =>
      Buffer.from(
        `ffffffffffff0200000000010800${'45000014000000004000'.slice(0, 16)}40${protocol.toString(16).padStart(2, '0')}0000${hex(src)}${hex(dst)}`,
        'hex',
      );
    const hex = (address: string) => Buffer.from(address.split('.').map(Number)).toString('hex');
    const ports = async (p: Uint8Array) => (await sw.send(1, p)).map((o) => o.port);
    expect(await ports(packet('10.0.1.7', 17))).toEqual([4]);
    expect(await ports(packet('10.0.2.7', 17))).toEqual([2, 3]);
    expect(await ports(packet('10.0.1.7', 6))).toEqual([]);
    expect(await ports(packet('10.0.1.7', 6, '192.0.3.1'))).toEqual([4]);
  });

  test('a key that is called priority stands before the priority', async () => {
    const queues = pipeline('queues', {
      headers: { ethernet: Ethernet },
      parser: { start: (p) => p.accept() },
      ingress(ctl, { hdr, std }) {
        const drop = ctl.action('drop', {}, (c) => c.drop());
        const key = { port: exact(std.ingressPort), priority: optional(hdr.ethernet.etherType) };
        const policies = ctl.table('policies', { key, actions: [drop] });
        ctl.apply((c) => c.apply(policies));
        return { policies };
      },
      deparser: (d, { hdr }) => d.emit(hdr.ethernet),
    });
    await using sw = await simulate(queues);
    const ir = programOf(queues as Pipeline<any, any, any, any, any>)?.ir as typeof program;
    await applyEntries(
      sw,
      await parseEntries(ir, 'policies port=1 priority=9 -> drop()\npolicies port=1 priority=7 priority=5 -> drop()', 'q'),
    );
    const found: unknown[] = [];
    for await (const { match, priority } of sw.table(queues.ingress.policies).entries()) found.push([match, priority]);
    expect(found).toEqual([
      [{ port: 1 }, 9],
      [{ port: 1, priority: 7 }, 5],
    ]);
  });

  test('what the switch refuses is told with its line, and the rest is written', async () => {
    await using sw = await simulate(example);
    const text = ['kinds isIpv4=true -> drop', 'kinds isIpv4=true -> drop', 'kinds isIpv4=false -> drop'].join('\n');
    const refused = await applyEntries(sw, await parse(text)).catch((error: DiagnosticError) => error.diagnostics);
    expect(refused?.map((d) => [d.code, d.loc.line])).toEqual([['entry-refused', 2]]);
    const found: unknown[] = [];
    for await (const { match } of sw.table(example.ingress.kinds).entries()) found.push(match.isIpv4);
    expect(found.sort()).toEqual([false, true]);
  });
});

test('a selector takes an action as a set of one; an action profile takes none', async () => {
  const { ir } = programOf(services) as NonNullable<ReturnType<typeof programOf>>;
  const sw = await simulate(services);
  await applyEntries(sw, await parseEntries(ir, 'spread kind=1 -> send(port=5)', 'f'));
  expect((await sw.send(1, frame('spread', 1))).map((o) => o.port)).toEqual([5]);
  await sw.close();
  const error = await parseEntries(ir, '\nnext kind=0x80/1 -> send(port=5)', 'f').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DiagnosticError);
  expect((error as DiagnosticError).diagnostics).toMatchObject([{ code: 'entries-profile', loc: { file: 'f', line: 2, column: 1 } }]);
});

test('a document is written in the order that its entries need, whatever its own', async () => {
  const { ir } = programOf(services) as NonNullable<ReturnType<typeof programOf>>;
  await using sw = await simulate(services);
  const text = `tables:
  spread:
    - { match: { kind: 1 }, group: 1 }
    - { match: { kind: 2 }, member: 9 }
  initial: [{ match: { kind: 7 }, action: send, params: { port: 1 } }]
profiles:
  paths:
    groups: { 1: [{ member: 4, weight: 2 }] }
    members: { 4: { action: send, params: { port: 5 } } }
cloneSessions: { 3: [1, 1] }
`;
  const refused = await applyEntries(sw, await parseEntries(ir, text, 'entries.yaml')).catch((e: DiagnosticError) => e.diagnostics);
  // No such member, an entry that the program has already, and a clone session with the same replica twice; each with its line.
  expect(refused?.map((d) => [d.code, d.loc.line])).toEqual([
    ['entry-refused', 4],
    ['entry-refused', 5],
    ['entry-refused', 10],
  ]);
  expect((await sw.send(1, frame('spread', 1))).map((o) => o.port)).toEqual([5]);
});

describe('mistakes', () => {
  test.each<[string, string[]]>([
    ['routes4 dst=10.0.0.0/8', ['1:23 entries-syntax: Expected "->", found the end of the line.']],
    ['routes4 dst= -> drop', ['1:14 entries-syntax: Expected a value, found "->".']],
    ['routes4 dst -> drop', ['1:13 entries-syntax: Expected "=", found "->".']],
    ['-> drop', ['1:1 entries-syntax: Expected a name, found "->".']],
    ['default routes4 drop', ['1:17 entries-syntax: Expected "->", found "drop".']],
    ['multicast 1: 2,', ['1:16 entries-syntax: Expected a name, found the end of the line.']],
    ['routes4 dst=10.0.0.0/8 -> forward(port=1', ['1:41 entries-syntax: Expected ")", found the end of the line.']],
    ['routes4 dst=10.0.0.0/8 -> drop() drop', ['1:34 entries-syntax: Expected the end of the line, found "drop".']],
    ['routes4 @ -> drop', ['1:9 entries-syntax: Expected a name or "->", found "@".']],
    ['route4 dst=10.0.0.0/8 -> drop', ['1:1 entry-unknown: the pipeline: there is no table "route4"; did you mean "routes4"?']],
    ['acl dst=1 -> drop', ['1:1 entries-ambiguous: "acl" can be more than one table: ingress.acl, egress.acl.']],
    ['routes4 dest=10.0.0.0/8 -> drop', ['1:9 entry-unknown: table ingress.routes4: there is no key "dest"; did you mean "dst"?']],
    [
      'routes4 ttl=1 -> drop',
      [
        '1:1 entry-missing: table ingress.routes4: the key dst is missing.',
        '1:9 entry-unknown: table ingress.routes4: there is no key "ttl".',
      ],
    ],
    [
      'routes6 dst=2001:db8::/32 -> forward(prt=1)',
      [
        '1:30 entry-missing: action ingress.forward: the parameter nextHop is missing.',
        '1:38 entry-unknown: action ingress.forward: there is no parameter "prt"; did you mean "port"?',
      ],
    ],
    ['routes4 dst=10.0.0.1 -> drop', ['1:13 entry-value: key dst: "10.0.0.1" is not an IPv4 prefix such as 10.0.0.0/8.']],
    ['routes4 dst=10.0.0.0/33 -> drop', ['1:13 entry-value: key dst: prefix length 33 is not between 0 and 32.']],
    ['routes4 dst=10.0.0.0/8 dst=11.0.0.0/8 -> drop', ['1:24 entries-twice: The key dst is given twice.']],
    [
      'routes4 dst=10.0.0.0/8 priority=1 -> drop',
      ['1:24 entry-priority: table ingress.routes4: the entry has a priority, but no key is ternary, range or optional.'],
    ],
    [
      'ingress.acl protocol=6 -> drop',
      [
        '1:1 entry-priority: table ingress.acl: the entry needs a priority above 0, since a key is ternary, range or optional; the highest wins.',
      ],
    ],
    [
      'ingress.acl protocol=300 ttl=5..2 priority=0 -> drop',
      [
        '1:22 entry-value: key protocol: 300 does not fit bit<8>; the largest value is 255.',
        '1:30 entry-value: key ttl: the low end 5 is above the high end 2.',
        '1:44 entry-priority: table ingress.acl: the entry needs a priority above 0, since a key is ternary, range or optional; the highest wins.',
      ],
    ],
    [
      'routes6 dst=2001:db8::/32 -> forwrd(port=1)',
      ['1:30 entry-unknown: table ingress.routes6: there is no action "forwrd"; did you mean "forward"?'],
    ],
    ['routes6 dst=2001:db8::/32 -> flood(group=1)', ['1:30 entry-unknown: table ingress.routes6: there is no action "flood".']],
    [
      'routes6 dst=2001:db8::/32 -> forward(prt=1, port=512)',
      [
        '1:30 entry-missing: action ingress.forward: the parameter nextHop is missing.',
        '1:38 entry-unknown: action ingress.forward: there is no parameter "prt"; did you mean "port"?',
        '1:50 entry-value: parameter port: 512 does not fit bit<9>; the largest value is 511.',
      ],
    ],
    ['kinds isIpv4=yes -> drop', ['1:14 entry-value: key isIpv4: "yes" is not a number.']],
    ['multicast x: 1', ['1:11 entry-value: multicast group: "x" is not a number.']],
    [
      'multicast 1: 1, 600, 1',
      ['1:17 entry-value: port: 600 does not fit bit<9>; the largest value is 511.', '1:22 entries-twice: The port 1 is given twice.'],
    ],
  ])('%s', async (line, expected) => {
    expect(await mistakes(line)).toEqual(expected);
  });

  test('all lines are read, whatever is wrong in one', async () => {
    const found = await mistakes(
      'rutes4 dst=1.0.0.0/8 -> drop\nroutes4 dst=\nroutes4 dst=1.0.0.0/8 -> drop\nroutes4 dst=300.0.0.0/8 -> drop\n',
    );
    expect(found.map((m) => m.split(' ', 2).join(' '))).toEqual(['1:1 entry-unknown:', '2:13 entries-syntax:', '4:13 entry-value:']);
  });
});
