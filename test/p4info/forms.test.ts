import { describe, expect, test } from 'vitest';
import { toBinary } from '../../compiler/p4info/binary.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { fromBinary } from '../../compiler/p4info/read.js';
import { toText } from '../../compiler/p4info/text.js';
import { caseProgram } from '../support/cases.js';
import { completeP4Info } from '../support/complete-p4info.js';
import { v1modelText } from '../support/v1model-text.js';

const basic = await caseProgram('tutorial-forwarder');
const features = await caseProgram('tables-and-actions');
const empty: P4Info = completeP4Info({ pkg_info: { arch: 'v1model' } });

describe('binary', () => {
  test('is the wire format: field 1 of P4Info holds field 5 of PkgInfo', () => {
    expect([...toBinary(empty)]).toEqual([0x0a, 9, 0x2a, 7, ...new TextEncoder().encode('v1model')]);
  });
  test('is read back', () => {
    const p4info = buildP4Info(features);
    expect(fromBinary(toBinary(p4info))).toEqual(completeP4Info(p4info));
  });
  test('has numbers of every size, negative ones too', () => {
    const values = [0, 1, 127, 128, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, -1, -(2 ** 40)];
    const expressions = values.map((int64_value) => ({ int64_value }));
    const p4info = { ...empty, pkg_info: { arch: 'v1model', structured_annotations: [{ name: 'n', expression_list: { expressions } }] } };
    expect(fromBinary(toBinary(p4info)).pkg_info.structured_annotations?.[0]?.expression_list?.expressions).toMatchObject(expressions);
    // −1 is ten bytes of a varint: 64 bits, all ones.
    const minusOne = {
      ...p4info.pkg_info,
      structured_annotations: [{ name: '', expression_list: { expressions: [{ int64_value: -1 }] } }],
    };
    expect(Buffer.from(toBinary({ ...empty, pkg_info: minusOne })).toString('hex')).toContain('10ffffffffffffffffff01');
  });
  test('that is none is refused', () => {
    expect(() => fromBinary(new Uint8Array([0x0a, 200]))).toThrow(/out of range/);
  });
});

describe('text', () => {
  test('escapes as protobuf does', () => {
    const text = toText({ ...empty, pkg_info: { arch: 'v1model', name: 'a"b\\c\n\'é' } });
    expect(text).toContain(String.raw`  name: "a\"b\\c\n\'\303\251"`);
  });
  test('leaves defaults out, but keeps messages that are empty', () => {
    const text = toText({
      ...empty,
      type_info: { structs: {}, headers: {}, header_unions: {}, enums: {}, serializable_enums: {}, new_types: {} },
    });
    expect(text.split('\n').slice(3)).toEqual(['pkg_info {', '  arch: "v1model"', '}', 'type_info {', '}', '']);
  });
});

describe('documentation', () => {
  test("is the user's comment: its first line, and the rest", () => {
    const p4info = buildP4Info(features);
    expect(p4info.actions.find((a) => a.preamble.alias === 'Egress.forward')?.preamble.doc).toEqual({
      brief: 'Sends the packet on.',
      description: 'The source becomes ours.',
    });
    expect(buildP4Info(basic).tables[0]?.preamble.doc).toEqual({ brief: 'Where IPv4 packets go.' });
  });
});

test('the P4 tutorials’ forwarder has the ids that its controllers know', () => {
  const { tables, actions } = buildP4Info(basic);
  expect(tables.map((t) => [t.preamble.name, t.preamble.id])).toEqual([['MyIngress.ipv4_lpm', 37375156]]);
  expect(Object.fromEntries(actions.map((a) => [a.preamble.name, a.preamble.id]))).toEqual({
    NoAction: 21257015,
    'MyIngress.drop': 25652968,
    'MyIngress.ipv4_forward': 28792405,
  });
});

describe('names', () => {
  test('are joined from texts and constants', async () => {
    const p4info = buildP4Info(
      await v1modelText({
        top: 'const string prefix = "acl_";',
        locals: '@name(prefix ++ ("in" ++ "_v4")) table t { key = { hdr.h.a: exact @name("k" ++ "1"); } actions = { NoAction; } }',
        ingress: 't.apply();',
      }),
    );
    expect(p4info.tables[0]?.preamble).toMatchObject({ name: 'I.acl_in_v4', alias: 'acl_in_v4' });
    expect(p4info.tables[0]?.match_fields[0]?.name).toBe('k1');
  });

  test('have no dot at their beginning, but for keys, which p4c names as written', async () => {
    const p4info = buildP4Info(
      await v1modelText({
        top: `@controller_header("packet_in") header in_t { @name(".v") bit<8> a; }
          @name(".told") struct told_t { @name(".w") bit<8> a; } @name(".n") type bit<8> n_t;`,
        locals: `action f(@name(".p") n_t a) { hdr.h.a = (bit<8>) a; digest<told_t>(0, { hdr.h.a }); }
          @id(32s5) table t { key = { hdr.h.a: exact @name(".k"); } actions = { f; } }`,
        ingress: 't.apply();',
      }),
    );
    const table = p4info.tables[0];
    expect(table?.preamble.id).toBe(0x02000005);
    expect(table?.match_fields.map((key) => key.name)).toEqual(['.k']);
    expect(
      p4info.actions.find((action) => action.preamble.name === 'I.f')?.params.map((param) => [param.name, param.type_name?.name]),
    ).toEqual([['p', 'n']]);
    expect(p4info.controller_packet_metadata[0]?.metadata.map((field) => field.name)).toEqual(['v']);
    expect(p4info.digests[0]?.preamble.name).toBe('told');
    expect(p4info.type_info?.structs.told?.members.map((member) => member.name)).toEqual(['w']);
    expect(Object.keys(p4info.type_info?.new_types ?? {})).toEqual(['n']);
  });
});
