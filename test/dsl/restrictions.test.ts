// Constraints and references that pipelines declare: the annotations that they become, and what controllers may write.
import {
  bit,
  bool,
  builtin,
  enumeration,
  exact,
  header,
  ipv4,
  ipv6,
  lpm,
  mac,
  newtype,
  optional,
  pipeline,
  port,
  range,
  tableKey,
  ternary,
  valid,
} from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { P4RuntimeError } from '../../runtime/client/errors.js';
import { embeddedTarget } from '../../runtime/client/target.js';

const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
const Ipv4 = header('ipv4_t', { rest: bit(64), ttl: bit(8), protocol: bit(8), checksum: bit(16), src: ipv4, dst: ipv4 });
const Ipv6 = header('ipv6_t', { rest: bit(64), src: ipv6, dst: ipv6 });
const Kind = enumeration('kind_t', bit(8), { data: 1, control: 2 });
const zone = newtype('zone_t', bit(10), { uri: 'urn:zones', as: bit(16) });
const vrf = newtype('vrf_t', bit(10), { uri: 'urn:vrfs', values: { none: 0, red: 3 } });

const guarded = pipeline('guarded', {
  headers: { ethernet: Ethernet, ip4: Ipv4, ip6: Ipv6 },
  metadata: { kind: Kind, zone, vrf, hop: bit(16), rif: bit(8), group: bit(16) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const forward = ctl.action('forward', { port, nextHop: mac }, (c, a) => c.forward(a.port), {
      restrict: (a) => [a.port.ne(511), a.nextHop.ne('00:00:00:00:00:00')],
    });
    const rifs = ctl.table('rifs', { key: { id: exact(meta.rif) }, actions: [forward, drop] });
    const via = ctl.action('via', { rif: bit(8) }, (c, a) => c.set(meta.rif, a.rif), { refersTo: { rif: tableKey(rifs, 'id') } });
    const hops = ctl.table('hops', { key: { id: exact(meta.hop) }, actions: [via] });
    const hop = ctl.action('hop', { id: bit(16) }, (c, a) => c.set(meta.hop, a.id), { refersTo: { id: [tableKey(hops, 'id')] } });
    const flood = ctl.action('flood', { group: bit(16) }, (c, a) => c.multicast(a.group), {
      restrict: ({ group }) => group.gt(0),
      refersTo: { group: builtin.multicastGroup },
    });
    const acl = ctl.table('acl', {
      key: {
        isIpv4: optional(valid(hdr.ip4)),
        etherType: ternary(hdr.ethernet.etherType),
        src: ternary(hdr.ip4.src),
        dst: lpm(hdr.ip4.dst),
        dst6: ternary(hdr.ip6.dst),
        mac: ternary(hdr.ethernet.dst),
        ttl: range(hdr.ip4.ttl),
        kind: exact(meta.kind),
        zone: exact(meta.zone),
      },
      actions: [hop, flood, drop],
      restrict: (k, entry) => [
        k.etherType.eq(0x86dd).not().or(k.src.mask.eq(0)),
        k.src.mask.ne(0).and(k.dst.prefixLength.ge(8)).implies(k.isIpv4.eq(true)),
        k.dst.value.ne('255.255.255.255').and(k.src.ne('10.0.0.1')),
        k.dst6.value.le('2001:db8::1').or(k.mac.eq('08:00:00:00:01:11')).or(k.mac.mask.eq(-1)),
        k.ttl.low.ge(1).and(k.ttl.high.lt(255)),
        k.kind.eq('data').or(k.zone.lt(300)),
        entry.priority.lt(1000),
        k.etherType.mask.ne(0xf0f0),
        k.kind.ne('data').implies(k.zone.ne(7).implies(k.ttl.low.eq(k.ttl.high))),
      ],
    });
    const routes = ctl.table('routes', {
      key: { vrf: exact(meta.vrf), hop: optional(meta.hop) },
      actions: [drop],
      refersTo: { hop: tableKey(hops, 'id') },
    });
    const outlets = ctl.table('outlets', {
      key: { port: exact(meta.group) },
      actions: [drop],
      referredBy: { port: builtin.replicaPort },
      annotations: { size_hint: 4 },
    });
    ctl.apply((c) => {
      c.apply(acl);
      c.apply(hops);
      c.apply(rifs);
      c.apply(routes);
      c.apply(outlets);
    });
    return { acl, hops, rifs, routes, outlets, drop, forward, via, hop, flood };
  },
  deparser: (d, { hdr }) => d.emit(hdr.ethernet),
});
const program = programOf(guarded)?.ir;
if (!program) throw new Error('no program');
const { p4info } = await embeddedTarget.configure(program);
const annotationsOf = (alias: string) => [...p4info.tables, ...p4info.actions].find(({ preamble }) => preamble.alias === alias);

describe('what they become', () => {
  test('S15: conditions, with as few parentheses as there can be', () => {
    expect(annotationsOf('acl')?.preamble.annotations).toEqual([
      `@entry_restriction("
    !(etherType == 0x86dd) || src::mask == 0;
    src::mask != 0 && dst::prefix_length >= 8 -> isIpv4 == 1;
    dst::value != ipv4('255.255.255.255') && src != ipv4('10.0.0.1');
    dst6::value <= ipv6('2001:db8::1') || mac == mac('08:00:00:00:01:11') || mac::mask == -1;
    ttl::low >= 1 && ttl::high < 255;
    kind == 1 || zone < 0x12c;
    ::priority < 1000;
    etherType::mask != 0xf0f0;
    kind != 1 -> (zone != 7 -> ttl::low == ttl::high);
  ")`,
    ]);
    expect(annotationsOf('forward')?.preamble.annotations).toEqual([
      `@action_restriction("\n    port != 0x1ff;\n    nextHop != mac('00:00:00:00:00:00');\n  ")`,
    ]);
    expect(annotationsOf('flood')?.preamble.annotations).toEqual(['@action_restriction("group > 0")']);
  });

  test('S16: references', () => {
    const [hop, flood] = ['hop', 'flood'].map((alias) => p4info.actions.find((a) => a.preamble.alias === alias)?.params[0]?.annotations);
    expect([hop, flood]).toEqual([['@refers_to(hops , id)'], ['@refers_to(builtin : : multicast_group_table , multicast_group_id)']]);
    const keys = (alias: string) => p4info.tables.find((t) => t.preamble.alias === alias)?.match_fields.map((k) => k.annotations);
    expect(keys('routes')).toEqual([undefined, ['@refers_to(hops , id)']]);
    expect(keys('outlets')).toEqual([['@referenced_by(builtin : : multicast_group_table , replica . port)']]);
    expect(annotationsOf('outlets')?.preamble.annotations).toEqual(['@size_hint(4)']);
  });
});

describe('controllers', () => {
  const { acl, hops, rifs, drop, forward, via, hop, flood } = guarded.ingress;
  const good = { match: { dst: '10.0.0.0/8', kind: 'control', zone: 7, ttl: { low: 1, high: 9 } }, priority: 5 } as const;

  test('an entry that breaks a condition is not sent', async () => {
    await using sw = await simulate(guarded);
    const table = sw.table(acl);
    const why = async (...entries: Parameters<typeof table.insert>): Promise<string> => {
      const error = await table.insert(...entries).then(
        () => 'taken',
        (e: unknown) => e,
      );
      return error instanceof DiagnosticError ? (error.diagnostics[0]?.message ?? '') : String(error);
    };
    expect(await why({ ...good, match: { ...good.match, src: '10.0.0.0' }, action: drop() })).toBe(
      'table ingress.acl: an entry must satisfy `src::mask != 0 && dst::prefix_length >= 8 -> isIpv4 == 1`, and this one has isIpv4=*, src=10.0.0.0 &&& 0xffffffff, dst=10.0.0.0/8.',
    );
    expect(await why({ ...good, priority: 1000, action: drop() })).toContain(
      'must satisfy `::priority < 1000`, and this one has priority 1000',
    );
    expect(await why({ ...good, action: flood({ group: 0 }) })).toContain(
      'action ingress.flood: a call must satisfy `group > 0`, and this one has group=0',
    );
    expect(await why({ ...good, action: drop() })).toBe('taken');
  });

  test('reconcile writes what is referred to first, and deletes it last', async () => {
    await using sw = await simulate(guarded);
    const error = await sw
      .table(acl)
      .insert({ ...good, action: hop({ id: 1 }) })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(P4RuntimeError);
    expect((error as P4RuntimeError).code).toBe('NOT_FOUND');
    const { tableEntries } = await import('p4ts/runtime');
    const desired = [
      tableEntries(acl, [{ ...good, action: hop({ id: 1 }) }]),
      tableEntries(hops, [{ match: { id: 1 }, action: via({ rif: 2 }) }]),
      tableEntries(rifs, [{ match: { id: 2 }, action: forward({ port: 1, nextHop: '02:00:00:00:00:01' }) }]),
    ];
    const { changes } = await sw.reconcile(desired);
    expect(changes.map((c) => c.text.split(' ')[0])).toEqual(['ingress.rifs', 'ingress.hops', 'ingress.acl']);
    await expect(sw.table(rifs).delete({ match: { id: 2 } })).rejects.toThrow(
      'cannot be taken away while entries of ingress.hops refer to it',
    );
    expect((await sw.reconcile([])).changes.map((c) => c.kind)).toEqual(['delete', 'delete', 'delete']);
  });
});

describe('mistakes', () => {
  const one = (restrict: unknown, more: object = {}) => {
    const wrong = pipeline('wrong', {
      headers: { ethernet: Ethernet },
      metadata: { vrf, flag: bool },
      parser: { start: (p) => p.accept() },
      ingress(ctl, { hdr, meta }) {
        const drop = ctl.action('drop', {}, (c) => c.drop());
        const key = { type: exact(hdr.ethernet.etherType), dst: ternary(hdr.ethernet.dst), vrf: optional(meta.vrf) };
        const t = ctl.table('t', { key, actions: [drop], restrict: restrict as never, ...more });
        ctl.apply((c) => c.apply(t));
      },
      deparser: () => undefined,
    });
    const { diagnostics, ir } = programOf(wrong) as NonNullable<ReturnType<typeof programOf>>;
    return (diagnostics.length > 0 ? diagnostics : validate(ir).diagnostics).map((d) => `${d.code} ${d.message}`).join('; ');
  };
  const noKey = (k: any) => k.typ.eq(1);
  const noPart = (k: any) => k.dst.prefixLength.eq(1);
  test.each<[string, unknown, object | undefined, string]>([
    ['a literal that does not fit', (k: any) => k.type.eq(0x10000), undefined, '65536 does not fit bit<16>'],
    ['a key that the table does not have', noKey, undefined, 'k has no "typ"; did you mean "type"?'],
    ['a part that the key does not have', noPart, undefined, 'k.dst has no "prefixLength"'],
    ['a literal of another kind', (k: any) => k.dst.mask.eq({}), undefined, 'a number, or what it is compared with'],
    ['no condition', (k: any) => k.type, undefined, 'a condition of a restriction'],
    ['a JavaScript condition', () => true, undefined, 'a condition of a restriction'],
    ['no function', 'type == 1', undefined, 'a function as `restrict`'],
    ['a reference of no key', undefined, { refersTo: { nope: builtin.multicastGroup } }, 'one of type, dst, vrf'],
    ['a reference to no table', undefined, { refersTo: { type: 'hops' } }, 'what tableKey(table, key) returns'],
  ])('%s', (_, restrict, more, expected) => {
    expect(one(restrict, more)).toContain(expected);
  });
});
