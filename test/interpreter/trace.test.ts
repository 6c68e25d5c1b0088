import { describe, expect, test } from 'vitest';
import { formatLoc } from '../../compiler/support/diagnostics.js';
import { renderTrace } from '../../runtime/data-plane/render-trace.js';
import { summarizeTrace } from '../../runtime/data-plane/summarize-trace.js';
import { allEvents, type Trace, type TraceEvent } from '../../runtime/data-plane/trace.js';
import { Interpreter } from '../../runtime/interpreter/index.js';
import { fromHex } from '../support/packets.js';
import { placeOf, router } from '../support/router.js';
import { v1modelProgram, v1modelSource } from '../support/v1model-runs.js';

const ipv4 = '080000000111 080000000222 0800 45000073 00004000 4011b861 c0a80001 c0a800c7';

function trace(target: Interpreter, hex: string, port = 1): Trace {
  const result = target.process({ port, bytes: fromHex(hex), timestampNs: 5n, trace: true });
  return result.trace as Trace;
}
function routes(): Interpreter {
  const target = new Interpreter(router);
  const matches = [{ kind: 'lpm', value: 0xc0a80000n, prefixLength: 16 }] as const;
  target.state.write([
    {
      kind: 'insert',
      table: 'ingress.routes4',
      entry: { matches, priority: 0, action: { name: 'ingress.forward', args: [0x080000000333n, 2n] } },
    },
  ]);
  return target;
}
const all = <K extends TraceEvent['kind']>(of: Trace, kind: K) =>
  [...allEvents(of.events)].filter((e): e is Extract<TraceEvent, { kind: K }> => e.kind === kind);

describe('a forwarded packet', () => {
  const seen = trace(routes(), ipv4);

  test('the packet, the states and what was extracted', () => {
    expect(seen).toMatchObject({ program: 'program', port: 1, timestampNs: '5', bytes: ipv4.replace(/ /g, '') });
    expect(all(seen, 'state').map((e) => e.name)).toEqual(['start', 'ipv4']);
    const [ethernet] = all(seen, 'extract');
    expect(ethernet).toMatchObject({ header: 'hdr.ethernet', length: 112 });
    expect(ethernet?.fields[0]).toEqual({ name: 'dst', value: `${0x080000000111}` });
    expect(all(seen, 'transition')[0]).toMatchObject({
      on: [{ name: 'hdr.ethernet.etherType', value: '2048' }],
      next: 'ipv4',
    });
  });
  test('the table with its key, the entry that matched, and the action with its arguments', () => {
    expect(all(seen, 'apply')).toMatchObject([
      {
        table: 'ingress.routes4',
        hit: true,
        keys: [
          {
            name: 'dst',
            match: 'lpm',
            value: `${0xc0a800c7}`,
            format: 'ipv4',
            entry: { kind: 'lpm', value: `${0xc0a80000}`, prefixLength: 16 },
          },
        ],
        action: {
          name: 'ingress.forward',
          args: [
            { name: 'dst', value: `${0x080000000333}` },
            { name: 'port', value: '2' },
          ],
        },
        loc: placeOf('routes4.apply()'),
      },
    ]);
  });
  test('branches, assignments, checksums, the decision and the output', () => {
    expect(all(seen, 'branch').map((e) => [e.condition, e.taken])).toEqual([
      ['valid(hdr.ipv4) && (standard_metadata.checksum_error == 0)', true],
      ['hdr.ipv4.ttl > 1', true],
    ]);
    expect(all(seen, 'assign')[0]).toEqual({
      kind: 'assign',
      target: 'hdr.ipv4.ttl',
      old: { value: '64' },
      new: { value: '63' },
      loc: placeOf('hdr.ipv4.ttl = '),
    });
    expect(all(seen, 'assign')[1]).toMatchObject({ target: 'standard_metadata.egress_spec', meaning: 'to port 2' });
    expect(all(seen, 'checksum').map((e) => [e.outcome, e.stored, e.computed])).toEqual([
      ['ok', `${0xb861}`, `${0xb861}`],
      ['updated', `${0xb861}`, `${0xb961}`],
    ]);
    expect(all(seen, 'traffic-manager')).toEqual([
      { kind: 'traffic-manager', action: 'unicast', port: 2, loc: placeOf('standard_metadata.egress_spec = ') },
    ]);
    expect(all(seen, 'emit').map((e) => e.header)).toEqual(['hdr.ethernet', 'hdr.ipv4']);
    expect(all(seen, 'send')[0]).toMatchObject({ port: 2, bytes: '080000000333080000000111080045000073000040003f11b961c0a80001c0a800c7' });
  });
  test('as text: values as people write them, and where each line comes from', () => {
    const lines = renderTrace(seen).split('\n');
    expect(lines[0]).toBe('port 1: 34 bytes received');
    const at = (text: string) => formatLoc(placeOf(text));
    const line = (start: string) =>
      lines
        .find((l) => l.trim().startsWith(start))
        ?.trim()
        .replace(/ {2,}/g, ' | ');
    expect(line('dst=8')).toBe(`dst=${0x080000000111} | src=${0x080000000222} | etherType=2048`);
    expect(line('table')).toBe(`table ingress.routes4: hit -> ingress.forward(dst=08:00:00:00:03:33, port=2) | ${at('routes4.apply()')}`);
    expect(line('dst=192')).toBe('dst=192.168.0.199 matches 192.168.0.0/16');
    expect(line('hdr.ethernet.dst')).toBe(`hdr.ethernet.dst: ${0x080000000111} -> ${0x080000000333} | ${at('hdr.ethernet.dst = ')}`);
    expect(line('checksum hdr.ipv4.checksum up')).toBe(`checksum hdr.ipv4.checksum updated: 0xb861 -> 0xb961 | ${at('update_checksum')}`);
    expect(line('port 2')).toBe('port 2: 34 bytes sent');
  });
  test('in one line', () => {
    expect(summarizeTrace(seen, { cpuPort: 2 })).toMatch(/ -> controller$/);
    expect(summarizeTrace(seen)).toBe('port 1, 34 bytes, ethernet ipv4: routes4 hit forward(dst=08:00:00:00:03:33, port=2) -> port 2');
  });
  test('colours only when asked for', () => {
    expect(summarizeTrace(seen)).not.toContain('\u001b[');
    expect(summarizeTrace(seen, { color: true })).toContain('\u001b[');
    expect(renderTrace(seen)).not.toContain('\u001b[');
    expect(renderTrace(seen, { color: true })).toContain('\u001b[');
  });
});

describe('why a packet was dropped', () => {
  test('a miss: the statement of the default action', () => {
    const seen = trace(new Interpreter(router), ipv4);
    expect(all(seen, 'apply')[0]).toMatchObject({ hit: false, action: { name: 'ingress.drop', args: [] } });
    expect(all(seen, 'drop')).toEqual([{ kind: 'drop', reason: 'dropped in ingress', loc: placeOf('mark_to_drop') }]);
    expect(summarizeTrace(seen)).toBe(
      `port 1, 34 bytes, ethernet ipv4: routes4 miss drop() -> dropped in ingress (${formatLoc(placeOf('mark_to_drop'))})`,
    );
  });
  test('a bad checksum', () => {
    const seen = trace(routes(), ipv4.replace('b861', 'b862'));
    expect(summarizeTrace(seen)).toBe(
      `port 1, 34 bytes, ethernet ipv4: bad checksum hdr.ipv4.checksum -> dropped in ingress (${formatLoc(placeOf('mark_to_drop(standard_metadata);\n    if'))})`,
    );
    expect(renderTrace(seen)).toContain('checksum hdr.ipv4.checksum bad: the packet has 0xb862, computed 0xb861');
  });
  test('a short packet', () => {
    const seen = trace(routes(), ipv4.slice(0, 40));
    expect(all(seen, 'parser-error')).toMatchObject([{ error: 'PacketTooShort' }]);
    expect(all(seen, 'drop')).toMatchObject([{ reason: 'dropped in ingress, after parser error PacketTooShort' }]);
  });
});

test('copies of a multicast, each with what happened to it in egress; ternary entries with mask and priority', async () => {
  const flood = 'std.mcast_grp = group;';
  const dropped = 'mark_to_drop(std);';
  const parts = {
    top: 'header address_t { @format(IPV4_ADDRESS) bit<32> addr; }',
    headers: 'address_t address;',
    start: 'p.extract(h.address); transition accept;',
    locals: `
      action flood(bit<16> group) { ${flood} }
      table acl { key = { h.address.addr: ternary @name("addr") @format(IPV4_ADDRESS); } actions = { flood; NoAction; } }`,
    ingress: 'std.egress_spec = 511; acl.apply();',
    egress: `if (std.egress_port == std.ingress_port) { ${dropped} }`,
  };
  const at = (text: string) => placeOf(text, v1modelSource(parts));
  const target = new Interpreter(await v1modelProgram(parts));
  const matches = [{ kind: 'ternary', value: 0x0a000000n, mask: 0xff000000n }] as const;
  target.state.write([
    { kind: 'insert', table: 'ingress.acl', entry: { matches, priority: 7, action: { name: 'ingress.flood', args: [3n] } } },
    { kind: 'multicast-group', group: 3, replicas: [1, 2].map((port) => ({ port, instance: port * 10 })) },
  ]);
  const seen = trace(target, '0a000001');
  expect(all(seen, 'traffic-manager')).toEqual([{ kind: 'traffic-manager', action: 'multicast', group: 3, loc: at(flood) }]);
  expect(all(seen, 'copy').map((e) => [e.port, e.instance, e.events.at(-1)?.kind])).toEqual([
    [1, 10, 'drop'],
    [2, 20, 'send'],
  ]);
  expect(all(seen, 'drop')).toEqual([{ kind: 'drop', reason: 'dropped in egress', loc: at(dropped) }]);
  const text = renderTrace(seen);
  expect(text).toContain('table ingress.acl: hit, priority 7 -> ingress.flood(group=3)');
  expect(text).toContain('addr=10.0.0.1 matches 10.0.0.0 &&& 255.0.0.0');
  expect(summarizeTrace(seen)).toBe(
    `port 1, 4 bytes, address: acl hit flood(group=3) -> dropped in egress (${formatLoc(at(dropped))}) and port 2`,
  );

  target.state.write([{ kind: 'multicast-group', group: 3 }]);
  expect(summarizeTrace(trace(target, '0a000001'))).toContain(`-> dropped: multicast group 3 has no replicas (${formatLoc(at(flood))})`);
});

test('what an entry asks of a condition is a condition', async () => {
  const program = await v1modelProgram({
    start: 'p.extract(h.k); transition accept;',
    locals: `
      action seen() { std.egress_spec = 1; }
      table t { key = { h.k.isValid(): exact @name("present"); } actions = { seen; } const entries = { true: seen(); } }`,
    ingress: 't.apply();',
  });
  expect(renderTrace(trace(new Interpreter(program), '0000'))).toContain('present=true matches true');
});
