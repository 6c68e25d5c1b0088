// What a file says of meters, counters, registers and value sets: the same as in TypeScript, on a switch that has them.
import { readFileSync } from 'node:fs';
import { DiagnosticError, oneShot, type Pipeline } from 'p4ts';
import {
  counterCells,
  defaultAction,
  meterCells,
  rawEntities,
  registerCells,
  type SimulatedSwitch,
  simulate,
  tableEntries,
  valueSetMembers,
} from 'p4ts/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { buildSchema } from '../../compiler/control/build.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { shaper } from '../../examples/shaper/pipeline.js';
import { telemetry } from '../../examples/telemetry/pipeline.js';
import { vxlanGateway } from '../../examples/vxlan/pipeline.js';
import { describeEntity } from '../../runtime/client/describe.js';
import { dumpEntities } from '../../runtime/entries/dump.js';
import { parseEntityFile } from '../../runtime/entries/entities.js';
import { applyEntries, parseEntries } from '../../runtime/entries/index.js';
import { lab } from '../support/lab.js';
import { services } from '../support/services.js';

const { police, totals, flows, spread, known, send, drop } = services.ingress;
const irOf = (pipeline: Pipeline) => (programOf(pipeline) as NonNullable<ReturnType<typeof programOf>>).ir;
const schema = buildSchema(buildP4Info(lowerToV1model(irOf(services)).program));
const switches: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const sw of switches.splice(0)) await sw.close();
});
async function started(): Promise<SimulatedSwitch<typeof services>> {
  const sw = await simulate(services);
  switches.push(sw);
  return sw;
}

const yaml = `tables:
  known: { default: drop }
  spread:
    - match: { kind: 1 }
      actions: [{ action: send, params: { port: 1 } }, { action: drop, weight: 2 }]
      actionSelectionMode: random
      sizeSemantics: sum-of-members
meters:
  ingress.police:
    0: { cir: 1000, cburst: 10, pir: 2000, pburst: 20 }
    2: { cir: 1, cburst: 1, pir: 9007199254740993, pburst: 1 }
registers:
  totals: { 1: 0xffffffffff, 3: 7 }
  flows:
    5: 0x000000090200000000098100 # packets, last and tag: the switch knows one number
valueSets:
  tags: [0x9100, 5]
`;
const lines = [
  '2: default ingress.known -> drop()',
  '4: ingress.spread kind=1 -> send(port=1) | drop()*2, random, sum of members',
  '10: meter ingress.police[0]: 1000/10 2000/20',
  '11: meter ingress.police[2]: 1/1 9007199254740993/1',
  '13: register ingress.totals[1]: 1099511627775',
  '13: register ingress.totals[3]: 7',
  `15: register ingress.flows[5]: ${(9n << 64n) | (0x020000000009n << 16n) | 0x8100n}`,
  '17: value set parse.tags: 37120, 5',
];
async function said(text: string, file = 'entries.yaml'): Promise<string[]> {
  return (await parseEntityFile(schema, text, file)).map(({ entity, loc }) => `${loc.line}: ${describeEntity(entity, schema)}`);
}
async function wrong(text: string, on = schema): Promise<string[]> {
  const error = await parseEntityFile(on, text, 'entries.yaml').then(
    () => expect.unreachable('nothing was wrong'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DiagnosticError);
  return (error as DiagnosticError).diagnostics.map((d) => `${d.loc.line}:${d.loc.column} ${d.code}: ${d.message}`);
}
const same = [
  defaultAction(known, drop()),
  tableEntries(spread, [
    {
      match: { kind: 1 },
      action: oneShot(
        [
          { action: send({ port: 1 }), weight: 1 },
          { action: drop(), weight: 2 },
        ],
        { actionSelectionMode: 'random', sizeSemantics: 'sum-of-members' },
      ),
    },
  ]),
  meterCells(police, {
    0: { cir: 1000, cburst: 10, pir: 2000, pburst: 20 },
    2: { cir: 1, cburst: 1, pir: 9007199254740993n, pburst: 1 },
  }),
  registerCells(totals, { 1: 0xffffffffffn, 3: 7 }),
  registerCells(flows, { 5: { packets: 9, last: '02:00:00:00:00:09', tag: 0x8100 } }),
  valueSetMembers(services.sets.tags, [0x9100, 5]),
];
const scope = { tables: [spread, known] };

test('what a file says', async () => {
  expect(await said(yaml)).toEqual(lines);
});

test('it is what TypeScript says', async () => {
  const sw = await started();
  await applyEntries(sw, await parseEntries(irOf(services), yaml, 'entries.yaml'));
  expect(await sw.reconcile(same, { scope })).toMatchObject({ changes: [], unchanged: lines.length });
  expect(await sw.register(totals).readAll()).toEqual([0n, 0xffffffffffn, 0n, 7n]);
  expect(await sw.register(flows).read(5)).toEqual({ packets: 9, last: '02:00:00:00:00:09', tag: 0x8100 });
  expect(await sw.valueSet(services.sets.tags).read()).toEqual([0x9100, 5]);
  expect((await sw.meter(police).read()).map((rates) => rates?.cir)).toEqual([1000n, undefined, 1n, undefined]);
});

test('what is dumped says the same again', async () => {
  const entities = (await parseEntityFile(schema, yaml, 'entries.yaml')).map((e) => e.entity);
  const unplaced = (list: readonly string[]): string[] => list.map((l) => l.replace(/^\d+: /, '')).sort();
  for (const format of ['yaml', 'json'] as const) {
    expect(unplaced(await said(dumpEntities(entities, schema, format), `dump.${format}`))).toEqual(unplaced(lines));
  }
});

test('a meter without cells has no rates, and a default of nothing is what the program says', async () => {
  const sw = await started();
  await sw.meter(police).set(1, { cir: 1, cburst: 1, pir: 1, pburst: 1 });
  await sw.table(known).setDefault(drop());
  await applyEntries(sw, await parseEntries(irOf(services), 'meters: { police: {} }\ntables: { known: { default: null } }\n', 'e.yaml'));
  expect(await sw.meter(police).read()).toEqual([undefined, undefined, undefined, undefined]);
  const { changes } = await sw.reconcile([defaultAction(known, drop())], { scope, dryRun: true });
  expect(changes.map((c) => c.before)).toEqual(['default ingress.known -> NoAction()']);
});

test('counters begin with what a file or TypeScript says', async () => {
  const sw = await simulate(lab);
  switches.push(sw);
  const text = 'counters: { hits: { 1: { packets: 5, bytes: 320 }, 3: { packets: 0x10 } } }\n';
  await applyEntries(sw, await parseEntries(irOf(lab), text, 'entries.yaml'));
  const { hits } = lab.ingress;
  const count = (packets: bigint, bytes: bigint) => ({ packets, bytes });
  expect(await sw.counter(hits).read()).toEqual([count(0n, 0n), count(5n, 320n), count(0n, 0n), count(16n, 0n)]);
  const none = { scope: { tables: [] } };
  const cells = [counterCells(hits, { 1: count(5n, 320n), 3: count(16n, 0n) })];
  expect(await sw.reconcile(cells, none)).toMatchObject({ changes: [], unchanged: 2 });
  await sw.reconcile([counterCells(hits, { 0: count(2n, 3n) })], none);
  expect((await sw.counter(hits).read()).map((c) => c.packets)).toEqual([2n, 5n, 0n, 16n]);
  expect(() => counterCells(police as never, {})).toThrow(DiagnosticError);
  await expect(sw.reconcile([counterCells(hits, { 0: count(-1n, 0n) })], none)).rejects.toThrow('counter ingress.hits, cell 0, packets');
});

describe('mistakes', () => {
  test('have their places, and all are told', async () => {
    const text = `meters:
  polise: {}
  police:
    0: { cir: 1, cburst: 1, pir: 1 }
    one: { cir: 1, cburst: 1, pir: 1, pburst: 1 }
    2: { cir: 1, cburst: x, pir: 1, pburst: 1 }
registers:
  totals: { 0: 0x10000000000 }
  flows:
    0: { packets: 1 }
valueSets:
  tags: [1, [2, 3]]
  tags.parse: [1]
  parse.tags: [65536]
tables:
  spread:
    - { match: { kind: 1 }, actions: [{ action: drop }], actionSelectionMode: fifo }
multicast: { all: [1] }
`;
    expect(await wrong(text)).toEqual([
      '2:3 entry-unknown: the pipeline: there is no meter "polise"; did you mean "police"?',
      '4:8 entry-missing: meter ingress.police, cell 0: pburst is missing.',
      '5:5 entries-shape: meter ingress.police: expected a number from 0 to 4294967295, got one.',
      '6:26 entries-shape: meter ingress.police, cell 2, cburst: expected a whole number from 0, got x.',
      '8:16 entry-value: register ingress.totals, cell 0: 1099511627776 does not fit bit<40>; the largest value is 1099511627775.',
      '10:8 entries-shape: register ingress.flows, cell 0: expected one value, got fields.',
      '12:13 entries-shape: value set parse.tags: expected one value, got a list.',
      '13:3 entry-unknown: the pipeline: there is no value set "tags.parse".',
      '14:16 entry-value: value set parse.tags: 65536 does not fit bit<16>; the largest value is 65535.',
      '17:7 entry-unknown: table ingress.spread: there is no actionSelectionMode "fifo".',
      '18:14 entries-shape: multicast: expected a number from 0 to 4294967295, got all.',
    ]);
  });
});

describe('cells with fields, of switches that know them', () => {
  const p4info = buildP4Info(lowerToV1model(irOf(services)).program);
  const bits = (bitwidth: number) => ({ bitstring: { bit: { bitwidth } } });
  const members = [
    { name: 'count', type_spec: bits(8) },
    { name: 'last', type_spec: bits(48) },
    { name: 'delta', type_spec: { bitstring: { int: { bitwidth: 8 } } } },
    { name: 'seen', type_spec: { bool: {} } },
    { name: 'kind', type_spec: { serializable_enum: { name: 'Kind' } } },
    { name: 'port', type_spec: { new_type: { name: 'Port' } } },
  ];
  const withCells = (cell: string) =>
    buildSchema({
      ...p4info,
      registers: p4info.registers.map((r) => ({ ...r, type_spec: { struct: { name: cell } } })),
      type_info: {
        structs: { Flow: { members }, Odd: { members: [{ name: 'inner', type_spec: { struct: { name: 'Flow' } } }] } },
        headers: {},
        header_unions: {},
        enums: {},
        serializable_enums: { Kind: { underlying_type: { bitwidth: 8 }, members: [{ name: 'VOICE', value: Buffer.from([5]) }] } },
        new_types: { Port: { translated_type: { uri: 'p4ts/port', sdn_bitwidth: 32 } } },
      },
    });
  const text = 'registers: { flows: { 1: { port: 70000, count: 3, last: 02:00:00:00:00:09, delta: -2, seen: true, kind: VOICE } } }\n';

  test('are written and dumped by their names', async () => {
    const flow = withCells('Flow');
    const [first] = await parseEntityFile(flow, text, 'entries.yaml');
    const entity = first?.entity ?? {};
    const bytes = (...list: number[]) => Uint8Array.from(list);
    expect(entity.register_entry?.data?.struct?.members).toEqual([
      { bitstring: bytes(3) },
      { bitstring: bytes(2, 0, 0, 0, 0, 9) },
      { bitstring: bytes(0xfe) },
      { bool: true },
      { enum_value: bytes(5) },
      { bitstring: bytes(1, 0x11, 0x70) },
    ]);
    expect(JSON.parse(dumpEntities([entity], flow, 'json'))).toEqual({
      registers: {
        'ingress.flows': { 1: { count: 3, last: '02:00:00:00:00:09', delta: -2, seen: true, kind: 'VOICE', port: 70000 } },
      },
    });
  });

  test.each([
    ['Flow', 'registers: { flows: { 1: { count: 3 } } }', '1:26 entry-missing: register ingress.flows, cell 1: the field last is missing.'],
    ['Flow', text.replace('VOICE', 'DATA'), 'entry-unknown: register ingress.flows, cell 1, field kind: there is no member "DATA"'],
    ['Odd', text, '1:26 entry-unknown: register ingress.flows, cell 1: there is no field "port"'],
  ])('mistakes: %s', async (cell, wrongText, message) => {
    expect((await wrong(wrongText, withCells(cell))).join()).toContain(message);
  });
});

test.each([
  ['shaper', shaper],
  ['vxlan', vxlanGateway],
  ['telemetry', telemetry],
])('the example of %s in docs/entries.md', async (name, pipeline) => {
  const page = readFileSync(new URL('../../docs/entries.md', import.meta.url), 'utf8');
  const text = new RegExp(`^    # examples/${name}\n((?:    .*\n)+)`, 'm').exec(page)?.[1] ?? '';
  const sw = await simulate(pipeline as Pipeline);
  switches.push(sw);
  const entries = await parseEntries(irOf(pipeline), text.replace(/^ {4}/gm, ''), 'entries.yaml');
  await applyEntries(sw, entries);
  const desired = entries.map((e) => e.entity);
  expect(desired.length).toBeGreaterThan(0);
  const { changes, unchanged } = await sw.reconcile([rawEntities(desired)], { scope: { tables: [] } });
  expect({ changes, unchanged }).toEqual({ changes: [], unchanged: desired.length });
});
