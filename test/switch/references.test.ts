// References between entries (@refers_to, @referenced_by of SONiC PINS): they hold after each batch.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildSchema } from '../../compiler/control/build.js';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { identityOf } from '../../runtime/client/difference.js';
import { parseEntityFile } from '../../runtime/entries/entities.js';
import type { Atomicity, Entity, Update, UpdateType } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { localBench, onBothTransports, plain, primaryStream, read, refused, uint128, write } from '../support/switches.js';
import { v1modelText } from '../support/v1model-text.js';

// Routes to next hops, which are an address of a neighbour on an interface; both need the interface.
const program = await v1modelText({
  top: '@p4runtime_translation("example.org/Rif", string) type bit<8> rif_t;',
  locals: `
    rif_t rif = (rif_t)0;
    bit<16> port = 0;
    action use(bit<9> out_port) { s.egress_spec = out_port; }
    table rifs { key = { rif: exact @name("id"); } actions = { use; } }
    table neighbors { key = { rif: exact @name("rif") @refers_to(rifs, id); hdr.h.b: exact @name("addr"); } actions = { use; } }
    action via(@refers_to(rifs, id) @refers_to(neighbors, rif) rif_t rif_id, @refers_to(neighbors, addr) bit<8> addr) { }
    table hops { key = { hdr.h.a: exact @name("id"); } actions = { via; } }
    action hop(@refers_to(hops, id) bit<8> id) { m.x = (bit<16>)id; }
    action flood(@refers_to(builtin::multicast_group_table, multicast_group_id) bit<16> group) { s.mcast_grp = group; }
    table routes { key = { hdr.h.b: ternary @name("dst"); rif: optional @name("from") @refers_to(rifs, id); } actions = { hop; flood; use; } }
    action_selector(HashAlgorithm.crc16, 8, 16) sel;
    table spread { key = { hdr.h.a: exact @name("id"); hdr.h.b: selector; } actions = { hop; use; } implementation = sel; }
    table outlets { key = { port: exact @referenced_by(builtin::multicast_group_table, replica.port);
                            m.x: exact @name("instance") @referenced_by(builtin::multicast_group_table, replica.instance); }
                    actions = { use; } }
  `,
  ingress: 'rifs.apply(); neighbors.apply(); hops.apply(); routes.apply(); spread.apply(); outlets.apply();',
});
const p4info = buildP4Info(program);
const config = { p4info, p4_device_config: Buffer.from(toJson(program)) };
const schema = buildSchema(p4info);
const entities = async (...lines: string[]): Promise<Entity[]> =>
  (await parseEntityFile(schema, lines.join('\n'), 'line')).map((e) => e.entity);

const rif = 'rifs id=eth0 -> use(out_port=1)';
const neighbor = 'neighbors rif=eth0 addr=7 -> use(out_port=1)';
const nextHop = 'hops id=1 -> via(rif_id=eth0, addr=7)';
const route = 'routes dst=1 priority=1 -> hop(id=1)';

/** `+ line`, `~ line` or `- line`. */
async function update(text: string): Promise<Update> {
  const types: Readonly<Record<string, UpdateType>> = { '+': 'INSERT', '~': 'MODIFY', '-': 'DELETE' };
  const type = types[text[0] ?? ''] ?? 'INSERT';
  const [entity] = await entities(text.slice(2));
  return { type, entity: type === 'DELETE' ? identityOf(entity as Entity) : (entity as Entity) };
}

/** What becomes of each update of a batch: `ok`, or the code. */
async function batch(transport: Transport, texts: readonly string[], atomicity: Atomicity = 'CONTINUE_ON_ERROR'): Promise<string[]> {
  const updates = await Promise.all(texts.map(update));
  const errors = await transport.write({ device_id: 1n, election_id: uint128(1n), updates, atomicity }).then(
    () => undefined,
    (error: unknown) => (error as { readonly errors: readonly { canonical_code?: number }[] }).errors,
  );
  return texts.map((_, i) => (errors?.[i]?.canonical_code ? (codeName(errors[i]?.canonical_code) as string) : 'ok'));
}

onBothTransports((open) => {
  const start = async (): Promise<Transport> => (await primaryStream(await open(), config)).transport;
  const why = async (transport: Transport, text: string): Promise<string> => {
    const { errors } = await refused(write(transport, await update(text)));
    return `${codeName(errors[0]?.canonical_code)}: ${errors[0]?.message}`;
  };

  test('in one batch, in any order; one after the other, what is referred to first', async () => {
    const all = [route, nextHop, neighbor, rif].map((line) => `+ ${line}`);
    expect(await batch(await start(), all)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(await batch(await start(), [...all].reverse(), 'DATAPLANE_ATOMIC')).toEqual(['ok', 'ok', 'ok', 'ok']);
    const transport = await start();
    for (const line of [...all].reverse()) expect(await batch(transport, [line])).toEqual(['ok']);
    for (const line of [rif, neighbor, nextHop]) expect(await batch(transport, [`- ${line}`])).toEqual(['FAILED_PRECONDITION']);
    expect(
      await batch(
        transport,
        [rif, neighbor, nextHop, route].map((line) => `- ${line}`),
      ),
    ).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(await read(transport, { table_entry: {} })).toEqual([]);
  });

  test('what is missing, and what refers to it, are named', async () => {
    const transport = await start();
    expect(await why(transport, `+ ${route}`)).toBe(
      'NOT_FOUND: table I.routes, entry dst=1 &&& 0xff, from=*, priority 1 refers to an entry of table I.hops with id=1, and there is none',
    );
    expect(await why(transport, `+ ${neighbor}`)).toBe(
      'NOT_FOUND: table I.neighbors, entry rif="eth0", addr=7 refers to an entry of table I.rifs with id="eth0", and there is none',
    );
    await batch(transport, [`+ ${rif}`]);
    expect(await why(transport, `+ ${nextHop}`)).toBe(
      'NOT_FOUND: table I.hops, entry id=1 refers to an entry of table I.neighbors with rif="eth0", addr=7, and there is none',
    );
    expect(await why(transport, '+ routes dst=1 priority=1 -> flood(group=9)')).toBe(
      'NOT_FOUND: table I.routes, entry dst=1 &&& 0xff, from=*, priority 1 refers to multicast group 9, and there is none',
    );
    await batch(transport, [`+ ${neighbor}`]);
    expect(await why(transport, `- ${rif}`)).toContain('cannot be taken away while entries of I.neighbors refer to it');
  });

  test('the keys of one entry are referred to together, and not those of two', async () => {
    const transport = await start();
    await batch(transport, [
      `+ ${rif}`,
      '+ rifs id=eth1 -> use(out_port=2)',
      `+ ${neighbor}`,
      '+ neighbors rif=eth1 addr=8 -> use(out_port=2)',
    ]);
    expect(await batch(transport, ['+ hops id=1 -> via(rif_id=eth0, addr=8)', '+ hops id=2 -> via(rif_id=eth1, addr=8)'])).toEqual([
      'NOT_FOUND',
      'ok',
    ]);
  });

  test('a key that is left out refers to nothing', async () => {
    const transport = await start();
    expect(
      await batch(transport, ['+ routes dst=1 priority=1 -> use(out_port=1)', '+ routes dst=1 from=eth0 priority=1 -> use(out_port=1)']),
    ).toEqual(['ok', 'NOT_FOUND']);
  });

  test('an entry that changes refers to another; the default action refers too', async () => {
    const transport = await start();
    await batch(
      transport,
      [rif, neighbor, nextHop, nextHop.replace('id=1', 'id=2'), route].map((line) => `+ ${line}`),
    );
    expect(await batch(transport, [`~ ${route.replace('id=1', 'id=3')}`])).toEqual(['NOT_FOUND']);
    expect(await batch(transport, [`- ${nextHop}`, `~ ${route.replace('id=1', 'id=2')}`])).toEqual(['ok', 'ok']);
    expect(await batch(transport, ['~ default routes -> hop(id=4)'])).toEqual(['NOT_FOUND']);
    expect(await batch(transport, ['~ default routes -> hop(id=2)', `- ${route}`])).toEqual(['ok', 'ok']);
    expect(await batch(transport, [`- ${nextHop.replace('id=1', 'id=2')}`])).toEqual(['FAILED_PRECONDITION']);
  });

  test('groups: entries refer to them, and their replicas to entries', async () => {
    const transport = await start();
    expect(await batch(transport, ['+ multicast 1: 5'])).toEqual(['NOT_FOUND']);
    const outlet = '+ outlets port=5 instance=0 -> use(out_port=5)';
    expect(await batch(transport, ['+ routes dst=1 priority=1 -> flood(group=1)', '+ multicast 1: 5', outlet])).toEqual(['ok', 'ok', 'ok']);
    expect(await batch(transport, ['- multicast 1: 5'])).toEqual(['FAILED_PRECONDITION']);
    expect(await batch(transport, [outlet.replace('+', '-')])).toEqual(['FAILED_PRECONDITION']);
    expect(await batch(transport, ['~ multicast 1: 5, 6'])).toEqual(['NOT_FOUND']);
    expect(await batch(transport, ['~ multicast 1: 6', outlet.replaceAll('5', '6'), outlet.replace('+', '-')])).toEqual(['ok', 'ok', 'ok']);
  });

  test('members of profiles and one-shot sets refer as their actions do', async () => {
    const transport = await start();
    const set = 'spread id=1 -> hop(id=1)';
    expect(await batch(transport, [`+ ${set}`])).toEqual(['NOT_FOUND']);
    await batch(
      transport,
      [rif, neighbor, nextHop, set].map((line) => `+ ${line}`),
    );
    expect(await batch(transport, [`- ${nextHop}`])).toEqual(['FAILED_PRECONDITION']);
    expect(await batch(transport, [`- ${nextHop}`, `- ${set}`])).toEqual(['ok', 'ok']);
    const action_profile_id = p4info.action_profiles[0]?.preamble.id ?? 0;
    const action_id = p4info.actions.find((a) => a.preamble.alias === 'hop')?.preamble.id ?? 0;
    const member = {
      action_profile_member: { action_profile_id, member_id: 1, action: { action_id, params: [{ param_id: 1, value: Uint8Array.of(1) }] } },
    };
    const { errors } = await refused(write(transport, { type: 'INSERT', entity: member }));
    expect(errors[0]?.message).toBe('action profile I.sel, member 1 refers to an entry of table I.hops with id=1, and there is none');
    await write(transport, { type: 'INSERT', entity: member }, await update(`+ ${nextHop}`));
    expect(await batch(transport, [`- ${nextHop}`])).toEqual(['FAILED_PRECONDITION']);
  });

  test('what a batch refuses, its other updates do not find; what is referred to stays first', async () => {
    const transport = await start();
    // The neighbour is refused, and so all that builds on it.
    const all = [`+ ${neighbor}`, `+ ${nextHop}`, `+ ${route}`, '+ routes dst=2 priority=1 -> use(out_port=1)'];
    expect(await batch(transport, all)).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'ok']);
    await batch(
      transport,
      [rif, neighbor, nextHop, route].map((line) => `+ ${line}`),
    );
    // The hop that the new route refers to stays.
    expect(await batch(transport, [`- ${route}`, `- ${nextHop}`, '+ routes dst=3 priority=1 -> hop(id=1)'])).toEqual([
      'ok',
      'FAILED_PRECONDITION',
      'ok',
    ]);
  });

  test('all or nothing', async () => {
    const transport = await start();
    const before = plain(await read(transport, { table_entry: {} }));
    expect(await batch(transport, [`+ ${rif}`, `+ ${nextHop}`], 'ROLLBACK_ON_ERROR')).toEqual(['ABORTED', 'NOT_FOUND']);
    expect(plain(await read(transport, { table_entry: {} }))).toEqual(before);
    expect(await batch(transport, [`+ ${neighbor}`])).toEqual(['NOT_FOUND']);
  });

  test('entries stay with their references when the pipeline is loaded again', async () => {
    const transport = await start();
    await batch(
      transport,
      [rif, neighbor, nextHop, route].map((line) => `+ ${line}`),
    );
    await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'RECONCILE_AND_COMMIT', config });
    expect(await batch(transport, [`- ${rif}`])).toEqual(['FAILED_PRECONDITION']);
    expect(
      await batch(
        transport,
        [rif, neighbor, nextHop, route].map((line) => `- ${line}`),
      ),
    ).toEqual(['ok', 'ok', 'ok', 'ok']);
  });
});

// ── against a check of everything after each batch ──

const names = ['eth0', 'eth1'];
const lines = [
  ...names.map((name) => `rifs id=${name} -> use(out_port=1)`),
  ...names.flatMap((name) => [7, 8].map((addr) => `neighbors rif=${name} addr=${addr} -> use(out_port=1)`)),
  ...names.flatMap((name) => [1, 2].map((id) => `hops id=${id} -> via(rif_id=${name}, addr=7)`)),
  ...[1, 2].map((id) => `routes dst=${id} from=eth1 priority=1 -> hop(id=${id})`),
  'routes dst=9 priority=1 -> flood(group=1)',
  'multicast 1: 5',
  'outlets port=5 instance=0 -> use(out_port=5)',
];
/** For each line, what it is and what it refers to. */
function needs(line: string): string[] {
  const [, rifName, addr] = /neighbors rif=(\w+) addr=(\d)/.exec(line) ?? [];
  if (rifName && addr) return [`rif ${rifName}`];
  const [, via] = /via\(rif_id=(\w+)/.exec(line) ?? [];
  if (via) return [`rif ${via}`, `neighbor ${via} 7`];
  const [, hop] = /hop\(id=(\d)/.exec(line) ?? [];
  if (hop) return ['rif eth1', `hop ${hop}`];
  if (line.includes('flood')) return ['group 1'];
  return line.startsWith('multicast') ? ['outlet 5'] : [];
}
function is(line: string): string {
  if (line.startsWith('rifs')) return `rif ${/id=(\w+)/.exec(line)?.[1]}`;
  const [, rifName, addr] = /neighbors rif=(\w+) addr=(\d)/.exec(line) ?? [];
  if (rifName) return `neighbor ${rifName} ${addr}`;
  if (line.startsWith('hops')) return `hop ${/id=(\d)/.exec(line)?.[1]}`;
  if (line.startsWith('multicast')) return 'group 1';
  return line.startsWith('outlets') ? 'outlet 5' : line.slice(0, 12);
}

test('after any batches, every reference is to something, and no update is refused that could stand', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.tuple(fc.constantFrom('+', '~', '-'), fc.constantFrom(...lines)), { minLength: 1, maxLength: 8 }), {
        minLength: 1,
        maxLength: 6,
      }),
      async (batches) => {
        const transport = (await primaryStream(await localBench(), config)).transport;
        const held = new Map<string, string>();
        for (const one of batches) {
          const result = await batch(
            transport,
            one.map((u) => u.join(' ')),
          );
          one.forEach(([kind, line], i) => {
            if (result[i] !== 'ok') return;
            if (kind === '-') held.delete(is(line));
            else held.set(is(line), line);
          });
          for (const line of held.values())
            for (const need of needs(line)) expect([line, need, held.has(need)]).toEqual([line, need, true]);
          one.forEach(([kind, line], i) => {
            const others = [...held.values()].filter((other) => is(other) !== is(line));
            if (result[i] === 'FAILED_PRECONDITION') {
              expect(kind).toBe('-');
              expect(others.some((other) => needs(other).includes(is(line)))).toBe(true);
            } else if (result[i] === 'NOT_FOUND' && kind === '+') {
              expect(needs(line).every((need) => held.has(need))).toBe(false);
            }
          });
        }
        const count = (await read(transport, { table_entry: {} })).length + (held.has('group 1') ? 1 : 0);
        expect(count).toBe(held.size);
      },
    ),
    { numRuns: 80, seed: 7 },
  );
});
