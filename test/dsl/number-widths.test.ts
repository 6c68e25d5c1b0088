/** The JavaScript type of a number depends on its width alone: whatever reads it, and as tsc says. */
import { bit, build, dissect, exact, header, int, packet, pipeline } from 'p4ts';
import { expect, test } from 'vitest';
import { simulate } from '../../runtime/node.js';
import { all } from '../support/outcomes.js';

const widths = {
  small: bit(32),
  above: bit(33),
  forty: bit(40),
  below48: bit(47),
  time: bit(48),
  above48: bit(49),
  safe: bit(53),
  wide: bit(64),
};
const signedWidths = { s32: int(32), s40: int(40), s48: int(48), s64: int(64) };
const Numbers = header('numbers_t', { ...widths, ...signedWidths, pad: bit(2) });
const values = { small: 1, above: 2, forty: 3, below48: 4, time: 5, above48: 6, safe: 7, wide: 8 } as const;
const read = { small: 1, above: 2n, forty: 3n, below48: 4n, time: 5, above48: 6n, safe: 7n, wide: 8n } as const;

const numbers = pipeline('numbers', {
  headers: { numbers: Numbers },
  packetIn: widths,
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.numbers);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const { small, above, forty, below48, time, above48, safe, wide } = hdr.numbers;
    const fields = { small, above, forty, below48, time, above48, safe, wide };
    const told = ctl.digest('told_t', widths);
    const cells = ctl.register('cells', widths, 1);
    const keep = ctl.action('keep', widths, () => {});
    const table = ctl.table('table_', { key: { small: exact(fields.small) }, actions: [keep] });
    ctl.apply((c) => {
      c.apply(table);
      c.digest(told, fields);
      c.update(cells, 0, () => ({ next: fields }));
      c.toController(fields);
    });
    return { told, cells, keep, table };
  },
  deparser: (d, { hdr }) => d.emit(hdr.numbers),
});

test('up to 32 bits and of 48 a number, of other widths a bigint', async () => {
  const { told, cells, keep, table } = numbers.ingress;
  const negative = { s32: -1, s40: -2, s48: -3, s64: -4 } as const;
  const bytes = build(Numbers, { ...values, ...negative, pad: 0 });
  const fields: { small: number; above: bigint; forty: bigint; time: number; wide: bigint; s40: bigint; s48: number } | undefined = dissect(
    Numbers,
    bytes,
  )?.[0];
  expect(fields).toEqual({ ...read, s32: -1, s40: -2n, s48: -3, s64: -4n, pad: 0 });

  await using sw = await simulate(numbers);
  const digests = sw.digests(told);
  await sw.table(table).insert({ match: { small: 9 }, action: keep(values) });
  await sw.send(1, packet(bytes));
  expect((await all(sw.table(table).entries()))[0]?.action).toMatchObject({ args: read });
  expect(await sw.register(cells).read(0)).toEqual(read);
  for await (const { payload, ...metadata } of sw.packetIns()) {
    expect(payload.length).toBe(bytes.length);
    expect(metadata).toMatchObject(read);
    break;
  }
  for await (const { entries } of digests) {
    expect(entries).toEqual([read]);
    break;
  }
});
