// From any state to any other: what is in the scope is as desired, what is outside is as it was, with no update too many.
import fc from 'fast-check';
import { group, member } from 'p4ts';
import {
  cloneSession,
  createDataPlane,
  createSwitch,
  type Desired,
  type MeterInput,
  meterCells,
  multicastGroup,
  profileGroup,
  profileMember,
  type Scope,
  type Switch,
  tableEntries,
  valueSetMembers,
} from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import { openClient } from '../../runtime/client/open.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { localTransport } from '../../runtime/switch/local-transport.js';
import { services } from '../support/services.js';

const { spread, known, limits, initial, police, paths, send, drop, grade } = services.ingress;
const { tags } = services.sets;
const { ir } = programOf(services) as NonNullable<ReturnType<typeof programOf>>;

/** What a switch has of the parts that are looked at, by numbers that stand for keys. */
interface State {
  /** A port, or 0 for `drop`. The first four are nobody's, the others have the tag. */
  readonly known: ReadonlyMap<number, number>;
  /** A committed rate, or 0 for no meter. */
  readonly limits: ReadonlyMap<number, number>;
  /** Ports of members, members of groups, and the groups of entries; negative for a member. */
  readonly members: ReadonlyMap<number, number>;
  readonly groups: ReadonlyMap<number, readonly number[]>;
  readonly spread: ReadonlyMap<number, number>;
  readonly multicast: ReadonlyMap<number, readonly number[]>;
  readonly clones: ReadonlyMap<number, number>;
  readonly meter: ReadonlyMap<number, number>;
  readonly tags: ReadonlyMap<0, readonly number[]>;
}
type Part = keyof State;

const some = <T>(keys: readonly number[], content: fc.Arbitrary<T>): fc.Arbitrary<ReadonlyMap<number, T>> =>
  fc
    .tuple(
      ...keys.map((key) =>
        fc.option(
          content.map((c) => [key, c] as const),
          { nil: undefined },
        ),
      ),
    )
    .map((list) => {
      return new Map(list.filter((item) => item !== undefined));
    });
const ports = fc.subarray([1, 2, 3], { minLength: 1 });
const state: fc.Arbitrary<State> = some([1, 2, 3, 4], fc.integer({ min: 1, max: 3 }))
  .chain((members) =>
    fc.tuple(
      fc.constant(members),
      members.size === 0
        ? fc.constant(new Map())
        : some([1, 2], fc.subarray([...members.keys()], { minLength: 1, maxLength: Math.min(3, members.size) })),
    ),
  )
  .chain(([members, groups]) => {
    const named = [...groups.keys(), ...[...members.keys()].map((id) => -id)];
    return fc.record({
      members: fc.constant(members),
      groups: fc.constant(groups),
      spread: named.length === 0 ? fc.constant(new Map()) : some([1, 2, 3], fc.constantFrom(...named)),
      known: some([0, 1, 2, 3, 4, 5, 6, 7], fc.integer({ min: 0, max: 2 })),
      limits: some([1, 2, 3], fc.integer({ min: 0, max: 2 })),
      multicast: some([1, 2], ports),
      clones: some([1, 2], fc.integer({ min: 1, max: 2 })),
      meter: some([0, 1, 2, 3], fc.integer({ min: 1, max: 2 })),
      tags: fc.subarray([0x9100, 0x88a8, 0x9200], { maxLength: 2 }).map((values) => new Map([[0 as const, values]])),
    });
  });

const tag = 'bgp';
const tables: readonly Part[] = ['known', 'limits', 'members', 'groups', 'spread'];
const scopes: readonly { readonly scope: Scope; readonly parts: readonly Part[]; has?(part: Part, key: number): boolean }[] = [
  { scope: {}, parts: [...tables, 'multicast', 'clones', 'meter', 'tags'] },
  { scope: { tables: [known] }, parts: ['known'] },
  { scope: { tables: [spread, limits] }, parts: ['limits', 'members', 'groups', 'spread'] },
  { scope: { tables: [known], replication: true }, parts: ['known', 'multicast', 'clones'] },
  { scope: { replication: false }, parts: [...tables, 'meter', 'tags'] },
  { scope: { tag }, parts: ['known'], has: (_, key) => key >= 4 },
];

const mac = (n: number) => `02:00:00:00:00:0${n}` as const;
const rates = (cir: number): MeterInput => ({ cir, cburst: 1, pir: 9, pburst: 9 });
const byKey = <T, R>(map: ReadonlyMap<number, T>, make: (key: number, content: T) => R): R[] => [...map].map(([k, c]) => make(k, c));

function desiredOf(s: State): Readonly<Record<Part, readonly Desired[]>> {
  const entry = (key: number, port: number) => ({
    match: { src: mac(key) },
    action: port === 0 ? drop() : send({ port }),
    ...(key >= 4 ? { metadata: tag } : {}),
  });
  return {
    known: [tableEntries(known, byKey(s.known, entry))],
    limits: [
      tableEntries(
        limits,
        byKey(s.limits, (key, cir) => ({ match: { src: mac(key) }, action: grade({ port: 1 }), ...(cir ? { meter: rates(cir) } : {}) })),
      ),
    ],
    members: byKey(s.members, (id, port) => profileMember(paths, id, send({ port }))),
    groups: byKey(s.groups, (id, members) =>
      profileGroup(
        paths,
        id,
        members.map((m) => ({ member: m })),
      ),
    ),
    spread: [
      tableEntries(
        spread,
        byKey(s.spread, (kind, id) => ({ match: { kind }, action: id < 0 ? member(-id) : group(id) })),
      ),
    ],
    multicast: byKey(s.multicast, (id, list) =>
      multicastGroup(
        id,
        list.map((port) => ({ port })),
      ),
    ),
    clones: byKey(s.clones, (id, port) => cloneSession(id, [{ port }], port === 2 ? { truncateBytes: 64 } : {})),
    meter: [meterCells(police, Object.fromEntries(byKey(s.meter, (index, cir) => [index, rates(cir)])))],
    tags: [valueSetMembers(tags, s.tags.get(0) ?? [])],
  };
}

/** Through the handles, one thing after the other. */
async function put(sw: Switch<typeof services>, s: State): Promise<void> {
  // The pipeline declares it.
  await sw.table(initial).delete({ match: { kind: 7 } });
  for (const [id, port] of s.members) await sw.profile(paths).member(id).set(send({ port }));
  for (const [id, list] of s.groups)
    await sw
      .profile(paths)
      .group(id)
      .set(list.map((m) => ({ member: m })));
  for (const part of ['known', 'limits', 'spread'] as const) await sw.batch(desiredOf(s)[part].map((insert) => ({ insert })));
  for (const [id, list] of s.multicast) await sw.multicast(id).set(list.map((port) => ({ port })));
  for (const [id, port] of s.clones) await sw.cloneSession(id).set([{ port }], port === 2 ? { truncateBytes: 64 } : {});
  for (const [index, cir] of s.meter) await sw.meter(police).set(index, rates(cir));
  await sw.valueSet(tags).set(s.tags.get(0) ?? []);
}

/** Through the handles as well: what was put is what is got. */
async function got(sw: Switch<typeof services>): Promise<Record<Part, [number, unknown][]>> {
  const last = (text: string): number => Number(text.at(-1));
  const found: Record<Part, [number, unknown][]> = {
    known: [],
    limits: [],
    members: [],
    groups: [],
    spread: [],
    multicast: [],
    clones: [],
    meter: [],
    tags: [[0, [...(await sw.valueSet(tags).read())].map(Number)]],
  };
  for await (const { match, action } of sw.table(known).entries()) found.known.push([last(match.src), Number(action.args.port ?? 0)]);
  for await (const { match, meter } of sw.table(limits).entries()) found.limits.push([last(match.src), Number(meter?.cir ?? 0)]);
  for await (const { match, action } of sw.table(spread).entries()) {
    found.spread.push([match.kind, 'member' in action ? -action.member : 'group' in action ? action.group : 0]);
  }
  for (const id of [1, 2, 3, 4]) {
    const action = await sw.profile(paths).member(id).read();
    if (action) found.members.push([id, action.args.port]);
    const members = await sw.profile(paths).group(id).read();
    if (members) found.groups.push([id, members.map((m) => m.member)]);
    const replicas = await sw.multicast(id).read();
    if (replicas) found.multicast.push([id, replicas.map((r) => r.port)]);
    const clone = await sw.cloneSession(id).read();
    if (clone) found.clones.push([id, clone.truncateBytes === 64 ? 2 : clone.replicas[0]?.port]);
  }
  for (const [index, cell] of (await sw.meter(police).read()).entries()) if (cell) found.meter.push([index, Number(cell.cir)]);
  return found;
}

const plain = (content: unknown): string => JSON.stringify(Array.isArray(content) ? content.toSorted() : content);

test('from any state to any other, in any scope', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(state, state, fc.constantFrom(...scopes), async (actual, wanted, { scope, parts, has = () => true }) => {
      const core = createSwitch({ dataPlane: createDataPlane() });
      let updates = 0;
      const local = localTransport(core);
      const transport: Transport = {
        ...local,
        write: (request) => {
          updates += request.updates?.length ?? 0;
          return local.write(request);
        },
      };
      const at = { file: '', line: 0, column: 0 };
      const sw = (await openClient(ir, transport, { address: 'the switch', loc: at })) as unknown as Switch<typeof services>;
      await put(sw, actual);

      const inside = (part: Part, key: number): boolean => parts.includes(part) && has(part, key);
      const only = (s: State): State => ({ ...s, known: new Map([...s.known].filter(([key]) => inside('known', key))) });
      const desired = parts.flatMap((part) => desiredOf(only(wanted))[part]);
      const expected = Object.fromEntries(
        (Object.keys(actual) as Part[]).map((part) => [
          part,
          [...[...actual[part]].filter(([key]) => !inside(part, key)), ...[...wanted[part]].filter(([key]) => inside(part, key))]
            .map(([key, content]) => `${key} ${plain(content)}`)
            .sort(),
        ]),
      );
      const differing = parts.reduce((sum, part) => {
        const [before, after] = [actual[part] as ReadonlyMap<number, unknown>, wanted[part] as ReadonlyMap<number, unknown>];
        const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => inside(part, key));
        return sum + keys.filter((key) => plain(before.get(key)) !== plain(after.get(key))).length;
      }, 0);
      const shown = async () =>
        Object.fromEntries(Object.entries(await got(sw)).map(([part, list]) => [part, list.map(([k, c]) => `${k} ${plain(c)}`).sort()]));

      updates = 0;
      const before = await shown();
      expect((await sw.reconcile(desired, { scope, dryRun: true })).changes).toHaveLength(differing);
      expect([updates, await shown()]).toEqual([0, before]);
      await sw.reconcile(desired, { scope });
      expect(updates).toBe(differing);
      expect(await shown()).toEqual(expected);
      expect((await sw.reconcile(desired, { scope })).changes).toEqual([]);
      await sw.close();
      await core.close();
    }),
    { numRuns: 60, seed: 5 },
  );
});
