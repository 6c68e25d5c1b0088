// Registers and digests of headers, unions, stacks, tuples, enums and errors: what controllers write packets read, and back.
import { beforeEach, expect, test } from 'vitest';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { P4Data, P4Header } from '../../runtime/p4runtime/messages.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { psaProgram } from '../support/psa-lab.js';
import {
  type Bench,
  bytes,
  onBothTransports,
  plain,
  primaryStream,
  read,
  refused,
  type TestStream,
  uint128,
  write,
} from '../support/switches.js';

// Cell 0 is for controllers, cell 1 for packets.
const program = await psaProgram({
  top: `
    enum kind_t { first, second }
    header g_t { bit<4> x; bit<12> y; }
    header_union u_t { h_t h; g_t g; }
    struct told_t { kind_t kind; error why; h_t whole; u_t one; }
  `,
  ingressParser: 'p.extract(hdr.h);',
  ingressLocals: `
    Register<h_t, bit<8>>(2) headers;
    Register<u_t, bit<8>>(2) unions;
    Register<h_t[2], bit<8>>(2) stacks;
    Register<kind_t, bit<8>>(2, kind_t.second) kinds;
    h_t h; u_t u; h_t[2] s;`,
  ingress: `
    h = headers.read(0);
    u = unions.read(0);
    s = stacks.read(0);
    headers.write(1, hdr.h);
    stacks.write(1, s);
    if (kinds.read(0) == kind_t.first) { hdr.h.a = 0xff; }
    if (h.isValid()) { hdr.h.a = h.b; }
    if (u.g.isValid()) { hdr.h.b = (bit<8>) u.g.x; u.h.setValid(); u.h.a = 7; }
    if (s[1].isValid()) { hdr.h.b = s[1].a; }
    unions.write(1, u);
    send_to_port(ostd, (PortId_t) 2);`,
  ingressDeparserLocals: `
    Digest<h_t>() header_digest;
    Digest<tuple<bit<8>, bit<8>>>() tuple_digest;
    Digest<bit<8>>() bit_digest;
    Digest<told_t>() struct_digest;
    told_t told;`,
  ingressDeparser: `
    told.kind = kind_t.second;
    told.why = error.Strange;
    told.whole = hdr.h;
    header_digest.pack(hdr.h);
    tuple_digest.pack({ hdr.h.a, hdr.h.b });
    bit_digest.pack(hdr.h.b);
    struct_digest.pack(told);`,
});
const p4info = buildP4Info(program);
const config = { p4info, p4_device_config: Buffer.from(toJson(program)) };
const register = (alias: string): number => p4info.registers.find((r) => r.preamble.alias === alias)?.preamble.id ?? 0;
const digest = (alias: string): number => p4info.digests.find((d) => d.preamble.alias === alias)?.preamble.id ?? 0;

const h = (a: string, b: string): P4Header => ({ is_valid: true, bitstrings: [bytes(a), bytes(b)] });
const g: P4Data = { header_union: { valid_header_name: 'g', valid_header: { is_valid: true, bitstrings: [bytes('0a'), bytes('0123')] } } };

onBothTransports((open) => {
  let bench: Bench;
  let transport: Transport;
  let stream: TestStream;
  beforeEach(async () => {
    bench = await open();
    ({ transport, stream } = await primaryStream(bench, config));
  });
  const set = (alias: string, data: P4Data): Promise<void> =>
    write(transport, { type: 'MODIFY', entity: { register_entry: { register_id: register(alias), index: { index: 0n }, data } } });
  const cells = async (alias: string): Promise<unknown[]> =>
    (await read(transport, { register_entry: { register_id: register(alias) } })).map((e) => plain(e.register_entry?.data));
  const sent = async (): Promise<string> =>
    Buffer.from((await bench.core.processPacket(1, bytes('1122'))).outputs[0]?.bytes ?? []).toString('hex');

  test('cells begin as headers that are not valid, or as the program says', async () => {
    expect(await cells('headers')).toEqual([{ header: {} }, { header: {} }]);
    expect(await cells('unions')).toEqual([{ header_union: {} }, { header_union: {} }]);
    expect(await cells('stacks')).toEqual([{ header_stack: { entries: [{}, {}] } }, { header_stack: { entries: [{}, {}] } }]);
    expect(await cells('kinds')).toEqual([{ enum: 'second' }, { enum: 'second' }]);
    expect(await sent()).toBe('1122');
  });

  const written: [string, P4Data, string][] = [
    ['headers', { header: h('33', '44') }, '4422'],
    ['unions', g, '110a'],
    ['stacks', { header_stack: { entries: [{}, h('55', '66')] } }, '1155'],
    ['kinds', { enum: 'first' }, 'ff22'],
  ];
  test.each(written)('%s that a controller writes are read back, and seen by packets', async (alias, data, packet) => {
    await set(alias, data);
    expect((await cells(alias))[0]).toEqual(plain(data));
    expect(await sent()).toBe(packet);
  });

  test('what packets write controllers read', async () => {
    await set('unions', g);
    await set('stacks', { header_stack: { entries: [h('77', '00'), {}] } });
    await sent();
    expect((await cells('headers'))[1]).toEqual({ header: plain(h('11', '22')) });
    expect((await cells('unions'))[1]).toEqual({ header_union: { valid_header_name: 'h', valid_header: plain(h('07', '00')) } });
    expect((await cells('stacks'))[1]).toEqual({ header_stack: { entries: [plain(h('77', '00')), {}] } });
  });

  test('what does not have the type of the register: INVALID_ARGUMENT, and nothing is written', async () => {
    const wrong: [string, P4Data][] = [
      ['headers', g],
      ['unions', { header: h('01', '02') }],
      ['stacks', { header_stack: { entries: [h('01', '02')] } }],
      ['kinds', { enum: 'third' }],
    ];
    for (const [alias, data] of wrong) {
      const before = await cells(alias);
      expect((await refused(set(alias, data))).errors[0]?.canonical_code).toBe(3);
      expect(await cells(alias)).toEqual(before);
    }
  });

  test('cells stay when a pipeline is reconciled, also those that it begins with otherwise', async () => {
    await set('unions', g);
    await set('kinds', { enum: 'first' });
    await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'RECONCILE_AND_COMMIT', config });
    expect((await cells('unions'))[0]).toEqual(plain(g));
    expect(await cells('kinds')).toEqual([{ enum: 'first' }, { enum: 'second' }]);
  });

  const told: [string, P4Data][] = [
    ['header_digest', { header: h('11', '22') }],
    ['tuple_digest', { tuple: { members: [{ bitstring: bytes('11') }, { bitstring: bytes('22') }] } }],
    ['bit_digest', { bitstring: bytes('22') }],
    ['struct_digest', { struct: { members: [{ enum: 'second' }, { error: 'Strange' }, { header: h('11', '22') }, { header_union: {} }] } }],
  ];
  test.each(told)('%s: a list has the value as P4Data of its type', async (alias, data) => {
    await write(transport, { type: 'INSERT', entity: { digest_entry: { digest_id: digest(alias) } } });
    await sent();
    expect((await stream.next()).digest).toMatchObject({ digest_id: digest(alias), list_id: 1n, data: [expect.anything()] });
    await sent();
    expect(plain((await stream.next()).digest?.data)).toEqual([plain(data)]);
  });
});
