/** A program for PSA under the control of TypeScript, on the embedded switch. */
import { readFileSync } from 'node:fs';
import { simulate } from 'p4ts/runtime';
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { typesModule } from '../../compiler/imported-p4/types-module.js';
import type { Program } from '../../compiler/ir/index.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { idOf } from '../../compiler/p4info/ids.js';
import { printP4 } from '../../targets/p4/printer.js';
import { canonical, load } from '../frontend/lower/load.js';
import { all } from '../support/outcomes.js';
import { learner } from './learner.p4.js';

const program = programOf(learner)?.ir as Program;
const {
  tables: { 'Switching.sources': sources, 'Switching.destinations': destinations },
  actions: { 'Switching.known': known, 'Switching.forward': forward, 'Switching.flood': flood, 'Switching.punt': punt },
} = learner;

/** An Ethernet packet of 15 bytes from 02:…:01. */
const frame = (dst: string): Buffer => Buffer.from(`${dst}020000000001ffff77`, 'hex');
const hex = (packet: Uint8Array): string => Buffer.from(packet).toString('hex');

test('the module with the types is what p4ts types writes', () => {
  expect(typesModule(program, { file: './learner.p4' })).toBe(readFileSync(new URL('./learner.p4.ts', import.meta.url), 'utf8'));
});

test('it has no mistakes, and what is printed is read as the same program', async () => {
  expect(validate(program).diagnostics).toEqual([]);
  const printed = printP4(program);
  expect(canonical(await load(printed))).toEqual(canonical(program));
  expect(printed.match(/^action|psa_PortId_header_to_int\(in/m)).toBeNull();
});

describe('P4Info', () => {
  const info = buildP4Info(program);

  test('digests are named after their instances, and say what they carry', () => {
    expect(info.digests).toMatchObject([
      { preamble: { id: idOf('digest', 'ToQueues.learned'), name: 'ToQueues.learned' }, type_spec: { struct: { name: 'learned_t' } } },
    ]);
  });
  test('types of the architecture are translated (P4Runtime, "PSA Metadata Translation")', () => {
    expect(info.type_info?.new_types).toMatchObject({
      PortId_t: { translated_type: { uri: 'p4.org/psa/v1/PortId_t', sdn_bitwidth: 32 } },
      ClassOfService_t: { translated_type: { uri: 'p4.org/psa/v1/ClassOfService_t', sdn_bitwidth: 8 } },
    });
    const [source] = info.tables;
    expect(source?.match_fields[1]).toMatchObject({ bitwidth: 32, type_name: { name: 'PortId_t' } });
  });
  test('arrays have the type of their index, tables their properties', () => {
    expect(info.counters).toMatchObject([{ size: 1024, spec: { unit: 'BOTH' }, index_type_name: { name: 'PortId_t' } }]);
    const index_type_name = { name: 'PortId_t' };
    expect(info.registers).toMatchObject([
      { size: 16, index_type_name, type_spec: { bitstring: { bit: { bitwidth: 32 } } } },
      { size: 4, index_type_name, type_spec: { struct: { name: 'learned_t' } } },
      { size: 4, index_type_name, type_spec: { new_type: { name: 'PortId_t' } } },
    ]);
    expect(info.direct_counters).toMatchObject([{ spec: { unit: 'PACKETS' }, direct_table_id: idOf('table', 'Switching.sources') }]);
    expect(info.tables.map((t) => t.idle_timeout_behavior)).toEqual(['NOTIFY_CONTROL', undefined]);
    expect(info.actions.find((a) => a.preamble.name === 'ingress_drop')?.params).toEqual([]);
    expect(info.pkg_info.arch).toBe('psa');
  });
});

test('ports have 32 bits: in entries, replicas and packets', async () => {
  await using sw = await simulate(learner);
  const port = 0x1234_5678;
  await sw.table(sources).insert({ match: { 'hdr.ethernet.src': '02:00:00:00:00:01', 'istd.ingress_port': port }, action: known() });
  await sw
    .table(destinations)
    .insert(
      { match: { 'hdr.ethernet.dst': { value: 0x0a, mask: 0xff } }, priority: 1, action: forward({ port: 0x8000_0001 }) },
      { match: { 'hdr.ethernet.dst': { value: 0x0b, mask: 0xff } }, priority: 1, action: flood({ group: 0x1_0000, class: 6 }) },
    );
  await sw.multicast(0x1_0000).set([
    { port: 0xffff_fff0, instance: 1 },
    { port: 2, instance: 2 },
  ]);
  expect((await sw.send(port, frame('00000000000a'))).map((o) => `${o.port.toString(16)}:${hex(o.packet)}`)).toEqual([
    '80000001:00000000000a020000000001ffff77',
  ]);
  // Class of service and instance are where the type was.
  expect((await sw.send(5, frame('00000000000b'))).map((o) => `${o.port.toString(16)}:${hex(o.packet)}`)).toEqual([
    ...['fffffff0:00000000000b020000000001060177', '2:00000000000b020000000001060277'],
  ]);
  expect(await sw.send(5, frame('00000000000c'))).toEqual([]);
  await expect(sw.send(2 ** 32, frame('00000000000c'))).rejects.toThrow('Expected a port from 0 to 4294967295, got 4294967296.');
  expect(await sw.multicast(0x1_0000).read()).toEqual([
    { port: 0xffff_fff0, instance: 1 },
    { port: 2, instance: 2 },
  ]);

  expect(await all(sw.table(sources).entries())).toMatchObject([
    { match: { 'hdr.ethernet.src': 0x020000000001, 'istd.ingress_port': port }, counter: { packets: 1n } },
  ]);
  expect(await sw.counter(learner.counters['Switching.received']).read(5)).toEqual({ packets: 2n, bytes: 30n });
  expect(await sw.register(learner.registers['Switching.flooded']).read(3)).toBe(1);
});

test('cells of registers have the values of their fields', async () => {
  await using sw = await simulate(learner);
  const latest = sw.register(learner.registers['Switching.latest']);
  const origins = sw.register(learner.registers['Switching.origins']);
  const cell = { src: 0x0a0b0c0d0e0f, port: 0xffff_ffff };
  await latest.write(3, cell);
  await origins.write(3, 0xffff_ffff);
  await sw.send(0x1234_5678, frame('00000000000a'));
  const none = { src: 0, port: 0 };
  expect(await latest.readAll()).toEqual([none, { src: 0x020000000001, port: 0x1234_5678 }, none, cell]);
  expect(await origins.readAll()).toEqual([0, 0, 0x1234_5678, 0xffff_ffff]);
  await expect(latest.write(3, { src: 1, port: 2 ** 32 })).rejects.toThrow(
    'register Switching.latest, field port: 4294967296 does not fit bit<32>',
  );
  expect(await latest.read(3)).toEqual(cell);
});

test('digests, packets to and from the controller', async () => {
  await using sw = await simulate(learner);
  const lists = sw.digests(learner.digests['ToQueues.learned'])[Symbol.asyncIterator]();
  await sw.table(destinations).insert({ match: { 'hdr.ethernet.dst': { value: 0x0a, mask: 0xff } }, priority: 1, action: punt() });
  const packets = sw.packetIns()[Symbol.asyncIterator]();
  const first = lists.next();
  await sw.send(9, frame('00000000000a'));
  expect((await first).value?.entries).toEqual([{ src: 0x020000000001, port: 9 }]);
  const punted = (await packets.next()).value;
  expect({ ...punted, payload: hex(punted.payload) }).toEqual({ ingress_port: 9, payload: '00000000000a020000000001ffff77' });

  const left = new Promise<string>((resolve) => sw.onOutput(({ port, packet }) => resolve(`${port}:${hex(packet)}`)));
  await sw.packetOut(frame('00000000000d'), { egress_port: 70_000 });
  expect(await left).toBe('70000:00000000000d020000000001ffff77');
});
