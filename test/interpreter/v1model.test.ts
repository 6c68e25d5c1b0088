/** What BMv2's simple_switch does with a packet around the program's blocks. */
import { describe, expect, test } from 'vitest';
import { binary, bits, bitType, callMethod, constant, errorType, field, isValid, name, named } from '../../compiler/ir/build.js';
import type { Block, Expr } from '../../compiler/ir/index.js';
import { onesComplement16 } from '../../runtime/data-plane/hashes.js';
import { Interpreter } from '../../runtime/interpreter/index.js';
import { fromHex, toHex } from '../support/packets.js';
import {
  action,
  apply,
  checksum,
  drop,
  emit,
  entry,
  extract,
  hdr,
  header,
  key,
  type Parts,
  program,
  select,
  setPort,
  state,
  std,
  stdField,
  table,
} from '../support/v1model-program.js';

const k = field(hdr, 'k', named('k_t'));
const out = field(hdr, 'out', named('out_t'));
const types = [header('k_t', { a: 8, b: 8 }), header('out_t', { value: 64 })];
const headers = { k: named('k_t'), out: named('out_t') };
const extractK = state('start', [extract(k)], 'accept');
const set = (target: Expr, value: Expr) => ({ kind: 'assign', target, value, loc: value.loc }) as const;
const setStd = (text: string, width: number, value: number) => set(stdField(text, width), bits(value, width));

function run(parts: Partial<Parts>, hex = 'aabbcc', more: { port?: number; timestampNs?: bigint; setup?: (i: Interpreter) => void } = {}) {
  const interpreter = new Interpreter(program({ types, headers, states: [extractK], ...parts }));
  more.setup?.(interpreter);
  const { port = 1, timestampNs = 0n } = more;
  return interpreter.process({ port, bytes: fromHex(hex), timestampNs }).outputs.map((o) => `${o.port}:${toHex(o.bytes)}`);
}
/** Statements that put a value in front of the packet. */
const show = (value: Expr): Block => [
  { kind: 'set-validity', header: out, valid: true, loc: value.loc },
  set(field(out, 'value', bitType(64)), { kind: 'cast', arg: value, type: bitType(64), loc: value.loc }),
];
const shown = (outputs: readonly string[]) => outputs.map((o) => BigInt(`0x${o.split(':')[1]?.slice(0, 16)}`));
const showing = { deparse: [emit(out)] };

describe('after ingress', () => {
  test('the packet goes to port 0 when nothing decides', () => {
    expect(run({})).toEqual(['0:aabbcc']);
  });
  test('egress_spec is the port', () => {
    expect(run({ ingress: [setPort(7)] })).toEqual(['7:aabbcc']);
  });
  test('port 511 drops', () => {
    expect(run({ ingress: [setPort(511)] })).toEqual([]);
  });
  test('mark_to_drop drops, also a multicast', () => {
    const setup = (i: Interpreter) => i.state.write([{ kind: 'multicast-group', group: 5, replicas: [{ port: 3, instance: 1 }] }]);
    expect(run({ ingress: [setStd('mcast_grp', 16, 5), drop()] }, 'aabb', { setup })).toEqual([]);
  });
  test('a later egress_spec undoes mark_to_drop', () => {
    expect(run({ ingress: [drop(), setPort(4)] })).toEqual(['4:aabbcc']);
  });
  test('a later mcast_grp undoes mark_to_drop, and comes before egress_spec', () => {
    const setup = (i: Interpreter) => i.state.write([{ kind: 'multicast-group', group: 5, replicas: [{ port: 3, instance: 1 }] }]);
    expect(run({ ingress: [drop(), setStd('mcast_grp', 16, 5)] }, 'aabbcc', { setup })).toEqual(['3:aabbcc']);
  });
  test('an unknown multicast group makes no copies', () => {
    expect(run({ ingress: [setPort(3), setStd('mcast_grp', 16, 6)] })).toEqual([]);
  });
});

describe('multicast', () => {
  const replicas = [
    { port: 3, instance: 10 },
    { port: 4, instance: 11 },
    { port: 3, instance: 12 },
  ];
  const setup = (i: Interpreter) => i.state.write([{ kind: 'multicast-group', group: 5, replicas }]);
  const ingress = [setStd('mcast_grp', 16, 5)];

  test('gives each copy its egress_rid, instance_type 5 and port', () => {
    const fields = [
      ['egress_rid', 16],
      ['instance_type', 32],
      ['egress_port', 9],
    ] as const;
    const seen = fields.map(([text, width]) => shown(run({ ingress, egress: show(stdField(text, width)), ...showing }, 'aabb', { setup })));
    expect(seen).toEqual([
      [10n, 11n, 12n],
      [5n, 5n, 5n],
      [3n, 4n, 3n],
    ]);
  });

  test('copies do not share their headers', () => {
    const b = field(k, 'b', bitType(8));
    const egress = [set(b, binary('+', b, bits(1, 8)))];
    expect(run({ ingress, egress }, 'aabbcc', { setup })).toEqual(['3:aabccc', '4:aabccc', '3:aabccc']);
  });

  test('a copy may be dropped in egress, the others go on', () => {
    const egress = [{ kind: 'if', cond: binary('==', stdField('egress_rid', 16), bits(11, 16)), then: [drop()], loc: k.loc }] as const;
    expect(run({ ingress, egress }, 'aabb', { setup })).toEqual(['3:aabb', '3:aabb']);
  });

  test('a removed group makes no copies', () => {
    const gone = (i: Interpreter) => {
      setup(i);
      i.state.write([{ kind: 'multicast-group', group: 5 }]);
    };
    expect(run({ ingress }, 'aabb', { setup: gone })).toEqual([]);
  });
});

describe('egress', () => {
  test('starts with an egress_spec of 0, and the port in egress_port', () => {
    expect(shown(run({ ingress: [setPort(7)], egress: show(stdField('egress_spec')), ...showing }))).toEqual([0n]);
    expect(shown(run({ ingress: [setPort(7)], egress: show(stdField('egress_port')), ...showing }))).toEqual([7n]);
  });
  test('changes no port: neither egress_port nor egress_spec', () => {
    expect(run({ ingress: [setPort(7)], egress: [setStd('egress_port', 9, 3), setPort(4)] })).toEqual(['7:aabbcc']);
  });
  test('drops with mark_to_drop', () => {
    expect(run({ ingress: [setPort(7)], egress: [drop()] })).toEqual([]);
  });
  test('an exit in ingress ends ingress only', () => {
    const ingress = [setPort(7), { kind: 'exit', loc: k.loc } as const, drop()];
    expect(run({ ingress, egress: [set(field(k, 'a', bitType(8)), bits(1, 8))] })).toEqual(['7:01bbcc']);
  });
});

describe('standard metadata', () => {
  test('ingress_port, packet_length and the time in microseconds', () => {
    const see = (text: string, width: number) =>
      shown(run({ ingress: show(stdField(text, width)), ...showing }, 'aabbccdd', { port: 300, timestampNs: 1_234_567_891n }))[0];
    expect([see('ingress_port', 9), see('packet_length', 32), see('ingress_global_timestamp', 48)]).toEqual([300n, 4n, 1_234_567n]);
    expect([see('instance_type', 32), see('egress_spec', 9), see('mcast_grp', 16)]).toEqual([0n, 0n, 0n]);
  });
  test('in egress packet_length counts what setValid added in ingress', () => {
    const ingress = [{ kind: 'set-validity', header: out, valid: true, loc: k.loc } as const];
    const egress = [
      set(field(out, 'value', bitType(64)), { kind: 'cast', arg: stdField('packet_length', 32), type: bitType(64), loc: k.loc } as Expr),
    ];
    expect(shown(run({ ingress, egress, ...showing }, 'aabbcc'))).toEqual([11n]);
  });
  test('metadata is zero for every packet', () => {
    const seen = field(name('meta', named('metadata_t')), 'seen', bitType(64));
    const target = new Interpreter(
      program({
        types,
        headers,
        metadata: { seen: 64 },
        states: [extractK],
        ingress: [...show(seen), set(seen, bits(99, 64))],
        ...showing,
      }),
    );
    const send = () => toHex(target.process({ port: 0, bytes: fromHex('aabb') }).outputs[0]?.bytes).slice(0, 16);
    expect([send(), send()]).toEqual(['0000000000000000', '0000000000000000']);
  });
});

describe('parser errors', () => {
  const isError = (error: string): Expr => ({
    kind: 'mux',
    cond: binary('==', field(std, 'parser_error', errorType), {
      kind: 'member',
      name: error,
      type: errorType,
      loc: k.loc,
    }),
    yes: bits(1, 64),
    no: bits(0, 64),
    type: bitType(64),
    loc: k.loc,
  });
  const two = [header('k_t', { a: 8, b: 8 }), header('out_t', { value: 64 }), header('m_t', { m: 16 })];
  const m = field(hdr, 'm', named('m_t'));
  const short: Partial<Parts> = {
    types: two,
    headers: { ...headers, m: named('m_t') },
    states: [state('start', [extract(k), extract(m)], 'accept')],
  };

  test('a short packet keeps what was extracted; the rest is payload, the extract that failed took nothing', () => {
    expect(run({ ...short, ingress: [set(field(k, 'a', bitType(8)), bits(0, 8))] }, 'aabbcc')).toEqual(['0:00bbcc']);
  });
  test('ingress sees the error', () => {
    expect(shown(run({ ...short, ingress: show(isError('PacketTooShort')), ...showing }, 'aabbcc'))).toEqual([1n]);
    expect(shown(run({ ...short, ingress: show(isError('NoError')), ...showing }, 'aabbccdd'))).toEqual([1n]);
  });
  test('checksums are verified all the same', () => {
    const verify = [checksum('verify_checksum', isValid(k), [field(k, 'a', bitType(8))], field(m, 'm', bitType(16)))];
    const whole = { ...short, verify, ingress: show(stdField('checksum_error', 1)), ...showing };
    const a = [checksum('verify_checksum', isValid(k), [bits(1, 16)], bits(0, 16))];
    expect(shown(run({ ...whole, verify: a }, 'aabbcc'))).toEqual([1n]);
    // The header of the checksum is invalid: skipped.
    expect(shown(run(whole, 'aabbcc'))).toEqual([0n]);
  });
  test('a select without a match and a transition to reject both accept, without an error', () => {
    const choose = (otherwise?: string) => [state('start', [extract(k)], select(field(k, 'a', bitType(8)), [[1, 'accept']], otherwise))];
    expect(shown(run({ states: choose(), ingress: show(isError('NoError')), ...showing }))).toEqual([1n]);
    expect(shown(run({ states: choose('reject'), ingress: show(isError('NoError')), ...showing }))).toEqual([1n]);
  });
  test('verify ends the parser with its error', () => {
    const check = { kind: 'call', callee: { kind: 'function', name: 'verify' }, loc: k.loc } as const;
    const args = [
      binary('==', field(k, 'a', bitType(8)), bits(1, 8)),
      { kind: 'member', name: 'HeaderTooShort', type: errorType, loc: k.loc } as const,
    ];
    const states = [state('start', [extract(k), { ...check, args }], 'accept')];
    expect(shown(run({ states, ingress: show(isError('HeaderTooShort')), ...showing }))).toEqual([1n]);
    expect(shown(run({ states, ingress: show(isError('NoError')), ...showing }, '01bb'))).toEqual([1n]);
  });
  test('a loop that never ends is a ParserTimeout', () => {
    const states = [state('start', [], 'again'), state('again', [], 'start')];
    expect(shown(run({ states, ingress: show(isError('ParserTimeout')), ...showing }))).toEqual([1n]);
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

  const c = field(hdr, 'c', named('c_t'));
  const cTypes = {
    types: [...types, header('c_t', { sum: 16 })],
    headers: { ...headers, c: named('c_t') },
    states: [state('start', [extract(k), extract(c)], 'accept')],
  };
  const sum = field(c, 'sum', bitType(16));
  const ab = [field(k, 'a', bitType(8)), field(k, 'b', bitType(8))];
  const verified = (hex: string, condition: Expr = isValid(k), data: readonly Expr[] = ab) =>
    shown(
      run(
        {
          ...cTypes,
          verify: [checksum('verify_checksum', condition, data, sum)],
          ingress: show(stdField('checksum_error', 1)),
          ...showing,
        },
        hex,
      ),
    )[0];

  test('are verified over the bits in their order', () => {
    expect([verified('1234edcb'), verified('1234edcc')]).toEqual([0n, 1n]);
  });
  test('are not verified when the condition is false', () => {
    expect(verified('12340000', { kind: 'bool', value: false, type: { kind: 'bool' }, loc: k.loc })).toBe(0n);
  });
  test('leave out the fields of invalid headers, and pad with zero bits', () => {
    const invalid = field(out, 'value', bitType(64));
    const nibble = (value: number) => constant(value, bitType(4));
    expect(verified('1234edcb', undefined, [ab[0]!, invalid, ab[1]!])).toBe(0n);
    expect(verified(`1234${(0xffff - 0xf000).toString(16)}`, undefined, [nibble(15)])).toBe(0n);
  });
  test('are updated when the condition holds', () => {
    const update = (condition: Expr) => run({ ...cTypes, compute: [checksum('update_checksum', condition, ab, sum)] }, '12340000ff');
    expect(update(isValid(k))).toEqual(['0:1234edcbff']);
    expect(update(isValid(out))).toEqual(['0:12340000ff']);
  });
});

describe('counters', () => {
  const counter = {
    kind: 'instance',
    name: 'seen',
    type: named('counter') as { kind: 'named'; name: string },
    args: [bits(4, 32)],
    loc: k.loc,
  } as const;
  const count = (index: number) => callMethod(name('seen', named('counter')), 'count', [bits(index, 32)]);

  test('count packets and the bytes that came in; an index out of range counts nothing', () => {
    const target = new Interpreter(
      program({ types, headers, states: [extractK], ingressLocals: [counter], ingress: [count(2), count(4), ...show(bits(1, 8))] }),
    );
    target.process({ port: 0, bytes: fromHex('aabbcc') });
    target.process({ port: 0, bytes: fromHex('aabbccdd') });
    const zero = { packets: 0n, bytes: 0n };
    expect(target.state.readCounter('ingress.seen')).toEqual([zero, zero, { packets: 2n, bytes: 7n }, zero]);
    target.state.write([{ kind: 'counter', counter: 'ingress.seen', index: 2, data: { packets: 10n, bytes: 20n } }]);
    target.process({ port: 0, bytes: fromHex('aabb') });
    expect(target.state.readCounter('ingress.seen', 2)).toEqual([{ packets: 11n, bytes: 22n }]);
  });

  test('direct ones count hits, not misses', () => {
    const target = new Interpreter(
      program({
        types,
        headers,
        states: [extractK],
        ingressLocals: [
          { ...counter, name: 'hits', type: named('direct_counter') as { kind: 'named'; name: string }, args: [] },
          action('note', {}, []),
          table('t', [key(field(k, 'a', bitType(8)), 'exact')], ['note'], {
            properties: [{ name: 'counters', value: name('hits', named('direct_counter')) }],
            entries: [entry([{ kind: 'value', value: bits(1, 8) }], 'note')],
          }),
        ],
        ingress: [apply('t')],
      }),
    );
    const one = { matches: [{ kind: 'exact', value: 1n }], priority: 0 } as const;
    const two = { matches: [{ kind: 'exact', value: 2n }], priority: 0, action: { name: 'ingress.note', args: [] } } as const;
    target.state.write([{ kind: 'insert', table: 'ingress.t', entry: two }]);
    for (const hex of ['01bb', '01bbcc', '02bb', '03bb']) target.process({ port: 0, bytes: fromHex(hex) });
    const read = () => target.state.readDirectCounters('ingress.t', [one, two]);
    expect(read()).toEqual([
      { packets: 2n, bytes: 5n },
      { packets: 1n, bytes: 2n },
    ]);
    // Modifying an entry keeps its counter; writing sets it.
    target.state.write([
      { kind: 'modify', table: 'ingress.t', entry: two },
      { kind: 'direct-counter', table: 'ingress.t', entry: one, data: { packets: 0n, bytes: 0n } },
    ]);
    expect(read()).toEqual([
      { packets: 0n, bytes: 0n },
      { packets: 1n, bytes: 2n },
    ]);
  });
});
