/** Desired state, batches, roles and the rest of a controller's calls: what tsc accepts and rejects. Compiled, not run. */
import {
  cloneSession,
  connect,
  connectAll,
  type Difference,
  defaultAction,
  meterCells,
  multicastGroup,
  profileGroup,
  profileMember,
  rawEntities,
  registerCells,
  tableEntries,
  tableKeys,
  valueSetMembers,
} from 'p4ts/runtime';
import { lab } from '../support/lab.js';
import { services } from '../support/services.js';

const { routes, acl, hits, drop, forward, count } = lab.ingress;
const { spread, known, totals, flows, police, learn, paths, hops, send } = services.ingress;
const { tags } = services.sets;
const address = '127.0.0.1:9559';
const sw = await connect(lab, { address });
const other = await connect(services, { address });
const to = forward({ port: 1, dst: '02:00:00:00:00:01' });
const rates = { cir: 1, cburst: 2n, pir: 3, pburst: 4 };

// Desired entries are those of their table.
tableEntries(routes, [{ match: { dst: '10.0.0.0/8' }, action: to, metadata: 'mine' }]);
tableEntries(acl, [{ match: { protocol: 6, ip: true, ttl: { low: 1, high: 2 } }, priority: 1, action: count({ cell: 1 }) }]);
// @ts-expect-error The action is another table's.
tableEntries(routes, [{ match: { dst: '10.0.0.0/8' }, action: count({ cell: 1 }) }]);
// @ts-expect-error The table has no such key.
tableEntries(routes, [{ match: { src: '10.0.0.0/8' }, action: drop() }]);
// @ts-expect-error The key is missing.
tableEntries(acl, [{ match: { protocol: 6 }, priority: 1, action: drop() }]);
// @ts-expect-error The priority is missing.
tableEntries(acl, [{ match: { protocol: 6, ip: true }, action: drop() }]);
// @ts-expect-error The prefix has no length.
tableEntries(routes, [{ match: { dst: '10.0.0.0' }, action: drop() }]);
// @ts-expect-error A parameter is missing.
forward({ port: 1 });
// @ts-expect-error The action has no such parameter.
forward({ port: 1, dst: '02:00:00:00:00:01', vlan: 4 });
// @ts-expect-error A counter has no entries.
tableEntries(hits, []);
tableKeys(routes, [{ match: { dst: '10.0.0.0/8' } }]);
// @ts-expect-error What is deleted has its priority.
tableKeys(acl, [{ match: { protocol: 6, ip: true } }]);
defaultAction(routes, to);
defaultAction(routes);
// @ts-expect-error The action is another table's.
defaultAction(routes, count({ cell: 1 }));

// Profiles: groups are the selectors'.
profileMember(paths, 1, send({ port: 1 }));
profileMember(hops, 1, send({ port: 1 }));
profileGroup(paths, 1, [{ member: 1, weight: 2, watchPort: 3 }]);
// @ts-expect-error A profile without selector has no groups.
profileGroup(hops, 1, [{ member: 1 }]);
// @ts-expect-error Members of groups have ids.
profileGroup(paths, 1, [{ action: send({ port: 1 }) }]);
const members: ReadonlyMap<number, { readonly call: string }> = await other.profile(hops).members();
await other.profile(paths).groups();
// @ts-expect-error A profile without selector has no groups.
await other.profile(hops).groups();

// Replication.
multicastGroup(1, [{ port: 1, instance: 2, backups: [{ port: 2 }] }]);
cloneSession(1, [{ port: 1 }], { truncateBytes: 64, classOfService: 1 });
await sw.cloneSession(1).set([{ port: 1 }], { truncateBytes: 64 });
// @ts-expect-error Ports are numbers.
multicastGroup(1, [{ port: '1' }]);
// @ts-expect-error There is no such option.
cloneSession(1, [{ port: 1 }], { truncate: 64 });
// @ts-expect-error Backups have no backups.
multicastGroup(1, [{ port: 1, backups: [{ port: 2, backups: [] }] }]);

// Cells.
meterCells(police, { 0: rates });
registerCells(totals, { 1: 5n });
registerCells(flows, { 0: { packets: 1, last: '02:00:00:00:00:01', tag: 2 } });
valueSetMembers(tags, [0x9100]);
// @ts-expect-error A rate is missing.
meterCells(police, { 0: { cir: 1, cburst: 2, pir: 3 } });
// @ts-expect-error A cell of fields is no number.
registerCells(flows, { 0: 1n });
// @ts-expect-error A register is no meter.
meterCells(totals, {});
// @ts-expect-error Members are numbers.
valueSetMembers(tags, ['0x9100']);
await sw.counter(hits).set(0, { packets: 1n, bytes: 2n });
// @ts-expect-error Counts are bigints.
await sw.counter(hits).set(0, { packets: 1, bytes: 2 });
// @ts-expect-error A counter is no meter.
sw.meter(hits);

// Reconcile, batches, and the same switch with other options.
const difference: Difference = await sw.reconcile([defaultAction(routes)], { scope: { tables: [routes, acl], tag: 'x' }, dryRun: true });
await sw.reconcile([], { scope: { replication: true } });
// @ts-expect-error A scope names tables by their handles.
await sw.reconcile([], { scope: { tables: ['routes'] } });
// @ts-expect-error There is no such scope.
await sw.reconcile([], { scope: { table: [routes] } });
// @ts-expect-error A tag is text.
await sw.reconcile([], { scope: { tag: 5 } });
// @ts-expect-error There is no such option.
await sw.reconcile([], { dry: true });
// @ts-expect-error Entries say of which table they are.
await sw.reconcile([{ match: { dst: '10.0.0.0/8' }, action: drop() }]);
await sw.batch([{ insert: tableEntries(routes, []) }, { delete: tableKeys(routes, []) }, { modify: rawEntities([{ table_entry: {} }]) }], {
  atomicity: 'rollback',
  emulate: true,
});
// @ts-expect-error There is no such step.
await sw.batch([{ upsert: tableEntries(routes, []) }]);
// @ts-expect-error There is no such atomicity.
await sw.batch([], { atomicity: 'all' });
await sw
  .with({ signal: AbortSignal.timeout(1000), timeoutMs: 100 })
  .table(routes)
  .insert({ match: { dst: '10.0.0.0/8' }, action: drop() });
// @ts-expect-error There is no such option.
sw.with({ timeout: 100 });
// @ts-expect-error There is no such step.
await sw.pipeline('load');
// @ts-expect-error Entities have the names of the messages.
await sw.raw.write([{ type: 'INSERT', entity: { tableEntry: {} } }]);

// Packets.
await sw.packetOut(new Uint8Array(), { egressPort: 1, mode: 2 });
// @ts-expect-error A field is missing.
await sw.packetOut(new Uint8Array(), { egressPort: 1 });
// @ts-expect-error The pipeline has no packetOut.
await other.packetOut(new Uint8Array(), { egressPort: 1 });
for await (const { reason, payload } of sw.packetIns()) console.assert(reason === 1 && payload.length > 0);
// @ts-expect-error A digest is not a table.
other.idleTimeouts(learn);

// Sessions and roles.
await connect(lab, { address, role: 'routing', ifPrimaryExists: 'stand-by', electionId: 1n << 100n });
await connect(lab, { address, role: { name: 'routing', exclusive: [routes, hits], shared: [acl], packetIns: { field: 'reason', is: 1 } } });
await connect(services, {
  address,
  role: { name: 'all', shared: [known, spread, paths, hops, totals, police, tags, learn], packetIns: true },
});
// @ts-expect-error A role has a name.
await connect(lab, { address, role: { exclusive: [routes] } });
// @ts-expect-error An action belongs to no role.
await connect(lab, { address, role: { name: 'x', shared: [drop] } });
// @ts-expect-error packetIn has no such field.
await connect(lab, { address, role: { name: 'x', packetIns: { field: 'port', is: 1 } } });
// @ts-expect-error The field is a number.
await connect(lab, { address, role: { name: 'x', packetIns: { field: 'reason', is: 'high' } } });
// @ts-expect-error Election ids are bigints.
await connect(lab, { address, electionId: 1 });
// @ts-expect-error There is no such way.
await connect(lab, { address, ifPrimaryExists: 'kill' });
console.assert(difference.unchanged + members.size >= 0);

// Several switches: each has the types of its pipeline.
const fabric = await connectAll({
  leaf: { pipeline: lab, address, ready: async (one) => one.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: drop() }) },
  spine: { pipeline: services, address, ifPrimaryExists: 'stand-by' },
});
await fabric.switches.leaf.table(routes).get({ match: { dst: '10.0.0.0/8' } });
await fabric.switches.spine.register(totals).read(0);
// @ts-expect-error There is no such switch.
fabric.switches.leaf2;
// @ts-expect-error The lab has other packet-outs.
await fabric.switches.leaf.packetOut(new Uint8Array(), { port: 1 });
// @ts-expect-error The address is missing.
await connectAll({ leaf: { pipeline: lab } });
// @ts-expect-error A switch has one of three ways with another primary.
await connectAll({ leaf: { pipeline: lab, address, ifPrimaryExists: 'wait' } });
const down: ReadonlySet<number> = sw.portsDown;
void down;
