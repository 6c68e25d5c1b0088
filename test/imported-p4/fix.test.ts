/** Programs of long ago in today's form: what changes in their texts, and what stays. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixP4 } from '../../compiler/imported-p4/fix.js';
import { checkP4 } from '../../compiler/imported-p4/node.js';
import { folderWith } from '../support/folders.js';

interface Parts {
  readonly top?: string;
  readonly metadata?: string;
  readonly ingress?: string;
  readonly egress?: string;
  readonly compute?: string;
}

const program = ({ top = '', metadata = '', ingress = 'apply { }', egress = 'apply { }', compute = 'apply { }' }: Parts): string =>
  `#include <core.p4>
#include <v1model.p4>
header h_t { bit<8> a; bit<8> b; bit<16> sum; }
struct H { h_t h; }
${top}
struct M { ${metadata} }
parser P(packet_in p, out H hdr, inout M m, inout standard_metadata_t s) { state start { p.extract(hdr.h); transition accept; } }
control V(inout H hdr, inout M m) { apply { } }
control I(inout H hdr, inout M m, inout standard_metadata_t s) {
${ingress}
}
control E(inout H hdr, inout M m, inout standard_metadata_t s) {
${egress}
}
control C(inout H hdr, inout M m) {
${compute}
}
control D(packet_out p, in H hdr) { apply { p.emit(hdr); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
`;

/** What the fix makes of a program, which is then right, without warnings of what is old, and stays as it is. */
async function fixed(text: string, options: Parameters<typeof fixP4>[2] = {}): Promise<string> {
  const file = join(folderWith({ 'p.p4': text }), 'p.p4');
  const { files, left } = await fixP4(file, [], options);
  expect(left).toEqual([]);
  const after = files[0]?.after ?? text;
  writeFileSync(file, after);
  const found = await checkP4(file, options);
  expect(found.filter((d) => d.severity === 'error' || d.code === 'p4-old-form').map((d) => d.message)).toEqual([]);
  expect((await fixP4(file, [], options)).files).toEqual([]);
  return after;
}

const changed: readonly [string, Parts, Parts][] = [
  [
    'mark_to_drop, with its comments',
    { ingress: '  action drop() {\n    mark_to_drop( /* all */ ); // gone\n  }\n  apply { mark_to_drop(); }' },
    { ingress: '  action drop() {\n    mark_to_drop(s /* all */ ); // gone\n  }\n  apply { mark_to_drop(s); }' },
  ],
  [
    'an action of the top, wherever tables name it',
    {
      top: 'action drop() { mark_to_drop(); }\naction mark(bit<8> a) { mark_to_drop(); }',
      ingress: `  table t {
    key = { hdr.h.a: exact; }
    actions = { drop; @defaultonly mark; }
    default_action = mark(1);
    const entries = { 1: drop(); 2: drop; }
  }
  apply { t.apply(); drop(); }`,
    },
    {
      top: `action drop(inout standard_metadata_t standard_metadata) { mark_to_drop(standard_metadata); }
action mark(inout standard_metadata_t standard_metadata, bit<8> a) { mark_to_drop(standard_metadata); }`,
      ingress: `  table t {
    key = { hdr.h.a: exact; }
    actions = { drop(s); @defaultonly mark(s); }
    default_action = mark(s, 1);
    const entries = { 1: drop(s); 2: drop(s); }
  }
  apply { t.apply(); drop(s); }`,
    },
  ],
  [
    'controls and functions, with constructor parameters and new lines between parameters',
    {
      top: 'void leave() { mark_to_drop(); }\ncontrol Inner(inout H hdr,\n              inout M m)(bit<8> k) { apply { leave(); } }'.replace(
        'inout M m',
        'in bit<8> m',
      ),
      ingress: '  Inner(3) inner;\n  apply { inner.apply(hdr,\n    1); }',
    },
    {
      top: `void leave(inout standard_metadata_t standard_metadata) { mark_to_drop(standard_metadata); }
control Inner(inout H hdr,
              in bit<8> m, inout standard_metadata_t standard_metadata)(bit<8> k) { apply { leave(standard_metadata); } }`,
      ingress: '  Inner(3) inner;\n  apply { inner.apply(hdr,\n    1, s); }',
    },
  ],
  [
    'lists: new ones beside those that there are, one for the same fields, in the layout of the call',
    {
      metadata: '\n  bit<8> x; // kept\n  @field_list(1, 2)\n  @name("why") bit<8> y;\n',
      ingress: `  apply {
    clone3(CloneType.I2E,
           7,  // the session
           { m.y, m.x });
    clone3<tuple<bit<8>>>(CloneType.I2E, 32w8, { m.y });
    clone3(data = { m.y }, session = 9, type = CloneType.I2E);
    clone3(CloneType.I2E, 10, {});
    resubmit(m);
  }`,
      egress: '  apply { recirculate({ m.x, 8w1 }); }',
    },
    {
      metadata: '\n  @field_list(3, 5) bit<8> x; // kept\n  @field_list(1, 2, 3, 4)\n  @name("why") bit<8> y;\n',
      ingress: `  apply {
    clone_preserving_field_list(CloneType.I2E,
           7,  // the session
           3);
    clone_preserving_field_list(CloneType.I2E, 32w8, 4);
    clone_preserving_field_list(CloneType.I2E, 9, 4);
    clone(CloneType.I2E, 10);
    resubmit_preserving_field_list(3);
  }`,
      egress: '  apply { recirculate_preserving_field_list(5); }',
    },
  ],
  [
    'Checksum16, whose objects go',
    {
      ingress:
        '  Checksum16() one; // of the first\n  Checksum16() two;\n  apply { hdr.h.sum = one.get({ hdr.h.a,\n    hdr.h.b }); if (hdr.h.a == 1) hdr.h.sum = two.get({ hdr.h.b }); }',
      compute: '  Checksum16() c; apply { hdr.h.sum = c.get({ hdr.h.a, hdr.h.b }); }',
    },
    {
      ingress:
        '   // of the first\n  apply { hash(hdr.h.sum, HashAlgorithm.csum16, 16w0, { hdr.h.a,\n    hdr.h.b }, 32w65536); if (hdr.h.a == 1) hash(hdr.h.sum, HashAlgorithm.csum16, 16w0, { hdr.h.b }, 32w65536); }',
      compute: '   apply { update_checksum(true, { hdr.h.a, hdr.h.b }, hdr.h.sum, HashAlgorithm.csum16); }',
    },
  ],
  [
    'arguments of macros, and calls in parts that a condition takes',
    {
      top: '#define TWICE(x) x; x\n#define FIELDS { m.x }\n#if 1\nvoid f(inout standard_metadata_t s) { mark_to_drop(); }\n#else\nvoid f() { mark_to_drop(); }\n#endif',
      metadata: 'bit<8> x;',
      ingress: '  apply { TWICE(mark_to_drop()); resubmit(FIELDS); mark_to_\\\ndrop(s); }',
    },
    {
      top: '#define TWICE(x) x; x\n#define FIELDS { m.x }\n#if 1\nvoid f(inout standard_metadata_t s) { mark_to_drop(s); }\n#else\nvoid f() { mark_to_drop(); }\n#endif',
      metadata: '@field_list(1) bit<8> x;',
      ingress: '  apply { TWICE(mark_to_drop(s)); resubmit_preserving_field_list(1); mark_to_\\\ndrop(s); }',
    },
  ],
];

describe('fixP4', () => {
  test.each(changed)('%s', async (_, before, after) => {
    expect(await fixed(program(before))).toBe(program(after));
    expect((await fixed(program(before).replace(/\n/g, '\r\n'))).replace(/\r\n/g, '\n')).toBe(program(after));
  });

  test('a program that is right stays as it is', async () => {
    const text = program({ ingress: '  apply { mark_to_drop(s); clone(CloneType.I2E, 3); }' });
    expect(await fixed(text)).toBe(text);
  });

  test('what comes from macros, or has no place, is told and left', async () => {
    const text = program({
      top: '#define DROP mark_to_drop()\n#define PAIR(a, b) bit<8> a; bit<8> b;',
      metadata: 'PAIR(x, y)\n bit<8> z;',
      ingress:
        '  Checksum16() c;\n  apply {\n    DROP;\n    resubmit({ m.z });\n    hdr.h.sum = c.get({ hdr.h.a }) + 1;\n    bit<16> sum = c.get({ hdr.h.a });\n  }',
      compute: '  apply { mark_to_drop(); }',
    });
    const { files, left } = await fixP4(join(folderWith({ 'p.p4': text }), 'p.p4'));
    expect(left.map((d) => `${d.loc.line} ${d.message}`)).toEqual([
      '14 This is left as it is: mark_to_drop comes from the macro DROP.',
      '16 This is left as it is: its result is part of an expression.',
      '17 This is left as it is: its result is part of an expression.',
      '24 This is left as it is: the block has no parameter of type standard_metadata_t.',
    ]);
    expect(files[0]?.after).toBe(
      text.replace('resubmit({ m.z })', 'resubmit_preserving_field_list(1)').replace(' bit<8> z', ' @field_list(1) bit<8> z'),
    );
  });

  test('other files are changed where they are named', async () => {
    const main = program({ top: '#include "own.p4"', ingress: '  apply { drop(s); mark_to_drop(); }' });
    const folder = folderWith({ 'p.p4': main, 'own.p4': 'action drop(inout standard_metadata_t std) { mark_to_drop(); }\n' });
    const [file, own] = [join(folder, 'p.p4'), join(folder, 'own.p4')];
    const alone = await fixP4(file);
    expect(alone.files.map((f) => f.path)).toEqual([file]);
    expect(alone.left.map((d) => d.message)).toEqual([`This is left as it is: ${own} is not among the files that may be changed.`]);
    const both = await fixP4(file, [own]);
    expect(both.left).toEqual([]);
    expect(both.files.find((f) => f.path === own)?.after).toBe('action drop(inout standard_metadata_t std) { mark_to_drop(std); }\n');
  });

  test('a diff that patch takes, and changes by their lines', async () => {
    const file = join(folderWith({ 'p.p4': program({ ingress: '  action drop() { mark_to_drop(); }\n  apply { }' }) }), 'p.p4');
    const { files } = await fixP4(file);
    expect(files[0]?.changes).toEqual([{ line: 10, what: 'mark_to_drop → mark_to_drop(s)' }]);
    expect(files[0]?.diff).toBe(
      `--- ${file}
+++ ${file}
@@ -7,7 +7,7 @@
 parser P(packet_in p, out H hdr, inout M m, inout standard_metadata_t s) { state start { p.extract(hdr.h); transition accept; } }
 control V(inout H hdr, inout M m) { apply { } }
 control I(inout H hdr, inout M m, inout standard_metadata_t s) {
-  action drop() { mark_to_drop(); }
+  action drop() { mark_to_drop(s); }
   apply { }
 }
 control E(inout H hdr, inout M m, inout standard_metadata_t s) {
`,
    );
  });

  test('whatever space and comments are around the words', async () => {
    const space = fc.constantFrom('', ' ', '\n', '/* mark_to_drop() */', '// resubmit(m)\n', '\t', '\\\n');
    const words = ['clone3', '(', 'CloneType', '.', 'I2E', ',', '7', ',', '{', 'm', '.', 'x', '}', ')', ';', 'mark_to_drop', '(', ')', ';'];
    await fc.assert(
      fc.asyncProperty(fc.array(space, { minLength: words.length, maxLength: words.length }), async (spaces) => {
        const text = program({ metadata: 'bit<8> x;', ingress: `  apply { ${words.map((w, i) => w + spaces[i]).join('')} }` });
        const after = await fixed(text);
        expect(after).toContain('@field_list(1) bit<8> x;');
        expect(after).toMatch(/clone_preserving_field_list[\s\S]*mark_to_drop/);
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});
