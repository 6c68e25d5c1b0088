// Entries and calls that break the constraints of the program: refused by the switch, and by clients before they are sent.
import { expect, test } from 'vitest';
import { buildSchema } from '../../compiler/control/build.js';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { P4Info, Preamble } from '../../compiler/p4info/messages.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { parseEntityFile } from '../../runtime/entries/entities.js';
import type { Entity, UpdateType } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import { onBothTransports, primaryStream, read, refused, write } from '../support/switches.js';
import { v1modelText } from '../support/v1model-text.js';

const program = await v1modelText({
  headers: 'ip_t ip;',
  types: 'header ip_t { bit<32> src; bit<32> dst; }',
  top: '@p4runtime_translation("example.org/Vrf", string) type bit<10> vrf_t; @p4runtime_translation("example.org/Zone", bit<16>) type bit<8> zone_t;',
  locals: `
    vrf_t vrf = (vrf_t)0;
    zone_t zone = (zone_t)0;
    @action_restriction("// Group 0 is none.
      group != 0")
    action flood(@id(5) bit<16> group, @id(2) bit<8> ttl) { s.mcast_grp = group; }
    action send(bit<9> port) { s.egress_spec = port; }
    @action_restriction("zone < 7") action enter(zone_t zone) { m.x = (bit<16>)(bit<8>)zone; }

    @entry_restriction("
      // Addresses only of IPv4 packets.
      src::mask != 0 || dst::prefix_length != 0 -> type == 0x08;
      // Reserved.
      ::priority < 1000;
    ")
    table acl { key = { hdr.h.a: exact @name("type"); hdr.ip.src: ternary @name("src") @format(IPV4_ADDRESS);
                        hdr.ip.dst: lpm @name("dst") @format(IPV4_ADDRESS); } actions = { flood; send; } }
    @entry_restriction("vrf == 0 -> b::low > 3; zone == 300")
    table vrfs { key = { vrf: optional; hdr.h.b: range @name("b"); zone: exact; } actions = { enter; } }
    action_selector(HashAlgorithm.crc16, 8, 16) sel;
    table spread { key = { hdr.h.a: exact; hdr.h.b: selector; } actions = { flood; send; } implementation = sel; }
    @entry_restriction("false") table closed { key = { hdr.h.a: exact; } actions = { send; } }
  `,
  ingress: 'acl.apply(); vrfs.apply(); spread.apply(); closed.apply();',
});
const p4info = buildP4Info(program);
const config = { p4info, p4_device_config: Buffer.from(toJson(program)) };
const strict = buildSchema(p4info);

/** The same without the constraints: what another client sends. */
const bare = <T extends { readonly preamble: Preamble }>(of: T): T => ({ ...of, preamble: { ...of.preamble, annotations: [] } });
const lax = buildSchema({ ...p4info, tables: p4info.tables.map(bare), actions: p4info.actions.map(bare) } as P4Info);
const entities = async (text: string): Promise<Entity[]> => (await parseEntityFile(lax, text, 'line')).map((e) => e.entity);

/** Lines of a file of entries, and why they are refused. */
const broken: readonly (readonly [line: string, at: string, why: string])[] = [
  [
    'acl type=6 src=10.0.0.0/8 dst=_ priority=1 -> send(port=1)',
    'table I.acl',
    'an entry must satisfy `src::mask != 0 || dst::prefix_length != 0 -> type == 0x08` ("Addresses only of IPv4 packets."), and this one has type=6, src=10.0.0.0 &&& 0xff000000, dst=*',
  ],
  [
    'acl type=8 dst=10.0.0.0/8 priority=1000 -> send(port=1)',
    'table I.acl',
    'an entry must satisfy `::priority < 1000` ("Reserved."), and this one has priority 1000',
  ],
  [
    'acl type=8 dst=_ priority=1 -> flood(group=0, ttl=3)',
    'table I.acl, action I.flood',
    'a call must satisfy `group != 0` ("Group 0 is none."), and this one has group=0',
  ],
  [
    'default acl -> flood(group=0, ttl=3)',
    'table I.acl, action I.flood',
    'a call must satisfy `group != 0` ("Group 0 is none."), and this one has group=0',
  ],
  [
    'spread hdr.h.a=1 -> flood(group=0, ttl=3)',
    'table I.spread, action I.flood',
    'a call must satisfy `group != 0` ("Group 0 is none."), and this one has group=0',
  ],
  // A number of 16 bits for the controller is one of 8 in the switch.
  [
    'vrfs vrf=red b=5..9 zone=255 priority=1 -> enter(zone=1)',
    'table I.vrfs',
    'an entry must satisfy `zone == 300`, and this one has zone=255',
  ],
  ['vrfs b=3..9 zone=2 priority=1 -> enter(zone=1)', 'table I.vrfs', 'an entry must satisfy `zone == 300`, and this one has zone=2'],
  ['closed hdr.h.a=1 -> send(port=1)', 'table I.closed', 'an entry must satisfy `false`, and this one does not'],
];

test.each(broken)('a client does not send %s', async (line, at, why) => {
  const error = await parseEntityFile(strict, `\n\n${line}`, 'acl.entries').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DiagnosticError);
  const [first, ...more] = (error as DiagnosticError).diagnostics;
  expect(more).toEqual([]);
  expect(first).toMatchObject({ code: 'entry-restricted', message: `${at}: ${why}.`, loc: { file: 'acl.entries', line: 3 } });
});

const good = 'acl type=8 src=10.0.0.0/8 dst=_ priority=999 -> flood(group=1, ttl=0)\nacl type=6 dst=_ priority=1 -> send(port=1)';

onBothTransports((open) => {
  test.each(broken)('the switch refuses %s', async (line, at, why) => {
    const { transport } = await primaryStream(await open(), config);
    const [entity] = await entities(line);
    const type: UpdateType = line.startsWith('default') ? 'MODIFY' : 'INSERT';
    const { errors } = await refused(write(transport, { type, entity: entity as Entity }));
    expect([codeName(errors[0]?.canonical_code), errors[0]?.message]).toEqual(['INVALID_ARGUMENT', `${at}: ${why}`]);
    expect(await read(transport, { table_entry: {} })).toEqual([]);
  });

  test('what satisfies the constraints is taken; a change is checked too', async () => {
    const { transport } = await primaryStream(await open(), config);
    expect((await parseEntityFile(strict, good, 'line')).map((e) => e.entity)).toEqual(await entities(good));
    const all = await entities(good);
    await write(transport, ...all.map((entity) => ({ type: 'INSERT', entity }) as const));
    const [changed] = await entities('acl type=8 src=10.0.0.0/8 dst=_ priority=999 -> flood(group=0, ttl=0)');
    const { errors } = await refused(write(transport, { type: 'MODIFY', entity: changed as Entity }));
    expect(codeName(errors[0]?.canonical_code)).toBe('INVALID_ARGUMENT');
    await write(transport, ...all.map((entity) => ({ type: 'DELETE', entity }) as const));
  });

  test('a member of a profile is a call too', async () => {
    const { transport } = await primaryStream(await open(), config);
    const action_profile_id = p4info.action_profiles[0]?.preamble.id ?? 0;
    const action_id = p4info.actions.find((a) => a.preamble.alias === 'flood')?.preamble.id ?? 0;
    const member = (group: number): Entity => {
      const params = [
        { param_id: 2, value: Uint8Array.of(1) },
        { param_id: 5, value: Uint8Array.of(group) },
      ];
      return { action_profile_member: { action_profile_id, member_id: 1, action: { action_id, params } } };
    };
    const { errors } = await refused(write(transport, { type: 'INSERT', entity: member(0) }));
    expect(errors[0]?.message).toContain('a call must satisfy `group != 0`');
    await write(transport, { type: 'INSERT', entity: member(3) });
  });
});
