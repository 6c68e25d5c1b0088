/** STF on pipelines: what passes, what fails and how it is told. */
import { join } from 'node:path';
import { bit, exact, header, lpm, pipeline, port, ternary } from 'p4ts';
import { loadP4 } from 'p4ts/p4';
import { describe, expect, test } from 'vitest';
import { Diagnostics } from '../../compiler/support/diagnostics.js';
import { parseStf } from '../../runtime/stf/parse.js';
import { runStf, type StfReport } from '../../runtime/stf/run.js';
import { folderWith } from '../support/folders.js';

const H = header('h_t', { kind: bit(8), value: bit(16) });

/** What `kind` says is done with the packet: 1 is looked up, 2 is multicast, 3 is forwarded and mirrored; registers and counters see it. */
const lab = pipeline('lab', {
  headers: { h: H },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.h);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const send = ctl.action('send', { port, value: bit(16) }, (c, a) => {
      c.forward(a.port);
      c.set(hdr.h.value, a.value);
    });
    const routes = ctl.table('routes', { key: { value: lpm(hdr.h.value) }, actions: [send, drop], default: drop(), counter: 'both' });
    const acl = ctl.table('acl', { key: { value: ternary(hdr.h.value) }, actions: [send, drop] });
    const exactly = ctl.table('exactly', {
      key: { kind: exact(hdr.h.kind), value: exact(hdr.h.value) },
      actions: [send],
      restrict: (k) => k.kind.ne(0xfe),
    });
    const kinds = ctl.counter('kinds', { size: 4, unit: 'both' });
    const seen = ctl.register('seen', bit(32), 4);
    ctl.apply((c) => {
      const { kind } = hdr.h;
      const index = kind.as(bit(32));
      c.count(kinds, index);
      c.update(seen, index, (v) => ({ next: v.add(1) }));
      c.if(kind.eq(1), () => c.apply(routes))
        .elseif(kind.eq(2), () => c.multicast(7))
        .elseif(kind.eq(3), () => {
          c.forward(3);
          c.mirror(5);
        })
        .elseif(kind.eq(4), () => c.apply(acl))
        .else(() => c.apply(exactly));
    });
    return { routes, acl, exactly, send, drop, kinds, seen };
  },
  deparser: (d, { hdr }) => d.emit(hdr.h),
});

function run(text: string): Promise<StfReport> {
  const diagnostics = new Diagnostics();
  const statements = parseStf(text, 'x.stf', diagnostics);
  expect(diagnostics.list).toEqual([]);
  return runStf(lab, statements);
}
const told = ({ failures }: StfReport): string[] =>
  failures.map(({ diagnostic: d, trace }) => `${d.loc.line}:${d.loc.column} ${d.code}: ${d.message}${trace ? ' [traced]' : ''}`);

test('prefixes, masks by digits, priorities, omitted keys and defaults', async () => {
  const report = await run(`
    ADD ingress.routes value:0x0a** send(port:1, value:0x1111)
    add routes value:0x0a01/16 send(port:2, value:0x2222)
    packet 9 01 0a01 ff
    expect 2 01 2222 ff $
    packet 9 01 0a02
    expect 1 01 1111 $
    packet 9 01 0b00
    no_packet
    setdefault routes send(port:4, value:0b101)
    packet 9 01 0b00
    expect 4 010005
    # 0x1 covers four bits; the higher priority wins
    add acl 1 value:0x1 send(port:5, value:0)
    add acl 2 value:0x**01 send(port:6, value:0)
    packet 9 04 ffe1
    expect 5
    packet 9 04 ff01
    expect 6 04 **** $
    # what is left out of an exact key is 0
    add exactly kind:9 send(port:7, value:1)
    packet 9 09 0000
    expect 7 09 0001
    packet 9 09 0001
    no_packet
    wait
    remove all
    packet 9 04 ff01
    no_packet`);
  expect(told(report)).toEqual([]);
  expect(report).toMatchObject({ packets: 9, expected: 6 });
});

test('copies as BMv2 makes them: nodes with handles, sessions to ports and to groups', async () => {
  const report = await run(`
    mc_mgrp_create 7
    mc_node_create 400 1 2
    mc_node_create 401 3
    mc_node_associate 7 0
    packet 9 02 0000
    expect 1 020000
    expect 2 020000
    mc_node_associate 7 1
    mc_node_update 0 1
    packet 9 02 0001
    expect 1 020001
    expect 3 020001
    mirroring_add 5 8
    packet 9 03 0002
    expect 3 030002
    expect 8 030002
    mirroring_add_mc 5 7
    packet 9 03 0003
    expect 1 030003
    expect 3 03****
    expect 3 030003
    mirroring_delete 5
    packet 9 03 0004
    expect 3 030004`);
  expect(told(report)).toEqual([]);
});

test('registers, counters and entries with names', async () => {
  const report = await run(`
    add routes value:0x0000/0 send(port:1, value:0) = all
    register_write ingress.seen 1 100
    packet 9 01 0000 aa
    packet 9 01 0000
    expect 1
    expect 1
    register_read seen 1
    counter_read kinds 1
    check_counter kinds(1) packets == 2
    check_counter kinds(1) bytes > 6
    check_counter routes($all) bytes == 7
    counter_write kinds 2 10 1000
    check_counter kinds(2) packets >= 11
    register_reset seen
    register_read seen`);
  expect(told(report)).toEqual(['14:5 stf-counter: The counter kinds(2) has 10 packets, which is not >= 11. [traced]']);
  expect(report.shown).toEqual(['register_read seen 1: 102', 'counter_read kinds 1: 2 packets, 7 bytes', 'register_read seen: 0, 0, 0, 0']);
});

describe('what fails', () => {
  const routed = 'add routes value:0/0 send(port:1, value:0x1234)\npacket 9 01 0000 aabb\n';

  test.each([
    ['expect 1 01 1235', 'stf-differs: The packet on port 1 is not the expected one: digit 5 (byte 2) is 4, and 5 is expected.'],
    ['expect 1 01 1234 $', 'stf-differs: The packet on port 1 is not the expected one: it has 5 bytes, and exactly 3 are expected.'],
    ['expect 1 01 1234 aabb 00', 'stf-differs: The packet on port 1 is not the expected one: it has 5 bytes, and 6 are expected.'],
    ['expect 1\nexpect 1\nexpect 1', 'stf-missing: A packet is missing on port 1: 3 are expected, and only 1 came.'],
    ['expect 1\npacket 9 01 0000\npacket 1 01', 'stf-extra: An unexpected packet came out of port 1, where 1 are expected: 011234.'],
    ['expect 1\nno_packet', 'stf-unexpected: The previous packet must be dropped, but 1 came out.'],
  ])('%j', async (text, message) => {
    const [first, ...others] = told(await run(routed + text));
    expect(first).toContain(message);
    expect(first).toContain('[traced]');
    expect(others).toEqual([]);
  });

  test('packets on ports that the file does not name are not looked at', async () => {
    expect(told(await run(routed))).toEqual([]);
  });

  test.each([
    ['add rutes value:0 drop()', '1:5 entry-unknown: the program: there is no table "rutes"; did you mean "routes"?'],
    ['add routes walue:0 drop()', '1:12 entry-unknown: table ingress.routes: there is no key "walue"'],
    ['add routes xyz:0 drop()', '1:12 entry-unknown: table ingress.routes: there is no key "xyz".'],
    ['add routes value:0 fall()', '1:20 entry-unknown: table ingress.routes: there is no action "fall".'],
    ['add routes value:0 send(prot:1)', '1:25 entry-unknown: action ingress.send: there is no parameter "prot"'],
    ['add exactly kind:0x* send(port:1, value:0)', '1:18 entry-value'],
    ['add exactly kind:0x100 send(port:1, value:0)', '1:1 entry-value'],
    [
      'add exactly kind:0xfe value:1 send(port:1, value:0)',
      '1:1 entry-restricted: table ingress.exactly: an entry must satisfy `kind != 254`',
    ],
    ['packet 1 0*', '1:1 bad-packet-hex'],
    ['packet 1 012', '1:1 bad-packet-hex'],
    ['mc_node_associate 1 0', '1:1 stf-unknown: There is no node 0 yet:'],
    ['mc_node_create 1 1\nmc_node_associate 3 0', '2:1 stf-unknown: There is no multicast group 3 yet:'],
    ['register_read sean 1', '1:15 entry-unknown'],
    ['register_read', '1:1 stf-command'],
    ['register_read seen 99', '1:1 entry-refused'],
    ['check_counter routes($none) packets == 1', '1:22 entry-unknown'],
  ])('%j is told with its place, and the rest is run', async (text, message) => {
    const report = await run(`${text}\npacket 9 01 0000`);
    expect(told(report)[0]).toContain(message);
    expect(report.packets).toBe(1);
  });
});

test.each([
  ['forward 1', 1, 1, '"forward"'],
  ['expect', 1, 7, 'the end of the line'],
  ['packet 1 00zz', 1, 12, '"zz"'],
  ['add routes value:0 send(port:1', 1, 31, 'the end of the line'],
  ['add routes value: send()', 1, 19, '"send"'],
])('%j is no STF', (text, line, column, found) => {
  const diagnostics = new Diagnostics();
  expect(parseStf(`${text}\nwait`, 'x.stf', diagnostics)).toHaveLength(1);
  expect(diagnostics.list).toMatchObject([{ code: 'stf-syntax', loc: { line, column } }]);
  expect(diagnostics.list[0]?.message).toContain(`found ${found}`);
});

describe('as p4testgen writes tests', () => {
  const program = `
#include <core.p4>
#include <v1model.p4>
@p4runtime_translation("", string) type bit<8> name_t;
@p4runtime_translation("", string) @p4runtime_translation_mappings({ {"one", 1} }) type bit<9> named_port_t;
@p4runtime_translation("", 32) type bit<9> wide_port_t;
@controller_header("packet_in") header in_t { bit<8> x; }
@controller_header("packet_out") header out_t { bit<8> x; }
header h_t { name_t name; bit<8> some; bit<8> low; bit<16> spec; }
struct H { h_t h; in_t i; out_t o; }
struct M { }
parser P(packet_in p, out H h, inout M m, inout standard_metadata_t s) { state start { p.extract(h.h); transition accept; } }
control V(inout H h, inout M m) { apply { } }
control I(inout H h, inout M m, inout standard_metadata_t s) {
  action named(named_port_t port) { s.egress_spec = (bit<9>) port; }
  action wide(wide_port_t port) { s.egress_spec = (bit<9>) port; }
  table t {
    key = { h.h.name: exact @name("name"); h.h.some: optional @name("some"); h.h.low: range @name("low"); }
    actions = { named; wide; NoAction; }
    default_action = NoAction();
  }
  apply { s.egress_spec = h.h.spec[8:0]; t.apply(); }
}
control E(inout H h, inout M m, inout standard_metadata_t s) { apply { } }
control C(inout H h, inout M m) { apply { } }
control D(packet_out p, in H h) { apply { p.emit(h); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;`;

  const stf = async (text: string): Promise<string[]> => {
    const diagnostics = new Diagnostics();
    const statements = parseStf(text, 'x.stf', diagnostics);
    expect(diagnostics.list).toEqual([]);
    const folder = folderWith({ 'p.p4': program });
    return told(await runStf((await loadP4(join(folder, 'p.p4'))) as never, statements));
  };

  test('numbers where P4Runtime has text or other numbers, wildcards of optional keys and of ranges', async () => {
    expect(
      await stf(`
        add "I.t" 1 "name":0x07 "some":0b******** "low":0x1* "I.named"("port":0x0005)
        add t 2 name:7 some:0x22 low:0b******** wide(port:0x1fe)
        packet 0 07 33 10 0001
        expect 5 07 33 10 0001 $
        packet 0 07 33 20 0001
        expect 1 07 33 20 0001$
        packet 0 07 22 ff 0001
        expect 510 0722ff0001$`),
    ).toEqual([]);
    expect(
      await stf('add t 1 name:7 some:0x2* named(port:1)\nadd t 1 name:0x** named(port:1)\nadd t 1 name:1 low:0x*1 named(port:1)'),
    ).toEqual([
      '1:21 entry-value: table I.t, key some: 0x2* is not one value.',
      '2:14 entry-value: table I.t, key name: 0x** is not one value.',
      '3:20 entry-value: table I.t, key low: 0x*1 is not one value.',
    ]);
  });

  test('packets arrive at every port of 9 bits, and leave by all but 511, also in programs with headers for a controller', async () => {
    expect(
      await stf(`
        packet 511 00 00 00 01fe
        expect 510 00 00 00 01fe $
        packet 510 00 00 00 01ff
        no_packet
        packet 0 00 00 00 0000
        expect 0`),
    ).toEqual([]);
  });
});
