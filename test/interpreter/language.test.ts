/** Headers, stacks, unions, varbit, calls and loops: P4-16 §8.17-8.20, §6.8, §12, §13. */
import { bit, header, pipeline, stack } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { describe, expect, test } from 'vitest';
import { bytesOf, Runs } from '../support/v1model-runs.js';

const ingress = (body: string) => bytesOf({ ingress: body });

describe('headers', () => {
  test('an invalid header reads as 0 and ignores writes', async () => {
    expect(await ingress('h.x.v = 9; h.y.setValid(); h.y.v = h.x.v + 1;')).toBe('01');
  });
  test('setValid zeroes a header only if it was invalid', async () => {
    expect(await ingress('h.x.setValid(); h.x.v = 7; h.x.setValid();')).toBe('07');
    expect(await ingress('h.x.setValid(); h.x.v = 7; h.x.setInvalid(); h.x.setValid();')).toBe('00');
  });
  test('assigning copies fields and validity', async () => {
    expect(await ingress('h.x.setValid(); h.x.v = 7; h.y = h.x; h.x.v = 8;')).toBe('0807');
    expect(await ingress('h.x.setValid(); h.y.setValid(); h.y = h.x; h.x = {#};')).toBe('00');
    expect(await ingress('h.x.setValid(); h.x = h.y;')).toBe('');
  });
  test('a header expression is valid', async () => {
    expect(await ingress('h.x = { v = 5 };')).toBe('05');
  });
  test('are equal when both are invalid, or both valid with equal fields', async () => {
    const equals = async (body: string) => (await ingress(`${body} h.s[0].setValid(); h.s[0].v = h.x == h.y ? 8w1 : 0;`))?.slice(-2);
    expect(await equals('')).toBe('01');
    expect(await equals('h.x.setValid();')).toBe('00');
    expect(await equals('h.x.setValid(); h.y.setValid();')).toBe('01');
    expect(await equals('h.x.setValid(); h.y.setValid(); h.x.v = 1;')).toBe('00');
  });
  test('a slice is written without touching its neighbours', async () => {
    expect(await ingress('h.x.setValid(); h.x.v = 0xff; h.x.v[5:2] = 0b0101;')).toBe('d7');
  });
});

describe('stacks', () => {
  const fill = [0, 1, 2].map((i) => `h.s[${i}].setValid(); h.s[${i}].v = ${i + 1};`).join(' ');
  test('are emitted in order, without the invalid ones', async () => {
    expect(await ingress(`${fill} h.s[1].setInvalid();`)).toBe('0103');
  });
  test('push_front and pop_front move, and invalidate what moves in', async () => {
    expect(await ingress(`${fill} h.s.push_front(1);`)).toBe('0102');
    expect(await ingress(`${fill} h.s.pop_front(2);`)).toBe('03');
    expect(await ingress(`${fill} h.s.push_front(9);`)).toBe('');
    expect(await ingress(`${fill} h.s.push_front(1); h.s[0].setValid(); h.s[0].v = 9;`)).toBe('090102');
  });
  test('an index out of range reads as an invalid header and ignores writes', async () => {
    const far = 'h.s[(bit<8>) std.ingress_port + 200]';
    const body = `${far}.v = 1; ${far}.setValid(); ${far} = h.x; h.x.setValid(); h.x.v = ${far}.isValid() ? 8w1 : 2;`;
    expect(await ingress(body)).toBe('02');
  });
  test('next and last in the parser; a full stack is StackOutOfBounds and reads nothing', async () => {
    const start = `p.extract(h.s.next); meta.m = (bit<64>) h.s.lastIndex;
      transition select(h.s.last.v) { 0: accept; default: start; }`;
    const of = (body: string, hex: string) => bytesOf({ start, ingress: body }, hex);
    const shown = 'h.x.setValid(); h.x.v = (bit<8>) meta.m; h.y.setValid(); h.y.v = (bit<8>) h.s.size;';
    expect(await of(shown, '0500ff')).toBe('01030500ff');
    expect(await of(shown, '05060708')).toBe('020305060708');
    expect(await of('h.s[0].v = 0xaa;', '05060708')).toBe('aa060708');
  });
  test('extracting into last is refused, as p4c does', async () => {
    const Byte = header('byte_t', { v: bit(8) });
    const labels = pipeline('labels', {
      headers: { s: stack(Byte, 3) },
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.s.next, hdr.s.last, hdr.s.next);
          return p.accept();
        },
      },
      ingress: (ctl) => ctl.apply((c) => c.forward(0)),
      deparser: (d, { hdr }) => d.emit(hdr.s),
    });
    await expect(simulate(labels)).rejects.toThrow('`hdr.s.last` cannot be assigned to');
  });
  test('last of an empty stack is StackOutOfBounds', async () => {
    expect(await bytesOf({ start: 'h.x.setValid(); h.x.v = h.s.last.v; h.x.v = 1; transition accept;' }, 'cc')).toBe('00cc');
  });
});

describe('unions', () => {
  test('have one valid member at most', async () => {
    expect(await ingress('h.u.p.setValid(); h.u.p.v = 1; h.u.q.setValid(); h.u.q.v = 2;')).toBe('02');
    expect(await ingress('h.x.setValid(); h.x.v = 3; h.u.q.setValid(); h.u.p = h.x; h.x.setInvalid();')).toBe('03');
  });
  test('are valid when a member is, and extract makes it so', async () => {
    const shown = 'h.x.setValid(); h.x.v = h.u.isValid() ? 8w1 : 0;';
    expect(await ingress(shown)).toBe('00');
    expect(await bytesOf({ start: 'p.extract(h.u.p); p.extract(h.u.q); transition accept;', ingress: shown }, '0405')).toBe('0105');
  });
});

describe('varbit', () => {
  const of = (length: number, hex: string) =>
    bytesOf({ start: `p.extract(h.o, ${length}); transition accept;`, ingress: 'h.x.setValid(); h.x.v = h.o.isValid() ? 8w1 : 0;' }, hex);
  test('takes as many bits as asked, and is emitted as long', async () => {
    expect(await of(16, '02aabbcc')).toBe('0102aabbcc');
    expect(await of(0, '02aabbcc')).toBe('0102aabbcc');
  });
  test('not a multiple of 8, too long for the packet, or for the header: an error, and nothing is read', async () => {
    expect(await of(12, '02aabbcc')).toBe('0002aabbcc');
    expect(await of(32, '02aabbcc')).toBe('0002aabbcc');
    expect(await of(40, '02aabbccddeeff')).toBe('0002aabbccddeeff');
  });
});

describe('parsers', () => {
  test('lookahead and advance', async () => {
    const start = 'h.x.setValid(); h.x.v = p.lookahead<bit<8>>(); p.advance(16); h.y = p.lookahead<byte_t>(); transition accept;';
    expect(await bytesOf({ start }, 'aabbcc')).toBe('aacccc');
  });
  test('lookahead beyond the end fails, advance beyond the end does not move', async () => {
    expect(await bytesOf({ start: 'h.x.setValid(); p.advance(32); transition accept;' }, 'aabbcc')).toBe('00aabbcc');
  });
  test('select on masks, ranges and several values; the first match wins', async () => {
    const start = `p.extract(h.x); p.extract(h.y); transition select(h.x.v, h.y.v) {
      (0x10 &&& 0xf0, 3 .. 5): first; (0x12, _): second; (_, _): accept; }`;
    const runs = await Runs.of({
      start,
      states: 'state first { h.x.v = 1; transition accept; } state second { h.x.v = 2; transition accept; }',
    });
    expect(['1203', '1f05', '1206', '2003'].map((hex) => runs.send(hex).sent[0])).toEqual(['0:0103', '0:0105', '0:0206', '0:2003']);
  });
  test('the parser calls another; its error ends both, what it extracted stays', async () => {
    const runs = await Runs.of({
      // `two` is a local of the inner parser: read, but not emitted.
      top: 'parser Inner(packet_in p, out byte_t one) { byte_t two; state start { p.extract(one); p.extract(two); transition accept; } }',
      parserLocals: 'Inner() inner;',
      start: 'inner.apply(p, h.x); p.extract(h.y); transition accept;',
    });
    expect([runs.send('010203ff').sent, runs.send('01').sent]).toEqual([['0:0103ff'], ['0:01']]);
  });
});

describe('calls', () => {
  const bump = 'p = p + 1; h.x.v = 50; p = p + 1;';

  test('inout parameters are copied in and, at the end, out', async () => {
    const locals = `action bump(inout bit<8> p) { ${bump} }`;
    expect(await bytesOf({ locals, ingress: 'h.x.setValid(); h.x.v = 1; bump(h.x.v);' })).toBe('03');
  });
  test('also after an exit', async () => {
    const locals = `action bump(inout bit<8> p) { ${bump} exit; }`;
    expect(await bytesOf({ locals, ingress: 'h.x.setValid(); h.y.setValid(); bump(h.y.v); h.y.v = 99;' })).toBe('3202');
  });
  test('return ends the action, not its caller', async () => {
    const locals = 'action r() { h.x.v = 1; return; h.x.v = 2; }';
    expect(await bytesOf({ locals, ingress: 'h.x.setValid(); h.y.setValid(); r(); h.y.v = 3;' })).toBe('0103');
  });
  test('functions return values', async () => {
    const top = 'bit<8> twice(in bit<8> p) { if (p > 100) { return 0; } return p * 2; }';
    const result = (n: number) => bytesOf({ top, ingress: `h.x.setValid(); h.x.v = twice(${n});` });
    expect([await result(21), await result(101)]).toEqual(['2a', '00']);
  });
  test('a control applied by another has its own tables; its exit ends the outer one', async () => {
    const runs = await Runs.of({
      top: `control Inner(inout byte_t one)(bit<8> limit) {
        action mark(bit<8> by) { one.v = by; }
        table t { key = { one.v: exact; } actions = { mark; } }
        apply { if (t.apply().hit) { } if (one.v > limit) { exit; } }
      }`,
      start: 'p.extract(h.x); transition accept;',
      locals: 'Inner(10) c1; Inner(200) c2;',
      ingress: 'c1.apply(h.x); c2.apply(h.x); std.egress_spec = 9;',
    });
    const put = (control: string, value: bigint, by: bigint) =>
      runs.interpreter.state.write([
        {
          kind: 'insert',
          table: `ingress.${control}.t`,
          entry: { matches: [{ kind: 'exact', value }], priority: 0, action: { name: `ingress.${control}.mark`, args: [by] } },
        },
      ]);
    put('c1', 1n, 2n);
    put('c1', 5n, 20n);
    put('c2', 2n, 3n);
    expect(['01', '05', '07'].map((hex) => runs.send(hex).sent)).toEqual([['9:03'], ['0:14'], ['9:07']]);
  });
});

describe('statements', () => {
  test('hit, miss and the action that ran decide what follows an apply', async () => {
    const locals = `action one() { } action two() { }
      table t { key = { h.x.v: exact; } actions = { one; two; @defaultonly NoAction; } const entries = { 1: one(); 2: two(); } }`;
    const follow = async (body: string) => {
      const runs = await Runs.of({ start: 'p.extract(h.x); transition accept;', locals, ingress: `h.y.setValid(); ${body}` });
      return ['01', '02', '03'].map((hex) => runs.send(hex).sent[0]?.slice(4));
    };
    expect(await follow('if (t.apply().hit) { h.y.v = 1; } else { h.y.v = 2; }')).toEqual(['01', '01', '02']);
    expect(await follow('switch (t.apply().action_run) { two: { h.y.v = 3; } default: { h.y.v = 4; } }')).toEqual(['04', '03', '04']);
  });
  test('switch on a value', async () => {
    const runs = await Runs.of({
      start: 'p.extract(h.x); transition accept;',
      ingress: 'switch (h.x.v) { 1: 2: { h.x.v = 0x12; } default: { h.x.v = 0xdd; } }',
    });
    expect(['01', '02', '03'].map((hex) => runs.send(hex).sent[0])).toEqual(['0:12', '0:12', '0:dd']);
  });
  test('for loops, break and continue; one that never ends is stopped', async () => {
    const loop = (cond: string, body: string) => `h.x.setValid(); for (bit<8> i = 0; ${cond}; i = i + 1) { ${body} }`;
    // 0 + 1 + 2 + 4 + 5
    expect(await ingress(loop('i < 10', 'if (i == 3) { continue; } if (i == 6) { break; } h.x.v = h.x.v + i;'))).toBe('0c');
    expect(await ingress('h.x.setValid(); for (bit<8> i in 8w1 .. 4) { h.x.v = h.x.v + i; }')).toBe('0a');
    expect(await ingress(loop('true', 'h.x.v = 1;'))).toBe('01');
  });
});
