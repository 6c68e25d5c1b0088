/** What controllers read and write of services: what tsc accepts and rejects. Compiled, not run. */
import { group, member, oneShot } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { services } from '../support/services.js';

const { spread, next, limits, known, totals, flows, learn, paths, hops, police, send, drop } = services.ingress;
const sw = await simulate(services, { seed: 1 });

// Cells of registers: of one value, of fields.
const total: bigint = await sw.register(totals).read(1);
await sw.register(totals).write(1, total + 1n);
const flow: { readonly packets: number; readonly last: string; readonly tag: number } = await sw.register(flows).read(0);
await sw.register(flows).write(0, { ...flow, last: '02:00:00:00:00:01' });
const all: readonly { readonly packets: number }[] = await sw.register(flows).readAll();
// @ts-expect-error A value is missing.
await sw.register(flows).write(0, { packets: 1, last: '02:00:00:00:00:01' });
// @ts-expect-error A MAC address is written as one.
await sw.register(flows).write(0, { packets: 1, last: 'x', tag: 1 });
// @ts-expect-error A cell of one value is no object.
await sw.register(totals).write(0, { packets: 1 });

// Outcomes: the open tables are those of the pipeline.
const { outcomes, tree } = await sw.sendAll(1, new Uint8Array(14), { open: [spread, 'ingress.next'] });
for (const { probability, outputs, lookups } of outcomes) {
  const ports: number[] = outputs.map(({ port }) => port);
  console.assert((probability ?? 1) <= 1 && ports.length <= lookups.length);
}
for (const event of tree.events)
  if (event.kind === 'choice' && event.by === 'random') for (const { values } of event.alternatives) console.assert(values[0]?.low !== '');
// @ts-expect-error An action is no table.
await sw.sendAll(1, new Uint8Array(14), { open: [send] });

// Digests have the fields of their declaration.
for await (const list of sw.digests(learn, { maxListSize: 3 })) {
  const macs: string[] = list.entries.map((e) => e.src);
  const ports: number[] = list.entries.map((e) => e.port);
  // What was learned can be written.
  for (const { src, port } of list.entries) await sw.register(flows).write(port, { packets: 1, last: src, tag: 1 });
  // @ts-expect-error There is no such field.
  list.entries.map((e) => e.destination);
  await list.ack();
  console.assert(macs.length === ports.length);
}

// A selector takes members, groups and sets, a profile members only, other tables actions only.
await sw.table(spread).insert({ match: { kind: 1 }, action: member(1) }, { match: { kind: 2 }, action: group(1) });
await sw.table(spread).insert({ match: { kind: 3 }, action: oneShot([{ action: send({ port: 1 }), weight: 1 }]) });
await sw.table(spread).insert({
  match: { kind: 4 },
  action: oneShot([{ action: send({ port: 1 }), weight: 1 }], { actionSelectionMode: 'random', sizeSemantics: 'sum-of-members' }),
});
// @ts-expect-error There is no such mode.
oneShot([{ action: drop(), weight: 1 }], { actionSelectionMode: 'round-robin' });
// @ts-expect-error There are no such semantics.
oneShot([{ action: drop(), weight: 1 }], { sizeSemantics: 'SUM_OF_MEMBERS' });
for await (const { action } of sw.table(spread).entries()) {
  // What was read is written again, and its mode is known.
  if ('set' in action) await sw.table(spread).insert({ match: { kind: 5 }, action });
  const mode: 'hash' | 'random' | undefined = 'set' in action ? action.actionSelectionMode : undefined;
  console.assert(mode);
}
await sw.table(next).insert({ match: { kind: { value: 1, prefix: 8 } }, action: member(1) });
// @ts-expect-error An action is no member.
await sw.table(spread).insert({ match: { kind: 1 }, action: drop() });
// @ts-expect-error A profile has no groups.
await sw.table(next).insert({ match: { kind: { value: 1, prefix: 8 } }, action: group(1) });
// @ts-expect-error A table without profile has no members.
await sw.table(known).insert({ match: { src: '02:00:00:00:00:01' }, action: member(1) });
await sw
  .profile(paths)
  .group(1)
  .set([{ member: 1, weight: 2, watchPort: 3 }]);
await sw
  .profile(hops)
  .member(1)
  .set(send({ port: 1 }));
// @ts-expect-error A profile has no groups.
sw.profile(hops).group(1);

// Meters and timeouts with entries.
const meter = { cir: 1, cburst: 2n, pir: 3, pburst: 4 };
await sw.meter(police).set(0, meter);
await sw.table(limits).insert({ match: { src: '02:00:00:00:00:01' }, action: drop(), meter });
await sw.table(known).insert({ match: { src: '02:00:00:00:00:01' }, action: drop(), idleTimeoutNs: 5_000_000_000 });
// @ts-expect-error A rate is missing.
await sw.meter(police).set(0, { cir: 1, cburst: 2, pir: 3 });
// @ts-expect-error The option is called idleTimeoutNs.
await sw.table(known).insert({ match: { src: '02:00:00:00:00:01' }, action: drop(), idleTimeout: 5 });
for await (const idle of sw.idleTimeouts(known)) {
  const src: string = idle.match.src;
  await sw.table(known).delete(idle);
  console.assert(src !== '' && all.length > 0);
}

// What is read can be written again.
for await (const entry of sw.table(spread).entries()) await sw.table(spread).modify(entry);
for await (const entry of sw.table(limits).entries()) await sw.table(limits).modify(entry);

await sw.valueSet(services.sets.tags).set([0x9100, 0x88a8n]);
// @ts-expect-error Values are numbers.
await sw.valueSet(services.sets.tags).set(['0x9100']);
await sw.cloneSession(1).set([{ port: 1 }], { truncateBytes: 64 });
await sw.advanceTime(1_000_000_000);
