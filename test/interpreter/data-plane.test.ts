import { expect, test } from 'vitest';
import { bits, bool, callFunction, list, member } from '../../compiler/ir/build.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { InternalError } from '../../compiler/support/invariant.js';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import { fromHex, toHex } from '../support/packets.js';
import { router } from '../support/router-ir.js';
import { program, state } from '../support/v1model-program.js';

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
  expect(reply.trace?.program).toBe('test');
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
  const loc = { file: '/router.p4', line: 7, column: 5 };
  const load = (parts: Partial<Parameters<typeof program>[0]>) =>
    plane.request('load', { program: program({ headers: {}, states: [state('start', [], 'accept')], ...parts }) });
  await expect(load({ ingress: [callFunction('resubmit', [], loc)] })).rejects.toThrow(/router\.p4:7:5 - .*not-yet.*resubmit\(\)/);
  const random = member('HashAlgorithm', 'random', loc);
  const compute = [callFunction('update_checksum', [bool(true), list([]), bits(0, 16), random])];
  await expect(load({ compute })).rejects.toThrow(/router\.p4:7:5 - .*HashAlgorithm\.random/);
});

test('names that the program does not have are our mistake', async () => {
  const plane = createDataPlane();
  await plane.request('load', { program: router });
  await expect(plane.request('read-counter', { counter: 'ingress.nothing' })).rejects.toThrow('no counter ingress.nothing');
  await expect(plane.request('write', { updates: [{ kind: 'default-action', table: 'ingress.nothing' }] })).rejects.toThrow(
    'no table ingress.nothing',
  );
});
