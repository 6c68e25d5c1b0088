/** What tsc would refuse, at run time: each call of the runtime with values of wrong kinds ends in a diagnostic that says where. */
import { bit, exact, pipeline, port, ternary, valueSet } from 'p4ts';
import { checkP4, loadP4 } from 'p4ts/p4';
import * as runtime from 'p4ts/runtime';
import * as testing from 'p4ts/testing';
import { describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { wrongValues } from '../support/wrong-values.js';

const program = (name: string) =>
  pipeline(name, {
    headers: {},
    metadata: { a: bit(8) },
    packetOut: { to: bit(8) },
    valueSets: { known: valueSet(bit(8), 4) },
    parser: { start: (p, { meta, sets }) => p.select(meta.a).when(sets.known, 'accept').otherwise('accept') },
    ingress(ctl, { meta }) {
      const send = ctl.action('send', { to: port }, (c, { to }) => c.forward(to));
      const selector = ctl.selector('selector', { size: 4, maxGroup: 2, hash: 'crc16', over: [meta.a] });
      const counter = ctl.counter('counter', { size: 4, unit: 'packets' });
      const meter = ctl.meter('meter', { size: 4, unit: 'packets' });
      const register = ctl.register('register', bit(8), 4);
      const digest = ctl.digest('digest', { a: bit(8) });
      const key = { a: exact(meta.a) };
      const table = ctl.table('table', { key: { a: ternary(meta.a) }, actions: [send] });
      const balanced = ctl.table('balanced', { key, actions: [send], implementation: selector });
      ctl.apply((c) => {
        c.apply(table);
        c.apply(balanced);
        c.count(counter, 0);
        c.meter(meter, 0);
        c.update(register, 0, (cell) => ({ next: cell.add(1) }));
        c.digest(digest, { a: 1 });
      });
      return { send, selector, counter, meter, register, digest, table, balanced };
    },
    deparser() {},
  });
const mine = program('mine');
const other = program('other');
const { send, selector, counter, meter, register, digest, table, balanced } = mine.ingress;

const wrong: Readonly<Record<string, unknown>> = {
  ...wrongValues,
  'a promise': Promise.resolve(mine),
  'a pipeline': other,
  'a table of another pipeline': other.ingress.table,
};

const entry = { match: { a: 1 }, priority: 1, action: send({ to: 1 }) };
const group = [{ member: 1, weight: 1, watchPort: 1 }];
const replicas = [{ port: 1, instance: 1, backups: [{ port: 2, instance: 3 }] }];
const rates = { cir: 1, cburst: 1, pir: 1, pburst: 1 };
const trace = { port: 1, bytes: 4, events: [] };

type Call = readonly [name: string, call: (sw: any, ...given: any[]) => unknown, good: readonly unknown[]];
const method = (name: string, ...good: readonly unknown[]): Call => [name, (sw, ...given) => sw[name](...given), good];
const onTable = (name: string, ...good: readonly unknown[]): Call => [
  `table ${name}`,
  (sw, ...given) => sw.table(table)[name](...given),
  good,
];
const ofRuntime = (name: string, ...good: readonly unknown[]): Call => [
  name,
  (_sw, ...given) => (runtime as Record<string, any>)[name](...given),
  good,
];
const reconciled = (name: string, ...good: readonly unknown[]): Call => [
  `reconcile ${name}`,
  (sw, ...given) => sw.reconcile([(runtime as Record<string, any>)[name](...given)], { dryRun: true, scope: { tables: [] } }),
  good,
];

const calls: readonly Call[] = [
  ['simulate', (_sw, p, options) => runtime.simulate(p, options).then((sw) => sw.close()), [mine, {}]],
  ['options of simulate', (_sw, cpuPort, seed) => runtime.simulate(mine, { cpuPort, seed }).then((sw) => sw.close()), [510, 0]],
  ['connect', (_sw, p, options) => runtime.connect(p, options), [mine, { address: 'nowhere' }]],
  ...(
    [
      'address',
      'deviceId',
      'electionId',
      'role',
      'ifPrimaryExists',
      'reconnect',
      'ready',
      'tls',
      'timeoutMs',
      'queueLimit',
      'target',
      'push',
      'signal',
    ] as const
  ).map(
    (name): Call => [
      `${name} of connect`,
      (_sw, value) => runtime.connect(mine, { address: 'nowhere', [name]: value } as never),
      [undefined],
    ],
  ),
  ...(['name', 'exclusive', 'shared', 'packetIns', 'loadsPipelines'] as const).map(
    (name): Call => [
      `${name} of a role`,
      (_sw, value) => runtime.connect(mine, { address: 'nowhere', role: { name: 'r', [name]: value } } as never),
      [undefined],
    ],
  ),
  method('send', 1, new Uint8Array(4)),
  method('sendTraced', 1, new Uint8Array(4)),
  method('onOutput', () => {}),
  method('advanceTime', 1),
  method('setPort', 1, true),
  method('packetOut', new Uint8Array(4), { to: 1 }),
  method('digests', digest, {}),
  ['options of digests', (sw, ns, size, ack) => sw.digests(digest, { maxTimeoutNs: ns, maxListSize: size, ackTimeoutNs: ack }), [0, 1, 0n]],
  method('idleTimeouts', table),
  method('events'),
  method('packetIns'),
  method('with', {}),
  ['options of with', (sw, signal, timeoutMs) => sw.with({ signal, timeoutMs }), [undefined, 100]],
  method('pipeline', 'verify'),
  method('table', table),
  method('profile', selector),
  method('counter', counter),
  method('meter', meter),
  method('register', register),
  method('valueSet', mine.sets.known),
  method('multicast', 1),
  method('cloneSession', 1),
  method('reconcile', [], {}),
  [
    'options of reconcile',
    (sw, dryRun, scope, tables, replication, tag) =>
      sw.reconcile([], { dryRun, scope: scope === undefined ? { tables, replication, tag } : scope }),
    [true, undefined, [table], false, 'tag'],
  ],
  method('batch', [], {}),
  ['a step of batch', (sw, step) => sw.batch([step]), [{ insert: runtime.rawEntities([]) }]],
  [
    'what a step of batch has',
    (sw, insert, modify, del) => sw.batch([{ insert }, { modify }, { delete: del }]),
    [...Array(3)].map(() => runtime.rawEntities([])),
  ],
  ['options of batch', (sw, atomicity, emulate) => sw.batch([], { atomicity, emulate }), ['rollback', true]],
  ['raw.write', (sw, updates, options) => sw.raw.write(updates, options), [[], {}]],
  ['an update of raw.write', (sw, entity) => sw.raw.write([{ type: 'INSERT', entity }]), [{}]],
  ['raw.read', (sw, entity) => sw.raw.read(entity).next(), [{}]],
  onTable('insert', entry),
  onTable('modify', entry),
  onTable('delete', entry),
  onTable('setDefault', send({ to: 1 })),
  [
    'parts of an entry',
    (sw, match, action, priority, meter, idleTimeoutNs, metadata) =>
      sw.table(table).insert({ match, action, priority, meter, idleTimeoutNs, metadata }),
    [entry.match, entry.action, 1, undefined, undefined, undefined],
  ],
  ['a key', (sw, a) => sw.table(table).insert({ ...entry, match: { a } }), [1]],
  ['a masked key', (sw, value, mask) => sw.table(table).insert({ ...entry, match: { a: { value, mask } } }), [1, 1]],
  ['arguments of an action', (sw, to) => sw.table(table).insert({ ...entry, action: send({ to }) }), [1]],
  ['all arguments of an action', (sw, args) => sw.table(table).insert({ ...entry, action: send(args) }), [{ to: 1 }]],
  [
    'a one-shot set',
    (sw, set, actionSelectionMode, sizeSemantics) =>
      sw.table(balanced).insert({ match: { a: 1 }, action: { set, actionSelectionMode, sizeSemantics } }),
    [[{ action: send({ to: 1 }) }], undefined, undefined],
  ],
  [
    'an action of a one-shot set',
    (sw, action, weight, watchPort) => sw.table(balanced).insert({ match: { a: 1 }, action: { set: [{ action, weight, watchPort }] } }),
    [send({ to: 1 }), 1, 1],
  ],
  ['a member or group of an entry', (sw, action) => sw.table(balanced).insert({ match: { a: 1 }, action }), [{ member: 1 }]],
  ['its ids', (sw, member, one) => sw.table(balanced).insert({ match: { a: 1 }, action: { member, group: one } }), [1, 1]],
  ['member', (sw, id, action) => sw.profile(selector).member(id).set(action), [1, send({ to: 1 })]],
  ['group', (sw, id, given) => sw.profile(selector).group(id).set(given), [1, group]],
  ['a member of a group', (sw, member, weight, watchPort) => sw.profile(selector).group(1).set([{ member, weight, watchPort }]), [1, 1, 1]],
  ['counter read', (sw, index) => sw.counter(counter).read(index), [1]],
  ['counter set', (sw, index, value) => sw.counter(counter).set(index, value), [1, { packets: 1n, bytes: 1n }]],
  ['a count', (sw, packets, bytes) => sw.counter(counter).set(1, { packets, bytes }), [1n, 1n]],
  ['meter read', (sw, index) => sw.meter(meter).read(index), [1]],
  ['meter set', (sw, index, value) => sw.meter(meter).set(index, value), [1, rates]],
  ['rates', (sw, cir, cburst, pir, pburst) => sw.meter(meter).set(1, { cir, cburst, pir, pburst }), [1, 1, 1, 1]],
  ['register read', (sw, index) => sw.register(register).read(index), [1]],
  ['an entry that is read', (sw, key) => sw.table(table).get(key), [{ match: entry.match }]],
  ['register write', (sw, index, value) => sw.register(register).write(index, value), [1, 1]],
  ['value set', (sw, values) => sw.valueSet(mine.sets.known).set(values), [[1]]],
  ['a member of a value set', (sw, value) => sw.valueSet(mine.sets.known).set([value]), [1]],
  ['multicast group', (sw, id, given) => sw.multicast(id).set(given), [1, replicas]],
  ['multicast group read', (sw, id) => sw.multicast(id).read(), [1]],
  ['a replica', (sw, port, instance, backups) => sw.multicast(1).set([{ port, instance, backups }]), [1, 1, [{ port: 2 }]]],
  ['a backup', (sw, port, instance) => sw.multicast(1).set([{ port: 1, backups: [{ port, instance }] }]), [1, 1]],
  ['clone session', (sw, id, given, options) => sw.cloneSession(id).set(given, options), [1, replicas, {}]],
  [
    'options of a clone session',
    (sw, truncateBytes, classOfService) => sw.cloneSession(1).set([], { truncateBytes, classOfService }),
    [64, 1],
  ],
  reconciled('tableEntries', table, [entry]),
  reconciled('tableKeys', table, [entry]),
  reconciled('defaultAction', table, send({ to: 1 })),
  reconciled('profileMember', selector, 1, send({ to: 1 })),
  reconciled('profileGroup', selector, 1, group),
  reconciled('multicastGroup', 1, replicas),
  reconciled('cloneSession', 1, replicas, {}),
  reconciled('meterCells', meter, { 1: rates }),
  reconciled('counterCells', counter, { 1: { packets: 1n, bytes: 1n } }),
  reconciled('registerCells', register, { 1: 1 }),
  reconciled('valueSetMembers', mine.sets.known, [1]),
  reconciled('rawEntities', []),
  ofRuntime('renderTrace', trace, {}),
  ofRuntime('summarizeTrace', trace),
  ofRuntime('formatDifference', { changes: [], unchanged: 0 }),
  ofRuntime('createDataPlane', {}),
  ofRuntime('createSwitch', { dataPlane: runtime.createDataPlane() }),
  ofRuntime('formatPcap', [{ timestampNs: 0n, bytes: new Uint8Array() }]),
  ofRuntime('parsePcap', runtime.formatPcap([]), 'name'),
  ofRuntime('readPcap', '/nowhere'),
  ['writePcap', (_sw, path, packets) => runtime.writePcap(path === 'text' ? '/nowhere/none' : path, packets), ['/nowhere/none', []]],
  ['advance', (_sw, ns) => new runtime.ManualClock().advance(ns), [1n]],
  [
    'processPacket',
    (_sw, port, bytes) => runtime.createSwitch({ dataPlane: runtime.createDataPlane() }).processPacket(port, bytes),
    [1, new Uint8Array()],
  ],
  ['serve', (_sw, core, options) => runtime.serve(core, options), [undefined, { address: 'nowhere' }]],
  ['diagnosticsOf', (_sw, p) => testing.diagnosticsOf(p), [mine]],
  ['packetFromHex', (_sw, text) => testing.packetFromHex(text), ['00']],
  ['readStf', (_sw, file) => testing.readStf(file), ['/nowhere']],
  ['runStf', (_sw, p, statements) => testing.runStf(p, statements), [mine, []]],
  ['loadP4', (_sw, file, options) => loadP4(file, options), ['/nowhere', {}]],
  ['checkP4', (_sw, file, options) => checkP4(file, options), ['/nowhere', {}]],
  ['options of loadP4', (_sw, includePaths, defines) => loadP4('/nowhere', { includePaths, defines }), [[], {}]],
];

/** What `call` ends with that a user could not make sense of. */
async function exceptions(sw: unknown, [, call, good]: Call): Promise<readonly string[]> {
  const found: string[] = [];
  for (let i = 0; i < Math.max(good.length, 1); i++) {
    for (const [kind, value] of Object.entries(wrong)) {
      const tell = (what: string) => found.push(`argument ${i + 1} is ${kind}: ${what}`);
      try {
        await call(sw, ...good.slice(0, i), value, ...good.slice(i + 1));
      } catch (error) {
        if (error instanceof runtime.P4RuntimeError) continue;
        if (!(error instanceof DiagnosticError)) tell(String((error as Error).stack?.split('\n').slice(0, 3).join(' ')));
        else if (hasPlace(error) && !error.diagnostics[0]?.loc.file.endsWith('misuse.test.ts')) tell(`no place: ${error.message}`);
      }
    }
  }
  return found;
}
/** Files that cannot be read, and addresses that nobody is at, have no line. */
const hasPlace = ({ diagnostics: [first] }: DiagnosticError) =>
  !['file-unreadable', 'bad-address', 'not-a-pcap', 'pcap-no-header', 'file-unwritable', 'address-not-usable'].includes(first?.code ?? '');

test.each(calls)('%s', async (...call) => {
  await using sw = await runtime.simulate(mine);
  expect(await exceptions(sw, call)).toEqual([]);
});

describe('what is told', () => {
  const told: readonly [string, (sw: any) => unknown, string][] = [
    ['a packet that is text', (sw) => sw.send(1, 'abc'), 'send takes bytes, a Uint8Array as `packet`, not the string "abc".'],
    [
      'no address',
      () => runtime.connect(mine, { address: undefined } as never),
      'connect takes a string as `options.address`, not undefined.',
    ],
    [
      'a program that is not awaited',
      () => runtime.simulate(loadP4('/nowhere').catch(() => undefined) as never),
      'simulate() expects what pipeline(…) or loadP4(…) returned, not a promise, which await waits for.',
    ],
    ['a step that is none', (sw) => sw.batch([1]), 'batch takes an object as `steps[0]`, not number 1.'],
  ];
  test.each(told)('%s', async (_, call, message) => {
    await using sw = await runtime.simulate(mine);
    expect(await mistake(() => call(sw))).toBe(message);
  });
});

async function mistake(call: () => unknown): Promise<string | undefined> {
  try {
    await call();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.message;
    throw error;
  }
  return undefined;
}

describe('handles of another pipeline', () => {
  const theirs = other.ingress;
  const of = (kind: string, path: string) => `The ${kind} ${path} belongs to the pipeline other; this switch has the pipeline mine.`;
  const uses: readonly [kind: string, path: string, use: (sw: any) => unknown][] = [
    ['table', 'ingress.table', (sw) => sw.table(theirs.table)],
    ['table', 'ingress.table', (sw) => sw.idleTimeouts(theirs.table)],
    ['table', 'ingress.table', (sw) => sw.reconcile([], { scope: { tables: [theirs.table] } })],
    ['table', 'ingress.table', (sw) => sw.reconcile([runtime.tableEntries(theirs.table, [])])],
    ['table', 'ingress.table', (sw) => sw.reconcile([runtime.defaultAction(theirs.table)])],
    ['action', 'ingress.send', (sw) => sw.table(table).insert({ ...entry, action: theirs.send({ to: 1 }) })],
    ['action', 'ingress.send', (sw) => sw.table(table).setDefault(theirs.send({ to: 1 }))],
    [
      'action',
      'ingress.send',
      (sw) =>
        sw
          .profile(selector)
          .member(1)
          .set(theirs.send({ to: 1 })),
    ],
    [
      'action',
      'ingress.send',
      (sw) => sw.table(balanced).insert({ match: { a: 1 }, action: { set: [{ action: theirs.send({ to: 1 }) }] } }),
    ],
    ['counter', 'ingress.counter', (sw) => sw.counter(theirs.counter)],
    ['counter', 'ingress.counter', (sw) => sw.batch([{ modify: runtime.counterCells(theirs.counter, {}) }])],
    ['meter', 'ingress.meter', (sw) => sw.meter(theirs.meter)],
    ['register', 'ingress.register', (sw) => sw.register(theirs.register)],
    ['digest', 'digest', (sw) => sw.digests(theirs.digest)],
    ['value set', 'parse.known', (sw) => sw.valueSet(other.sets.known)],
  ];
  test.each(uses)('%s %s', async (kind, path, use) => {
    await using sw = await runtime.simulate(mine);
    expect(await mistake(() => use(sw))).toBe(of(kind, path));
  });

  test('those of the same pipeline, made twice, are its own', async () => {
    const again = program('mine').ingress;
    await using sw = await runtime.simulate(mine);
    await sw.table(again.table).insert({ ...entry, action: again.send({ to: 1 }) });
    expect(await sw.counter(again.counter).read()).toHaveLength(4);
  });

  test('what was read from another switch can be written', async () => {
    await using from = await runtime.simulate(other);
    await using to = await runtime.simulate(mine);
    await from.table(theirs.table).insert({ ...entry, action: theirs.send({ to: 3 }) });
    for await (const read of from.table(theirs.table).entries()) await to.table(table).insert(read as never);
    for await (const { action } of to.table(table).entries()) expect(action).toEqual({ call: 'send', args: { to: 3 } });
  });
});
