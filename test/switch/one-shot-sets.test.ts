// Selection mode and size semantics of one-shot sets, and of selectors (P4Runtime, "One Shot Action Selector Programming").
import { beforeEach, describe, expect, test } from 'vitest';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { ActionProfileActionSet, Entity } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { load } from '../frontend/lower/load.js';
import { insert, modify, remove } from '../support/service-switch.js';
import { type Bench, bytes, onBothTransports, plain, primaryStream, read, refused, state, write } from '../support/switches.js';

/** The second byte of a packet is hashed; the first chooses the entry, of the table whose sizes are in members or in weights. */
const program = await load(`
#include <v1model.p4>
header k_t { bit<8> entry; bit<8> flow; }
struct H { k_t k; }
struct M {}
parser P(packet_in p, out H h, inout M m, inout standard_metadata_t s) { state start { p.extract(h.k); transition accept; } }
control V(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t s) {
    action send(bit<9> port) { s.egress_spec = port; }
    @selector_size_semantics("sum_of_members") @max_member_weight(100) @max_group_size(3)
    action_selector(HashAlgorithm.crc16, 32w5, 32w16) by_members;
    @selector_size_semantics("sum_of_weights") @max_group_size(8)
    action_selector(HashAlgorithm.crc16, 32w10, 32w16) by_weights;
    @selector_size_semantics("SUM_OF_MEMBERS")
    action_selector(HashAlgorithm.crc16, 32w4, 32w16) any_weight;
    table members { key = { h.k.entry: exact; h.k.flow: selector; } actions = { send; } implementation = by_members; }
    table weights { key = { h.k.entry: exact; h.k.flow: selector; } actions = { send; } implementation = by_weights; }
    table any { key = { h.k.entry: exact; h.k.flow: selector; } actions = { send; } implementation = any_weight; }
    apply { if (!members.apply().hit) { if (!weights.apply().hit) { any.apply(); } } }
}
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control C(inout H h, inout M m) { apply {} }
control D(packet_out p, in H h) { apply { p.emit(h); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
`);
const p4info = buildP4Info(program);
const config = { p4info, p4_device_config: Buffer.from(toJson(program)) };
const id = (kind: 'tables' | 'actions' | 'action_profiles', alias: string): number =>
  p4info[kind].find((t) => t.preamble.alias === alias)?.preamble.id ?? 0;

const send = (port: number) => ({
  action_id: id('actions', 'send'),
  params: [{ param_id: 1, value: bytes(port.toString(16).padStart(2, '0')) }],
});
type Members = readonly (readonly [port: number, weight: number, watch?: number])[];
const set = (
  table: string,
  entry: number,
  members: Members,
  more: Omit<ActionProfileActionSet, 'action_profile_actions'> = {},
): Entity => ({
  table_entry: {
    table_id: id('tables', table),
    match: [{ field_id: 1, exact: { value: bytes(entry.toString(16).padStart(2, '0')) } }],
    action: {
      action_profile_action_set: {
        action_profile_actions: members.map(([port, weight, watch]) => ({
          action: send(port),
          weight,
          ...(watch === undefined ? {} : { watch_port: bytes(watch.toString(16).padStart(2, '0')) }),
        })),
        ...more,
      },
    },
  },
});
const member = (profile: string, member_id: number): Entity => ({
  action_profile_member: { action_profile_id: id('action_profiles', profile), member_id, action: send(member_id) },
});
const group = (profile: string, group_id: number, members: Members, max_size = 0): Entity => ({
  action_profile_group: {
    action_profile_id: id('action_profiles', profile),
    group_id,
    members: members.map(([member_id, weight]) => ({ member_id, weight })),
    ...(max_size ? { max_size } : {}),
  },
});
const inMembers = { size_semantics: 'SUM_OF_MEMBERS' } as const;
const inWeights = { size_semantics: 'SUM_OF_WEIGHTS' } as const;
const random = { action_selection_mode: 'RANDOM' } as const;

test('P4Info says what sizes count, as p4c writes it', () => {
  expect(p4info.action_profiles.map(({ preamble: { alias, annotations }, table_ids, ...rest }) => [alias, annotations, rest])).toEqual([
    ['by_members', undefined, { with_selector: true, size: 5, max_group_size: 3, sum_of_members: { max_member_weight: 100 } }],
    ['by_weights', undefined, { with_selector: true, size: 10, max_group_size: 8, sum_of_weights: {} }],
    ['any_weight', undefined, { with_selector: true, size: 4, sum_of_members: {} }],
  ]);
});

onBothTransports((open) => {
  let bench: Bench;
  let transport: Transport;
  beforeEach(async () => {
    bench = await open();
    ({ transport } = await primaryStream(bench, config));
  });
  const outcome = async (entity: Entity): Promise<string> =>
    write(transport, insert(entity)).then(
      () => 'OK',
      async (error) => (await refused(Promise.reject(error))).errors.map((e) => codeName(e.canonical_code)).join(),
    );
  /** The ports of packets of one flow, or of each of the 256. */
  const ports = async (entry: number, count: number, flow?: number): Promise<(number | undefined)[]> => {
    const found: (number | undefined)[] = [];
    for (let i = 0; i < count; i++) found.push((await bench.core.processPacket(1, Uint8Array.of(entry, flow ?? i))).outputs[0]?.port);
    return found;
  };
  const share = (found: readonly unknown[], port: number): number => found.filter((p) => p === port).length / found.length;

  describe('RANDOM', () => {
    test('each packet of a flow goes by the weights, whatever the others did', async () => {
      await write(
        transport,
        insert(
          set(
            'weights',
            1,
            [
              [2, 1],
              [3, 3],
            ],
            random,
          ),
        ),
      );
      const found = await ports(1, 800, 7);
      // A quarter of 800, give or take five standard deviations.
      expect(Math.abs(share(found, 2) - 0.25)).toBeLessThan(0.077);
      expect(share(found, 2) + share(found, 3)).toBe(1);
      // Independent of the one before: 3/16 of neighbours are (2, 3).
      const pairs = found.slice(1).filter((port, i) => found[i] === 2 && port === 3).length / 799;
      expect(Math.abs(pairs - 3 / 16)).toBeLessThan(0.07);
    });

    test('HASH and the default keep a flow where it is', async () => {
      await write(
        transport,
        insert(
          set(
            'weights',
            1,
            [
              [2, 1],
              [3, 3],
            ],
            { action_selection_mode: 'HASH' },
          ),
        ),
        insert(
          set(
            'weights',
            2,
            [
              [2, 1],
              [3, 3],
            ],
            { action_selection_mode: 'DEFAULT_MODE_DETERMINED_BY_ACTION_SELECTOR' },
          ),
        ),
      );
      const flows = await ports(1, 256);
      expect(new Set(flows)).toEqual(new Set([2, 3]));
      expect(await ports(1, 256)).toEqual(flows);
      expect(await ports(2, 256)).toEqual(flows);
      expect(new Set(await ports(1, 50, 9)).size).toBe(1);
    });

    test('a member whose port is down is left out, and with none left nothing runs', async () => {
      await write(
        transport,
        insert(
          set(
            'members',
            1,
            [
              [2, 1, 2],
              [3, 50, 3],
            ],
            { ...random, ...inMembers },
          ),
        ),
      );
      await bench.core.setPort(3, false);
      expect(share(await ports(1, 50), 2)).toBe(1);
      await bench.core.setPort(2, false);
      const { outputs, trace } = await bench.core.processPacket(1, Uint8Array.of(1, 0), { trace: true });
      // No action, so the packet keeps port 0.
      expect(outputs.map((o) => o.port)).toEqual([0]);
      expect(JSON.stringify(trace)).toContain('"NoAction"');
    });

    test('a modified set is chosen from as it says now', async () => {
      await write(
        transport,
        insert(
          set(
            'weights',
            1,
            [
              [2, 1],
              [3, 3],
            ],
            random,
          ),
        ),
      );
      await write(
        transport,
        modify(
          set('weights', 1, [
            [2, 1],
            [3, 3],
          ]),
        ),
      );
      expect(new Set(await ports(1, 50, 9)).size).toBe(1);
      await write(
        transport,
        modify(
          set(
            'weights',
            1,
            [
              [2, 1],
              [3, 3],
            ],
            random,
          ),
        ),
      );
      expect(new Set(await ports(1, 100, 9)).size).toBe(2);
    });
  });

  test('all combinations are read as they were written', async () => {
    const modes = [
      {},
      { action_selection_mode: 'DEFAULT_MODE_DETERMINED_BY_ACTION_SELECTOR' },
      { action_selection_mode: 'HASH' },
      random,
    ] as const;
    const semantics = [{}, inWeights, inMembers] as const;
    const entities = modes.flatMap((m, i) => semantics.map((s, j) => set('weights', 4 * i + j, [[i + 1, 1]], { ...m, ...s })));
    for (const entity of entities) {
      await write(transport, insert(entity));
      const found = await read(transport, { table_entry: { table_id: id('tables', 'weights') } });
      const expected = entity.table_entry?.action?.action_profile_action_set;
      expect(found.map((e) => plain(e.table_entry?.action?.action_profile_action_set))).toEqual([plain(expected)]);
      await write(transport, remove(entity));
    }
  });

  describe('SUM_OF_MEMBERS', () => {
    test('weights are shares of any size', async () => {
      await write(
        transport,
        insert(
          set('any', 1, [
            [2, 2 ** 31 - 1],
            [3, 1],
            [4, 2 ** 31 - 1],
          ]),
        ),
      );
      const found = await ports(1, 256);
      expect(Math.abs(share(found, 2) - 0.5)).toBeLessThan(0.16);
      expect(Math.abs(share(found, 4) - 0.5)).toBeLessThan(0.16);
      expect(await ports(1, 256)).toEqual(found);
    });

    test('every action counts once, also one that is given twice, and they are not put together', async () => {
      const twice = set('members', 1, [
        [2, 100],
        [2, 100],
        [3, 50],
      ]);
      await write(transport, insert(twice));
      expect(plain(await read(transport, { table_entry: { table_id: id('tables', 'members') } }))).toEqual(plain([twice]));
      expect(Math.abs(share(await ports(1, 256), 2) - 0.8)).toBeLessThan(0.13);
      expect(
        await outcome(
          set('members', 2, [
            [2, 1],
            [2, 1],
            [2, 1],
          ]),
        ),
      ).toBe('RESOURCE_EXHAUSTED');
      expect(
        await outcome(
          set('members', 2, [
            [2, 100],
            [3, 100],
          ]),
        ),
      ).toBe('OK');
      await write(transport, remove(twice));
      expect(
        await outcome(
          set('members', 1, [
            [2, 1],
            [3, 1],
            [4, 1],
          ]),
        ),
      ).toBe('OK');
    });

    const cases: [string, Entity, string][] = [
      [
        'more members than max_group_size',
        set('members', 1, [
          [2, 1],
          [3, 1],
          [4, 1],
          [5, 1],
        ]),
        'INVALID_ARGUMENT',
      ],
      ['a weight above max_member_weight', set('members', 1, [[2, 101]]), 'INVALID_ARGUMENT'],
      ['the weight 0', set('members', 1, [[2, 0]]), 'INVALID_ARGUMENT'],
      [
        'weights above max_group_size',
        set('members', 1, [
          [2, 100],
          [3, 100],
        ]),
        'OK',
      ],
      [
        'in a selector of weights, any weight',
        set(
          'weights',
          1,
          [
            [2, 1000],
            [3, 2000],
          ],
          inMembers,
        ),
        'OK',
      ],
      [
        'in a selector of weights, too many members',
        set(
          'weights',
          1,
          Array.from({ length: 9 }, (_, i) => [i, 1] as const),
          inMembers,
        ),
        'INVALID_ARGUMENT',
      ],
      ['in a selector of members, weights that make too much', set('members', 1, [[2, 4]], inWeights), 'INVALID_ARGUMENT'],
      [
        'in a selector of members, weights that fit',
        set(
          'members',
          1,
          [
            [2, 2],
            [3, 1],
          ],
          inWeights,
        ),
        'OK',
      ],
    ];
    test.each(cases)('%s: as the semantics say', async (_, entity, code) => {
      const before = await state(transport, p4info);
      expect(await outcome(entity)).toBe(code);
      if (code === 'OK') await write(transport, remove(entity));
      expect(await state(transport, p4info)).toEqual(before);
    });
  });

  describe('groups of a selector whose sizes are in members', () => {
    beforeEach(() => write(transport, ...[2, 3, 4].flatMap((m) => [insert(member('by_members', m)), insert(member('any_weight', m))])));
    const use = (table: string, group_id: number): Entity => ({
      table_entry: { ...set(table, 1, []).table_entry, action: { action_profile_group_id: group_id } },
    });

    const cases: [string, Entity, string][] = [
      ['a weight above max_member_weight', group('by_members', 1, [[2, 101]], 3), 'INVALID_ARGUMENT'],
      [
        'more members than its max_size',
        group(
          'by_members',
          1,
          [
            [2, 1],
            [3, 1],
            [4, 1],
          ],
          2,
        ),
        'RESOURCE_EXHAUSTED',
      ],
      ['a max_size above max_group_size', group('by_members', 1, [], 4), 'INVALID_ARGUMENT'],
      ['a max_size above what the selector holds, without max_group_size', group('any_weight', 1, [], 5), 'RESOURCE_EXHAUSTED'],
      ['a max_size of what the selector holds', group('any_weight', 1, [[2, 1]], 4), 'OK'],
      [
        'weights that make more than its max_size',
        group(
          'by_members',
          1,
          [
            [2, 100],
            [3, 99],
          ],
          2,
        ),
        'OK',
      ],
    ];
    test.each(cases)('%s: as the semantics say', async (_, entity, code) => {
      const before = await state(transport, p4info);
      expect(await outcome(entity)).toBe(code);
      if (code === 'OK') await write(transport, remove(entity));
      expect(await state(transport, p4info)).toEqual(before);
    });

    test('all groups together have as many members as the size says', async () => {
      await write(
        transport,
        insert(
          group(
            'by_members',
            1,
            [
              [2, 100],
              [3, 100],
              [4, 1],
            ],
            3,
          ),
        ),
      );
      expect(
        await outcome(
          group(
            'by_members',
            2,
            [
              [2, 1],
              [3, 1],
              [4, 1],
            ],
            3,
          ),
        ),
      ).toBe('RESOURCE_EXHAUSTED');
      expect(
        await outcome(
          group(
            'by_members',
            2,
            [
              [2, 1],
              [3, 1],
            ],
            3,
          ),
        ),
      ).toBe('OK');
      await write(transport, modify(group('by_members', 1, [[2, 1]], 3)));
      expect(
        await outcome(
          group(
            'by_members',
            3,
            [
              [2, 1],
              [3, 1],
            ],
            3,
          ),
        ),
      ).toBe('OK');
    });

    test('flows are spread by weight, and stay', async () => {
      await write(
        transport,
        insert(
          group('any_weight', 1, [
            [2, 3_000_000],
            [3, 1_000_000],
          ]),
        ),
        insert(use('any', 1)),
      );
      const flows = await ports(1, 256);
      expect(Math.abs(share(flows, 3) - 0.25)).toBeLessThan(0.14);
      expect(await ports(1, 256)).toEqual(flows);
    });
  });
});

test('the same seed gives the same choices, another one others', async () => {
  const { createSwitch } = await import('../../runtime/switch/core.js');
  const { localTransport } = await import('../../runtime/switch/local-transport.js');
  const { createDataPlane } = await import('../../runtime/interpreter/index.js');
  const choices = async (seed: number): Promise<string> => {
    const core = createSwitch({ dataPlane: createDataPlane({ seed }) });
    const { transport } = await primaryStream({ core, client: () => localTransport(core) }, config);
    await write(
      transport,
      insert(
        set(
          'weights',
          1,
          [
            [2, 1],
            [3, 1],
          ],
          random,
        ),
      ),
    );
    let text = '';
    for (let i = 0; i < 64; i++) text += (await core.processPacket(1, Uint8Array.of(1, 1))).outputs[0]?.port;
    await core.close();
    return text;
  };
  const first = await choices(1);
  expect(await choices(1)).toBe(first);
  expect(await choices(2)).not.toBe(first);
});
