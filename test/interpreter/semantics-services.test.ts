/**
 * The points at which BMv2's behaviour surprises, numbered as in the list of them that the project keeps: externs and
 * tables. What point 40 says about changing declared entries belongs to the switch core.
 */
import { describe, expect, test } from 'vitest';
import type { MatchValue } from '../../compiler/control/match.js';
import type { EntryAction, StateUpdate } from '../../runtime/data-plane/messages.js';
import { events, extractK, type Parts, Runs, seen, show } from '../support/v1model-runs.js';

const runs = (parts: Parts, updates: readonly StateUpdate[] = [], seed = 0) => Runs.of({ start: extractK, ...parts }, updates, seed);
const run = async (parts: Parts, hex?: string) => (await runs(parts)).send(hex).sent;
const shownBy = async (parts: Parts) => (await runs(parts)).send().shown;

describe('externs', () => {
  test('trap 31: verify is skipped for an invalid header or a false condition, update for the condition only', async () => {
    const error = (condition: boolean, target: string) =>
      seen(
        'std.checksum_error',
        '',
        { start: extractK, verify: `verify_checksum(${condition}, { 16w1 }, ${target}, HashAlgorithm.csum16);` },
        'aabbcc',
      );
    expect([await error(true, 'h.k.b'), await error(false, 'h.k.b'), await error(true, 'h.x.v')]).toEqual([1n, 0n, 0n]);
    const compute = (condition: boolean, data: string) =>
      run({ compute: `update_checksum(${condition}, { ${data} }, h.k.b, HashAlgorithm.csum16);` });
    expect([await compute(false, '16w0'), await compute(true, '16w0x0f')]).toEqual([['0:aabbcc'], ['0:aaf0cc']]);
    // The byte of the invalid header is left out: 0x0f is not shifted by it.
    expect(await compute(true, 'h.x.v, 16w0x0f')).toEqual(['0:aaf0cc']);
  });
  test('trap 31: the payload is what was not parsed', async () => {
    const compute = 'update_checksum_with_payload(true, { 8w0 }, h.k.b, HashAlgorithm.xor16);';
    expect(await run({ compute }, 'aabb0f')).toEqual(['0:aa0f0f']);
  });

  const hashed = (algorithm: string, data: string, base: bigint, max: bigint) =>
    seen('meta.m', `hash(meta.m, HashAlgorithm.${algorithm}, 64w${base}, { ${data} }, 64w${max});`);
  const most = (1n << 64n) - 1n;

  test('trap 32: check values of the hashes', async () => {
    const digits = [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39].map((digit) => `8w${digit}`).join(', ');
    const of = (algorithm: string) => hashed(algorithm, digits, 0n, most);
    expect(await Promise.all(['crc16', 'crc16_custom', 'crc32', 'crc32_custom', 'identity'].map(of))).toEqual([
      0xbb3dn,
      0xbb3dn,
      0xcbf43926n,
      0xcbf43926n,
      0x3132333435363738n,
    ]);
    // 0x3132 + 0x3334 + 0x3536 + 0x3738 + 0x3900, carries added, complemented; and the same words xored.
    expect(await Promise.all(['csum16', 'xor16'].map(of))).toEqual([
      BigInt(~(0x3132 + 0x3334 + 0x3536 + 0x3738 + 0x3900 - 0xffff) & 0xffff),
      0x3132n ^ 0x3334n ^ 0x3536n ^ 0x3738n ^ 0x3900n,
    ]);
  });
  test('trap 33: hash gives base + H % max in 64 bits; a max of 0 is as 1', async () => {
    const of = (base: bigint, max: bigint) => hashed('identity', '8w7', base, max);
    expect([await of(10n, 4n), await of(10n, 0n), await of(most, 100n)]).toEqual([13n, 10n, 6n]);
  });

  test('trap 34: registers start at 0; out of range nothing happens, and the destination stays', async () => {
    const cells = await runs({
      meta: 'bit<16> r;',
      locals: 'register<bit<16>>(4) cells;',
      ingress: `meta.r = 0x99; cells.read(meta.r, (bit<32>) h.k.a); ${show('meta.r')} cells.write((bit<32>) h.k.a, 0xbeef);`,
    });
    const { state } = cells.interpreter;
    expect(['0300', '0300', '0400', 'ff00'].map((hex) => cells.send(hex).shown[0])).toEqual([0n, 0xbeefn, 0x99n, 0x99n]);
    expect(state.readRegister('ingress.cells')).toEqual([0n, 0n, 0n, 0xbeefn]);
    state.write([{ kind: 'register', register: 'ingress.cells', index: 3, value: 5n }]);
    const { shown, trace } = cells.send('0300');
    expect([shown, state.readRegister('ingress.cells', 3)]).toEqual([[5n], [0xbeefn]]);
    expect(events(trace, 'register-write')).toMatchObject([
      { register: 'ingress.cells', index: '3', old: { value: '5' }, new: { value: '48879' } },
    ]);
    expect(events(cells.send('0400').trace, 'register-read')[0]).not.toHaveProperty('value');
  });
  test('trap 34: a register of a signed type, and of 200 bits', async () => {
    const value = (1n << 199n) + 7n;
    const written = await runs({
      locals: 'register<int<8>>(1) cells; register<bit<200>>(1) large;',
      ingress: `cells.write(0, -2); large.write(0, 200w${value});`,
    });
    written.send();
    const { state } = written.interpreter;
    expect([state.readRegister('ingress.cells'), state.readRegister('ingress.large')]).toEqual([[0xfen], [value]]);
  });

  test('trap 35: an unconfigured meter is green; the peak bucket comes first; red is 2; bytes are those that arrived', async () => {
    const parts: Parts = {
      meta: 'bit<8> color;',
      locals: 'meter(1, MeterType.bytes) rate;',
      ingress: `h.x.setValid(); rate.execute_meter(0, meta.color); ${show('meta.color')}`,
    };
    const first = async (...updates: StateUpdate[]) => (await runs(parts, updates)).send('aabbcc').shown[0];
    const configured = (cburst: bigint, pburst: bigint) =>
      first({ kind: 'meter', meter: 'ingress.rate', index: 0, config: { cir: 1n, cburst, pir: 1n, pburst } });
    expect([await first(), await configured(3n, 3n), await configured(2n, 3n), await configured(3n, 2n), await configured(2n, 2n)]).toEqual(
      [0n, 0n, 1n, 2n, 2n],
    );
  });

  test('trap 36: direct counters and meters act on a hit only, whatever the action does; the meter before the action', async () => {
    const direct = await runs({
      meta: 'bit<8> color;',
      locals: `
        direct_counter(CounterType.packets) hits;
        direct_meter<bit<8>>(MeterType.packets) rate;
        action read() { rate.read(meta.color); }
        action ignore() {}
        table t {
          key = { h.k.a: exact; }
          actions = { read; ignore; }
          default_action = read();
          counters = hits;
          meters = rate;
        }`,
      ingress: `meta.color = 9; t.apply(); ${show('meta.color')}`,
    });
    const { state } = direct.interpreter;
    const at = (value: bigint, does: string): StateUpdate => ({
      kind: 'insert',
      table: 'ingress.t',
      entry: { matches: [{ kind: 'exact', value }], priority: 0, action: { name: `ingress.${does}`, args: [] } },
    });
    const key1 = { matches: [{ kind: 'exact', value: 1n }], priority: 0 } as const;
    state.write([
      at(1n, 'read'),
      at(2n, 'ignore'),
      { kind: 'direct-meter', table: 'ingress.t', entry: key1, config: { cir: 0n, cburst: 1n, pir: 0n, pburst: 2n } },
    ]);
    expect(['01', '01', '01', '02', '03'].map((hex) => direct.send(`${hex}00`).shown[0])).toEqual([0n, 1n, 2n, 9n, 9n]);
    expect(state.readDirectCounters('ingress.t', [key1, { ...key1, matches: [{ kind: 'exact', value: 2n }] }])).toEqual([
      { packets: 3n, bytes: 6n },
      { packets: 1n, bytes: 2n },
    ]);
    // The tokens are gone although this action does not read the colour.
    state.write([
      { kind: 'direct-meter', table: 'ingress.t', entry: key1, config: { cir: 0n, cburst: 1n, pir: 0n, pburst: 1n } },
      { ...at(1n, 'ignore'), kind: 'modify' } as StateUpdate,
    ]);
    const [, event] = [direct.send('0100'), direct.send('0100')].map(({ trace }) => events(trace, 'apply')[0]);
    expect(event?.events[0]).toMatchObject({ kind: 'meter', color: 'red' });
  });

  test('trap 37: an empty group runs nothing, and is a hit', async () => {
    const selected = await runs({
      locals: `
        action_selector(HashAlgorithm.crc16, 8, 16) paths;
        action to(bit<9> port) { std.egress_spec = port; }
        table t {
          key = { h.k.a: exact; h.k.b: selector; }
          actions = { to; }
          default_action = to(9);
          implementation = paths;
        }`,
      ingress: 'std.egress_spec = 4; if (t.apply().hit) { h.k.a = 1; } else { h.k.a = 2; }',
    });
    const put = (does: EntryAction): StateUpdate => ({
      kind: 'insert',
      table: 'ingress.t',
      entry: { matches: [{ kind: 'exact', value: 0xaan }], priority: 0, action: does },
    });
    selected.interpreter.state.write([{ kind: 'profile-group', profile: 'ingress.paths', group: 1, members: [] }, put({ group: 1 })]);
    const { sent, trace } = selected.send();
    expect([sent, selected.send('0000').sent]).toEqual([['4:01bbcc'], ['9:0200']]);
    expect(events(trace, 'apply')[0]?.profile).not.toHaveProperty('member');
  });

  test('trap 38: a digest has the values at the time of the call; the smallest truncation wins', async () => {
    const digest = 'digest<told_t>(1, { h.k.a });';
    const told = async (ingress: string) =>
      (await runs({ top: 'struct told_t { bit<8> a; }', ingress })).send().digests.map((d) => d.values);
    expect([await told(`${digest} h.k.a = 1;`), await told(`${digest} h.k.a = 1; ${digest}`), await told('')]).toEqual([
      [[0xaan]],
      [[1n]],
      [],
    ]);
    expect(await run({ ingress: 'truncate(3); truncate(1); truncate(2);' }, 'aabbccdd')).toEqual(['0:aa']);
    expect([await run({ egress: 'truncate(3);' }, 'aabbccdd'), await run({ egress: 'truncate(30);' }, 'aabb')]).toEqual([
      ['0:aabbcc'],
      ['0:aabb'],
    ]);
  });

  test('trap 39: random includes both ends; low above high leaves the result', async () => {
    const drawing = (low: number, high: number): Parts => ({
      meta: 'bit<8> r;',
      ingress: `meta.r = 99; random(meta.r, 8w${low}, 8w${high}); ${show('meta.r')}`,
    });
    const few = await runs(drawing(3, 5));
    expect(new Set(Array.from({ length: 60 }, () => few.send().shown[0]))).toEqual(new Set([3n, 4n, 5n]));
    expect(await shownBy(drawing(5, 3))).toEqual([99n]);
    const draw = async (seed: number) => {
      const seeded = await runs(drawing(0, 255), [], seed);
      return Array.from({ length: 8 }, () => seeded.send().shown[0]);
    };
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(2));
  });
  test('trap 39: timestamps are microseconds since the start', async () => {
    const at = async (parts: Parts, timestampNs: bigint) => (await runs(parts)).send('aa', { timestampNs }).shown;
    expect(await at({ ingress: show('std.ingress_global_timestamp') }, 1_234_567_891n)).toEqual([1_234_567n]);
    expect(await at({ egress: show('std.egress_global_timestamp') }, 5_999n)).toEqual([5n]);
  });
  test('trap 39: assert, assume and log_msg change nothing, and are told in the trace', async () => {
    const ingress = 'assert(h.k.a == 1); assume(true); log_msg("a is {}, b is {}, {}", { h.k.a, h.k.b });';
    const { sent, trace } = (await runs({ ingress })).send('aabb');
    expect(sent).toEqual(['0:aabb']);
    expect(events(trace, 'assert').map((e) => [e.by, e.holds])).toEqual([
      ['assert', false],
      ['assume', true],
    ]);
    expect(events(trace, 'log').map((e) => e.text)).toEqual(['a is 170, b is 187, {}']);
  });
});

describe('tables', () => {
  const to = 'action to(bit<9> port) { std.egress_spec = port; }';
  const put = (matches: MatchValue[], priority: number, port: bigint): StateUpdate => ({
    kind: 'insert',
    table: 'ingress.t',
    entry: { matches, priority, action: { name: 'ingress.to', args: [port] } },
  });
  const lookup = (keys: string, updates: StateUpdate[] = [], more = '') =>
    runs(
      {
        meta: 'bit<12> twelve;',
        locals: `${to} table t { key = { ${keys} } actions = { to; NoAction; } ${more} }`,
        ingress: 'mark_to_drop(std); meta.twelve = h.k.a ++ h.k.b[7:4]; t.apply();',
      },
      updates,
    );
  const port = (target: Runs, hex: string) => target.send(hex).sent.map((text) => Number(text.split(':')[0]))[0];

  test('trap 40: the higher priority wins; entries of the program without one rank in their order', async () => {
    const all: MatchValue = { kind: 'any' };
    const written = await lookup('h.k.a: ternary;', [
      put([all], 1, 1n),
      put([{ kind: 'ternary', value: 0xa0n, mask: 0xf0n }], 5, 2n),
      put([{ kind: 'ternary', value: 0xaan, mask: 0xffn }], 3, 3n),
    ]);
    expect(port(written, 'aa00')).toBe(2);
    const inOrder = await lookup('h.k.a: ternary;', [], 'entries = { _: to(1); 0xaa: to(2); }');
    expect(port(inOrder, 'aa00')).toBe(1);
    const ranked = await lookup('h.k.a: ternary;', [], 'entries = { priority = 10: _: to(1); priority = 20: 0xaa: to(2); }');
    expect(port(ranked, 'aa00')).toBe(2);
  });
  test('trap 41: among ternary and range keys the length of a prefix gives no priority', async () => {
    const made = await lookup('h.k.a: lpm; h.k.b: ternary;', [
      put([{ kind: 'lpm', value: 0xa0n, prefixLength: 4 }, { kind: 'any' }], 9, 1n),
      put([{ kind: 'lpm', value: 0xaan, prefixLength: 8 }, { kind: 'any' }], 2, 2n),
    ]);
    expect(port(made, 'aa00')).toBe(1);
  });
  test('trap 42: lpm is right for widths that are not whole bytes', async () => {
    const made = await lookup('meta.twelve: lpm;', [
      put([{ kind: 'lpm', value: 0xab0n, prefixLength: 9 }], 0, 1n),
      put([{ kind: 'lpm', value: 0xab8n, prefixLength: 10 }], 0, 2n),
      put([{ kind: 'any' }], 0, 3n),
    ]);
    expect(['ab70', 'ab80', 'abb0', 'abc0', 'ac00'].map((hex) => port(made, hex))).toEqual([1, 2, 2, 3, 3]);
  });
  test('trap 43: ranges compare as unsigned numbers', async () => {
    const made = await lookup('h.k.a: range;', [put([{ kind: 'range', low: 0x10n, high: 0xf0n }], 1, 1n)]);
    expect(['0f', '10', '80', 'f0', 'f1'].map((hex) => port(made, `${hex}00`))).toEqual([undefined, 1, 1, 1, undefined]);
    const ofSigned = await lookup('(int<8>) h.k.a: range @name("key");', [put([{ kind: 'range', low: 0x7fn, high: 0x81n }], 1, 1n)]);
    expect(port(ofSigned, '8000')).toBe(1);
  });
  test('trap 44: hit, miss and the action that ran; the default action changes and comes back', async () => {
    const locals = `${to} action other() {} table t { key = { h.k.a: exact; } actions = { to; other; } default_action = other(); }`;
    const one = [put([{ kind: 'exact', value: 1n }], 0, 3n)];
    const ran = 'switch (t.apply().action_run) { to: { h.k.b = 1; } default: { h.k.b = 2; } }';
    const made = await runs({ locals, ingress: ran }, one);
    expect([made.send('0100').sent, made.send('0200').sent]).toEqual([['3:0101'], ['0:0202']]);
    made.interpreter.state.write([{ kind: 'default-action', table: 'ingress.t', action: { name: 'ingress.to', args: [7n] } }]);
    expect(made.send('0200').sent).toEqual(['7:0201']);
    made.interpreter.state.write([{ kind: 'default-action', table: 'ingress.t' }]);
    expect(made.send('0200').sent).toEqual(['0:0202']);
    const both = await runs({ locals, ingress: 'if (t.apply().hit) { h.k.b = 8; } else { h.k.b = 9; }' }, one);
    expect([both.send('0100').sent, both.send('0200').sent]).toEqual([['3:0108'], ['0:0209']]);
  });
  test('directional parameters of an action take the arguments of the table', async () => {
    const locals =
      'action add(inout bit<8> to, bit<8> by) { to = to + by; } table t { key = { h.k.a: exact; } actions = { add(h.k.b); NoAction; } }';
    const entry = { matches: [{ kind: 'exact', value: 1n }], priority: 0, action: { name: 'ingress.add', args: [5n] } } as const;
    const made = await runs({ locals, ingress: 't.apply();' }, [{ kind: 'insert', table: 'ingress.t', entry }]);
    expect(made.send('0110').sent).toEqual(['0:0115']);
  });
});

test('idle time counts from the last hit, or from when the entry was written', async () => {
  const one = { matches: [{ kind: 'exact', value: 1n }], priority: 0 } as const;
  const insert: StateUpdate = { kind: 'insert', table: 'ingress.t', entry: { ...one, action: { name: 'ingress.to', args: [] } } };
  const locals = 'action to() { std.egress_spec = 3; } table t { key = { h.k.a: exact; } actions = { to; NoAction; } }';
  const idle = await runs({ locals, ingress: 't.apply();' });
  const { state } = idle.interpreter;
  state.write([insert], 100n);
  expect(state.readIdle('ingress.t', [one], 150n)).toEqual([50n]);
  idle.send('0100', { timestampNs: 200n });
  idle.send('0200', { timestampNs: 250n });
  expect(state.readIdle('ingress.t', [one], 300n)).toEqual([100n]);
  state.write([{ ...insert, kind: 'modify' } as StateUpdate], 400n);
  expect(state.readIdle('ingress.t', [one], 410n)).toEqual([10n]);
});
