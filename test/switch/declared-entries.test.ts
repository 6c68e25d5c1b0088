// Tables with entries and actions that their program declares ("Constant Tables", "Preinitialized tables", "Default Entry").
import { expect, test } from 'vitest';
import { bits, constant, named } from '../../compiler/ir/build.js';
import type { EntryDecl, LocalDecl, Program, TableDecl } from '../../compiler/ir/index.js';
import { toJson } from '../../compiler/ir/json.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { nowhere } from '../../compiler/support/location.js';
import type { TableEntry, Update } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import {
  actionId,
  bytes,
  labProgram,
  onBothTransports,
  plain,
  read,
  refused,
  TestStream,
  tableId,
  uint128,
  write,
} from '../support/switches.js';

const lowered = lowerToV1model(labProgram).program;

/** The lab with other declarations of one of its tables. */
function withTable(name: string, change: (table: TableDecl) => TableDecl): Program {
  const local = (decl: LocalDecl): LocalDecl => (decl.kind === 'table' && decl.name === name ? change(decl) : decl);
  return { ...lowered, controls: lowered.controls.map((c) => ({ ...c, locals: c.locals.map(local) })) };
}
const entry = (type: number, port: number, more: Partial<EntryDecl> = {}): EntryDecl => ({
  keys: [{ kind: 'value', value: constant(type, named('EtherType')) }, { kind: 'any' }],
  action: { action: 'forward', args: [bits(port, 9), bits(0x0200_0000_0001n, 48)], loc: nowhere },
  loc: nowhere,
  ...more,
});
const key = (type: string): TableEntry => ({ table_id: tableId('types'), match: [{ field_id: 1, exact: { value: bytes(type) } }] });
const forward = (port: string) => ({
  action: {
    action_id: actionId('forward'),
    params: [
      { param_id: 1, value: bytes(port) },
      { param_id: 2, value: bytes('020000000001') },
    ],
  },
});
const update = (type: Update['type'], table_entry: TableEntry): Update => ({ type, entity: { table_entry } });

onBothTransports((open) => {
  async function load(program: Program): Promise<Transport> {
    const transport = (await open()).client();
    const stream = new TestStream(transport);
    stream.arbitrate(1n);
    await stream.next();
    const config = { p4info: buildP4Info(program), p4_device_config: Buffer.from(toJson(program)) };
    await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'VERIFY_AND_COMMIT', config });
    return transport;
  }
  const entries = async (transport: Transport): Promise<unknown[]> =>
    (await read(transport, { table_entry: { table_id: tableId('types') } })).map((e) => plain(e.table_entry));
  const codeOf = async (transport: Transport, one: Update): Promise<string> =>
    codeName((await refused(write(transport, one))).errors[0]?.canonical_code);

  test('constant entries are read, and cannot be changed', async () => {
    const transport = await load(withTable('types', (t) => ({ ...t, constEntries: true, entries: [entry(0x800, 1), entry(0x86dd, 2)] })));
    const before = await entries(transport);
    expect(before).toEqual([
      plain({ ...key('0800'), action: forward('01'), is_const: true }),
      plain({ ...key('86dd'), action: forward('02'), is_const: true }),
    ]);
    expect(await codeOf(transport, update('INSERT', { ...key('88b5'), action: forward('03') }))).toBe('PERMISSION_DENIED');
    expect(await codeOf(transport, update('MODIFY', { ...key('0800'), action: forward('01') }))).toBe('PERMISSION_DENIED');
    expect(await codeOf(transport, update('MODIFY', { ...key('0800'), metadata: bytes('05') }))).toBe('PERMISSION_DENIED');
    expect(await codeOf(transport, update('MODIFY', { ...key('0800'), controller_metadata: 5n }))).toBe('PERMISSION_DENIED');
    expect(await codeOf(transport, update('DELETE', key('0800')))).toBe('PERMISSION_DENIED');
    await write(transport, update('MODIFY', key('0800')));
    expect(await entries(transport)).toEqual(before);
    // Its default action is not constant.
    await write(
      transport,
      update('MODIFY', { table_id: tableId('types'), is_default_action: true, action: { action: { action_id: actionId('drop') } } }),
    );
  });

  test('of initial entries those that are constant stay', async () => {
    const transport = await load(withTable('types', (t) => ({ ...t, entries: [entry(0x800, 1, { const: true }), entry(0x86dd, 2)] })));
    expect(await codeOf(transport, update('MODIFY', { ...key('0800'), action: forward('03') }))).toBe('PERMISSION_DENIED');
    expect(await codeOf(transport, update('MODIFY', { ...key('0800'), metadata: bytes('05') }))).toBe('PERMISSION_DENIED');
    expect(await codeOf(transport, update('DELETE', key('0800')))).toBe('PERMISSION_DENIED');
    await write(transport, update('MODIFY', { ...key('86dd'), action: forward('03') }));
    await write(transport, update('INSERT', { ...key('88b5'), action: forward('04') }));
    expect(await entries(transport)).toEqual([
      plain({ ...key('0800'), action: forward('01'), is_const: true }),
      plain({ ...key('86dd'), action: forward('03') }),
      plain({ ...key('88b5'), action: forward('04') }),
    ]);
    await write(transport, update('DELETE', key('86dd')));
    expect(await entries(transport)).toHaveLength(2);
  });

  test('a constant default action cannot be changed', async () => {
    const constant = withTable('routes', (t) => ({ ...t, defaultAction: { action: 'drop', args: [], const: true, loc: nowhere } }));
    const transport = await load(constant);
    const changed = { table_id: tableId('routes'), is_default_action: true, action: forward('01') };
    const error = await refused(write(transport, update('MODIFY', changed)));
    expect(error.errors[0]).toMatchObject({ canonical_code: 7, message: 'table ingress.routes: its default action is constant' });
  });

  test('an action that is only for entries cannot be the default', async () => {
    const scoped = withTable('acl', (t) => ({
      ...t,
      actions: t.actions.map((a) => (a.action === 'drop' ? { ...a, scope: 'tableonly' as const } : a)),
    }));
    const transport = await load(scoped);
    const changed = { table_id: tableId('acl'), is_default_action: true, action: { action: { action_id: actionId('drop') } } };
    const error = await refused(write(transport, update('MODIFY', changed)));
    expect(error.errors[0]).toMatchObject({
      canonical_code: 7,
      message: 'table ingress.acl: action ingress.drop may only be an action of entries',
    });
  });

  test('a table without keys takes no entries', async () => {
    const transport = await load(withTable('types', (t) => ({ ...t, keys: [] })));
    const error = await refused(write(transport, update('INSERT', { table_id: tableId('types'), action: forward('01') })));
    expect(error.errors[0]).toMatchObject({ canonical_code: 3, message: expect.stringContaining('table ingress.types has no keys') });
  });
});
