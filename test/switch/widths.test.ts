// Values that do not fit and values that are empty, wherever values stand (P4Runtime, "Bytestrings" and the sections on those places).
import { beforeEach, describe, expect, test } from 'vitest';
import type { Entity, FieldMatch } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { exactEntry, modify, send, serviceId, servicesConfig, servicesP4Info } from '../support/service-switch.js';
import {
  actionId,
  bytes,
  labConfig,
  labP4Info,
  onBothTransports,
  primaryStream,
  refused,
  state,
  type TestStream,
  tableId,
  write,
} from '../support/switches.js';

const exact = (field_id: number, hex: string): FieldMatch => ({ field_id, exact: { value: bytes(hex) } });
const drop = { action: { action_id: actionId('drop') } };
const acl = (...match: FieldMatch[]): Entity => ({ table_entry: { table_id: tableId('acl'), match, priority: 1, action: drop } });
/** With the keys that an entry of the table must have. */
const aclWith = (field: FieldMatch): Entity => acl(exact(2, '06'), exact(5, '01'), field);
const types = (v6: string): Entity => ({
  table_entry: {
    table_id: tableId('types'),
    match: [exact(1, '0800'), { field_id: 2, lpm: { value: bytes(v6), prefix_len: 128 } }],
    action: drop,
  },
});
const route = (port: string): Entity => ({
  table_entry: {
    table_id: tableId('routes'),
    match: [{ field_id: 1, lpm: { value: bytes('0a000000'), prefix_len: 8 } }],
    action: {
      action: {
        action_id: actionId('forward'),
        params: [
          { param_id: 1, value: bytes(port) },
          { param_id: 2, value: bytes('01') },
        ],
      },
    },
  },
});

/** One bit more than the field has; nothing. */
const places: readonly [place: string, make: (hex: string) => Entity, tooWide: string][] = [
  ['an exact match', (hex) => acl(exact(2, hex), exact(5, '01')), '0100'],
  ['an exact match of one bit', (hex) => acl(exact(2, '06'), exact(5, hex)), '02'],
  ['an LPM value', types, `01${'00'.repeat(16)}`],
  ['a ternary value', (hex) => aclWith({ field_id: 1, ternary: { value: bytes(hex), mask: bytes('ffffffff') } }), '0100000000'],
  ['a ternary mask', (hex) => aclWith({ field_id: 1, ternary: { value: bytes('00'), mask: bytes(hex) } }), '0100000000'],
  ['a lower bound', (hex) => aclWith({ field_id: 3, range: { low: bytes(hex), high: bytes('ff') } }), '0100'],
  ['an upper bound', (hex) => aclWith({ field_id: 3, range: { low: bytes('01'), high: bytes(hex) } }), '0100'],
  ['an optional match', (hex) => aclWith({ field_id: 4, optional: { value: bytes(hex) } }), '1000'],
  ['a parameter', route, '0200'],
];
const cases = places.flatMap(([place, make, tooWide]) => [
  [`${place} that is too wide`, make(tooWide)] as const,
  [`${place} that is empty`, make('')] as const,
]);

const valueSet = (hex: string): Entity => ({
  value_set_entry: { value_set_id: serviceId('value_sets', 'tags'), members: [{ match: [exact(1, hex)] }] },
});
const register = (hex: string): Entity => ({
  register_entry: { register_id: serviceId('registers', 'totals'), index: { index: 0n }, data: { bitstring: bytes(hex) } },
});
const ofServices = [
  ['a value set, too wide', valueSet('010000')],
  ['a value set, empty', valueSet('')],
  ['a register, too wide', register('01'.repeat(17))],
  ['a register, empty', register('')],
  ['a parameter of a member, too wide', { table_entry: exactEntry('initial', '0100', { action: { action: send(1) } }) }],
] as const;

onBothTransports((open) => {
  describe('tables', () => {
    let transport: Transport;
    let stream: TestStream;
    beforeEach(async () => {
      ({ transport, stream } = await primaryStream(await open(), labConfig));
    });

    test.each(cases)('%s: INVALID_ARGUMENT, and nothing is written', async (_, entity) => {
      const before = await state(transport, labP4Info);
      const { errors } = await refused(write(transport, { type: 'INSERT', entity }));
      expect(errors.map((e) => codeName(e.canonical_code))).toEqual(['INVALID_ARGUMENT']);
      expect(await state(transport, labP4Info)).toEqual(before);
    });

    test.each(['0200', ''])('packet-out metadata 0x%s: INVALID_ARGUMENT on the stream', async (hex) => {
      stream.send({ packet: { payload: bytes('aa'), metadata: [exactMetadata(1, hex), exactMetadata(2, '01')] } });
      expect(codeName((await stream.next()).error?.canonical_code)).toBe('INVALID_ARGUMENT');
    });
  });

  test.each(ofServices)('%s: INVALID_ARGUMENT, and nothing is changed', async (_, entity) => {
    const { transport } = await primaryStream(await open(), servicesConfig);
    const before = await state(transport, servicesP4Info);
    const { errors } = await refused(write(transport, 'table_entry' in entity ? { type: 'INSERT', entity } : modify(entity)));
    expect(errors.map((e) => codeName(e.canonical_code))).toEqual(['INVALID_ARGUMENT']);
    expect(await state(transport, servicesP4Info)).toEqual(before);
  });
});

const exactMetadata = (metadata_id: number, hex: string) => ({ metadata_id, value: bytes(hex) });
