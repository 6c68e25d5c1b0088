/** Entries and default actions that programs declare, with every form of constant that they are written with. */
import { expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { initialTables } from '../../compiler/control/initial-tables.js';
import { Interpreter } from '../../runtime/interpreter/index.js';
import { v1modelText } from '../support/v1model-text.js';

const exact = (value: bigint) => ({ kind: 'exact', value });

test('entries are known by the values of constants, enum members, errors and casts', async () => {
  const program = await v1modelText({
    top: `
      const bit<8> one = 1;
      const bit<8> three = one + one + 1;
      struct pair_t { bit<8> low; int<8> high; }
      struct outer_t { pair_t pair; bit<16> wide; }
      const outer_t o = { { 7, -2 }, 0x0102 };
      enum color_t { red, green, blue }
      enum bit<8> code_t { ok = 200, bad = 201 }
      type bit<8> port_t;
      error { Custom }
      action to(bit<8> a, bool flag, color_t color, int<8> small) {}`,
    locals: `
      bit<8> k = 0; int<8> s = 0; color_t c = color_t.red; error e = error.NoError; bool b = false; code_t n = code_t.ok;
      const bit<8> local = three ++ 4w1 == 12w0x031 ? 9 : 8;
      table t {
        key = { k: exact; s: exact; c: exact; e: exact; b: exact; n: exact; }
        actions = { to; NoAction; }
        const default_action = to(three << 2, true, color_t.blue, -3);
        const entries = {
          (three, o.pair.high, color_t.green, error.PacketTooShort, true, code_t.bad): to(o.wide[15:8], false, color_t.red, o.pair.high);
          (local, -128, color_t.blue, error.Custom, !true, code_t.ok): NoAction();
        }
      }`,
    ingress: 't.apply();',
  });
  expect(validate(program).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  // Errors count as core.p4 declares them; Custom comes after its seven.
  expect([...initialTables(program)]).toEqual([
    [
      'I.t',
      {
        defaultAction: { name: 'to', args: [12n, 1n, 2n, 0xfdn] },
        entries: [
          {
            matches: [3n, 0xfen, 1n, 1n, 1n, 201n].map(exact),
            priority: 0,
            action: { name: 'to', args: [1n, 0n, 0n, 0xfen] },
          },
          { matches: [9n, 0x80n, 2n, 7n, 0n, 200n].map(exact), priority: 0, action: { name: 'NoAction', args: [] } },
        ],
      },
    ],
  ]);
  expect(initialTables(program)).toBe(initialTables(program));
});

test('each instance of a control has the entries of its constructor arguments', async () => {
  const program = await v1modelText({
    top: `
      const bit<8> base = 0x10;
      control Inner(inout headers_t hdr, inout standard_metadata_t s)(bit<8> first, bit<9> port) {
        const bit<8> second = first + 1;
        action to(bit<9> p) { s.egress_spec = p; }
        table t {
          key = { hdr.h.a: exact; }
          actions = { to; }
          default_action = to(port);
          const entries = { first: to(1); second: to(port); }
        }
        apply { t.apply(); }
      }
      control Outer(inout headers_t hdr, inout standard_metadata_t s)(bit<8> first) {
        Inner(first, 5) inner;
        apply { inner.apply(hdr, s); }
      }`,
    locals: 'Outer(base) x; Outer(base + 0x10) y; Inner(1, 6) z;',
    ingress: 'if (hdr.h.b == 0) { x.apply(hdr, s); } else if (hdr.h.b == 1) { y.apply(hdr, s); } else { z.apply(hdr, s); }',
  });
  const shown = [...initialTables(program)].map(([name, { entries, defaultAction }]) => [
    name,
    entries.map(({ matches, action }) => [matches, action.args]),
    defaultAction.args,
  ]);
  expect(shown).toEqual([
    [
      'I.x.inner.t',
      [
        [[exact(0x10n)], [1n]],
        [[exact(0x11n)], [5n]],
      ],
      [5n],
    ],
    [
      'I.y.inner.t',
      [
        [[exact(0x20n)], [1n]],
        [[exact(0x21n)], [5n]],
      ],
      [5n],
    ],
    [
      'I.z.t',
      [
        [[exact(1n)], [1n]],
        [[exact(2n)], [6n]],
      ],
      [6n],
    ],
  ]);
  const port = (...bytes: number[]) => new Interpreter(program).process({ port: 0, bytes: Uint8Array.from(bytes) }).outputs[0]?.port;
  expect([port(0x10, 0), port(0x21, 1), port(0x21, 0), port(1, 2), port(9, 2)]).toEqual([1, 5, 5, 1, 6]);
});

test('a constant of constants takes time in proportion to the program', async () => {
  const steps = Array.from({ length: 200 }, (_, i) => `const bit<8> c${i + 1} = c${i} + c${i};`);
  const program = await v1modelText({
    top: `const bit<8> c0 = 1;\n${steps.join('\n')}`,
    locals: 'bit<8> k = 0; table t { key = { k: exact; } actions = { NoAction; } const entries = { c3: NoAction(); c200: NoAction(); } }',
    ingress: 't.apply();',
  });
  expect(
    initialTables(program)
      .get('I.t')
      ?.entries.map((entry) => entry.matches),
  ).toEqual([[exact(8n)], [exact(0n)]]);
});
