/** What v1model.p4 keeps for programs written long ago: it runs, and is printed as it is written today. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { loadP4 } from '../../compiler/imported-p4/node.js';
import { Diagnostics } from '../../compiler/support/diagnostics.js';
import { parseStf } from '../../runtime/stf/parse.js';
import { runStf } from '../../runtime/stf/run.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { folderWith } from '../support/folders.js';

interface Parts {
  readonly top?: string;
  readonly metadata?: string;
  readonly parser?: string;
  readonly verify?: string;
  readonly ingress?: string;
  readonly egress?: string;
  readonly compute?: string;
}

const program = ({
  top = '',
  metadata = '',
  parser = '',
  verify = 'apply { }',
  ingress = 'apply { }',
  egress = 'apply { }',
  compute = 'apply { }',
}: Parts) =>
  `#include <core.p4>
#include <v1model.p4>
header h_t { bit<8> a; bit<8> b; bit<16> sum; }
struct H { h_t h; }
struct inner_t { bit<4> x; bit<4> y; }
${top}
struct M { ${metadata} }
parser P(packet_in p, out H hdr, inout M m, inout standard_metadata_t s) { state start { p.extract(hdr.h); ${parser} transition accept; } }
control V(inout H hdr, inout M m) { ${verify} }
control I(inout H hdr, inout M m, inout standard_metadata_t s) { ${ingress} }
control E(inout H hdr, inout M m, inout standard_metadata_t s) { ${egress} }
control C(inout H hdr, inout M m) { ${compute} }
control D(packet_out p, in H hdr) { apply { p.emit(hdr); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
`;

async function load(parts: Parts, files: Readonly<Record<string, string>> = {}) {
  const folder = folderWith({ 'p.p4': program(parts), ...files });
  const handle = await loadP4(join(folder, 'p.p4'), { includePaths: [folder] });
  const descriptor = programOf(handle);
  if (!descriptor) throw new Error('no program');
  const { compiled, diagnostics } = compile(descriptor.ir, bmv2);
  const printed = String(compiled?.files.find((f) => f.suffix === '.p4')?.contents ?? '').replace(/\s+/g, ' ');
  const warnings = descriptor.diagnostics.map((d) => `${d.code}: ${d.message}${d.help === undefined ? '' : ` (${d.help})`}`);
  return { handle, printed, warnings, errors: diagnostics.filter((d) => d.severity === 'error').map((d) => d.code) };
}

async function passes(parts: Parts, stf: string): Promise<void> {
  const { handle } = await load(parts);
  const diagnostics = new Diagnostics();
  const report = await runStf(handle, parseStf(stf, 'test.stf', diagnostics));
  expect([diagnostics.list, report.failures]).toEqual([[], []]);
}

const marked = 'p4-old-form: mark_to_drop is an old form: today it is mark_to_drop(s). (`p4ts fix` writes mark_to_drop(s))';

describe('mark_to_drop without an argument', () => {
  const table = `table t { key = { hdr.h.a: exact; } actions = { drop; fwd; } default_action = drop();
    const entries = { 1: fwd(3); 2: fwd(4); } } apply { s.egress_spec = 9; t.apply(); }`;
  const fwd = 'action fwd(bit<9> port) { s.egress_spec = port; }';
  const drops = 'packet 1 01000000\nexpect 3 01000000 $\npacket 1 03000000\npacket 1 02000000\nexpect 4 02000000 $';

  test('gets the standard metadata of the block', async () => {
    const parts = { ingress: `action drop() { mark_to_drop(); } ${fwd} ${table}` };
    const { printed, warnings, errors } = await load(parts);
    expect(warnings).toEqual([marked]);
    expect(printed).toContain('action drop() { mark_to_drop(s); }');
    expect(errors).toEqual([]);
    await passes(parts, drops);
  });

  test('an action of the top gets it from the tables that run it', async () => {
    const parts = { top: 'action drop() { mark_to_drop(); }', ingress: `${fwd} ${table}` };
    const { printed } = await load(parts);
    expect(printed).toContain('action drop(inout standard_metadata_t standard_metadata) { mark_to_drop(standard_metadata); }');
    expect(printed).toContain('actions = { drop(s); fwd; } default_action = drop(s);');
    await passes(parts, drops);
  });

  test('controls, functions and actions pass it on, and the innermost parameter wins', async () => {
    const parts = {
      top: `void leave() { mark_to_drop(); }
        action both(inout bit<8> b) { leave(); b = 7; }
        control Inner(inout H hdr) { action drop() { both(hdr.h.b); } apply { if (hdr.h.a == 3) { drop(); } } }
        control Outer(inout H hdr)(bit<8> limit) { Inner() inner; apply { if (hdr.h.a > limit) { inner.apply(hdr); } } }
        control Own(inout H hdr, inout standard_metadata_t mine) { apply { if (hdr.h.a == 9) { mark_to_drop(); } } }`,
      ingress: 'Outer(2) outer; Own() own; apply { s.egress_spec = 3; outer.apply(hdr); own.apply(hdr, s); Outer(200).apply(hdr); }',
    };
    const { printed } = await load({ ...parts, ingress: parts.ingress.replace(' Outer(200).apply(hdr);', '') });
    expect(printed).toContain('void leave(inout standard_metadata_t standard_metadata)');
    expect(printed).toContain('action both(inout standard_metadata_t standard_metadata, inout bit<8> b)');
    expect(printed).toContain('control Inner(inout H hdr, inout standard_metadata_t standard_metadata)');
    expect(printed).toContain('inner.apply(hdr, standard_metadata);');
    expect(printed).toContain('outer.apply(hdr, s);');
    expect(printed).toContain('mark_to_drop(mine);');
    await passes(
      { ...parts, ingress: parts.ingress.replace(' Outer(200).apply(hdr);', '') },
      'packet 1 01000000\nexpect 3 01000000 $\npacket 1 03000000\npacket 1 09000000\npacket 1 04000000\nexpect 3 04000000 $',
    );
  });

  test('where a block has none, it has no effect, and p4c translates no such call', async () => {
    const parts = { verify: 'apply { mark_to_drop(); }', ingress: 'apply { s.egress_spec = 3; }' };
    const { warnings, errors } = await load(parts);
    expect(warnings).toEqual([
      'p4-old-form: mark_to_drop is an old form: today it is mark_to_drop(standard_metadata). ' +
        '(give the code around it a parameter inout standard_metadata_t standard_metadata, and write mark_to_drop(standard_metadata))',
    ]);
    expect(errors).toEqual(['bmv2-not-in-block']);
    await passes(parts, 'packet 1 01000000\nexpect 3 01000000 $');
  });
});

describe('lists of what is kept', () => {
  const metadata = '@field_list(1) bit<8> kept; inner_t i; bit<16> more;';
  const egress = 'apply { if (s.instance_type == 1) { hdr.h.b = m.kept; hdr.h.a[3:0] = m.i.x; } }';

  test('clone3 becomes a list of its own, on the fields that it names', async () => {
    const parts = {
      metadata,
      ingress: 'apply { s.egress_spec = 3; m.kept = 5; m.i.x = 2; clone3(CloneType.I2E, 7, { m.kept, m.i.x, s.ingress_port, 8w1 }); }',
      egress,
    };
    const { printed, warnings } = await load(parts);
    expect(warnings).toEqual([
      'p4-old-form: clone3 is an old form: today it is clone_preserving_field_list(type, session, 2). ' +
        '(`p4ts fix` writes clone_preserving_field_list(type, session, 2) with @field_list(2) on kept, x)',
    ]);
    expect(printed).toContain('clone_preserving_field_list(CloneType.I2E, 7, 2);');
    expect(printed).toContain('@field_list(1, 2) bit<8> kept; inner_t i; bit<16> more;');
    expect(printed).toContain('struct inner_t { @field_list(2) bit<4> x; bit<4> y; }');
    await passes(parts, 'mirroring_add 7 9\npacket 1 30000000\nexpect 3 30000000 $\nexpect 9 32050000 $');
  });

  test('all of the metadata is every field of it; the same fields have one list', async () => {
    const parts = {
      metadata,
      ingress: `apply { s.egress_spec = 3; if (s.instance_type == 6) { hdr.h.b = m.kept; hdr.h.sum = m.more; }
        else { m.kept = 5; m.more = 0x1234; resubmit(m); } }`,
      egress: 'apply { if (hdr.h.a == 1) { recirculate({ m.more, m.i, m.kept }); } }',
    };
    const { printed } = await load(parts);
    expect(printed).toContain('@field_list(1, 2) bit<8> kept; @field_list(2) inner_t i; @field_list(2) bit<16> more;');
    expect(printed).toContain('resubmit_preserving_field_list(2);');
    expect(printed).toContain('recirculate_preserving_field_list(2);');
    await passes(parts, 'packet 1 30000000\nexpect 3 30051234 $');
  });

  test('a clone that keeps nothing is a plain one; what cannot be kept is told', async () => {
    const { printed, warnings } = await load({
      metadata,
      ingress:
        'M mine; apply { clone3(CloneType.I2E, 7, {}); clone3<tuple<bit<8>, bit<9>>>(CloneType.I2E, 7, { hdr.h.a, s.egress_spec }); clone3(CloneType.I2E, 7, mine); }',
    });
    expect(printed.match(/clone\(CloneType\.I2E, 7\);/g)).toHaveLength(3);
    expect(warnings.filter((w) => w.startsWith('not-kept')).map((w) => w.slice(0, 40))).toEqual([
      'not-kept: `hdr.h.a` is not kept: only fi',
      'not-kept: `s.egress_spec` is not kept: o',
      'not-kept: `mine` is not kept: only field',
    ]);
  });

  test('numbers that constants and enums give to lists are left to them', async () => {
    const { printed } = await load({
      top: 'enum bit<8> Lists { first = 2 } const bit<8> one = 1;',
      metadata: '@field_list(one) bit<8> a; @field_list(Lists.first) bit<8> b;',
      ingress: 'apply { resubmit(m.a); }',
    });
    expect(printed).toContain('@field_list(1, 3) bit<8> a; @field_list(2) bit<8> b;');
  });
});

describe('Checksum16', () => {
  test('is update_checksum where checksums are computed, and hash elsewhere', async () => {
    const parts = {
      ingress: 'Checksum16() c; apply { s.egress_spec = 3; if (c.get({ hdr.h.a, hdr.h.b }) == 0xfefd) { hdr.h.b = 3; } }',
      compute: 'Checksum16() c; apply { hdr.h.sum = c.get({ hdr.h.a, hdr.h.b }); }',
    };
    const { printed, errors } = await load(parts);
    expect(printed).toContain('update_checksum( true, { hdr.h.a, hdr.h.b }, hdr.h.sum, HashAlgorithm.csum16 );');
    expect(printed).toMatch(/hash\( ?tmp, HashAlgorithm\.csum16, 16w0, \{ hdr\.h\.a, hdr\.h\.b \}, 32w65536 ?\);/);
    expect(printed).not.toContain('Checksum16');
    expect(errors).toEqual([]);
    await passes(parts, 'packet 1 01020000\nexpect 3 0103FEFC $\npacket 1 01040000\nexpect 3 0104FEFB $');
  });
});
