/** What BMv2's simple_switch does with a packet around the program's blocks. */
import { describe, expect, test } from 'vitest';
import { onesComplement16 } from '../../runtime/data-plane/hashes.js';
import type { StateUpdate } from '../../runtime/data-plane/messages.js';
import { fromHex } from '../support/packets.js';
import { extractK, group, holds, type Parts, Runs, seen, show } from '../support/v1model-runs.js';

const runs = (parts: Parts, updates: readonly StateUpdate[] = []) => Runs.of({ start: extractK, ...parts }, updates);
const run = async (parts: Parts, hex?: string, updates: readonly StateUpdate[] = []) => (await runs(parts, updates)).send(hex).sent;

const drop = 'mark_to_drop(std);';
const to = (port: number): string => `std.egress_spec = ${port};`;
const multicast = (number: number): string => `std.mcast_grp = ${number};`;

describe('after ingress', () => {
  test('the packet goes to port 0 when nothing decides', async () => {
    expect(await run({})).toEqual(['0:aabbcc']);
  });
  test('egress_spec is the port', async () => {
    expect(await run({ ingress: to(7) })).toEqual(['7:aabbcc']);
  });
  test('port 511 drops', async () => {
    expect(await run({ ingress: to(511) })).toEqual([]);
  });
  test('mark_to_drop drops, also a multicast', async () => {
    expect(await run({ ingress: `${multicast(5)} ${drop}` }, 'aabb', [group(5, 3)])).toEqual([]);
  });
  test('a later egress_spec undoes mark_to_drop', async () => {
    expect(await run({ ingress: `${drop} ${to(4)}` })).toEqual(['4:aabbcc']);
  });
  test('a later mcast_grp undoes mark_to_drop, and comes before egress_spec', async () => {
    expect(await run({ ingress: `${drop} ${multicast(5)}` }, 'aabbcc', [group(5, 3)])).toEqual(['3:aabbcc']);
  });
  test('an unknown multicast group makes no copies', async () => {
    expect(await run({ ingress: `${to(3)} ${multicast(6)}` })).toEqual([]);
  });
});

describe('multicast', () => {
  const replicas = [
    { port: 3, instance: 10 },
    { port: 4, instance: 11 },
    { port: 3, instance: 12 },
  ];
  const groups: StateUpdate[] = [{ kind: 'multicast-group', group: 5, replicas }];
  const ingress = multicast(5);

  test('gives each copy its egress_rid, instance_type 5 and port', async () => {
    const shown = async (field: string) => (await runs({ ingress, egress: show(`std.${field}`) }, groups)).send('aabb').shown;
    expect(await shown('egress_rid')).toEqual([10n, 11n, 12n]);
    expect(await shown('instance_type')).toEqual([5n, 5n, 5n]);
    expect(await shown('egress_port')).toEqual([3n, 4n, 3n]);
  });
  test('copies do not share their headers', async () => {
    expect(await run({ ingress, egress: 'h.k.b = h.k.b + 1;' }, 'aabbcc', groups)).toEqual(['3:aabccc', '4:aabccc', '3:aabccc']);
  });
  test('a copy may be dropped in egress, the others go on', async () => {
    expect(await run({ ingress, egress: `if (std.egress_rid == 11) { ${drop} }` }, 'aabb', groups)).toEqual(['3:aabb', '3:aabb']);
  });
  test('a removed group makes no copies', async () => {
    expect(await run({ ingress }, 'aabb', [...groups, { kind: 'multicast-group', group: 5 }])).toEqual([]);
  });
});

describe('egress', () => {
  test('starts with an egress_spec of 0, and the port in egress_port', async () => {
    const shown = async (field: string) => (await runs({ ingress: to(7), egress: show(`std.${field}`) })).send().shown;
    expect([await shown('egress_spec'), await shown('egress_port')]).toEqual([[0n], [7n]]);
  });
  test('changes no port: neither egress_port nor egress_spec', async () => {
    expect(await run({ ingress: to(7), egress: `std.egress_port = 3; ${to(4)}` })).toEqual(['7:aabbcc']);
  });
  test('drops with mark_to_drop', async () => {
    expect(await run({ ingress: to(7), egress: drop })).toEqual([]);
  });
  test('an exit in ingress ends ingress only', async () => {
    expect(await run({ ingress: `${to(7)} exit; ${drop}`, egress: 'h.k.a = 1;' })).toEqual(['7:01bbcc']);
  });
});

describe('standard metadata', () => {
  test('ingress_port, packet_length and the time in microseconds', async () => {
    const value = async (field: string) =>
      (await runs({ ingress: show(`std.${field}`) })).send('aabbccdd', { port: 300, timestampNs: 1_234_567_891n }).shown[0];
    expect(await Promise.all(['ingress_port', 'packet_length', 'ingress_global_timestamp'].map(value))).toEqual([300n, 4n, 1_234_567n]);
    expect(await Promise.all(['instance_type', 'egress_spec', 'mcast_grp'].map(value))).toEqual([0n, 0n, 0n]);
  });
  test('in egress packet_length counts what setValid added in ingress', async () => {
    const counted = await runs({ ingress: 'h.shown.setValid();', egress: 'h.shown.value = (bit<64>) std.packet_length;' });
    expect(counted.send().shown).toEqual([11n]);
  });
  test('metadata is zero for every packet', async () => {
    const target = await runs({ ingress: `${show('meta.m')} meta.m = 99;` });
    expect([target.send().shown, target.send().shown]).toEqual([[0n], [0n]]);
  });
});

describe('parser errors', () => {
  const two = { top: 'header two_t { bit<16> m; }', headers: 'two_t two;', start: 'p.extract(h.k); p.extract(h.two); transition accept;' };
  /** Whether ingress sees the error, for a packet of three bytes unless it is given. */
  const hasError = (error: string, parts: Parts, hex = 'aabbcc') => holds(`std.parser_error == error.${error}`, '', parts, hex);

  test('a short packet keeps what was extracted; the rest is payload, the extract that failed took nothing', async () => {
    expect(await run({ ...two, ingress: 'h.k.a = 0;' })).toEqual(['0:00bbcc']);
  });
  test('ingress sees the error', async () => {
    expect(await hasError('PacketTooShort', two)).toBe(1n);
    expect(await hasError('NoError', two, 'aabbccdd')).toBe(1n);
  });
  test('checksums are verified all the same', async () => {
    const error = (data: string, target: string) =>
      seen(
        'std.checksum_error',
        '',
        { ...two, verify: `verify_checksum(h.k.isValid(), { ${data} }, ${target}, HashAlgorithm.csum16);` },
        'aabbcc',
      );
    expect(await error('16w1', '16w0')).toBe(1n);
    // The header of the checksum is invalid: skipped.
    expect(await error('h.k.a', 'h.two.m')).toBe(0n);
  });
  test('a select without a match and a transition to reject both accept, without an error', async () => {
    const selecting = (more: string) => ({ start: `p.extract(h.k); transition select(h.k.a) { 1: accept; ${more} }` });
    expect(await hasError('NoError', selecting(''))).toBe(1n);
    expect(await hasError('NoError', selecting('_: reject;'))).toBe(1n);
  });
  test('verify ends the parser with its error', async () => {
    const verified = { start: 'p.extract(h.k); verify(h.k.a == 1, error.HeaderTooShort); transition accept;' };
    expect(await hasError('HeaderTooShort', verified)).toBe(1n);
    expect(await hasError('NoError', verified, '01bb')).toBe(1n);
  });
  test('a loop that never ends is a ParserTimeout', async () => {
    const looping = { start: 'transition again;', states: 'state again { transition select(meta.m) { 1: accept; _: start; } }' };
    expect(await hasError('ParserTimeout', looping)).toBe(1n);
  });
});

describe('checksums', () => {
  test('of the example in RFC 1071 §3', () => {
    expect(onesComplement16(fromHex('0001 f203 f4f5 f6f7'))).toBe(0xffffn - 0xddf2n);
  });
  test('of an IPv4 header, of an odd number of bytes, and of nothing', () => {
    expect(onesComplement16(fromHex('4500 0073 0000 4000 4011 c0a8 0001 c0a8 00c7'))).toBe(0xb861n);
    expect(onesComplement16(fromHex('010203'))).toBe(onesComplement16(fromHex('01020300')));
    expect(onesComplement16(new Uint8Array())).toBe(0xffffn);
  });

  const sums: Parts = {
    top: 'header sum_t { bit<16> sum; }',
    headers: 'sum_t c;',
    start: 'p.extract(h.k); p.extract(h.c); transition accept;',
  };
  const ab = 'h.k.a, h.k.b';
  const verified = (hex: string, data = ab, condition = 'h.k.isValid()') =>
    seen('std.checksum_error', '', { ...sums, verify: `verify_checksum(${condition}, { ${data} }, h.c.sum, HashAlgorithm.csum16);` }, hex);

  test('are verified over the bits in their order', async () => {
    expect([await verified('1234edcb'), await verified('1234edcc')]).toEqual([0n, 1n]);
  });
  test('are not verified when the condition is false', async () => {
    expect(await verified('12340000', ab, 'false')).toBe(0n);
  });
  test('leave out the fields of invalid headers, and pad with zero bits', async () => {
    expect(await verified('1234edcb', 'h.k.a, h.shown.value, h.k.b')).toBe(0n);
    expect(await verified(`1234${(0xffff - 0xf000).toString(16)}`, '4w15')).toBe(0n);
  });
  test('are updated when the condition holds', async () => {
    const update = (header: string) =>
      run({ ...sums, compute: `update_checksum(h.${header}.isValid(), { ${ab} }, h.c.sum, HashAlgorithm.csum16);` }, '12340000ff');
    expect([await update('k'), await update('shown')]).toEqual([['0:1234edcbff'], ['0:12340000ff']]);
  });
});

describe('counters', () => {
  test('count packets and the bytes that came in; an index out of range counts nothing', async () => {
    const target = await runs({
      locals: 'counter(4, CounterType.packets_and_bytes) seen;',
      ingress: `seen.count(2); seen.count(4); ${show('8w1')}`,
    });
    const { state } = target.interpreter;
    target.send('aabbcc');
    target.send('aabbccdd');
    const zero = { packets: 0n, bytes: 0n };
    expect(state.readCounter('ingress.seen')).toEqual([zero, zero, { packets: 2n, bytes: 7n }, zero]);
    state.write([{ kind: 'counter', counter: 'ingress.seen', index: 2, data: { packets: 10n, bytes: 20n } }]);
    target.send('aabb');
    expect(state.readCounter('ingress.seen', 2)).toEqual([{ packets: 11n, bytes: 22n }]);
  });

  test('direct ones count hits, not misses', async () => {
    const target = await runs({
      locals: `
        direct_counter(CounterType.packets_and_bytes) hits;
        action note() {}
        table t {
          key = { h.k.a: exact; }
          actions = { note; NoAction; }
          entries = { 1: note(); }
          counters = hits;
        }`,
      ingress: 't.apply();',
    });
    const { state } = target.interpreter;
    const one = { matches: [{ kind: 'exact', value: 1n }], priority: 0 } as const;
    const two = { matches: [{ kind: 'exact', value: 2n }], priority: 0, action: { name: 'ingress.note', args: [] } } as const;
    state.write([{ kind: 'insert', table: 'ingress.t', entry: two }]);
    for (const hex of ['01bb', '01bbcc', '02bb', '03bb']) target.send(hex);
    const read = () => state.readDirectCounters('ingress.t', [one, two]);
    expect(read()).toEqual([
      { packets: 2n, bytes: 5n },
      { packets: 1n, bytes: 2n },
    ]);
    // Modifying an entry keeps its counter; writing sets it.
    state.write([
      { kind: 'modify', table: 'ingress.t', entry: two },
      { kind: 'direct-counter', table: 'ingress.t', entry: one, data: { packets: 0n, bytes: 0n } },
    ]);
    expect(read()).toEqual([
      { packets: 0n, bytes: 0n },
      { packets: 1n, bytes: 2n },
    ]);
  });
});
