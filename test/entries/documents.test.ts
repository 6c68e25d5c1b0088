// Entries in JSON and YAML, and the runtime files of the p4lang tutorials: what they say, and what is wrong with them.

import { DiagnosticError } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { buildSchema } from '../../compiler/control/build.js';
import { describeEntity } from '../../runtime/client/describe.js';
import { dumpEntities } from '../../runtime/entries/dump.js';
import { parseEntityFile } from '../../runtime/entries/entities.js';
import { labP4Info } from '../support/switches.js';

const schema = buildSchema(labP4Info);
/** What a file says, a line for each entity. */
async function said(text: string, file = 'entries.yaml'): Promise<string[]> {
  return (await parseEntityFile(schema, text, file)).map(({ entity, loc }) => `${loc.line}: ${describeEntity(entity, schema)}`);
}
/** What is wrong with it. */
async function wrong(text: string, file = 'entries.yaml'): Promise<string[]> {
  const error = await parseEntityFile(schema, text, file).then(
    () => expect.unreachable('nothing was wrong'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DiagnosticError);
  return (error as DiagnosticError).diagnostics.map((d) => `${d.loc.line}:${d.loc.column} ${d.code}: ${d.message}`);
}

const yaml = `tables:
  routes:
    default: { action: forward, params: { port: 3, dst: 02:00:00:00:00:0a } }
    entries:
      - match: { dst: 10.0.0.0/8 }
        action: forward
        params: { port: 0x1f, dst: 02:00:00:00:00:01 }
      - { match: { dst: [10.2.0.0, 16] }, action: drop, metadata: bgp }
  acl:
    - match: { src: [10.0.0.0, 255.0.0.0], protocol: 6, ttl: [1, 3], small: _, ip: true }
      priority: 4
      action: count
      params: { cell: 2 }
multicast: { 1: [1, { port: 2, backups: [5, { port: 6, instance: 7 }] }, { port: 3, instance: 4 }] }
cloneSessions:
  5: [510]
  6: { replicas: [1], truncateBytes: 64, classOfService: 3 }
`;
const lines = [
  '3: default ingress.routes -> forward(port=3, dst=02:00:00:00:00:0a)',
  '5: ingress.routes dst=10.0.0.0/8 -> forward(port=31, dst=02:00:00:00:00:01)',
  '8: ingress.routes dst=10.2.0.0/16 -> drop()  (metadata bgp)',
  '10: ingress.acl src=10.0.0.0&255.0.0.0 protocol=6 ttl=1..3 ip=1 priority=4 -> count(cell=2)',
  '14: multicast 1: 1, 2 else 5 else 6/7, 3/4',
  '16: clone 5: 510',
  '17: clone 6: 1 truncated to 64 class 3',
];

test('YAML', async () => {
  expect(await said(yaml)).toEqual(lines);
  expect(await said('')).toEqual([]);
});

test('JSON', async () => {
  const json = `{ "tables": { "ingress.routes": [
  { "match": { "dst": "10.0.0.0/8" }, "action": "ingress.drop" },
  { "match": { "dst": "0.0.0.0/0" }, "action": "punt", "params": { "reason": 7 } }
] } }`;
  expect(await said(json, 'entries.json')).toEqual([
    '2: ingress.routes dst=10.0.0.0/8 -> drop()',
    '3: ingress.routes dst=0.0.0.0/0 -> punt(reason=7)',
  ]);
});

test('what is dumped says the same again', async () => {
  const entities = (await parseEntityFile(schema, yaml, 'entries.yaml')).map((e) => e.entity);
  for (const format of ['yaml', 'json'] as const) {
    const again = await said(dumpEntities(entities, schema, format), `dump.${format}`);
    const unplaced = (list: readonly string[]): string[] => list.map((l) => l.replace(/^\d+: /, '')).sort();
    expect(unplaced(again)).toEqual(unplaced(lines));
  }
});

test('a runtime file of the tutorials, as it is', async () => {
  const tutorial = `{
  "target": "bmv2",
  "p4info": "build/lab.p4info.txtpb",
  "bmv2_json": "build/lab.json",
  "table_entries": [
    { "table": "ingress.routes", "default_action": true, "action_name": "ingress.drop", "action_params": { } },
    { "table": "ingress.routes", "match": { "dst": ["10.0.1.1", 32] }, "action_name": "ingress.forward",
      "action_params": { "dst": "08:00:00:00:01:11", "port": 1 } },
    { "table": "ingress.acl", "match": { "src": ["10.0.0.0", "255.0.0.0"], "protocol": 6, "ip": 1 }, "priority": 2,
      "action_name": "ingress.count", "action_params": { "cell": 1 } }
  ],
  "multicast_group_entries": [{ "multicast_group_id": 1, "replicas": [{ "egress_port": 1, "instance": 1 }, { "egress_port": 2, "instance": 1 }] }],
  "clone_session_entries": [{ "clone_session_id": 9, "replicas": [{ "egress_port": 3, "instance": 1 }], "packet_length_bytes": 128 }]
}`;
  expect(await said(tutorial, 's1-runtime.json')).toEqual([
    '6: default ingress.routes -> drop()',
    '7: ingress.routes dst=10.0.1.1/32 -> forward(port=1, dst=08:00:00:00:01:11)',
    '9: ingress.acl src=10.0.0.0&255.0.0.0 protocol=6 ip=1 priority=2 -> count(cell=1)',
    '12: multicast 1: 1/1, 2/1',
    '13: clone 9: 3/1 truncated to 128',
  ]);
});

describe('mistakes are told with their place', () => {
  test('all of a file', async () => {
    const text = `tables:
  routs: []
  routes:
    - match: { dts: 10.0.0.0/8 }
      action: drop
    - match: { dst: 10.0.0.1/8 }
      action: drop
    - match: { dst: 10.0.0.0/8 }
      action: forwrd
    - match: { dst: 10.0.0.0/8 }
    - match: { dst: 10.0.0.0/8 }
      action: forward
      params: { port: 512, dst: 1 }
    - { match: { dst: 10.0.0.0/8 }, action: drop, priorty: 1 }
  acl: 7
multicast: { 1: x }
`;
    expect(await wrong(text)).toEqual([
      '2:3 entry-unknown: the pipeline: there is no table "routs"; did you mean "routes"?',
      '4:16 entry-unknown: table ingress.routes: there is no key "dts"; did you mean "dst"?',
      '6:7 entry-value: table ingress.routes, key dst: 10.0.0.1/8 has bits set beyond prefix length 8; the prefix is 10.0.0.0/8.',
      '9:15 entry-unknown: table ingress.routes: there is no action "forwrd"; did you mean "forward"?',
      '10:7 entry-missing: table ingress.routes: an action is missing.',
      '11:7 entry-value: table ingress.routes, action ingress.forward, parameter port: 512 does not fit bit<9>; the largest value is 511.',
      '14:51 entry-unknown: an entry of ingress.routes: there is no field "priorty"; did you mean "priority"?',
      '15:8 entries-shape: table ingress.acl: expected fields with names, got 7.',
      '16:17 entries-shape: replicas: expected a list, got x.',
    ]);
  });

  test('what is no YAML', async () => {
    const [first] = await wrong('tables: [1\n');
    expect(first).toMatch(/^\d+:\d+ entries-file: The file cannot be read: /);
  });

  test('what is no JSON is told in the words of JSON', async () => {
    const found = await wrong('{ "tables": {\n  "a": 1 "b": 2 } }', 'x.json');
    expect(found).toEqual(["2:10 entries-file: The file cannot be read: Expected ',' or '}' after property value."]);
  });

  test('another kind of file', async () => {
    expect(await wrong('- 1\n')).toEqual(['1:1 entries-shape: the file: expected fields with names, got a list.']);
  });
});
