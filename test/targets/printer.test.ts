import { expect, test } from 'vitest';
import { callFunction, named } from '../../compiler/ir/build.js';
import { InternalError } from '../../compiler/support/invariant.js';
import { nowhere } from '../../compiler/support/location.js';
import { printForP4c } from '../../targets/bmv2/node.js';
import { v1modelText } from '../support/v1model-text.js';

test('a function given at a call must not reach the printer', async () => {
  const given = { kind: 'function', name: 'update', returns: { kind: 'void' }, params: [], body: [], loc: nowhere } as const;
  const call = { ...callFunction('f', []), given, typeArgs: [named('h_t')] } as never;
  const program = await v1modelText({});
  const controls = program.controls.map((control) => (control.name === 'I' ? { ...control, body: [call] } : control));
  expect(() => printForP4c({ ...program, controls })).toThrow(InternalError);
});

test('`accept` and `reject` stay themselves where something else in the parser has such a name', async () => {
  const parser = `bit<8> accept = 3; bit<8> reject = 4;
    state start { p.extract(hdr.h); hdr.h.b = accept; transition select(hdr.h.a) { 1: accept; default: reject; } }`;
  const text = printForP4c(await v1modelText({ parser }));
  expect(text).toContain('hdr.h.b = accept_;');
  expect(text).toMatch(/1: accept;\s+default: reject;/);
});
