/** How the entities of a Read are put into messages, by the bytes that these take on the wire. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entity } from '../../runtime/p4runtime/messages.js';
import { encodeMessage } from '../../runtime/p4runtime/proto.js';
import { inResponses } from '../../runtime/switch/responses.js';

const limit = 256 * 1024;
const sizeOf = (entities: readonly Entity[] | undefined): number => encodeMessage('p4.v1.ReadResponse', { entities }).length;

const action = fc.record({
  action_id: fc.integer({ min: 1, max: 2 ** 31 }),
  params: fc.array(fc.record({ param_id: fc.integer({ min: 1, max: 300 }), value: fc.uint8Array({ minLength: 1, maxLength: 16 }) }), {
    maxLength: 4,
  }),
});
const entity: fc.Arbitrary<Entity> = fc.oneof(
  fc.record({
    table_entry: fc.record({
      table_id: fc.integer({ min: 1, max: 2 ** 31 }),
      match: fc.array(
        fc.record({ field_id: fc.integer({ min: 1, max: 300 }), exact: fc.record({ value: fc.uint8Array({ maxLength: 40 }) }) }),
        { maxLength: 5 },
      ),
      action: fc.record({
        action_profile_action_set: fc.record({
          action_profile_actions: fc.array(fc.record({ action, weight: fc.integer({ min: 1, max: 2 ** 31 - 1 }) }), { maxLength: 30 }),
        }),
      }),
      idle_timeout_ns: fc.bigInt(0n, (1n << 63n) - 1n),
      metadata: fc.uint8Array({ maxLength: 5000 }),
    }),
  }),
  fc.record({
    register_entry: fc.record({
      register_id: fc.integer({ min: 1, max: 2 ** 31 }),
      index: fc.record({ index: fc.bigInt(0n, 1n << 40n) }),
      data: fc.record({ bitstring: fc.uint8Array({ maxLength: 256 }) }),
    }),
  }),
);

test('no message is larger than the limit, and all entities come in their order', () => {
  fc.assert(
    fc.property(fc.array(entity, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 120 }), (some, times) => {
      const all = Array.from({ length: times }, () => some).flat();
      const responses = [...inResponses(all)];
      for (const { entities } of responses) if ((entities?.length ?? 0) > 1) expect(sizeOf(entities)).toBeLessThanOrEqual(limit);
      expect(responses.flatMap((r) => r.entities ?? [])).toEqual(all);
    }),
    { numRuns: 50 },
  );
});

test('an entity that alone is larger comes alone', () => {
  const large: Entity = { table_entry: { table_id: 1, metadata: new Uint8Array(limit + 1) } };
  const small: Entity = { table_entry: { table_id: 2 } };
  expect([...inResponses([small, large, small, small])].map((r) => r.entities?.length)).toEqual([1, 1, 2]);
});

test('messages are filled: 10,000 routes take fewer than twenty', () => {
  const value = new Uint8Array(4);
  const routes = Array.from(
    { length: 10_000 },
    (): Entity => ({
      table_entry: { table_id: 1, match: [{ field_id: 1, lpm: { value, prefix_len: 24 } }], action: { action: { action_id: 1 } } },
    }),
  );
  expect([...inResponses(routes)].length).toBeLessThan(20);
});

test('nothing to tell is no message', () => {
  expect([...inResponses([])]).toEqual([]);
});
