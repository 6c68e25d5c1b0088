/** A program in P4 under the control of TypeScript: handles by name, values as people write them, types that tsc checks. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { group, member } from 'p4ts';
import { loadP4 } from 'p4ts/p4';
import { argsOf, type EntryKeyOf, simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import { typesModule } from '../../compiler/imported-p4/types-module.js';
import { all } from '../support/outcomes.js';
import { gateway } from './gateway.p4.js';

const {
  tables: { 'Gate.routes': routes, 'Gate.filter': filter, 'Gate.neighbours': neighbours, 'Gate.balanced': balanced },
  actions: { 'Gate.count_forward': countForward, 'Gate.police': police, 'Gate.forward': forward, 'Gate.drop': drop, NoAction: noAction },
} = gateway;

/** An IPv4 packet of 34 bytes from 10.0.0.1, with a TTL of 64. */
const ipv4 = (dst: string): Buffer =>
  Buffer.from(`020000000002 020000000001 0800 45000014 00000000 40110000 0a000001 ${dst}`.replaceAll(' ', ''), 'hex');

test('the module with the types is what p4ts types writes', () => {
  const written = readFileSync(new URL('./gateway.p4.ts', import.meta.url), 'utf8');
  const ir = programOf(gateway)?.ir;
  expect(ir && typesModule(ir, { file: './gateway.p4' })).toBe(written);
});

test('entries are written and read as of a pipeline in the language', async () => {
  await using sw = await simulate(gateway);
  const table = sw.table(routes);
  await table.insert({ match: { destination: '10.1.0.0/16' }, action: countForward({ dst: '08:00:00:00:01:11', out_port: 'uplink' }) });
  await table.insert({ match: { destination: { value: 0x0a020000, prefix: 16 } }, action: drop() });
  expect(await all(table.entries())).toMatchObject([
    {
      match: { destination: { value: 0x0a010000, prefix: 16 } },
      action: { call: 'count_forward', args: { dst: 0x080000000111, out_port: 'uplink' } },
    },
    { match: { destination: { value: 0x0a020000, prefix: 16 } }, action: { call: 'drop' } },
  ]);
  const key: EntryKeyOf<typeof routes> = { match: { destination: '10.1.0.0/16' } };
  const args = argsOf(countForward, (await table.get(key))?.action);
  expect([args?.dst, args?.out_port]).toEqual([0x080000000111, 'uplink']);
  expect(argsOf(drop, (await table.get(key))?.action)).toBeUndefined();
  expect(await table.get({ match: { destination: '10.1.0.0/17' } })).toBeUndefined();

  const [sent] = await sw.send(1, ipv4('0a010001'));
  expect(sent?.port).toBe(3);
  expect(Buffer.from(sent?.packet ?? []).toString('hex')).toBe(
    '08000000011102000000000108004500001400000000' + '3f110000' + '0a0000010a010001',
  );
  expect(await sw.send(1, ipv4('0a020001'))).toEqual([]);
  const [first] = await all(table.entries());
  expect(first?.counter).toMatchObject({ packets: 1n });
});

test('keys of all kinds, enums, formats that the program says', async () => {
  await using sw = await simulate(gateway);
  const entry = {
    match: {
      'hdr.ipv4.src': { value: '10.0.0.0', mask: 0xff000000 },
      'hdr.ipv4.protocol': { low: 6, high: 17 },
      'hdr.ethernet.ether_type': 'ipv4',
      'hdr.ipv4.$valid$': true,
    },
    priority: 10,
    action: police({ seen_as: '192.0.2.1' }),
  } as const;
  await sw.table(filter).insert(entry);
  expect(await all(sw.table(filter).entries())).toMatchObject([
    {
      match: {
        'hdr.ipv4.src': { value: 0x0a000000, mask: 0xff000000 },
        'hdr.ipv4.protocol': { low: 6, high: 17 },
        'hdr.ethernet.ether_type': 'ipv4',
        'hdr.ipv4.$valid$': true,
      },
      action: { call: 'police', args: { seen_as: '192.0.2.1' } },
    },
  ]);
  await sw.table(routes).insert({ match: { destination: '10.0.0.0/8' }, action: countForward({ dst: 1n, out_port: 'uplink' }) });
  const [sent] = await sw.send(1, ipv4('0a010001'));
  expect(
    Buffer.from(sent?.packet ?? [])
      .toString('hex')
      .slice(52, 60),
  ).toBe('c0000201');
});

test('packets arrive at the ports that there are', async () => {
  await using sw = await simulate(gateway);
  for (const port of [-1, 1.5, 512, Number.NaN])
    await expect(sw.send(port, new Uint8Array(64))).rejects.toThrow(`Expected a port from 0 to 511, got ${port}.`);
  for (const port of [510, 511]) expect((await sw.send(port, new Uint8Array(64))).map((o) => o.port)).toEqual([0]);
});

test('profiles, selectors, registers, counters, digests, packets to and from the controller', async () => {
  await using sw = await simulate(gateway);
  const digests = sw.digests(gateway.digests.learn_t)[Symbol.asyncIterator]();
  const ways = sw.profile(gateway.profiles['Gate.ways']);
  await ways.member(1).set(forward({ dst: '02:00:00:00:00:99', out_port: 'downlink' }));
  await ways.group(1).set([{ member: 1 }]);
  await sw.table(balanced).insert({ match: { 'meta.out_port': 'none' }, action: group(1) });
  await sw.profile(gateway.profiles['Gate.next_hops']).member(1).set(drop());
  await sw.table(neighbours).insert({ match: { 'hdr.ethernet.src': '02:00:00:00:00:77' }, action: member(1) });
  expect(await all(sw.table(neighbours).entries())).toMatchObject([{ match: { 'hdr.ethernet.src': 0x020000000077 } }]);

  const [sent] = await sw.send(5, ipv4('0a010001'));
  expect(sent?.port).toBe(7);
  expect(await sw.counter(gateway.counters['Gate.received']).read(5)).toMatchObject({ packets: 1n, bytes: 34n });
  const { value: list } = await digests.next();
  expect(list?.entries).toEqual([{ address: 0x020000000001, port: 5, tagged: false }]);
  expect(await sw.register(gateway.registers['Gate.last_seen']).read(0)).toBeTypeOf('number');

  await sw.packetOut(ipv4('0a010001'), { egress_port: 4 });
});

test('a name that there is not is told where it is used, with the one that is meant', async () => {
  const untyped = await loadP4(fileURLToPath(new URL('./gateway.p4', import.meta.url)));
  expect(() => untyped.tables['Gate.route']).toThrow('gateway has no table "Gate.route"; did you mean "Gate.routes"?');
  expect(() => untyped.actions.forward).toThrow('gateway has no action "forward"; did you mean "Gate.forward"?');
  expect(Object.keys(untyped.tables)).toEqual(['Gate.routes', 'Gate.filter', 'Gate.neighbours', 'Gate.balanced']);
});

test('what tsc refuses', () => {
  const refused = (): unknown[] => [
    // @ts-expect-error there is no such table
    gateway.tables['Gate.route'],
    // @ts-expect-error the parameter is called dst
    forward({ destination: '02:00:00:00:00:01', out_port: 'uplink' }),
    // @ts-expect-error the port is text: P4Runtime translates it
    forward({ dst: '02:00:00:00:00:01', out_port: 1 }),
    // @ts-expect-error no IPv4 address
    police({ seen_as: '02:00:00:00:00:01' }),
    noAction(),
  ];
  expect(refused).toBeTypeOf('function');
});

test('a program with mistakes, or for an architecture that p4ts does not run, is refused with all of them', async () => {
  await expect(loadP4('/nowhere/x.p4')).rejects.toThrow('there is no such file');
});
