// "Read-Write Symmetry": whatever is accepted is read back as it was written, in canonical form.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import { encodeBits } from '../../runtime/p4runtime/bytestrings.js';
import type { FieldMatch, TableEntry } from '../../runtime/p4runtime/messages.js';
import { createSwitch } from '../../runtime/switch/core.js';
import { localTransport } from '../../runtime/switch/local-transport.js';
import { actionId, plain, primary, read, state, tableId, write } from '../support/switches.js';

const acl = tableId('acl');
const bits = (width: number) => fc.bigInt(0n, (1n << BigInt(width)) - 1n);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const ternary = fc.tuple(bits(32), bits(32)).filter(([, mask]) => mask !== 0n);
const range = fc
  .tuple(bits(8), bits(8))
  .map(([a, b]) => (a < b ? [a, b] : [b, a]) as [bigint, bigint])
  .filter(([low, high]) => low !== 0n || high !== 255n);

/** `pad` zero bytes in front: accepted, and not read back. */
const entry = fc
  .record({
    src: maybe(ternary),
    protocol: bits(8),
    ttl: maybe(range),
    small: maybe(bits(12)),
    ip: bits(1),
    priority: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    cell: bits(32),
  })
  .map(({ src, protocol, ttl, small, ip, priority, cell }) => (pad: number): TableEntry => {
    const value = (v: bigint) => new Uint8Array([...new Uint8Array(pad), ...encodeBits(v)]);
    const match: FieldMatch[] = [
      ...(src ? [{ field_id: 1, ternary: { value: value(src[0] & src[1]), mask: value(src[1]) } }] : []),
      { field_id: 2, exact: { value: value(protocol) } },
      ...(ttl ? [{ field_id: 3, range: { low: value(ttl[0]), high: value(ttl[1]) } }] : []),
      ...(small === undefined ? [] : [{ field_id: 4, optional: { value: value(small) } }]),
      { field_id: 5, exact: { value: value(ip) } },
    ];
    return {
      table_id: acl,
      match,
      action: { action: { action_id: actionId('count'), params: [{ param_id: 1, value: value(cell) }] } },
      priority,
    };
  });

test('entries', async () => {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const transport = await primary({ core, client: () => localTransport(core) });
  const empty = await state(transport);
  await fc.assert(
    fc.asyncProperty(entry, fc.nat(4), fc.boolean(), async (make, pad, shuffled) => {
      const canonical = make(0);
      const padded = make(pad);
      const match = shuffled ? [...(padded.match ?? [])].reverse() : (padded.match ?? []);
      await write(transport, { type: 'INSERT', entity: { table_entry: { ...padded, match } } });
      const found = await read(transport, { table_entry: { table_id: acl, match, priority: canonical.priority ?? 0 } });
      expect(found.map((e) => plain(e.table_entry))).toEqual([plain(canonical)]);
      await write(transport, {
        type: 'DELETE',
        entity: { table_entry: { table_id: acl, match: canonical.match ?? [], priority: canonical.priority ?? 0 } },
      });
      expect(await state(transport)).toEqual(empty);
    }),
  );
  await core.close();
});
