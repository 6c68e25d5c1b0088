// What a controller written with p4ts sees of registers, meters, profiles, digests and the rest, in process and over gRPC.
import { DiagnosticError, group, member, oneShot } from 'p4ts';
import {
  connect,
  createDataPlane,
  createSwitch,
  formatDifference,
  ManualClock,
  meterCells,
  P4RuntimeError,
  rawEntities,
  type Switch,
  serve,
  simulate,
  tableEntries,
} from 'p4ts/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { all, thrown } from '../support/outcomes.js';
import { frame, services } from '../support/services.js';

const { spread, next, limits, known, initial, fixed, totals, flows, police, learn, paths, hops, drop, send, mirror, grade } =
  services.ingress;
const second = 1_000_000_000n;
const scope = { tables: [spread] };

interface Bench {
  readonly sw: Switch<typeof services>;
  /** The ports through which a packet leaves. */
  ports(...to: Parameters<typeof frame>): Promise<number[]>;
  advance(ns: bigint): Promise<void>;
  setPort(port: number, up: boolean): Promise<void>;
}
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function simulated(): Promise<Bench> {
  const sw = await simulate(services);
  cleanups.push(() => sw.close());
  return {
    sw,
    ports: async (...to) => (await sw.send(1, frame(...to))).map((o) => o.port),
    advance: (ns) => sw.advanceTime(ns),
    setPort: (port, up) => sw.setPort(port, up),
  };
}

async function connected(): Promise<Bench> {
  const clock = new ManualClock();
  const core = createSwitch({ clock, dataPlane: createDataPlane() });
  const server = await serve(core, { address: '127.0.0.1:0' });
  const sw = await connect(services, { address: server.address });
  cleanups.push(
    () => core.close(),
    () => server.close(),
    () => sw.close(),
  );
  return {
    sw,
    ports: async (...to) => (await core.processPacket(1, frame(...to))).outputs.map((o) => o.port),
    advance: (ns) => clock.advance(ns),
    setPort: (port, up) => core.setPort(port, up),
  };
}

/** The one diagnostic of a mistake, which is placed in this file. */
async function mistake(run: () => unknown): Promise<string> {
  const error = await thrown(Promise.resolve().then(run));
  expect(error).toBeInstanceOf(DiagnosticError);
  const [only, ...more] = (error as DiagnosticError).diagnostics;
  expect(more).toEqual([]);
  expect(only?.loc.file).toMatch(/services\.test\.ts$/);
  return `${only?.code}: ${only?.message}`;
}
async function refusal(run: Promise<unknown>): Promise<string> {
  const error = await thrown(run);
  expect(error).toBeInstanceOf(P4RuntimeError);
  return (error as P4RuntimeError).message;
}

describe.each([
  ['simulate', simulated],
  ['connect', connected],
])('%s', (_name, open) => {
  test('registers: cells of one value and of fields', async () => {
    const { sw, ports } = await open();
    await sw.register(totals).write(1, 0xffff_ffff_fen);
    await sw.register(flows).write(3, { packets: 0xffff_ffff, last: '02:00:00:00:00:09', tag: 7 });
    await ports('known', 3, 0x1234);
    expect(await sw.register(totals).readAll()).toEqual([0n, 0xffff_ffff_ffn, 0n, 0n]);
    expect(await sw.register(flows).read(3)).toEqual({ packets: 0, last: '02:00:00:00:12:34', tag: 0 });
    expect(await refusal(sw.register(totals).write(4, 1))).toBe(
      'write register ingress.totals: OUT_OF_RANGE: register ingress.totals: index 4 is outside its 4 cells',
    );
    expect(await refusal(sw.register(flows).read(8))).toContain('register ingress.flows: index 8');
    expect(await mistake(() => sw.register(totals).write(0, 1n << 40n))).toContain('entry-value: register ingress.totals: ');
    expect(await mistake(() => sw.register(flows).write(0, { packets: 1, last: '02:00:00:00:00:01' } as never))).toBe(
      'entry-missing: register ingress.flows: the field tag is missing.',
    );
    expect(await mistake(() => sw.register(flows).write(0, 5 as never))).toContain('entry-value: register ingress.flows');
  });

  test('meters', async () => {
    const { sw, ports, advance } = await open();
    await sw.meter(police).set(2, { cir: 1, cburst: 1, pir: 2n, pburst: 2n });
    expect(await sw.meter(police).read(2)).toEqual({ cir: 1n, cburst: 1n, pir: 2n, pburst: 2n });
    expect(await sw.meter(police).read()).toEqual([undefined, undefined, { cir: 1n, cburst: 1n, pir: 2n, pburst: 2n }, undefined]);
    await advance(10n * second);
    expect([await ports('police', 2), await ports('police', 2), await ports('police', 2)]).toEqual([[1], [2], [3]]);
    await sw.meter(police).set();
    expect(await sw.meter(police).read(2)).toBeUndefined();
    expect(await ports('police', 2)).toEqual([1]);
    expect(await mistake(() => sw.meter(police).set(0, { cir: -1, cburst: 1, pir: 1, pburst: 1 }))).toBe(
      'entry-value: meter ingress.police, cir: -1 is not a whole number from 0.',
    );
    expect(await mistake(() => sw.meter(police).set(0, { cir: 3, cburst: 1, pir: 1, pburst: 1 }))).toBe(
      'entry-value: meter ingress.police: the peak rate pir 1 is below the committed rate cir 3.',
    );
  });

  test('entries with a meter', async () => {
    const { sw, ports, advance } = await open();
    const entry = { match: { src: '02:00:00:00:00:01' }, action: grade({ port: 4 }) } as const;
    const meter = { cir: 1n, cburst: 1n, pir: 1n, pburst: 1n };
    await sw.table(limits).insert({ ...entry, meter });
    const counter = { packets: 0n, bytes: 0n };
    const read = { match: entry.match, action: { call: 'grade', args: { port: 4 } }, counter };
    expect(await all(sw.table(limits).entries())).toEqual([{ ...read, meter }]);
    await advance(10n * second);
    expect([await ports('limits', 0), await ports('limits', 0)]).toEqual([[4], []]);
    await sw.table(limits).modify(entry);
    expect(await all(sw.table(limits).entries())).toEqual([{ ...read, counter: { packets: 2n, bytes: 28n } }]);
    expect([await ports('limits', 0), await ports('limits', 0)]).toEqual([[4], [4]]);
  });

  test('members and groups', async () => {
    const { sw, ports, setPort } = await open();
    const selector = sw.profile(paths);
    await selector.member(1).set(send({ port: 1 }));
    await selector.member(2).set(send({ port: 2 }));
    await selector.group(1).set([
      { member: 1, watchPort: 1 },
      { member: 2, weight: 3 },
    ]);
    expect(await selector.group(1).read()).toEqual([
      { member: 1, weight: 1, watchPort: 1 },
      { member: 2, weight: 3 },
    ]);
    await sw.table(spread).insert({ match: { kind: 1 }, action: group(1) }, { match: { kind: 2 }, action: member(1) });
    expect((await all(sw.table(spread).entries())).map((e) => e.action)).toEqual([{ group: 1 }, { member: 1 }]);
    await setPort(1, false);
    expect(await ports('spread', 1)).toEqual([2]);
    expect(await ports('spread', 2)).toEqual([1]);
    expect([...(await selector.members())]).toEqual([
      [1, { call: 'send', args: { port: 1 } }],
      [2, { call: 'send', args: { port: 2 } }],
    ]);
    await selector.group(7).set([]);
    expect(new Map(await selector.groups())).toEqual(
      new Map([
        [1, await selector.group(1).read()],
        [7, []],
      ]),
    );
    await selector.group(7).delete();
    await selector.member(2).set(send({ port: 5 }));
    expect(await selector.member(2).read()).toEqual({ call: 'send', args: { port: 5 } });
    expect(await ports('spread', 1)).toEqual([5]);
    expect(await refusal(selector.member(1).delete())).toBe(
      'delete member 1 of action profile ingress.paths: FAILED_PRECONDITION: action profile ingress.paths: member 1 cannot be deleted while a group has it',
    );
    await selector.group(1).set([{ member: 2 }]);
    await sw.table(spread).modify({ match: { kind: 2 }, action: group(1) });
    await selector.member(1).delete();
    expect(await selector.member(1).read()).toBeUndefined();
    expect(await selector.group(2).read()).toBeUndefined();
    expect(await refusal(selector.group(1).delete())).toContain('FAILED_PRECONDITION');
    // What was read can be written again.
    const entries = await all(sw.table(spread).entries());
    await sw.table(spread).delete(...entries);
    await sw.table(spread).insert(...entries);
    expect(await all(sw.table(spread).entries())).toEqual(entries);
  });

  test('a profile without selector', async () => {
    const { sw, ports } = await open();
    await sw
      .profile(hops)
      .member(1)
      .set(send({ port: 6 }));
    await sw.table(next).insert({ match: { kind: { value: 0x80, prefix: 1 } }, action: member(1) });
    expect(await ports('next', 0x90)).toEqual([6]);
    expect(await mistake(() => sw.table(next).insert({ match: { kind: { value: 0, prefix: 1 } }, action: group(1) as never }))).toBe(
      'entry-indirect: table ingress.next: the actions of the table are in an action profile; the entry takes member(id).',
    );
    expect(await mistake(() => sw.table(spread).insert({ match: { kind: 1 }, action: drop() as never }))).toBe(
      'entry-indirect: table ingress.spread: the actions of the table are in a selector; the entry takes member(id), group(id) or oneShot([…]).',
    );
    expect(
      await mistake(() =>
        sw
          .profile(hops)
          .member(1)
          .set(mirror({ session: 1 })),
      ),
    ).toContain('entry-action: ');
    expect(await refusal(sw.table(next).insert({ match: { kind: { value: 0, prefix: 1 } }, action: member(9) }))).toContain(
      'action profile ingress.hops: there is no member 9',
    );
  });

  test('one-shot sets', async () => {
    const { sw, ports, setPort } = await open();
    const set = oneShot([
      { action: send({ port: 1 }), weight: 1, watchPort: 1 },
      { action: send({ port: 2 }), weight: 2 },
    ]);
    await sw.table(spread).insert({ match: { kind: 1 }, action: set });
    const entries = await all(sw.table(spread).entries());
    expect(entries.map((e) => e.action)).toEqual([
      {
        set: [
          { action: { call: 'send', args: { port: 1 } }, weight: 1, watchPort: 1 },
          { action: { call: 'send', args: { port: 2 } }, weight: 2 },
        ],
      },
    ]);
    await setPort(1, false);
    expect(await ports('spread', 1)).toEqual([2]);
    await sw.table(spread).delete(...entries);
    await sw.table(spread).insert(...entries);
    expect(await all(sw.table(spread).entries())).toEqual(entries);
    expect(await refusal(sw.profile(paths).member(1).set(drop()))).toContain('which cannot be mixed with members and groups');
  });

  test('one-shot sets with a mode and semantics of their own', async () => {
    const { sw } = await open();
    const actions = [{ action: send({ port: 1 }), weight: 1 }];
    const options = [
      {},
      { actionSelectionMode: 'hash' },
      { actionSelectionMode: 'random' },
      { sizeSemantics: 'sum-of-weights' },
      { sizeSemantics: 'sum-of-members', actionSelectionMode: 'random' },
    ] as const;
    const wanted = options.map((of, kind) => ({ match: { kind }, action: oneShot(actions, of) }));
    await sw.reconcile([tableEntries(spread, wanted)], { scope });
    const entries = await all(sw.table(spread).entries());
    const found = entries.map(({ match, action }) => ({ kind: match.kind, ...action, set: undefined }));
    expect(found.sort((a, b) => a.kind - b.kind)).toEqual(options.map((of, kind) => ({ kind, ...of, set: undefined })));
    // What a switch that speaks P4Runtime has been told, in the specification's names.
    const raw = await all(sw.raw.read({ table_entry: {} }));
    const sets = raw.flatMap(({ table_entry: entry }) => entry?.action?.action_profile_action_set ?? []);
    expect(sets.map((set) => `${set.action_selection_mode ?? ''} ${set.size_semantics ?? ''}`).sort()).toEqual([
      ' ',
      ' SUM_OF_WEIGHTS',
      'HASH ',
      'RANDOM ',
      'RANDOM SUM_OF_MEMBERS',
    ]);
    for (const again of [wanted, entries]) {
      expect(await sw.reconcile([tableEntries(spread, again)], { scope })).toMatchObject({ changes: [], unchanged: wanted.length });
    }
    const other = { match: { kind: 1 }, action: oneShot(actions, { actionSelectionMode: 'random' }) };
    expect(
      formatDifference(await sw.reconcile([tableEntries(spread, [other, ...wanted.filter((e) => e.match.kind !== 1)])], { scope })),
    ).toBe(
      '~ ingress.spread kind=1 -> send(port=1), hash\n' +
        '  ingress.spread kind=1 -> send(port=1), random\n' +
        '0 to insert, 1 to modify, 0 to delete, 4 as desired',
    );
    const wrong = oneShot(actions, { actionSelectionMode: 'randon' as never });
    expect(await mistake(() => sw.table(spread).insert({ match: { kind: 9 }, action: wrong }))).toBe(
      'entry-unknown: table ingress.spread: there is no actionSelectionMode "randon"; did you mean "random"?',
    );
    const unknown = oneShot(actions, { sizeSemantics: 'toString' as never });
    expect(await mistake(() => sw.table(spread).insert({ match: { kind: 9 }, action: unknown }))).toContain('no sizeSemantics "toString"');
  });

  test('what raw says of the default mode is the default', async () => {
    const { sw } = await open();
    await sw.table(spread).insert({ match: { kind: 1 }, action: oneShot([{ action: drop(), weight: 1 }]) });
    const read = await all(sw.raw.read({ table_entry: {} }));
    const entry = read.find((e) => e.table_entry?.action?.action_profile_action_set)?.table_entry;
    const action_profile_action_set = {
      ...entry?.action?.action_profile_action_set,
      action_selection_mode: 'DEFAULT_MODE_DETERMINED_BY_ACTION_SELECTOR',
      size_semantics: 'DEFAULT_SIZE_DETERMINED_BY_ACTION_SELECTOR',
    } as const;
    const desired = rawEntities([{ table_entry: { ...entry, action: { action_profile_action_set } } }]);
    expect(await sw.reconcile([desired], { scope })).toMatchObject({ changes: [], unchanged: 1 });
  });

  test('ids, indexes, ports and weights that are no such numbers are not sent as others', async () => {
    const { sw } = await open();
    const problem = (value: string) => `${value} is not a whole number from 0 to 4294967295.`;
    const insert = (action: object) => sw.table(spread).insert({ match: { kind: 1 }, action: action as ReturnType<typeof member> });
    const cell = { cir: 1, cburst: 1, pir: 1, pburst: 1 };
    const wrong: readonly (readonly [() => unknown, string])[] = [
      [() => sw.profile(paths).member(-1).set(drop()), problem('-1')],
      [() => sw.profile(paths).group(1.5).set([]), problem('1.5')],
      [
        () =>
          sw
            .profile(paths)
            .group(1)
            .set([{ member: 2 ** 32 }]),
        problem('4294967296'),
      ],
      [
        () =>
          sw
            .profile(paths)
            .group(1)
            .set([{ member: 1, weight: 0.5 }]),
        problem('0.5'),
      ],
      [
        () =>
          sw
            .profile(paths)
            .group(1)
            .set([{ member: 1, watchPort: 1.5 }]),
        problem('1.5'),
      ],
      [() => insert(member(1.5)), problem('1.5')],
      [() => insert(group(-1)), problem('-1')],
      [() => insert(oneShot([{ action: drop(), weight: 1.5 }])), problem('1.5')],
      [() => sw.meter(police).set(0.5), problem('0.5')],
      [() => sw.register(totals).read(0.5), problem('0.5')],
      [() => sw.reconcile([meterCells(police, { [-1]: cell })]), problem('-1')],
      [() => sw.multicast(1).set([{ port: -1 }]), problem('-1')],
      [() => sw.cloneSession(1.5).set([{ port: 1 }]), problem('1.5')],
    ];
    for (const [run, text] of wrong) expect(await mistake(async () => run())).toContain(text);
    expect(await all(sw.raw.read({ action_profile_member: {} }, { packet_replication_engine_entry: { clone_session_entry: {} } }))).toEqual(
      [],
    );
  });

  test('digests', async () => {
    const { sw, ports, advance } = await open();
    const lists = sw.digests(learn)[Symbol.asyncIterator]();
    const first = lists.next();
    // Over gRPC the request may still be on its way.
    for (let host = 1; host < 100; host++) {
      await ports('known', 0, 7);
      const came = await Promise.race([
        first,
        sw
          .register(totals)
          .read(0)
          .then(() => undefined),
      ]);
      if (came) break;
    }
    const list = (await first).value;
    expect(list?.entries).toEqual([{ src: '02:00:00:00:00:07', port: 1, tagged: 0 }]);
    await ports('known', 0, 7);
    await ports('known', 0, 8);
    expect((await lists.next()).value?.entries).toEqual([{ src: '02:00:00:00:00:08', port: 1, tagged: 0 }]);
    // Without an acknowledgement the same comes again after a second.
    await advance(second);
    await ports('known', 0, 8);
    const again = (await lists.next()).value;
    expect(again?.entries).toHaveLength(1);
    await again?.ack();
    expect(await mistake(() => sw.digests(learn, { ackTimeoutNs: -1 }))).toContain('entry-value: digest learn_t, ackTimeoutNs');
  });

  test('idle timeouts', async () => {
    const { sw, ports, advance } = await open();
    const idle = sw.idleTimeouts(known)[Symbol.asyncIterator]();
    const action = send({ port: 2 });
    await sw
      .table(known)
      .insert(
        { match: { src: '02:00:00:00:00:01' }, action, idleTimeoutNs: 3n * second },
        { match: { src: '02:00:00:00:00:02' }, action, idleTimeoutNs: 5_000_000_000 },
        { match: { src: '02:00:00:00:00:03' }, action },
      );
    expect((await all(sw.table(known).entries())).map((e) => e.idleTimeoutNs)).toEqual([3n * second, 5n * second, undefined]);
    await advance(2n * second);
    await ports('known', 0, 1);
    await advance(3n * second);
    const both = [(await idle.next()).value, (await idle.next()).value];
    expect(both.map((e) => e?.match.src).sort()).toEqual(['02:00:00:00:00:01', '02:00:00:00:00:02']);
    expect(both.find((e) => e?.match.src.endsWith('1'))).toEqual({ match: { src: '02:00:00:00:00:01' }, idleTimeoutNs: 3n * second });
    for (const entry of both) if (entry) await sw.table(known).delete(entry);
    expect(await all(sw.table(known).entries())).toHaveLength(1);
    expect(await refusal(sw.table(limits).insert({ match: { src: '02:00:00:00:00:01' }, action: drop(), idleTimeoutNs: 1 }))).toContain(
      'table ingress.limits has no idle timeout',
    );
  });

  test('clone sessions', async () => {
    const { sw, ports } = await open();
    await sw.table(initial).insert({ match: { kind: 1 }, action: mirror({ session: 9 }) });
    expect(await ports('initial', 1)).toEqual([]);
    await sw.cloneSession(9).set([{ port: 3 }, { port: 4, instance: 2 }], { truncateBytes: 8 });
    expect(await sw.cloneSession(9).read()).toEqual({
      replicas: [
        { port: 3, instance: 0 },
        { port: 4, instance: 2 },
      ],
      truncateBytes: 8,
    });
    expect(await ports('initial', 1)).toEqual([3, 4]);
    await sw.cloneSession(9).set([{ port: 5 }]);
    expect(await sw.cloneSession(9).read()).toEqual({ replicas: [{ port: 5, instance: 0 }] });
    // v1model has no classes of service.
    expect(await refusal(sw.cloneSession(9).set([{ port: 5 }], { classOfService: 3 }))).toMatch(/^set clone session 9: .*class/);
    await sw.cloneSession(9).delete();
    expect(await sw.cloneSession(9).read()).toBeUndefined();
    expect(await refusal(sw.cloneSession(9).delete())).toBe('delete clone session 9: NOT_FOUND: there is no clone session 9');
  });

  test('value sets', async () => {
    const { sw, ports } = await open();
    const { tags } = services.sets;
    expect(await sw.valueSet(tags).read()).toEqual([]);
    await sw.valueSet(tags).set([0x9100, 0x88a8n]);
    expect(await sw.valueSet(tags).read()).toEqual([0x9100, 0x88a8]);
    await ports('known', 5, 1, 0xbeef);
    expect((await sw.register(flows).read(5)).tag).toBe(0xbeef);
    expect(await refusal(sw.valueSet(tags).set([1, 2, 3]))).toContain('value set parse.tags holds 2 members, and 3 are given');
    expect(await mistake(() => sw.valueSet(tags).set([0x10000]))).toContain('entry-value: value set parse.tags: ');
  });

  test('entries that the pipeline declares', async () => {
    const { sw } = await open();
    expect(await all(sw.table(fixed).entries())).toEqual([
      { match: { kind: { value: 0x10, mask: 0xf0 } }, action: { call: 'send', args: { port: 3 } }, priority: 20 },
      { match: {}, action: { call: 'drop', args: {} }, priority: 10 },
    ]);
    expect(await refusal(sw.table(fixed).delete({ match: {}, priority: 10 }))).toContain('PERMISSION_DENIED');
    await sw.table(initial).modify({ match: { kind: 7 }, action: drop() });
    expect((await all(sw.table(initial).entries())).map((e) => e.action)).toEqual([{ call: 'drop', args: {} }]);
  });

  test('handles of another kind', async () => {
    const { sw } = await open();
    const wrong = (method: 'meter' | 'register' | 'profile' | 'valueSet' | 'digests' | 'idleTimeouts') =>
      mistake(() => (sw[method] as (handle: unknown) => unknown)(drop));
    expect(await Promise.all([wrong('meter'), wrong('register'), wrong('profile'), wrong('valueSet'), wrong('digests')])).toEqual(
      ['meter()', 'register()', 'profile()', 'valueSet()', 'digests()'].map((what) => expect.stringContaining(`not-a-handle: ${what}`)),
    );
    expect(await wrong('idleTimeouts')).toContain('not-a-handle: idleTimeouts() expects a table');
  });

  test('a session that ends ends what is read from it', async () => {
    const { sw } = await open();
    const lists = all(sw.digests(learn));
    const idle = all(sw.idleTimeouts(known));
    await all(sw.table(known).entries());
    await sw.close();
    expect([await lists, await idle, await all(sw.idleTimeouts(initial))]).toEqual([[], [], []]);
  });
});

describe('simulate', () => {
  test('random numbers depend on the seed', async () => {
    const run = async (seed?: number): Promise<string[]> => {
      const sw = await simulate(services, seed === undefined ? {} : { seed });
      const types: string[] = [];
      for (let i = 0; i < 4; i++) {
        const [out] = await sw.send(1, frame('random', 0));
        types.push(
          Buffer.from(out?.packet ?? [])
            .toString('hex')
            .slice(24),
        );
      }
      await sw.close();
      return types;
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run()).toEqual(await run(0));
    expect(await run(1)).not.toEqual(await run(2));
    expect(await mistake(() => simulate(services, { seed: 0.5 }))).toContain('bad-operand');
  });

  test('time only passes when it is advanced', async () => {
    const sw = await simulate(services);
    const timeOf = async () => (await sw.sendTraced(1, frame('police', 0))).trace.timestampNs;
    expect(await timeOf()).toBe('0');
    await sw.advanceTime(1500);
    expect(await timeOf()).toBe('1500');
    expect(await mistake(() => sw.advanceTime(-1))).toContain('entry-value: advanceTime()');
    await sw.close();
  });

  test('a digest that is asked for before a packet is sent is there', async () => {
    const sw = await simulate(services);
    const lists = sw.digests(learn, { maxTimeoutNs: 1000, maxListSize: 5 })[Symbol.asyncIterator]();
    await sw.send(1, frame('known', 0, 1));
    await sw.send(2, frame('known', 0, 2));
    await sw.advanceTime(1000);
    expect((await lists.next()).value?.entries.map((e: { port: number }) => e.port)).toEqual([1, 2]);
    await sw.close();
  });
});
