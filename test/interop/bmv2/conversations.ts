/** What controllers do with BMv2: said and heard live when it is recorded, heard from the recording everywhere. */
import { type DiagnosticError, group, member, oneShot } from 'p4ts';
import {
  type ConnectOptions,
  cloneSession,
  formatDifference,
  meterCells,
  multicastGroup,
  type P4RuntimeError,
  profileGroup,
  profileMember,
  type Switch,
  tableEntries,
} from 'p4ts/runtime';
import { expect } from 'vitest';
import type { P4Info } from '../../../compiler/p4info/messages.js';
import type { Target, TargetConfig } from '../../../runtime/client/target.js';
import type { AnyPipeline } from '../../../runtime/client/types.js';
import { lab } from '../../support/lab.js';
import { all } from '../../support/outcomes.js';
import { frame, services } from '../../support/services.js';
import type { Observed } from './device.js';

/** Where a conversation takes place. */
export interface Place {
  readonly target: Target;
  connect<P extends AnyPipeline>(pipeline: P, options?: Partial<ConnectOptions<P>>): Promise<Switch<P>>;
  /** What leaves the ports, where there are any. */
  observe(cause: () => Promise<void>, inject?: { readonly port: number; readonly bytes: Uint8Array }): Promise<Observed>;
}
export interface Conversation {
  readonly name: string;
  run(place: Place): Promise<void>;
}

const { routes, acl, types, drop, forward, flood, punt, count, hits } = lab.ingress;
const to = (port: number) => forward({ port, dst: '02:00:00:00:00:01' });
const rates = (cir: number) => ({ cir, cburst: 2, pir: 30, pburst: 4 });
const refused = (run: Promise<unknown>): Promise<P4RuntimeError> =>
  run.then(
    () => expect.unreachable('it was not refused'),
    (error: P4RuntimeError) => error,
  );
const packet = Buffer.from('02000000000202000000000108004006000000000a000001badc0de0', 'hex');

/** The target, with a configuration that it would not make. */
const changed = (target: Target, change: (config: TargetConfig) => Partial<TargetConfig>): Target => ({
  ...target,
  configure: async (program) => {
    const config = await target.configure(program);
    return { ...config, ...change(config) };
  },
});

export const conversations: readonly Conversation[] = [
  {
    name: 'entries',
    async run({ connect }) {
      const sw = await connect(lab);
      const entries = [
        { match: { dst: '10.0.0.0/8' as const }, action: to(1), metadata: 'mine' },
        { match: { dst: '0.0.0.0/0' as const }, action: drop() },
      ];
      await sw.table(routes).insert(...entries);
      await sw.table(acl).insert({
        match: { src: { value: '10.0.0.0', mask: '255.0.0.0' }, protocol: 6, ttl: { low: 1, high: 9 }, small: 5, ip: true },
        priority: 3,
        action: count({ cell: 1 }),
      });
      await sw.table(types).insert({ match: { type: 'ipv6', v6: '2001:db8::/32' }, action: drop() });
      await sw.table(routes).setDefault(flood({ group: 7 }));
      expect(await sw.table(routes).getDefault()).toMatchObject({ call: 'flood', args: { group: 7 } });
      const found = await all(sw.table(routes).entries());
      expect(found).toHaveLength(2);
      expect(found.find((e) => e.match.dst === '10.0.0.0/8')).toMatchObject({
        action: { call: 'forward', args: { port: 1, dst: '02:00:00:00:00:01' } },
        counter: { packets: 0n, bytes: 0n },
      });
      expect(await all(sw.table(acl).entries())).toMatchObject([
        {
          match: { src: { value: '10.0.0.0', mask: '255.0.0.0' }, protocol: 6, ttl: { low: 1, high: 9 }, small: 5, ip: true },
          priority: 3,
          action: { call: 'count', args: { cell: 1 } },
        },
      ]);
      expect(await all(sw.table(types).entries())).toMatchObject([{ match: { type: 'ipv6', v6: '2001:db8::/32' } }]);
      expect(await sw.table(routes).get({ match: { dst: '10.0.0.0/8' } })).toEqual(found.find((e) => e.match.dst === '10.0.0.0/8'));
      expect(await sw.table(routes).get({ match: { dst: '0.0.0.0/0' } })).toMatchObject({ action: { call: 'drop', args: {} } });
      expect(await sw.table(routes).get({ match: { dst: '10.0.0.0/9' } })).toBeUndefined();
      const rule = { src: { value: '10.0.0.0', mask: '255.0.0.0' }, protocol: 6, ttl: { low: 1, high: 9 }, small: 5, ip: true } as const;
      expect(await sw.table(acl).get({ match: rule, priority: 3 })).toMatchObject({ priority: 3, action: { args: { cell: 1 } } });
      expect(await sw.table(acl).get({ match: rule, priority: 4 })).toBeUndefined();
      await sw.table(routes).modify({ match: { dst: '10.0.0.0/8' }, action: punt({ reason: 2 }) });
      await sw.table(routes).delete({ match: { dst: '0.0.0.0/0' } });
      expect(await all(sw.table(routes).entries())).toMatchObject([{ action: { call: 'punt', args: { reason: 2 } } }]);
      expect((await sw.raw.capabilities()).p4runtime_api_version).toMatch(/^1\./);
    },
  },
  {
    name: 'refusals',
    async run({ connect }) {
      const sw = await connect(lab);
      const [twice, once] = [
        { match: { dst: '10.0.0.0/8' as const }, action: drop() },
        { match: { dst: '11.0.0.0/8' as const }, action: drop() },
      ];
      const error = await refused(sw.table(routes).insert(twice, twice, once));
      expect(error).toMatchObject({
        code: 'ALREADY_EXISTS',
        failures: [{ index: 1, code: 'ALREADY_EXISTS', request: 'insert into table ingress.routes: dst 10.0.0.0/8' }],
      });
      expect(await all(sw.table(routes).entries())).toHaveLength(2);
      expect(await refused(sw.table(routes).delete({ match: { dst: '99.0.0.0/8' } }))).toMatchObject({ code: 'NOT_FOUND' });
      const full = [12, 13, 14].map((n) => ({ match: { dst: `${n}.0.0.0/8` as const }, action: drop() }));
      expect(await refused(sw.table(routes).insert(...full))).toMatchObject({
        failures: [
          {
            index: 2,
            code: 'UNKNOWN',
            message: expect.stringMatching(/^Error when adding match entry to target \(the table is full, or /),
            request: 'insert into table ingress.routes: dst 14.0.0.0/8',
          },
        ],
      });
      expect(await refused(sw.counter(hits).read(99))).toMatchObject({
        message: expect.stringMatching(/^read counter ingress\.hits: .* \(there is no such cell\)$/),
      });
      expect(await sw.multicast(9).read()).toBeUndefined();
      expect(await sw.cloneSession(9).read()).toBeUndefined();
    },
  },
  {
    name: 'refusals that say little',
    async run({ connect }) {
      const sw = await connect(services);
      const { initial, spread, paths, limits, police, send, grade } = services.ingress;
      const told = async (run: Promise<unknown>): Promise<string> => (await refused(run)).message;
      expect(await told(sw.table(initial).insert({ match: { kind: 1 }, action: send({ port: 1 }) }))).toMatch(
        /the program itself has entries in it/,
      );
      expect(await told(all(sw.table(initial).entries()))).toMatch(
        /the program itself has entries in the table, of which its server does not know/,
      );
      const profile = sw.profile(paths);
      await profile.member(1).set(send({ port: 1 }));
      await profile.group(1).set([{ member: 1, weight: 1 }]);
      await profile.group(2).set([]);
      await sw.table(spread).insert({ match: { kind: 1 }, action: group(1) });
      expect(await told(sw.table(spread).insert({ match: { kind: 2 }, action: group(2) }))).toMatch(
        /the entry names a group without members/,
      );
      expect(await told(profile.member(1).delete())).toMatch(/a group or an entry still has it/);
      expect(await told(profile.group(1).delete())).toMatch(/an entry still has it/);
      expect(await told(sw.meter(police).set(99, rates(1)))).toMatch(/there is no such cell/);
      expect(await told(sw.multicast(40000).set([{ port: 1 }]))).toMatch(/its multicast groups go up to 32767/);
      expect(await told(sw.cloneSession(2).set([{ port: 1 }], { truncateBytes: 64 }))).toMatch(/it cuts no copies off/);
      expect(await told(sw.batch([], { atomicity: 'rollback' }))).toMatch(/with emulate: true, the client itself rolls back/);
      expect(await told(sw.raw.write([{ type: 'INSERT', entity: { table_entry: { table_id: 0x02abcdef } } }]))).toMatch(
        /it runs another pipeline/,
      );
      expect(await told(sw.pipeline('commit'))).toMatch(/nothing was saved/);
      // What BMv2 would refuse half-way is not sent.
      const wrong = {
        match: { src: '02:00:00:00:00:01' as const },
        action: grade({ port: 1 }),
        meter: { cir: 5, cburst: 1, pir: 2, pburst: 1 },
      };
      await expect(sw.table(limits).insert(wrong)).rejects.toThrow(
        /entry-value: .*, meter: the peak rate pir 2 is below the committed rate cir 5/,
      );
      expect(await all(sw.table(limits).entries())).toEqual([]);
    },
  },
  {
    name: 'batches',
    async run({ connect }) {
      const sw = await connect(lab);
      await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: to(4) });
      const steps = [
        { insert: tableEntries(routes, [{ match: { dst: '11.0.0.0/8' }, action: drop() }]) },
        { modify: tableEntries(routes, [{ match: { dst: '10.0.0.0/8' }, action: drop() }]) },
        { insert: tableEntries(routes, [{ match: { dst: '10.0.0.0/8' }, action: drop() }]) },
      ];
      expect(await refused(sw.batch(steps, { atomicity: 'dataplane' }))).toMatchObject({ code: 'UNIMPLEMENTED' });
      expect(await refused(sw.batch(steps, { atomicity: 'rollback' }))).toMatchObject({ code: 'UNIMPLEMENTED' });
      expect(await refused(sw.batch(steps, { atomicity: 'rollback', emulate: true }))).toMatchObject({
        failures: [{ index: 2, code: 'ALREADY_EXISTS', request: 'insert ingress.routes dst=10.0.0.0/8 -> drop()' }],
      });
      expect(await all(sw.table(routes).entries())).toMatchObject([
        { match: { dst: '10.0.0.0/8' }, action: { call: 'forward', args: { port: 4 } } },
      ]);
    },
  },
  {
    name: 'reconcile',
    async run({ connect }) {
      const sw = await connect(lab);
      const desired = [
        tableEntries(routes, [
          { match: { dst: '10.0.0.0/8' }, action: to(1) },
          { match: { dst: '10.1.0.0/16' }, action: drop() },
        ]),
        tableEntries(acl, [
          {
            match: { src: { value: '10.0.0.0', mask: '255.0.0.0' }, protocol: 6, ttl: { low: 0, high: 9 }, ip: true },
            priority: 3,
            action: count({ cell: 1 }),
          },
        ]),
        multicastGroup(4, [{ port: 2 }, { port: 5, instance: 1 }]),
        cloneSession(5, [{ port: 510 }]),
      ];
      expect(formatDifference(await sw.reconcile(desired)).split('\n')).toEqual([
        '+ multicast 4: 2, 5/1',
        '+ clone 5: 510',
        '+ ingress.routes dst=10.0.0.0/8 -> forward(port=1, dst=02:00:00:00:00:01)',
        '+ ingress.routes dst=10.1.0.0/16 -> drop()',
        '+ ingress.acl src=10.0.0.0&255.0.0.0 protocol=6 ttl=0..9 ip=true priority=3 -> count(cell=1)',
        '5 to insert, 0 to modify, 0 to delete, 0 as desired',
      ]);
      expect(await sw.reconcile(desired)).toMatchObject({ changes: [], unchanged: 5 });
      expect((await sw.reconcile([])).changes.map((c) => c.kind)).toEqual(['delete', 'delete', 'delete', 'delete', 'delete']);
      expect(await all(sw.table(routes).entries())).toEqual([]);
    },
  },
  {
    name: 'reconcile-sets',
    async run({ connect }) {
      // BMv2 refuses to read members of a selector whose entries have sets of their own.
      const { spread, send } = services.ingress;
      const sw = await connect(services);
      const via = (port: number) =>
        sw.reconcile([tableEntries(spread, [{ match: { kind: 1 }, action: oneShot([{ action: send({ port }) }]) }])], {
          scope: { tables: [spread] },
        });
      expect((await via(1)).changes.map(({ kind }) => kind)).toEqual(['insert']);
      expect((await via(1)).changes).toEqual([]);
      expect((await via(2)).changes.map(({ kind }) => kind)).toEqual(['modify']);
    },
  },
  {
    name: 'groups-and-sessions',
    async run({ connect }) {
      const sw = await connect(lab);
      await sw.cloneSession(2).set([{ port: 3 }]);
      expect(await sw.cloneSession(2).read()).toEqual({ replicas: [{ port: 3, instance: 0 }] });
      await sw.cloneSession(2).set([{ port: 4 }]);
      expect(await sw.cloneSession(2).read()).toEqual({ replicas: [{ port: 4, instance: 0 }] });
      // Of lengths it knows nothing.
      expect((await refused(sw.cloneSession(3).set([{ port: 4 }], { truncateBytes: 64 }))).message).toBe(
        'set clone session 3: UNKNOWN: Error when creating clone session in target (it cuts no copies off: leave truncateBytes out)',
      );
      await sw.cloneSession(2).delete();
      expect(await sw.cloneSession(2).read()).toBeUndefined();
      await sw.multicast(1).set([{ port: 1 }, { port: 2, instance: 3 }]);
      // In any order.
      expect((await sw.multicast(1).read())?.toSorted((a, b) => a.port - b.port)).toEqual([
        { port: 1, instance: 0 },
        { port: 2, instance: 3 },
      ]);
      await sw.multicast(1).set([{ port: 7 }]);
      expect(await sw.multicast(1).read()).toEqual([{ port: 7, instance: 0 }]);
      await sw.multicast(1).delete();
      expect(await sw.multicast(1).read()).toBeUndefined();
    },
  },
  {
    name: 'packets',
    async run({ connect, observe }) {
      const sw = await connect(lab);
      await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: punt({ reason: 5 }) });
      await observe(async () => {}, { port: 3, bytes: packet });
      for await (const { ingressPort, reason, payload } of sw.packetIns()) {
        expect([ingressPort, reason, Buffer.from(payload).toString('hex')]).toEqual([3, 5, packet.toString('hex')]);
        break;
      }
      await expect.poll(async () => (await all(sw.table(routes).entries()))[0]?.counter?.packets).toBe(1n);
      const { outputs } = await observe(() => sw.packetOut(packet, { egressPort: 6, mode: 1 }));
      expect(outputs.map(({ port }) => port)).toEqual([6]);
    },
  },
  {
    name: 'counters',
    async run({ connect }) {
      const sw = await connect(lab);
      expect(await sw.counter(hits).read()).toHaveLength(4);
      await sw.counter(hits).set(2, { packets: 5n, bytes: 50n });
      expect(await sw.counter(hits).read(2)).toEqual({ packets: 5n, bytes: 50n });
      await sw.counter(hits).set(2);
      expect(await sw.counter(hits).read(2)).toEqual({ packets: 0n, bytes: 0n });
    },
  },
  {
    name: 'profiles-and-meters',
    async run({ connect }) {
      const { spread, limits, police, paths, hops, next, send, grade } = services.ingress;
      const sw = await connect(services);
      await sw
        .profile(paths)
        .member(1)
        .set(send({ port: 5 }));
      await sw
        .profile(paths)
        .member(1)
        .set(send({ port: 6 }));
      expect(await sw.profile(paths).member(1).read()).toEqual({ call: 'send', args: { port: 6 } });
      await sw
        .profile(paths)
        .member(2)
        .set(send({ port: 7 }));
      await sw
        .profile(paths)
        .group(1)
        .set([{ member: 1 }, { member: 2, weight: 2 }]);
      expect(await sw.profile(paths).group(1).read()).toEqual([
        { member: 1, weight: 1 },
        { member: 2, weight: 2 },
      ]);
      expect(await sw.profile(paths).group(9).read()).toBeUndefined();
      expect(await sw.profile(paths).member(9).read()).toBeUndefined();
      await sw.table(spread).insert({ match: { kind: 1 }, action: group(1) }, { match: { kind: 2 }, action: member(2) });
      await sw
        .profile(hops)
        .member(1)
        .set(send({ port: 1 }));
      await sw.table(next).insert({ match: { kind: { value: 0x80, prefix: 1 } }, action: member(1) });
      const kinds = (await all(sw.table(spread).entries())).map(({ match, action }) => [match.kind, action]);
      expect(kinds.sort()).toEqual([
        [1, { group: 1 }],
        [2, { member: 2 }],
      ]);
      await sw.table(limits).insert({ match: { src: '02:00:00:00:00:01' }, action: grade({ port: 1 }), meter: rates(1) });
      expect(await all(sw.table(limits).entries())).toMatchObject([{ meter: { cir: 1n, cburst: 2n, pir: 30n, pburst: 4n } }]);
      await sw.meter(police).set(1, rates(10));
      expect(await sw.meter(police).read(1)).toEqual({ cir: 10n, cburst: 2n, pir: 30n, pburst: 4n });
      const desired = [
        profileMember(paths, 1, send({ port: 6 })),
        profileMember(paths, 2, send({ port: 8 })),
        profileGroup(paths, 1, [{ member: 1 }, { member: 2, weight: 2 }]),
        profileMember(hops, 1, send({ port: 1 })),
        tableEntries(spread, [{ match: { kind: 1 }, action: group(1) }]),
        tableEntries(limits, [{ match: { src: '02:00:00:00:00:01' }, action: grade({ port: 1 }), meter: rates(1) }]),
        meterCells(police, { 2: rates(10) }),
      ];
      // Entries of the program itself are beyond its server, which then reads none of their table.
      expect((await refused(sw.reconcile(desired))).message).toMatch(/^read table ingress\.(initial|fixed): INTERNAL: /);
      const scope = { tables: [spread, next, limits] };
      expect((await sw.reconcile(desired, { scope })).changes.map((c) => `${c.kind} ${c.text}`)).toEqual([
        'modify meter ingress.police[2]: 10/2 30/4',
        'modify meter ingress.police[1]: none',
        'modify member ingress.paths 2 -> send(port=8)',
        'delete ingress.spread kind=2 -> member 2',
        'delete ingress.next kind=128/1 -> member 1',
      ]);
      expect((await sw.reconcile(desired, { scope })).changes).toEqual([]);
      await expect(async () => sw.register(services.ingress.totals)).rejects.toThrow(/entity-unsupported/);
    },
  },
  {
    name: 'groups-that-watch-ports',
    async run({ connect }) {
      const { paths, send } = services.ingress;
      const sw = await connect(services);
      for (const port of [1, 2, 3]) await sw.profile(paths).member(port).set(send({ port }));
      const watched = [1, 2, 3].map((port) => ({ member: port, watchPort: port }));
      await sw.profile(paths).group(1).set(watched.slice(0, 2));
      await sw.profile(paths).group(1).set(watched);
      expect((await refused(sw.profile(paths).group(1).set(watched.slice(0, 1)))).message).toMatch(
        /UNKNOWN: Unexpected error in RPC handling \(it fails where a group with watch ports loses a member/,
      );
      // Without them, members come and go.
      await sw
        .profile(paths)
        .group(2)
        .set([{ member: 1 }, { member: 2 }]);
      await sw
        .profile(paths)
        .group(2)
        .set([{ member: 2 }]);
      expect(await sw.profile(paths).group(2).read()).toEqual([{ member: 2, weight: 1 }]);
    },
  },
  {
    name: 'digests',
    async run({ connect, observe }) {
      const { known, learn, drop } = services.ingress;
      const sw = await connect(services);
      const lists = sw.digests(learn);
      // The digest is asked for before what comes after it.
      await sw.table(known).insert({ match: { src: '02:00:00:00:00:01' }, action: drop() });
      await observe(async () => {}, { port: 4, bytes: frame('known', 1, 0x77) });
      for await (const list of lists) {
        expect(list.entries).toMatchObject([{ src: '02:00:00:00:00:77', port: 4 }]);
        await list.ack();
        break;
      }
    },
  },
  {
    name: 'sessions',
    async run({ connect }) {
      const first = await connect(lab);
      const told = refused(connect(lab));
      expect(((await told) as unknown as DiagnosticError).diagnostics[0]?.code).toBe('controller-not-primary');
      const second = await connect(lab, { ifPrimaryExists: 'take-over' });
      expect(second.isPrimary).toBe(true);
      await expect.poll(() => first.isPrimary).toBe(false);
      expect(await refused(first.table(routes).insert({ match: { dst: '12.0.0.0/8' }, action: drop() }))).toMatchObject({
        code: 'PERMISSION_DENIED',
      });
      await first.close();
      const third = await connect(lab, { ifPrimaryExists: 'stand-by' });
      expect(third.isPrimary).toBe(false);
      await second.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: to(4) });
      await second.close();
      await expect.poll(() => third.isPrimary).toBe(true);
      await third.table(routes).insert({ match: { dst: '11.0.0.0/8' }, action: to(4) });
      expect(await all(third.table(routes).entries())).toHaveLength(2);
      await third.close();
      // The pipeline is there: its entries stay.
      const fourth = await connect(lab);
      expect(await all(fourth.table(routes).entries())).toHaveLength(2);
      expect(((await refused(connect(lab, { deviceId: 9n }))) as unknown as Error).message).toMatch(/device/i);
    },
  },
  {
    name: 'pushes',
    async run({ connect, observe }) {
      const first = await connect(lab);
      await first.multicast(1).set([{ port: 1 }, { port: 2 }]);
      await first.cloneSession(2).set([{ port: 3 }]);
      await first.close();
      const second = await connect(lab, { push: 'always' });
      expect(await second.multicast(1).read()).toBeUndefined();
      await second.multicast(1).set([{ port: 7 }]);
      await second.cloneSession(2).set([{ port: 4 }]);
      await second.table(routes).setDefault(flood({ group: 1 }));
      const { outputs } = await observe(async () => {}, { port: 1, bytes: packet });
      expect(outputs.map((o) => o.port)).toEqual([7]);
    },
  },
  {
    name: 'pushes-of-no-json',
    async run({ connect, target }) {
      const error = await refused(connect(lab, { target: changed(target, () => ({ deviceConfig: Buffer.from('no JSON') })) }));
      expect(error.message).toBe(
        'loading the pipeline lab: UNKNOWN: Unexpected error in RPC handling (what it is to load is no JSON of p4c, or not of simple_switch)',
      );
    },
  },
  {
    name: 'pushes-of-flags-in-digests',
    async run({ connect, target }) {
      const flags = changed(target, ({ p4info }) => ({
        p4info: { ...p4info, digests: p4info.digests.map((d) => ({ ...d, type_spec: { bool: {} } })) } as P4Info,
      }));
      expect((await refused(connect(services, { target: flags }))).message).toMatch(
        /^loading the pipeline services: .*importing p4info.* \(a digest has a field that is a bool/s,
      );
    },
  },
  {
    name: 'pipeline-steps',
    async run({ connect }) {
      const sw = await connect(lab);
      const told: string[] = [];
      for (const step of ['verify', 'save', 'commit', 'reconcile', 'save'] as const) {
        await sw.pipeline(step).then(
          () => told.push(`${step}: done`),
          (error: P4RuntimeError) => told.push(error.message),
        );
      }
      expect(told).toEqual([
        'verify: done',
        'save: done',
        'commit: done',
        "pipeline: reconcile: UNKNOWN: Error when reconciling config (it cannot: use 'save' and 'commit', and write the entries again)",
        'pipeline: save: UNKNOWN: Error in first phase of device update (it does not load the JSON: its own log says why; an earlier push that was not committed is another cause)',
      ]);
    },
  },
];
