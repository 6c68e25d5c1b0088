/** The extern objects of PSA (version 1.2, §7). */
import { describe, expect, test } from 'vitest';
import type { StateUpdate } from '../../runtime/data-plane/messages.js';
import { note, notes, type Parts, PsaLab, run, toPort } from '../support/psa-lab.js';

const parse = { ingressParser: 'p.extract(hdr.h);' };
/** The note that ingress makes of a value, for a packet that begins with aa bb. */
const inIngress = async (ingressLocals: string, value: string, before = ''): Promise<string | undefined> =>
  notes(await run({ ...parse, ingressLocals, ingress: `${before} ${note(value)} ${toPort(4)}` }))[0]?.slice(2);

describe('hashes', () => {
  // The check values of the CRCs, which are those of "123456789".
  const digits = '72w0x313233343536373839';
  test.each([
    ['CRC32', 32, 'cbf43926'],
    ['CRC32_CUSTOM', 32, 'cbf43926'],
    ['CRC16', 16, 'bb3d'],
    ['CRC16_CUSTOM', 16, 'bb3d'],
    ['TARGET_DEFAULT', 16, 'bb3d'],
    ['IDENTITY', 64, '3132333435363738'],
    ['CRC32', 8, '26'],
  ])('%s in %i bits', async (algorithm, width, expected) => {
    const hash = `Hash<bit<${width}>>(PSA_HashAlgorithm_t.${algorithm}) hash;`;
    expect(await inIngress(hash, 'hash.get_hash({ 8w0x31, 64w0x3233343536373839 })')).toBe(expected);
    expect(await inIngress(hash, `hash.get_hash(${digits})`)).toBe(expected);
  });

  test("the ones' complement sum is that of RFC 1071, §3", async () => {
    expect(await inIngress('Hash<bit<16>>(PSA_HashAlgorithm_t.ONES_COMPLEMENT16) hash;', 'hash.get_hash(64w0x0001f203f4f5f6f7)')).toBe(
      '220d',
    );
  });

  test('with a base and a maximum: base + hash modulo maximum', async () => {
    const hash = 'Hash<bit<16>>(PSA_HashAlgorithm_t.CRC16) hash;';
    // 0xbb3d is 47933.
    expect(await inIngress(hash, `hash.get_hash(16w100, { ${digits} }, 16w1000)`)).toBe((100 + 933).toString(16));
    expect(await inIngress(hash, `hash.get_hash(16w100, { ${digits} }, 16w0)`)).toBe('64');
  });

  test('data that is no whole number of bytes has zeros in front of it', async () => {
    const hash = 'Hash<bit<32>>(PSA_HashAlgorithm_t.IDENTITY) hash;';
    expect(await inIngress(hash, 'hash.get_hash(12w0x456)')).toBe('456');
  });
});

describe('checksums', () => {
  const sum = 'Checksum<bit<16>>(PSA_HashAlgorithm_t.ONES_COMPLEMENT16) sum;';

  test('are those of all data that was added since they were cleared', async () => {
    expect(
      await inIngress(sum, 'result', 'sum.update(32w0x0001f203); sum.update({ 16w0xf4f5, 16w0xf6f7 }); bit<16> result = sum.get();'),
    ).toBe('220d');
    expect(await inIngress(sum, 'result', 'sum.update(32w0x12345678); sum.clear(); bit<16> result = sum.get();')).toBe('ffff');
  });

  test('begin anew for each packet, and each time the control around them is applied', async () => {
    const inner = `control Inner(out bit<16> result) { ${sum} apply { sum.update(16w0x1111); result = sum.get(); } }`;
    const parts: Partial<Parts> = {
      top: inner,
      ingressLocals: 'Inner() inner;',
      ingress: `bit<16> first; bit<16> second; inner.apply(first); inner.apply(second); ${note('first ++ second')} ${toPort(4)}`,
    };
    const lab = await PsaLab.of(parts);
    expect(notes(lab.send().sent)).toEqual(['4:eeeeeeee']);
    expect(notes(lab.send().sent)).toEqual(['4:eeeeeeee']);
  });
});

describe('the Internet checksum', () => {
  const internet = 'InternetChecksum() sum;';
  const get = (before: string): Promise<string | undefined> => inIngress(internet, 'result', `${before} bit<16> result = sum.get();`);

  test('adds, and is the complement of the sum (RFC 1071)', async () => {
    expect(await get('')).toBe('ffff');
    expect(await get('sum.add(64w0x0001f203f4f5f6f7);')).toBe('220d');
    expect(await get('sum.add({ 16w0x0001, 16w0xf203 }); sum.add(32w0xf4f5f6f7);')).toBe('220d');
  });
  test('subtracts what was added (RFC 1624)', async () => {
    expect(await get('sum.add(64w0x0001f203f4f5f6f7); sum.add(16w0x5555); sum.subtract(16w0x5555);')).toBe('220d');
    // The example of RFC 1624, §4: the field 0x5555 becomes 0x3285 under the checksum 0xdd2f, which becomes 0.
    expect(await get('sum.subtract(16w0xdd2f); sum.subtract(16w0x5555); sum.add(16w0x3285);')).toBe('0');
  });
  test('goes on from a state', async () => {
    const state = 'sum.add(32w0x0001f203); bit<16> state = sum.get_state(); sum.clear(); sum.set_state(state); sum.add(32w0xf4f5f6f7);';
    expect(await get(state)).toBe('220d');
    expect(await inIngress(internet, 'state', 'sum.add(32w0x0001f203); bit<16> state = sum.get_state();')).toBe('f204');
  });
});

const exactEntry = (value: bigint, action = 'I.hit'): StateUpdate => ({
  kind: 'insert',
  table: 'I.t',
  entry: { matches: [{ kind: 'exact', value }], priority: 0, action: { name: action, args: [] } },
});
const entryKey = (value: bigint) => ({ matches: [{ kind: 'exact', value } as const], priority: 0 });
/** A table over the first byte, whose property is given, with two actions: one runs the statements. */
const withTable = (locals: string, property: string, hit: string): Partial<Parts> => ({
  ...parse,
  ingressLocals: `${locals} action hit() { ${hit} } action other() { }
    table t { key = { hdr.h.a: exact; } actions = { hit; other; } default_action = hit; ${property} }`,
  ingress: `t.apply(); ${toPort(4)}`,
});

describe('counters', () => {
  test('count packets and their bytes; an index out of range counts nothing', async () => {
    const lab = await PsaLab.of({
      ...parse,
      ingressLocals: 'Counter<bit<64>, bit<8>>(4, PSA_CounterType_t.PACKETS_AND_BYTES) seen;',
      ingress: 'seen.count(hdr.h.a);',
    });
    for (const hex of ['020000', '0200', '0400', 'ff00']) lab.send(hex);
    expect(lab.interpreter.state.readCounter('I.seen')).toEqual([
      ...[0n, 0n].map((packets) => ({ packets, bytes: 0n })),
      { packets: 2n, bytes: 5n },
      { packets: 0n, bytes: 0n },
    ]);
  });

  test('direct ones count where an action calls count, and only there (§7.7.3)', async () => {
    const parts = withTable('DirectCounter<bit<64>>(PSA_CounterType_t.PACKETS) seen;', 'psa_direct_counter = seen;', 'seen.count();');
    const lab = await PsaLab.of(parts, [exactEntry(1n), exactEntry(2n, 'I.other')]);
    for (const hex of ['0100', '0200', '0100', '0300']) lab.send(hex);
    expect(lab.interpreter.state.readDirectCounters('I.t', [entryKey(1n), entryKey(2n)])).toEqual([
      { packets: 2n, bytes: 4n },
      { packets: 0n, bytes: 0n },
    ]);
  });
});

describe('meters', () => {
  const color = 'color == PSA_MeterColor_t.GREEN ? 8w1 : color == PSA_MeterColor_t.YELLOW ? 8w2 : 8w3';
  const config = { cir: 1n, cburst: 1n, pir: 1n, pburst: 2n };
  const indexed = (call: string): Partial<Parts> => ({
    ...parse,
    ingressLocals: 'Meter<bit<8>>(4, PSA_MeterType_t.PACKETS) meter;',
    ingress: `PSA_MeterColor_t color = ${call}; ${note(color)} ${toPort(4)}`,
  });

  test('mark as in RFC 2698: green, yellow, red', async () => {
    const lab = await PsaLab.of(indexed('meter.execute(8w1)'), [{ kind: 'meter', meter: 'I.meter', index: 1, config }]);
    expect([1, 2, 3].flatMap(() => notes(lab.send().sent))).toEqual(['4:1', '4:2', '4:3']);
  });
  test('colour-aware: a packet gets no better colour than it has', async () => {
    const call = (before: string) => indexed(`meter.execute(8w1, PSA_MeterColor_t.${before})`);
    const set: StateUpdate = { kind: 'meter', meter: 'I.meter', index: 1, config };
    const colors = async (before: string): Promise<string[]> => {
      const lab = await PsaLab.of(call(before), [set]);
      return [1, 2, 3].flatMap(() => notes(lab.send().sent));
    };
    expect(await colors('GREEN')).toEqual(['4:1', '4:2', '4:3']);
    expect(await colors('YELLOW')).toEqual(['4:2', '4:2', '4:3']);
    expect(await colors('RED')).toEqual(['4:3', '4:3', '4:3']);
  });
  test('without a configuration all is green', async () => {
    expect(notes(await run(indexed('meter.execute(8w1, PSA_MeterColor_t.RED)')))).toEqual(['4:1']);
    expect(notes(await run(indexed('meter.execute(8w200)')))).toEqual(['4:1']);
  });
  test('direct ones mark with the entry that was hit', async () => {
    const parts = withTable(
      'DirectMeter(PSA_MeterType_t.PACKETS) meter;',
      'psa_direct_meter = meter;',
      `PSA_MeterColor_t color = meter.execute(); ${note(color)}`,
    );
    const lab = await PsaLab.of(parts, [
      exactEntry(1n),
      exactEntry(2n),
      { kind: 'direct-meter', table: 'I.t', entry: entryKey(1n), config },
    ]);
    expect(['01ff', '01ff', '02ff', '01ff', '03ff'].flatMap((hex) => notes(lab.send(hex).sent))).toEqual([
      '4:1',
      '4:2',
      '4:1',
      '4:3',
      '4:1',
    ]);
  });
});

describe('registers', () => {
  test('keep what is written, and begin with the initial value where there is one', async () => {
    const locals = 'Register<bit<16>, bit<8>>(4) plain; Register<bit<16>, bit<8>>(4, 0x1234) given;';
    const body =
      'bit<16> a = plain.read(hdr.h.b); bit<16> b = given.read(hdr.h.b); plain.write(hdr.h.b, a + 1); given.write(hdr.h.b, b + 1);';
    const lab = await PsaLab.of({ ...parse, ingressLocals: locals, ingress: `${body} ${note('a ++ b')} ${toPort(4)}` });
    expect(['0001', '0001', '0002'].flatMap((hex) => notes(lab.send(hex).sent))).toEqual(['4:1234', '4:11235', '4:1234']);
    expect(lab.interpreter.state.readRegister('I.given')).toEqual([0x1234n, 0x1236n, 0x1235n, 0x1234n]);
  });
  test('hold structs, whose first field is in the most significant bits', async () => {
    const lab = await PsaLab.of({
      ...parse,
      top: 'struct inner_t { bool c; int<7> d; } struct cell_t { bit<4> a; inner_t b; }',
      ingressLocals: 'Register<cell_t, bit<8>>(2) cells;',
      ingress: `cell_t cell = cells.read(hdr.h.a); ${note('cell.a ++ (bit<7>) cell.b.d ++ (bit<1>) cell.b.c')} ${toPort(4)}
        cell.a = cell.a + 1; cell.b = { true, cell.b.d - 1 }; cells.write(hdr.h.a, cell);`,
    });
    expect(['01', '01', '01'].flatMap((hex) => notes(lab.send(`${hex}00`).sent))).toEqual(['4:0', '4:1ff', '4:2fd']);
    expect(lab.interpreter.state.readRegister('I.cells')).toEqual([0n, 0x3fdn]);
  });
  test('outside, writing has no effect and reading gives 0', async () => {
    const locals = 'Register<bit<16>, bit<8>>(4, 7) cells;';
    const lab = await PsaLab.of({
      ...parse,
      ingressLocals: locals,
      ingress: `cells.write(4, 1); bit<16> a = cells.read(4); ${note('a')} ${toPort(4)}`,
    });
    expect(notes(lab.send().sent)).toEqual(['4:0']);
    expect(lab.interpreter.state.readRegister('I.cells')).toEqual([7n, 7n, 7n, 7n]);
  });
});

test('random numbers are between their limits, both included', async () => {
  const lab = await PsaLab.of({
    ingressLocals: 'Random<bit<8>>(3, 6) random;',
    ingress: `bit<8> a = random.read(); ${note('a')} ${toPort(4)}`,
  });
  const seen = new Set(Array.from({ length: 200 }, () => notes(lab.send().sent)[0]));
  expect([...seen].sort()).toEqual(['4:3', '4:4', '4:5', '4:6']);
});

describe('digests', () => {
  test('each call makes a message with the values at the call, named after its instance; a dropped packet makes them too', async () => {
    const lab = await PsaLab.of({
      ...parse,
      top: 'struct seen_t { bit<8> a; PortId_t port; } struct other_t { bit<8> b; }',
      ingressDeparserLocals: 'Digest<seen_t>() seen; Digest<other_t>() other;',
      ingressDeparser: 'seen.pack({ hdr.h.a, (PortId_t) 9 }); hdr.h.b = 1; other.pack({ hdr.h.b });',
    });
    const { digests, sent } = lab.send('aabb');
    expect(sent).toEqual([]);
    expect(digests).toEqual([
      { digest: 'ID.seen', values: [0xaan, 9n] },
      { digest: 'ID.other', values: [1n] },
    ]);
  });
});

describe('action profiles and selectors', () => {
  const actions = `action to(PortId_t port) { send_to_port(ostd, port); }`;
  const member = (id: number, port: bigint): StateUpdate => ({
    kind: 'profile-member',
    profile: 'I.ways',
    member: id,
    action: { name: 'I.to', args: [port] },
  });
  const insert = (action: { member: number } | { group: number }): StateUpdate => ({
    kind: 'insert',
    table: 'I.t',
    entry: { matches: [{ kind: 'exact', value: 0xaan }], priority: 0, action },
  });

  test('a profile runs the member that the entry names', async () => {
    const table = `${actions} ActionProfile(8) ways; table t { key = { hdr.h.a: exact; } actions = { to; NoAction; } psa_implementation = ways; }`;
    const parts = { ...parse, ingressLocals: table, ingress: 't.apply();' };
    expect(await run(parts, [member(1, 5n), member(2, 6n), insert({ member: 2 })])).toEqual(['6:aabbcc']);
  });

  test('a selector runs a member of the group by its hash of the keys', async () => {
    const table = `${actions} ActionSelector(PSA_HashAlgorithm_t.IDENTITY, 8, 16) ways;
      table t { key = { hdr.h.a: exact; hdr.h.b: selector; } actions = { to; NoAction; } psa_implementation = ways; }`;
    const lab = await PsaLab.of({ ...parse, ingressLocals: table, ingress: 't.apply();' }, [
      ...[member(1, 5n), member(2, 6n), member(3, 7n)],
      { kind: 'profile-group', profile: 'I.ways', group: 1, members: [1, 2, 3].map((id) => ({ member: id, weight: 1 })) },
      insert({ group: 1 }),
    ]);
    expect(['aa00', 'aa01', 'aa02', 'aa04'].flatMap((hex) => lab.send(hex).sent)).toEqual(['5:aa00', '6:aa01', '7:aa02', '6:aa04']);
  });

  test('tables that share one run its members, whichever of them lists the action', async () => {
    const tables = `${actions} action drop() { ingress_drop(ostd); } ActionProfile(8) ways;
      table t { key = { hdr.h.a: exact; } actions = { to; } psa_implementation = ways; }
      table u { key = { hdr.h.b: exact; } actions = { drop; } psa_implementation = ways; }`;
    const parts = { ...parse, ingressLocals: tables, ingress: 'if (hdr.h.b == 0) { t.apply(); } else { u.apply(); }' };
    const other: StateUpdate = {
      kind: 'insert',
      table: 'I.u',
      entry: { matches: [{ kind: 'exact', value: 1n }], priority: 0, action: { member: 1 } },
    };
    const lab = await PsaLab.of(parts, [member(1, 5n), insert({ member: 1 }), other]);
    expect(['aa00', 'aa01'].flatMap((hex) => lab.send(hex).sent)).toEqual(['5:aa00', '5:aa01']);
  });
});
