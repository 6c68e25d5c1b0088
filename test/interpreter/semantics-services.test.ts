/**
 * The points at which BMv2's behaviour surprises, numbered as in the list of them that the project keeps: externs and
 * tables. What point 40 says about changing declared entries belongs to the switch core.
 */
import { describe, expect, test } from 'vitest';
import type { MatchValue } from '../../compiler/control/match.js';
import { binary, bits, bitType, bool, callFunction, list, member, name, named, string } from '../../compiler/ir/build.js';
import type { Block, Expr } from '../../compiler/ir/index.js';
import { nowhere } from '../../compiler/support/location.js';
import type { EntryAction, StateUpdate } from '../../runtime/data-plane/messages.js';
import {
  a,
  b,
  byte,
  cast,
  events,
  extractK,
  hash,
  inIngress,
  instance,
  int8,
  Lab,
  labTypes,
  metaField,
  method,
  outValue,
  property,
  register,
  run,
  seen,
  set,
  show,
  signed,
  slice,
  v,
  valid,
  wide,
  x,
} from '../support/v1model-lab.js';
import {
  action,
  apply,
  checksum,
  drop,
  entry,
  key,
  type Parts,
  param,
  setPort,
  stdField,
  struct,
  table,
} from '../support/v1model-program.js';

describe('externs', () => {
  test('trap 31: verify is skipped for an invalid header or a false condition, update for the condition only', () => {
    const error = (condition: Expr, target: Expr) =>
      inIngress(stdField('checksum_error', 1), [], {
        ...wide,
        states: [extractK],
        verify: [checksum('verify_checksum', condition, [bits(1, 16)], target)],
      });
    expect([error(bool(true), b), error(bool(false), b), error(bool(true), v(x))]).toEqual([1n, 0n, 0n]);
    const compute = (condition: Expr, data: readonly Expr[]) =>
      run({ ...wide, states: [extractK], compute: [checksum('update_checksum', condition, data, b)] });
    expect([compute(bool(false), [bits(0, 16)]), compute(bool(true), [bits(0x0f, 16)])]).toEqual([['0:aabbcc'], ['0:aaf0cc']]);
    // The byte of the invalid header is left out: 0x0f is not shifted by it.
    expect(compute(bool(true), [v(x), bits(0x0f, 16)])).toEqual(['0:aaf0cc']);
  });
  test('trap 31: the payload is what was not parsed', () => {
    const call = callFunction('update_checksum_with_payload', [bool(true), list([byte(0)]), b, member('HashAlgorithm', 'xor16')]);
    expect(run({ compute: [call] }, 'aabb0f')).toEqual(['0:aa0f0f']);
  });

  test('trap 32: check values of the hashes', () => {
    const digits = [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39].map(byte);
    const of = (algorithm: string) =>
      seen(outValue, ...show(byte(0)), hash(outValue, algorithm, digits, bits(0, 64), bits((1n << 64n) - 1n, 64)));
    expect(['crc16', 'crc16_custom', 'crc32', 'crc32_custom', 'identity'].map(of)).toEqual([
      0xbb3dn,
      0xbb3dn,
      0xcbf43926n,
      0xcbf43926n,
      0x3132333435363738n,
    ]);
    // 0x3132 + 0x3334 + 0x3536 + 0x3738 + 0x3900, carries added, complemented; and the same words xored.
    expect(['csum16', 'xor16'].map(of)).toEqual([
      BigInt(~(0x3132 + 0x3334 + 0x3536 + 0x3738 + 0x3900 - 0xffff) & 0xffff),
      0x3132n ^ 0x3334n ^ 0x3536n ^ 0x3738n ^ 0x3900n,
    ]);
  });
  test('trap 33: hash gives base + H % max in 64 bits; a max of 0 is as 1', () => {
    const of = (base: bigint, max: bigint) =>
      seen(outValue, ...show(byte(0)), hash(outValue, 'identity', [byte(7)], bits(base, 64), bits(max, 64)));
    expect([of(10n, 4n), of(10n, 0n), of((1n << 64n) - 1n, 100n)]).toEqual([13n, 10n, 6n]);
  });

  test('trap 34: registers start at 0; out of range nothing happens, and the destination stays', () => {
    const cells = register('cells', 4);
    const m = metaField('m', 16);
    const index = cast(a, bitType(32));
    const ingressBody = [set(m, 0x99), method(cells, 'read', m, index), ...show(m), method(cells, 'write', index, bits(0xbeef, 16))];
    const lab = new Lab({ metadata: { m: 16 }, ingressLocals: [cells], ingress: ingressBody });
    expect(['0300', '0300', '0400', 'ff00'].map((hex) => lab.send(hex).shown[0])).toEqual([0n, 0xbeefn, 0x99n, 0x99n]);
    expect(lab.interpreter.state.readRegister('ingress.cells')).toEqual([0n, 0n, 0n, 0xbeefn]);
    lab.interpreter.state.write([{ kind: 'register', register: 'ingress.cells', index: 3, value: 5n }]);
    const { shown, trace } = lab.send('0300');
    expect([shown, lab.interpreter.state.readRegister('ingress.cells', 3)]).toEqual([[5n], [0xbeefn]]);
    expect(events(trace, 'register-write')).toMatchObject([
      { register: 'ingress.cells', index: '3', old: { value: '5' }, new: { value: '48879' } },
    ]);
    expect(events(lab.send('0400').trace, 'register-read')[0]).not.toHaveProperty('value');
  });
  test('trap 34: a register of a signed type, and of 200 bits', () => {
    const value = (1n << 199n) + 7n;
    const cells = register('cells', 1, { kind: 'int', width: 8 });
    const large = register('large', 1, bitType(200));
    const lab = new Lab({
      ingressLocals: [cells, large],
      ingress: [method(cells, 'write', bits(0, 32), signed(-2)), method(large, 'write', bits(0, 32), bits(value, 200))],
    });
    lab.send();
    expect([lab.interpreter.state.readRegister('ingress.cells'), lab.interpreter.state.readRegister('ingress.large')]).toEqual([
      [0xfen],
      [value],
    ]);
  });

  test('trap 35: an unconfigured meter is green; the peak bucket comes first; red is 2; bytes are those that arrived', () => {
    const meter = instance('meter', 'm', [bits(1, 32), member('MeterType', 'bytes')]);
    const color = metaField('color', 8);
    const grow = valid(x);
    const parts: Partial<Parts> = {
      ...wide,
      states: [extractK],
      metadata: { color: 8 },
      ingressLocals: [meter],
      ingress: [grow, method(meter, 'execute_meter', bits(0, 32), color), ...show(color)],
    };
    const configure = (cburst: bigint, pburst: bigint): StateUpdate[] => [
      { kind: 'meter', meter: 'ingress.m', index: 0, config: { cir: 1n, cburst, pir: 1n, pburst } },
    ];
    const first = (updates: StateUpdate[]) => new Lab(parts, updates).send('aabbcc').shown[0];
    expect([first([]), first(configure(3n, 3n)), first(configure(2n, 3n)), first(configure(3n, 2n)), first(configure(2n, 2n))]).toEqual([
      0n,
      0n,
      1n,
      2n,
      2n,
    ]);
  });

  test('trap 36: direct counters and meters act on a hit only, whatever the action does; the meter before the action', () => {
    const counter = instance('direct_counter', 'hits', [member('CounterType', 'packets')]);
    const meter = instance('direct_meter', 'rate', [member('MeterType', 'packets')], [bitType(8)]);
    const color = metaField('color', 8);
    const read = action('read', {}, [method(meter, 'read', color)]);
    const ignore = action('ignore', {}, []);
    const t = table('t', [key(a, 'exact')], ['read', 'ignore'], {
      properties: [...property('counters', counter).properties, ...property('meters', meter).properties],
      defaultAction: { action: 'read', args: [], const: false, loc: nowhere },
    });
    const lab = new Lab({
      metadata: { color: 8 },
      ingressLocals: [counter, meter, read, ignore, t],
      ingress: [set(color, 9), apply('t'), ...show(color)],
    });
    const at = (value: bigint, does: string): StateUpdate => ({
      kind: 'insert',
      table: 'ingress.t',
      entry: { matches: [{ kind: 'exact', value }], priority: 0, action: { name: `ingress.${does}`, args: [] } },
    });
    const key1 = { matches: [{ kind: 'exact', value: 1n }], priority: 0 } as const;
    lab.interpreter.state.write([
      at(1n, 'read'),
      at(2n, 'ignore'),
      { kind: 'direct-meter', table: 'ingress.t', entry: key1, config: { cir: 0n, cburst: 1n, pir: 0n, pburst: 2n } },
    ]);
    expect(['01', '01', '01', '02', '03'].map((hex) => lab.send(`${hex}00`).shown[0])).toEqual([0n, 1n, 2n, 9n, 9n]);
    expect(lab.interpreter.state.readDirectCounters('ingress.t', [key1, { ...key1, matches: [{ kind: 'exact', value: 2n }] }])).toEqual([
      { packets: 3n, bytes: 6n },
      { packets: 1n, bytes: 2n },
    ]);
    // The tokens are gone although this action does not read the colour.
    lab.interpreter.state.write([
      { kind: 'direct-meter', table: 'ingress.t', entry: key1, config: { cir: 0n, cburst: 1n, pir: 0n, pburst: 1n } },
      { ...at(1n, 'ignore'), kind: 'modify' } as StateUpdate,
    ]);
    const [, event] = [lab.send('0100'), lab.send('0100')].map(({ trace }) => events(trace, 'apply')[0]);
    expect(event?.events[0]).toMatchObject({ kind: 'meter', color: 'red' });
  });

  test('trap 37: an empty group runs nothing, and is a hit', () => {
    const selector = instance('action_selector', 'paths', [member('HashAlgorithm', 'crc16'), bits(8, 32), bits(16, 32)]);
    const to = action('to', { port: 9 }, [setPort(name('port', bitType(9)))]);
    const t = table('t', [key(a, 'exact'), key(b, 'selector')], ['to'], {
      ...property('implementation', selector),
      defaultAction: { action: 'to', args: [bits(9, 9)], const: false, loc: nowhere },
    });
    const lab = new Lab({ ingressLocals: [selector, to, t], ingress: [setPort(4), apply('t', { hit: [set(a, 1)], miss: [set(a, 2)] })] });
    const put = (does: EntryAction): StateUpdate => ({
      kind: 'insert',
      table: 'ingress.t',
      entry: { matches: [{ kind: 'exact', value: 0xaan }], priority: 0, action: does },
    });
    lab.interpreter.state.write([{ kind: 'profile-group', profile: 'ingress.paths', group: 1, members: [] }, put({ group: 1 })]);
    const { sent, trace } = lab.send();
    expect([sent, lab.send('0000').sent]).toEqual([['4:01bbcc'], ['9:0200']]);
    expect(events(trace, 'apply')[0]?.profile).not.toHaveProperty('member');
  });

  test('trap 38: a digest has the values at the time of the call; the smallest truncation wins', () => {
    const told: Expr = { kind: 'struct', fields: [{ name: 'a', value: a }], type: named('told_t'), loc: nowhere };
    const digest = callFunction('digest', [bits(1, 32), told]);
    const types = [...labTypes, struct('told_t', { a: 8 })];
    const send = (...body: Block) => new Lab({ types, ingress: body }).send().digests.map((d) => d.values);
    expect([send(digest, set(a, 1)), send(digest, set(a, 1), digest), send()]).toEqual([[[0xaan]], [[1n]], []]);
    const cut = (n: number) => callFunction('truncate', [bits(n, 32)]);
    expect(run({ ingress: [cut(3), cut(1), cut(2)] }, 'aabbccdd')).toEqual(['0:aa']);
    expect([run({ egress: [cut(3)] }, 'aabbccdd'), run({ egress: [cut(30)] }, 'aabb')]).toEqual([['0:aabbcc'], ['0:aabb']]);
  });

  test('trap 39: random includes both ends; low above high leaves the result', () => {
    const m = metaField('m', 8);
    const random = (low: number, high: number) => callFunction('random', [m, byte(low), byte(high)]);
    const lab = new Lab({ metadata: { m: 8 }, ingress: [set(m, 99), random(3, 5), ...show(m)] });
    expect(new Set(Array.from({ length: 60 }, () => lab.send().shown[0]))).toEqual(new Set([3n, 4n, 5n]));
    expect(new Lab({ metadata: { m: 8 }, ingress: [set(m, 99), random(5, 3), ...show(m)] }).send().shown).toEqual([99n]);
    const draw = (seed: number) => {
      const seeded = new Lab({ metadata: { m: 8 }, ingress: [random(0, 255), ...show(m)] }, [], seed);
      return Array.from({ length: 8 }, () => seeded.send().shown[0]);
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
  test('trap 39: timestamps are microseconds since the start', () => {
    const parts = { ingress: show(stdField('ingress_global_timestamp', 48)) };
    expect(new Lab(parts).send('aa', { timestampNs: 1_234_567_891n }).shown).toEqual([1_234_567n]);
    expect(new Lab({ egress: show(stdField('egress_global_timestamp', 48)) }).send('aa', { timestampNs: 5_999n }).shown).toEqual([5n]);
  });
  test('trap 39: assert, assume and log_msg change nothing, and are told in the trace', () => {
    const body = [
      callFunction('assert', [binary('==', a, byte(1))]),
      callFunction('assume', [bool(true)]),
      callFunction('log_msg', [string('a is {}, b is {}, {}'), list([a, b])]),
    ];
    const { sent, trace } = new Lab({ ingress: body }).send('aabb');
    expect(sent).toEqual(['0:aabb']);
    expect(events(trace, 'assert').map((e) => [e.by, e.holds])).toEqual([
      ['assert', false],
      ['assume', true],
    ]);
    expect(events(trace, 'log').map((e) => e.text)).toEqual(['a is 170, b is 187, {}']);
  });
});

describe('tables', () => {
  const to = action('to', { port: 9 }, [setPort(name('port', bitType(9)))]);
  const put = (matches: MatchValue[], priority: number, port: bigint): StateUpdate => ({
    kind: 'insert',
    table: 'ingress.t',
    entry: { matches, priority, action: { name: 'ingress.to', args: [port] } },
  });
  const lab = (match: string, on: Expr, updates: StateUpdate[] = [], more = {}) =>
    new Lab(
      {
        metadata: { m: 12 },
        ingressLocals: [to, table('t', [key(on, match)], ['to'], more)],
        ingress: [drop(), set(metaField('m', 12), cast(binary('++', a, slice(b, 7, 4)), bitType(12))), apply('t')],
      },
      updates,
    );
  const port = (target: Lab, hex: string) => target.send(hex).sent.map((text) => Number(text.split(':')[0]))[0];

  test('trap 40: the higher priority wins; entries of the program without one rank in their order', () => {
    const all: MatchValue = { kind: 'any' };
    expect(
      port(
        lab('ternary', a, [
          put([all], 1, 1n),
          put([{ kind: 'ternary', value: 0xa0n, mask: 0xf0n }], 5, 2n),
          put([{ kind: 'ternary', value: 0xaan, mask: 0xffn }], 3, 3n),
        ]),
        'aa00',
      ),
    ).toBe(2);
    const entries = [entry([{ kind: 'any' }], 'to', [bits(1, 9)]), entry([{ kind: 'value', value: byte(0xaa) }], 'to', [bits(2, 9)])];
    expect(port(lab('ternary', a, [], { entries }), 'aa00')).toBe(1);
    const ranked = [
      entry([{ kind: 'any' }], 'to', [bits(1, 9)], 10),
      entry([{ kind: 'value', value: byte(0xaa) }], 'to', [bits(2, 9)], 20),
    ];
    expect(port(lab('ternary', a, [], { entries: ranked }), 'aa00')).toBe(2);
  });
  test('trap 41: among ternary and range keys the length of a prefix gives no priority', () => {
    const t = table('t', [key(a, 'lpm'), key(b, 'ternary')], ['to']);
    const made = new Lab({ ingressLocals: [to, t], ingress: [drop(), apply('t')] }, [
      put([{ kind: 'lpm', value: 0xa0n, prefixLength: 4 }, { kind: 'any' }], 9, 1n),
      put([{ kind: 'lpm', value: 0xaan, prefixLength: 8 }, { kind: 'any' }], 2, 2n),
    ]);
    expect(port(made, 'aa00')).toBe(1);
  });
  test('trap 42: lpm is right for widths that are not whole bytes', () => {
    const m = metaField('m', 12);
    const made = lab('lpm', m, [
      put([{ kind: 'lpm', value: 0xab0n, prefixLength: 9 }], 0, 1n),
      put([{ kind: 'lpm', value: 0xab8n, prefixLength: 10 }], 0, 2n),
      put([{ kind: 'any' }], 0, 3n),
    ]);
    expect(['ab70', 'ab80', 'abb0', 'abc0', 'ac00'].map((hex) => port(made, hex))).toEqual([1, 2, 2, 3, 3]);
  });
  test('trap 43: ranges compare as unsigned numbers', () => {
    const made = lab('range', a, [put([{ kind: 'range', low: 0x10n, high: 0xf0n }], 1, 1n)]);
    expect(['0f', '10', '80', 'f0', 'f1'].map((hex) => port(made, `${hex}00`))).toEqual([undefined, 1, 1, 1, undefined]);
    const signedKey = cast(a, int8);
    expect(port(lab('range', signedKey, [put([{ kind: 'range', low: 0x7fn, high: 0x81n }], 1, 1n)]), '8000')).toBe(1);
  });
  test('trap 44: hit, miss and the action that ran; the default action changes and comes back', () => {
    const other = action('other', {}, []);
    const cases = [
      { actions: ['to'], body: [set(b, 1)], loc: nowhere },
      { actions: ['default'], body: [set(b, 2)], loc: nowhere },
    ];
    const t = table('t', [key(a, 'exact')], ['to', 'other'], { defaultAction: { action: 'other', args: [], const: false, loc: nowhere } });
    const made = new Lab({ ingressLocals: [to, other, t], ingress: [apply('t', { cases })] }, [put([{ kind: 'exact', value: 1n }], 0, 3n)]);
    expect([made.send('0100').sent, made.send('0200').sent]).toEqual([['3:0101'], ['0:0202']]);
    made.interpreter.state.write([{ kind: 'default-action', table: 'ingress.t', action: { name: 'ingress.to', args: [7n] } }]);
    expect(made.send('0200').sent).toEqual(['7:0201']);
    made.interpreter.state.write([{ kind: 'default-action', table: 'ingress.t' }]);
    expect(made.send('0200').sent).toEqual(['0:0202']);
    const branches = apply('t', { hit: [set(b, 8)], miss: [set(b, 9)] });
    const both = new Lab({ ingressLocals: [to, other, t], ingress: [branches] }, [put([{ kind: 'exact', value: 1n }], 0, 3n)]);
    expect([both.send('0100').sent, both.send('0200').sent]).toEqual([['3:0108'], ['0:0209']]);
  });
  test('directional parameters of an action take the arguments of the table', () => {
    const add = action('add', { to: param('to', bitType(8), 'inout'), by: 8 }, [
      set(name('to', bitType(8)), binary('+', name('to', bitType(8)), name('by', bitType(8)))),
    ]);
    const t = table('t', [key(a, 'exact')], [], { actions: [{ action: 'add', args: [b], loc: nowhere }] });
    const made = new Lab({ ingressLocals: [add, t], ingress: [apply('t')] }, [
      {
        kind: 'insert',
        table: 'ingress.t',
        entry: { matches: [{ kind: 'exact', value: 1n }], priority: 0, action: { name: 'ingress.add', args: [5n] } },
      },
    ]);
    expect(made.send('0110').sent).toEqual(['0:0115']);
  });
});

describe('idle time', () => {
  const to = action('to', {}, [setPort(3)]);
  const t = table('t', [key(a, 'exact')], ['to']);
  const one = { matches: [{ kind: 'exact', value: 1n }], priority: 0 } as const;
  const insert: StateUpdate = { kind: 'insert', table: 'ingress.t', entry: { ...one, action: { name: 'ingress.to', args: [] } } };

  test('counts from the last hit, or from when the entry was written', () => {
    const lab = new Lab({ ingressLocals: [to, t], ingress: [apply('t')] });
    lab.interpreter.state.write([insert], 100n);
    expect(lab.interpreter.state.readIdle('ingress.t', [one], 150n)).toEqual([50n]);
    lab.send('0100', { timestampNs: 200n });
    lab.send('0200', { timestampNs: 250n });
    expect(lab.interpreter.state.readIdle('ingress.t', [one], 300n)).toEqual([100n]);
    lab.interpreter.state.write([{ ...insert, kind: 'modify' } as StateUpdate], 400n);
    expect(lab.interpreter.state.readIdle('ingress.t', [one], 410n)).toEqual([10n]);
  });
});
