/** Action profiles and selectors. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashAlgorithms } from '../../runtime/data-plane/hashes.js';
import type { GroupMember, StateUpdate } from '../../runtime/data-plane/messages.js';
import { ActionProfile } from '../../runtime/data-plane/profiles.js';
import { fromHex } from '../support/packets.js';
import { events, extractK, Runs } from '../support/v1model-runs.js';

const memberAction = (port: bigint) => ({ name: 'ingress.to', args: [port] });
const weighted = (...members: (readonly [member: number, weight: number, watchPort?: number])[]): GroupMember[] =>
  members.map(([id, weight, watchPort]) => ({ member: id, weight, ...(watchPort === undefined ? {} : { watchPort }) }));

describe('the order of a group', () => {
  const profile = () => {
    const made = new ActionProfile('p', 'identity');
    for (const id of [30, 10, 20]) made.setMember(id, memberAction(BigInt(id)));
    return made;
  };
  const order = (p: ActionProfile, group: number, size: number) =>
    Array.from({ length: size }, (_, i) => p.choose(group, BigInt(i))?.member);

  test('is that in which members were written, whatever their numbers', () => {
    const p = profile();
    p.setGroup(1, weighted([10, 1], [20, 1], [30, 1]));
    expect(order(p, 1, 6)).toEqual([30, 10, 20, 30, 10, 20]);
  });
  test('has the further places of heavy members after all members', () => {
    const p = profile();
    p.setGroup(1, weighted([30, 2], [10, 3], [20, 1]));
    // Handles: 30 is 0, 10 is 1, 20 is 2; then 10 takes 3 and 4, and 30 takes 5, in the order of their numbers.
    expect(order(p, 1, 6)).toEqual([30, 10, 20, 10, 10, 30]);
  });
  test('reuses the handles of what was removed, the lowest first', () => {
    const p = profile();
    p.setMember(30);
    p.setMember(40, memberAction(40n));
    p.setMember(50, memberAction(50n));
    p.setGroup(1, weighted([10, 1], [20, 1], [40, 1], [50, 1]));
    expect(order(p, 1, 4)).toEqual([40, 10, 20, 50]);
  });
  test('keeps a heavy member its handles as long as another group needs them', () => {
    const p = profile();
    p.setGroup(1, weighted([10, 3]));
    p.setGroup(2, weighted([10, 2], [20, 1]));
    p.setGroup(1);
    p.setMember(40, memberAction(40n));
    p.setGroup(3, weighted([40, 1], [10, 2]));
    // 10 has the handles 1 and 3, 20 has 2; 4 became free again and is 40's.
    expect([order(p, 2, 3), order(p, 3, 3)]).toEqual([
      [10, 20, 10],
      [10, 10, 40],
    ]);
  });
});

test('each member has as many places as its weight, and a flow stays with its place', () => {
  const groups = fc.uniqueArray(fc.record({ member: fc.nat(20), weight: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 1,
    selector: (m) => m.member,
  });
  fc.assert(
    fc.property(groups, (members) => {
      const p = new ActionProfile('p', 'crc32');
      for (const m of members) p.setMember(m.member, memberAction(1n));
      p.setGroup(1, members);
      const size = members.reduce((sum, m) => sum + m.weight, 0);
      const places = new Map<number, number>();
      for (let i = 0; i < size; i++) {
        const chosen = p.choose(1, BigInt(i));
        expect(chosen?.size).toBe(size);
        places.set(chosen?.member as number, (places.get(chosen?.member as number) ?? 0) + 1);
      }
      expect(places).toEqual(new Map(members.map((m) => [m.member, m.weight])));
    }),
  );
});

const to = 'action to(bit<9> port) { std.egress_spec = port; }';
const selecting = (...updates: StateUpdate[]) =>
  Runs.of(
    {
      start: extractK,
      locals: `
        action_selector(HashAlgorithm.crc16, 64, 16) paths;
        ${to}
        table ecmp {
          key = { h.k.a: exact @name("key"); h.k.b: selector @name("flow"); }
          actions = { to; NoAction; }
          implementation = paths;
        }`,
      ingress: 'mark_to_drop(std); ecmp.apply();',
    },
    updates,
  );
const entry = { matches: [{ kind: 'exact', value: 0xaan }], priority: 0 } as const;
const write = (id: number, port: bigint): StateUpdate => ({
  kind: 'profile-member',
  profile: 'ingress.paths',
  member: id,
  action: memberAction(port),
});
const group = (members: GroupMember[]): StateUpdate => ({ kind: 'profile-group', profile: 'ingress.paths', group: 7, members });
const members = [write(1, 11n), write(2, 12n), write(3, 13n)];
const all = weighted([1, 1, 11], [2, 1, 12], [3, 1, 13]);
const insert: StateUpdate = { kind: 'insert', table: 'ingress.ecmp', entry: { ...entry, action: { group: 7 } } };
const flows = ['00', '01', '02', '03', '04', '05', '06', '07'];
const ports = (runs: Runs) => flows.map((flow) => runs.send(`aa${flow}`).sent.map((text) => Number(text.split(':')[0]))[0]);
const expected = (slots: readonly number[]) => flows.map((flow) => slots[Number(hashAlgorithms.crc16?.(fromHex(flow))) % slots.length]);

describe('a table with a selector', () => {
  test('runs the member that the hash of the selector keys gives', async () => {
    expect(ports(await selecting(...members, group(all), insert))).toEqual(expected([11, 12, 13]));
  });
  test('runs the member that the entry names', async () => {
    const runs = await selecting(...members, { kind: 'insert', table: 'ingress.ecmp', entry: { ...entry, action: { member: 2 } } });
    expect(ports(runs)).toEqual(flows.map(() => 12));
  });
  test('follows changes of members and groups', async () => {
    const runs = await selecting(...members, group(all), insert);
    runs.interpreter.state.write([write(2, 22n), group(weighted([1, 1], [2, 1]))]);
    expect(ports(runs)).toEqual(expected([11, 22]));
    runs.interpreter.state.write([{ kind: 'modify', table: 'ingress.ecmp', entry: { ...entry, action: { member: 3 } } }]);
    expect(ports(runs)).toEqual(flows.map(() => 13));
  });
  test('leaves out members whose port is down', async () => {
    const runs = await selecting(...members, group(all), insert);
    runs.interpreter.state.write([{ kind: 'port', port: 12, up: false }]);
    expect(ports(runs)).toEqual(expected([11, 13]));
    runs.interpreter.state.write([{ kind: 'port', port: 12, up: true }]);
    expect(ports(runs)).toEqual(expected([11, 12, 13]));
  });
  test('a group written while a port is down is without its members', async () => {
    const runs = await selecting(...members, { kind: 'port', port: 12, up: false }, group(all), insert);
    expect(ports(runs)).toEqual(expected([11, 13]));
  });
  test('refuses entries with members and groups that are not there, and keeps what it had', async () => {
    const runs = await selecting(...members, group(all));
    const bad = (action: { member: number } | { group: number }): StateUpdate => ({
      kind: 'insert',
      table: 'ingress.ecmp',
      entry: { ...entry, action },
    });
    expect(() => runs.interpreter.state.write([bad({ member: 9 })])).toThrow('no member 9');
    expect(() => runs.interpreter.state.write([bad({ group: 9 })])).toThrow('no group 9');
    runs.interpreter.state.write([insert]);
    expect(ports(runs)).toEqual(expected([11, 12, 13]));
  });
  test('tells in the trace which member it chose and why', async () => {
    const { trace } = (await selecting(...members, group(all), insert)).send('aa05');
    const hash = Number(hashAlgorithms.crc16?.(fromHex('05')));
    const [event] = events(trace, 'apply');
    expect(event?.profile).toEqual({
      name: 'ingress.paths',
      group: 7,
      algorithm: 'crc16',
      inputs: [{ name: 'flow', value: '5' }],
      hash: `${hash}`,
      size: 3,
      index: hash % 3,
      member: 1 + (hash % 3),
    });
    expect(event?.keys.map((k) => k.name)).toEqual(['key']);
  });
});

test('an action profile is shared by tables', async () => {
  const table = (name: string, field: string) =>
    `table ${name} { key = { ${field}: exact; } actions = { to; NoAction; } implementation = hops; }`;
  const locals = `action_profile(16) hops; ${to} ${table('one', 'h.k.a')} ${table('two', 'h.k.b')}`;
  const runs = await Runs.of({ start: extractK, locals, ingress: 'mark_to_drop(std); one.apply(); two.apply();' }, [
    { kind: 'profile-member', profile: 'ingress.hops', member: 5, action: memberAction(3n) },
    { kind: 'insert', table: 'ingress.one', entry: { ...entry, action: { member: 5 } } },
    { kind: 'insert', table: 'ingress.two', entry: { ...entry, action: { member: 5 } } },
  ]);
  expect([runs.send('aa00').sent, runs.send('00aa').sent, runs.send('0000').sent]).toEqual([['3:aa00'], ['3:00aa'], []]);
});
