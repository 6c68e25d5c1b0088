/** Packed messages beside plain ones, and the sizes of the answers to a Read. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type PackedReadResponse,
  type PackedWriteRequest,
  packEntities,
  packUpdate,
  unpackEntities,
  unpackUpdates,
} from '../../runtime/grpc/packed-messages.js';
import { decodeMessage, encodeMessage } from '../../runtime/grpc/proto.js';
import type { Entity, Update, WriteRequest } from '../../runtime/p4runtime/messages.js';

const limit = 256 * 1024;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

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

async function* oneByOne<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
async function responsesOf(entities: readonly Entity[]): Promise<PackedReadResponse[]> {
  const responses: PackedReadResponse[] = [];
  for await (const response of packEntities(oneByOne(entities))) responses.push(response);
  return responses;
}

test('on the wire, packed and plain messages are the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entity, { minLength: 1, maxLength: 5 }), async (entities) => {
      const responses = await responsesOf(entities);
      const bytes = Buffer.concat(responses.map((response) => encodeMessage('p4ts.ReadResponse', response)));
      expect(bytes.equals(encodeMessage('p4.v1.ReadResponse', { entities }))).toBe(true);

      const updates = entities.map((one): Update => ({ type: 'MODIFY', entity: one }));
      const request: WriteRequest = {
        device_id: 7n,
        role: 'routing',
        election_id: { high: 1n, low: 2n },
        atomicity: 'DATAPLANE_ATOMIC',
        updates,
      };
      const plain = encodeMessage('p4.v1.WriteRequest', request);
      expect(encodeMessage('p4ts.WriteRequest', { ...request, updates: updates.map(packUpdate) }).equals(plain)).toBe(true);
      const packed = decodeMessage<PackedWriteRequest>('p4ts.WriteRequest', plain);
      expect({ ...packed, updates: [...unpackUpdates(packed.updates)] }).toEqual(decodeMessage('p4.v1.WriteRequest', plain));
    }),
    { numRuns: 50 },
  );
});

test('no message is larger than the limit, and all entities come in their order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entity, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 120 }), async (some, times) => {
      const all = Array.from({ length: times }, () => some).flat();
      const responses = await responsesOf(all);
      for (const response of responses) {
        if ((response.entities?.length ?? 0) > 1) expect(encodeMessage('p4ts.ReadResponse', response).length).toBeLessThanOrEqual(limit);
      }
      expect(responses.flatMap((r) => r.entities ?? []).map(hex)).toEqual(all.map((one) => hex(encodeMessage('p4.v1.Entity', one))));
    }),
    { numRuns: 50 },
  );
});

test('an entity that alone is larger comes alone', async () => {
  const large: Entity = { table_entry: { table_id: 1, metadata: new Uint8Array(limit + 1) } };
  const small: Entity = { table_entry: { table_id: 2 } };
  expect((await responsesOf([small, large, small, small])).map((r) => r.entities?.length)).toEqual([1, 1, 2]);
});

test('messages are filled: 10,000 routes take fewer than five', async () => {
  const match = [{ field_id: 1, lpm: { value: new Uint8Array(4), prefix_len: 24 } }];
  const route: Entity = { table_entry: { table_id: 0x2000001, match, action: { action: { action_id: 0x1000001 } } } };
  const responses = await responsesOf(Array.from({ length: 10_000 }, () => route));
  expect(responses.length).toBeLessThan(5);
  expect(responses.flatMap((response) => [...unpackEntities(response)])).toHaveLength(10_000);
});

test('nothing to tell is no message', async () => {
  expect(await responsesOf([])).toEqual([]);
});

test('an update that is none: INVALID_ARGUMENT says which', () => {
  const good = packUpdate({ type: 'INSERT', entity: { table_entry: { table_id: 1 } } });
  const updates = unpackUpdates([good, Buffer.from([0x12, 0xff])])[Symbol.iterator]();
  expect(updates.next().value).toMatchObject({ type: 'INSERT' });
  expect(() => updates.next()).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('update 2 of 2') }),
  );
});
