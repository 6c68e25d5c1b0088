/** Registers and digests of every type that controllers can be told, typed, in entries files and in words. */
import { readFileSync } from 'node:fs';
import { DiagnosticError, type ValueSet } from 'p4ts';
import { type DigestList, registerCells, type Switch, simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { buildSchema } from '../../compiler/control/build.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { programHandle } from '../../compiler/imported-p4/program.js';
import { typesModule } from '../../compiler/imported-p4/types-module.js';
import type { Program } from '../../compiler/ir/index.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { describeEntity } from '../../runtime/client/describe.js';
import { dumpEntities } from '../../runtime/entries/dump.js';
import { parseEntityFile } from '../../runtime/entries/entities.js';
import { all, thrown } from '../support/outcomes.js';
import { v1modelText } from '../support/v1model-text.js';
import { data } from './data.p4.js';

const {
  registers: {
    'Work.frames': frames,
    'Work.unions': unions,
    'Work.stacks': stacks,
    'Work.records': records,
    'Work.pairs': pairs,
    'Work.phases': phases,
    'Work.reasons': reasons,
  },
  digests: { told_t: told, digest_0: listed, frame_t: framed, digest_1: port },
} = data;
const program = programOf(data)?.ir as Program;
const p4info = buildP4Info(program);

const frame = { kind: 'probe', port: 9 } as const;
const record = {
  frame,
  inner: { high: 15, low: 6 },
  phase: 'running',
  reason: 'Refused',
  known: true,
  pair: [255, 'running'],
} as const;
const packet = (last: number): Buffer => Buffer.from([7, last]);

async function written(sw: Switch<typeof data>): Promise<void> {
  await sw.register(frames).write(0, frame);
  await sw.register(unions).write(0, { long: { length: 0x1234, offset: -3 } });
  await sw.register(stacks).write(0, [null, frame]);
  await sw.register(records).write(0, record);
  await sw.register(pairs).write(0, [1, 'running']);
  await sw.register(phases).write(0, 'running');
  await sw.register(reasons).write(0, 'NoMatch');
}

test('the module with the types is what p4ts types writes', () => {
  expect(typesModule(program, { file: './data.p4' })).toBe(readFileSync(new URL('./data.p4.ts', import.meta.url), 'utf8'));
});

test('digests without a type that has a name are numbered among themselves, as p4c does', () => {
  expect(p4info.digests.map((d) => d.preamble.name)).toEqual(['told_t', 'digest_0', 'frame_t', 'digest_1']);
});

test('what a controller writes packets read, and what they write it reads', async () => {
  await using sw = await simulate(data);
  await written(sw);
  expect(await sw.register(frames).read(1)).toBeNull();
  await sw.send(1, packet(9));
  expect(await sw.register(frames).readAll()).toEqual([frame, frame]);
  expect(await sw.register(unions).read(1)).toEqual({ long: { length: 0x1234, offset: -3 } });
  expect(await sw.register(stacks).read(1)).toEqual([null, frame]);
  expect(await sw.register(records).read(1)).toEqual(record);
  expect(await sw.register(pairs).read(1)).toEqual([1, 'running']);
  expect(await sw.register(phases).read(1)).toBe('running');
  expect(await sw.register(reasons).read(1)).toBe('NoMatch');
  await sw.register(frames).write(0, null);
  await sw.register(unions).write(0, null);
  await sw.send(1, packet(9));
  expect(await sw.register(frames).read(1)).toBeNull();
  expect(await sw.register(unions).read(1)).toBeNull();
  const kind: 'payload' | 'probe' | undefined = (await sw.register(frames).read(0))?.kind;
  expect(kind).toBeUndefined();
});

test('digests of a struct, a list, a header and a number', async () => {
  await using sw = await simulate(data);
  await written(sw);
  const first = async <T>(lists: AsyncIterable<{ readonly entries: readonly T[] }>): Promise<T | undefined> => {
    for await (const { entries } of lists) return entries[0];
    return undefined;
  };
  const found = [first(sw.digests(told)), first(sw.digests(listed)), first(sw.digests(framed)), first(sw.digests(port))] as const;
  // What is asked for comes after the digests are.
  await sw.register(phases).read(0);
  for (const last of [1, 2, 3, 4]) await sw.send(1, packet(last));
  expect(await found[0]).toEqual(record);
  expect(await found[1]).toEqual({ 0: 'probe', 1: 6 });
  expect(await found[2]).toEqual({ kind: 'probe', port: 3 });
  expect(await found[3]).toEqual({ value: 4 });
});

test('cells with the same parts in another order are not the same', async () => {
  await using sw = await simulate(data);
  const orders = [
    registerCells(frames, { 0: { kind: 'probe', port: 1 } }),
    registerCells(frames, { 0: { kind: 'payload', port: 7 } }),
    registerCells(stacks, { 0: [null, frame] }),
    registerCells(stacks, { 0: [frame, null] }),
  ];
  for (const desired of orders) {
    expect((await sw.reconcile([desired])).changes).toHaveLength(1);
    expect((await sw.reconcile([desired])).changes).toEqual([]);
  }
});

test('values that do not fit are refused before they are sent', async () => {
  await using sw = await simulate(data);
  const refusal = async (run: Promise<unknown>): Promise<string> => {
    const error = await thrown(run);
    expect(error).toBeInstanceOf(DiagnosticError);
    return `${(error as DiagnosticError).diagnostics[0]?.code}: ${(error as DiagnosticError).diagnostics[0]?.message}`;
  };
  const any = (value: unknown): never => value as never;
  const of = sw.register(records);
  const messages = await Promise.all([
    refusal(of.write(0, any({ ...record, phase: 'runing' }))),
    refusal(of.write(0, any({ ...record, inner: { high: 16, low: 0 } }))),
    refusal(of.write(0, any({ ...record, frame: { kind: 'probe' } }))),
    refusal(of.write(0, any({ ...record, pair: [1] }))),
    refusal(of.write(0, any({ ...record, frame: 7 }))),
    refusal(sw.register(stacks).write(0, any([frame, null, null]))),
    refusal(sw.register(unions).write(0, any({ frame, long: { length: 1, offset: 1 } }))),
    refusal(sw.register(unions).write(0, any({ short: {} }))),
  ]);
  expect(messages).toEqual([
    'entry-unknown: register Work.records, field phase: there is no member "runing"; did you mean "running"?',
    'entry-value: register Work.records, field inner, field high: 16 does not fit bit<4>; the largest value is 15.',
    'entry-missing: register Work.records, field frame: the field port is missing.',
    'entry-value: register Work.records, field pair: a list of 1 is not a list of 2.',
    'entry-value: register Work.records, field frame: 7 has no fields.',
    'entry-value: register Work.stacks: a list of 3 is not a list of 2.',
    'entry-value: register Work.unions: one header is valid, or none, which is null.',
    'entry-unknown: register Work.unions: there is no header "short".',
  ]);
});

test('files hold them, say what is wrong where, and are what a dump writes', async () => {
  const schema = buildSchema(p4info);
  await using sw = await simulate(data);
  const file = `registers:
  frames: { 0: { kind: 7, port: 9 } }
  unions: { 0: { long: { length: 0x1234, offset: -3 } }, 1: null }
  stacks:
    0: [null, { kind: 7, port: 9 }]
  records:
    0: { frame: null, inner: { high: 15, low: 6 }, phase: running, reason: Refused, known: true, pair: [255, running] }
`;
  const entities = (await parseEntityFile(schema, file, 'cells.yaml')).map(({ entity }) => entity);
  expect(entities.map((entity) => describeEntity(entity, schema))).toEqual([
    'register Work.frames[0]: { kind=7, port=9 }',
    'register Work.unions[0]: { long={ length=4660, offset=-3 } }',
    'register Work.unions[1]: invalid',
    'register Work.stacks[0]: [ invalid, { kind=7, port=9 } ]',
    'register Work.records[0]: { frame=invalid, inner={ high=15, low=6 }, phase=running, reason=Refused, known=true, pair=[ 255, running ] }',
  ]);
  await sw.raw.write(entities.map((entity) => ({ type: 'MODIFY', entity })));
  const read = await all(sw.raw.read({ register_entry: {} }));
  const again = await parseEntityFile(schema, dumpEntities(read, schema, 'yaml'), 'dump.yaml');
  const plain = (entity: unknown): string => JSON.stringify(entity, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  expect(again.map(({ entity }) => plain(entity)).sort()).toEqual(read.map(plain).sort());
  const wrong = (await thrown(parseEntityFile(schema, file.replace('low: 6', 'low: 16'), 'cells.yaml'))) as DiagnosticError;
  expect(wrong.diagnostics.map((d) => `${d.loc.line}:${d.loc.column} ${d.message}`)).toEqual([
    '7:47 register Work.records, cell 0, field inner, field low: 16 does not fit bit<4>; the largest value is 15.',
  ]);
});

test('a value set whose members have several fields is not written by its handle', async () => {
  const pairsOf = await v1modelText({
    top: 'struct pair_t { bit<8> x; bit<8> y; }',
    parser: `value_set<pair_t>(4) pairs;
      state start { p.extract(hdr.h); transition select(hdr.h.a, hdr.h.b) { pairs: accept; default: reject; } }`,
  });
  const handle = programHandle(pairsOf, []);
  await using sw = await simulate(handle);
  expect(() => sw.valueSet(handle.valueSets['P.pairs'] as ValueSet<8>)).toThrow(
    /entity-unsupported: .* does not support value set P\.pairs: its members have several fields; write them with sw\.raw, or in a file/,
  );
});

test('tsc knows them', () => {
  const lists = null as unknown as DigestList<(typeof told)['fields']>;
  const use = (): void => {
    const [entry] = lists.entries;
    const phase: 'idle' | 'running' | undefined = entry?.phase;
    const kind: 'payload' | 'probe' | undefined = entry?.frame?.kind;
    const [first, second]: readonly [number, 'idle' | 'running'] = entry?.pair ?? [0, 'idle'];
    registerCells(records, { 0: record });
    registerCells(unions, { 0: { frame } });
    // @ts-expect-error There is no such phase.
    registerCells(phases, { 0: 'stopped' });
    // @ts-expect-error A field is missing.
    registerCells(frames, { 0: { port: 1 } });
    // @ts-expect-error One header is valid.
    registerCells(unions, { 0: { short: { port: 1 } } });
    void [phase, kind, first, second];
  };
  expect(use).toBeTypeOf('function');
});
