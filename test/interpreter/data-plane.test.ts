import { expect, test } from 'vitest';
import { callFunction } from '../../compiler/ir/build.js';
import type { Program } from '../../compiler/ir/index.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { InternalError } from '../../compiler/support/invariant.js';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import { fromHex, toHex } from '../support/packets.js';
import { router } from '../support/router.js';
import { v1modelProgram } from '../support/v1model-runs.js';

const ipv4 = fromHex('080000000111 080000000222 0800 45000073 00004000 4011b861 c0a80001 c0a800c7');
const entry = {
  matches: [{ kind: 'lpm', value: 0xc0a80000n, prefixLength: 16 }],
  priority: 0,
  action: { name: 'ingress.forward', args: [0x080000000333n, 2n] },
} as const;

test('the same program, entries and counters by messages that survive structured cloning', async () => {
  const plane = createDataPlane();
  await plane.request('load', structuredClone({ program: router }));
  await plane.request('write', structuredClone({ updates: [{ kind: 'insert', table: 'ingress.routes4', entry }] as const }));
  const reply = await plane.request('packet', { port: 1, bytes: ipv4, trace: true });
  expect(structuredClone(reply)).toEqual(reply);
  expect(reply.outputs.map((o) => `${o.port}:${toHex(o.bytes)}`)).toEqual([
    '2:080000000333080000000111080045000073000040003f11b961c0a80001c0a800c7',
  ]);
  expect(reply.trace?.program).toBe('program');
  expect(await plane.request('packet', { port: 1, bytes: ipv4 })).not.toHaveProperty('trace');
  expect(await plane.request('read-direct-counters', { table: 'ingress.routes4', entries: [entry] })).toEqual([
    { packets: 2n, bytes: 68n },
  ]);
  await plane.close();
  await expect(plane.request('packet', { port: 1, bytes: ipv4 })).rejects.toThrow(InternalError);
});

test('loading clears all state; a program that cannot be loaded leaves the old one running', async () => {
  const plane = createDataPlane();
  await plane.request('load', { program: router });
  await plane.request('write', { updates: [{ kind: 'insert', table: 'ingress.routes4', entry }] });
  const unknown = {
    kind: 'instance',
    name: 'c',
    type: { kind: 'named', name: 'Checksum16' },
    args: [],
    loc: { file: '/router.ts', line: 3, column: 5 },
  } as const;
  await expect(plane.request('load', { program: { ...router, instances: [unknown] } })).rejects.toThrow(DiagnosticError);
  expect((await plane.request('packet', { port: 1, bytes: ipv4 })).outputs).toHaveLength(1);
  await plane.request('load', { program: router });
  expect((await plane.request('packet', { port: 1, bytes: ipv4 })).outputs).toEqual([]);
});

test('what the interpreter cannot do is refused at loading, with its place', async () => {
  const plane = createDataPlane();
  const load = (program: Program) => plane.request('load', { program });
  // Put into the IR: the front end writes this call in a newer form.
  const loc = { file: '/router.p4', line: 7, column: 5 };
  const controls = router.controls.map((c) => (c.name === 'ingress' ? { ...c, body: [callFunction('resubmit', [], loc)] } : c));
  await expect(load({ ...router, controls })).rejects.toThrow(/router\.p4:7:5 - .*not-yet.*resubmit\(\)/);
  const compute = 'update_checksum(true, {}, h.k.b, HashAlgorithm.random);';
  await expect(load(await v1modelProgram({ compute }))).rejects.toThrow(/program\.p4:\d+:\d+ - .*HashAlgorithm\.random/);
});

test('names that the program does not have are our mistake', async () => {
  const plane = createDataPlane();
  await plane.request('load', { program: router });
  await expect(plane.request('read-counter', { counter: 'ingress.nothing' })).rejects.toThrow('no counter ingress.nothing');
  await expect(plane.request('write', { updates: [{ kind: 'default-action', table: 'ingress.nothing' }] })).rejects.toThrow(
    'no table ingress.nothing',
  );
});
