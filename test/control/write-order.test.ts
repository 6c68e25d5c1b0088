// The order in which entities are written: what others refer to comes first.
import { expect, test } from 'vitest';
import { buildSchema } from '../../compiler/control/build.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { differenceOf } from '../../runtime/client/difference.js';
import { parseEntityFile } from '../../runtime/entries/entities.js';
import { servicesP4Info } from '../support/service-switch.js';
import { v1modelText } from '../support/v1model-text.js';

const program = await v1modelText({
  locals: `
    action use(bit<9> out_port) { s.egress_spec = out_port; }
    action hop(@refers_to(hops, id) bit<8> id) { }
    action via(@refers_to(rifs, id) bit<8> rif) { }
    action flood(@refers_to(builtin::multicast_group_table, multicast_group_id) bit<16> group) { s.mcast_grp = group; }
    table routes { key = { hdr.h.a: exact @name("dst"); } actions = { hop; flood; } }
    table hops { key = { hdr.h.a: exact @name("id"); } actions = { via; } }
    table rifs { key = { hdr.h.a: exact @name("id"); } actions = { use; } }
    table outlets { key = { s.egress_port: exact @name("port") @referenced_by(builtin::multicast_group_table, replica.port); } actions = { via; } }
    table plain { key = { hdr.h.a: exact @name("id"); } actions = { use; } }
    action_selector(HashAlgorithm.crc16, 8, 16) sel;
    table spread { key = { hdr.h.a: exact @name("id"); hdr.h.b: selector; } actions = { hop; } implementation = sel; }
    table a { key = { hdr.h.a: exact @name("id") @refers_to(b, id); } actions = { use; } }
    table b { key = { hdr.h.a: exact @name("id") @refers_to(a, id); } actions = { use; } }`,
  ingress: 'routes.apply(); hops.apply(); rifs.apply(); outlets.apply(); plain.apply(); spread.apply(); a.apply(); b.apply();',
});
const schema = buildSchema(buildP4Info(program));
const { order } = schema;
const of = (table: string): number => order.tables.get(schema.tables.find(table).id) ?? -1;

test('tables come after what they refer to, and so do multicast groups and the members of profiles', () => {
  const [profile] = [...schema.profiles.keys()] as [number];
  expect(of('rifs')).toBeLessThan(of('hops'));
  expect(of('hops')).toBeLessThan(of('routes'));
  expect(of('rifs')).toBeLessThan(of('outlets'));
  expect(of('outlets')).toBeLessThan(order.multicast);
  expect(order.multicast).toBeLessThan(of('routes'));
  expect(of('hops')).toBeLessThan(order.members.get(profile) ?? -1);
  expect(order.members.get(profile)).toBeLessThan(order.groups.get(profile) ?? -1);
  expect(order.groups.get(profile)).toBeLessThan(of('spread'));
  // A circle has some order.
  expect([of('a'), of('b')].every((rank) => rank >= 0 && rank <= order.last)).toBe(true);
});

test('without references: groups of multicast, members, their groups, tables', () => {
  const plain = buildSchema(servicesP4Info).order;
  expect([plain.multicast, new Set(plain.members.values()), new Set(plain.groups.values()), new Set(plain.tables.values())]).toEqual([
    0,
    new Set([1]),
    new Set([2]),
    new Set([3]),
  ]);
  expect(plain.last).toBe(3);
});

const lines = [
  'routes dst=1 -> hop(id=1)',
  'routes dst=2 -> flood(group=1)',
  'multicast 1: 3',
  'outlets port=3 -> via(rif=1)',
  'hops id=1 -> via(rif=1)',
  'rifs id=1 -> use(out_port=4)',
];
const tableOf = (text: string): string => text.split(' ')[0]?.replace('I.', '') ?? '';

test('a difference is written in that order, and deleted in the opposite one', async () => {
  const entities = (await parseEntityFile(schema, lines.join('\n'), 'line')).map((e) => e.entity);
  const inserted = differenceOf([], entities, schema).changes.map((c) => tableOf(c.text));
  expect(inserted).toEqual(['rifs', 'outlets', 'multicast', 'hops', 'routes', 'routes']);
  const deleted = differenceOf(entities, [], schema).changes.map((c) => tableOf(c.text));
  expect(deleted).toEqual(['routes', 'routes', 'hops', 'multicast', 'outlets', 'rifs']);
});
