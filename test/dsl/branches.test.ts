/** Conditions of `elseif` that do something themselves, and cases for several actions: results worked out by hand. */
import { bit, exact, header, pipeline } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { diagnosticsOf } from 'p4ts/testing';
import { expect, test } from 'vitest';
import { toHex } from '../../compiler/support/bytes.js';

/** `kind` chooses the branch; a table that was applied sets a bit of `applied`. */
const H = header('h_t', { kind: bit(8), key: bit(8), applied: bit(8), result: bit(8) });
const program = pipeline('p', {
  headers: { h: H },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.h);
      return p.accept();
    },
  },
  ingress(ctl, { hdr: { h } }) {
    const cells = ctl.register('cells', bit(8), 2);
    const mark = ctl.action('mark', { table: bit(8) }, (c, a) => c.set(h.applied, h.applied.or(a.table)));
    const number = (n: number) => ctl.action(`is${n}`, {}, (c) => c.set(h.applied, h.applied.or(n)));
    const [one, two, three] = [number(1), number(2), number(3)];
    const table = (name: string, marks: number) =>
      ctl.table(name, {
        key: { key: exact(h.key) },
        actions: [mark],
        default: mark({ table: marks }),
        entries: [{ match: { key: marks }, action: mark({ table: marks | 0x80 }) }],
      });
    const [t1, t2, t4, t8] = [table('t1', 1), table('t2', 2), table('t4', 4), table('t8', 8)];
    const numbers = ctl.table('numbers', {
      key: { key: exact(h.key) },
      actions: [one, two, three],
      entries: [
        { match: { key: 1 }, action: one() },
        { match: { key: 2 }, action: two() },
        { match: { key: 3 }, action: three() },
      ],
    });
    ctl.apply((c) => {
      c.forward(1);
      c.if(h.kind.eq(0), () => {
        c.if(c.apply(t1).hit, () => c.set(h.result, 1))
          .elseif(c.apply(t2).hit, () => c.set(h.result, 2))
          .elseif(c.apply(t4).miss, () => c.set(h.result, 3))
          .else(() => c.set(h.result, 4));
        c.set(h.applied, h.applied.or(0x40));
      })
        .elseif(c.apply(t8).hit.and(h.kind.eq(1)), () => c.set(h.result, 5))
        .elseif(h.kind.eq(2), () => {
          const read = () => c.update(cells, 0, (cell) => ({ next: cell.add(1), result: cell }));
          c.if(h.key.eq(0), () => c.set(h.result, 6))
            .elseif(read().eq(1), () => c.set(h.result, 7))
            .else(() => c.set(h.result, 8));
        })
        .else(() => {
          c.switch(h.kind)
            .case([], () => c.set(h.kind, 0))
            .case([3, 4], () => c.set(h.applied, 0x40));
          c.switch(c.apply(numbers))
            .case([], () => c.set(h.result, 11))
            .case([one, three], () => c.set(h.result, 9))
            .default(() => c.set(h.result, 10));
        });
    });
    return { cells };
  },
  deparser: (d, { hdr }) => d.emit(hdr.h),
});

test('nothing is wrong with such conditions', () => expect(diagnosticsOf(program)).toEqual([]));

test.each([
  ['00010000', '0001c101', 'the first table hits: the others are not applied'],
  ['00020000', '0002c302', 'the second hits'],
  ['00030000', '00034703', 'none hits'],
  ['00040000', '0004c704', 'the third hits, which asks for a miss'],
  ['01080000', '01088805', 'a table in a condition of two parts'],
  ['01000000', '0100080a', 'the condition does not hold: its table was applied'],
  ['02000000', '02000806', 'the register is not read'],
  ['03010000', '03014109', 'one of two actions'],
  ['03020000', '0302420a', 'another action'],
  ['03030000', '03034309', 'the other of two actions'],
])('%s becomes %s: %s', async (sent, left) => {
  await using sw = await simulate(program);
  expect((await sw.send(1, Uint8Array.from(Buffer.from(sent, 'hex')))).map((o) => toHex(o.packet))).toEqual([left]);
});

test('what the condition writes to a register is written only where the conditions before are false', async () => {
  await using sw = await simulate(program);
  const results: (number | undefined)[] = [];
  for (const key of [0, 1, 0, 1, 1]) results.push((await sw.send(1, new Uint8Array([2, key, 0, 0])))[0]?.packet[3]);
  expect(results).toEqual([6, 8, 6, 7, 8]);
  expect(await sw.register(program.ingress.cells).read(0)).toBe(3);
});
