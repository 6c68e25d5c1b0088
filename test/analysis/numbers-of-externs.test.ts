/** Type parameters of externs that P4 lets a program fill with any type, where the architecture knows what to do with numbers alone. */
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { programHandle } from '../../compiler/imported-p4/program.js';
import { simulate } from '../../runtime/client/simulate.js';
import { tryLoad } from '../frontend/lower/load.js';
import { psaProgram } from '../support/psa-lab.js';
import { type Parts, v1modelSource, v1modelText } from '../support/v1model-text.js';

const parts = (ingress: string, locals = ''): Parts => ({
  types: 'struct two_t { bit<8> a; bit<8> b; } enum K { one, two } enum bit<8> S { one = 0, two = 1 } type bit<8> N;',
  meta: 'two_t t; K k; S s8; N n; int<8> i; bool f;',
  ingress,
  locals,
});
const hash = (result: string, base: string, max: string): string => `hash(${result}, HashAlgorithm.crc16, ${base}, { hdr.h.a }, ${max});`;
const meter = 'meter(4, MeterType.packets) rate;';
const direct = (type: string, field: string): Parts =>
  parts(
    't.apply();',
    `direct_meter<${type}>(MeterType.packets) rate; action note() { rate.read(${field}); }
    table t { key = { hdr.h.a: exact; } actions = { note; } meters = rate; }`,
  );

describe('in v1model', () => {
  test.each([
    ['the result of a hash', parts(hash('hdr.h', '16w0', '16w9')), 1],
    ['its base', parts(hash('m.x', 'm.t', '16w9')), 1],
    ['its max, a list', parts(hash('m.x', '16w0', '{}')), 1],
    ['its max, a header', parts(hash('m.x', '16w0', 'hdr.h')), 1],
    ['its max, a member of an enum without values', parts(hash('m.x', '16w0', 'm.k')), 1],
    ['its max, a boolean', parts(hash('m.x', '16w0', 'm.f')), 1],
    ['its max, a varbit', parts(hash('m.x', '16w0', 'm.v')), 1],
    ['a random number and its bounds', parts('random(hdr.h, hdr.h, hdr.h);'), 3],
    ['a random boolean', parts('random(m.f, false, true);'), 3],
    ['the colour of a meter', parts('rate.execute_meter(1, hdr.h);', meter), 1],
    ['the colour of a direct meter', direct('h_t', 'hdr.h'), 2],
    ['a checksum', { ...parts(''), compute: 'update_checksum(true, { hdr.h.a }, m.t, HashAlgorithm.csum16);' }, 1],
  ])('%s must be a number', async (_, program, count) => {
    const errors = validate(await v1modelText(program)).diagnostics.filter((d) => d.severity === 'error');
    expect(errors.map((d) => d.code)).toEqual(
      Array.from({ length: count }, (_, i) => (count === 2 && i === 0 ? 'element-type' : 'bad-operand')),
    );
    expect(errors.at(-1)?.message).toMatch(/ number of type bit<W>, got /);
  });

  test.each([
    ['an enum with values', parts(`${hash('m.s8', 'm.s8', 'm.s8')} random(m.s8, S.one, S.two);`)],
    ['a type of its own', parts(`${hash('m.n', 'm.n', 'm.n')} random(m.n, (N) 8w1, (N) 8w2); rate.execute_meter(1, m.n);`, meter)],
    ['a signed number', parts(`${hash('m.i', 'm.i', 'm.i')} random(m.i, 1, 2);`)],
    ['a number without a width', parts('random(m.x, 1, 9);')],
    ['a colour as a number', direct('bit<8>', 'hdr.h.b')],
  ])('%s is one', async (_, program) => {
    const ir = await v1modelText(program);
    expect(validate(ir).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    const sw = await simulate(programHandle(ir, []));
    expect(await sw.send(1, Uint8Array.of(1, 2))).toHaveLength(1);
    await sw.close();
  });

  test.each(['{ "text" }', '{ 8w1, { "text" } }'])('a string is no part of a value: %s', async (data) => {
    const { diagnostics } = await tryLoad(v1modelSource(parts(`digest(1, ${data});`)));
    expect(diagnostics.map((d) => d.message)).toEqual(['The type of data cannot be inferred from a list with a string in it.']);
  });
});

describe('in PSA', () => {
  const errors = async (ingressLocals: string, ingress: string): Promise<readonly string[]> =>
    validate(await psaProgram({ top: 'enum bit<8> S { one = 0, two = 1 } type bit<8> N;', ingressLocals, ingress })).diagnostics.flatMap(
      (d) => (d.severity === 'error' ? [d.message] : []),
    );
  const hashing = 'Hash<bit<8>>(PSA_HashAlgorithm_t.CRC16) over;';

  test.each(['{}', 'hdr.h', 'false'])('the base and max of a hash must be numbers, not %s', async (value) => {
    expect(await errors(hashing, `m.x = over.get_hash(${value}, { hdr.h.a }, ${value});`)).toEqual([
      expect.stringMatching(/^Expected a number of type bit<W>, got /),
      expect.stringMatching(/^Expected a number of type bit<W>, got /),
    ]);
  });

  test.each([
    ['Hash<h_t>(PSA_HashAlgorithm_t.CRC16) o;', 'Hash<O> cannot have h_t'],
    ['Checksum<bool>(PSA_HashAlgorithm_t.CRC16) o;', 'Checksum<W> cannot have bool'],
    ['Random<h_t>({ 1, 2 }, { 3, 4 }) o;', 'Random<T> cannot have h_t'],
    ['Register<bit<8>, h_t>(4) o;', 'Register<S> cannot have h_t'],
    ['Meter<meta_t>(4, PSA_MeterType_t.PACKETS) o;', 'Meter<S> cannot have meta_t'],
    ['Counter<h_t, bit<8>>(4, PSA_CounterType_t.PACKETS) o;', 'Counter<W> cannot have h_t'],
  ])('%s is refused', async (object, message) => {
    expect(await errors(object, '')).toEqual([`${message}: it has a type of numbers, such as bit<W>.`]);
  });

  test.each([
    [hashing, 'm.x = over.get_hash(8w0, { hdr.h.a }, 9);'],
    [hashing, 'm.x = over.get_hash(S.one, { hdr.h.a }, S.two);'],
    ['Hash<N>(PSA_HashAlgorithm_t.CRC16) o;', 'm.x = (bit<8>) o.get_hash({ hdr.h.a });'],
    ['Random<S>(S.one, S.two) o;', 'm.x = o.read();'],
    ['Register<h_t, N>(4) o;', 'hdr.h = o.read((N) 8w1);'],
    ['Counter<bit<32>, S>(4, PSA_CounterType_t.PACKETS) o;', 'o.count(S.one);'],
  ])('%s %s is taken', async (object, body) => {
    expect(await errors(object, body)).toEqual([]);
  });
});
