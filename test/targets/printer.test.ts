import { expect, test } from 'vitest';
import { callFunction, named } from '../../compiler/ir/build.js';
import { InternalError } from '../../compiler/support/invariant.js';
import { printForP4c } from '../../targets/bmv2/node.js';
import { tiny } from '../support/programs/tiny.js';

test('a function given at a call must not reach the printer', () => {
  const given = {
    kind: 'function',
    name: 'update',
    returns: { kind: 'void' },
    params: [],
    body: [],
    loc: tiny({}).controls[0]?.loc,
  } as never;
  const call = { ...callFunction('f', []), given, typeArgs: [named('h_t')] };
  expect(() => printForP4c(tiny({ body: [call] }))).toThrow(InternalError);
});
